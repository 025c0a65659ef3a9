"""HTML and PDF by an installed Quarto.

It works on a copy in a temporary folder and executes nothing; its warnings are errors.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from trialkit import brand
from trialkit.atomic import scratch_folder
from trialkit.errors import ReportError
from trialkit.report.notebook import notebook_bytes, without_colors
from trialkit.report.render.cover import Cover, read_cover
from trialkit.report.render.fonts import copy_fonts
from trialkit.report.render.prepare import read_front_matter
from trialkit.report.render.quarto_print import for_print, print_files
from trialkit.workspace import settings_dir

#: Quarto's names of the formats: its `pdf` needs LaTeX.
_TARGETS = {"html": "html", "pdf": "typst"}

#: The first Quarto equal to the embedded engine: 1.6 refuses the settings, 1.7 leaves
#: out the typeface, 1.8 downloads icons.
OLDEST = (1, 9)

_SETTINGS = (".yml", ".scss", ".css", ".lua", ".typ")
_TROUBLE = re.compile(r"\b(?:WARN(?:ING)?|ERROR)\b|Unable to resolve")
# The source of a warning in Quarto's filters, before its words.
_PLACE = re.compile(r"(?<!\s)\s+\([^\s(]+\.lua:\d+\)\s+")
# A caption of Quarto's page: its number, then the finding in bold.
_NUMBERED = re.compile(rb"(<figcaption\b[^>]*>\s*)([^<:]*:\s)(<strong>.*?</strong>\s*)")
# The box of a figure there, which scrolls on a telephone.
_FIGURE_BOX = re.compile(rb'<div (?=aria-describedby="fig-)')
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")


def find_quarto() -> Path | None:
    """Return the Quarto of `QUARTO_PATH`, or else the one on the PATH."""
    if named := os.environ.get("QUARTO_PATH"):
        if os.path.isfile(named) and os.access(named, os.X_OK):
            return Path(named)
        raise ReportError(f"QUARTO_PATH is {named}, which is no program")
    found = shutil.which("quarto")
    return Path(found) if found else None


class Quarto:
    """The engine that calls an installed Quarto."""

    name = "quarto"

    def __init__(self, program: Path) -> None:
        self.program = program

    def is_recent(self) -> bool:
        """Return whether this Quarto is new enough."""
        numbers = re.match(r"(\d+)\.(\d+)", _version(self.program) or "")
        return numbers is None or tuple(map(int, numbers.groups())) >= OLDEST

    def render(
        self,
        notebook: Mapping[str, Any],
        formats: Iterable[str],
        *,
        folder: Path,
    ) -> dict[str, bytes]:
        """Return the report as bytes in each format."""
        with scratch_folder("quarto") as project:
            _copy_settings(folder, project)
            _copy_images(notebook, folder, project)
            cover = read_cover(read_front_matter(notebook))
            for name, content in print_files(cover).items():
                (project / name).write_bytes(content)
            environment = _environment(cover)
            files = {}
            for kind in formats:
                content = for_print(notebook, cover) if kind == "pdf" else notebook
                # A name without spaces or a leading underscore.
                (project / "report.ipynb").write_bytes(notebook_bytes(content))
                files[kind] = self._render_one(kind, project, environment)
            return files

    def versions(self) -> dict[str, str | None]:
        """Return Quarto's version."""
        return {"quarto": _version(self.program)}

    def _render_one(
        self, kind: str, project: Path, environment: Mapping[str, str]
    ) -> bytes:
        arguments = ["render", "report.ipynb", "--to", _TARGETS[kind]]
        done = _call(self.program, arguments, project, environment)
        printed = without_colors(f"{done.stdout}\n{done.stderr}")
        lines = _PLACE.sub(" ", printed).splitlines()
        told = [line.strip() for line in lines if _TROUBLE.search(line)]
        if done.returncode or told:
            words = told or [line for line in lines if line.strip()][-2:]
            raise ReportError(f"quarto ({kind}): {'; '.join(words[:5])}")
        try:
            made = (project / f"report.{kind}").read_bytes()
        except OSError:
            raise ReportError(f"quarto ({kind}) ended well but wrote no file") from None
        return _as_ours(made) if kind == "html" else made


def _as_ours(page: bytes) -> bytes:
    """Return Quarto's page with captions and boxes as on the embedded engine's."""
    return _FIGURE_BOX.sub(b'<div tabindex="0" ', _NUMBERED.sub(rb"\1\3\2", page))


# Takes half a second, and every report of a catalogue asks.
@cache
def _version(program: Path) -> str | None:
    done = _call(program, ["--version"], Path.cwd(), os.environ)
    return done.stdout.strip() or None


def _environment(cover: Cover) -> dict[str, str]:
    """Return an environment in which Typst dates the PDF by the data cut-off."""
    dated = {}
    if cover.date:
        midnight = datetime.combine(cover.date, time(), UTC)
        dated = {"SOURCE_DATE_EPOCH": f"{midnight.timestamp():.0f}"}
    return {**os.environ, **dated}


def _call(
    program: Path, arguments: list[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    try:
        # The program is the user's Quarto, and the arguments are ours.
        return subprocess.run(  # noqa: S603
            [str(program.resolve()), *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise ReportError(f"quarto does not start: {error.strerror}") from None


def _copy_settings(folder: Path, project: Path) -> None:
    for file in settings_dir(folder).iterdir():
        if file.is_file() and file.suffix in _SETTINGS:
            shutil.copyfile(file, project / file.name)
    if named := os.environ.get(brand.VARIABLE):
        shutil.copyfile(named, project / "_brand.yml")
    (project / "fonts").mkdir()
    copy_fonts(project / "fonts")


def _copy_images(notebook: Mapping[str, Any], folder: Path, project: Path) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        for name in _IMAGE.findall("".join(cell["source"])):
            source, target = folder / name, (project / name).resolve()
            if source.is_file() and target.is_relative_to(project.resolve()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
