"""When trials run, how long they take, how far they are."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import lanes, marks, page, phrases, running
from trialkit.figures.draw.piles import Part, draw_piles
from trialkit.figures.figure import Figure, bars_figure, matrix_figure
from trialkit.summarize.wording import counted, words

_RIGHT = 13.0  # mm
_NAMED = 30  # undated trials named under the plot


def _draw_timeline(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw when each trial runs, one lane per trial, sorted as the frame is.

    What lies after the data cut-off is planned and drawn pale; without a cut-off no
    line is drawn and nothing is pale. Up to 40 trials have their id, status, routes and
    participants beside the lane; of more, it is counted how many run in each year, all
    together and by route. Trials without any date are named below the plot rather than
    put somewhere on it. The x axis is in days since 1970, as in matplotlib's own date
    axes.
    """
    cut_off = lanes.cut_off_of(frame)
    spans = lanes.spans_of(frame)
    is_undated = np.array([span.is_undated for span in spans], dtype=bool)
    undated = frame.loc[is_undated, "trial_id"].astype(str).tolist()
    frame = frame[~is_undated]
    if frame.empty:
        return page.empty_note(ax, "No trial states a date")
    if _is_many(frame):
        groups = frame["route_groups"].map(marks.split_routes)
        return running.draw_running(frame, groups, ax, column="route_group")
    spans = [span for span in spans if not span.is_undated]
    routes = list(map(marks.split_routes, frame["route_groups"]))
    routes = [groups[:3] for groups in routes]
    ids = [page.shorten(str(value), 32) for value in frame["trial_id"]]
    glyphs = max(map(len, routes)) * marks.GLYPH + 1.5
    left = 6.5 + page.widest(ids) + glyphs
    key = marks.route_key(chain(*routes))
    key += lanes.span_key(spans, cut_off)
    note = f"Status: {marks.status_key(frame['overall_status'])}"
    if undated:
        more = len(undated) - _NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        note += f"\nNo dates in the sources: {', '.join(undated[:_NAMED])}{rest}"
    size = {"body": len(ids) * 4.6, "left": left, "right": _RIGHT}
    with lanes.lane_axes(ax, spans, cut_off, key, note, **size) as ax:
        ax.set_yticks(range(len(ids)), ids)
        ax.tick_params(axis="y", pad=(glyphs + 0.5) / page.POINT)
        lanes.draw_spans(ax, spans, routes, cut_off)
        marks.draw_letters(ax, 2.4 - left, frame["overall_status"], 0)
        marks.draw_glyphs(ax, 1.5 - glyphs, routes)
        page.beside(ax, _RIGHT - 2, -0.75, "n", is_small=True, va="baseline")
        for y, n in enumerate(frame["enrollment"]):
            text = "not stated" if pd.isna(n) else f"{int(n):,}"
            page.beside(ax, _RIGHT - 2, y, text, is_small=pd.isna(n))
    return ax


def _is_many(frame: pd.DataFrame) -> bool:
    return len(frame) > lanes.LANES


def _timeline_in_words(frame: pd.DataFrame) -> str:
    spans = [span for span in lanes.spans_of(frame) if not span.is_undated]
    cut_off = frame.attrs.get("as_of")
    number = phrases.part_of(len(spans), len(frame))
    parts = [f"Lanes from start to completion for {number}"]
    if _is_many(frame) and spans:
        dated = frame[[not span.is_undated for span in lanes.spans_of(frame)]]
        counts = running.columns_of(running.years_of(dated)[1])
        year = max(counts, key=lambda each: (counts[each], -each))
        parts = [f"Years in which {number} run, most in {year}: {counts[year]:,}"]
    for name, verb in (("start", "starts"), ("completion", "completions")):
        when = pd.to_datetime(frame[f"{name}_earliest"]).dropna().dt.year
        if len(when):
            parts.append(f"{verb} {phrases.years_between(when.min(), when.max())}")
    text = "; ".join(parts)
    return f"{text}; data cut-off {cut_off}." if cut_off else f"{text}."


def _timeline_note(frame: pd.DataFrame) -> str:
    undated = [span.is_undated for span in lanes.spans_of(frame)]
    names = frame.loc[undated, "trial_id"].astype(str).tolist()
    parts = [f"No dates in the sources: {phrases.some(names)}."] if names else []
    groups = set(chain.from_iterable(map(marks.split_routes, frame["route_groups"])))
    n = len(groups - {NOT_STATED})
    if _is_many(frame) and n > running.MOST_GROUPS:
        parts.append(f"Of {n:,} routes the {running.MOST_GROUPS} with most trials.")
    return " ".join(parts)


