"""Trials that stand in several registers: linked by their ids, and counted once.

Two records are one trial where one of them names the registry id of the other as its
own second id, or where both carry the same EU trial number (one record per country).
Titles decide nothing, nor does a number that both give but that is neither's own, such
as a grant. A register gives a trial one id: where a link would join two records of one
register, as an extension study that names its parent does, it is not made.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from trialkit.read.values.ids import ascii_signs, joined, registries

if TYPE_CHECKING:
    import pandas as pd

#: Whose record stands for a trial that several registers have.
PREFERRED = "ClinicalTrials.gov"
#: The rule, as a report states it.
RULE = (
    "Records of different registers are one trial where one names the other's registry "
    "id as its own second id, or both carry one EU trial number. Such a trial is "
    "counted once, by its ClinicalTrials.gov record where it has one, otherwise by the "
    "record registered first; the others stay in the tables and are listed. A number "
    "that is neither record's own id, such as a grant, links nothing, and two records "
    "of one register are always two trials."
)
#: What `Trials.counted` leaves out, as the steps are named in `selection`.
ONE_RECORD_EACH = "one record per trial"
STUDIES_ONLY = "studies, no expanded access"

_EU = re.compile(r"((?:19|20)\d{2}-\d{6}-\d{2})(?:-.*)?", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:EUCTR|CTIS|JPRN-?)?(?:UMIN-?(?=C\d))?", re.IGNORECASE)
_NCT_LENGTH = 11
#: Japan's network: whose id it is, by what its key begins with.
_JAPANESE = re.compile(r"UMIN|C(?=\d)|JRCT|JAPICCTI|JMAIIA")
#: Words by which an id is another study's: a parent, the study that this one extends.
_ANOTHER = re.compile(
    r"parent|exten[ds]|roll-?over|sub-?stud|follow-?up|ancillary|lead-?in|main stud"
    r"|companion|related|core study|expanded access|predecessor|previous",
    re.IGNORECASE,
)


class Trial(NamedTuple):
    """The columns of a trial that decide links."""

    trial_id: str
    registry: str | None
    first_posted_date: str | None
    countries: str | None


class OtherId(NamedTuple):
    """The columns of the table `identifiers` that decide links."""

    trial_id: str
    id: str | None
    id_type: str | None


class Links(NamedTuple):
    """What the links change; a trial or row that is not in here stays as it is.

    `counted_as`, `registered_also_as` and `countries`, those of all records of the
    trial, are by trial id. `named` gives, by the position of a row among the ids, the
    trials that it points to and whether one of them is the same trial.
    """

    counted_as: dict[str, str]
    registered_also_as: dict[str, str]
    countries: dict[str, str]
    named: dict[int, tuple[str, bool]]


def find_links(trials: Sequence[Trial], others: Sequence[OtherId]) -> Links:
    """Return the registrations that are one trial, and which rows say so."""
    found = list(_named(trials, others))
    edges = {(name.own, name.other) for name in found if not name.is_anothers}
    edges |= _national_pairs(trial.trial_id for trial in trials)
    groups = _groups(edges, _issuers(trials)) if edges else []
    order = _order(trials) if groups else {}
    of_record = {t.trial_id: t.countries for t in trials if groups and t.countries}
    countries: dict[str, str] = {}
    counted_as: dict[str, str] = {}
    also: dict[str, list[str]] = {}
    for group in groups:
        members = sorted(group, key=order.__getitem__)
        counted_as |= dict.fromkeys(members, members[0])
        also |= {m: [other for other in members if other != m] for m in members}
        lists = [of_record[m].split("; ") for m in members if m in of_record]
        if lists:
            every = "; ".join(dict.fromkeys(name for names in lists for name in names))
            countries |= dict.fromkeys(members, every)
    in_row: dict[int, dict[str, bool]] = {}
    for row, own, other, _ in found:
        in_row.setdefault(row, {})[other] = other in also.get(own, ())
    named = {row: ("; ".join(all_), any(all_.values())) for row, all_ in in_row.items()}
    joined = {key: "; ".join(members) for key, members in also.items()}
    return Links(counted_as, joined, countries, named)


def key_of(trial_id: str) -> str:
    """Return an id without the prefixes and signs of registers and exports."""
    if len(trial_id) == _NCT_LENGTH and trial_id.startswith("NCT"):
        return joined(trial_id)
    bare = _PREFIX.sub("", joined(trial_id)).upper()
    eu = _EU.fullmatch(bare)
    if eu:
        return eu[1]
    bare = re.sub(r"[-/]", "", bare)
    if bare.startswith("ACTRN"):  # older ones have a zero before the year
        return f"ACTRN{bare[5:].removesuffix('P').lstrip('0')}"
    return bare


def is_anothers(told: str) -> bool:
    """Return whether an id's own words say that it is another study's: a parent's."""
    return bool(_ANOTHER.search(told))


class _Named(NamedTuple):
    """An id in the table that is a trial of the set: its row, and who names whom."""

    row: int
    own: str
    other: str
    is_anothers: bool  # its own words say that it is another study's id


