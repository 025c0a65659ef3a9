"""The cells: sources by route and phase, types and donors by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.crosstab import crosstab
from trialkit.figures.draw import axis, bars, grid, levels, page, phrases
from trialkit.figures.figure import Figure
from trialkit.summarize.groups import SEVERAL

_BAR = 11.0  # longest bar at the edges of the grid (mm)


def _draw_source_by_route(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw a grid of cell sources and routes: trials in each cell, arms in brackets.

    Rows keep the vocabulary's order under their family. The bars above and at the right
    count the trials of a row or column, each once; a trial with two routes is in two
    cells of its row.
    """
    rows, routes = _source_rows(frame), axis.groups_of(frame["route_group"])
    rows = [row._replace(label=_in_two_lines(row.label)) for row in rows]
    trials = axis.pair_counts(frame, "cell_source", "route_group", "n_trials")
    room = page.text_mm(f"{sum(trials.values()):,}")  # no bar's number can be wider
    top, right = _BAR + 4 + max(room, 4.0), _BAR + 3.5 + room
    ax, mm = grid.grid_axes(ax, rows, routes, row=8.4, top=top, right=right)
    arms = axis.pair_counts(frame, "cell_source", "route_group", "n_arms")
    grid.draw_counts(ax, rows, routes, trials, below=arms, mm=mm)
    _draw_edges(ax, frame, rows, routes, mm)
    return ax


def _in_two_lines(label: str) -> str:
    """Return a long row label broken in two, its indent kept on both lines."""
    indent = axis.INDENT if label.startswith(axis.INDENT) else ""
    lines = page.wrap(label.removeprefix(indent), 44.0).split("\n")
    return "\n".join(indent + line for line in lines)


def _source_rows(frame: pd.DataFrame) -> list[axis.Row]:
    """Return the rows of a cell-source axis: sources under their family's name."""
    sources = axis.stated(frame["cell_source"])
    families = dict(zip(sources, axis.stated(frame["source_family"]), strict=True))
    families[NOT_STATED] = NOT_STATED
    rows: list[axis.Row] = []
    for family in axis.groups_of(frame["source_family"]):
        members = [
            source
            for source in axis.groups_of(frame["cell_source"])
            if families[source] == family
        ]
        # A family of one that only repeats its name needs no header.
        has_header = members and members != [family]
        rows += [axis.Row(family, None)] if has_header else []
        rows += axis.rows_of(members, indent=axis.INDENT if has_header else "")
    return rows


def _draw_edges(
    ax: page.Axes,
    frame: pd.DataFrame,
    rows: list[axis.Row],
    columns: Sequence[str],
    mm: float,
) -> None:
    """Draw the trials of rows at the right and of columns at the top, as bars."""
    look: dict[str, Any] = {"color": brand.color("rule"), "linewidth": 0}
    counts = axis.counts_of(frame, "cell_source", "n_of_source")
    sums = [counts.get(row.group or "", 0) for row in rows]
    scale = _BAR / max([1, *sums])
    centers = axis.centers_of(axis.heights_of(rows))
    for y, row, n in zip(centers, rows, sums, strict=True):
        if row.group is not None:
            place = page.gutter(ax, 1)
            page.box(ax, 1.5, y - 0.25, n * scale, 0.5, place=place, **look)
            page.beside(ax, 2.5 + n * scale, y, f"{n:,}", ha="left")
    counts = axis.counts_of(frame, "route_group", "n_of_route")
    sums = [counts.get(name, 0) for name in columns]
    scale = _BAR / max([1, *sums])
    place = page.blended(ax.transData, page.from_corner(ax, 0, 1))
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
    alt_text=phrases.pairs_in_words("cell_source", "route_group", n="n_trials"),
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


def _draw_type_by_source(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the number of trials per cell type, each bar divided by cell source.

    Types keep the vocabulary's order, the sum of each stands at its end. Sources of one
    family share a hue. A part names its source where there is room; the key lists the
    sources that found none. Parts exclude each other; a trial with two types is in two
    bars.
    """
    return bars.draw_divided(
        *(frame, "cell_type", "cell_source", ax),
        rows_of=lambda used: axis.wrapped_rows(axis.groups_of(used["cell_type"]), 46),
        looks_of=bars.source_looks,
        has_names=True,
    )


type_by_source = Figure(
    name="type_by_source",
    question="Where do the cells of each type come from?",
    summary=summarize.type_by_source,
    columns=("cell_type", "cell_source", "source_family", "n"),
    drawing=_draw_type_by_source,
    caption="Cell types by source of the cells. Unit: trials, N = {n}. A trial with "
    "two cell types is in both bars; within a bar each trial is in one part, and "
    "“several sources” is a part. Grey and hatched: source not stated.",
    alt_text=phrases.pairs_in_words("cell_type", "cell_source"),
    minimum=3,
)

#: Hue, share of it, and hatch of the donor relations.
_DONORS = {
    "Autologous": ("petrol", 1.0, None),
    "Allogeneic": ("umber", 0.85, None),
    "Xenogeneic": ("violet", 0.6, "xxxx"),
}


def _draw_donor_by_source(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the number of trials per cell source, each bar divided by donor relation.

    Sources stand under their family, the sum of each at its end. What a rule inferred
    is paler and has a dotted outline, so that it is never taken for what a source
    states.
    """
    return bars.draw_divided(
        *(frame, "cell_source", "relation", ax),
        rows_of=_source_rows,
        looks_of=lambda used: {
            name: _donor_look(name) for name in axis.groups_of(used["relation"])
        },
    )


def _donor_look(relation: str) -> bars.Look:
    if relation == SEVERAL["relation"]:
        return bars.several_look()
    name, _, guess = relation.partition(" (")
    hue, weight, hatch = _DONORS.get(name, ("steel", 1.0, "||||"))
    shade = brand.tint(brand.color(hue), weight * (0.3 if guess else 1))
    return bars.Look(shade, hatch, bool(guess))


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
    alt_text=phrases.pairs_in_words(
        "cell_source", "relation", "cell source and donor relation"
    ),
    minimum=5,
)


_draw_types = levels.bars_of("cell_type", rest="Other types")
_draw_types.__doc__ = """Draw how many trials give each type of cells, as bars."""

cell_types = Figure(
    name="cell_types",
    question="Which types of cells are given?",
    summary=summarize.cell_types,
    columns=("cell_type", "n"),
    drawing=_draw_types,
    caption="Trials by cell type; a trial with several counts in each. N = {n}.",
    alt_text=phrases.counts_in_words("cell_type", "cell type"),
    minimum=1,
    is_half=True,
)

_draw_sources = levels.bars_of("cell_source", rest="Other sources")
_draw_sources.__doc__ = """Draw how many trials use each cell source, as bars."""

cell_sources = Figure(
    name="cell_sources",
    question="Where do the cells come from?",
    summary=summarize.cell_sources,
    columns=("cell_source", "n"),
    drawing=_draw_sources,
    caption="Trials by cell source; a trial with several counts in each. N = {n}.",
    alt_text=phrases.counts_in_words("cell_source", "cell source"),
    minimum=1,
    is_half=True,
)
