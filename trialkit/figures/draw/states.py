"""States of fields: a matrix of few trials, or bars that count many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, page

#: Columns of the matrix; with more trials their ids could not be read any more.
_MOST_TRIALS = 40

_ROW = 4.6  # mm
_WIDEST = 9.0  # widest column
_ID = 30.0  # longest id


class State(NamedTuple):
    """How a state is drawn: a color's name, hatch and the letter that doubles them."""

    color: str
    hatch: str | None = None
    letter: str = ""


def draw_states(
    frame: pd.DataFrame,
    rows: list[axis.Row],
    ax: page.Axes | None,
    *,
    looks: dict[str, State],
    sums: Mapping[str, int],
    head: str,
) -> page.Axes:
    """Draw a frame of field, trial_id and state, with a sum per field at the right."""
    text = frame[["field", "trial_id"]].astype("string")
    frame = text.assign(state=axis.stated(frame["state"]).str.lower())
    trials = list(dict.fromkeys(frame["trial_id"]))
    n = len(trials)
    pad = page.widest(row.label for row in rows) + 3
    style = brand.load()
    key = _key(frame, looks)
    top = page.key_height(key) + 5
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
    axis.draw_row_labels(ax, rows, pad=pad)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlim(0, n)
    if is_few:
        ax.set_xticks([x + 0.5 for x in range(n)], ids)
        ax.tick_params(axis="x", labelrotation=90, length=0, pad=2)
        _draw_squares(ax, frame, rows, looks)
    else:
        _draw_shares(ax, frame, rows, looks)
        ax.set_xlabel(f"Trials (of {n:,})")
        ax.spines["bottom"].set_visible(True)
    page.draw_key(ax, key, x=-pad, y=top - 1)
    for y, row in enumerate(rows):
        page.beside(ax, end, y + 0.5, f"{sums[str(row.group)]:,}/{n:,}")
    page.beside(ax, end, -0.2, head, is_small=True, va="baseline")
    return ax


def _draw_squares(
    ax: page.Axes, frame: pd.DataFrame, rows: list[axis.Row], looks: dict[str, State]
) -> None:
    """Draw one square per field and trial, the squares of a state as one path."""
    from matplotlib.patches import PathPatch

    at_x = {trial: x for x, trial in enumerate(dict.fromkeys(frame["trial_id"]))}
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
        ink = brand.ink_on(brand.color(look.color))
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
    ax: page.Axes, frame: pd.DataFrame, rows: list[axis.Row], looks: dict[str, State]
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
    needs_edge = look.hatch or look.color == "white"
    return {
        "facecolor": brand.color(look.color),
        "edgecolor": brand.color("slate" if needs_edge else "white"),
        "hatch": look.hatch,
        "linewidth": 0.4,
    }


def _key(frame: pd.DataFrame, states: dict[str, State]) -> list[page.KeyItem]:
    used = {*frame["state"], NOT_STATED.lower()}
    return [
        page.KeyItem(
            f"{state} ({look.letter})" if look.letter else state, (), _patch(look)
        )
        for state, look in states.items()
        if state in used
    ]
