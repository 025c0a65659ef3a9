"""Doses and regimens."""

from __future__ import annotations

import pandas as pd

from trialkit import summarize
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.doses import DOSE_BASIS, PER, amount_words, session_words
from trialkit.summarize.statistics import computed
from trialkit.summarize.wording import as_quoted, counted
from trialkit.tables.content import Row, cell, linked, stated
from trialkit.tables.table import Column, Table, first_rows, limited, numbers, table_of
from trialkit.tables.trial_facts import arm_names
from trialkit.tidy.trials import Trials


@limited(300)
def regimens(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return doses and regimens as stated, with the words they were read from."""
    frame = summarize.regimens(data)
    levels = _by_arm(frame, data)
    head, cut = first_rows(levels, limit)
    return table_of(
        "tbl-regimens",
        "Doses and regimens, as the records state them. No amount is converted with an "
        "assumed body weight, and cells loaded in a device are not a dose that a "
        f"patient gets. Levels of one arm are in one row where they rest on the same "
        f"words. Unit: dose levels, N = {len(frame):,}, in "
        f"{frame.attrs['n_trials']:,} of {counted(len(data.trials), 'trial')}.{cut}",
        frame,
        Column("Trial, arm", 2.6, lambda row: linked(row, "arm")),
        Column("Amount", 1.9, _amount),
        Column("Basis", 1.2, _basis),
        Column("Number, interval, length", 1.8, "regimen"),
        Column("Words of the source", 4, _quote),
        rows=head.assign(regimen=session_words(head)),
        is_wide=True,
        empty_text="No trial states a dose.",
    )


def _by_arm(frame: pd.DataFrame, data: Trials) -> pd.DataFrame:
    """Return a row per arm and what its levels share, with their `amounts`."""
    told = frame.assign(arm=arm_names(data, frame))
    shared = [name for name in told if name != "amount"]
    by_level = told.groupby(shared, sort=False, dropna=False)["amount"]
    return by_level.agg(list).reset_index(name="amounts")


def _amount(row: Row) -> str:
    amounts = [markdown_text(amount_words(n)) for n in row["amounts"] if pd.notna(n)]
    if not amounts:
        return MISSING
    unit = markdown_text(row["unit"] or "cells")
    per = PER.get(row["per"] or "", f"(per dose or in total: {MISSING})")
    return f"{'; '.join(amounts)} {unit} {per}"


def _basis(row: Row) -> str:
    if not pd.notna(row["amounts"]).any():
        return "–"
    basis = row["basis"]
    return MISSING if basis is None else DOSE_BASIS.get(basis, markdown_text(basis))


def _quote(row: Row) -> str:
    quote = row["quote"]
    return as_quoted(cell(quote), row["wording"]) if quote else MISSING


def doses_by_route(data: Trials, *, as_of: Day) -> Table:
    """Return the numbers of cells that arms state, by kind of dose and route."""
    frame = summarize.doses_by_route(data)
    return table_of(
        "tbl-doses-by-route",
        "Numbers of cells by kind of dose and route. Kinds are not converted into each "
        "other, and none into the other with a body weight. Unit: arms, in "
        f"{counted(frame.attrs['n_trials'], 'trial')} with a number; an arm with "
        "several levels counts once. A dash stands for two levels or fewer.",
        frame,
        Column("Kind of dose", 2.6, "panel"),
        Column("Route", 2.4, lambda row: stated(row["route_group"])),
        numbers("Trials", 0.9, "n_trials"),
        numbers("Arms", 0.9, "n_arms"),
        numbers("Median", 1.2, _median),
        numbers("Range", 2, _range),
        empty_text="No arm states a number of cells.",
    )


def _median(row: Row) -> str:
    return cell(amount_words(computed(row["median"]))) if row["n_levels"] > 2 else "–"


def _range(row: Row) -> str:
    ends = (cell(amount_words(row[end])) for end in ("min", "max"))
    return " to ".join(dict.fromkeys(ends))
