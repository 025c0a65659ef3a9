"""Which rules made a label: a short hash of everything that decides one."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def rules_version() -> str:
    """Return a hash of rules, vocabularies and engine, ten hexadecimal digits.

    Two installations with the same value give the same labels; a score that was
    measured with another one speaks of other rules.
    """
    package = files("trialkit")
    parts = [package.joinpath("data/label_rules.toml")]
    for folder in ("data/vocabulary", "labels"):
        inside = package.joinpath(folder).iterdir()
        parts += [part for part in inside if part.name.endswith((".csv", ".py"))]
    digest = sha256()
    for part in sorted(parts, key=_name):
        digest.update(part.name.encode() + part.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:10]


def _name(part: Traversable) -> str:
    return part.name
