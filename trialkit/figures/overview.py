"""The whole landscape on one page, one row per trial (figure F0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.marks import (
    ACTUAL,
    GLYPH,
    PLANNED,
    UNTYPED,
    draw_glyphs,
    draw_letters,
    fill_looks,
    fill_of,
    route_groups_in,
    route_key,
    short_source,
    split_routes,
    status_key,
)
from trialkit.figures.draw.page import (
    POINT,
    body_limit,
    draw_key,
    empty_note,
    gutter,
    key_height,
    note_below,
    note_height,
    page_axes,
    require,
    shorten,
    text_mm,
    widest,
    wrap,
)
from trialkit.figures.draw.rows import band_rows, stated
from trialkit.figures.draw.spans import (
    cut_off_of,
    draw_cut_off,
    draw_span,
    draw_years,
    latest_rows,
    range_of,
    span_key,
    spans_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LANE = 4.7  # mm
_PHASE = 14.0
_SOURCE = 40.0  # widest cell source
_NUMBER = 15.0
_RIGHT = 9.0
_DOT = 3.6  # largest


@drawing
def plot_landscape_strip(
    frame: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw every trial as one row: phase, routes, cell source, participants, time.

    Up to 40 trials are drawn; of more, the 40 that start last, and a note says so. A
    dagger marks a trial whose sources differ on some value.

    Parameters
    ----------
    frame
        `landscape_strip`: trial_id, phase_group, route_groups, cell_sources,
        enrollment, enrollment_type, start and completion (_earliest, _latest),
        overall_status, has_conflict.
    as_of
        The data cut-off; by default the frame's own (`frame.attrs["as_of"]`). Without
        either no line is drawn and nothing is pale.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        The x axis is in days since 1970, as in matplotlib's own date axes.

    Raises
    ------
    ParameterError
        If `as_of` is no date.
    """
    columns = ("trial_id", "phase_group", "route_groups", "cell_sources")
    more = ("enrollment", "enrollment_type", "overall_status", "has_conflict")
    require(frame, (*columns, *more), "plot_landscape_strip")
    cut_off = cut_off_of(frame, as_of)
    if frame.empty:
        return empty_note(ax)
    rows = latest_rows(frame)
    spans = spans_of(rows)
    routes = [split_routes(value)[:3] for value in rows["route_groups"]]
    columns_at = _columns(rows, routes)
    left, width = -columns_at["id"], brand.load().width_mm - 4
    key = route_key(route_groups_in(routes)) + span_key(spans, cut_off)
    note = _note(frame, rows, width)
    top, bottom = key_height(key, width) + 5, note_height(note) + 8
    ax = page_axes(
        ax,
        body=min(len(rows) * _LANE, body_limit(top=top, bottom=bottom)),
        left=left + 2,
        right=_RIGHT,
        top=top,
        bottom=bottom,
    )
    _draw_ids(ax, rows, left)
    draw_years(ax, *range_of(spans, cut_off))
    band_rows(ax, len(rows))
    for y, (span, groups) in enumerate(zip(spans, routes, strict=True)):
        draw_span(ax, y, span, groups, cut_off)
    draw_glyphs(ax, columns_at["routes"] + 1.5, routes)
    draw_letters(ax, 4.5, rows["overall_status"], 1)
    _draw_words(ax, rows, columns_at)
    _draw_numbers(ax, rows, columns_at["n"])
    _draw_heads(ax, columns_at)
    draw_cut_off(ax, cut_off)
    draw_key(ax, key, width=width, x=-left, y=top - 1)
    note_below(ax, note, x=-left, y=-6)
    return ax


def _columns(rows: pd.DataFrame, routes: list[list[str]]) -> dict[str, float]:
    """Return where each column starts, in mm from the plot's left edge."""
    widths = {
        "id": widest(_ids(rows)) + 3,
        "phase": max(widest(_phases(rows)), text_mm("Phase")) + 2,
        "routes": max(max(map(len, routes)) * GLYPH, text_mm("Route")) + 2,
        "source": max(widest(_sources(rows), brand.load().small_size), 14) + 2,
        "n": _NUMBER,
    }
    total = sum(widths.values())
    starts = np.cumsum([0.0, *widths.values()])[:-1] - total
    return dict(zip(widths, starts.tolist(), strict=True))


