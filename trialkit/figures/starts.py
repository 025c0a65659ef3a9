"""Trials that started per year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, families, levels, page, phrases
from trialkit.figures.draw.piles import NO_DATE, Part, draw_piles
from trialkit.figures.figure import Figure
from trialkit.summarize.wording import counted, sentence_list, words

#: Starts that have a box each; more are plain columns.
_MOST_BOXES = 100

#: Groups with a color of their own that are no families; the rest of them are one.
_MOST_GROUPS = 6

#: Years, and trials in one, up to which every column has its number.
_MOST_NUMBERED = 25


def _draw_starts_by_year(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials started in each year, divided by route or another group.

    One box per trial, stacked by group; years without a start keep their place, and
    trials without a start stand apart. Above 100 trials the columns are plain, and the
    year of most starts has the accent and its number.
    """
    if not frame["n"].gt(0).any():
        return page.empty_note(ax)
    if frame["n"].sum() > _MOST_BOXES:
        return _draw_plain(frame, ax)
    grid, groups = _grid(frame)
    hues = families.hues_of(sorted(groups, key=lambda group: -grid[group].sum()))
    parts = [Part(group, hues.get(group)) for group in groups]
    columns: dict[str, Any] = {
        str(year): row[row > 0].to_dict() for year, row in grid.iterrows()
    }
    undated = int(frame.attrs.get("n_undated", 0))
    return draw_piles(ax, columns, parts, undated=undated, ticks=_ticks(columns))


def _grid(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the trials of each year and group, and the groups in drawing order."""
    name = next(c for c in frame.columns if c not in ("year", "n", "is_partial"))
    if name == "phase_group":
        frame = frame.assign(phase_group=words(frame[name], name))
    groups = axis.groups_of(frame[name], only_used=True)
    text = axis.stated(frame[name])
    sums = frame["n"].groupby(text).sum()
    groups = [group for group in groups if sums[group]]
    told = [group for group in groups if group != NOT_STATED]
    if len(told) > _MOST_GROUPS and not families.are_families(told):
        small = sorted(told, key=lambda group: -sums[group])[_MOST_GROUPS - 1 :]
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


def _ticks(years: Iterable[str]) -> list[str] | None:
    """Return the years to name where not each of them has room."""
    names = list(years)
    return None if len(names) <= _MOST_NUMBERED else levels.every(names, most=13)


def _draw_plain(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw one plain column per year, that of most starts with its number."""
    counts = _year_counts(frame)
    peak = max(counts.values())
    marked = {year for year, n in counts.items() if n == peak}
    if undated := int(frame.attrs.get("n_undated", 0)):
        counts[NOT_STATED] = undated
    years = [year for year in counts if year != NOT_STATED]
    width = brand.load().width_mm
    look: dict[str, Any] = {"is_numbered": False, "apart": NO_DATE.lower()}
    ticks = _ticks(years) or years
    return levels.draw_columns(
        ax, counts, marked=marked, ticks=ticks, width=width, **look
    )


def _year_counts(frame: pd.DataFrame) -> dict[str, int]:
    years = frame.groupby("year")["n"].sum().astype(int)
    return {str(year): int(n) for year, n in years.items()}


def _starts_in_words(frame: pd.DataFrame) -> str:
    years = frame.groupby("year")["n"].sum()
    most = int(years.max())
    peak = sentence_list([str(year) for year in years.index[years == most]][:3])
    unfinished = frame.loc[frame["is_partial"].astype(bool), "year"]
    span = phrases.years_between(years.index.min(), years.index.max())
    text = f"Trials by year of start, {span}: the highest bar counts {most:,}"
    if unfinished.empty:
        return f"{text} ({peak})."
    last = unfinished.max()
    n = int(years.loc[last])
    return f"{text} ({peak}); {n:,} in {last}, which is not over at the cut-off."


def _starts_note(frame: pd.DataFrame) -> str:
    """Return which trials have no column, and which year is not over."""
    planned = int(frame.attrs.get("n_planned", 0))
    partial = frame.loc[frame["is_partial"].astype("boolean").fillna(False), "year"]
    day = frame.attrs.get("as_of")
    parts = []
    if len(partial):
        until = f"counts to {day}" if day else "is not over"
        parts.append(f"{int(partial.max())} {until}.")
    if planned:
        parts.append(f"Not drawn: {counted(planned, 'trial')} with a later start.")
    return " ".join(parts)


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
)

source_by_year = replace(
    starts_by_year,
    name="source_by_year",
    question="How many trials start each year, by cell source?",
    summary=partial(summarize.starts_by_year, by="cell_source"),
    caption="Trials by year of start and cell source; each trial in one group. "
    "N = {n}.",
)

phase_by_year = replace(
    starts_by_year,
    name="phase_by_year",
    question="How many trials start each year, by phase?",
    summary=partial(summarize.starts_by_year, by="phase_group"),
    caption="Trials by year of start and phase. N = {n}.",
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
    minimum=1,
    is_half=True,
)
