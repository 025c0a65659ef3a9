"""The report's numbered figures and tables, each in one call.

`present("routes", data, as_of=...)` makes the summary frame, asks whether there are
enough trials for the figure, draws it, writes caption and alt text from the same
numbers and shows it; below the minimum it shows the small table and says so. The parts
are public too: `summarize`, `figures` and `tables` for a notebook of one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from trialkit import prose, summarize, tables
from trialkit.csv_tables import csv_text
from trialkit.dates import as_day
from trialkit.display import show_figure, show_table, show_text
from trialkit.errors import ParameterError
from trialkit.escape import markdown_text
from trialkit.tables.table import cut_off

if TYPE_CHECKING:
    from trialkit.summarize.history import Earlier
    from trialkit.trials import Trials

_ROWS_SUM = (
    "A trial with two routes counts once in each row, so rows can sum to more than N."
)
_DOTS = (
    "Participants per trial by {}, one dot per trial, on a logarithmic axis. Filled: "
    "actual; open: planned; half: type not stated. The median is marked from 3 trials "
    "on. Unit: trials, N = {{n_usable}} of {{n}} with a number above 0."
)


class Figure(NamedTuple):
    """How one figure of the report is made and described.

    `needs` names the arguments that the frame takes beside the trials; `instead` makes
    the sentence that stands where the figure has too few trials, if not the usual one;
    `kind` is the figure whose drawing, words and minimum it shares, if not its own.
    """

    label: str
    frame: Callable[..., pd.DataFrame]
    caption: str
    needs: tuple[str, ...] = ()
    instead: Callable[[Trials], str] | None = None
    kind: str = ""


#: What is shown of a report without trials: what was searched, and what was left out.
_WITHOUT_TRIALS = ("sources", "record_flow", "excluded")
#: Rows of a table in a report without trials, which is to be short.
_FEW_ROWS = 6
#: Above so many trials nobody reads a table to its limit, and a sample will do.
_MANY_TRIALS = 500
#: Figures that compare two states of the records, by what they compare.
_NEEDS_HISTORY = {
    "planned_actual": "Participants planned and reached, compared",
    "schedule_changes": "Changes of schedule",
}
_NO_HISTORY = (
    "not available: needs registry history. A record holds its newest state only; an "
    "earlier report or store, given as `previous`, stands in for the history."
)


#: Figures by name. Captions say what is shown, the unit, N, exclusions, and how missing
#: values are shown; the cut-off is added to each.
FIGURES: Mapping[str, Figure] = {
    "landscape_strip": Figure(
        "fig-strip",
        summarize.landscape_strip,
        "The landscape: one row per trial, in order of start date, with phase, route, "
        "cell source, participants (dot area) and the time from start to completion. "
        "Unit: trials; N = {n}. What no source states is grey and hatched.",
        needs=("as_of",),
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
    "donor_by_source": Figure(
        "fig-donor-by-source",
        summarize.donor_by_source,
        "Donor relation by cell source. Unit: trials, N = {n}; {n_usable} with a "
        "relation. Paler, with a dotted outline: inferred by a rule and stated by no "
        "source. A trial with two sources or relations counts once in each part.",
    ),
    "enrollment": Figure(
        "fig-enrollment",
        summarize.enrollment_points,
        f"{_DOTS.format('route')} {_ROWS_SUM}",
    ),
    "planned_actual": Figure(
        "fig-planned-actual",
        summarize.planned_actual,
        "Participants planned in the earlier report and actual now, by difference. "
        "Unit: trials, N = {n_usable} of {n} with both numbers.",
        needs=("earlier",),
    ),
    "cumulative_enrollment": Figure(
        "fig-cumulative-enrollment",
        summarize.cumulative_enrollment,
        "Participants of the trials added up by start date, for each route. Unit: "
        "participants, planned and actual together, of N = {n_usable} of {n} trials "
        "with a start date and a number. It is the size of what was registered, not of "
        "what was enrolled by then; dashed: starts after the cut-off. A trial with two "
        "routes counts whole in both.",
        needs=("as_of",),
    ),
    "doses": Figure(
        "fig-doses",
        summarize.dose_points,
        "Doses in cells, one dot per arm and dose level (bars that count them where "
        "there are many), on logarithmic axes. Unit: arms, N = {n_arms} in {n} trials "
        "that state a number. Panels are never compared: no dose is converted with "
        "an assumed body weight.",
    ),
    "timeline": Figure(
        "fig-timeline",
        summarize.timeline,
        "Time from start to completion, one lane per trial, in order of start date. "
        "Unit: trials, N = {n}. The part after the cut-off is lighter; an arrow means "
        "that the source gives no end, a bracket that it gives no start; whiskers span "
        "what a date known to the month can mean. Trials without any date are named "
        "below the lanes.",
        needs=("as_of",),
    ),
    "starts_by_year": Figure(
        "fig-starts-by-year",
        summarize.starts_by_year,
        "Trials that started per year, by route. Unit: trials, N = {n_usable} of {n}. "
        "Hatched: the year of the cut-off, which is not over. " + _ROWS_SUM,
        needs=("as_of",),
    ),
    "status_by_route": Figure(
        "fig-status-by-route",
        summarize.status_by_route,
        "Recruitment status by route, as registered. Unit: trials, N = {n}. Bars have "
        "one length; the numbers in them and at their ends are trials. " + _ROWS_SUM,
    ),
    "durations": Figure(
        "fig-durations",
        summarize.durations,
        "Months from start to completion, by route, one dot per trial. Unit: trials, "
        "N = {n_usable} of {n} with both dates. Where a date is known to the month, "
        "the duration runs from mid-month and is marked ~. " + _ROWS_SUM,
    ),
    "schedule_changes": Figure(
        "fig-schedule-changes",
        summarize.schedule_changes,
        "Completion dates that moved since the earlier report, from then to now. Unit: "
        "trials, N = {n_usable} of {n}.",
        needs=("earlier",),
    ),
    "countries": Figure(
        "fig-countries",
        summarize.countries,
        "Trials by country of their sites. Unit: trials, N = {n}. A trial counts once "
        "per country, so rows can sum to more than N; a country is never read from a "
        "sponsor's name.",
        instead=prose.where,
    ),
    "sponsor_classes": Figure(
        "fig-sponsor-classes",
        summarize.sponsor_classes,
        "Trials by class of the lead sponsor, as registered. Unit: trials, N = {n}.",
    ),
    "design": Figure(
        "fig-design",
        summarize.design,
        "Design features that the records state. Unit: trials, N = {n}. White: the "
        "record says no; hatched: it does not say.",
    ),
    "completeness": Figure(
        "fig-completeness",
        summarize.completeness,
        "Which fields the sources state, per trial, the most complete field first. "
        "Unit: trials, N = {n}. Not stated is a finding about the source, not about "
        "the trial.",
    ),
    "condition_by_route": Figure(
        "fig-condition-by-route",
        summarize.condition_by_route,
        "Trials by condition and route. Unit: trials, N = {n}. An empty cell is zero."
        " A trial with several conditions or routes counts in each cell.",
        kind="crosstab",
    ),
    "source_by_phase": Figure(
        "fig-source-by-phase",
        summarize.source_by_phase,
        "Trials by cell source and phase. Unit: trials, N = {n}. An empty cell is "
        "zero. NA (not applicable) is a registered value, not a missing one. A trial "
        "with two sources counts in both rows.",
        kind="crosstab",
    ),
    "source_by_year": Figure(
        "fig-source-by-year",
        partial(summarize.starts_by_year, by="cell_source"),
        "Trials that started per year, by cell source. Unit: trials, N = {n_usable} of "
        "{n}. Hatched: the year of the cut-off, which is not over. A trial with two "
        "sources counts in both parts.",
        needs=("as_of",),
        kind="starts_by_year",
    ),
    "phase_by_year": Figure(
        "fig-phase-by-year",
        partial(summarize.starts_by_year, by="phase_group"),
        "Trials that started per year, by phase. Unit: trials, N = {n_usable} of {n}. "
        "Hatched: the year of the cut-off, which is not over.",
        needs=("as_of",),
        kind="starts_by_year",
    ),
    "enrollment_by_type": Figure(
        "fig-enrollment-by-type",
        partial(summarize.enrollment_points, by="cell_type"),
        _DOTS.format("cell type") + " A trial with two cell types has a dot in both.",
        kind="enrollment",
    ),
    "enrollment_by_phase": Figure(
        "fig-enrollment-by-phase",
        partial(summarize.enrollment_points, by="phase_group"),
        _DOTS.format("phase"),
        kind="enrollment",
    ),
}


def present(
    name: str,
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    earlier: Earlier | None = None,
    **options: Any,
) -> None:
    """Show one figure or table of the report, numbered, captioned and described.

    Its data go with it: a report writes them as a CSV file. Of a long table the first
    rows are shown, and its data are whole. Without trials only those exhibits are shown
    that say what was searched and what was left out.

    Parameters
    ----------
    name
        A name of `FIGURES` (`routes`, `timeline` ...) or of `trialkit.tables.TABLES`
        (`key_facts`, `trials` ...).
    data
        The trials to report, each counted once (`Trials.counted`).
    as_of
        Data cut-off, an ISO day. Nothing here reads the clock.
    earlier
        An earlier state to compare with (`open_earlier`).
    **options
        Further options of the table, such as `limit`; a figure takes none.

    Raises
    ------
    ParameterError
        If the name is unknown (the known ones are listed), or a figure gets options.
    """
    day = as_day(as_of)
    if name not in FIGURES and name not in tables.TABLES:
        known = ", ".join((*FIGURES, *tables.TABLES))
        raise ParameterError(f"no figure or table {name!r}; there are: {known}")
    if name in FIGURES and options:
        raise ParameterError(f"the figure {name!r} takes no {', '.join(options)}")
    data = data.counted()
    if len(data) == 0 and name not in _WITHOUT_TRIALS:
        return
    if name in FIGURES:
        _present_figure(name, data, day, earlier)
    else:
        if name == "changes":
            options["earlier"] = earlier
        _present_table(name, data, day, options)


def _present_figure(
    name: str, data: Trials, day: pd.Timestamp, earlier: Earlier | None
) -> None:
    from trialkit import figures

    figure = FIGURES[name]
    if "earlier" in figure.needs and earlier is None:
        show_text(f"{_NEEDS_HISTORY[name]}: {_NO_HISTORY}")
        return
    known = {"as_of": day, "earlier": earlier}
    frame = figure.frame(data, **{need: known[need] for need in figure.needs})
    kind = figure.kind or name
    if not summarize.enough(frame, kind):
        _present_too_few(name, data, day, frame)
        return
    show_figure(
        getattr(figures, f"plot_{kind}")(frame),
        label=figure.label,
        caption=caption_of(name, frame, as_of=day),
        alt=figures.alt_text(kind, frame),
        data=csv_text(frame),
    )


def _present_too_few(
    name: str, data: Trials, day: pd.Timestamp, frame: pd.DataFrame
) -> None:
    figure = FIGURES[name]
    if figure.instead is not None:
        show_text(figure.instead(data))
        return
    # What is shown, without how it is drawn.
    subject = figure.caption.partition(".")[0].partition(", one ")[0]
    few = summarize.too_few(frame, figure.kind or name)
    show_text(f"{subject}: {few[:1].lower()}{few[1:]}")
    small = tables.small_table(frame, label=figure.label)
    if small is not None:
        caption = f"{small.caption} {cut_off(day)}"
        show_table(
            small, label=small.label, caption=caption, data=csv_text(small.frame)
        )


def caption_of(name: str, frame: pd.DataFrame, *, as_of: pd.Timestamp) -> str:
    """Return the caption of a figure, with the numbers of its frame."""
    from trialkit import figures

    text = FIGURES[name].caption.format(
        n=f"{frame.attrs.get('n_trials', len(frame)):,}",
        n_arms=f"{frame.attrs.get('n_arms', 0):,}",
        n_usable=f"{summarize.usable(frame):,}",
    )
    kind = FIGURES[name].kind or name
    note = markdown_text(figures.caption_note(kind, frame))
    return " ".join(filter(None, (text, note, cut_off(as_of))))


def _limit(name: str, n_trials: int) -> int:
    """Return how many rows of a long table are shown: of very many fewer."""
    if not n_trials:
        return _FEW_ROWS
    whole = tables.LIMITS[name]
    return whole if n_trials <= _MANY_TRIALS else whole // 4


def _present_table(
    name: str, data: Trials, day: pd.Timestamp, options: Mapping[str, Any]
) -> None:
    if name in tables.LIMITS:
        options = {"limit": _limit(name, len(data)), **options}
    table = tables.TABLES[name](data, as_of=day, **options)
    if not table.rows:
        show_text(table.empty_text)
        return
    show_table(
        table,
        label=table.label,
        caption=table.caption,
        landscape=table.is_wide,
        data=csv_text(table.frame),
    )
