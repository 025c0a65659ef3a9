"""Starts per year (F12) and participants adding up by start date (F9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED, Mark
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.marks import route_look
from trialkit.figures.draw.page import (
    KeyItem,
    draw_key,
    empty_note,
    figure_of,
    key_height,
    page_axes,
    require,
    text_mm,
    widest,
)
from trialkit.figures.draw.rows import one_line, routes_of, stated
from trialkit.figures.draw.scales import count_ticks
from trialkit.figures.draw.spans import (
    cut_off_of,
    day_number,
    draw_cut_off,
    draw_years,
    pale,
)
from trialkit.figures.draw.stacks import several_look, source_looks
from trialkit.summarize.groups import SEVERAL
from trialkit.summarize.wording import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BODY = 62.0  # mm
_GLYPH = 3.2  # a part lower than this has no room for its marker


@drawing
def plot_starts_by_year(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many trials started in each year, divided by route or another group.

    The cut-off's own year is hatched and says up to which day it counts: it must not
    be read as a decline. Years without a start keep their place.

    Parameters
    ----------
    frame
        `starts_by_year`: year, a column of groups, n, is_partial.
    ax
        Axes to draw in; by default a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        One column per year, its parts as many as the trials that started in it.
    """
    require(frame, ("year", "n", "is_partial"), "plot_starts_by_year")
    if frame.empty or not frame["n"].gt(0).any():
        return empty_note(ax)
    name = next(c for c in frame.columns if c not in ("year", "n", "is_partial"))
    if name == "cell_source":
        require(frame, ("source_family",), "plot_starts_by_year")
    if name == "phase_group":
        frame = frame.assign(phase_group=words(frame[name], name))
    marks = _marks(frame, name)
    wide = frame.assign(group=stated(frame[name]))
    wide = wide.pivot_table(index="year", columns="group", values="n", aggfunc="sum")
    wide = wide[[group for group in marks if group in wide and wide[group].gt(0).any()]]
    key = [KeyItem(g, (_dot(g, marks[g], 5),)) for g in wide.columns]
    width = brand.load().width_mm - 4
    top = key_height(key, width) + 6
    ticks = count_ticks(int(wide.sum(axis=1).max()), most=7)
    left = text_mm(f"{ticks[-1]:,}") + 9
    ax = page_axes(ax, body=_BODY, left=left, right=2, top=top, bottom=8)
    partial = set(frame.loc[frame["is_partial"].astype(bool), "year"])
    _draw_columns(ax, wide, marks, partial, _BODY / ticks[-1])
    _draw_axes(ax, wide.index.to_list(), ticks)
    if partial:
        _draw_partial(ax, frame, max(partial))
    draw_key(ax, key, width=width, x=2 - left, y=top - 1)
    return ax


def _marks(frame: pd.DataFrame, name: str) -> dict[str, Mark]:
    """Return how the groups of a frame look, in drawing order."""
    routes = brand.load().routes
    if name == "route_group":
        marks = {g: brand.route_mark(g) for g in routes_of(frame[name])}
        return {g: _several() if g == SEVERAL[name] else m for g, m in marks.items()}
    if name == "cell_source":
        looks = source_looks(frame[name], frame["source_family"])
        colors = {g: (look.color, look.hatch) for g, look in looks.items()}
    else:
        hues = list(brand.load().families.values())
        groups = [g for g in dict.fromkeys(stated(frame[name])) if g != NOT_STATED]
        colors: dict[str, tuple[str, str | None]]
        # More groups than hues: the second round is paler.
        hues += [brand.tint(hue, 0.45) for hue in hues]
        colors = {g: (hues[i % len(hues)], None) for i, g in enumerate(groups)}
        colors[NOT_STATED] = (brand.color("missing"), "////")
    shapes = [mark.marker for mark in routes.values()]
    slate = brand.color("slate")
    return {
        group: Mark(color, slate, shapes[i % len(shapes)], hatch)
        for i, (group, (color, hatch)) in enumerate(colors.items())
    }


def _several() -> Mark:
    look = several_look()
    return Mark(look.color, brand.color("slate"), "h", look.hatch)


def _dot(group: str, mark: Mark, size: float) -> dict[str, Any]:
    if group in brand.load().routes:
        return route_look(group, size=size)
    look: dict[str, Any] = {"marker": mark.marker, "s": size**2, "linewidth": 0.6}
    look |= {"facecolor": mark.color, "edgecolor": mark.edge}
    return look | {"hatch": "////////" if group == NOT_STATED else None}


