"""Appendix tables: evidence, vocabulary, excluded records; and a figure's numbers."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.codebook import codebook
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.groups import vocabulary as axis_vocabulary
from trialkit.summarize.wording import field_name, word
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    is_missing,
    records,
    stack,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.trials import Trials

#: Axes whose vocabulary the appendix prints, as far as it occurs in the trials.
_AXES = ("delivery_mode", "route", "cell_type", "cell_source", "donor")


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
    quotes = _by_quote(frame)
    total = len(quotes)
    shown = quotes if limit is None else quotes[:limit]
    cut = "" if len(shown) == total else f" The first {len(shown):,} are shown."
    return Table(
        label="tbl-evidence",
        caption="Evidence: the words behind every label. They are statements of "
        "registrants and, where the source is a lay page, of third parties, quoted "
        f"and not endorsed. Unit: quotes, N = {total:,}, for {len(frame):,} labels."
        f"{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial, arms", 2),
            Column("Words of the source", 4.2),
            Column("Source; section", 2),
            Column("Labels (code, basis)", 4),
        ),
        rows=tuple(shown),
        is_wide=True,
        empty_text="No label rests on a quote.",
    )


def _by_quote(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return one row per quote: its arms, and the labels that rest on it."""
    found: dict[tuple[Any, ...], tuple[dict[str, None], dict[str, None]]] = {}
    for row in records(frame):
        name = field_name(row["section"] or "section not stated")
        where = f"{cell(row['source'])}, {cell(row['kind'])}; {markdown_text(name)}"
        key = (row["trial_id"], row["quote"], where)
        arms, labels = found.setdefault(key, ({}, {}))
        arms[cell(row["arm_label"] or row["arm_id"])] = None
        labels[_label(row)] = None
    return [
        (f"{trial_link(key)} {stack(*arms)}", f"“{cell(quote)}”", where, stack(*labels))
        for (key, quote, where), (arms, labels) in found.items()
    ]


def _label(row: dict[str, Any]) -> str:
    basis = row["basis"] or "basis not stated"
    code = basis if row["code"] is None else f"{row['code']}, {basis}"
    return markdown_text(f"{field_name(row['axis'])}: {row['label']} ({code})")


def vocabulary(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return the vocabulary that occurs in the trials, with standard codes."""
    used = data.labels[["axis", "value"]].drop_duplicates()
    parts = []
    for axis in _AXES:
        values = used.loc[used["axis"] == axis, "value"].str.partition(":")
        known = axis_vocabulary(axis)
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


def excluded(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return what was set aside or left out by a filter, with the reason."""
    frame = summarize.excluded_records(data)
    total = len(frame)
    frame = frame if limit is None else frame.head(limit)
    rows = [
        (
            "–" if row["record"] is None else trial_link(row["record"]),
            "–" if row["source"] is None else cell(row["source"]),
            cell(row["reason"]),
        )
        for row in records(frame)
    ]
    cut = "" if len(frame) == total else f" The first {len(frame):,} are shown."
    return Table(
        label="tbl-excluded",
        caption="Records that are not in this report, and why. Unit: records, "
        f"N = {total:,}.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(Column("Record", 2), Column("File", 2), Column("Reason", 5)),
        rows=tuple(rows),
        empty_text="No record was set aside.",
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
    return markdown_text(word(value, name)) if levels and levels.levels else cell(value)
