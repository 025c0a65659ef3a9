"""Doses and regimens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.doses import DOSE_BASIS, PER, amount_words, session_words
from trialkit.summarize.wording import as_quoted, counted
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    first_rows,
    records,
    stated,
    trial_link,
)

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def regimens(
    data: Trials, *, as_of: str | pd.Timestamp, limit: int | None = None
) -> Table:
    """Return T9, doses and regimens as stated, with the words they were read from."""
    frame = summarize.regimens(data)
    head, cut = first_rows(frame, limit)
    sessions = session_words(head)
    rows = [
        (
            f"{trial_link(row['trial_id'])} {cell(row['arm_label'] or row['arm_id'])}",
            _amount(row),
            "–" if row["amount"] is None else _basis(row["basis"]),
            cell(regimen),
            as_quoted(cell(row["quote"]), row["wording"]) if row["quote"] else MISSING,
        )
        for row, regimen in zip(records(head), sessions, strict=True)
    ]
    n = frame.attrs["n_trials"]
    return Table(
        label="tbl-regimens",
        caption="Doses and regimens, as the records state them. No amount is "
        "converted with an assumed body weight, and cells loaded in a device are not "
        f"a dose that a patient gets. Unit: dose levels, N = {len(frame):,}, in {n:,} "
        f"of {len(data.trials):,} trials.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial, arm", 2.6),
            Column("Amount", 1.9),
            Column("Basis", 1.2),
            Column("Number, interval, length", 1.8),
            Column("Words of the source", 4),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        is_wide=True,
        empty_text="No trial states a dose.",
    )


def _amount(row: dict[str, Any]) -> str:
    amount = amount_words(row["amount"])
    if amount is None:
        return MISSING
    unit = markdown_text(row["unit"] or "cells")
    per = PER.get(row["per"] or "", f"per dose or in total {MISSING}")
    return f"{markdown_text(amount)} {unit} {per}"


def _basis(basis: str | None) -> str:
    return MISSING if basis is None else DOSE_BASIS.get(basis, markdown_text(basis))


_ENDS = ("min", "max")


def doses_by_route(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return the numbers of cells that arms state, by kind of dose and route."""
    frame = summarize.doses_by_route(data)
    rows = [
        (
            markdown_text(row["panel"]),
            stated(row["route_group"]),
            f"{row['n_trials']:,}",
            f"{row['n_arms']:,}",
            cell(amount_words(row["median"])) if row["n_levels"] > 2 else "–",
            " to ".join(dict.fromkeys(cell(amount_words(row[end])) for end in _ENDS)),
        )
        for row in records(frame)
    ]
    return Table(
        label="tbl-doses-by-route",
        caption="Numbers of cells by kind of dose and route. Kinds are not converted "
        "into each other, and none into the other with a body weight. Unit: arms, in "
        f"{counted(frame.attrs['n_trials'], 'trial')} with a number; an arm with "
        f"several levels counts once. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Kind of dose", 2.6),
            Column("Route", 2.4),
            Column("Trials", 0.9, "right"),
            Column("Arms", 0.9, "right"),
            Column("Median", 1.2, "right"),
            Column("Range", 2, "right"),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE, "–: two levels or fewer."),
        empty_text="No arm states a number of cells.",
    )
