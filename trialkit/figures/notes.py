"""What a caption must add: the trials that a figure has no place for, and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from trialkit.errors import ParameterError
from trialkit.figures.alt import FIGURES, some
from trialkit.figures.draw.rows import MOST_ROWS, counts_of
from trialkit.figures.draw.spans import LANES, spans_of
from trialkit.figures.timelines import DENSE_LANES
from trialkit.summarize.doses import PANEL_FROM
from trialkit.summarize.wording import counted


def caption_note(kind: str, frame: pd.DataFrame) -> str:
    """Return what a caption must add: which trials a figure cannot draw, and why.

    Plain text, empty where everything is drawn. Ids are those of the records: escape
    them before the text goes into Markdown.

    Parameters
    ----------
    kind
        The figure: the name of its function without `plot_`.
    frame
        The frame that the figure draws.

    Returns
    -------
    str
        Plain text, empty or one or more sentences.

    Raises
    ------
    ParameterError
        If there is no such figure.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"trial_id": ["NCT1", "NCT2"], "route_group": "Portal vein"}
    >>> frame = pd.DataFrame(rows).assign(enrollment=[0, 20], enrollment_type="ACTUAL")
    >>> caption_note("enrollment", frame)
    'Not drawn: NCT1 (0 participants).'
    """
    if kind not in FIGURES:
        raise ParameterError(f"no figure {kind!r}; there are {', '.join(FIGURES)}")
    note = _NOTES.get(kind)
    return note(frame) if note and not frame.empty else ""


def _enrollment_note(frame: pd.DataFrame) -> str:
    trials = frame.drop_duplicates("trial_id")
    numbers = trials["enrollment"].astype("Float64")
    zero = trials.loc[numbers.eq(0).fillna(False), "trial_id"].astype(str).tolist()
    missing = trials.loc[numbers.isna(), "trial_id"].astype(str).tolist()
    parts = []
    if zero:
        parts.append(f"{some(zero)} (0 participants)")
    if missing:
        parts.append(f"{some(missing)} (no number stated)")
    return f"Not drawn: {'; '.join(parts)}." if parts else ""


def _timeline_note(frame: pd.DataFrame) -> str:
    undated = [span.is_undated for span in spans_of(frame)]
    names = frame.loc[undated, "trial_id"].astype(str).tolist()
    drawn = len(frame) - len(names)
    parts = [f"No dates in the sources: {some(names)}."] if names else []
    if drawn > DENSE_LANES:
        parts.append(f"Of {drawn:,} dated trials the {DENSE_LANES} that start last.")
    return " ".join(parts)


def _strip_note(frame: pd.DataFrame) -> str:
    if len(frame) <= LANES:
        return ""
    return f"Of {len(frame):,} trials the {LANES} that start last are drawn."


def _durations_note(frame: pd.DataFrame) -> str:
    n = int(frame.attrs.get("n_reversed", 0))
    return (
        f"Not drawn: {counted(n, 'trial')} with a completion before the start."
        if n
        else ""
    )


def _starts_note(frame: pd.DataFrame) -> str:
    planned, undated = (int(frame.attrs.get(n, 0)) for n in ("n_planned", "n_undated"))
    is_partial = frame["is_partial"].astype("boolean").fillna(False).any()
    over = "Hatched: the year of the cut-off, which is not over." if is_partial else ""
    parts = []
    if planned:
        parts.append(f"{counted(planned, 'trial')} planned to start after the cut-off")
    if undated:
        parts.append(f"{counted(undated, 'trial')} without a start date")
    absent = f"Not drawn: {'; '.join(parts)}." if parts else ""
    return " ".join(filter(None, (over, absent)))


def _places_note(frame: pd.DataFrame, name: str, words: str) -> str:
    n = len(counts_of(frame, name)) - 1
    return f"Of {n:,} {words} the {MOST_ROWS} commonest." if n > MOST_ROWS else ""


def _largest_note(frame: pd.DataFrame) -> str:
    n = len(frame)
    return f"Of {n:,} trials the {LANES} that changed most." if n > LANES else ""


def _doses_note(frame: pd.DataFrame) -> str:
    names = "; ".join(frame.attrs.get("left_out", []))
    return f"Fewer than {PANEL_FROM} trials, not drawn: {names}." if names else ""


_NOTES: dict[str, Callable[[pd.DataFrame], str]] = {
    "landscape_strip": _strip_note,
    "timeline": _timeline_note,
    "enrollment": _enrollment_note,
    "durations": _durations_note,
    "starts_by_year": _starts_note,
    "countries": partial(_places_note, name="country", words="countries"),
    "cities": partial(_places_note, name="city", words="cities"),
    "planned_actual": _largest_note,
    "schedule_changes": _largest_note,
    "doses": _doses_note,
}
