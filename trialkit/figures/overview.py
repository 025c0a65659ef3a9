"""The whole landscape on one page: a row per trial, or per route and source."""

from __future__ import annotations

import pandas as pd

from trialkit import summarize
from trialkit.figures.draw import axis, page, phrases
from trialkit.figures.draw.route_rows import draw_route_rows, lines_of
from trialkit.figures.draw.running import draw_running
from trialkit.figures.draw.trial_rows import draw_trial_rows
from trialkit.figures.figure import Figure
from trialkit.summarize.statistics import MOST_ONE_BY_ONE, number
from trialkit.summarize.wording import counted, word, words


def _is_many(frame: pd.DataFrame) -> bool:
    return len(frame) > MOST_ONE_BY_ONE


def _draw_landscape_strip(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw every trial as one row, or every route and source of many trials.

    Up to 60 trials stand under their family of routes, each with a bar from start to
    completion; a date known to the month stands at its middle. Pale is what lies after
    the cut-off, and a trial of unknown status; without a cut-off no line is drawn.

    Of more trials, each route has a row, and below it the sources of at least 12 of its
    trials, with the median and the middle half of participants. Fewer than 10 numbers
    have no median, and a number of 0 has no part in one.
    """
    if _is_many(frame):
        return draw_route_rows(frame, ax)
    return draw_trial_rows(frame, ax)


def _strip_in_words(frame: pd.DataFrame) -> str:
    if _is_many(frame):
        return _routes_in_words(frame)
    counts = axis.stated(frame["route_family"]).value_counts()
    used = axis.groups_of(frame["route_family"], only_used=True)
    named = "; ".join(f"{group} {counts[group]:,}" for group in used)
    status = words(frame["overall_status"], "overall_status").astype(str).str.lower()
    n_of = status.value_counts()
    told = "; ".join(f"{name} {n:,}" for name, n in n_of.items())
    return (
        f"One row per trial, {counted(len(frame), 'trial')}, with a bar from start to"
        f" completion. Trials by route: {named}. By status: {told}."
    )


def _routes_in_words(frame: pd.DataFrame) -> str:
    told = []
    for line in lines_of(frame):
        if line.is_route:
            middle = line.spread.median if line.spread else None
            size = "" if middle is None else f" (median {number(middle)} participants)"
            told.append(f"{line.name} {line.n:,}{size}")
    named = phrases.some_of(told)
    return f"One row per route and cell source, {len(frame):,} trials: {named}."


def _strip_note(frame: pd.DataFrame) -> str:
    if _is_many(frame):
        return (
            "A trial with several routes or sources counts in each; sources of fewer"
            " than 12 trials of a route are together."
        )
    return "Pale: after the cut-off, or unknown. Outlined: withdrawn, or no route."


landscape_strip = Figure(
    name="landscape_strip",
    question="Which trials are there, and how do they differ?",
    summary=summarize.landscape_strip,
    columns=(
        *("trial_id", "short_title", "route_groups", "route_family", "route_sources"),
        *("enrollment", "overall_status"),
    ),
    drawing=_draw_landscape_strip,
    own_label="fig-strip",
    caption="Trials by route, in order of start. N = {n}.",
    alt_text=_strip_in_words,
    caption_note=_strip_note,
    minimum=1,
    needs=("as_of",),
    is_dense=_is_many,
    dense_caption="Trials by route and cell source, with the median and the middle "
    "half of participants. N = {n}.",
    draws_cut_off=True,
    without_cells="strip_by_phase",
)


def _draw_strip_by_phase(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw every trial as one row under its phase, or the years in which many run.

    A trial's bar goes from start to completion; what lies after the cut-off is pale. Of
    more than 60 trials it is counted how many run in each year, together and by phase.
    """
    if not _is_many(frame):
        return draw_trial_rows(frame, ax, by="phase_group")
    dated = frame.dropna(subset=_ENDS, how="all")
    if dated.empty:
        return page.empty_note(ax, "No trial states a date")
    phases = axis.stated(dated["phase_group"]).map(lambda phase: [phase])
    return draw_running(dated, phases, ax, column="phase_group")


def _phases_in_words(frame: pd.DataFrame) -> str:
    counts = axis.stated(frame["phase_group"]).value_counts()
    used = axis.groups_of(frame["phase_group"], only_used=True)
    told = [f"{word(group, 'phase_group')} {counts[group]:,}" for group in used]
    what = "Years in which trials run" if _is_many(frame) else "One row per trial"
    return (
        f"{what}, {counted(len(frame), 'trial')}. Trials by phase: {'; '.join(told)}."
    )


def _phases_note(frame: pd.DataFrame) -> str:
    undated = int(frame[_ENDS].isna().all(axis=1).sum())
    if _is_many(frame):
        return f"Without dates: {counted(undated, 'trial')}." if undated else ""
    return "Pale: after the cut-off, or unknown. Outlined: withdrawn, or no phase."


_ENDS = ["start_earliest", "completion_latest"]

strip_by_phase = Figure(
    name="strip_by_phase",
    question="Which trials are there, and when do they run?",
    summary=summarize.landscape_strip,
    columns=(
        *("trial_id", "short_title", "phase_group", "enrollment", "overall_status"),
    ),
    drawing=_draw_strip_by_phase,
    caption="Trials by phase, in order of start. N = {n}.",
    alt_text=_phases_in_words,
    caption_note=_phases_note,
    minimum=1,
    needs=("as_of",),
    is_dense=_is_many,
    dense_caption="Trials that run in each year, from start to completion, by phase; a "
    "trial counts in each of its years. Years after the cut-off are plans. N = {n}.",
    draws_cut_off=True,
)
