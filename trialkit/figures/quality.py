"""Which fields the sources state, per trial or per field."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_APPLICABLE, NOT_STATED
from trialkit.figures.draw import axis, levels, page, parts
from trialkit.figures.draw.states import draw_states
from trialkit.figures.figure import Figure
from trialkit.plural import capital
from trialkit.summarize.wording import counted, sentence_list

#: States with their name in the key, and the hue of it and its weight.
_STATES = {
    "stated": ("Stated", "accent", 1.0),
    "lay source only": ("On a lay page only", "accent", 0.55),
    "positional": ("Told by its place only", "accent", 0.25),
    "inferred": ("Inferred by a rule", "bar", 1.0),
    "conflict": ("Sources contradict each other", "brown", 1.0),
    "not applicable": ("Not applicable", "pale", 1.0),
}


def _draw_completeness(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw for every field and trial whether and how a source states it.

    A bar per field counts the trials by state. Fields that most trials state come
    first, and at their end stands in how many trials some source gives them. What only
    a lay page says, what a mirror lost the label of, and what a rule inferred are never
    shown as stated.
    """
    order = frame.drop_duplicates("field").astype({"field": "string"})
    order = order.sort_values("n_stated", ascending=False, kind="stable")
    fields = {field: _readable(field) for field in order["field"]}
    sums = axis.counts_of(order, "field", "n_stated")
    looks = {
        state: parts.Part(name, brand.tint(brand.color(hue), weight))
        for state, (name, hue, weight) in _STATES.items()
    }
    looks[NOT_STATED.lower()] = parts.MISSING
    return draw_states(frame, fields, ax, looks=looks, sums=sums)


def _readable(field: str) -> str:
    """Return a field as words: a column's name loses its underscores."""
    if field.islower() and "_" in field:
        field = field.replace("_", " ")
    return capital(field)


def _completeness_in_words(frame: pd.DataFrame) -> str:
    counts = axis.stated(frame["state"]).str.lower().value_counts()
    named = [f"{state} {int(n):,}" for state, n in counts.items()]
    fields = counted(frame["field"].nunique(), "field")
    trials = counted(frame["trial_id"].nunique(), "trial")
    order = frame.drop_duplicates("field").sort_values("n_stated", kind="stable")
    given = axis.counts_of(order, "field", "n_stated")
    least = [f"{field} ({n:,})" for field, n in given.items()]
    return (
        f"{fields} in {trials}: {', '.join(named)}."
        f" Stated by the fewest trials: {sentence_list(least[:3])}."
    )


completeness = Figure(
    name="completeness",
    question="Which fields do the sources state?",
    summary=summarize.completeness,
    columns=("field", "trial_id", "state", "n_stated"),
    drawing=_draw_completeness,
    caption="Trials by what sources state of each field; at the end of a bar, those "
    "that some source gives it for. N = {n}.",
    alt_text=_completeness_in_words,
    minimum=1,
)


def _draw_gaps(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials leave each field unstated, the emptiest first."""
    first = frame.drop_duplicates("field")
    asked = frame[frame["state"].ne(NOT_APPLICABLE)].groupby("field", observed=True)
    total = first["field"].map(asked.size()).fillna(0)
    missing = dict(zip(first["field"].map(str), total - first["n_stated"], strict=True))
    ranked = sorted(missing.items(), key=lambda pair: -pair[1])[: levels.MOST_ROWS]
    counts = {field: int(n) for field, n in ranked if n}
    if not counts:
        return page.empty_note(ax, "Nothing is left out", is_half=True)
    return levels.draw_bars(ax, counts, marked=set(), pale=set(), hollow=set(counts))


gaps = replace(
    completeness,
    name="gaps",
    question="What do the trials leave out?",
    drawing=_draw_gaps,
    caption="Trials that do not state it. N = {n}.",
    is_half=True,
    without_cells="",
)
