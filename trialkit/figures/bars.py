"""Horizontal bars, whole or divided.

Cell types by source (F5), donors by source (F6), status by route (F13), countries (F16)
and classes of sponsors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.marks import short_source
from trialkit.figures.draw.page import (
    KeyItem,
    body_limit,
    draw_key,
    empty_note,
    key_height,
    page_axes,
    require,
    size_mm,
    text_mm,
    widest,
    wrap,
)
from trialkit.figures.draw.rows import (
    MOST_ROWS,
    Row,
    counts_of,
    draw_row_labels,
    groups_of,
    hatch_row,
    height_of,
    route_rows,
    routes_of,
)
from trialkit.figures.draw.scales import count_ticks
from trialkit.figures.draw.stacks import (
    Look,
    Parts,
    draw_bar,
    draw_count_axis,
    missing_look,
    parts_of,
    patch_of,
    several_look,
    source_looks,
)
from trialkit.figures.grids import source_rows
from trialkit.summarize.groups import SEVERAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 8.0  # mm
_SLIM = 5.6


@drawing
def plot_type_by_source(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of trials per cell type, each bar divided by cell source.

    Sources of one family share a hue. A part names its source where there is room;
    the key lists the sources that found none. Parts exclude each other; a trial with
    two types is in two bars.

    Parameters
    ----------
    frame
        `type_by_source`: cell_type, cell_source, source_family, n.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One bar per cell type in the vocabulary's order, its sum at the end.
    """
    columns = ("cell_type", "cell_source", "source_family", "n")
    require(frame, columns, "plot_type_by_source")
    frame = frame[frame["n"].fillna(0) > 0]
    if frame.empty:
        return empty_note(ax)
    types = groups_of(frame["cell_type"])
    rows = [Row(wrap(name, 46), name) for name in types]
    looks = source_looks(frame["cell_source"], frame["source_family"])
    parts = parts_of(frame, "cell_type", "cell_source", types, looks)
    return _plot_stacks(rows, parts, looks, ax, has_names=True)


#: Hue, share of it, and hatch of the donor relations.
_DONORS = {
    "Autologous": ("petrol", 1.0, None),
    "Allogeneic": ("umber", 0.85, None),
    "Xenogeneic": ("violet", 0.6, "xxxx"),
}


