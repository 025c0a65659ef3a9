"""How documents become trials and arms, as a flow diagram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from trialkit import brand, summarize
from trialkit.figures.draw import page, phrases
from trialkit.figures.figure import Figure

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


def _draw_record_flow(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the steps from documents to arms, after PRISMA 2020's flow for registers.

    Steps on the way to the last row stand below one another; whatever was merged, set
    aside or left out, and the sources that a step is made of, stand beside the step
    they hang on. A box keeps its unit, since documents, records, trials and arms are
    different things to count. The axes are in millimetres from the upper left corner.
    """
    chain = main_line(frame)
    is_main = frame["step"].isin(chain)
    boxes = {box.step: box for box in _boxes(frame[is_main], is_main=True)}
    beside = [frame[~is_main & frame["parent"].eq(step)] for step in chain]
    sides = [_boxes(_on_one_page(rows), is_main=False) for rows in beside]
    steps = [(boxes[step], own) for step, own in zip(chain, sides, strict=True)]
    tops, body = _tops(steps)
    ax = page.axes(ax, body=body, left=2, right=2, top=1, bottom=1)
    ax.set_xlim(0, page.full_width())
    ax.set_ylim(body, 0)  # from the top down
    ax.set_axis_off()
    foot = None
    for (box, own), top in zip(steps, tops, strict=True):
        _draw_box(ax, box, 0, top)
        _draw_sides(ax, box, own, top)
        if foot is not None:
            _draw_arrow(ax, foot, top)
        foot = top + box.height
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


def _on_one_page(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows beside one step, the smallest of very many put together."""
    is_alike = rows["unit"].eq(rows["unit"].head(1).squeeze())
    alike = rows[is_alike]
    if len(rows) <= _BESIDE or len(alike) < 3:
        return rows
    n_kept = max(1, _BESIDE - 1 - (len(rows) - len(alike)))
    rest = alike.sort_values("n", ascending=False, kind="stable").iloc[n_kept:]
    further = rest.head(1).assign(
        step=f"further:{rest['parent'].iloc[0]}",
        label=f"{len(rest):,} further",
        n=rest["n"].sum(),
        note="",
    )
    return pd.concat([alike.drop(index=rest.index), further, rows[~is_alike]])


def _boxes(rows: pd.DataFrame, *, is_main: bool) -> list[_Box]:
    style = brand.load()
    width = (_MAIN if is_main else _SIDE) - 2 * _PAD
    boxes = []
    for row in rows.to_dict("records"):
        n, unit = int(row["n"]), str(row["unit"])
        number = f"n = {n:,} {unit.removesuffix('s') if n == 1 else unit}"
        label = page.wrap(str(row["label"]), width - page.text_mm(number) - 3)
        note = "" if pd.isna(row["note"]) else str(row["note"])
        note = page.wrap(note, width, style.small_size)
        height = 2 * _PAD + _height(label, style.font_size)
        if note:
            height += _height(note, style.small_size) + 0.6
        boxes.append(_Box(str(row["step"]), label, number, note, height, is_main))
    return boxes


def _height(text: str, size: float) -> float:
    return (text.count("\n") + 1) * size * _LINE * page.POINT


def _tops(steps: Sequence[tuple[_Box, Sequence[_Box]]]) -> tuple[list[float], float]:
    """Return where the box of each step starts, and the height of all."""
    tops = []
    y = bottom = 0.0
    for box, sides in steps:
        tops.append(y)
        beside = sum(side.height + _SIDE_GAP for side in sides)
        bottom = y + max(box.height, beside - _SIDE_GAP)
        y += max(box.height + _GAP, beside)
    return tops, bottom


def _draw_box(ax: page.Axes, box: _Box, x: float, y: float) -> None:
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


def _draw_sides(ax: page.Axes, box: _Box, sides: Sequence[_Box], top: float) -> None:
    """Draw what hangs on a step at its right, joined by a bracket of thin lines."""
    if not sides:
        return
    look: dict[str, Any] = {"color": brand.color("slate"), "linewidth": 0.7}
    left = page.full_width() - _SIDE
    bend = (_MAIN + left) / 2
    y, middles = top, []
    for side in sides:
        _draw_box(ax, side, left, y)
        middles.append(y + side.height / 2)
        ax.plot((bend, left), (middles[-1], middles[-1]), **look)
        y += side.height + _SIDE_GAP
    middle = top + box.height / 2
    ax.plot((bend, bend), (min(middle, *middles), max(middle, *middles)), **look)
    ax.plot((_MAIN, bend), (middle, middle), **look)


def _draw_arrow(ax: page.Axes, start: float, end: float) -> None:
    arrow = {"arrowstyle": "-|>,head_width=0.18,head_length=0.35", "linewidth": 0.8}
    arrow |= {"color": brand.color("slate"), "shrinkA": 0, "shrinkB": 0}
    x = _MAIN / 2
    ax.annotate("", xy=(x, end), xytext=(x, start), arrowprops=arrow)


def _flow_in_words(frame: pd.DataFrame) -> str:
    chain = main_line(frame)
    lines = zip(frame["step"], frame["label"], frame["n"], strict=True)
    said = {str(step): f"{label} {int(n):,}" for step, label, n in lines}
    beside = [text for step, text in said.items() if step not in chain]
    text = f"Flow diagram: {'; '.join(said[step] for step in chain)}."
    return (
        f"{text} Beside it: {'; '.join(beside[: phrases.MOST_NAMED])}."
        if beside
        else text
    )


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
