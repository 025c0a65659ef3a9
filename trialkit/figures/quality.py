"""Which fields the sources state, per trial or per field (figure F19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from trialkit import brand
from trialkit.brand import NOT_STATED
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.page import (
    KeyItem,
    body_limit,
    box,
    draw_key,
    empty_note,
    gutter,
    key_height,
    page_axes,
    require,
    shorten,
    widest,
)
from trialkit.figures.draw.rows import Row, draw_row_labels, one_line, stated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Columns of the matrix; with more trials their ids could not be read any more.
_MOST_TRIALS = 40

_ROW = 4.6  # mm
_CELL = 9.0  # widest column
_ID = 30.0  # longest id


class State(NamedTuple):
    """How a state is drawn: color, hatch and the letter that doubles them."""

    color: str
    hatch: str | None
    letter: str


def _states() -> dict[str, State]:
    colors = brand.load().colors
    return {
        "stated": State(colors["accent"], None, ""),
        "lay source only": State(colors["petrol-mid"], None, "L"),
        "positional": State(colors["petrol-pale"], None, "P"),
        "inferred": State(colors["white"], None, "I"),
        "conflict": State(colors["orange"], None, "†"),
        "not applicable": State(colors["wash"], None, "–"),
        "not stated": State(colors["missing"], "////", ""),
    }


@drawing
def plot_completeness(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw for every field and trial whether and how a source states it.

    Up to 40 trials make a matrix, one column each; more make one bar per field, the
    trials counted by state. Fields that most trials state come first. What only a lay
    page says, what a mirror lost the label of, and what a rule inferred are never
    shown as stated.

    Parameters
    ----------
    frame
        `completeness`: field, trial_id, state, n_stated.
    ax
        Axes to draw in; by default a new figure, as tall as its fields need.

    Returns
    -------
    matplotlib.axes.Axes
        At the right of a field stands in how many trials some source gives it.
    """
    require(frame, ("field", "trial_id", "state", "n_stated"), "plot_completeness")
    if frame.empty:
        return empty_note(ax)
    frame = frame.assign(
        field=frame["field"].astype("string"),
        trial_id=frame["trial_id"].astype("string"),
        state=stated(frame["state"]).str.lower(),
    )
    order = frame.drop_duplicates("field").sort_values(
        "n_stated", ascending=False, kind="stable"
    )
    rows = [Row(one_line(_readable(field)), field) for field in order["field"]]
    given = order["n_stated"].fillna(0).astype(int)
    sums = dict(zip(order["field"], given, strict=True))
    return draw_states(frame, rows, ax, states=_states(), sums=sums, head="given")


def _readable(field: str) -> str:
    """Return a field as words: a column's name loses its underscores."""
    if field.islower() and "_" in field:
        field = field.replace("_", " ")
    return field[:1].upper() + field[1:]


def draw_states(
    frame: pd.DataFrame,
    rows: Sequence[Row],
    ax: Axes | None,
    *,
    states: Mapping[str, State],
    sums: Mapping[str, int],
    head: str,
) -> Axes:
    """Draw the states of fields: a matrix of few trials, or bars that count many."""
    is_few = frame["trial_id"].nunique() <= _MOST_TRIALS
    draw = _draw_matrix if is_few else _draw_shares
    return draw(frame, rows, ax, states=states, sums=sums, head=head)


def _draw_matrix(
    frame: pd.DataFrame,
    rows: Sequence[Row],
    ax: Axes | None,
    *,
    states: Mapping[str, State],
    sums: Mapping[str, int],
    head: str,
) -> Axes:
    """Draw one square per field (row) and trial (column), by state."""
    trials = list(dict.fromkeys(frame["trial_id"]))
    pad = widest(row.label for row in rows) + 3
    ids = [shorten(trial, _ID, brand.load().small_size) for trial in trials]
    width = brand.load().width_mm
    right = _room(sums, len(trials))
    cell = min((width - pad - 2 - right) / len(trials), _CELL)
    key = _key(frame, states)
    bottom = widest(ids, brand.load().small_size) + 4
    top = key_height(key, width - 4) + 5
    ax = page_axes(
        ax,
        body=min(len(rows) * _ROW, body_limit(top=top, bottom=bottom)),
        left=pad + 2,
        right=width - pad - 2 - cell * len(trials),
        top=top,
        bottom=bottom,
    )
    draw_row_labels(ax, rows, pad=pad)
    ax.set_xlim(0, len(trials))
    ax.set_xticks([x + 0.5 for x in range(len(trials))], ids)
    ax.tick_params(axis="x", labelrotation=90, length=0, pad=2)
    _hide_spines(ax)
    _draw_cells(ax, frame, rows, trials, states)
    draw_key(ax, key, width=width - 4, x=-pad, y=top - 1)
    _draw_sums(ax, rows, sums, len(trials), head)
    return ax


