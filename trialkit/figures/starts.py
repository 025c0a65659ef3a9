"""Trials that started per year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.brand import Mark
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import (
    axis,
    bars,
    lanes,
    levels,
    marks,
    page,
    phrases,
    scales,
)
from trialkit.figures.figure import Figure
from trialkit.summarize.groups import SEVERAL
from trialkit.summarize.wording import counted, sentence_list, words

_BODY = 62.0  # mm
_GLYPH = 3.2  # a part lower than this has no room for its marker

#: Years, and trials in one, up to which every column has its number.
_MOST_NUMBERED = 25


def _draw_starts_by_year(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials started in each year, divided by route or another group.

    One column per year, its parts as many as the trials that started in it. The
    cut-off's own year is hatched and says up to which day it counts: it must not be
    read as a decline. Years without a start keep their place.
    """
    if not frame["n"].gt(0).any():
        return page.empty_note(ax)
    name = next(c for c in frame.columns if c not in ("year", "n", "is_partial"))
    if name == "cell_source":
        page.require(frame, ("source_family",), "the figure starts_by_year")
    if name == "phase_group":
        frame = frame.assign(phase_group=words(frame[name], name))
    looks = _marks(frame, name)
    wide = frame.assign(group=axis.stated(frame[name]))
    wide = wide.pivot_table(index="year", columns="group", values="n", aggfunc="sum")
    wide = wide[[group for group in looks if group in wide and wide[group].gt(0).any()]]
    key = [page.KeyItem(g, (_dot(g, looks[g], 5),)) for g in wide.columns]
    top = page.key_height(key) + 6
    ticks = scales.count_ticks(int(wide.sum(axis=1).max()), most=7)
    left = page.text_mm(f"{ticks[-1]:,}") + 9
    ax = page.axes(ax, body=_BODY, left=left, right=2, top=top, bottom=8)
    unfinished = set(frame.loc[frame["is_partial"].astype(bool), "year"])
    _draw_columns(ax, wide, looks, unfinished, _BODY / ticks[-1])
    _draw_years_axis(ax, wide.index.to_list())
    scales.draw_upright_count_axis(ax, ticks, "Trials that started")
    ax.grid(axis="y")
    if unfinished:
        _draw_partial(ax, frame, max(unfinished))
    page.draw_key(ax, key, x=2 - left, y=top - 1)
    return ax


def _marks(frame: pd.DataFrame, name: str) -> dict[str, Mark]:
    """Return how the groups of a frame look, in drawing order."""
    slate, routes = brand.color("slate"), brand.load().routes
    if name == "route_group":
        several = bars.several_look()
        known = {SEVERAL[name]: Mark(several.color, slate, "h", several.hatch)}
        groups = axis.groups_of(frame[name])
        return {group: known.get(group) or brand.route_mark(group) for group in groups}
    if name == "cell_source":
        looks = bars.source_looks(frame)
    else:
        hues = list(brand.load().families.values())
        # More groups than hues: the second round is paler.
        hues += [brand.tint(hue, 0.45) for hue in hues]
        groups = [g for g in dict.fromkeys(axis.stated(frame[name])) if g != NOT_STATED]
        looks = {g: bars.Look(hues[i % len(hues)]) for i, g in enumerate(groups)}
        looks[NOT_STATED] = bars.missing_look()
    shapes = [mark.marker for mark in routes.values()]
    return {
        group: Mark(look.color, slate, shapes[i % len(shapes)], look.hatch)
        for i, (group, look) in enumerate(looks.items())
    }


def _dot(group: str, mark: Mark, size: float) -> dict[str, Any]:
    if group in brand.load().routes:
        return marks.route_look(group, size=size)
    look: dict[str, Any] = {"marker": mark.marker, "s": size**2, "linewidth": 0.6}
    look |= {"facecolor": mark.color, "edgecolor": mark.edge}
    return look | {"hatch": "////////" if group == NOT_STATED else None}


