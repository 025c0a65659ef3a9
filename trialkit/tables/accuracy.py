"""T13: how often the labels are right, as it was measured and frozen with the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from trialkit.escape import markdown_text
from trialkit.plural import capital, counted
from trialkit.summarize.counted import Day
from trialkit.summarize.families import families_shown, family_words
from trialkit.summarize.groups import axis_words
from trialkit.summarize.wording import field_name, sentence_list
from trialkit.tables.content import Row
from trialkit.tables.measured import (
    ALL,
    AXES,
    FEWEST,
    Measured,
    Set,
    is_current,
    measured,
    of_family,
    score_sets,
)
from trialkit.tables.table import Column, Table, numbers, table_of
from trialkit.tidy.trials import Trials
from trialkit.version import rules_version

#: What the report says where no score ships with the rules.
NOT_MEASURED = "Label accuracy: accuracy not measured."
_SCORES = ("precision", "recall", "f1")
_SCORE_COLUMNS = [
    *("sample", "axis", "label", "support"),
    *(f"{name}{end}" for name in _SCORES for end in ("", "_low", "_high")),
]
_FAMILY_COLUMNS = [
    *("family", "words", "n_shown", "sample", "n_labelled", "n_behind"),
    *(f"{axis}{end}" for axis in AXES for end in ("", "_low", "_high")),
    *("decided_right", "decided"),
]
#: Figures of a whole axis that are printed below the table, and how.
_BELOW = {
    "exact": "exact sets",
    "coverage": "coverage",
    "false_claim_rate": "false claims where not stated",
}


def label_accuracy(data: Trials, *, as_of: Day, path: Path | None = None) -> Table:
    """Return how often the labels are right, for the kinds of cells that are shown.

    The score is frozen with the rules and ships as `data/score.json`: `sets` of trials
    that were labelled by hand, each with `name`, `date`, `gold_trials`, `gold_arms`,
    `rules` (their hash), `note` (what was measured on, and what that does not cover),
    `readers` (how far two blind readers agree), `families` (figures by kind of cells),
    `rows` (by label) and `figures`. A kind of cells with fewer than 10 labelled trials
    is shown as not measured: another kind's figure does not stand for it. A score of
    other rules than those at work is shown and said to be one.

    Returns
    -------
    Table
        Shows itself in a notebook.

    Raises
    ------
    TrialDataError
        If the score file is not of that form.
    """
    sets = score_sets(path)
    frame = pd.DataFrame(_family_rows(data, sets), columns=_FAMILY_COLUMNS)
    return table_of(
        "tbl-label-accuracy",
        _family_caption(sets) if sets else NOT_MEASURED,
        frame,
        Column("Cells (trials here)", 3, partial(_cells, several=len(sets) > 1)),
        numbers("Read by hand", 1.5, _labelled),
        *(numbers(field_name(axis), 2, _interval_of(axis)) for axis in AXES),
        numbers("Cell trial or not", 1.5, _decided),
        notes=tuple(_set_note(one) for one in sets),
        empty_text=NOT_MEASURED,
    )


def _family_rows(data: Trials, sets: list[Set]) -> Iterator[Row]:
    """Yield a row per kind of cells and set, and one of all trials of each set."""
    if not sets:
        return
    for family, n_shown in families_shown(data).items():
        told = of_family(sets, family)
        known = [one for one in told if one.is_enough]
        head = {"family": family, "words": family_words()[family], "n_shown": n_shown}
        for one in known:
            yield head | _figures_of(one)
        if not known:
            yield head | {"n_labelled": sum(one.n_family for one in told)}
    for sample in sets:
        for one in measured(sample):
            if one.family == ALL:
                words = {"family": ALL, "words": "all trials read by hand"}
                yield words | _figures_of(one)


def _figures_of(one: Measured) -> Row:
    row: Row = {"sample": one.sample["name"], "n_labelled": one.n_family}
    row["n_behind"] = one.n_trials
    for axis in AXES:
        share = one.figures.get((axis, "f1"))
        if share:
            row |= {axis: share.value, f"{axis}_low": share.low}
            row[f"{axis}_high"] = share.high
    right = one.figures.get(("is_cell_trial", "exact"))
    return row | ({"decided_right": right.n, "decided": right.total} if right else {})


def _is_measured(row: Row) -> bool:
    return not pd.isna(row["sample"])


def _cells(row: Row, *, several: bool) -> str:
    words = markdown_text(capital(row["words"]))
    if not pd.isna(row["n_shown"]):
        words += f" ({row['n_shown']:,.0f})"
    is_named = several and _is_measured(row)
    return f"{words}; {markdown_text(row['sample'])}" if is_named else words


def _labelled(row: Row) -> str:
    parts = [row["n_labelled"]]
    if _is_measured(row) and row["n_labelled"] < row["n_behind"]:
        parts.append(row["n_behind"])
    return " of ".join(f"{n:,.0f}" for n in parts)


def _interval_of(axis: str) -> Any:
    def shown(row: Row) -> str:
        if not _is_measured(row):
            return "not measured" if axis == AXES[0] else "–"
        return _with_interval(*(row[f"{axis}{end}"] for end in ("", "_low", "_high")))

    return shown


def _decided(row: Row) -> str:
    if not _is_measured(row) or pd.isna(row["decided"]):
        return "–"
    return f"{row['decided_right']:,.0f} of {row['decided']:,.0f}"


def _family_caption(sets: list[Set]) -> str:
    return (
        "Accuracy of the labels by kind of cells, for the kinds of this report: F1 of "
        f"the labels per trial. {_sets_words(sets)} 95 % intervals in brackets. A "
        f"trial with several kinds counts in each; a kind with fewer than {FEWEST} "
        "trials read by hand is not measured."
    )


def _sets_words(sets: list[Set]) -> str:
    """Return each set with its size, the rules it was measured with, and the day."""
    told = []
    for one in sets:
        name, rules, day = (markdown_text(one[k]) for k in ("name", "rules", "date"))
        size = counted(one["gold_trials"], "labelled trial")
        told.append(f"{name}: {size}, rules {rules}{_older(one)}, scored {day}")
    return f"{'Sets' if len(sets) > 1 else 'Set'}: {'; '.join(told)}."


def _older(sample: Set) -> str:
    """Return that the rules have changed since, and what that did where it is known."""
    if is_current(sample):
        return ""
    words = ", measured with older rules than those at work"
    since = sample.get("since", {})
    if since.get("rules") != rules_version():
        return words
    return (
        f"{words}, which label {since['differ']:,} of the {since['records']:,} records "
        "that these trials were drawn from otherwise"
    )


def _set_note(sample: Set) -> str:
    """Return a set's note, the family it is of, its false claims and its readers."""
    note = sample.get("note", "").rstrip(".")
    parts = [note and f"{note}."]
    found = {one.family: one for one in measured(sample)}
    for family, one in found.items():
        if one.is_enough and one.n_family < one.n_trials:
            parts.append(
                f"{one.n_family:,} of its {counted(one.n_trials, 'trial')} give "
                f"{family_words()[family]}; the figures are of all."
            )
    claims = found[ALL].figures.get(("all", "false_claim_rate"))
    if claims:
        parts.append(
            f"False claims, where the reader found nothing stated: {claims.n:,.0f} of "
            f"{claims.total:,.0f}."
        )
    readers = sample.get("readers") or {}
    agreed = [f"{_reader_word(k)} {readers[k]:.2f}" for k in readers]
    if agreed:
        parts.append(f"Two blind readers agree: {'; '.join(agreed)}.")
    told = " ".join(filter(None, parts))
    return markdown_text(f"{capital(sample['name'])}: {told}")


