"""Which fields the sources state, per trial or per field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trialkit import brand, summarize
from trialkit.figures.draw.rows import Row, one_line, stated
from trialkit.figures.draw.states import State, draw_states
from trialkit.figures.figure import Figure
from trialkit.summarize.wording import counted, sentence_list

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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


def _draw_completeness(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw for every field and trial whether and how a source states it.

    Up to 40 trials make a matrix, one column each; more make one bar per field, the
    trials counted by state. Fields that most trials state come first, and at their
    right stands in how many trials some source gives them. What only a lay page says,
    what a mirror lost the label of, and what a rule inferred are never shown as stated.
    """
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
    return draw_states(frame, rows, ax, looks=_states(), sums=sums, head="given")


def _readable(field: str) -> str:
    """Return a field as words: a column's name loses its underscores."""
    if field.islower() and "_" in field:
        field = field.replace("_", " ")
    return field[:1].upper() + field[1:]


def _completeness_in_words(frame: pd.DataFrame) -> str:
    counts = stated(frame["state"]).str.lower().value_counts()
    named = [f"{state} {int(n):,}" for state, n in counts.items()]
    fields = counted(frame["field"].nunique(), "field")
    trials = counted(frame["trial_id"].nunique(), "trial")
    order = frame.drop_duplicates("field").sort_values("n_stated", kind="stable")
    least = [
        f"{field} ({int(n):,})"
        for field, n in zip(order["field"], order["n_stated"], strict=True)
    ]
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
    caption="Which fields the sources state, per trial, the most complete field first. "
    "Unit: trials, N = {n}. Not stated is a finding about the source, not about "
    "the trial.",
    alt_text=_completeness_in_words,
    minimum=1,
)
