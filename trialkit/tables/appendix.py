"""Appendix tables: evidence, vocabulary, excluded records; and a figure's numbers."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.codebook import codebook
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.groups import ids_of, own_axes
from trialkit.summarize.quality import axis_words, corrections
from trialkit.summarize.wording import (
    NOT_STATED,
    as_quoted,
    field_name,
    kind_words,
    word,
)
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    first_rows,
    is_missing,
    records,
    stack,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Axes whose vocabulary the appendix prints, as far as it occurs in the trials.
_AXES = ("delivery_mode", "route", "cell_type", "cell_source", "donor")
#: What makes one quote of the evidence: the words, and where they stand.
_QUOTE = ["trial_id", "quote", "source", "kind", "wording", "section"]


def evidence(
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    trial_id: str | None = None,
    axes: Collection[str] = (),
    limit: int | None = None,
) -> Table:
    """Return the evidence table: every label with the words that it rests on.

    `axes` keeps the labels of some axes; without it, all.
    """
    frame = summarize.evidence(data, trial_id)
    if axes:
        frame = frame[frame["axis"].isin(axes)]
    frame = frame[frame["quote"].notna()].reset_index(drop=True)
    quotes = frame[_QUOTE].drop_duplicates()
    head, cut = first_rows(quotes, limit)
    return Table(
        label="tbl-evidence",
        caption="Evidence: the words behind every label. They are statements of "
        "registrants and, where the source is a lay page, of third parties, and not "
        "endorsed; between quotation marks where they are the source’s own. Unit: "
        f"passages, N = {len(quotes):,}, for {len(frame):,} labels.{cut} "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial, arms", 2),
            Column("Words of the source", 4.2),
            Column("Source; section", 2),
            Column("Labels (code, basis)", 4),
        ),
        rows=tuple(_by_quote(head.merge(frame, how="left", on=_QUOTE))),
        is_wide=True,
        empty_text="No label rests on a quote.",
    )


def _by_quote(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return one row per quote: its arms, and the labels that rest on it."""
    found: dict[tuple[Any, ...], tuple[dict[str, None], dict[str, None]]] = {}
    for row in records(frame):
        arms, labels = found.setdefault(tuple(row[name] for name in _QUOTE), ({}, {}))
        arms[cell(row["arm_label"] or row["arm_id"])] = None
        labels[_label(row)] = None
    return [
        (
            f"{trial_link(trial_id)} {stack(*arms)}",
            as_quoted(cell(quote), wording),
            _place(source, kind, wording, section),
            stack(*labels),
        )
        for (trial_id, quote, source, kind, wording, section), (
            arms,
            labels,
        ) in found.items()
    ]


def _place(
    source: str | None, kind: str | None, wording: str | None, section: str | None
) -> str:
    name = field_name(section or "section not stated")
    return f"{cell(source)}, {cell(kind_words(kind, wording))}; {markdown_text(name)}"


def _label(row: dict[str, Any]) -> str:
    basis = row["basis"] or "basis not stated"
    code = basis if row["code"] is None else f"{row['code']}, {basis}"
    return markdown_text(f"{field_name(row['axis'])}: {row['label']} ({code})")


def vocabulary(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return the vocabulary that occurs in the trials, with standard codes."""
    used = data.labels[["axis", "value"]].drop_duplicates()
    parts = []
    for axis in (*_AXES, *own_axes(data)):
        values = used.loc[used["axis"] == axis, "value"].str.partition(":")
        known = ids_of(data, axis)
        known = known[known["id"].isin(values[0] if len(values) else [])]
        known = known[known["id"] != "NOT_STATED"]
        parts.append(known.assign(axis=axis))
    columns = ["axis", "id", "label", "group", "code"]
    frame = pd.concat(parts, ignore_index=True).reindex(columns=columns)
    frame = frame.astype(dict.fromkeys(columns, "string"))
    is_first = ~frame["axis"].duplicated()
    rows = [
        (
            markdown_text(field_name(row["axis"])) if first else "",
            markdown_text(row["id"]),
            markdown_text(row["label"]),
            cell(row["group"]) if row["group"] else "–",
            cell(row["code"]) if row["code"] else "–",
        )
        for row, first in zip(records(frame), is_first, strict=True)
    ]
    return Table(
        label="tbl-vocabulary",
        caption="Vocabulary of the labels in this report, with the group used in "
        "figures and the standard code (NCI Thesaurus for routes, Cell Ontology and "
        f"UBERON for cells and tissues). Unit: terms, N = {len(frame):,}. A dash "
        f"means that there is none. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Axis", 1.8),
            Column("Id", 1.9),
            Column("Label", 4),
            Column("Group in figures", 2.6),
            Column("Code", 1.8),
        ),
        rows=tuple(rows),
        empty_text="No labels.",
    )


def own_labels(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return how many trials and arms have each label of the user's own axes."""
    rows = data.labels[data.labels["axis"].isin(own_axes(data))]
    rows = rows.assign(label=axis_words(rows, terms=data.terms))
    is_stated = rows["label"].ne(NOT_STATED)
    has = is_stated.groupby([rows["axis"], rows["trial_id"]]).transform("any")
    frame = (
        rows.assign(trial_id=rows["trial_id"].where(is_stated | ~has))
        .groupby(["axis", "label"], observed=True, sort=False)
        .agg(n_trials=("trial_id", "nunique"), n_arms=("trial_id", "size"))
        .reset_index()
        .assign(is_last=lambda made: made["label"].eq(NOT_STATED))
        .sort_values(["axis", "is_last", "n_trials"], ascending=[True, True, False])
        .drop(columns="is_last")
        .reset_index(drop=True)
    )
    return Table(
        label="tbl-own-labels",
        caption="Labels by vocabularies of the user’s own, control arms included. "
        f"Unit: trials, N = {len(data.trials):,}, and arms. A trial with two labels "
        "counts once in each row, and as not stated where none of its arms states one. "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Axis", 2),
            Column("Label", 4),
            Column("Trials", 1, "right"),
            Column("Arms", 1, "right"),
        ),
        rows=tuple(
            (
                markdown_text(field_name(row["axis"])),
                cell(row["label"]),
                cell(row["n_trials"]),
                cell(row["n_arms"]),
            )
            for row in records(frame)
        ),
        empty_text="No vocabulary of the user’s own adds an axis.",
    )


