"""Numbers of cells on log axes, a row per trial, and how many trials state one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED, short_word
from trialkit.escape import markdown_text
from trialkit.figures.draw import axis, families, page, parts, phrases
from trialkit.figures.draw.sheet import sheet
from trialkit.figures.figure import Figure
from trialkit.summarize.doses import DOSE_STATES, PANEL_FROM, PER
from trialkit.summarize.statistics import (
    QUARTILES_FROM,
    computed,
    plain_amount,
    plain_range,
)
from trialkit.summarize.wording import counted

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Rows of one panel, and of all; with more trials a row is a route.
_MOST_ROWS, _MOST_IN_ALL = 40, 44
_MOST_ROUTES = 16
_ROW, _HEAD, _GAP = 4.3, 9.5, 5.0  # mm
_ID, _TITLE = 23.0, 54.0
_DOT = 2.0
_REST = "More routes"


def _draw_doses(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the doses that trials state, one panel per unit, on a log axis.

    Each trial has a row: a dot for each amount, a line from lowest to highest, and the
    numbers in words. Cells per kilogram, numbers of cells, and cells loaded in a device
    never share a panel: one cannot be turned into another without a body weight that no
    record gives. Of more than 40 trials a row is a route, with the median and the
    middle half of the highest amounts.
    """
    if not _panels(frame):
        return page.empty_note(ax)
    panels = _panels(frame)
    many = _summed_up(panels)
    full = brand.load().width_mm
    key = _key(own for name, own in panels.items() if name not in many)
    top = parts.key_height(key, 0, full)
    rows = {name: _rows(own, name in many) for name, own in panels.items()}
    height = sum(_HEAD + len(own) * _ROW + _GAP for own in rows.values()) - _GAP
    ax = sheet(ax, height, top=top, bottom=1.5)
    parts.draw_key(ax, key, 0, full, top=top)
    y = 0.0
    for name, own in panels.items():
        _draw_panel(ax, name, own, rows[name], y, is_many=name in many)
        y += _HEAD + len(rows[name]) * _ROW + _GAP
    return ax


