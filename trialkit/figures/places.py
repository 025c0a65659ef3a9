"""Where sites are, and who leads: countries, cities, sponsor classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.escape import markdown_text
from trialkit.figures.draw import axis, levels, page, phrases
from trialkit.figures.figure import Figure, bars_figure
from trialkit.summarize.wording import counted, sentence_list

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def _most_drawn(name: str, words: str) -> Callable[[pd.DataFrame], str]:
    """Return the note of a figure that draws the commonest groups of very many."""

    def note(frame: pd.DataFrame) -> str:
        n, most = len(axis.used_counts(frame, name)) - 1, axis.MOST_ROWS
        return f"Of {n:,} {words} the {most} commonest." if n > most else ""

    return note


def where(data: Trials) -> str:
    """Return the sentence on countries; they are those of the listed sites.

    Examples
    --------
    >>> import trialkit as tk
    >>> where(tk.load_example().select(country="Belgium", phase="PHASE1"))
    'No trial is in this report.'
    """
    frame = summarize.count(data, by="country")
    n = len(data.counted())
    if not n:
        return "No trial is in this report."
    is_stated = frame["country"] != NOT_STATED
    known = frame[is_stated & (frame["n"] > 0)]
    unstated = int(frame.loc[~is_stated, "n"].sum())
    rest = f"; {unstated:,} of {n:,} state no country" if unstated else ""
    names = [markdown_text(name) for name in known["country"].astype("string")]
    if not names:
        return f"None of the {counted(n, 'trial')} states a country."
    if len(names) == 1 and not unstated:
        subject = "The trial has its" if n == 1 else f"All {n:,} trials have their"
        return f"{subject} sites in one country ({names[0]})."
    pairs = [f"{name} {m:,}" for name, m in zip(names, known["n"], strict=True)]
    shown = sentence_list(pairs)
    if len(pairs) > 5:
        shown = f"{'; '.join(pairs[:5])}; {len(pairs) - 5} more"
    count = counted(len(names), "country", "countries")
    return f"The trials have sites in {count}: {shown}{rest}."


def _where_else(data: Trials) -> str:
    """Return `where`, or of one country what its section's sentence leaves open."""
    known = [name for name, n in _countries(data).items() if n and name != NOT_STATED]
    return "No site in another country is named." if len(known) == 1 else where(data)


def _countries(data: Trials) -> dict[str, int]:
    frame = summarize.count(data, by="country")
    return dict(zip(frame["country"].astype("string"), frame["n"], strict=True))


countries = bars_figure(
    "countries",
    """Draw the number of trials with a site in each country.

    The commonest country is first; after eleven the others are one row, and "Not
    stated" is the last.
    """,
    column="country",
    words="country of a site",
    rest="More countries",
    question="In which countries are the sites?",
    summary=summarize.countries,
    caption="Trials by country of their sites; a trial counts in each. N = {n}.",
    minimum=3,
    instead=_where_else,
)


def _draw_cities(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw the number of trials with a site in each city, as bars.

    The commonest city is first, "Not stated" last. The 25 commonest are drawn, and the
    note of the caption says how many more there are.
    """
    counts = {city: n for city, n in axis.first_counts(frame, "city").items() if n}
    if not counts:
        return page.empty_note(ax)
    marked = levels.marked_in(counts)
    width = brand.load().width_mm
    return levels.draw_bars(ax, counts, marked=marked, pale=set(), width=width)


def in_which_cities(data: Trials) -> str:
    """Return the sentence on the cities of the listed sites.

    Examples
    --------
    >>> import trialkit as tk
    >>> in_which_cities(tk.load_example().select(country="Belgium"))
    'The sites are in one city: Liege, Belgium 1.'
    """
    frame = summarize.cities(data)
    known = frame[frame["city"] != NOT_STATED]
    if known.empty:
        return "No listed site names its city."
    pairs = zip(known["city"], known["n"], strict=True)
    shown = "; ".join(f"{markdown_text(city)} {n:,}" for city, n in pairs)
    count = "one city" if len(known) == 1 else f"{len(known)} cities"
    return f"The sites are in {count}: {shown}."


cities = Figure(
    name="cities",
    question="In which cities are the sites?",
    summary=summarize.cities,
    columns=("city", "n"),
    drawing=_draw_cities,
    caption="Trials by city of their sites, as registered; a trial counts in each. "
    "N = {n}.",
    alt_text=phrases.counts_in_words("city", "city of a site"),
    caption_note=_most_drawn("city", "cities"),
    minimum=8,
    instead=in_which_cities,
)


sponsor_classes = bars_figure(
    "sponsor_classes",
    "Draw the number of trials by class of lead sponsor.",
    column="lead_sponsor_class",
    words="class of the lead sponsor",
    rest="More classes",
    question="Who leads the trials?",
    summary=summarize.sponsor_classes,
    caption="Trials by class of the lead sponsor. N = {n}.",
    minimum=4,
)
