"""States of fields: a matrix of few trials, or bars that count many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import page
from trialkit.figures.draw.rows import Row, draw_row_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Columns of the matrix; with more trials their ids could not be read any more.
_MOST_TRIALS = 40

_ROW = 4.6  # mm
_WIDEST = 9.0  # widest column
_ID = 30.0  # longest id


class State(NamedTuple):
    """How a state is drawn: color, hatch and the letter that doubles them."""

    color: str
    hatch: str | None = None
    letter: str = ""


def draw_states(
    frame: pd.DataFrame,
    rows: Sequence[Row],
    ax: Axes | None,
    *,
    looks: Mapping[str, State],
    sums: Mapping[str, int],
    head: str,
) -> Axes:
    """Draw a frame of field, trial_id and state, with a sum per field at the right."""
    trials = list(dict.fromkeys(frame["trial_id"]))
    n = len(trials)
    pad = page.widest(row.label for row in rows) + 3
    style = brand.load()
    key = _key(frame, looks)
    top = page.key_height(key, style.width_mm - 4) + 5
    right = page.widest(f"{value:,}/{n:,}" for value in (*sums.values(), n)) + 6
    body, end, bottom = len(rows) * _ROW, right - 3, 11.0
    ids = [
        page.shorten(trial, _ID, style.small_size) for trial in trials[:_MOST_TRIALS]
    ]
    is_few = n <= _MOST_TRIALS
    if is_few:
        bottom = page.widest(ids, style.small_size) + 4
        width = style.width_mm - pad - 2
        right = width - n * min((width - right) / n, _WIDEST)
    ax = page.axes(ax, body=body, left=pad + 2, right=right, top=top, bottom=bottom)
    draw_row_labels(ax, rows, pad=pad)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlim(0, n)
    if is_few:
        ax.set_xticks([x + 0.5 for x in range(n)], ids)
        ax.tick_params(axis="x", labelrotation=90, length=0, pad=2)
        _draw_squares(ax, frame, rows, trials, looks)
    else:
        _draw_shares(ax, frame, rows, looks)
        ax.set_xlabel(f"Trials (of {n:,})")
        ax.spines["bottom"].set_visible(True)
    page.draw_key(ax, key, width=style.width_mm - 4, x=-pad, y=top - 1)
    for y, row in enumerate(rows):
        page.beside(ax, end, y + 0.5, f"{sums[str(row.group)]:,}/{n:,}")
    page.beside(ax, end, -0.2, head, is_small=True, va="baseline")
    return ax


def _draw_squares(
    ax: Axes,
    frame: pd.DataFrame,
    rows: Sequence[Row],
    trials: Sequence[str],
    looks: Mapping[str, State],
) -> None:
    """Draw one square per field and trial, the squares of a state as one path."""
    from matplotlib.patches import PathPatch

    at_x = {trial: x for x, trial in enumerate(trials)}
    at_y = {row.group: y for y, row in enumerate(rows)}
    text: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
    text["fontsize"] = brand.load().small_size
    for state, look in looks.items():
        own = frame[frame["state"] == state]
        corners = [
            (at_x[trial], at_y[field])
            for field, trial in zip(own["field"], own["trial_id"], strict=True)
        ]
        if not corners:
            continue
        # Not add_patch: it looks for the limits in every square, and they are set.
        ax.add_artist(PathPatch(_squares(corners), label=state, **_patch(look)))
        ink = brand.ink_on(look.color)
        for x, y in corners if look.letter else ():
            ax.text(x + 0.5, y + 0.5, look.letter, color=ink, **text)


def _squares(corners: Sequence[tuple[int, int]]) -> Any:
    """Return one path of a square at each place, drawn as one artist."""
    from matplotlib.path import Path

    left, right, top, bottom = 0.06, 0.94, 0.08, 0.92
    one = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    vertices = np.asarray(corners, float)[:, None, :] + np.asarray(one)[None, :, :]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path(vertices.reshape(-1, 2), np.tile(codes, len(corners)))


def _draw_shares(
    ax: Axes, frame: pd.DataFrame, rows: Sequence[Row], looks: Mapping[str, State]
) -> None:
    """Draw one bar per field, its trials counted by state."""
    counts = frame.groupby(["field", "state"]).size()
    for y, row in enumerate(rows):
        left = 0
        for state, look in looks.items():
            n = int(counts.get((row.group, state), 0))
            if n:
                page.box(ax, left, y + 0.13, n, 0.74, label=state, **_patch(look))
            left += n


def _patch(look: State) -> dict[str, Any]:
    needs_edge = look.hatch or look.color == brand.color("white")
    return {
        "facecolor": look.color,
        "edgecolor": brand.color("slate" if needs_edge else "white"),
        "hatch": look.hatch,
        "linewidth": 0.4,
    }


def _key(frame: pd.DataFrame, states: Mapping[str, State]) -> list[page.KeyItem]:
    used = set(frame["state"])
    items = []
    for state, look in states.items():
        if state in used or state == NOT_STATED.lower():
            label = f"{state} ({look.letter})" if look.letter else state
            items.append(page.KeyItem(label, patch=_patch(look)))
    return items
