"""Products and devices."""

from __future__ import annotations

from trialkit import summarize
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.wording import NOT_STATED, counted
from trialkit.tables.content import (
    Row,
    cell,
    is_missing,
    linked,
    listed,
    pair_of,
    stated,
)
from trialkit.tables.table import Column, Table, first_rows, limited, table_of
from trialkit.tidy.trials import Trials


def devices(data: Trials, *, as_of: Day) -> Table:
    """Return the extracorporeal devices that hold cells."""
    frame = summarize.devices(data)
    return table_of(
        "tbl-devices",
        "Extracorporeal devices with cells. The cells stay in the device; the access "
        "is that of the blood circuit and is not a route of the cells. Unit: arms, "
        f"N = {len(frame):,} in {counted(frame.attrs['n_trials'], 'trial')}.",
        frame,
        Column("Trial, device", 2.8, lambda row: linked(row, "device")),
        Column("Cell type ← source", 2.4, lambda row: pairs_cell(row["cells"])),
        Column("Cells in the device", 1.8, "dose"),
        Column("Blood or plasma; access", 1.7, _circuit),
        Column("Sessions", 1.2, "sessions"),
        Column("Comparator", 1.5, "comparator"),
        Column("Cells enter the body", 1.4, _fate),
        empty_text="No trial uses an extracorporeal device with cells.",
    )


def pairs_cell(text: str | None) -> str:
    """Return `type ← source` pairs as a cell, "Not stated" muted."""
    if is_missing(text):
        return MISSING
    pairs = [pair.split(" ← ") for pair in str(text).split("; ")]
    return "; ".join(" ← ".join(stated(part) for part in pair) for pair in pairs)


def _circuit(row: Row) -> str:
    return pair_of(row["perfusate"], row["access"])


def _fate(row: Row) -> str:
    basis = row["cells_basis"]
    fate = cell(row["cells_enter_body"])
    if row["cells_enter_body"] is None or basis is None:
        return fate
    words = {"stated-lay": "stated, lay page", "positional": "stated"}
    return f"{fate} ({words.get(basis, basis)})"


@limited(300)
def products(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return the products in the record's words and the labels they got."""
    frame = summarize.products(data)
    head, cut = first_rows(frame, limit)
    return table_of(
        "tbl-products",
        "Products as registered, and the label that each received with its standard "
        f"code. Unit: products in trials, N = {len(frame):,}.{cut} Arms without a cell "
        "product are left out.",
        frame,
        Column("Trial", 1.5, linked),
        Column("Intervention as registered", 3, lambda row: listed(row["product"])),
        Column("Words behind the cell type", 3, "words"),
        Column("Cell type (code)", 2.2, lambda row: _with_code(row, "cell_type")),
        Column("Cell source (code)", 2.2, lambda row: _with_code(row, "cell_source")),
        rows=head,
        empty_text="No product with cells.",
    )


def _with_code(row: Row, name: str) -> str:
    text, code = row[name], row[f"{name}_code"]
    if text == NOT_STATED:
        return MISSING
    return markdown_text(text if code is None else f"{text} ({code})")
