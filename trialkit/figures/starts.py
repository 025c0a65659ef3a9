"""Trials that started per year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from trialkit import summarize
from trialkit.codewords import NOT_STATED, short_word
from trialkit.figures.draw import axis, families, levels, page, phrases, years
from trialkit.figures.draw.piles import NO_DATE, Part, draw_piles
from trialkit.figures.figure import Figure
from trialkit.summarize.wording import counted, sentence_list, stating_no, words

#: Starts that have a box each; more are plain columns.
_MOST_BOXES = 100

#: Groups with a color of their own that are no families; the rest of them are one.
_MOST_GROUPS = 6
#: Groups with a row of their own.
_MOST_ROWS = 13

#: Years, and trials in one, up to which every column has its number.
_MOST_NUMBERED = 25
_APART = ("planned", "undated")


def _draw_starts_by_year(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials started in each year, divided by route or another group.

    One box per trial, stacked by group; years without a start keep their place, and
    trials without a start stand apart. Above 100 trials the columns are plain, and the
    year of most starts has the accent and its number; below them stands a row of tiles
    with the starts of each group.
    """
    if not frame["n"].gt(0).any():
        return page.empty_note(ax)
    if _is_many(frame):
        return _draw_many(frame, ax)
    grid, groups = _grid(frame, _MOST_GROUPS)
    hues = families.hues_of(sorted(groups, key=lambda group: -grid[group].sum()))
    parts = [Part(group, hues.get(group)) for group in groups]
    columns: dict[str, Any] = {
        str(year): row[row > 0].to_dict() for year, row in grid.iterrows()
    }
    undated = int(frame.attrs.get("n_undated", 0))
    return draw_piles(ax, columns, parts, undated=undated, ticks=_ticks(columns))


def _is_many(frame: pd.DataFrame) -> bool:
    return bool(frame["n"].sum() > _MOST_BOXES)


def _group_of(frame: pd.DataFrame) -> str:
    fixed = ("year", "n", "is_partial")
    return next(str(name) for name in frame.columns if name not in fixed)


def _grid(frame: pd.DataFrame, most: int) -> tuple[pd.DataFrame, list[str]]:
    """Return the trials of each year and group, and the groups in drawing order."""
    name = _group_of(frame)
    if name == "phase_group":
        frame = frame.assign(phase_group=words(frame[name], name))
    groups = axis.groups_of(frame[name], only_used=True)
    text = axis.stated(frame[name])
    sums = frame["n"].groupby(text).sum()
    groups = [group for group in groups if sums[group]]
    told = [group for group in groups if group != NOT_STATED]
    if len(told) > most and not families.are_families(told):
        small = sorted(told, key=lambda group: -sums[group])[most - 1 :]
        rest = f"{len(small)} others"
        text = text.replace(dict.fromkeys(small, rest))
        last = [NOT_STATED] if NOT_STATED in groups else []
        groups = [*(g for g in told if g not in small), rest, *last]
        sums[rest] = 0  # the rest comes last
    if name == "cell_source":
        groups.sort(key=lambda group: (group == NOT_STATED, -sums[group]))
    wide = frame.assign(group=text)
    wide = wide.pivot_table(index="year", columns="group", values="n", aggfunc="sum")
    return wide.fillna(0).astype(int), groups


def _ticks(names: Iterable[str]) -> list[str] | None:
    """Return the years to name where not each of them has room."""
    names = list(names)
    return None if len(names) <= _MOST_NUMBERED else levels.every(names, most=13)


