"""The versions of trialkit, its rules, its code and its dependencies."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

__version__ = "0.2.0"

#: What reads, computes, draws and runs: a report states their versions.
_PACKAGES = (
    *("pandas", "numpy", "pyarrow", "lxml", "msgspec", "pyahocorasick"),
    *("matplotlib", "papermill", "ipykernel", "pypandoc-binary", "typst"),
)


def versions() -> dict[str, str]:
    """Return the versions of trialkit, Python and the packages behind a report.

    Returns
    -------
    dict
        Version by name of the package; those that are not installed are left out.
    """
    import platform

    python = platform.python_version()
    return {"trialkit": __version__, "Python": python, **installed(_PACKAGES)}


def installed(packages: Iterable[str]) -> dict[str, str]:
    """Return the version of each package that is installed, by its name."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


_PACKAGE = Path(__file__).parent
_DEPTH = len(_PACKAGE.parts)


@cache
def vocabulary_hash() -> str:
    """Return one SHA-256 of the vocabularies."""
    return _hash(sorted((_PACKAGE / "data" / "vocabulary").iterdir()))


@cache
def rules_version() -> str:
    """Return a hash of rules, vocabularies and labelling code, ten hexadecimal digits.

    A score that was measured with another one speaks of other rules. How records are
    read and merged is no part of it, though it decides which texts are labelled.
    """
    parts = [_PACKAGE / "data" / "label_rules.toml"]
    for folder in ("data/vocabulary", "label"):
        inside = (_PACKAGE / folder).iterdir()
        parts += [path for path in inside if path.suffix in (".csv", ".py")]
    digest = sha256()
    for path in sorted(parts, key=lambda path: path.name):
        digest.update(path.name.encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:10]


@cache
def code_hash() -> str:
    """Return one SHA-256 of trialkit's code, vocabularies and rules."""
    # Records are hashed as a report's inputs, notebooks and settings with them.
    apart = {"__pycache__", "examples", "workspace"}
    inside = (path for path in _PACKAGE.rglob("*") if path.is_file())
    return _hash(sorted(p for p in inside if apart.isdisjoint(p.parts[_DEPTH:])))


def label_score() -> dict[str, Any] | None:
    """Return the frozen score of the labelling, None if none was measured."""
    path = _PACKAGE / "data" / "score.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


@cache
def commit() -> str | None:
    """Return the git commit of trialkit's own checkout, `-dirty` if it was changed.

    None where trialkit is installed from a wheel, even within another repository.
    """
    git = shutil.which("git")
    if git is None:
        return None

    def ask(*words: str) -> str | None:
        # git is the user's own, and the words are ours.
        done = subprocess.run(  # noqa: S603
            [git, "-C", str(_PACKAGE), *words],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip() if done.returncode == 0 else None

    if ask("ls-files", "--error-unmatch", "__init__.py") is None:
        return None
    head = ask("rev-parse", "HEAD")
    return f"{head}-dirty" if head and ask("status", "--porcelain", ".") else head


def _hash(paths: list[Path]) -> str:
    digest = sha256()
    for path in paths:
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
