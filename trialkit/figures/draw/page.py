"""Axes on a page-wide figure, and what stands around them: gutters, keys, notes.

Sizes are millimetres on paper. A figure is as wide as a page's text and as tall as its
rows need, so that type keeps its printed size; what stands beside the plot (row
labels, counts, keys) is placed at measured widths rather than fitted afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import east_asian_width

import pandas as pd

from trialkit import brand
from trialkit.errors import TrialDataError
from trialkit.extras import need

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font
    from matplotlib.transforms import Transform

MM = 1 / 25.4  # inches
POINT = 25.4 / 72  # millimetres

_KEY_LINE, _KEY_SWATCH, _KEY_GAP = 4.2, 4.4, 4.0  # mm


class KeyItem(NamedTuple):
    """One entry of a key: markers in layers (`looks`), or a patch (`patch`)."""

    label: str
    looks: tuple[dict[str, Any], ...] = ()
    patch: dict[str, Any] | None = None


def require(frame: pd.DataFrame, columns: Iterable[str], figure: str) -> None:
    """Raise a TrialDataError if a frame lacks a column that a figure draws."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise TrialDataError(
            f"{figure} needs the column {', '.join(missing)};"
            f" the frame has {', '.join(map(str, frame.columns)) or 'none'}"
        )


def axes(
    ax: Axes | None,
    *,
    body: float,
    left: float,
    right: float = 4.0,
    top: float = 2.0,
    bottom: float = 11.0,
    width: float = 0.0,
) -> Axes:
    """Return `ax`, or axes on a new figure with these margins (mm).

    It is as wide as a page unless `width` says otherwise. A body that is too tall for a
    page is pressed to fit it.
    """
    if ax is not None:
        return ax
    need("matplotlib")
    import matplotlib.pyplot as plt

    page = brand.load()
    width = width or page.width_mm
    height = min(body + top + bottom, page.max_height_mm)
    figure = plt.figure(figsize=(width * MM, height * MM))
    box = (left / width, bottom / height)
    size = ((width - left - right) / width, (height - top - bottom) / height)
    return figure.add_axes((*box, *size))


def text_mm(text: str, size: float | None = None, weight: str = "normal") -> float:
    """Return the printed width of a text in millimetres.

    The letters' advances are added up and kerning, which draws some pairs closer, is
    left out: a column that fits the sum fits the text.
    """
    size = size or brand.load().font_size
    return sum(_advance(letter, weight) for letter in text) * size * POINT


@cache
def _advance(letter: str, weight: str) -> float:
    """Return the width of one letter in units of the type size.

    A letter that the typeface lacks comes from another font: it is taken for a whole em
    where the script is wide, and for an average letter elsewhere.
    """
    font = _typeface(weight)
    if not font.get_char_index(ord(letter)):
        return 1.0 if east_asian_width(letter) in "WF" else 0.6
    glyph = font.load_char(ord(letter))
    # FreeType's linear advance is that of the outline, hinted or not.
    return glyph.linearHoriAdvance / 65_536 / 100


@cache
def _typeface(weight: str) -> FT2Font:
    need("matplotlib")
    from matplotlib.font_manager import FontProperties, findfont, get_font

    look = FontProperties(family=brand.load().family, weight=weight)
    font = get_font(findfont(look))
    font.set_size(100, 72)
    return font


def widest(texts: Iterable[str], size: float | None = None) -> float:
    """Return the width of the widest line of some texts (mm), 0 for none."""
    lines = (line for text in texts for line in text.split("\n"))
    return max((text_mm(line, size) for line in lines), default=0.0)


def shorten(text: str, width: float, size: float | None = None) -> str:
    """Return the text, cut with an ellipsis where it is wider than `width` mm."""
    if text_mm(text, size) <= width:
        return text
    while text and text_mm(text + "…", size) > width:
        text = text[:-1].rstrip(" ,;(")
    return text + "…"


