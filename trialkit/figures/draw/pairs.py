"""Pairs of groups as a matrix of numbers, with the trials of each row beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from trialkit import brand
from trialkit.codewords import NOT_STATED, short_word
from trialkit.figures.draw import axis, page, sheet
from trialkit.summarize.wording import word

#: Rows and columns that have room; of more, those with most trials have their own.
MOST_ROWS, MOST_COLUMNS = 30, 12
#: A pair leads where no more than so many have its number.
_MOST_MARKED = 3
_REST, _HEAD = "Further", "Trials"
_SYLLABLE = re.compile(r"(?<=[a-z]{2})[b-df-hj-np-tv-xz](?=[aeiouy])")

_BARS, _SUMS = 20.0, 12.0  # mm, beside the matrix: bars with numbers, or numbers
_LABEL = 42.0  # widest label of a row
_WIDEST = 16.0  # widest column


#: Numbers of pairs of groups.
Counts = Mapping[tuple[str, str], int]


class Matrix(NamedTuple):
    """What is drawn: rows with their labels, columns with their heads, and numbers.

    `sums` are the trials of each row and `totals` those of each column, where a frame
    tells them: a trial can stand in several.
    """

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    counts: Counts
    sums: Mapping[str, int] = {}
    totals: Mapping[str, int] = {}


def matrix_of(
    row: str, column: str, *, ranked: Sequence[str] = (), has_sums: bool = True
) -> Callable[[pd.DataFrame, page.Axes | None], page.Axes]:
    """Return the drawing of trials by two columns of a frame, as a matrix of numbers.

    The groups of the columns `ranked` come by their trials, others as in the frame. A
    row `has_sums` where a trial stands in one of its columns only: then those without
    room are one column, and otherwise they are left out.
    """

    def draw(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
        frame = frame[frame["n"].fillna(0) > 0]
        counts: Counts = axis.pair_counts(frame, row, column)
        rows = _fitting(frame, row, MOST_ROWS, row in ranked)
        columns = _fitting(frame, column, MOST_COLUMNS, column in ranked)
        labels, heads = names_of(rows, row), names_of(columns, column)
        if not has_sums:
            return draw_matrix(ax, Matrix(labels, heads, counts))
        counts = _pooled(counts, set(columns))
        sums = {key: sum(n for (r, _), n in counts.items() if r == key) for key in rows}
        if any(key == _REST for _, key in counts):
            last = {key: heads.pop(key) for key in (NOT_STATED,) if key in heads}
            heads |= {_REST: _REST} | last
        return draw_matrix(ax, Matrix(labels, heads, counts, sums))

    return draw


def _fitting(frame: pd.DataFrame, name: str, most: int, is_ranked: bool) -> list[str]:
    """Return the groups that have room, "Not stated" last."""
    groups = axis.groups_of(frame[name], only_used=True)
    sums = frame["n"].groupby(axis.stated(frame[name])).sum()
    told = sorted(
        (group for group in groups if group != NOT_STATED), key=lambda key: -sums[key]
    )
    # Where some are left out or pooled, these take the last place.
    kept = told if len(told) <= most else told[: most - 1]
    last = [NOT_STATED] if NOT_STATED in groups else []
    return [*(kept if is_ranked else [g for g in groups if g in kept]), *last]


def _pooled(counts: Counts, columns: set[str]) -> Counts:
    """Return the counts, those of columns without room added up in the rest."""
    pooled: dict[tuple[str, str], int] = {}
    for (row, column), n in counts.items():
        key = row, column if column in columns else _REST
        pooled[key] = pooled.get(key, 0) + n
    return pooled


def names_of(groups: Iterable[str], column: str) -> dict[str, str]:
    """Return the groups in few words, unless two would look the same."""
    groups = list(groups)
    if column == "phase_group":
        return {group: word(group, column) for group in groups}
    short = {group: short_word(group, column) for group in groups}
    told = list(short.values())
    return {key: key if told.count(name) > 1 else name for key, name in short.items()}


def largest_of(counts: Counts) -> list[tuple[str, str]]:
    """Return the pairs of the largest number, none where many share it."""
    told = {key: n for key, n in counts.items() if n and NOT_STATED not in key}
    most = [key for key, n in told.items() if n == max(told.values())]
    return most if len(most) <= _MOST_MARKED and len(most) < len(told) else []


def draw_matrix(
    ax: page.Axes | None,
    matrix: Matrix,
    *,
    marked: Sequence[tuple[str, str]] | None = None,
) -> page.Axes:
    """Draw the numbers, the heads above, the sums of rows beside and of columns below.

    The accent marks the largest pair, or those of `marked`; "Not stated" is an outline,
    and where nothing is stands a pale square.
    """
    if not matrix.rows or not matrix.columns:
        return page.empty_note(ax)
    full = brand.load().width_mm
    names = matrix.rows
    rows = list(names.values())
    least = sheet.label_width([*rows, _HEAD if matrix.totals else ""])
    left = min(max(least, 24), _LABEL)
    width, beside = _widths(matrix, full - left)
    heads = {key: _wrapped(h, width - 0.6) for key, h in matrix.columns.items()}
    bottom = len(rows) * sheet.ROW
    top = sheet.height_of_heads(heads.values())
    below = sheet.ROW + 1 if matrix.totals else 0.0
    ax = sheet.sheet(ax, bottom + below, top=top)
    sheet.draw_labels(ax, rows, has_rules=False, longest=left - sheet.GAP)
    named = {(names[r], c): n for (r, c), n in matrix.counts.items() if r in names}
    marked = largest_of(matrix.counts) if marked is None else marked
    look: dict[str, Any] = {"left": left, "width": width, "hue": "accent"}
    look["marked"] = [(names[r], c) for r, c in marked if r in names]
    look["wash"] = brand.color("wash")
    sheet.draw_matrix(ax, rows, heads, named, **look)
    end = left + width * len(heads)
    if matrix.sums:
        sums = {names[key]: matrix.sums[key] for key in names}
        if beside == _BARS:
            bars = sheet.Bars(_HEAD, sums)
            sheet.draw_bars(ax, rows, bars, left=end + 4, width=beside - 4)
        else:
            _draw_sums(ax, sums, end + beside - 0.6)
    if matrix.totals:
        _draw_totals(ax, [matrix.totals[key] for key in heads], left, width, bottom)
    return ax


def _bold() -> dict[str, Any]:
    look: dict[str, Any] = {"weight": "bold", "color": brand.color("ink")}
    return look | {"fontsize": brand.load().small_size}


def _draw_sums(ax: page.Axes, sums: Mapping[str, int], right: float) -> None:
    ax.text(right, -1.0, _HEAD, ha="right", va="bottom", **_bold())
    for y, n in enumerate(sums.values()):
        at = right, sheet.middle_of(y)
        ax.text(*at, f"{n:,}", ha="right", va="center_baseline", **_bold())


def _draw_totals(
    ax: page.Axes, totals: Sequence[int], left: float, width: float, bottom: float
) -> None:
    line = {"color": brand.color("ink"), "linewidth": 0.7}
    end = left + width * len(totals)
    ax.hlines(bottom + 0.5, 0, end, clip_on=False, **line)
    style = {**_bold(), "va": "center_baseline"}
    y = bottom + 0.5 + sheet.ROW / 2
    ax.text(0, y, _HEAD, **style)
    for x, n in enumerate(totals):
        ax.text(left + (x + 0.5) * width, y, f"{n:,}", ha="center", **style)


def _wrapped(head: str, width: float) -> str:
    """Return a head in lines of a width, a word without room broken at a syllable."""
    size = brand.load().small_size
    words = (_broken(part, width, size) for part in head.split())
    return page.wrap(" ".join(words), width, size)


def _broken(word: str, width: float, size: float) -> str:
    """Return a word, or its parts with a hyphen between them.

    A syllable of English mostly begins with the consonant before a vowel.
    """
    if page.text_mm(word, size) <= width:
        return word
    places = [m.start() for m in _SYLLABLE.finditer(word) if m.start() < len(word) - 1]
    fits = [i for i in places if page.text_mm(word[:i] + "-", size) <= width]
    if not fits:
        return word
    return f"{word[: fits[-1]]}- {_broken(word[fits[-1] :], width, size)}"


def _widths(matrix: Matrix, room: float) -> tuple[float, float]:
    """Return the width of a column, and the room for the sums beside them.

    Where the words of the heads have no room, the sums are numbers without bars.
    """
    if not matrix.sums:
        return min(room / len(matrix.columns), _WIDEST), 0.0
    words = (part for head in matrix.columns.values() for part in head.split())
    longest = page.widest(words, brand.load().small_size) + 0.6
    width = min((room - _BARS) / len(matrix.columns), _WIDEST)
    if width >= longest:
        return width, _BARS
    return min((room - _SUMS) / len(matrix.columns), _WIDEST), _SUMS


def most_note(row: str, column: str = "") -> Callable[[pd.DataFrame], str]:
    """Return the note of a matrix that draws the commonest groups of very many."""
    shown = [(row, MOST_ROWS, "rows")]
    shown += [(column, MOST_COLUMNS, "columns")] if column else []

    def note(frame: pd.DataFrame) -> str:
        frame = frame[frame["n"].fillna(0) > 0]
        parts = []
        for name, most, what in shown:
            n = len({*axis.stated(frame[name])} - {NOT_STATED})
            if n > most:
                parts.append(f"Of {n:,} {what} the {most - 1} with most trials.")
        return " ".join(parts)

    return note