timeline = Figure(
    name="timeline",
    question="When does each trial run?",
    summary=summarize.timeline,
    columns=("trial_id", "route_groups", "overall_status", "enrollment"),
    drawing=_draw_timeline,
    caption="Time from start to completion, one lane per trial, in order of start "
    "date. Unit: trials, N = {n}. The part after the cut-off is lighter; an arrow "
    "means that the source gives no end, a bracket that it gives no start; whiskers "
    "span what a date known to the month can mean. Trials without any date are named "
    "below the lanes.",
    alt_text=_timeline_in_words,
    caption_note=_timeline_note,
    minimum=1,
    needs=("as_of",),
    draws_cut_off=True,
    is_dense=_is_many,
    dense_caption="Trials that run in each year, from start to completion, by route; a "
    "trial counts in each of its years, and routes. Years after the cut-off are plans. "
    "N = {n}.",
    instead=lambda _: "No source gives a date of a trial: no timeline is drawn.",
)

#: Years from start to completion with a column of their own.
_MOST_YEARS = 9
_REACHED, _PLANNED = "Completed or stopped", "Planned, unknown or withdrawn"


def _draw_durations(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many years trials last from start to completion, in columns.

    Those that are completed or stopped by their record have the accent; the end of
    others is a plan, or not known. A date known to the month is taken at its middle.
    """
    columns = _duration_columns(frame)
    parts = [
        Part(_REACHED, brand.color("accent")),
        Part(_PLANNED, brand.color("rest")),
    ]
    return draw_piles(ax, columns, parts, is_boxed=False)


def _duration_columns(frame: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return the trials of each class of years, by what is known of their end."""
    lasting = pd.Series(np.ceil(frame["months"].astype(float) / 12)).clip(lower=1)
    last = int(min(lasting.max(), _MOST_YEARS + 1))
    status = words(frame["overall_status"], "overall_status").astype(str)
    is_reached = status.isin(["Completed", "Terminated"])
    columns: dict[str, dict[str, int]] = {}
    for year in range(1, last + 1):
        own = lasting.ge(year) if year > _MOST_YEARS else lasting.eq(year)
        name = f"{year - 1} to {year}" if year > 1 else "up to 1"
        name = f"over {_MOST_YEARS}" if year > _MOST_YEARS else name
        n, reached = int(own.sum()), int((own & is_reached).sum())
        columns[name] = {_REACHED: reached, _PLANNED: n - reached}
    return columns


def _durations_in_words(frame: pd.DataFrame) -> str:
    lasting = frame["months"].dropna().astype(float) / 12
    columns = _duration_columns(frame)
    told = [f"{name} {sum(own.values()):,}" for name, own in columns.items()]
    reached = sum(own[_REACHED] for own in columns.values())
    spread = phrases.spread_in_words(lasting)
    return (
        f"Years from start to completion: {spread}. Trials by years:"
        f" {'; '.join(told)}. Completed or stopped: {reached:,}."
    )


def _durations_note(frame: pd.DataFrame) -> str:
    n = int(frame.attrs.get("n_reversed", 0))
    trials = f"{counted(n, 'trial')} with a completion before the start"
    return f"Not drawn: {trials}." if n else ""


durations = Figure(
    name="durations",
    question="How long do trials take?",
    summary=summarize.durations,
    columns=("trial_id", "months", "overall_status"),
    drawing=_draw_durations,
    caption="Trials by years from start to completion. N = {n_usable} of {n} with both "
    "dates.",
    alt_text=_durations_in_words,
    caption_note=_durations_note,
    minimum=3,
    without_cells=None,
)

status_by_route = matrix_figure(
    "status_by_route",
    """Draw the trials of each route and recruitment status.

    The commonest route comes first, with its trials at the right, each once; a trial
    with two routes is in two rows. Statuses stand in the order of a trial's life. The
    accent marks the largest pair, "Not stated" is an outline.
    """,
    row="route_group",
    column="status",
    ranked=("route_group",),
    question="How far are the trials of each route?",
    summary=summarize.status_by_route,
    caption="Trials by route and recruitment status, as registered; a trial with "
    "several routes counts in each. Outlined: one of the two is not stated. N = {n}.",
    alt_text=phrases.pairs_in_words(
        "route_group", "status", "route and recruitment status"
    ),
    minimum=8,
)


statuses = bars_figure(
    "statuses",
    "Draw how many trials there are of each status, as bars.",
    column="status",
    words="recruitment status",
    is_ranked=False,
    question="Which trials are open, completed, stopped or of unknown status?",
    summary=summarize.statuses,
    caption="Trials by recruitment status. N = {n}.",
)