def wrap(text: str, width: float, size: float | None = None) -> str:
    """Return the text in lines no wider than `width` mm; only longer words are cut."""
    lines: list[str] = []
    words = (part for word in text.split() for part in _pieces(word, width, size))
    for word in words:
        if lines and text_mm(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _pieces(word: str, width: float, size: float | None) -> Iterator[str]:
    """Yield a word, or as much of it as fits a line at a time."""
    piece = ""
    for letter in word:
        if piece and text_mm(piece + letter, size) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


def size_mm(ax: Axes) -> tuple[float, float]:
    """Return the width and height of a plot in millimetres."""
    box = ax.get_window_extent()
    dots = figure_of(ax).dpi * MM
    return box.width / dots, box.height / dots


def figure_of(ax: Axes) -> Figure:
    """Return the figure that axes stand in."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise TrialDataError("the axes belong to no figure any more")
    return figure


def from_corner(ax: Axes, x: float, y: float) -> Transform:
    """Return a transform from millimetres off a corner of the axes (0 or 1 each)."""
    from matplotlib.transforms import Affine2D, ScaledTranslation

    scale = Affine2D().scale(MM) + figure_of(ax).dpi_scale_trans
    return scale + ScaledTranslation(x, y, ax.transAxes)  # type: ignore[arg-type]


def blended(x: Transform, y: Transform) -> Transform:
    """Return a transform that takes x by one and y by another."""
    from matplotlib.transforms import blended_transform_factory

    return blended_transform_factory(x, y)


def gutter(ax: Axes, edge: float) -> Transform:
    """Return a transform: x in mm from the left (0) or right (1) edge, y in data."""
    return blended(from_corner(ax, edge, 0), ax.transData)


def box(
    ax: Axes,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    place: Transform | None = None,
    **look: Any,
) -> None:
    """Draw a rectangle from its corner; with `place` it may stand beside the plot."""
    from matplotlib.patches import Rectangle

    patch = Rectangle((x, y), width, height, **look)
    patch.set_transform(place or ax.transData)
    patch.set_clip_on(place is None)
    # Not add_patch, which measures the limits again: a thousand boxes stay quick.
    ax.add_artist(patch)


def small_text() -> dict[str, Any]:
    """Return the settings of text that stands back: column heads, notes, keys."""
    return {"fontsize": brand.load().small_size, "color": brand.color("slate")}


def beside(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    *,
    edge: float = 1,
    is_small: bool = False,
    **look: Any,
) -> None:
    """Write a text that ends `x` mm off the left (0) or right (1) edge, in row `y`."""
    place = {"transform": gutter(ax, edge), "ha": "right", "va": "center_baseline"}
    ax.text(x, y, text, **place | (small_text() if is_small else {}) | look)


def label_point(
    ax: Axes, text: str, at: tuple[Any, Any], offset: tuple[float, float], **look: Any
) -> None:
    """Write a text `offset` printer's points off a point, even off the plot."""
    place = {"xytext": offset, "textcoords": "offset points", "annotation_clip": False}
    ax.annotate(text, at, **place | look)


def full_width() -> float:
    """Return the width of a key or note that takes the whole page (mm)."""
    return brand.load().width_mm - 4


def _placed(
    items: Sequence[KeyItem], width: float | None
) -> Iterator[tuple[KeyItem, float, int]]:
    """Yield the entries of a key, each with its place in its row (mm) and the row."""
    left, line = 0.0, 0
    for item in items:
        room = _KEY_SWATCH + text_mm(item.label, brand.load().small_size)
        if left and left + room > (width or full_width()):
            left, line = 0.0, line + 1
        yield item, left, line
        left += room + _KEY_GAP


def key_height(items: Sequence[KeyItem], width: float | None = None) -> float:
    """Return how much room (mm) `draw_key` takes above the plot."""
    lines = [line + 1 for _, _, line in _placed(items, width)]
    return lines[-1] * _KEY_LINE + 2 if lines else 0.0


def draw_key(
    ax: Axes,
    items: Sequence[KeyItem],
    *,
    x: float,
    y: float,
    width: float | None = None,
) -> None:
    """Draw a key above the plot, in rows from `x`, `y` mm off its upper left."""
    place = from_corner(ax, 0, 1)
    for item, left, line in _placed(items, width):
        at, middle = x + left, y - (line + 0.5) * _KEY_LINE
        for look in item.looks:
            ax.scatter(at + 1.4, middle, transform=place, clip_on=False, **look)
        if item.patch is not None:
            box(ax, at, middle - 1.1, 3.2, 2.2, place=place, **item.patch)
        look = {"transform": place, "va": "center_baseline"} | small_text()
        ax.text(at + _KEY_SWATCH, middle, item.label, **look)


def empty_note(
    ax: Axes | None, text: str = "No trials to show", *, is_half: bool = False
) -> Axes:
    """Return `ax`, or low new axes, with a quiet note that there is nothing to draw."""
    width = brand.load().half_width_mm if is_half else 0.0
    ax = axes(ax, body=12, left=4, bottom=2, width=width)
    ax.set_axis_off()
    look = {"transform": ax.transAxes, "ha": "center", "va": "center"}
    ax.text(0.5, 0.5, text, color=brand.color("slate"), **look)
    return ax
