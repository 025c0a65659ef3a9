"""The whole landscape on one page, one row per trial."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, lanes, marks, page, phrases
from trialkit.figures.figure import Figure

_PHASE = 14.0  # mm
_SOURCE = 40.0  # widest cell source
_NUMBER = 15.0
_DOT = 3.6  # largest


def _draw_landscape_strip(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw every trial as one row: phase, routes, cell source, participants, time.

    Up to 40 trials are drawn; of more, the 40 that start last, and a note says so. A
    dagger marks a trial whose sources differ on some value. Without a cut-off no line
    is drawn and nothing is pale. The x axis is in days since 1970, as in matplotlib's
    own date axes.
    """
    cut_off = lanes.cut_off_of(frame)
    rows = lanes.latest_rows(frame)
    spans = lanes.spans_of(rows)
    routes = [marks.split_routes(value)[:3] for value in rows["route_groups"]]
    at = _columns(rows, routes)
    left = -at["id"]
    key = marks.route_key(chain(*routes)) + lanes.span_key(spans, cut_off)
    note = _strip_key(frame, rows)
    size = {"body": len(rows) * 4.7, "left": left, "right": 9, "head": 5}
    with lanes.lane_axes(ax, spans, cut_off, key, note, **size) as ax:
        ax.set_yticks(range(len(rows)), _ids(rows))
        ax.tick_params(axis="y", pad=left / page.POINT)
        for tick in ax.get_yticklabels():
            tick.set_horizontalalignment("left")
        lanes.draw_spans(ax, spans, routes, cut_off)
        marks.draw_glyphs(ax, at["routes"] + 1.5, routes)
        marks.draw_letters(ax, 4.5, rows["overall_status"], 1)
        _draw_words(ax, rows, at)
        _draw_numbers(ax, rows, at["n"])
        heads = {"phase": "Phase", "routes": "Route", "source": "Cell source"}
        look: dict[str, Any] = {"edge": 0, "is_small": True, "va": "bottom"}
        for name, head in heads.items():
            page.beside(ax, at[name], -0.7, head, ha="left", **look)
        page.beside(ax, at["n"] + _NUMBER - 3, -0.7, "n", **look)
    return ax


def _columns(rows: pd.DataFrame, routes: list[list[str]]) -> dict[str, float]:
    """Return where each column starts, in mm from the plot's left edge."""
    widths = {
        "id": page.widest(_ids(rows)) + 3,
        "phase": max(page.widest(_phases(rows)), page.text_mm("Phase")) + 2,
        "routes": max(max(map(len, routes)) * marks.GLYPH, page.text_mm("Route")) + 2,
        "source": max(page.widest(_sources(rows), brand.load().small_size), 14) + 2,
        "n": _NUMBER,
    }
    total = sum(widths.values())
    starts = np.cumsum([0.0, *widths.values()])[:-1] - total
    return dict(zip(widths, starts.tolist(), strict=True))


def _ids(rows: pd.DataFrame) -> list[str]:
    flags = rows["has_conflict"].astype("boolean").fillna(False)
    pairs = zip(rows["trial_id"].astype(str), flags, strict=True)
    return [page.shorten(trial, 30) + ("†" if flag else "") for trial, flag in pairs]


def _phases(rows: pd.DataFrame) -> list[str]:
    """Return the phases; a register's own words are cut to the column's width."""
    phases = axis.stated(rows["phase_group"])
    return ["ns" if p == NOT_STATED else page.shorten(p, _PHASE) for p in phases]


def _sources(rows: pd.DataFrame) -> list[str]:
    """Return the cell sources in short form, cut to the column's width."""
    size = brand.load().small_size
    texts = (text.split("; ") for text in axis.stated(rows["cell_sources"]))
    plain = (", ".join(map(marks.short_source, parts)) for parts in texts)
    return [page.shorten(text, _SOURCE, size) for text in plain]


