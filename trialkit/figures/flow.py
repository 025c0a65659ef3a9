"""How documents become trials and arms, as a flow diagram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from trialkit import brand, summarize
from trialkit.figures.draw import page
from trialkit.figures.draw.words import MOST_NAMED
from trialkit.figures.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MAIN = 72.0  # width of a box on the main line (mm)
_SIDE = 66.0
_PAD = 2.2
_GAP = 7.0  # between boxes of the main line
_SIDE_GAP = 2.5
_LINE = 1.28  # of the type size
_BESIDE = 8  # most boxes beside one step


class _Box(NamedTuple):
    """One box: what it says, as lines per style, and how tall that is (mm)."""

    step: str
    label: str
    number: str
    note: str
    height: float
    is_main: bool


def _draw_record_flow(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the steps from documents to arms, after PRISMA 2020's flow for registers.

    Steps on the way to the last row stand below one another; whatever was merged, set
    aside or left out, and the sources that a step is made of, stand beside the step
    they hang on. A box keeps its unit, since documents, records, trials and arms are
    different things to count. The axes are in millimetres from the upper left corner.
    """
    chain = main_line(frame)
    rows = pd.concat([_on_one_page(part) for part in _parts(frame, chain)])
    boxes = {box.step: box for box in _boxes(rows, chain)}
    sides: dict[str, list[_Box]] = {step: [] for step in chain}
    for step, parent in zip(rows["step"], rows["parent"], strict=True):
        if step not in chain and parent in sides:
            sides[parent].append(boxes[step])
    tops, body = _tops([boxes[step] for step in chain], sides)
    width = brand.load().width_mm - 4
    ax = page.axes(ax, body=body, left=2, right=2, top=1, bottom=1)
    ax.set_xlim(0, width)
    ax.set_ylim(body, 0)  # from the top down
    ax.set_axis_off()
    for number, step in enumerate(chain):
        _draw_box(ax, boxes[step], 0, tops[step])
        _draw_sides(ax, boxes[step], sides[step], tops[step], width)
        if number:
            _draw_arrow(ax, boxes[chain[number - 1]], tops, step)
    return ax


def main_line(frame: pd.DataFrame) -> list[str]:
    """Return the steps from the first to the last row's, each the next one's parent."""
    parents = {
        str(step): None if pd.isna(parent) else str(parent)
        for step, parent in zip(frame["step"], frame["parent"], strict=True)
    }
    step: str | None = str(frame["step"].iloc[-1])
    chain: list[str] = []
    while step in parents and step not in chain:
        chain.append(step)
        step = parents[step]
    return chain[::-1]


def _parts(frame: pd.DataFrame, chain: Sequence[str]) -> list[pd.DataFrame]:
    """Return the main line and, per step of it, the rows that hang on it."""
    is_main = frame["step"].isin(chain)
    beside = [frame[~is_main & frame["parent"].eq(step)] for step in chain]
    return [frame[is_main], *(part for part in beside if len(part))]


def _on_one_page(part: pd.DataFrame) -> pd.DataFrame:
    """Return the boxes beside one step, the smallest of very many put together."""
    parent = part["parent"].iloc[0]
    alike = part[part["unit"] == part["unit"].iloc[0]]
    if part["parent"].ne(parent).any() or len(part) <= _BESIDE or len(alike) < 3:
        return part
    n_kept = max(1, _BESIDE - 1 - (len(part) - len(alike)))
    rest = alike.sort_values("n", ascending=False, kind="stable").iloc[n_kept:]
    row = {
        "step": f"further:{parent}",
        "label": f"{len(rest):,} further",
        "n": rest["n"].sum(),
        "unit": rest["unit"].iloc[0],
        "note": pd.NA,
        "parent": parent,
    }
    kept = part.drop(index=rest.index)
    first = kept["unit"].eq(row["unit"])
    made = pd.DataFrame([row]).astype(part.dtypes[list(row)].to_dict())
    return pd.concat([kept[first], made, kept[~first]])


def _boxes(frame: pd.DataFrame, chain: Sequence[str]) -> list[_Box]:
    style = brand.load()
    made = []
    for row in frame.to_dict("records"):
        step, note = str(row["step"]), row["note"]
        width = (_MAIN if step in chain else _SIDE) - 2 * _PAD
        n, unit = int(row["n"]), str(row["unit"])
        number = f"n = {n:,} {unit.removesuffix('s') if n == 1 else unit}"
        label = page.wrap(str(row["label"]), width - page.text_mm(number) - 3)
        note = "" if pd.isna(note) else page.wrap(str(note), width, style.small_size)
        height = 2 * _PAD + _height(label, style.font_size)
        if note:
            height += _height(note, style.small_size) + 0.6
        made.append(_Box(step, label, number, note, height, step in chain))
    return made


