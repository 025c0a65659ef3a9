"""What stands behind each row of the list of trials on the HTML page."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from trialkit.summarize.groups import trials_by_start
from trialkit.summarize.lines import short_titles
from trialkit.summarize.statistics import MOST_ONE_BY_ONE
from trialkit.summarize.wording import as_quoted, field_name, word
from trialkit.tables.content import Row, by_trial, cut_words, records
from trialkit.tables.trial_facts import arms, quotes
from trialkit.tidy.trials import Trials

#: Most characters of the quote behind a label, of a few trials and of many: a thousand
#: are one page of three megabytes.
_LONGEST, _SHORTER = 300, 100
#: Axes of the labels that the list shows or an arm names.
_AXES = ("route", "cell_type", "cell_source", "donor")
_COLUMNS = ("trial_id", "kind", "name", "text", "place")


def trial_details(data: Trials) -> pd.DataFrame:
    """Return the title, conditions, arms and labels of each trial, a row for each.

    `kind` is title, condition, arm or label. `name` tells the arms that are given the
    `text`; of a label, `name` is what it says, `text` the words that it rests on and
    `place` the kind and the part of the record that they stand in.
    """
    longest = _LONGEST if len(data.trials) <= MOST_ONE_BY_ONE else _SHORTER
    trials = trials_by_start(data, ("display_title", "acronym"))
    trials = trials.assign(short=short_titles(trials))
    conditions = by_trial(data.columns("conditions", ["trial_id", "condition"]))
    own_arms, evidence = arms(data), quotes(data, axes=_AXES)
    rows = [
        (trial["trial_id"], *row)
        for trial in records(trials)
        for row in _rows(
            trial,
            conditions.get(trial["trial_id"], []),
            own_arms.get(trial["trial_id"], []),
            _cut(evidence.get(trial["trial_id"], []), longest),
        )
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype("string")


def _rows(
    trial: Row, conditions: list[Row], own_arms: list[Row], evidence: list[Row]
) -> Iterator[tuple[str | None, ...]]:
    # As the line shows it, it would stand twice.
    if trial["display_title"] and trial["display_title"] != trial["short"]:
        yield "title", None, trial["display_title"], None
    names = (row["condition"] for row in conditions if row["condition"])
    for name in dict.fromkeys(names):
        yield "condition", None, name, None
    names_by_gift: dict[str, list[str]] = {}
    is_of_cells = any(arm["has_cells"] for arm in own_arms)
    for arm in own_arms:
        given = _given(arm, is_of_cells=is_of_cells)
        names_by_gift.setdefault(given, []).append(_arm_name(arm))
    for given, arm_names in names_by_gift.items():
        yield "arm", "; ".join(arm_names), given or None, None
    for row in evidence:
        quote = as_quoted(row["quote"], row["wording"])
        place = f"{row['kind'] or 'source'}, {field_name(row['section'] or 'text')}"
        yield "label", row["labels"], quote, place.lower()


def _cut(evidence: list[Row], longest: int) -> list[Row]:
    return [{**row, "quote": cut_words(row["quote"], longest)} for row in evidence]


def _arm_name(arm: Row) -> str:
    if arm["is_implicit"]:
        return "No arm in the record"
    kind = word(arm["arm_type"], "arm_type").lower() if arm["arm_type"] else ""
    name = arm["arm_label"] or "Arm"
    return f"{name} ({kind})" if kind else name


def _given(arm: Row, *, is_of_cells: bool) -> str:
    """Return what an arm gets; of trials without cells only its name is known."""
    if not is_of_cells:
        return ""
    if not arm["has_cells"]:
        return "no cell product"
    donors = f"donor: {arm['donors']}" if arm["donors"] else ""
    parts = (arm["cells"], arm["routes"], donors, arm["dose"], arm["sessions"])
    return "; ".join(part for part in parts if part)