def _draw_words(ax: page.Axes, rows: pd.DataFrame, at: dict[str, float]) -> None:
    small = brand.load().small_size
    for x, words, size in (
        (at["phase"], _phases(rows), None),
        (at["source"], _sources(rows), small),
    ):
        for y, word in enumerate(words):
            shade = brand.color("slate" if word in ("ns", NOT_STATED) else "ink")
            page.beside(ax, x, y, word, edge=0, ha="left", fontsize=size, color=shade)


def _draw_numbers(ax: page.Axes, rows: pd.DataFrame, x: float) -> None:
    """Draw participants as a dot by area and as a number; the fill tells the type."""
    place, slate = page.gutter(ax, 0), brand.color("slate")
    numbers = rows["enrollment"].astype("Float64").to_numpy(float, na_value=np.nan)
    fills = marks.fills_of(rows["enrollment_type"]).to_numpy()
    for y, n in enumerate(numbers):
        text = "ns" if np.isnan(n) else f"{int(n):,}"
        shade = slate if np.isnan(n) else brand.color("ink")
        page.beside(ax, x + _NUMBER - 3, y, text, edge=0, color=shade)
    with_dot = np.nan_to_num(numbers) > 0
    widths = _DOT * np.sqrt(numbers / max([1.0, *numbers[with_dot]]))
    for fill in (marks.ACTUAL, marks.PLANNED, marks.UNTYPED):
        (at,) = np.nonzero(with_dot & (fills == fill))
        layers = marks.fill_looks(fill, slate, slate, width=np.maximum(widths[at], 0.7))
        for layer in layers if len(at) else ():
            spots = np.full(len(at), x + 2), at
            ax.scatter(*spots, transform=place, clip_on=False, label=fill, **layer)


def _strip_key(frame: pd.DataFrame, rows: pd.DataFrame) -> str:
    parts = [f"Status: {marks.status_key(rows['overall_status'])}"]
    kinds = set(marks.fills_of(rows["enrollment_type"]))
    fills = {marks.ACTUAL: "filled", marks.PLANNED: "open", marks.UNTYPED: "half"}
    used = [f"{word} {kind}" for kind, word in fills.items() if kind in kinds]
    parts.append(f"n: participants, as an area; {', '.join(used)}")
    if rows["has_conflict"].astype("boolean").fillna(False).any():
        parts.append("†: sources differ on a value")
    if "ns" in _phases(rows) or rows["enrollment"].isna().any():
        parts.append("ns: not stated")
    if len(rows) < len(frame):
        parts.append(f"Of {len(frame):,} trials the {len(rows)} that start last")
    return ". ".join(parts) + "."


def _strip_in_words(frame: pd.DataFrame) -> str:
    groups = axis.stated(frame["route_groups"]).str.split("; ").explode()
    groups = groups.rename("route_group")
    counts = groups.value_counts()
    used = axis.groups_of(groups, only_used=True)
    named = [f"{group} {counts[group]:,}" for group in used]
    number = phrases.part_of(len(lanes.latest_rows(frame)), len(frame))
    return (
        f"One row per trial for {number}: phase, routes, cell source, participants,"
        f" dates and status. Trials by route: {'; '.join(named)}."
    )


def _strip_note(frame: pd.DataFrame) -> str:
    if len(frame) <= lanes.LANES:
        return ""
    return f"Of {len(frame):,} trials the {lanes.LANES} that start last are drawn."


landscape_strip = Figure(
    name="landscape_strip",
    question="Which trials are there, and how do they differ?",
    summary=summarize.landscape_strip,
    columns=(
        *("trial_id", "phase_group", "route_groups", "cell_sources"),
        *("enrollment", "enrollment_type", "overall_status", "has_conflict"),
    ),
    drawing=_draw_landscape_strip,
    own_label="fig-strip",
    caption="The landscape: one row per trial, in order of start date, with phase, "
    "route, cell source, participants (dot area) and the time from start to "
    "completion. Unit: trials; N = {n}. What no source states is grey and hatched.",
    alt_text=_strip_in_words,
    caption_note=_strip_note,
    minimum=1,
    needs=("as_of",),
    draws_cut_off=True,
)