def _height(text: str, size: float) -> float:
    return (text.count("\n") + 1) * size * _LINE * page.POINT


def _tops(
    chain: Sequence[_Box], sides: dict[str, list[_Box]]
) -> tuple[dict[str, float], float]:
    """Return where each main box starts, and the height of all."""
    tops: dict[str, float] = {}
    y = bottom = 0.0
    for box in chain:
        tops[box.step] = y
        beside = sum(side.height + _SIDE_GAP for side in sides[box.step])
        bottom = y + max(box.height, beside - _SIDE_GAP)
        y += max(box.height + _GAP, beside)
    return tops, bottom


def _draw_box(ax: Axes, box: _Box, x: float, y: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    style, width = brand.load(), _MAIN if box.is_main else _SIDE
    fill, edge = ("wash", "accent") if box.is_main else ("white", "rule")
    look: dict[str, Any] = {"facecolor": brand.color(fill), "linewidth": 0.8}
    look |= {"edgecolor": brand.color(edge), "clip_on": False, "label": box.step}
    shape = "round,pad=0,rounding_size=1.0"
    ax.add_patch(FancyBboxPatch((x, y), width, box.height, boxstyle=shape, **look))
    weight = "bold" if box.is_main else "normal"
    inner = y + _PAD
    text: dict[str, Any] = {"va": "top", "linespacing": 1.1}
    ax.text(x + _PAD, inner, box.label, weight=weight, **text)
    ax.text(x + width - _PAD, inner, box.number, va="top", ha="right")
    if box.note:
        inner += _height(box.label, style.font_size) + 0.6
        ax.text(x + _PAD, inner, box.note, **text | page.small_text())


def _draw_sides(
    ax: Axes, box: _Box, sides: Sequence[_Box], top: float, width: float
) -> None:
    """Draw what hangs on a step at its right, joined by a bracket of thin lines."""
    if not sides:
        return
    rule = brand.color("slate")
    left, bend = width - _SIDE, (_MAIN + width - _SIDE) / 2
    y, middles = top, []
    for side in sides:
        _draw_box(ax, side, left, y)
        middles.append(y + side.height / 2)
        ax.plot((bend, left), (middles[-1], middles[-1]), color=rule, linewidth=0.7)
        y += side.height + _SIDE_GAP
    middle = top + box.height / 2
    ends = min(middle, *middles), max(middle, *middles)
    ax.plot((bend, bend), ends, color=rule, linewidth=0.7)
    ax.plot((_MAIN, bend), (middle, middle), color=rule, linewidth=0.7)


def _draw_arrow(ax: Axes, above: _Box, tops: dict[str, float], step: str) -> None:
    start = tops[above.step] + above.height
    arrow = {"arrowstyle": "-|>,head_width=0.18,head_length=0.35", "linewidth": 0.8}
    arrow |= {"color": brand.color("slate"), "shrinkA": 0, "shrinkB": 0}
    ends: dict[str, Any] = {"xy": (_MAIN / 2, tops[step]), "xytext": (_MAIN / 2, start)}
    ax.annotate("", arrowprops=arrow, **ends)


def _flow_in_words(frame: pd.DataFrame) -> str:
    chain = main_line(frame)
    columns = ("step", "label", "n")
    said = {
        str(step): f"{label} {int(n):,}"
        for step, label, n in zip(*(frame[c] for c in columns), strict=True)
    }
    beside = [text for step, text in said.items() if step not in chain]
    text = f"Flow diagram: {'; '.join(said[step] for step in chain)}."
    return f"{text} Beside it: {'; '.join(beside[:MOST_NAMED])}." if beside else text


record_flow = Figure(
    name="record_flow",
    question="How did documents become trials and arms?",
    summary=summarize.record_flow,
    columns=("step", "label", "n", "unit", "note", "parent"),
    drawing=_draw_record_flow,
    own_label="fig-flow",
    caption="From documents to trials and arms, after the PRISMA 2020 flow for "
    "registers. Each box gives its own unit; trials at the end, N = {n}. What was set "
    "aside is listed with its reason in the appendix.",
    alt_text=_flow_in_words,
    minimum=0,  # how records came to none is what such a report tells
)
