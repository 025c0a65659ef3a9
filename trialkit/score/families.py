"""Figures by family of cells: one figure of one kind does not stand for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trialkit.score.gold import AXES, GoldTrial
from trialkit.score.measure import Row, Sampler, exact, f1, false_claim
from trialkit.score.rows import Rows
from trialkit.summarize.families import families_of, family_words

#: All trials together, in front of the families.
ALL = "ALL"
#: Axes on which "not stated" may be answered with a claim.
_CLAIMED = ("route", "cell_type", "cell_source", "donor")
COLUMNS = "family n_trials unit axis figure value low high n total".split()


def by_family(
    rows: Rows, decisions: Sequence[Row], known: Mapping[str, GoldTrial]
) -> Iterator[dict[str, Any]]:
    """Yield the figures of all trials and of each family that gold gives them.

    F1 of every axis, arm rows with exactly the reader's routes (`route` of `arm`), the
    decision whether it is a cell trial, and false claims on all axes together: how
    often a label is given where the reader found nothing stated.
    """
    for family, places in _places(known).items():
        order = {place: number for number, place in enumerate(places)}
        sampler = Sampler(len(places))
        measures = [
            *(("trial", axis, "f1", rows.get(("trial", axis)), f1) for axis in AXES),
            ("arm", "route", "exact", rows.get(("arm", "route")), exact),
        ]
        head = {"family": family, "n_trials": len(places)}
        for unit, axis, name, pairs, of in measures:
            own = _own(pairs.values() if pairs else (), order)
            figure = sampler.share(name, own, of)._asdict()
            yield head | {"unit": unit, "axis": axis} | figure
        claims = [
            row for axis in _CLAIMED for row in rows.get(("trial", axis), {}).values()
        ]
        for axis, pairs, name, of in (
            ("is_cell_trial", decisions, "exact", exact),
            ("all", claims, "false_claim_rate", false_claim),
        ):
            figure = sampler.share(name, _own(pairs, order), of)._asdict()
            yield head | {"unit": "trial", "axis": axis} | figure


def _places(known: Mapping[str, GoldTrial]) -> dict[str, list[int]]:
    """Return the places of each family's trials, families in display order."""
    found: dict[str, list[int]] = {ALL: [], **{name: [] for name in family_words()}}
    for place, one in enumerate(known.values()):
        for family in (ALL, *families_of(one.axes.get("cell_type", ()))):
            found[family].append(place)
    return {family: places for family, places in found.items() if places}


def _own(rows: Any, order: Mapping[int, int]) -> list[Row]:
    """Return the rows of these trials, numbered anew."""
    return [row._replace(trial=order[row.trial]) for row in rows if row.trial in order]