def overrides(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return the labels that a person corrected, and why."""
    frame = data.overrides
    rows = [
        (
            f"{trial_link(row['trial_id'])} {cell(row['arm_id'] or 'whole trial')}",
            markdown_text(field_name(row["axis"])),
            cell(row["value"]),
            cell(row["replaced"] or "no label"),
            cell(row["reason"]),
            f"{cell(row['decided_by'])}, {cell(row['date'])}",
        )
        for row in records(corrections(data))
    ]
    return Table(
        label="tbl-overrides",
        caption="Labels that were corrected by hand, with what the rules had said. "
        f"Unit: corrections, N = {len(frame):,}. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial, arm", 2),
            Column("Axis", 1.4),
            Column("Decided", 1.5),
            Column("Rules had", 1.5),
            Column("Reason", 3.5),
            Column("Who, when", 1.6),
        ),
        rows=tuple(rows),
        empty_text="No label was corrected by hand.",
    )


def excluded(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return what was set aside or left out by a filter, with the reason."""
    frame = summarize.excluded_records(data)
    head, cut = first_rows(frame, limit)
    rows = [
        (
            "–" if row["record"] is None else trial_link(row["record"]),
            "–" if row["source"] is None else cell(row["source"]),
            cell(row["reason"]),
        )
        for row in records(head)
    ]
    return Table(
        label="tbl-excluded",
        caption="Records that are not in this report, and why. Unit: records, "
        f"N = {len(frame):,}.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(Column("Record", 2), Column("File", 2), Column("Reason", 5)),
        rows=tuple(rows),
        empty_text="No record was set aside.",
    )


def possible_twins(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return pairs of trials that may be one; they are counted as two."""
    frame = summarize.possible_twins(data)
    head, cut = first_rows(frame, limit)
    rows = [
        (
            trial_link(row["trial_id"]),
            trial_link(row["other_id"]),
            cell(row["reason"]),
            cell(row["title"]),
        )
        for row in records(head)
    ]
    return Table(
        label="tbl-twins",
        caption="Trials that may be the same: no id proves it, so each is counted. "
        f"Unit: pairs of trials, N = {len(frame):,}.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 2),
            Column("Other trial", 2),
            Column("Why", 2),
            Column("Title of the first", 5),
        ),
        rows=tuple(rows),
        empty_text="No two trials share a title or a second id.",
    )


#: Headers of columns of numbers in a figure's small table.
_HEADERS = {
    "trial_id": "Trial",
    "n": "Trials",
    "n_trials": "Trials",
    "n_arms": "Arms",
    "days": "Days",
    "months": "Months",
    "is_approximate": "Approximate",
    "is_partial": "Not over at the cut-off",
}
#: Columns that say nothing that another column of the same frame does not.
_REDUNDANT = ("n_total", "source_family", "route_groups", "n_stated")


def small_table(frame: pd.DataFrame, *, label: str) -> Table | None:
    """Return the numbers of a figure that has too few trials to be drawn.

    Parameters
    ----------
    frame
        The figure's summary frame; rows that count nothing are left out.
    label
        The figure's label, `fig-x`; the table's is `tbl-x`.

    Returns
    -------
    Table or None
        None where there is nothing to show.
    """
    kept = frame.drop(columns=[name for name in _REDUNDANT if name in frame])
    numbers = [name for name in ("n", "n_trials", "n_arms") if name in kept]
    if numbers:
        kept = kept[kept[numbers].gt(0).any(axis=1)].reset_index(drop=True)
    if kept.empty:
        return None
    names = [str(name) for name in kept.columns]
    is_number = {name: pd.api.types.is_numeric_dtype(kept[name]) for name in names}
    n = frame.attrs.get("n_trials", summarize.usable(frame))
    return Table(
        label=label.replace("fig-", "tbl-", 1),
        caption="The numbers behind a figure that is not drawn because there are too "
        f"few trials. Unit: trials, N = {n:,}. Rows that count nothing are left out.",
        frame=kept,
        columns=tuple(
            Column(
                _HEADERS.get(name) or field_name(name),
                1 if is_number[name] else 2.5,
                "right" if is_number[name] else "left",
            )
            for name in names
        ),
        rows=tuple(
            tuple(_small_cell(row[name], name) for name in names)
            for row in records(kept)
        ),
        notes=(MISSING_NOTE,) if kept.isna().any(axis=None) else (),
    )


def _small_cell(value: Any, name: str) -> str:
    if is_missing(value):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    levels = codebook()["trials"].get(name)
    if name == "trial_id":
        return trial_link(value)
    if name == "year":
        return str(value)
    return markdown_text(word(value, name)) if levels and levels.levels else cell(value)
