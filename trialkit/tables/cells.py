"""Products and devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.wording import NOT_STATED, counted
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
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
