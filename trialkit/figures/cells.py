"""The cells: sources by route and phase, types and donors by source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.crosstab import crosstab
from trialkit.figures.draw import page
from trialkit.figures.draw.bars import (
    Look,
    draw_stacks,
    missing_look,
    parts_of,
    several_look,
    source_looks,
)
from trialkit.figures.draw.grid import draw_counts, grid_axes, pair_counts
from trialkit.figures.draw.rows import (
    INDENT,
    Row,
    centers_of,
    groups_of,
    one_line,
    routes_of,
    stated,
)
from trialkit.figures.draw.words import pairs_in_words
from trialkit.figures.figure import Figure
from trialkit.summarize.groups import SEVERAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR = 11.0  # longest bar at the edges of the grid (mm)


def _draw_source_by_route(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw a grid of cell sources and routes: trials in each cell, arms in brackets.

    Rows keep the vocabulary's order under their family. The bars above and at the right
    count the trials of a row or column, each once; a trial with two routes is in two
    cells of its row.
    """
    rows, routes = _source_rows(frame), routes_of(frame["route_group"])
    rows = [row._replace(label=_in_two_lines(row.label)) for row in rows]
    trials = pair_counts(frame, "cell_source", "route_group", "n_trials")
    room = page.text_mm(f"{sum(trials.values()):,}")  # no bar's number can be wider
    top, right = _BAR + 4 + max(room, 4.0), _BAR + 3.5 + room
    ax, mm = grid_axes(ax, rows, routes, row=8.4, top=top, right=right)
    arms = pair_counts(frame, "cell_source", "route_group", "n_arms")
    draw_counts(ax, rows, routes, trials, below=arms, mm=mm)
    of_rows = _edge(frame, "cell_source", "n_of_source")
    of_columns = _edge(frame, "route_group", "n_of_route")
    _draw_edges(ax, rows, routes, of_rows, of_columns, mm=mm)
    return ax


def _in_two_lines(label: str) -> str:
    """Return a long row label broken in two, its indent kept on both lines."""
    indent = INDENT if label.startswith(INDENT) else ""
    lines = page.wrap(label.removeprefix(indent), 44.0).split("\n")
    return "\n".join(indent + line for line in lines)


def _source_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a cell-source axis: sources under their family's name."""
    sources = groups_of(frame["cell_source"])
    family_of = dict(
        zip(stated(frame["cell_source"]), stated(frame["source_family"]), strict=True)
    )
    rows: list[Row] = []
    for family in groups_of(frame["source_family"]):
        members = [source for source in sources if family_of.get(source) == family]
        if family == NOT_STATED:
            members = [NOT_STATED]
        # A family of one that only repeats its name needs no header.
        if members and members != [family]:
            rows.append(Row(family, None))
            rows += [Row(INDENT + one_line(name), name) for name in members]
        else:
            rows += [Row(one_line(name), name) for name in members]
    return rows


def _edge(frame: pd.DataFrame, name: str, value: str) -> dict[str, int]:
    """Return the number of trials of each row or column."""
    numbers = frame[value].fillna(0).astype(int)
    return dict(zip(stated(frame[name]), numbers, strict=True))


def _draw_edges(
    ax: Axes,
    rows: Sequence[Row],
    columns: Sequence[str],
    of_rows: Mapping[str, int],
    of_columns: Mapping[str, int],
    *,
    mm: float,
) -> None:
    """Draw the trials of rows at the right and of columns at the top, as bars."""
    from matplotlib.transforms import blended_transform_factory

    look: dict[str, Any] = {"color": brand.color("rule"), "linewidth": 0}
    place = page.gutter(ax, 1)
    sums = [of_rows.get(row.group or "", 0) for row in rows]
    scale = _BAR / max([1, *sums])
    for y, row, n in zip(centers_of(rows), rows, sums, strict=True):
        if row.group is not None:
            page.box(ax, 1.5, y - 0.25, n * scale, 0.5, place=place, **look)
            page.beside(ax, 2.5 + n * scale, y, f"{n:,}", ha="left")
    place = blended_transform_factory(ax.transData, page.from_corner(ax, 0, 1))
    sums = [of_columns.get(name, 0) for name in columns]
    scale = _BAR / max([1, *sums])
    for x, n in enumerate(sums):
        page.box(ax, x - 0.25, 1.5, 0.5, n * scale, place=place, **look)
        turn = 90 if page.text_mm(f"{n:,}") > mm - 0.5 else 0
        at = 2.3 + n * scale
        ax.text(x, at, f"{n:,}", transform=place, ha="center", rotation=turn)
    corner = page.from_corner(ax, 1, 1)
    ax.text(1.5, 1.5, "trials", transform=corner, linespacing=1.0, **page.small_text())


