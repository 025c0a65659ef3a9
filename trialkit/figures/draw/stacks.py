"""Bars divided into parts: how a part looks, where its number stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.draw.marks import short_source
from trialkit.figures.draw.page import box, text_mm
from trialkit.figures.draw.rows import Row, groups_of, stated
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
        box(ax, left, y - BAR / 2, width, BAR, label=kind, **patch_of(look))
        text = f"{short_source(kind)} {n:,}" if kind in named else f"{n:,}"
        # A bar of one part has its number at its end already.
        is_alone = len(part) == 1 and not total and kind not in named
        if not is_alone and text_mm(text, small) + 1 <= width * mm:
            inner: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
            inner |= {"fontsize": small, "color": brand.ink_on(look.color)}
            inner["bbox"] = {"facecolor": look.color, "linewidth": 0, "pad": 0.6}
            ax.text(left + width / 2, y, text, **inner)
        left += width
    ax.annotate(
        f"{sum(part.values()):,}",
        (left, y),
        xytext=(3, 0),
        textcoords="offset points",
        va="center_baseline",
        annotation_clip=False,
    )