@drawing
def plot_donor_by_source(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of trials per cell source, each bar divided by donor relation.

    What a rule inferred is paler and has a dotted outline, so that it is never taken
    for what a source states.

    Parameters
    ----------
    frame
        `donor_by_source`: cell_source, source_family, relation, n.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One bar per cell source under its family, its sum at the end.
    """
    columns = ("cell_source", "source_family", "relation", "n")
    require(frame, columns, "plot_donor_by_source")
    frame = frame[frame["n"].fillna(0) > 0]
    if frame.empty:
        return empty_note(ax)
    rows = source_rows(frame)
    looks = {name: _donor_look(name) for name in groups_of(frame["relation"])}
    names = [row.group or "" for row in rows]
    parts = parts_of(frame, "cell_source", "relation", names, looks)
    return _plot_stacks(rows, parts, looks, ax)


def _donor_look(relation: str) -> Look:
    if relation == NOT_STATED:
        return missing_look()
    if relation == SEVERAL["relation"]:
        return several_look()
    name, _, guess = relation.partition(" (")
    hue, weight, hatch = _DONORS.get(name, ("steel", 1.0, "||||"))
    color = brand.color(hue)
    return Look(brand.tint(color, weight * (0.3 if guess else 1)), hatch, bool(guess))


#: Hue, share of it, and hatch of the statuses: before, during, after, stopped.
_STATUSES = {
    "Not yet recruiting": ("petrol-pale", 1.0, None),
    "Recruiting": ("petrol-mid", 1.0, None),
    "Enrolling by invitation": ("petrol-mid", 1.0, "||||"),
    "Active, not recruiting": ("petrol", 0.8, None),
    "Completed": ("charcoal", 1.0, None),
    "Suspended": ("umber", 0.25, None),
    "Terminated": ("umber", 0.6, None),
    "Withdrawn": ("umber", 1.0, "\\\\\\\\"),
    "Unknown": ("steel", 0.45, "||||"),
    "Expanded access": ("violet", 0.6, None),
}


@drawing
def plot_status_by_route(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the recruitment status of the trials of each route, bars of equal length.

    Counts are printed, shares are not: the number of trials behind a bar stands at its
    end.

    Parameters
    ----------
    frame
        `status_by_route`: route_group, status, n.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One bar per route, in the order that all figures share.
    """
    require(frame, ("route_group", "status", "n"), "plot_status_by_route")
    frame = frame[frame["n"].fillna(0) > 0]
    if frame.empty:
        return empty_note(ax)
    rows = route_rows(routes_of(frame["route_group"]))
    looks = {name: _status_look(name) for name in groups_of(frame["status"])}
    names = [row.group or "" for row in rows]
    parts = parts_of(frame, "route_group", "status", names, looks)
    ax = _plot_stacks(rows, parts, looks, ax, is_share=True)
    ax.set_xlabel("All trials of the route, divided by recruitment status")
    return ax


def _status_look(status: str) -> Look:
    if status == NOT_STATED:
        return missing_look()
    hue, weight, hatch = _STATUSES.get(status, ("steel", 1.0, None))
    return Look(brand.tint(brand.color(hue), weight), hatch)


@drawing
def plot_countries(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of trials with a site in each country.

    The 25 commonest are drawn; `caption_note` says how many more there are.

    Parameters
    ----------
    frame
        `countries`: country, n.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One bar per country, the commonest first, "Not stated" last.
    """
    return _plot_counts(frame, "country", "plot_countries", ax)


@drawing
def plot_sponsor_classes(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of trials by class of the lead sponsor.

    Parameters
    ----------
    frame
        `sponsor_classes`: lead_sponsor_class, n.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One bar per class in the register's order, "Not stated" last.
    """
    return _plot_counts(frame, "lead_sponsor_class", "plot_sponsor_classes", ax)


def _plot_counts(frame: pd.DataFrame, name: str, figure: str, ax: Axes | None) -> Axes:
    require(frame, (name, "n"), figure)
    if not frame["n"].fillna(0).gt(0).any():
        return empty_note(ax)
    counts = counts_of(frame, name)
    kept = list(counts)[:-1][:MOST_ROWS]
    rows = [Row(wrap(group, 52), group) for group in (*kept, NOT_STATED)]
    looks = {"Trials": Look(brand.color("accent")), NOT_STATED: missing_look()}
    parts = [{"Trials": counts[group]} for group in kept]
    parts.append({NOT_STATED: counts[NOT_STATED]})
    return _plot_stacks(rows, parts, looks, ax, row=_SLIM, has_key=False)


def _plot_stacks(
    rows: Sequence[Row],
    parts: Parts,
    looks: Mapping[str, Look],
    ax: Axes | None,
    *,
    row: float = _ROW,
    is_share: bool = False,
    has_names: bool = False,
    has_key: bool = True,
) -> Axes:
    """Draw one divided bar per row, with sums, axis and a key of what is not named."""
    sums = [sum(part.values()) for part in parts]
    ticks = [1] if is_share else count_ticks(max(sums))
    pad = widest(row_.label for row_ in rows) + 3
    left, right = pad + 2, 3 + text_mm(f"{max(sums):,}") + 3
    width = brand.load().width_mm - left - right
    mm = (width if ax is None else size_mm(ax)[0]) / ticks[-1]
    named = _named(parts, mm) if has_names else set()
    drawn = [kind for kind in looks if any(part.get(kind) for part in parts)]
    key = [KeyItem(k, patch=patch_of(looks[k])) for k in drawn if k not in named]
    key = key if has_key else []
    full = brand.load().width_mm - 4
    top = key_height(key, full) + 2
    body = min(height_of(rows) * row, body_limit(top=top))
    ax = page_axes(ax, body=body, left=left, right=right, top=top)
    centers = draw_row_labels(ax, rows, pad=pad)
    for y, row_, part in zip(centers, rows, parts, strict=True):
        if row_.group == NOT_STATED:
            hatch_row(ax, y)
        if row_.group is not None:
            total = sum(part.values()) if is_share else None
            draw_bar(ax, y, part, looks, mm=mm, named=named, total=total)
    draw_count_axis(ax, ticks)
    if is_share:
        ax.set_xticks([])
    draw_key(ax, key, width=full, x=-pad, y=top - 1)
    return ax


def _named(parts: Parts, mm: float) -> set[str]:
    """Return the kinds whose name fits into every part that they have."""
    small = brand.load().small_size
    fits: dict[str, bool] = {}
    for part in parts:
        for kind, n in part.items():
            room = text_mm(f"{short_source(kind)} {n:,}", small) + 2
            fits[kind] = fits.get(kind, True) and room <= n * mm
    return {kind for kind, ok in fits.items() if ok}