def _draw_columns(
    ax: Axes,
    wide: pd.DataFrame,
    marks: Mapping[str, Mark],
    partial: set[int],
    mm: float,
) -> None:
    """Draw the parts of one group as two paths: whole years, and the unfinished one."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    base = np.zeros(len(wide))
    years = wide.index.to_numpy()
    is_partial = np.isin(years, list(partial))
    for group in wide.columns:
        heights = wide[group].to_numpy(float)
        mark = marks[group]
        for own, color, hatch in (
            (~is_partial, mark.color, mark.hatch),
            (is_partial, pale(mark.color), "\\\\\\\\"),
        ):
            cells = [
                _column(x, y, h)
                for x, y, h in zip(years[own], base[own], heights[own], strict=True)
                if h
            ]
            if cells:
                path = Path.make_compound_path(*cells)
                look: dict[str, Any] = {"facecolor": color, "hatch": hatch}
                look |= {"edgecolor": "white" if not hatch else mark.edge}
                ax.add_patch(PathPatch(path, linewidth=0.5, label=group, **look))
        has_room = heights * mm >= _GLYPH
        if has_room.any():
            middle = (base + heights / 2)[has_room]
            dot = _dot(group, mark, 3.6) | {"edgecolor": "white", "zorder": 3}
            ax.scatter(years[has_room], middle, **dot)
        base = base + heights


def _column(x: float, y: float, height: float) -> Any:
    from matplotlib.path import Path

    left, right, top = x - 0.4, x + 0.4, y + height
    corners = [(left, y), (right, y), (right, top), (left, top), (left, y)]
    return Path(corners, closed=True)


def _draw_axes(ax: Axes, years: Sequence[int], ticks: Sequence[int]) -> None:
    ax.set_xlim(years[0] - 0.6, max(years[-1], years[0] + 5) + 0.6)
    step = next(s for s in (1, 2, 5, 10, 20) if len(years) / s <= 14)
    shown = [year for year in years if year % step == 0]
    ax.set_xticks(shown, [str(year) for year in shown])
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(list(ticks), [f"{tick:,}" for tick in ticks])
    ax.set_ylabel("Trials that started")
    ax.grid(axis="y")


def _draw_partial(ax: Axes, frame: pd.DataFrame, year: int) -> None:
    """Say above the unfinished year up to which day it counts."""
    day = frame.attrs.get("as_of")
    ax.annotate(
        f"{year}: to {day}" if day else f"{year} is not over",
        (year + 0.4, ax.get_ylim()[1]),
        xytext=(0, 2),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color=brand.color("accent"),
        fontsize=brand.load().small_size,
        annotation_clip=False,
    )


@drawing
def plot_cumulative_enrollment(
    frame: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how the participants of trials add up by start date, a step line per route.

    Parameters
    ----------
    frame
        `cumulative_enrollment`: trial_id, route_group, start, total.
    as_of
        The data cut-off; by default the frame's own. Steps after it are dashed.
    ax
        Axes to draw in; by default a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        One line per route, marker and sum at its end; x is in days since 1970.

    Raises
    ------
    ParameterError
        If `as_of` is no date.
    """
    columns = ("trial_id", "route_group", "start", "total")
    require(frame, columns, "plot_cumulative_enrollment")
    cut_off = cut_off_of(frame, as_of)
    if frame.empty:
        return empty_note(ax)
    days = np.array([day_number(day) for day in frame["start"]])
    last = np.nanmax([days.max(), cut_off])
    groups = routes_of(frame["route_group"], only_used=True)
    ends = {g: int(frame.loc[frame["route_group"] == g, "total"].max()) for g in groups}
    labels = {g: f"{one_line(g)} {n:,}" for g, n in ends.items()}
    ticks = count_ticks(max(ends.values()), most=7)
    left, right = text_mm(f"{ticks[-1]:,}") + 9, widest(labels.values()) + 8
    body = max(_BODY, 4.2 * len(groups))
    ax = page_axes(ax, body=body, left=left, right=right, top=7, bottom=8)
    draw_years(ax, days.min(), last)
    ax.set_xlim(right=last)
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.grid(axis="y")
    ax.set_ylabel("Participants, added up")
    for group in groups:
        is_own = (frame["route_group"] == group).to_numpy()
        total = frame.loc[is_own, "total"].to_numpy(float)
        _draw_steps(ax, group, days[is_own], total, cut_off, last)
    draw_cut_off(ax, cut_off)
    _draw_ends(ax, ends, labels, last, body / ticks[-1])
    return ax


def _draw_steps(
    ax: Axes,
    group: str,
    days: np.ndarray,
    total: np.ndarray,
    cut_off: float,
    last: float,
) -> None:
    """Draw one route's steps, those after the cut-off dashed."""
    mark = brand.route_mark(group)
    look: dict[str, Any] = {"linewidth": 1.3, "zorder": 2, "where": "post"}
    look["color"] = mark.edge if mark.hatch else mark.color
    xs = np.concatenate(([days[0]], days, [last]))
    ys = np.concatenate(([0.0], total, total[-1:]))
    is_past = xs <= (last if np.isnan(cut_off) else cut_off)
    if is_past.any():
        turn = min(last, cut_off) if not np.isnan(cut_off) else last
        level = ys[is_past][-1]
        ax.step([*xs[is_past], turn], [*ys[is_past], level], label=group, **look)
        xs, ys = [turn, *xs[~is_past]], [level, *ys[~is_past]]
    if not is_past.all():
        ax.step(xs, ys, linestyle=(0, (2, 1.5)), **look)


def _draw_ends(
    ax: Axes, ends: Mapping[str, int], labels: Mapping[str, str], last: float, mm: float
) -> None:
    """Name each line at its end, names moved apart where lines end close together."""
    gap = 4.0 / mm
    order = sorted(ends, key=lambda group: ends[group])
    places: list[float] = []
    for group in order:
        floor = places[-1] + gap if places else 0.0
        places.append(max(float(ends[group]), floor))
    over = max(0.0, places[-1] - max(ax.get_ylim()[1], places[0] + gap * len(places)))
    for group, place in zip(order, places, strict=True):
        y = place - over
        ax.annotate(
            labels[group],
            (last, ends[group]),
            xytext=(12, (y - ends[group]) * mm / 25.4 * 72),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
            fontsize=brand.load().small_size,
        )
        look = route_look(group, size=4.6)
        shift = (y - ends[group]) * mm
        _draw_marker(ax, last, ends[group], shift, look)


def _draw_marker(
    ax: Axes, x: float, y: float, shift: float, look: dict[str, Any]
) -> None:
    from matplotlib.transforms import ScaledTranslation

    move = ScaledTranslation(6 / 72, shift / 25.4, figure_of(ax).dpi_scale_trans)
    ax.scatter([x], [y], transform=ax.transData + move, clip_on=False, **look)
