"""Cell types by cell source as stacked bars (figure F5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.marks import short_source
from trialkit.figures.page import (
    KeyItem,
    body_limit,
    box,
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
from trialkit.figures.rows import Row, draw_row_labels, groups_of, hatch_row, stated
from trialkit.figures.scales import count_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 8.0  # mm
_BAR = 0.66  # of a row


class _Look(NamedTuple):
    """How one source is drawn."""

    color: str
    hatch: str | None


@brand.style()
def plot_type_by_source(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of trials per cell type, each bar divided by cell source.

    Sources of one family share a hue. A part names its source where there is room;
    the key lists the sources that found none. A trial with two sources or types counts
    in each, so bars may add up to more than the number of trials.

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
        return empty_note(page_axes(ax, body=12, left=4, bottom=2))
    types = groups_of(frame["cell_type"])
    rows = [Row(wrap(name, 46), name) for name in types]
    looks = _looks(frame)
    parts = _parts(frame, types, list(looks))
    sums = [sum(part.values()) for part in parts]
    ticks = count_ticks(max(sums))
    pad = widest(line for row in rows for line in row.label.split("\n")) + 3
    left, right = pad + 2, 8.0
    width = brand.load().width_mm - left - right
    per_trial = (width if ax is None else size_mm(ax)[0]) / ticks[-1]
    named = _named(parts, per_trial)
    key = [KeyItem(s, patch=_patch(looks[s])) for s in looks if s not in named]
    top = key_height(key, width) + 2
    body = min(len(rows) * _ROW, body_limit(top=top))
    ax = page_axes(ax, body=body, left=left, right=right, top=top)
    draw_row_labels(ax, rows, pad=pad)
    for number, (row, part) in enumerate(zip(rows, parts, strict=True)):
        if row.group == NOT_STATED:
            hatch_row(ax, number + 0.5)
        middle = number + 0.5
        _draw_bar(ax, middle, part, looks, named=named, per_trial=per_trial)
    _draw_axis(ax, ticks)
    draw_key(ax, key, width=width, x=0, y=top - 1)
    return ax


def _draw_axis(ax: Axes, ticks: list[int]) -> None:
    ax.set_xlim(0, ticks[-1])
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("Trials")


def _parts(
    frame: pd.DataFrame, types: Sequence[str], sources: Sequence[str]
) -> list[dict[str, int]]:
    """Return per cell type the number of trials by source, in the sources' order."""
    plain = frame.assign(
        cell_type=stated(frame["cell_type"]), cell_source=stated(frame["cell_source"])
    )
    sums = plain.groupby(["cell_type", "cell_source"])["n"].sum()
    return [
        {s: int(sums[(t, s)]) for s in sources if (t, s) in sums.index} for t in types
    ]


def _looks(frame: pd.DataFrame) -> dict[str, _Look]:
    """Return color and hatch of each source: a hue per family, a tint per source."""
    families = brand.load().families
    of = dict(
        zip(stated(frame["cell_source"]), stated(frame["source_family"]), strict=True)
    )
    looks: dict[str, _Look] = {}
    seen: dict[str, int] = {}
    for source in groups_of(frame["cell_source"]):
        family = NOT_STATED if source == NOT_STATED else of[source]
        rank = seen.get(family, 0)
        seen[family] = rank + 1
        hue = families.get(family, families["Other"])
        hatch = "////" if family == NOT_STATED else _HATCHES[rank % len(_HATCHES)]
        looks[source] = _Look(_tint(hue, _TINTS[rank % len(_TINTS)]), hatch)
    if NOT_STATED not in of:
        del looks[NOT_STATED]
    return looks


# Neighbors in a bar differ in lightness and, from the fourth on, in hatch as well.
_TINTS = (1.0, 0.45, 0.72, 0.25, 0.86, 0.35, 0.58)
_HATCHES = (None, None, None, "....", "\\\\\\\\", None, "xxxx")


def _tint(color: str, weight: float) -> str:
    mixed = (round(255 + (int(color[i : i + 2], 16) - 255) * weight) for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _named(parts: Sequence[dict[str, int]], mm_per_trial: float) -> set[str]:
    """Return the sources whose name fits into every part that they have."""
    fits: dict[str, bool] = {}
    for part in parts:
        for source, n in part.items():
            room = text_mm(f"{short_source(source)} {n:,}", brand.load().small_size) + 2
            fits[source] = fits.get(source, True) and room <= n * mm_per_trial
    return {source for source, ok in fits.items() if ok}


def _patch(look: _Look) -> dict[str, Any]:
    # The hatch takes the edge's color: pale on a dark fill, dark on a pale one.
    is_dark = brand.ink_on(look.color) == "#ffffff"
    edge = brand.color("slate" if look.hatch and not is_dark else "white")
    return {
        "facecolor": look.color,
        "edgecolor": edge,
        "hatch": look.hatch,
        "linewidth": 0.5,
    }


def _draw_bar(
    ax: Axes,
    y: float,
    part: dict[str, int],
    looks: dict[str, _Look],
    *,
    named: set[str],
    per_trial: float,
) -> None:
    """Draw the parts of one bar, each with as much of its label as has room."""
    small = brand.load().small_size
    left = 0
    for source, n in part.items():
        look = looks[source]
        at = left, y - _BAR / 2
        box(ax, *at, n, _BAR, label=source, **_patch(look))
        text = f"{short_source(source)} {n:,}" if source in named else f"{n:,}"
        if text_mm(text, small) + 1 <= n * per_trial:
            ax.text(
                left + n / 2,
                y,
                text,
                ha="center",
                va="center_baseline",
                fontsize=small,
                color=brand.ink_on(look.color),
                bbox={"facecolor": look.color, "linewidth": 0, "pad": 0.6},
            )
        left += n
    ax.annotate(
        f"{left:,}",
        (left, y),
        xytext=(3, 0),
        textcoords="offset points",
        va="center_baseline",
        annotation_clip=False,
    )
