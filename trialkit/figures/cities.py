"""Where the sites are: one dot per city (F17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand, summarize
from trialkit.brand import NOT_STATED
from trialkit.escape import markdown_text
from trialkit.figures.draw.drawing import drawing
from trialkit.figures.draw.page import (
    body_limit,
    empty_note,
    gutter,
    page_axes,
    require,
    widest,
    wrap,
)
from trialkit.figures.draw.rows import (
    MOST_ROWS,
    Row,
    counts_of,
    draw_row_labels,
    hatch_row,
    height_of,
)
from trialkit.figures.draw.scales import count_ticks
from trialkit.figures.draw.stacks import draw_count_axis
from trialkit.summarize.wording import counted, sentence_list

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from trialkit.tidy.trials import Trials

_ROW = 5.0  # mm
_RIGHT = 16.0


@drawing
def plot_cities(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of trials with a site in each city, a dot per city.

    The 25 commonest are drawn; `caption_note` says how many more there are.

    Parameters
    ----------
    frame
        `cities`: city, n.
    ax
        Axes to draw in; by default a new figure, as tall as its rows need.

    Returns
    -------
    matplotlib.axes.Axes
        One row per city, the commonest first, "Not stated" last; the number of trials
        stands at the right.
    """
    require(frame, ("city", "n"), "plot_cities")
    if not frame["n"].fillna(0).gt(0).any():
        return empty_note(ax)
    counts = counts_of(frame, "city")
    drawn = [*list(counts)[:-1][:MOST_ROWS], NOT_STATED]
    rows = [Row(wrap(city, 52), city) for city in drawn]
    pad = widest(row.label for row in rows) + 3
    body = min(height_of(rows) * _ROW, body_limit())
    ax = page_axes(ax, body=body, left=pad + 2, right=_RIGHT)
    centers = draw_row_labels(ax, rows, pad=pad)
    draw_count_axis(ax, count_ticks(max(counts[city] for city in drawn)))
    for y, city in zip(centers, drawn, strict=True):
        _draw_city(ax, y, city, counts[city])
    return ax


def _draw_city(ax: Axes, y: float, city: str, n: int) -> None:
    color = brand.color("slate" if city == NOT_STATED else "accent")
    if city == NOT_STATED:
        hatch_row(ax, y)
    if n:
        ax.plot([0, n], [y, y], color=brand.color("rule"), linewidth=0.9, zorder=2)
        ax.scatter(n, y, s=22, color=color, clip_on=False, zorder=3)
    shade = brand.color("ink") if n else brand.color("slate")
    place = {"transform": gutter(ax, 1), "ha": "right", "va": "center_baseline"}
    ax.text(12, y, f"{n:,}", color=shade, **place)


def where(data: Trials) -> str:
    """Return the sentence on countries; they are those of the listed sites.

    Examples
    --------
    >>> import trialkit as tk
    >>> where(tk.load_example().select(country="Belgium", phase="PHASE1"))
    'No trial is in this report.'
    """
    made = summarize.count(data, by="country")
    n = len(data.counted())
    if not n:
        return "No trial is in this report."
    known = made[(made["country"] != NOT_STATED) & (made["n"] > 0)]
    unstated = int(made.loc[made["country"] == NOT_STATED, "n"].sum())
    rest = f"; {unstated:,} of {n:,} state no country" if unstated else ""
    names = [markdown_text(name) for name in known["country"].astype("string")]
    if not names:
        return f"None of the {counted(n, 'trial')} states a country."
    if len(names) == 1 and not unstated:
        subject = "The trial is" if n == 1 else f"All {n:,} trials are"
        return f"{subject} registered in one country ({names[0]})."
    pairs = [f"{name} {m:,}" for name, m in zip(names, known["n"], strict=True)]
    shown = sentence_list(pairs[:5]) if len(pairs) <= 5 else "; ".join(pairs[:5])
    more = f"; {len(pairs) - 5} more" if len(pairs) > 5 else ""
    count = counted(len(names), "country", "countries")
    return f"The trials are registered in {count}: {shown}{more}{rest}."


def in_which_cities(data: Trials) -> str:
    """Return the sentence on the cities of the listed sites.

    Examples
    --------
    >>> import trialkit as tk
    >>> in_which_cities(tk.load_example().select(country="Belgium"))
    'The sites are in one city: Liege, Belgium 1.'
    """
    made = summarize.cities(data)
    known = made[made["city"] != NOT_STATED]
    if known.empty:
        return "No listed site names its city."
    pairs = zip(known["city"], known["n"], strict=True)
    shown = "; ".join(f"{markdown_text(city)} {n:,}" for city, n in pairs)
    count = "one city" if len(known) == 1 else f"{len(known)} cities"
    return f"The sites are in {count}: {shown}."
