"""The report's figures: what each is made from, and what its caption says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from trialkit import summarize
from trialkit.figures.cities import in_which_cities, where

if TYPE_CHECKING:
    import pandas as pd

    from trialkit.tidy.trials import Trials

_ROWS_SUM = (
    "A trial with two routes counts once in each row, so rows can sum to more than N."
)
_DOTS = (
    "Participants per trial by {}, one dot per trial, on a logarithmic axis. Filled: "
    "actual; open: planned; half: type not stated. The median of the dots is marked "
    "from 3 on. Unit: trials, N = {{n_usable}} of {{n}} with a number above 0."
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
        "Each box gives its own unit; trials at the end, N = {n}. What was set aside "
        "is listed with its reason in the appendix.",
    ),
    "routes": Figure(
        "fig-routes",
        summarize.routes,
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
        "Trials by cell source and route, arms in brackets, and the trials of each row "
        "and column at the edges. Unit: trials, N = {n}. An empty cell is zero; the "
        "hatched row and column count what is not stated. A trial with several sources "
        "or routes counts in each cell, and once at an edge.",
    ),
    "type_by_source": Figure(
        "fig-type-by-source",
        summarize.type_by_source,
        "Cell types by source of the cells. Unit: trials, N = {n}. A trial with two "
        "cell types is in both bars; within a bar each trial is in one part, and "
        "“several sources” is a part. Grey and hatched: source not stated.",
    ),
    "donor_by_source": Figure(
        "fig-donor-by-source",
        summarize.donor_by_source,
        "Donor relation by cell source. Unit: trials, N = {n}; {n_usable} with a "
        "relation, stated or inferred. Paler, with a dotted outline: inferred by a "
        "rule and stated by no source. A trial with two sources is in both bars; "
        "within a bar each trial is in one part, and “several relations” is a part.",
    ),
    "enrollment": Figure(
        "fig-enrollment",
        summarize.enrollment,
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
        summarize.doses,
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
        instead=lambda _: "No source gives a date of a trial: no timeline is drawn.",
    ),
    "starts_by_year": Figure(
        "fig-starts-by-year",
        summarize.starts_by_year,
        "Trials that started per year, by route. Unit: trials, N = {n_usable} of {n}. "
        "Each trial is in one part; “several routes” is a part.",
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
        "sponsor’s name.",
        instead=where,
    ),
    "cities": Figure(
        "fig-cities",
        summarize.cities,
        "Trials by city of their sites. Unit: trials, N = {n}. A trial counts once per "
        "city, so rows can sum to more than N. A city is told by its name and country, "
        "as registered.",
        instead=in_which_cities,
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
        "{n}. Each trial is in one part; “several sources” is a part.",
        needs=("as_of",),
        kind="starts_by_year",
    ),
    "phase_by_year": Figure(
        "fig-phase-by-year",
        partial(summarize.starts_by_year, by="phase_group"),
        "Trials that started per year, by phase. Unit: trials, N = {n_usable} of {n}.",
        needs=("as_of",),
        kind="starts_by_year",
    ),
    "enrollment_by_type": Figure(
        "fig-enrollment-by-type",
        partial(summarize.enrollment, by="cell_type"),
        _DOTS.format("cell type") + " A trial with two cell types has a dot in both.",
        kind="enrollment",
    ),
    "enrollment_by_phase": Figure(
        "fig-enrollment-by-phase",
        partial(summarize.enrollment, by="phase_group"),
        _DOTS.format("phase"),
        kind="enrollment",
    ),
}
