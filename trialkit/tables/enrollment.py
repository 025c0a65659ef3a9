"""Participants by route, cell type, phase and year."""

from __future__ import annotations

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import number
from trialkit.summarize.wording import base_words, word
from trialkit.tables.content import SPREAD_NOTE, Row, pair, quartiles, records
from trialkit.tables.table import Column, Table, numbers, table_of
from trialkit.tidy.trials import Trials

#: The rule for trials in which nobody took part, the same wherever a median stands.
ZERO_NOTE = "A number of 0 (a trial withdrawn) enters no median, quartile or range."


def enrollment_by_route(data: Trials, *, as_of: Day) -> Table:
    """Return participants by route."""
    return _by_group(
        data,
        "route_group",
        "Route",
        label="tbl-enrollment-by-route",
        caption="Participants by route. Unit: participants per trial; N = {base}. A "
        "trial with two routes counts with its whole number in both rows, so rows can "
        "sum to more than the last one. Quartiles are interpolated (inclusive) and "
        f"given from 4 numbers on. {ZERO_NOTE} Planned, actual and numbers of "
        "unstated type enter together.",
    )


def participants_by_type(data: Trials, *, as_of: Day) -> Table:
    """Return participants by cell type."""
    return _by_group(data, "cell_type", "Cell type")


def participants_by_phase(data: Trials, *, as_of: Day) -> Table:
    """Return participants by phase."""
    return _by_group(data, "phase_group", "Phase")


def participants_by_year(data: Trials, *, as_of: Day) -> Table:
    """Return participants by the year in which trials start."""
    return _by_group(data, "start_year", "Year of start")


def participants_by_kind(data: Trials, *, as_of: Day) -> Table:
    """Return participants, planned and reached numbers apart."""
    return _by_group(data, "enrollment_type", "What the number is")


def _by_group(
    data: Trials,
    by: str,
    header: str,
    *,
    label: str = "",
    caption: str = "",
) -> Table:
    frame = summarize.enrollment_by_route(data, by=by)
    base = base_words(int(frame.attrs["n_trials"]), len(data.trials))
    usual = (
        f"Participants by {header[0].lower()}{header[1:]}. Unit: participants "
        "per trial; N = {base}. A trial in two groups counts with its whole number in "
        "both. Quartiles are interpolated (inclusive) and given from 4 numbers on. "
        f"{ZERO_NOTE}"
    )
    name = by.removesuffix("_group").replace("_", "-")
    total = summarize.enrollment_by_route(data, by=None)
    rows = [{**row, "name": word(row[by], by)} for row in records(frame)]
    rows += [{**row, "name": "All trials"} for row in records(total)]
    return table_of(
        label or f"tbl-participants-by-{name}",
        f"{(caption or usual).format(base=base)} {SPREAD_NOTE}",
        frame,
        Column(header, 3, lambda row: markdown_text(row["name"])),
        numbers("Trials", 1, "n"),
        numbers("Total", 1.1, lambda row: number(row["total"])),
        numbers("Median", 1.1, lambda row: number(row["median"])),
        numbers("Quartiles", 1.4, _quartiles),
        numbers("Range", 1.4, lambda row: pair(row["min"], row["max"])),
        numbers("Planned / actual / not stated which", 1.8, _kinds),
        numbers("Without number", 1.2, "n_missing"),
        rows=rows if len(data.trials) else (),
    )


_KINDS = ("n_estimated", "n_actual", "n_type_not_stated")


def _quartiles(row: Row) -> str:
    return quartiles(row, sum(row[kind] for kind in _KINDS) - row["n_zero"])


def _kinds(row: Row) -> str:
    return " / ".join(f"{row[kind]:,}" for kind in _KINDS)
