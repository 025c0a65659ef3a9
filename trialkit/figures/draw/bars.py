"""Horizontal bars, whole or divided into parts, with sums and a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import page
from trialkit.figures.draw.marks import short_source
from trialkit.figures.draw.rows import (
    LABEL,
    MOST_ROWS,
    Row,
    counts_of,
    draw_row_labels,
    groups_of,
    hatch_row,
    height_of,
    stated,
)
from trialkit.figures.draw.scales import count_ticks, draw_number_axis
from trialkit.summarize.groups import SEVERAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Height of a bar, of a row.
BAR = 0.66

# Neighbors in a bar differ in lightness and, from the fourth on, in hatch as well.
_TINTS = (1.0, 0.45, 0.72, 0.25, 0.86, 0.35, 0.58)
_HATCHES = (None, None, None, "||||", "\\\\\\\\", None, "xxxx")

Parts = Sequence[Mapping[str, int]]


class Look(NamedTuple):
    """How one kind of part is drawn; `is_guess` gives it a dotted outline."""

    color: str
    hatch: str | None = None
    is_guess: bool = False


def missing_look() -> Look:
    """Return how "Not stated" looks in every figure."""
    return Look(brand.color("missing"), "////")


def several_look() -> Look:
    """Return how the part of trials with several values looks in every figure."""
    return Look(brand.color("steel"), "xxxx")


def source_looks(sources: pd.Series, families: pd.Series) -> dict[str, Look]:
    """Return how each cell source looks: a hue per family, a tint per source."""
    hues = brand.load().families
    of = dict(zip(stated(sources), stated(families), strict=True))
    looks: dict[str, Look] = {}
    seen: dict[str, int] = {}
    for source in groups_of(sources):
        if source == NOT_STATED:
            continue
        if source == SEVERAL["cell_source"]:
            looks[source] = several_look()
            continue
        rank = seen.get(of[source], 0)
        seen[of[source]] = rank + 1
        hue = hues.get(of[source], hues["Other"])
        shade = brand.tint(hue, _TINTS[rank % len(_TINTS)])
        looks[source] = Look(shade, _HATCHES[rank % len(_HATCHES)])
    if NOT_STATED in of:
        looks[NOT_STATED] = missing_look()
    return looks


def patch_of(look: Look) -> dict[str, Any]:
    """Return the settings of a part's rectangle."""
    # The hatch takes the edge's color: pale on a dark fill, dark on a pale one.
    is_dark = brand.ink_on(look.color) == "#ffffff"
    has_line = look.is_guess or (look.hatch and not is_dark)
    return {
        "facecolor": look.color,
        "edgecolor": brand.color("slate" if has_line else "white"),
        "hatch": look.hatch,
        "linewidth": 0.8 if look.is_guess else 0.5,
        "linestyle": ":" if look.is_guess else "-",
    }


def parts_of(
    frame: pd.DataFrame, row: str, part: str, rows: Iterable[Row], parts: Iterable[str]
) -> list[dict[str, int]]:
    """Return per row the number of trials by part, in the parts' order."""
    groups = [each.group or "" for each in rows]
    plain = frame.assign(**{row: stated(frame[row]), part: stated(frame[part])})
    sums = plain.groupby([row, part])["n"].sum()
    order = list(parts)
    return [
        {p: int(sums[(g, p)]) for p in order if (g, p) in sums.index} for g in groups
    ]


def draw_bar(
    ax: Axes,
    y: float,
    part: Mapping[str, int],
    looks: Mapping[str, Look],
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
        text = f"{short_source(kind)} {n:,}" if kind in named else f"{n:,}"
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
    rows: Sequence[Row],
    parts: Parts,
    looks: Mapping[str, Look],
    ax: Axes | None,
    *,
    row: float = 8.0,
    is_share: bool = False,
    has_names: bool = False,
    has_key: bool = True,
) -> Axes:
    """Draw one divided bar per row, with sums, axis and a key of what is not named.

    A row is `row` mm high; with `is_share` all bars have one length.
    """
    sums = [sum(part.values()) for part in parts]
    ticks = [1] if is_share else count_ticks(max(sums))
    pad = page.widest(row_.label for row_ in rows) + 3
    left, right = pad + 2, 3 + page.text_mm(f"{max(sums):,}") + 3
    width = brand.load().width_mm - left - right
    mm = (width if ax is None else page.size_mm(ax)[0]) / ticks[-1]
    named = _named(parts, mm) if has_names else set()
    drawn = [kind for kind in looks if any(part.get(kind) for part in parts)]
    key = [page.KeyItem(k, patch=patch_of(looks[k])) for k in drawn if k not in named]
    key = key if has_key else []
    full = brand.load().width_mm - 4
    top = page.key_height(key, full) + 2
    ax = page.axes(ax, body=height_of(rows) * row, left=left, right=right, top=top)
    centers = draw_row_labels(ax, rows, pad=pad)
    for y, row_, part in zip(centers, rows, parts, strict=True):
        if row_.group == NOT_STATED:
            hatch_row(ax, y)
        if row_.group is not None:
            total = sum(part.values()) if is_share else None
            draw_bar(ax, y, part, looks, mm=mm, named=named, total=total)
    draw_number_axis(ax, ticks, "Trials")
    if is_share:
        ax.set_xticks([])
    page.draw_key(ax, key, width=full, x=-pad, y=top - 1)
    return ax


def _named(parts: Parts, mm: float) -> set[str]:
    """Return the kinds whose name fits into every part that they have."""
    small = brand.load().small_size
    fits: dict[str, bool] = {}
    for part in parts:
        for kind, n in part.items():
            room = page.text_mm(f"{short_source(kind)} {n:,}", small) + 2
            fits[kind] = fits.get(kind, True) and room <= n * mm
    return {kind for kind, ok in fits.items() if ok}


def draw_group_bars(
    frame: pd.DataFrame, name: str, ax: Axes | None, *, row: float = 5.6
) -> Axes:
    """Draw a bar per group of a column, of very many those that come first."""
    if not frame["n"].fillna(0).gt(0).any():
        return page.empty_note(ax)
    counts = counts_of(frame, name)
    kept = list(counts)[:-1][:MOST_ROWS]
    rows = [Row(page.wrap(group, LABEL), group) for group in (*kept, NOT_STATED)]
    looks = {"Trials": Look(brand.color("accent")), NOT_STATED: missing_look()}
    parts = [{"Trials": counts[group]} for group in kept]
    parts.append({NOT_STATED: counts[NOT_STATED]})
    return draw_stacks(rows, parts, looks, ax, row=row, has_key=False)
