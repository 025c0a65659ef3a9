"""Which register issued an id: one table of id patterns for all readers."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from trialkit.record import Identifier


class Registry(NamedTuple):
    """One row of `data/registries.csv`."""

    name: str
    pattern: re.Pattern[str]
    alias: re.Pattern[str] | None


@cache
def registries() -> tuple[Registry, ...]:
    """Return the registers trialkit knows, with the pattern of their ids."""
    text = files("trialkit").joinpath("data/registries.csv").read_text(encoding="utf-8")
    return tuple(
        Registry(
            row["registry"],
            re.compile(row["pattern"], re.IGNORECASE),
            re.compile(row["alias"], re.IGNORECASE) if row["alias"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    )


def registry_of(trial_id: str | None) -> str | None:
    """Return the register that issues ids of this form, or None.

    Examples
    --------
    >>> registry_of("NCT07312864"), registry_of("ChiCTR2000029953")
    ('ClinicalTrials.gov', 'ChiCTR')
    >>> registry_of("830212") is None
    True
    """
    if not trial_id:
        return None
    if _NCT.fullmatch(trial_id):
        return "ClinicalTrials.gov"
    if not any_id().fullmatch(trial_id):
        return None
    return next((r.name for r in registries() if r.pattern.fullmatch(trial_id)), None)


def identifier_of(text: str, id_type: str = "other_id") -> Identifier:
    """Return an id of the same trial, under its register's name where that is known.

    Examples
    --------
    >>> identifier_of("EudraCT Number: 2005-003674-14")
    Identifier(id='2005-003674-14', id_type='EUCTR')
    >>> identifier_of("Protocol: A-1", "org_study_id")
    Identifier(id='Protocol: A-1', id_type='org_study_id')
    """
    bare = text.rpartition(":")[2].strip()
    registry = registry_of(bare)
    if registry:
        return Identifier(id=bare, id_type=registry)
    return Identifier(id=text, id_type=id_type)


@cache
def any_id() -> re.Pattern[str]:
    """Return one pattern for all ids: most ids a record names are of no register."""
    return re.compile("|".join(r.pattern.pattern for r in registries()), re.IGNORECASE)


def registry_named(name: str | None) -> str | None:
    """Return our name of a register that a source calls `name`, or `name` itself."""
    if not name or not name.strip():
        return None
    name = name.strip()
    return next(
        (r.name for r in registries() if r.alias and r.alias.fullmatch(name)), name
    )


_NCT = re.compile(r"NCT\d{8}")
