"""Open trials and the date planned for their result."""

from __future__ import annotations

import pandas as pd

from trialkit import summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import levels, page, phrases
from trialkit.figures.draw.open_rows import draw_open_rows
from trialkit.figures.figure import Figure
from trialkit.summarize.wording import counted

#: Open trials with a row of their own; more are counted.
_MOST_OPEN = 15


def _is_many(frame: pd.DataFrame) -> bool:
    return len(frame) > _MOST_OPEN


def _draw_overdue(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how the planned date of each open trial lies to the cut-off.

    The accent marks a date that has passed; a ring stands for a completion where no
    primary completion is stated. More than 15 trials are counted.
    """
    if _is_many(frame):
        counts = _overdue_counts(frame)
        return levels.draw_bars(ax, counts, marked={*_PAST}, pale=set())
    return draw_open_rows(frame, ax)


_PAST = ("Past by over 2 years", "Past by 1 to 2 years", "Past by up to 1 year")


def _overdue_counts(frame: pd.DataFrame) -> dict[str, int]:
    """Return how many open trials are past their date, by how much, or before it."""
    cut_off = pd.Timestamp(frame.attrs["as_of"])
    day = pd.to_datetime(frame["planned_latest"])
    one, two = (day.lt(cut_off - pd.DateOffset(years=n)) for n in (1, 2))
    late = frame["is_overdue"].astype(bool)
    masks = (two, one & ~two, late & ~one, day.notna() & ~late, day.isna())
    names = (*_PAST, "Still to come", NOT_STATED)
    counts = {name: int(own.sum()) for name, own in zip(names, masks, strict=True)}
    return {name: n for name, n in counts.items() if n or name != NOT_STATED}


def _overdue_in_words(frame: pd.DataFrame) -> str:
    late, n = int(frame["is_overdue"].sum()), len(frame)
    undated = int(frame["planned_latest"].isna().sum())
    told = f"{late:,} past the planned date, {n - late - undated:,} before it"
    told += f", {undated:,} without one" if undated else ""
    days = pd.to_datetime(frame["planned_latest"]).dropna().dt.year
    span = (
        f"; dates {phrases.years_between(days.min(), days.max())}" if len(days) else ""
    )
    return f"Open trials, {n:,}, against the data cut-off: {told}{span}."


def _overdue_note(frame: pd.DataFrame) -> str:
    n = int((frame["is_overdue"] & frame["is_typed"].eq(False)).sum())
    dates = f"{counted(n, 'date')} in the past {'is' if n == 1 else 'are'}"
    return f"{dates} of a type not stated." if n else ""


overdue = Figure(
    name="overdue",
    question="Which open trials are past the date planned for their result?",
    summary=summarize.overdue,
    columns=("short_title", "planned_latest", "is_primary", "is_overdue"),
    drawing=_draw_overdue,
    caption="Open trials by planned primary completion (ring: completion, where no "
    "other date is planned) against the cut-off. N = {n_usable}.",
    caption_note=_overdue_note,
    alt_text=_overdue_in_words,
    minimum=1,
    needs=("as_of",),
    instead=lambda _: "No trial is open by its record.",
    is_half=True,
    is_dense=_is_many,
    dense_caption="Open trials by planned primary completion (completion, where no "
    "other date is stated): how long before the cut-off. N = {n_usable}.",
)
