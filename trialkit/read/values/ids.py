"""Ids of trials: the register that issues one, and how it writes it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from trialkit.files import data_rows
from trialkit.record import Identifier

_NCT = re.compile(r"NCT[0-9]{8}")
_DASHES = re.compile("[‐‑‒–—−]")
#: Longer than any id with all its blanks.
_LONGEST = 60
#: What registers write in letters of both cases.
_MIXED_CASE = (
    *("ChiCTR", "jRCTa", "jRCTb", "jRCTc", "jRCTs", "jRCT", "JapicCTI"),
    *("-Outside-EU", "-3rd", "-ReBEC"),
)


class Registry(NamedTuple):
    """One row of `data/registries.csv`."""

    name: str
    pattern: re.Pattern[str]
    alias: re.Pattern[str] | None


@cache
def registries() -> tuple[Registry, ...]:
    """Return the known registers with the patterns of their ids."""
    return tuple(
        Registry(
            row["registry"],
            re.compile(row["pattern"], re.IGNORECASE),
            re.compile(row["alias"], re.IGNORECASE) if row["alias"] else None,
        )
        for row in data_rows("registries.csv")
    )


def registry_of(trial_id: str | None) -> str | None:
    """Return the register that issues ids of this form, or None."""
    if not trial_id or len(trial_id) > _LONGEST:
        return None
    if _NCT.fullmatch(trial_id):
        return "ClinicalTrials.gov"
    bare = joined(trial_id)
    if not any_id().fullmatch(bare):
        return None
    return next((r.name for r in registries() if r.pattern.fullmatch(bare)), None)


def id_of(text: str | None) -> str | None:
    """Return a text that is a register's id as the register writes it, else None.

    Blanks, full-width signs, other dashes, case and a final full stop do not matter.
    """
    if not text or _NCT.fullmatch(text):
        return text or None
    if not registry_of(text):
        return None
    bare = joined(text).upper()
    if bare.startswith(("CTRI", "SLCTR")):
        return bare.replace("-", "/")
    if bare.startswith("RBR"):
        return f"RBR-{bare[3:].lstrip('-').lower()}"
    for written in _MIXED_CASE:
        bare = bare.replace(written.upper(), written)
    return f"{bare[:-1]}p" if bare.startswith("ACTRN") and bare[-1] == "P" else bare


def named_study(path: str) -> str | None:
    """Return the one NCT id in the name of a file or of a member of an archive."""
    name = re.split(r"[/\\]", path.rpartition("!")[2])[-1].upper()
    found = {*_NCT.findall(name)}
    return found.pop() if len(found) == 1 else None


def joined(text: str) -> str:
    """Return an id without blanks and final full stops, in ASCII signs."""
    return "".join(ascii_signs(text).split()).rstrip(".,;")


def ascii_signs(text: str) -> str:
    """Return a text with full-width letters and digits and other dashes as ASCII."""
    if text.isascii():
        return text
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text))


def identifier_of(text: str, id_type: str = "other_id") -> Identifier:
    """Return an id of the same trial, under its register's name where that is known."""
    bare = id_of(text.rpartition(":")[2])
    if bare:
        return Identifier(id=bare, id_type=registry_of(bare))
    return Identifier(id=text, id_type=id_type)


@cache
def any_id() -> re.Pattern[str]:
    """Return one pattern that finds the ids of all registers."""
    return re.compile("|".join(r.pattern.pattern for r in registries()), re.IGNORECASE)


def registry_named(name: str | None) -> str | None:
    """Return our name of a register, or `name` itself if it is not known."""
    if not name or not name.strip():
        return None
    name = name.strip()
    known = (r.name for r in registries() if r.alias and r.alias.fullmatch(name))
    return next(known, name)
