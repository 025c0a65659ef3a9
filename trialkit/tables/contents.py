"""T5 to T8: devices, comparisons of routes, products, enrollment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.statistics import QUARTILES_FROM, number
from trialkit.summarize.wording import NOT_STATED, counted
from trialkit.tables.overview import participants
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    coded,
    cut_off,
    first_rows,
    is_missing,
    listed,
    records,
    stated,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def devices(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return T5, the extracorporeal devices that hold cells."""
    frame = summarize.devices(data)
    rows = [
        (
            f"{trial_link(row['trial_id'])} {cell(row['device'])}",
            _cells(row["cells"]),
            cell(row["dose"]),
            f"{cell(row['perfusate'])}; {cell(row['access'])}",
            cell(row["sessions"]),
            cell(row["comparator"]),
            f"{cell(row['cells_enter_body'])}{_basis(row)}",
        )
        for row in records(frame)
    ]
    n = frame.attrs["n_trials"]
    return Table(
        label="tbl-devices",
        caption="Extracorporeal devices with cells. The cells stay in the device; the "
        "access is that of the blood circuit and is not a route of the cells. Unit: "
        f"arms, N = {len(frame):,} in {counted(n, 'trial')}. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial, device", 2.8),
            Column("Cell type ← source", 2.4),
            Column("Cells in the device", 1.8),
            Column("Blood or plasma; access", 1.7),
            Column("Sessions", 1.2),
            Column("Comparator", 1.5),
            Column("Cells enter the body", 1.4),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No trial uses an extracorporeal device with cells.",
    )


def _cells(text: str | None) -> str:
    if is_missing(text):
        return MISSING
    parts = str(text).split(" ← ")
    return " ← ".join(stated(p) for p in parts)


def _basis(row: dict[str, Any]) -> str:
    basis = row["cells_basis"]
    if row["cells_enter_body"] is None or basis is None:
        return ""
    words = {"stated-lay": "stated, lay page", "positional": "stated"}
    return f" ({words.get(basis, basis)})"


def route_comparisons(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return T6, the trials whose arms differ by route."""
    frame = summarize.route_comparisons(data)
    rows = [
        (
            f"{trial_link(row['trial_id'])} {cell(row['title'])}",
            cell(row["arms"]),
            coded(row["allocation"], "allocation"),
            coded(row["masking"], "masking"),
            participants(row["enrollment"], row["enrollment_type"]),
            cell(row["time_frames"]),
        )
        for row in records(frame)
    ]
    return Table(
        label="tbl-route-comparisons",
        caption="Routes compared inside trials: the comparison being made by the "
        "trial; no result is implied. Participants are those of the whole trial. "
        f"Unit: trials, N = {len(frame):,} of {len(data.trials):,}. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 3),
            Column("Arms and their routes", 3.4),
            Column("Allocation", 1.4),
            Column("Masking", 1.2),
            Column("Participants", 1.5),
            Column("Time frames, primary outcomes", 2),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No trial has arms that differ by route.",
    )


def products(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return T7, products in the record's words and the labels they got."""
    frame = summarize.products(data)
    head, cut = first_rows(frame, limit)
    rows = [
        (
            trial_link(row["trial_id"]),
            listed(row["product"]),
            cell(row["words"]),
            _with_code(row["cell_type"], row["cell_type_code"]),
            _with_code(row["cell_source"], row["cell_source_code"]),
        )
        for row in records(head)
    ]
    return Table(
        label="tbl-products",
        caption="Products as registered, and the label that each received with its "
        f"standard code. Unit: products in trials, N = {len(frame):,}.{cut} Arms "
        f"without a cell product are left out. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 1.5),
            Column("Intervention as registered", 3),
            Column("Words behind the cell type", 3),
            Column("Cell type (code)", 2.2),
            Column("Cell source (code)", 2.2),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No product with cells.",
    )


def _with_code(text: str, code: str | None) -> str:
    if text == NOT_STATED:
        return MISSING
    return markdown_text(text if code is None else f"{text} ({code})")


#: Stands under every table with quartiles or ranges.
DASH_NOTE = "–: no number, or too few."


#: Columns of a table of participants, after that of the groups.
ENROLLMENT_COLUMNS = (
    Column("Trials", 1, "right"),
    Column("Total", 1.1, "right"),
    Column("Median", 1.1, "right"),
    Column("Quartiles", 1.4, "right"),
    Column("Range", 1.4, "right"),
    Column("Planned / actual / type ns", 1.8, "right"),
    Column("Without number", 1.2, "right"),
)


def enrollment_by_route(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return T8, participants by route."""
    frame = summarize.summarize_enrollment(data, by="route_group")
    return Table(
        label="tbl-enrollment-by-route",
        caption="Participants by route. Unit: participants per trial; "
        f"N = {counted(len(data.trials), 'trial')}. A trial with two routes counts "
        "with its whole number in both rows, so rows can sum to more than the last "
        "one. Quartiles are interpolated (inclusive) and given from 4 numbers on. "
        f"{ZERO_NOTE} "
        "Planned, actual and numbers of unstated type enter together. "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(Column("Route", 3), *ENROLLMENT_COLUMNS),
        rows=enrollment_rows(data, frame, lambda row: row["route_group"]),
        notes=(MISSING_NOTE, DASH_NOTE),
        empty_text="No trials.",
    )


#: The rule for trials in which nobody took part, the same wherever a median stands.
ZERO_NOTE = "A number of 0 (a trial withdrawn) enters no median, quartile or range."


def enrollment_rows(
    data: Trials, frame: pd.DataFrame, name: Callable[[dict[str, Any]], str]
) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table of participants by a group, all trials last."""
    if not len(data.trials):
        return ()
    total = summarize.summarize_enrollment(data)
    rows = [_enrollment_row(row, name(row)) for row in records(frame)]
    return (*rows, *(_enrollment_row(row, "All trials") for row in records(total)))


def _enrollment_row(row: dict[str, Any], name: str) -> tuple[str, ...]:
    kinds = (row["n_estimated"], row["n_actual"], row["n_type_not_stated"])
    return (
        markdown_text(name),
        f"{row['n']:,}",
        number(row["total"]),
        number(row["median"]),
        quartiles(row, sum(kinds) - row["n_zero"]),
        pair(row["min"], row["max"]),
        " / ".join(f"{n:,}" for n in kinds),
        f"{row['n_missing']:,}",
    )


def quartiles(row: dict[str, Any], n: int) -> str:
    """Return the quartiles of `n` numbers as a range, a dash where they are too few."""
    return pair(row["q1"], row["q3"]) if n >= QUARTILES_FROM else "–"


def pair(low: float | None, high: float | None) -> str:
    """Return two numbers as a range, a dash where there is none."""
    if is_missing(low):
        return "–"
    return number(low) if low == high else f"{number(low)} to {number(high)}"