def _reader_word(key: str) -> str:
    own = {"arm_rows": "arm rows", "is_cell_trial": "cell trial or not"}
    return own.get(key) or field_name(key)


def accuracy_by_label(
    data: Trials, *, as_of: Day, path: Path | None = None, axes: Collection[str] = ()
) -> Table:
    """Return how often each label is right, in each set of trials read by hand.

    Labels with fewer than 10 cases are left out of the table and stand in its frame;
    `label_accuracy` has the same by kind of cells.

    Returns
    -------
    Table
        Shows itself in a notebook.

    Raises
    ------
    TrialDataError
        If the score file is not of its form.
    """
    sets = score_sets(path)
    lines = [{**row, "sample": one["name"]} for one in sets for row in one["rows"]]
    frame = pd.DataFrame(lines, columns=_SCORE_COLUMNS)
    if axes:
        frame = frame[frame["axis"].isin(axes)].reset_index(drop=True)
    words = axis_words(frame.rename(columns={"label": "value"}), terms=data.terms)
    rows = frame.assign(words=words.where(frame["label"].notna()))
    caption = (
        f"Accuracy of each label per trial. {_sets_words(sets)} 95 % intervals in "
        f"brackets. Labels with fewer than {FEWEST} cases are left out."
    )
    return table_of(
        "tbl-accuracy-by-label",
        caption if sets else NOT_MEASURED,
        frame,
        Column("Set", 2.3, lambda row: markdown_text(row["sample"])),
        Column(
            "Kind of label", 1.8, lambda row: markdown_text(field_name(row["axis"]))
        ),
        Column("Label", 3, lambda row: markdown_text(row["words"] or "all labels")),
        numbers("Cases", 1, lambda row: f"{row['support']:,.0f}"),
        *(numbers(_heading(name), 2, _share_of(name)) for name in _SCORES),
        rows=rows[frame["support"].fillna(0) >= FEWEST],
        notes=tuple(filter(None, (_below(one, axes, len(sets)) for one in sets))),
        empty_text=NOT_MEASURED,
    )