def _panels(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    frame = frame[frame["amount"].fillna(0) > 0]
    return {str(k): own for k, own in frame.groupby("panel", observed=True)}


def _summed_up(panels: Mapping[str, pd.DataFrame]) -> set[str]:
    """Return the panels with more trials than there is room for rows."""
    n_of = {name: own["trial_id"].nunique() for name, own in panels.items()}
    many = {name for name, n in n_of.items() if n > _MOST_ROWS}
    for name in sorted(n_of, key=lambda key: -n_of[key]):
        if sum(n for key, n in n_of.items() if key not in many) > _MOST_IN_ALL:
            many.add(name)
    return many


def _key(panels: Iterable[pd.DataFrame]) -> list[parts.Part]:
    """Return the families of routes that the dots of trials are colored by."""
    used = [family for own in panels for family in axis.stated(own["route_family"])]
    named: dict[str, str | None] = {}
    for family in axis.groups_of(pd.Series(used, dtype="string"), only_used=True):
        hue = _hue(family)
        is_rest = hue == families.hue_of(_REST)
        named[_REST if is_rest else short_word(family, "route_family")] = hue
    kept = sorted(named.items(), key=lambda pair: (pair[1] is None, pair[0] == _REST))
    return [
        parts.Part("Route not stated" if hue is None else name, hue)
        for name, hue in kept
    ]


def _hue(family: str) -> str | None:
    return None if family == NOT_STATED else families.hue_of(family)


class _Row:
    """One row of a panel: its labels, its amounts, and how they are drawn."""

    def __init__(self, label: str, amounts: Iterable[float], **facts: Any) -> None:
        self.label = label
        self.amounts = sorted(map(float, amounts))
        self.trial: str = facts.get("trial", "")
        self.hue: str | None = facts.get("hue")
        self.end: str = facts.get("end", "")


def _rows(own: pd.DataFrame, is_many: bool) -> list[_Row]:
    """Return the rows of a panel: trials by their highest amount, or routes."""
    if is_many:
        return _route_rows(own)
    rows = []
    for trial, levels in own.groupby(axis.stated(own["trial_id"]), sort=False):
        first = levels.iloc[0]
        title = first["short_title"]
        family = first["route_family"]
        given = {PER.get(str(per), "") for per in levels["per"].dropna()}
        per = f" {given.pop()}" if len(given) == 1 else ""
        low, high = levels["amount"].min(), levels["amount"].max()
        facts = {
            "trial": str(trial),
            "hue": _hue(NOT_STATED if pd.isna(family) else str(family)),
            "end": plain_range(low, high) + ("" if "per kg" in per else per),
        }
        label = NOT_STATED if pd.isna(title) else str(title)
        rows.append(_Row(label, set(levels["amount"]), **facts))
    return sorted(rows, key=lambda r: (r.amounts[-1], r.amounts[0], r.trial))


def _route_rows(own: pd.DataFrame) -> list[_Row]:
    groups = axis.stated(own["route_group"])
    highest = own.groupby([groups, "trial_id"], observed=True)["amount"].max()
    by_route = {str(k): v.tolist() for k, v in highest.groupby(level=0)}
    ranked = sorted(by_route, key=lambda k: (k == NOT_STATED, -len(by_route[k]), k))
    if len(ranked) > _MOST_ROUTES:
        last = [NOT_STATED] if NOT_STATED in ranked else []
        rest = [k for k in ranked if k not in last][_MOST_ROUTES - 1 :]
        is_rest = groups.isin(rest)
        by_route[_REST] = own[is_rest].groupby("trial_id")["amount"].max().tolist()
        ranked = [k for k in ranked if k not in {*rest, *last}] + [_REST, *last]
    rows = []
    for name in ranked:
        values = by_route[name]
        middle, end = float(np.median(values)), ""
        if len(values) >= QUARTILES_FROM:
            low, high = map(computed, np.percentile(values, [25, 75]))
            end = f"{plain_amount(computed(middle))} ({plain_range(low, high)})"
        else:
            end = plain_range(min(values), max(values))
        label = short_word(name, "route_group")
        facts: dict[str, Any] = {"trial": f"{len(values):,}", "end": end}
        facts["hue"] = None if name == NOT_STATED else brand.color("bar")
        rows.append(_Row(label, values, **facts))
    return rows


def _ends(rows: Iterable[_Row]) -> tuple[float, float]:
    """Return the ends of a log axis: those of the amounts, but two powers at least."""
    logs = [np.log10(amount) for row in rows for amount in row.amounts]
    low, high = min(logs) - 0.1, max(logs) + 0.1
    if np.floor(high) - np.ceil(low) < 1:
        low, high = float(np.floor(min(logs))), float(np.ceil(max(logs)))
    return low, max(high, low + 1)


def _draw_panel(
    ax: page.Axes,
    name: str,
    own: pd.DataFrame,
    rows: list[_Row],
    top: float,
    *,
    is_many: bool,
) -> None:
    size = brand.load().small_size
    full = brand.load().width_mm
    text: dict[str, Any] = {"va": "center_baseline", "fontsize": size}
    n = counted(own["trial_id"].nunique(), "trial")
    head = {**text, "color": brand.color("ink")}
    ax.text(0, top + 2.2, f"{name} ({n})", weight="bold", **head)
    told = "Median (middle half)" if is_many else ""
    right = full - page.widest([told, *(row.end for row in rows)], size) * 1.03 - 6
    left = 46.0 if is_many else _ID + _TITLE + 4
    low, high = _ends(rows)

    def place(amount: float) -> float:
        return left + (right - left) * (np.log10(amount) - low) / (high - low)

    start, bottom = top + _HEAD, top + _HEAD + len(rows) * _ROW
    small = page.small_text()
    powers = range(int(np.ceil(low)), int(np.floor(high)) + 1)
    room = page.widest((plain_amount(10.0**p) for p in powers), size) + 3
    step = int(-(-room * (high - low) // (right - left)))
    for power in powers[::step]:
        x = place(10.0**power)
        look = {"color": brand.color("grid"), "linewidth": 0.7, "zorder": 0.4}
        ax.vlines(x, start, bottom, clip_on=False, **look)
        label = plain_amount(10.0**power)
        ax.text(x, start - 1.8, label, ha="center", va="center_baseline", **small)
    if is_many:
        ax.text(full, start - 1.8, told, ha="right", va="center_baseline", **small)
        ax.text(39, start - 1.8, "Trials", ha="right", va="center_baseline", **small)
    for i, row in enumerate(rows):
        y = start + (i + 0.5) * _ROW
        slate = {**text, "color": brand.color("slate")}
        shade = brand.color("slate" if row.label == NOT_STATED else "ink")
        if is_many:
            ax.text(0, y, page.shorten(row.label, 32, size), color=shade, **text)
            ax.text(39, y, row.trial, ha="right", weight="bold", **head)
            _draw_spread(ax, row, [place(a) for a in row.amounts], y)
        else:
            ax.text(0, y, page.shorten(row.trial, _ID - 1, size), **slate)
            label = page.shorten(row.label, _TITLE, size)
            ax.text(_ID, y, label, color=shade, **text)
            _draw_levels(ax, row, [place(a) for a in row.amounts], y)
        ax.text(full, y, row.end, ha="right", **head)


def _draw_levels(ax: page.Axes, row: _Row, xs: list[float], y: float) -> None:
    """Draw a dot for each amount, and a line from the lowest to the highest."""
    edge = row.hue or brand.color("slate")
    ax.hlines(y, xs[0], xs[-1], color=edge, linewidth=1.1, zorder=2)
    look = {**families.fill(row.hue), "zorder": 3, "clip_on": False, "linewidth": 0.9}
    look["edgecolor"] = edge
    ax.scatter(xs, [y] * len(xs), s=(_DOT / page.POINT) ** 2, **look)


def _draw_spread(ax: page.Axes, row: _Row, xs: list[float], y: float) -> None:
    """Draw median and middle half of a route's trials; of few, each trial."""
    if len(xs) < QUARTILES_FROM:
        _draw_levels(ax, row, xs, y)
        return
    line = {"color": brand.color("rest"), "linewidth": 0.9, "zorder": 1}
    ax.hlines(y, xs[0], xs[-1], clip_on=False, **line)
    # On a log axis the ends are those of the amounts, not of their logarithms.
    ends = np.percentile(row.amounts, [25, 50, 75])
    low, middle, high = np.interp(ends, row.amounts, xs)
    look = families.fill(row.hue)
    page.box(ax, low, y - 1.2, max(high - low, 0.6), 2.4, zorder=2, **look)
    mark = {"color": brand.color("accent"), "zorder": 3, "clip_on": False}
    ax.scatter(middle, y, s=(_DOT / page.POINT) ** 2, linewidth=0, **mark)


def _doses_in_words(frame: pd.DataFrame) -> str:
    told = []
    for panel, rows in frame.groupby("panel", observed=True):
        number = counted(rows["trial_id"].nunique(), "trial")
        low, high = rows["amount"].min(), rows["amount"].max()
        told.append(f"{panel}: {number}, {plain_range(low, high)}")
    return f"Doses that trials state. {'; '.join(told)}."


def _few_in_words(data: Trials) -> str:
    """Return every number of cells that is stated, where they are too few to draw."""
    frame = summarize.doses(data, least=1)
    told = []
    for panel, rows in frame.groupby("panel", observed=True, sort=True):
        ends = rows.groupby("trial_id", sort=False)["amount"].agg(["min", "max"])
        each = [
            f"{plain_range(low, high)} ({markdown_text(trial)})"
            for trial, low, high in ends.itertuples()
        ]
        told.append(f"{panel}: {', '.join(each)}.")
    return " ".join(told)


def _doses_note(frame: pd.DataFrame) -> str:
    names = "; ".join(frame.attrs.get("left_out", []))
    return f"Fewer than {PANEL_FROM} trials, not drawn: {names}." if names else ""


doses = Figure(
    name="doses",
    question="How many cells are given?",
    summary=summarize.doses,
    columns=(
        *("trial_id", "arm_id", "short_title", "panel", "route_group"),
        *("route_family", "per", "amount"),
    ),
    drawing=_draw_doses,
    caption="Doses in cells, one row per trial, log scale; none is converted by "
    "weight. N = {n}.",
    alt_text=_doses_in_words,
    caption_note=_doses_note,
    minimum=PANEL_FROM,
    instead=_few_in_words,
    is_dense=lambda frame: bool(_summed_up(_panels(frame))),
    dense_caption="Doses in cells, log scale; of many trials a row per route, with the "
    "median and the middle half of their highest amounts. None is converted by weight. "
    "N = {n}.",
    without_cells="",
)

#: Hue and its weight of each way to state an amount.
_LOOKS = (("accent", 1.0), ("accent", 0.45), ("bar", 1.0), ("rest", 1.0))
_STATES = dict(zip(DOSE_STATES, _LOOKS, strict=True))


def _draw_stated(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw a box per trial for each family of routes, in the color of what it states.

    A row ends with the trials that state no amount. Above 60 trials a bar with its
    number stands for the boxes.
    """
    counts = axis.pair_counts(frame, "route_family", "state")
    sums = {
        row: sum(n for (r, _), n in counts.items() if r == row)
        for row in axis.groups_of(frame["route_family"], only_used=True)
    }
    rows = sorted(filter(sums.get, sums), key=lambda k: (k == NOT_STATED, -sums[k]))
    looks = {
        state: parts.Part(state, brand.tint(brand.color(hue), weight))
        for state, (hue, weight) in _STATES.items()
    }
    looks[NOT_STATED] = parts.MISSING
    tails = {
        row: f"{counts.get((row, NOT_STATED), 0):,} of {sums[row]:,} not stated"
        for row in rows
    }
    names = {NOT_STATED: "Route not stated"}
    return parts.draw_parts(ax, rows, counts, looks, names=names, tails=tails)


dose_stated = Figure(
    name="dose_stated",
    question="How many trials state an amount of cells?",
    summary=summarize.dose_stated,
    columns=("route_family", "state", "n"),
    drawing=_draw_stated,
    caption="Trials by route and by how an amount is stated; of several, the first of "
    "these counts. N = {n}.",
    alt_text=phrases.pairs_in_words("route_family", "state", "route and dose stated"),
    minimum=1,
    without_cells="",
)
