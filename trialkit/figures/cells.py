"""The cells: sources by route and phase, types and donors by source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED, short_word
from trialkit.figures.draw import axis, levels, page, pairs, parts, phrases
from trialkit.figures.figure import Figure, bars_figure, matrix_figure
from trialkit.summarize.groups import SEVERAL
from trialkit.summarize.statistics import usable

_REST = "Further routes"


def _draw_source_by_route(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the trials of each cell source and route as a matrix of numbers.

    Rows and columns are ordered by trials; the less frequent of more than 10 routes are
    one column. Bars at the right and numbers below count the trials of a row or column,
    each once; a trial with two routes is in two cells of its row. The accent marks the
    largest pair, "Not stated" is an outline.
    """
    counts = axis.pair_counts(frame, "cell_source", "route_group", "n_trials")
    sources = _ranked(axis.counts_of(frame, "cell_source", "n_of_source"))
    routes = _ranked(axis.counts_of(frame, "route_group", "n_of_route"))
    marked = pairs.largest_of(counts)
    if rest := set(frame.attrs.get("rest", ())):
        own: Mapping[str, int] = frame.attrs["rest_of_source"]
        counts |= {(source, _REST): own.get(source, 0) for source in sources}
        last = {NOT_STATED: routes.pop(NOT_STATED)} if NOT_STATED in routes else {}
        routes = {k: n for k, n in routes.items() if k not in rest}
        routes |= {_REST: frame.attrs["n_rest"]} | last
    names = pairs.names_of(sources, "cell_source")
    heads = pairs.names_of(routes, "route_group")
    matrix = pairs.Matrix(names, heads, counts, sources, routes)
    return pairs.draw_matrix(ax, matrix, marked=marked)


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the groups that occur, the most frequent first, "Not stated" last."""
    used = [pair for pair in counts.items() if pair[1]]
    return dict(sorted(used, key=lambda pair: (pair[0] == NOT_STATED, -pair[1])))


source_by_route = Figure(
    name="source_by_route",
    question="Which cells are given by which route?",
    summary=summarize.source_by_route,
    columns=(
        *("source_family", "cell_source", "route_group", "n_trials", "n_arms"),
        *("n_of_source", "n_of_route"),
    ),
    drawing=_draw_source_by_route,
    caption="Trials by cell source and route; a trial with several counts in each. "
    "Outlined: one of the two is not stated. N = {n}.",
    alt_text=phrases.pairs_in_words("cell_source", "route_group", n="n_trials"),
    minimum=3,
    without_cells="",
)

source_by_phase = matrix_figure(
    "source_by_phase",
    """Draw the trials of each cell source and phase.

    The commonest source comes first, with its trials at the right, each once; the
    accent marks the largest pair, "Not stated" is an outline.
    """,
    row="cell_source",
    column="phase_group",
    ranked=("cell_source",),
    question="How far have trials of each cell source come?",
    summary=summarize.source_by_phase,
    caption="Trials by cell source and phase; a trial with several sources counts in "
    "each. Outlined: one of the two is not stated. N = {n}.",
    minimum=4,
)

type_by_source = matrix_figure(
    "type_by_source",
    """Draw the trials of each cell type and cell source.

    Types and sources come by their trials. Sources exclude each other, so a row adds up
    to the trials at its right; the less frequent of more than 12 are one column. A
    trial with two types is in two rows. The accent marks the largest pair, "Not stated"
    is an outline.
    """,
    row="cell_type",
    column="cell_source",
    ranked=("cell_type", "cell_source"),
    question="Where do the cells of each type come from?",
    summary=summarize.type_by_source,
    caption="Trials by cell type and cell source; a trial with several types counts in "
    "each, one with several sources in a column of its own. Outlined: one of the two "
    "is not stated. N = {n}.",
    minimum=3,
)

#: The hue of each donor relation.
_HUES = {"Autologous": "accent", "Allogeneic": "brown", "Xenogeneic": "mauve"}


def _draw_donor_by_source(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw a box per trial for each cell source, in the color of its donor relation.

    The source with most trials comes first. What a rule inferred is paler, so that it
    is never taken for what a source states, and what nobody states is an outline. Above
    60 boxes a bar with its number stands for the boxes of one relation.
    """
    counts = axis.pair_counts(frame, "cell_source", "relation")
    sums: dict[str, int] = {}
    for (source, _), n in counts.items():
        sums[str(source)] = sums.get(str(source), 0) + n
    rows = _ranked(sums)
    told = [row for row in rows if row != NOT_STATED]
    named = pairs.names_of(rows, "cell_source")
    if len(told) > levels.MOST_ROWS:
        others = told[levels.MOST_ROWS - 1 :]
        rest = f"{len(others)} other sources"
        pooled: dict[Any, int] = {}
        for (source, relation), n in counts.items():
            key = rest if source in others else str(source), relation
            pooled[key] = pooled.get(key, 0) + n
        counts, last = pooled, [row for row in rows if row == NOT_STATED]
        rows = dict.fromkeys([*told[: levels.MOST_ROWS - 1], rest, *last], 0)
    if NOT_STATED in rows:
        named[NOT_STATED] = "Source not stated"
    relations = axis.groups_of(frame["relation"])
    looks = {name: _donor_part(name) for name in relations}
    return parts.draw_parts(ax, list(rows), counts, looks, names=named)


def _donor_part(relation: str) -> parts.Part:
    if relation == NOT_STATED:
        return parts.Part("Donor not stated", None)
    if relation == SEVERAL["relation"]:
        return parts.Part(relation, brand.color("rest"))
    name, _, guess = relation.partition(" (")
    shade = brand.tint(brand.color(_HUES.get(name, "bar")), 0.4 if guess else 1)
    return parts.Part(short_word(relation, "relation"), shade)


def _donors_told(frame: pd.DataFrame) -> str:
    guessed, both = (int(frame.attrs.get(n, 0)) for n in ("n_inferred", "n_both"))
    stated = usable(frame) - guessed
    more = f", and for {guessed:,} more a rule infers it" if guessed else ""
    split = f" In {both:,} it is stated of one source and inferred of another."
    return f"A donor is stated by {stated:,}{more}.{split if both else ''}"


donor_by_source = Figure(
    name="donor_by_source",
    question="Whose are the cells of each source?",
    summary=summarize.donor_by_source,
    columns=("cell_source", "source_family", "relation", "n"),
    drawing=_draw_donor_by_source,
    caption="Trials by cell source and donor relation; a trial with several sources "
    "counts in each. Paler: inferred by a rule, and stated by no source. N = {n}.",
    caption_note=_donors_told,
    alt_text=phrases.pairs_in_words(
        "cell_source", "relation", "cell source and donor relation"
    ),
    minimum=5,
    without_cells="",
)


cell_types = bars_figure(
    "cell_types",
    "Draw how many trials give each type of cells, as bars.",
    column="cell_type",
    words="cell type",
    rest="More types",
    question="Which types of cells are given?",
    summary=summarize.cell_types,
    caption="Trials by cell type; a trial with several counts in each. N = {n}.",
    without_cells="",
)


cell_sources = bars_figure(
    "cell_sources",
    "Draw how many trials use each cell source, as bars.",
    column="cell_source",
    words="cell source",
    rest="More sources",
    question="Where do the cells come from?",
    summary=summarize.cell_sources,
    caption="Trials by cell source; a trial with several counts in each. N = {n}.",
    without_cells="",
)