def _draw_many(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw one plain column per year, and tiles for the years of each group."""
    grid, groups = _grid(frame, _MOST_ROWS)
    heads = years.year_heads(int(grid.index.min()), int(grid.index.max()))
    grid = grid.groupby(grid.index.where(grid.index >= min(heads), min(heads))).sum()
    columns = _numbers(grid.sum(axis=1))
    if _group_of(frame) != "phase_group":
        groups.sort(key=lambda group: (group == NOT_STATED, -grid[group].sum()))
    rows = {
        group: {year: n for year, n in _numbers(grid[group]).items() if n}
        for group in groups
    }
    sums = {group: sum(own.values()) for group, own in rows.items()}
    names = {group: short_word(group, _group_of(frame)) for group in groups}
    return years.draw_year_rows(ax, heads, columns, rows, sums=sums, names=names)


def _numbers(values: pd.Series) -> dict[int, int]:
    pairs = zip(values.index, values, strict=True)
    return {int(year): int(n) for year, n in pairs}


def _year_counts(frame: pd.DataFrame) -> dict[str, int]:
    starts = frame.groupby("year")["n"].sum().astype(int)
    return {str(year): int(n) for year, n in starts.items()}


def _starts_in_words(frame: pd.DataFrame) -> str:
    starts = frame.groupby("year")["n"].sum()
    most = int(starts.max())
    peak = sentence_list([str(year) for year in starts.index[starts == most]][:3])
    unfinished = frame.loc[frame["is_partial"].astype(bool), "year"]
    span = phrases.years_between(starts.index.min(), starts.index.max())
    text = f"Trials by year of start, {span}: the highest bar counts {most:,}"
    if unfinished.empty:
        return f"{text} ({peak})."
    last = unfinished.max()
    n = int(starts.loc[last])
    return f"{text} ({peak}); {n:,} in {last}, which is not over at the cut-off."


def _starts_note(frame: pd.DataFrame) -> str:
    """Return which trials have no column, and which year is not over."""
    planned, undated = (int(frame.attrs.get(f"n_{n}", 0)) for n in _APART)
    partial = frame.loc[frame["is_partial"].astype("boolean").fillna(False), "year"]
    day = frame.attrs.get("as_of")
    parts = []
    if undated and _is_many(frame):
        parts.append(f"{stating_no(undated, 'start')}.")
    if len(partial):
        until = f"counts to {day}" if day else "is not over"
        parts.append(f"{int(partial.max())} {until}.")
    if planned:
        parts.append(f"Not drawn: {counted(planned, 'trial')} with a later start.")
    return " ".join(parts)


#: The caption of many trials, by what they are divided.
_MANY = "Trials by year of start, and by {}; each trial in one row. N = {{n}}."

starts_by_year = Figure(
    name="starts_by_year",
    question="How many trials start each year, by route?",
    summary=partial(summarize.starts_by_year, by="route_family"),
    columns=("year", "n", "is_partial"),
    drawing=_draw_starts_by_year,
    caption="Trials by year of start and route; each trial in one group. N = {n}.",
    alt_text=_starts_in_words,
    caption_note=_starts_note,
    minimum=5,
    needs=("as_of",),
    is_dense=_is_many,
    dense_caption=_MANY.format("route"),
    without_cells="phase_by_year",
)

source_by_year = replace(
    starts_by_year,
    name="source_by_year",
    question="How many trials start each year, by cell source?",
    summary=partial(summarize.starts_by_year, by="cell_source"),
    caption="Trials by year of start and cell source; each trial in one group. "
    "N = {n}.",
    dense_caption=_MANY.format("cell source"),
    without_cells="",
)

phase_by_year = replace(
    starts_by_year,
    name="phase_by_year",
    question="How many trials start each year, by phase?",
    summary=partial(summarize.starts_by_year, by="phase_group"),
    caption="Trials by year of start and phase. N = {n}.",
    dense_caption=_MANY.format("phase"),
    without_cells=None,
)


def _draw_start_years(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials started in each year, up to the cut-off.

    The year of most starts has the accent. Trials without a start stand apart.
    """
    counts = _year_counts(frame)
    named = levels.every(list(counts))
    is_short = len(counts) <= _MOST_NUMBERED and max(counts.values()) < _MOST_NUMBERED
    if undated := int(frame.attrs.get("n_undated", 0)):
        counts[NOT_STATED] = undated
    marked = levels.marked_in(counts)
    look: dict[str, Any] = {"is_numbered": is_short, "apart": NO_DATE.lower()}
    return levels.draw_columns(ax, counts, marked=marked, ticks=named, **look)


def _start_years_note(frame: pd.DataFrame) -> str:
    planned = int(frame.attrs.get("n_planned", 0))
    later = counted(planned, "trial")
    return f"Not drawn: {later} planned to start after the cut-off." if planned else ""


start_years = replace(
    starts_by_year,
    name="start_years",
    question="How many trials start each year?",
    summary=partial(summarize.starts_by_year, by="phase_group"),
    drawing=_draw_start_years,
    caption_note=_start_years_note,
    caption="Trials by year of start. N = {n}.",
    dense_caption="",
    minimum=1,
    is_half=True,
    without_cells=None,
)
