"""The marks of a trial: its routes' glyphs, its status letter, the fill of its dot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, page

GLYPH = 3.4  # mm from one route mark to the next

#: What the fill of a dot says about a number of participants.
ACTUAL, PLANNED, UNTYPED = "actual", "planned", "type not stated"

# Markers of one nominal size look unequal; these factors even them out.
_MARKER_SIZE: dict[Any, float] = {"s": 0.88, "D": 0.82, "*": 1.35, "d": 1.1, "P": 1.1}

#: Letters of the recruitment status, with the words the key gives them.
STATUS = {
    "NOT_YET_RECRUITING": ("N", "not yet recruiting"),
    "RECRUITING": ("R", "recruiting"),
    "ENROLLING_BY_INVITATION": ("I", "enrolling by invitation"),
    "ACTIVE_NOT_RECRUITING": ("A", "active, not recruiting"),
    "COMPLETED": ("C", "completed"),
    "SUSPENDED": ("S", "suspended"),
    "TERMINATED": ("T", "terminated"),
    "WITHDRAWN": ("W", "withdrawn"),
    "UNKNOWN": ("U", "unknown"),
    "AVAILABLE": ("E", "expanded access"),
    "NO_LONGER_AVAILABLE": ("E", "expanded access"),
    "TEMPORARILY_NOT_AVAILABLE": ("E", "expanded access"),
    "APPROVED_FOR_MARKETING": ("E", "expanded access"),
    "WITHHELD": ("H", "withheld"),
}
#: A register's own words, for which no level is known.
_OTHER_STATUS = ("O", "other wording")
_NO_STATUS = ("–", "status not stated")


def fill_looks(
    fill: str, color: str, edge: str, *, width: Any
) -> tuple[dict[str, Any], ...]:
    """Return the `scatter` settings, in layers, of dots `width` mm wide (one or many).

    Filled is actual, open is planned, half grey is a number of unstated type.
    """
    from matplotlib.markers import MarkerStyle

    look: dict[str, Any] = {"s": (width / page.POINT) ** 2, "zorder": 3}
    ring = look | {"marker": "o", "edgecolor": edge, "linewidth": 0.9}
    if fill == ACTUAL:
        return (ring | {"facecolor": color},)
    if fill == PLANNED:
        return (ring | {"facecolor": "white"},)
    half = look | {"marker": MarkerStyle("o", fillstyle="left"), "linewidth": 0}
    grey = half | {"facecolor": brand.color("missing")}
    return ring | {"facecolor": "white"}, grey, ring | {"facecolor": "none"}


def route_look(group: str, *, size: float) -> dict[str, Any]:
    """Return the `scatter` settings of one route group; `size` is a width in points."""
    mark = brand.route_mark(group)
    width = size * _MARKER_SIZE.get(mark.marker, 1.0)
    return {
        "marker": mark.marker,
        "s": width**2,
        "facecolor": mark.color,
        "edgecolor": mark.edge,
        "linewidth": 0.6,
    }


def route_key(groups: Iterable[str]) -> list[page.KeyItem]:
    """Return a key of route groups, in the order that all figures share."""
    used = pd.Series([*groups], dtype="string", name="route_group")
    return [
        page.KeyItem(group, (route_look(group, size=5),))
        for group in axis.groups_of(used, only_used=True)
    ]


def draw_glyphs(ax: page.Axes, x: float, routes: Sequence[Sequence[str]]) -> None:
    """Draw each row's route marks side by side, from `x` mm off the left edge."""
    place = page.gutter(ax, 0)
    spots: dict[str, list[tuple[float, int]]] = {}
    for y, groups in enumerate(routes):
        for number, group in enumerate(groups):
            spots.setdefault(group, []).append((x + number * GLYPH, y))
    for group, points in spots.items():
        xs, ys = zip(*points, strict=True)
        look = route_look(group, size=5)
        ax.scatter(xs, ys, transform=place, clip_on=False, label=group, **look)


def status_of(value: object) -> tuple[str, str]:
    """Return letter and words of a recruitment status, given as code or as words."""
    if pd.isna(value):  # type: ignore[call-overload]
        return _NO_STATUS
    code = str(value).upper().replace(",", "").replace(" ", "_")
    return _NO_STATUS if code == "NOT_STATED" else STATUS.get(code, _OTHER_STATUS)


def status_key(values: pd.Series) -> str:
    """Return the line that spells out the status letters in use."""
    used = set(map(status_of, values))
    order = dict.fromkeys((*STATUS.values(), _OTHER_STATUS, _NO_STATUS))
    return ", ".join(" ".join(status) for status in order if status in used)


def split_routes(value: object) -> list[str]:
    """Return the route groups of one trial; none given is "Not stated"."""
    if pd.isna(value):  # type: ignore[call-overload]
        return [NOT_STATED]
    return [part for part in str(value).split("; ") if part] or [NOT_STATED]


def short_source(source: str) -> str:
    """Return a cell source without brackets and without the words it need not say."""
    return source.split(" (")[0].removesuffix(" stem cell")


def draw_letters(ax: page.Axes, x: float, statuses: pd.Series, edge: float) -> None:
    """Draw each row's status letter on a disc, `x` mm off an edge (0 left)."""
    place, small = page.gutter(ax, edge), brand.load().small_size
    look: dict[str, Any] = {
        "s": (3.6 / page.POINT) ** 2,
        "linewidth": 0.5,
        "zorder": 1.5,
    }
    look |= {"facecolor": brand.color("white"), "edgecolor": brand.color("rule")}
    rows = range(len(statuses))
    ax.scatter([x] * len(rows), rows, transform=place, clip_on=False, **look)
    for y, status in zip(rows, statuses, strict=True):
        letter = status_of(status)[0]
        page.beside(ax, x, y, letter, edge=edge, ha="center", fontsize=small)