def _draw_columns(
    ax: page.Axes,
    wide: pd.DataFrame,
    looks: dict[str, Mark],
    unfinished: set[int],
    mm: float,
) -> None:
    """Draw the parts of one group as two paths: whole years, and the unfinished one."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    base = np.zeros(len(wide))
    years = wide.index.to_numpy()
    is_partial = np.isin(years, list(unfinished))
    for group in wide.columns:
        heights = wide[group].to_numpy(float)
        mark = looks[group]
        for own, color, hatch in (
            (~is_partial, mark.color, mark.hatch),
            (is_partial, lanes.pale(mark.color), "\\\\\\\\"),
        ):
            columns = [
                _column(x, y, h)
                for x, y, h in zip(years[own], base[own], heights[own], strict=True)
                if h
            ]
            if columns:
                path = Path.make_compound_path(*columns)
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


def _draw_years_axis(ax: page.Axes, years: Sequence[int]) -> None:
    ax.set_xlim(years[0] - 0.6, max(years[-1], years[0] + 5) + 0.6)
    step = next(s for s in (1, 2, 5, 10, 20) if len(years) / s <= 14)
    shown = [year for year in years if year % step == 0]
    ax.set_xticks(shown, [str(year) for year in shown])


def _draw_partial(ax: page.Axes, frame: pd.DataFrame, year: int) -> None:
    """Say above the unfinished year up to which day it counts."""
    day = frame.attrs.get("as_of")
    text = f"{year}: to {day}" if day else f"{year} is not over"
    look: dict[str, Any] = {"ha": "right", "va": "bottom"}
    look |= {"color": brand.color("accent"), "fontsize": brand.load().small_size}
    page.label_point(ax, text, (year + 0.4, ax.get_ylim()[1]), (0, 2), **look)


def _starts_in_words(frame: pd.DataFrame) -> str:
    years = frame.groupby("year")["n"].sum()
    most = int(years.max())
    peak = sentence_list([str(year) for year in years.index[years == most]][:3])
    unfinished = frame.loc[frame["is_partial"].astype(bool), "year"]
    span = phrases.years_between(years.index.min(), years.index.max())
    text = f"Trials that started per year, {span}: the highest bar counts {most:,}"
    if unfinished.empty:
        return f"{text} ({peak})."
    last = unfinished.max()
    n = int(years.loc[last])
    return f"{text} ({peak}); {n:,} in {last}, which is not over at the cut-off."


def _starts_note(frame: pd.DataFrame) -> str:
    planned, undated = (int(frame.attrs.get(n, 0)) for n in ("n_planned", "n_undated"))
    is_partial = frame["is_partial"].astype("boolean").fillna(False).any()
    over = "Hatched: the year of the cut-off, which is not over." if is_partial else ""
    parts = []
    if planned:
        parts.append(f"{counted(planned, 'trial')} planned to start after the cut-off")
    if undated:
        parts.append(f"{counted(undated, 'trial')} without a start date")
    absent = f"Not drawn: {'; '.join(parts)}." if parts else ""
    return " ".join(filter(None, (over, absent)))


starts_by_year = Figure(
    name="starts_by_year",
    question="How many trials start each year, by route?",
    summary=summarize.starts_by_year,
    columns=("year", "n", "is_partial"),
    drawing=_draw_starts_by_year,
    caption="Trials that started per year, by route. Unit: trials, N = {n_usable} of "
    "{n}. Each trial is in one part; “several routes” is a part.",
    alt_text=_starts_in_words,
    caption_note=_starts_note,
    minimum=5,
    needs=("as_of",),
)

source_by_year = replace(
    starts_by_year,
    name="source_by_year",
    question="How many trials start each year, by cell source?",
    summary=partial(summarize.starts_by_year, by="cell_source"),
    caption="Trials that started per year, by cell source. Unit: trials, N = "
    "{n_usable} of {n}. Each trial is in one part; “several sources” is a part.",
)

phase_by_year = replace(
    starts_by_year,
    name="phase_by_year",
    question="How many trials start each year, by phase?",
    summary=partial(summarize.starts_by_year, by="phase_group"),
    caption="Trials that started per year, by phase. Unit: trials, N = {n_usable} of "
    "{n}.",
)


def _draw_start_years(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials started in each year, up to the cut-off.

    The year of most starts has the accent. Trials without a start stand apart.
    """
    years = frame.groupby("year")["n"].sum().astype(int)
    counts = {str(year): int(n) for year, n in years.items()}
    named = levels.every(list(counts))
    if undated := int(frame.attrs.get("n_undated", 0)):
        counts[NOT_STATED] = undated
    is_short = len(years) <= _MOST_NUMBERED and years.max() < _MOST_NUMBERED
    marked = levels.marked_in(frame, counts)
    look = {"marked": marked, "ticks": named, "is_numbered": is_short}
    return levels.draw_columns(ax, counts, **look)


start_years = replace(
    starts_by_year,
    name="start_years",
    question="How many trials start each year?",
    drawing=_draw_start_years,
    caption="Trials by year of start. N = {n}.",
    minimum=1,
    is_half=True,
)