def _heading(name: str) -> str:
    return "F1" if name == "f1" else name.capitalize()


def _share_of(name: str) -> Any:
    return lambda row: _with_interval(
        *(row[f"{name}{end}"] for end in ("", "_low", "_high"))
    )


def _with_interval(value: Any, low: Any, high: Any) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}{_interval(low, high)}"


def _below(sample: Set, axes: Collection[str], n_sets: int) -> str:
    """Return a sentence per axis and unit."""
    groups: dict[str, list[str]] = {}
    for row in sample.get("figures", []):
        if axes and row.get("axis") not in axes:
            continue
        words = _BELOW.get(row.get("figure"))
        if words and row.get("value") is not None:
            span = _interval(row.get("low"), row.get("high"))
            subject = f"{field_name(row.get('axis', ''))}, per {row.get('unit')}"
            groups.setdefault(subject, []).append(f"{words} {row['value']:.2f}{span}")
    lines = [f"{subject}: {'; '.join(parts)}." for subject, parts in groups.items()]
    if lines and n_sets > 1:
        lines.insert(0, f"{capital(sample['name'])}.")
    return markdown_text(" ".join(lines))


def _interval(low: float | None, high: float | None) -> str:
    return "" if pd.isna(low) or pd.isna(high) else f" ({low:.2f}–{high:.2f})"


def accuracy_sentence(data: Trials, path: Path | None = None) -> str:
    """Return in one sentence, without its stop, how often labels are right.

    Of a kind of cells that several sets measured the newest counts.
    """
    sets = score_sets(path)
    shown = families_shown(data) if sets else {}
    best: list[Measured] = []
    missing: list[str] = []
    for family in shown:
        known = [one for one in of_family(sets, family) if one.is_enough]
        best += known[-1:]
        missing += [] if known else [family_words()[family]]
    if not best and not missing:
        return "how often they are right was not measured"
    told = [
        f"{_span(one)} for {family_words()[one.family]} ({_size(one)})" for one in best
    ]
    parts = (
        [
            f"against trials read by hand F1 (precision and recall in one), "
            f"by kind of label, is {sentence_list(told)}"
        ]
        if told
        else []
    )
    if missing:
        parts.append(
            f"not measured, with fewer than {FEWEST} such trials read, for "
            f"{sentence_list(missing)}"
        )
    if not all(is_current(one.sample) for one in best):
        parts.append("the rules have changed since")
    return "; ".join(parts)


def _span(one: Measured) -> str:
    f1 = [one.figures[axis, "f1"].value for axis in AXES if (axis, "f1") in one.figures]
    low, high = f"{min(f1):.2f}", f"{max(f1):.2f}"
    return f"{low} to {high}" if low != high else low


def _size(one: Measured) -> str:
    of_all = f"{one.n_family:,} of " if one.n_family < one.n_trials else ""
    return of_all + counted(one.n_trials, "trial")
