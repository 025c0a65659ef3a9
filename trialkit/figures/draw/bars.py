"""Horizontal bars, whole or divided into parts, with sums and a key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, marks, page, scales
from trialkit.summarize.groups import SEVERAL

#: Height of a bar, of a row.
BAR = 0.66

# Neighbors in a bar differ in lightness and, from the fourth on, in hatch as well.
_TINTS = (1.0, 0.45, 0.72, 0.25, 0.86, 0.35, 0.58)
_HATCHES = (None, None, None, "||||", "\\\\\\\\", None, "xxxx")

Parts = Sequence[Mapping[str, int]]


class Look(NamedTuple):
    """How one kind of part is drawn."""

    color: str
    hatch: str | None = None


def missing_look() -> Look:
    """Return how "Not stated" looks in every figure."""
    return Look(brand.color("missing"), "////")


def several_look() -> Look:
    """Return how the part of trials with several values looks in every figure."""
    return Look(brand.color("steel"), "xxxx")


def source_looks(frame: pd.DataFrame) -> dict[str, Look]:
    """Return how each cell source looks: a hue per family, a tint per source."""
    hues = brand.load().families
    sources, families = frame["cell_source"], frame["source_family"]
    family_of = dict(zip(axis.stated(sources), axis.stated(families), strict=True))
    looks: dict[str, Look] = {}
    ranks: Counter[str] = Counter()
    for source in axis.groups_of(sources, only_used=True):
        if source == NOT_STATED:
            looks[source] = missing_look()
        elif source == SEVERAL["cell_source"]:
            looks[source] = several_look()
        else:
            family = family_of[source]
            rank = ranks[family] % len(_TINTS)
            ranks[family] += 1
            shade = brand.tint(hues.get(family, hues["Other"]), _TINTS[rank])
            looks[source] = Look(shade, _HATCHES[rank])
    return looks


def patch_of(look: Look) -> dict[str, Any]:
    """Return the settings of a part's rectangle."""
    # The hatch takes the edge's color: pale on a dark fill, dark on a pale one.
    is_dark = brand.ink_on(look.color) == "#ffffff"
    has_line = look.hatch and not is_dark
    return {
        "facecolor": look.color,
        "edgecolor": brand.color("slate" if has_line else "white"),
        "hatch": look.hatch,
        "linewidth": 0.5,
    }


def draw_divided(
    frame: pd.DataFrame,
    row: str,
    part: str,
    ax: page.Axes | None,
    *,
    rows_of: Callable[[pd.DataFrame], list[axis.Row]],
    looks_of: Callable[[pd.DataFrame], dict[str, Look]],
    **options: Any,
) -> page.Axes:
    """Draw a bar per group of the column `row`, divided by the groups of `part`."""
    frame = frame[frame["n"].fillna(0) > 0]
    if frame.empty:
        return page.empty_note(ax)
    rows = rows_of(frame)
    looks = {**looks_of(frame), NOT_STATED: missing_look()}
    counts = axis.pair_counts(frame, row, part)
    parts = [
        {kind: counts[group, kind] for kind in looks if (group, kind) in counts}
        for _, group in rows
    ]
    return draw_stacks(rows, parts, looks, ax, **options)


def draw_bar(
    ax: page.Axes,
    y: float,
    part: Mapping[str, int],
    looks: dict[str, Look],
    *,
    mm: float,
    named: Iterable[str] = (),
    total: int | None = None,
) -> None:
    """Draw the parts of one bar, each with as much of its label as has room.

    The x axis is in trials, `mm` millimetres each, or where `total` is given in shares
    of it. The kinds of `named` are written beside their number.
    """
    small = brand.load().small_size
    left = 0.0
    for kind, n in part.items():
        width = n / total if total else n
        look = looks[kind]
        page.box(ax, left, y - BAR / 2, width, BAR, label=kind, **patch_of(look))
        text = f"{marks.short_source(kind)} {n:,}" if kind in named else f"{n:,}"
        # A bar of one part has its number at its end already.
        is_alone = len(part) == 1 and not total and kind not in named
        if not is_alone and page.text_mm(text, small) + 1 <= width * mm:
            inner: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
            inner |= {"fontsize": small, "color": brand.ink_on(look.color)}
            inner["bbox"] = {"facecolor": look.color, "linewidth": 0, "pad": 0.6}
            ax.text(left + width / 2, y, text, **inner)
        left += width
    text = f"{sum(part.values()):,}"
    page.label_point(ax, text, (left, y), (3, 0), va="center_baseline")


def draw_stacks(
    rows: list[axis.Row],
    parts: Parts,
    looks: dict[str, Look],
    ax: page.Axes | None,
    *,
    row: float = 8.0,
    label: str = "Trials",
    is_share: bool = False,
    has_names: bool = False,
) -> page.Axes:
    """Draw one divided bar per row, with sums, axis and a key of what is not named.

    A row is `row` mm high; with `is_share` all bars have one length.
    """
    sums = [sum(part.values()) for part in parts]
    ticks = [1] if is_share else scales.count_ticks(max(sums))
    pad = page.widest(row_.label for row_ in rows) + 3
    left, right = pad + 2, 3 + page.text_mm(f"{max(sums):,}") + 3
    width = brand.load().width_mm - left - right
    mm = (width if ax is None else page.size_mm(ax)[0]) / ticks[-1]
    named = _named(parts, mm) if has_names else set()
    key = [
        page.KeyItem(kind, patch=patch_of(look))
        for kind, look in looks.items()
        if kind not in named and any(part.get(kind) for part in parts)
    ]
    top = page.key_height(key) + 2
    body = len(rows) * row
    ax = page.axes(ax, body=body, left=left, right=right, top=top)
    centers = axis.draw_row_labels(ax, rows, pad=pad)
    for y, row_, part in zip(centers, rows, parts, strict=True):
        if row_.group == NOT_STATED:
            axis.hatch_row(ax, y)
        total = sum(part.values()) if is_share else None
        draw_bar(ax, y, part, looks, mm=mm, named=named, total=total)
    scales.draw_number_axis(ax, ticks, label)
    if is_share:
        ax.set_xticks([])
    page.draw_key(ax, key, x=-pad, y=top - 1)
    return ax


def _named(parts: Parts, mm: float) -> set[str]:
    """Return the kinds whose name fits into every part that they have."""
    small = brand.load().small_size
    fits: dict[str, bool] = {}
    for part in parts:
        for kind, n in part.items():
            room = page.text_mm(f"{marks.short_source(kind)} {n:,}", small) + 2
            fits[kind] = fits.get(kind, True) and room <= n * mm
    return {kind for kind, ok in fits.items() if ok}
