"""The report's numbered figures and tables, each in one call.

`present("routes", data, as_of=...)` makes the summary frame, asks whether there are
enough trials for the figure, draws it, writes caption and alt text from the same
numbers and shows it; below the minimum it shows the small table and says so. The parts
are public too: `summarize`, `figures` and `tables` for a notebook of one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from trialkit import summarize, tables
from trialkit.dates import as_day
from trialkit.display import show_figure, show_table, show_text
from trialkit.errors import ParameterError
from trialkit.escape import markdown_text

if TYPE_CHECKING:
    from trialkit.trials import Trials

_ROWS_SUM = (
    "A trial with two routes counts once in each row, so rows can sum to more than N."
)


class Figure(NamedTuple):
    """How one figure of the report is made and described."""

    label: str
    frame: Callable[..., pd.DataFrame]
    caption: str
    needs_date: bool = False


#: Figures by name. Captions say what is shown, the unit, N, exclusions, and how missing
#: values are shown; the cut-off is added to each.
FIGURES: Mapping[str, Figure] = {
    "landscape_strip": Figure(
        "fig-strip",
        summarize.landscape_strip,
        "The landscape: one row per trial, in order of start date, with phase, route, "
        "cell source, participants (dot area) and the time from start to completion. "
        "Unit: trials; N = {n}. What no source states is grey and hatched.",
        needs_date=True,
    ),
    "record_flow": Figure(
        "fig-flow",
        summarize.record_flow,
        "From documents to trials and arms, after the PRISMA 2020 flow for registers. "
        "Each box gives its own unit; N = {n} trials at the end. What was set aside is "
        "listed with its reason in the appendix.",
    ),
    "routes": Figure(
        "fig-routes",
        summarize.count_routes,
        "Trials (filled) and arms (open) by route of administration of the cells. "
        "Units: trials, N = {n}; arms that give a cell product, N = {n_arms}. "
        + _ROWS_SUM
        + " Arms without a cell product are left out. The last row counts trials that "
        "state no route.",
    ),
    "phase_by_route": Figure(
        "fig-phase-by-route",
        summarize.phase_by_route,
        "Trials by phase and route. Unit: trials, N = {n}. An empty cell is zero. "
        "NA (not applicable) is a registered value, not a missing one. " + _ROWS_SUM,
    ),
    "source_by_route": Figure(
        "fig-source-by-route",
        summarize.source_by_route,
        "Trials by cell source and route, arms in brackets, with the sums of each row "
        "and column at the edges. Unit: trials, N = {n}. An empty cell is zero; the "
        "hatched row and column count what is not stated. A trial with several sources "
        "or routes counts in each cell.",
    ),
    "type_by_source": Figure(
        "fig-type-by-source",
        summarize.type_by_source,
        "Cell types by source of the cells. Unit: trials, N = {n}. A trial with two "
        "cell types counts once in each bar. Hatched: source not stated.",
    ),
    "enrollment": Figure(
        "fig-enrollment",
        summarize.enrollment_points,
        "Participants per trial by route, one dot per trial, on a logarithmic axis. "
        "Filled: actual; open: planned; half: type not stated. The median is marked "
        "from 3 trials on. Unit: trials, N = {n_usable} of {n} with a number above 0. "
        + _ROWS_SUM,
    ),
    "timeline": Figure(
        "fig-timeline",
        summarize.timeline,
        "Time from start to completion, one lane per trial, in order of start date. "
        "Unit: trials, N = {n}. The part after the cut-off is lighter; an arrow means "
        "that the source gives no end, a bracket that it gives no start; whiskers span "
        "what a date known to the month can mean. Trials without any date are named "
        "below the lanes.",
        needs_date=True,
    ),
    "durations": Figure(
        "fig-durations",
        summarize.durations,
        "Months from start to completion, by route, one dot per trial. Unit: trials, "
        "N = {n_usable} of {n} with both dates. Where a date is known to the month, "
        "the duration runs from mid-month and is marked ~. " + _ROWS_SUM,
    ),
    "completeness": Figure(
        "fig-completeness",
        summarize.completeness,
        "Which fields the sources state, per trial, the most complete field first. "
        "Unit: trials, N = {n}. Not stated is a finding about the source, not about "
        "the trial.",
    ),
}


def present(name: str, data: Trials, *, as_of: str | pd.Timestamp) -> None:
    """Show one figure or table of the report, numbered, captioned and described.

    Parameters
    ----------
    name
        A name of `FIGURES` (`routes`, `timeline` ...) or of `trialkit.tables.TABLES`
        (`key_facts`, `trials` ...).
    data
        The trials to report.
    as_of
        Data cut-off, an ISO day. Nothing here reads the clock.

    Raises
    ------
    ParameterError
        If the name is unknown; the known ones are listed.
    """
    day = as_day(as_of)
    if name in FIGURES:
        _present_figure(name, data, day)
    elif name in tables.TABLES:
        _present_table(name, data, day)
    else:
        known = ", ".join((*FIGURES, *tables.TABLES))
        raise ParameterError(f"no figure or table {name!r}; there are: {known}")


def _present_figure(name: str, data: Trials, day: pd.Timestamp) -> None:
    from trialkit import figures

    figure = FIGURES[name]
    frame = figure.frame(data, as_of=day) if figure.needs_date else figure.frame(data)
    if not summarize.enough(frame, name):
        show_text(summarize.too_few(frame, name))
        small = tables.small_table(frame, label=figure.label)
        if small is not None:
            show_table(small, label=small.label, caption=small.caption)
        return
    show_figure(
        getattr(figures, f"plot_{name}")(frame),
        label=figure.label,
        caption=caption_of(name, frame, as_of=day),
        alt=figures.alt_text(name, frame),
    )


def caption_of(name: str, frame: pd.DataFrame, *, as_of: pd.Timestamp) -> str:
    """Return the caption of a figure, with the numbers of its frame."""
    from trialkit import figures

    text = FIGURES[name].caption.format(
        n=frame.attrs.get("n_trials", len(frame)),
        n_arms=frame.attrs.get("n_arms", 0),
        n_usable=summarize.usable(frame),
    )
    note = markdown_text(figures.caption_note(name, frame))
    return " ".join(filter(None, (text, note, f"Data cut-off {as_of:%Y-%m-%d}.")))


def _present_table(name: str, data: Trials, day: pd.Timestamp) -> None:
    table = tables.TABLES[name](data, as_of=day)
    if not table.rows:
        show_text(table.empty_text)
        return
    show_table(table, label=table.label, caption=table.caption, landscape=table.is_wide)
