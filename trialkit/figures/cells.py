"""The cells: sources by route and phase, types and donors by source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED, short_word
from trialkit.figures.crosstab import crosstab
from trialkit.figures.draw import axis, bars, levels, page, parts, phrases, sheet
from trialkit.figures.figure import Figure, bars_figure
from trialkit.summarize.groups import SEVERAL

_BARS = 20.0  # mm, beside the matrix
#: A pair leads where no more than so many have its number.
_MOST_MARKED = 3
_REST = "Other routes"
_HEAD = 11.6  # widest line of a column's head (mm)


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
    told = {key: n for key, n in counts.items() if n and NOT_STATED not in key}
    most = [key for key, n in told.items() if n == max(told.values())]
    marked = most if len(most) <= _MOST_MARKED and len(most) < len(told) else []
    if rest := set(frame.attrs.get("rest", ())):
        own: Mapping[str, int] = frame.attrs["rest_of_source"]
        counts |= {(source, _REST): own.get(source, 0) for source in sources}
        last = {NOT_STATED: routes.pop(NOT_STATED)} if NOT_STATED in routes else {}
        routes = {k: n for k, n in routes.items() if k not in rest}
        routes |= {_REST: frame.attrs["n_rest"]} | last
    return _draw_matrix(ax, sources, routes, counts, marked)


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the groups that occur, the most frequent first, "Not stated" last."""
    used = [pair for pair in counts.items() if pair[1]]
    return dict(sorted(used, key=lambda pair: (pair[0] == NOT_STATED, -pair[1])))


def _draw_matrix(
    ax: page.Axes | None,
    sources: Mapping[str, int],
    routes: Mapping[str, int],
    counts: Mapping[tuple[str, str], int],
    marked: Sequence[tuple[str, str]],
) -> page.Axes:
    if not sources:
        return page.empty_note(ax)
    size = brand.load().small_size
    names = {source: _unlike(source, sources) for source in sources}
    rows = list(names.values())
    left = min(max(sheet.label_width([*rows, "Trials"]), 24), 42.0)
    full = brand.load().width_mm
    width = min((full - left - _BARS) / len(routes), 16.0)
    heads = {key: short_word(key, "route_group") for key in routes}
    heads = {k: page.wrap(head, max(width, _HEAD), size) for k, head in heads.items()}
    bottom = len(rows) * sheet.ROW
    top = sheet.height_of_heads(heads.values())
    ax = sheet.sheet(ax, bottom + sheet.ROW + 1, top=top)
    sheet.draw_labels(ax, rows, has_rules=False, longest=left - sheet.GAP)
    named = {(names[s], r): n for (s, r), n in counts.items() if s in names}
    look = {"left": left, "width": width, "hue": "accent", "wash": brand.color("wash")}
    both = [(names[source], route) for source, route in marked]
    sheet.draw_matrix(ax, rows, heads, named, marked=both, **look)
    bars = sheet.Bars("Trials", {names[key]: n for key, n in sources.items()})
    end = left + width * len(routes)
    sheet.draw_bars(ax, rows, bars, left=end + 4, width=_BARS - 4)
    line = {"color": brand.color("ink"), "linewidth": 0.7}
    ax.hlines(bottom + 0.5, 0, end, clip_on=False, **line)
    below = bottom + 0.5 + sheet.ROW / 2
    style: dict[str, Any] = {"va": "center_baseline", "fontsize": size}
    style |= {"weight": "bold", "color": brand.color("ink")}
    ax.text(0, below, "Trials", **style)
    for x, n in enumerate(routes.values()):
        ax.text(left + (x + 0.5) * width, below, f"{n:,}", ha="center", **style)
    return ax


def _unlike(source: str, sources: Iterable[str]) -> str:
    """Return a source in few words, unless another one would look the same."""
    short = short_word(source, "cell_source")
    others = {short_word(s, "cell_source") for s in sources if s != source}
    return source if short in others else short


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

#: Donor relations in words, with their hue.
_DONORS = {
    "Autologous": ("Patient’s own", "accent"),
    "Allogeneic": ("Another person’s", "brown"),
    "Xenogeneic": ("An animal’s", "mauve"),
}


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
    named = {row: _unlike(row, rows) for row in rows}
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
    words, hue = _DONORS.get(name, (name, "bar"))
    shade = brand.tint(brand.color(hue), 0.4 if guess else 1)
    return parts.Part(f"{words}, inferred" if guess else words, shade)


donor_by_source = Figure(
    name="donor_by_source",
    question="Whose are the cells of each source?",
    summary=summarize.donor_by_source,
    columns=("cell_source", "source_family", "relation", "n"),
    drawing=_draw_donor_by_source,
    caption="Donor relation by cell source, one box per trial and source. Paler: "
    "inferred by a rule, and stated by no source. N = {n}, {n_usable} with a donor.",
    alt_text=phrases.pairs_in_words(
        "cell_source", "relation", "cell source and donor relation"
    ),
    minimum=5,
)


cell_types = bars_figure(
    "cell_types",
    "Draw how many trials give each type of cells, as bars.",
    column="cell_type",
    words="cell type",
    rest="Other types",
    question="Which types of cells are given?",
    summary=summarize.cell_types,
    caption="Trials by cell type; a trial with several counts in each. N = {n}.",
)


cell_sources = bars_figure(
    "cell_sources",
    "Draw how many trials use each cell source, as bars.",
    column="cell_source",
    words="cell source",
    rest="Other sources",
    question="Where do the cells come from?",
    summary=summarize.cell_sources,
    caption="Trials by cell source; a trial with several counts in each. N = {n}.",
)