def _named(trials: Sequence[Trial], others: Sequence[OtherId]) -> Iterator[_Named]:
    """Find the trials of the set that the ids name, in one pass over all texts."""
    known: dict[str, list[str]] = defaultdict(list)
    for trial in trials:
        known[key_of(trial.trial_id)].append(trial.trial_id)
    texts = [ascii_signs(other.id or "") for other in others]
    ends = list(accumulate(len(text) + 1 for text in texts))
    told: dict[int, bool] = {}
    names = frozenset(trial.registry for trial in trials if trial.registry)
    for match in _pattern(names).finditer("\n".join(texts)):
        row = bisect_right(ends, match.start())
        own, text, kind = others[row]
        for other in known.get(key_of(match[0]), ()):
            if other != own:
                if row not in told:
                    told[row] = is_anothers(f"{text} {kind}")
                yield _Named(row, own, other, told[row])


@lru_cache(maxsize=32)
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    """Return what finds the ids of these registers, in a text that may hold more."""
    parts = [r.pattern.pattern for r in registries() if r.name in names]
    inner = "|".join(f"(?:{part})" for part in parts) or r"(?!)"
    return re.compile(
        rf"(?:(?<![A-Z0-9])|(?<=CT))(?:{inner})(?!\w|\.\d)", re.IGNORECASE
    )


def _national_pairs(ids: Iterable[str]) -> set[tuple[str, str]]:
    """Pair the records that the EU's register keeps per country of one trial."""
    same: dict[str, list[str]] = defaultdict(list)
    for trial_id in ids:
        key = key_of(trial_id)
        if _EU.fullmatch(key):
            same[key].append(trial_id)
    return {(group[0], other) for group in same.values() for other in group[1:]}


def _issuers(trials: Iterable[Trial]) -> dict[str, str]:
    """Return who gave each trial its id: Japan's network is several registers."""
    return {
        trial_id: _japanese_issuer(trial_id) if registry == "JPRN" else registry or ""
        for trial_id, registry, *_ in trials
    }


def _japanese_issuer(trial_id: str) -> str:
    found = _JAPANESE.match(key_of(trial_id))
    name = found[0] if found else ""
    return "UMIN" if name == "C" else name  # its first ids begin with a C alone


def _groups(
    edges: set[tuple[str, str]], issuers: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """Return the ids of each trial with several, none of them twice in one register.

    An id of the same register is a related study's. If a group would hold two records
    of one register, only ids that name each other join, or none.
    """
    edges = {
        (one, other)
        for one, other in edges
        if issuers[one] != issuers[other] or key_of(one) == key_of(other)
    }
    mutual = {(one, other) for one, other in edges if (other, one) in edges}
    groups: list[tuple[str, ...]] = []
    for group in _components(edges):
        if _is_one_trial(group, issuers):
            groups.append(group)
            continue
        inside = {edge for edge in mutual | _national_pairs(group) if edge[0] in group}
        groups += [g for g in _components(inside) if _is_one_trial(g, issuers)]
    return groups


def _is_one_trial(group: Iterable[str], issuers: Mapping[str, str]) -> bool:
    seen: dict[str, str] = {}
    return all(
        seen.setdefault(issuers[trial_id], key_of(trial_id)) == key_of(trial_id)
        for trial_id in group
    )


def _components(edges: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the ids that edges connect, each set sorted."""
    root: dict[str, str] = {}

    def find(one: str) -> str:
        while root.setdefault(one, one) != one:
            root[one] = one = root[root[one]]
        return one

    for one, other in sorted(edges):
        root[find(one)] = find(other)
    joined: dict[str, list[str]] = defaultdict(list)
    for one in sorted(root):
        joined[find(one)].append(one)
    return [tuple(group) for group in joined.values()]


def _order(trials: Iterable[Trial]) -> dict[str, tuple[bool, str, str]]:
    """Return a key that sorts first whose record stands for the trial."""
    return {
        trial_id: (registry != PREFERRED, date or "9999", trial_id)
        for trial_id, registry, date, _ in trials
    }


def stands_for_trial(trials: pd.DataFrame) -> pd.Series:
    """Return whether each record is the one by which its trial is counted.

    If a filter left out that record, the next in order takes its place.
    """
    stands_for = trials["counted_as"].fillna(trials["trial_id"])
    is_other = stands_for != trials["trial_id"]
    columns = trials[["first_posted_date", "trial_id"]]
    ordered = columns.assign(stands_for=stands_for, is_other=is_other).sort_values(
        ["stands_for", "is_other", "first_posted_date", "trial_id"]
    )
    return (~ordered["stands_for"].duplicated()).reindex(trials.index).astype("boolean")


def is_study(trials: pd.DataFrame) -> pd.Series:
    """Return whether each trial is a study; without a type it is taken for one.

    Expanded access gives a product outside a study: it enrolls nobody in one.
    """
    return ~trials["study_type"].eq("EXPANDED_ACCESS").fillna(False).astype("boolean")


#: The steps of `Trials.counted`: name in `selection`, and which trials stay.
COUNTED = {ONE_RECORD_EACH: stands_for_trial, STUDIES_ONLY: is_study}
#: The columns that they ask for.
COUNTED_BY = ("trial_id", "counted_as", "first_posted_date", "study_type")