source_by_route = Figure(
    name="source_by_route",
    question="Which cells are given by which route?",
    summary=summarize.source_by_route,
    columns=(
        *("source_family", "cell_source", "route_group", "n_trials", "n_arms"),
        *("n_of_source", "n_of_route"),
    ),
    drawing=_draw_source_by_route,
    caption="Trials by cell source and route, arms in brackets, and the trials of each "
    "row and column at the edges. Unit: trials, N = {n}. An empty cell is zero; the "
    "hatched row and column count what is not stated. A trial with several sources "
    "or routes counts in each cell, and once at an edge.",
    alt_text=pairs_in_words(
        "cell_source", "route_group", "cell source and route", "n_trials"
    ),
    minimum=3,
)

source_by_phase = replace(
    crosstab,
    name="source_by_phase",
    question="How far have trials of each cell source come?",
    summary=summarize.source_by_phase,
    caption="Trials by cell source and phase. Unit: trials, N = {n}. An empty cell is "
    "zero. NA (not applicable) is a registered value, not a missing one. A trial with "
    "two sources counts in both rows.",
    needs=(),
)


def _draw_type_by_source(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the number of trials per cell type, each bar divided by cell source.

    Types keep the vocabulary's order, the sum of each stands at its end. Sources of one
    family share a hue. A part names its source where there is room; the key lists the
    sources that found none. Parts exclude each other; a trial with two types is in two
    bars.
    """
    frame = frame[frame["n"].fillna(0) > 0]
    if frame.empty:
        return page.empty_note(ax)
    rows = [Row(page.wrap(name, 46), name) for name in groups_of(frame["cell_type"])]
    looks = source_looks(frame["cell_source"], frame["source_family"])
    parts = parts_of(frame, "cell_type", "cell_source", rows, looks)
    return draw_stacks(rows, parts, looks, ax, has_names=True)


type_by_source = Figure(
    name="type_by_source",
    question="Where do the cells of each type come from?",
    summary=summarize.type_by_source,
    columns=("cell_type", "cell_source", "source_family", "n"),
    drawing=_draw_type_by_source,
    caption="Cell types by source of the cells. Unit: trials, N = {n}. A trial with "
    "two cell types is in both bars; within a bar each trial is in one part, and "
    "“several sources” is a part. Grey and hatched: source not stated.",
    alt_text=pairs_in_words("cell_type", "cell_source", "cell type and cell source"),
    minimum=3,
)

#: Hue, share of it, and hatch of the donor relations.
_DONORS = {
    "Autologous": ("petrol", 1.0, None),
    "Allogeneic": ("umber", 0.85, None),
    "Xenogeneic": ("violet", 0.6, "xxxx"),
}


def _draw_donor_by_source(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the number of trials per cell source, each bar divided by donor relation.

    Sources stand under their family, the sum of each at its end. What a rule inferred
    is paler and has a dotted outline, so that it is never taken for what a source
    states.
    """
    frame = frame[frame["n"].fillna(0) > 0]
    if frame.empty:
        return page.empty_note(ax)
    rows = _source_rows(frame)
    looks = {name: _donor_look(name) for name in groups_of(frame["relation"])}
    return draw_stacks(
        rows, parts_of(frame, "cell_source", "relation", rows, looks), looks, ax
    )


def _donor_look(relation: str) -> Look:
    if relation == NOT_STATED:
        return missing_look()
    if relation == SEVERAL["relation"]:
        return several_look()
    name, _, guess = relation.partition(" (")
    hue, weight, hatch = _DONORS.get(name, ("steel", 1.0, "||||"))
    color = brand.color(hue)
    return Look(brand.tint(color, weight * (0.3 if guess else 1)), hatch, bool(guess))


donor_by_source = Figure(
    name="donor_by_source",
    question="Whose are the cells of each source?",
    summary=summarize.donor_by_source,
    columns=("cell_source", "source_family", "relation", "n"),
    drawing=_draw_donor_by_source,
    caption="Donor relation by cell source. Unit: trials, N = {n}; {n_usable} with a "
    "relation, stated or inferred. Paler, with a dotted outline: inferred by a "
    "rule and stated by no source. A trial with two sources is in both bars; "
    "within a bar each trial is in one part, and “several relations” is a part.",
    alt_text=pairs_in_words(
        "cell_source", "relation", "cell source and donor relation"
    ),
    minimum=5,
)