def _draw_cells(
    ax: Axes,
    frame: pd.DataFrame,
    rows: Sequence[Row],
    trials: Sequence[str],
    states: Mapping[str, State],
) -> None:
    """Draw one square per field and trial, the squares of a state as one path."""
    from matplotlib.patches import PathPatch

    at_x = {trial: x for x, trial in enumerate(trials)}
    at_y = {row.group: y for y, row in enumerate(rows)}
    small = brand.load().small_size
    for state, look in states.items():
        cells = frame[frame["state"] == state]
        corners = [
            (at_x[trial], at_y[field])
            for field, trial in zip(cells["field"], cells["trial_id"], strict=True)
        ]
        if not corners:
            continue
        # Not add_patch: it looks for the limits in every square, and they are set.
        ax.add_artist(PathPatch(_squares(corners), label=state, **_patch(look)))
        for x, y in corners if look.letter else ():
            ax.text(
                x + 0.5,
                y + 0.5,
                look.letter,
                ha="center",
                va="center_baseline",
                fontsize=small,
                color=brand.ink_on(look.color),
            )


def _squares(corners: Sequence[tuple[int, int]]) -> Any:
    """Return one path of a square at each place, drawn as one artist."""
    from matplotlib.path import Path

    left, right, top, bottom = 0.06, 0.94, 0.08, 0.92
    one = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    vertices = np.asarray(corners, float)[:, None, :] + np.asarray(one)[None, :, :]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path(vertices.reshape(-1, 2), np.tile(codes, len(corners)))


def _draw_shares(
    frame: pd.DataFrame,
    rows: Sequence[Row],
    ax: Axes | None,
    *,
    states: Mapping[str, State],
    sums: Mapping[str, int],
    head: str,
) -> Axes:
    """Draw one bar per field, its trials counted by state."""
    n_trials = frame["trial_id"].nunique()
    pad = widest(row.label for row in rows) + 3
    key = _key(frame, states)
    width = brand.load().width_mm
    top = key_height(key, width - 4) + 5
    ax = page_axes(
        ax,
        body=min(len(rows) * _ROW, body_limit(top=top)),
        left=pad + 2,
        right=_room(sums, n_trials),
        top=top,
    )
    draw_row_labels(ax, rows, pad=pad)
    counts = frame.groupby(["field", "state"]).size()
    for y, row in enumerate(rows):
        left = 0
        for state, look in states.items():
            n = int(counts.get((row.group, state), 0))
            if n:
                box(ax, left, y + 0.13, n, 0.74, label=state, **_patch(look))
            left += n
    ax.set_xlim(0, n_trials)
    ax.set_xlabel(f"Trials (of {n_trials:,})")
    _hide_spines(ax)
    ax.spines["bottom"].set_visible(True)
    draw_key(ax, key, width=width - 4, x=-pad, y=top - 1)
    _draw_sums(ax, rows, sums, n_trials, head)
    return ax


def _patch(look: State) -> dict[str, Any]:
    needs_edge = look.hatch or look.color == brand.color("white")
    return {
        "facecolor": look.color,
        "edgecolor": brand.color("slate" if needs_edge else "white"),
        "hatch": look.hatch,
        "linewidth": 0.4,
    }


def _key(frame: pd.DataFrame, states: Mapping[str, State]) -> list[KeyItem]:
    used = set(frame["state"])
    items = []
    for state, look in states.items():
        if state in used or state == NOT_STATED.lower():
            label = f"{state} ({look.letter})" if look.letter else state
            items.append(KeyItem(label, patch=_patch(look)))
    return items


def _hide_spines(ax: Axes) -> None:
    for spine in ax.spines.values():
        spine.set_visible(False)


def _room(sums: Mapping[str, int], n: int) -> float:
    """Return the millimetres that the sums at the right take, gaps included."""
    return widest(f"{value:,}/{n:,}" for value in (*sums.values(), n)) + 6


def _draw_sums(
    ax: Axes, rows: Sequence[Row], sums: Mapping[str, int], n: int, head: str
) -> None:
    place, page = gutter(ax, 1), brand.load()
    look: dict[str, Any] = {"transform": place, "ha": "right"}
    end = _room(sums, n) - 3
    for y, row in enumerate(rows):
        text = f"{sums[str(row.group)]:,}/{n:,}"
        ax.text(end, y + 0.5, text, va="center_baseline", **look)
    small = {"fontsize": page.small_size, "color": page.colors["slate"]}
    ax.text(end, -0.2, head, **small, **look)