def _ids(rows: pd.DataFrame) -> list[str]:
    flags = rows["has_conflict"].astype("boolean").fillna(False)
    pairs = zip(rows["trial_id"].astype(str), flags, strict=True)
    return [shorten(trial, 30) + ("†" if flag else "") for trial, flag in pairs]


def _phases(rows: pd.DataFrame) -> list[str]:
    """Return the phases; a register's own words are cut to the column's width."""
    phases = stated(rows["phase_group"])
    return ["ns" if p == NOT_STATED else shorten(p, _PHASE) for p in phases]


def _sources(rows: pd.DataFrame) -> list[str]:
    """Return the cell sources in short form, cut to the column's width."""
    size = brand.load().small_size
    texts = (text.split("; ") for text in stated(rows["cell_sources"]))
    plain = (", ".join(map(short_source, parts)) for parts in texts)
    return [shorten(text, _SOURCE, size) for text in plain]


def _draw_ids(ax: Axes, rows: pd.DataFrame, left: float) -> None:
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), _ids(rows))
    ax.tick_params(axis="y", pad=left / POINT)
    for tick in ax.get_yticklabels():
        tick.set_horizontalalignment("left")


def _draw_words(ax: Axes, rows: pd.DataFrame, at: dict[str, float]) -> None:
    place, small = gutter(ax, 0), brand.load().small_size
    ink, slate = brand.color("ink"), brand.color("slate")
    for name, words, size in (
        ("phase", _phases(rows), None),
        ("source", _sources(rows), small),
    ):
        for y, word in enumerate(words):
            shade = slate if word in ("ns", NOT_STATED) else ink
            look: dict[str, Any] = {"color": shade, "va": "center_baseline"}
            ax.text(at[name], y, word, transform=place, fontsize=size, **look)


def _draw_numbers(ax: Axes, rows: pd.DataFrame, x: float) -> None:
    """Draw participants as a dot by area and as a number; the fill tells the type."""
    place, slate = gutter(ax, 0), brand.color("slate")
    numbers = rows["enrollment"].astype("Float64").to_numpy(float, na_value=np.nan)
    fills = np.array([fill_of(kind) for kind in rows["enrollment_type"]])
    look: dict[str, Any] = {"transform": place, "ha": "right", "va": "center_baseline"}
    for y, n in enumerate(numbers):
        text = "ns" if np.isnan(n) else f"{int(n):,}"
        shade = slate if np.isnan(n) else brand.color("ink")
        ax.text(x + _NUMBER - 3, y, text, color=shade, **look)
    with_dot = np.nan_to_num(numbers) > 0
    widths = _DOT * np.sqrt(numbers / max([1.0, *numbers[with_dot]]))
    for fill in (ACTUAL, PLANNED, UNTYPED):
        (at,) = np.nonzero(with_dot & (fills == fill))
        sizes = np.maximum(widths[at], 0.7)
        for layer in fill_looks(fill, slate, slate, width=sizes) if len(at) else ():
            spots = np.full(len(at), x + 2), at
            ax.scatter(*spots, transform=place, clip_on=False, label=fill, **layer)


def _draw_heads(ax: Axes, at: dict[str, float]) -> None:
    heads = {"phase": "Phase", "routes": "Route", "source": "Cell source"}
    look: dict[str, Any] = {"fontsize": brand.load().small_size, "va": "bottom"}
    look["color"] = brand.color("slate")
    place = gutter(ax, 0)
    for name, word in heads.items():
        ax.text(at[name], -0.7, word, transform=place, **look)
    ax.text(at["n"] + _NUMBER - 3, -0.7, "n", transform=place, ha="right", **look)


def _note(frame: pd.DataFrame, rows: pd.DataFrame, width: float) -> str:
    parts = [f"Status: {status_key(rows['overall_status'])}"]
    kinds = {fill_of(kind) for kind in rows["enrollment_type"]}
    fills = {ACTUAL: "filled", PLANNED: "open", UNTYPED: "half"}
    used = [f"{word} {kind}" for kind, word in fills.items() if kind in kinds]
    parts.append(f"n: participants, as an area; {', '.join(used)}")
    if rows["has_conflict"].astype("boolean").fillna(False).any():
        parts.append("†: sources differ on a value")
    if "ns" in _phases(rows) or rows["enrollment"].isna().any():
        parts.append("ns: not stated")
    if len(rows) < len(frame):
        parts.append(f"Of {len(frame):,} trials the {len(rows)} that start last")
    return wrap(". ".join(parts) + ".", width, brand.load().small_size)
