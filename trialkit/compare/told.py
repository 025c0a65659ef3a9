"""What a comparison found, in one sentence and in lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from trialkit.codewords import field_name
from trialkit.compare.change import (
    COMPLETED,
    ENTERED,
    GONE,
    LEFT,
    LET_IN,
    NEW,
    OPENED,
    POSTED,
    STOPPED,
    rank,
)
from trialkit.plural import capital, counted

#: What the first sentence counts, in trials.
_TOLD = (
    ("trials", NEW, "new"),
    ("trials", ENTERED, "more in the search"),
    ("status", COMPLETED, "completed"),
    ("status", STOPPED, "stopped"),
    ("status", OPENED, "opened"),
    ("results", POSTED, "with results posted"),
    ("trials", GONE, "gone from the register"),
    ("trials", LEFT, "no longer in the search"),
)


class Tally(NamedTuple):
    """Trials of one telling change."""

    kind: str
    change: str
    words: str
    n: int


def tally(frame: pd.DataFrame) -> list[Tally]:
    """Return how many trials are new, completed, stopped and so on; none with 0."""
    told = []
    for kind, change, words in _TOLD:
        is_so = frame["kind"].eq(kind) & frame["change"].eq(change)
        if n := frame.loc[is_so.fillna(False), "trial_id"].nunique():
            told.append(Tally(kind, change, words, int(n)))
    return told


def others(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the changes of trials on both sides that `tally` does not count."""
    told = [f"{kind} {change}" for kind, change, _ in _TOLD]
    names = frame["kind"].str.cat(frame["change"], sep=" ")
    return frame[~names.isin(told) & frame["kind"].ne("trials")]


def aside(frame: pd.DataFrame) -> dict[str, int]:
    """Return how many trials stand on one side alone for filters, files or searches."""
    rows = frame[frame["kind"].eq("trials")]
    counts = rows["change"].value_counts()
    last = rank("trials", LET_IN)
    return {str(k): int(n) for k, n in counts.items() if rank("trials", str(k)) == last}


def became(frame: pd.DataFrame) -> str:
    """Return what became of whole trials, "4 new, 2 completed"; empty for nothing."""
    return ", ".join(f"{one.n:,} {one.words}" for one in tally(frame))


def changes_in(frame: pd.DataFrame, word: str = "change") -> str:
    """Return how many changes there are in how many trials."""
    return f"{counted(len(frame), word)} in {n_trials(frame)}"


def n_trials(frame: pd.DataFrame) -> str:
    """Return of how many trials some changes are, in words."""
    return counted(frame["trial_id"].nunique(), "trial")


def headline(frame: pd.DataFrame) -> str:
    """Return what changed in one sentence, each number a count of trials.

    Parameters
    ----------
    frame
        What `changes` returned.

    Returns
    -------
    str
        "Since 2026-06-27: 4 new, 2 completed, 1 stopped; 12 other changes in 9 trials."
    """
    parts, rest = [became(frame)], others(frame)
    if len(rest):
        parts.append(changes_in(rest, "other change" if parts[0] else "change"))
    told = "; ".join(filter(None, parts)) or "nothing changed"
    besides = [f"{n:,} {words}" for words, n in aside(frame).items()]
    more = f" Besides: {', '.join(besides)}." if besides else ""
    return f"Since {frame.attrs['since']}: {told}.{more}"


def lines(frame: pd.DataFrame) -> Iterator[str]:
    """Yield each change as one line of text."""
    plain = frame.astype(object).where(frame.notna(), None)
    for row in plain.to_dict("records"):
        yield f"{row['trial_id']}  {_line(row)}"  # type: ignore[index]


def _line(row: dict[str, Any]) -> str:
    what, notes = what_became(row)
    text = row["title"] or ""
    if row["kind"] != "trials":
        sides = [row["old"], row["new"]]
        if "added" in what or "dropped" in what:
            sides = [side for side in sides if side]
        text = " -> ".join(side or "not stated" for side in sides)
    return f"{what}: {text}{f' ({notes})' if notes else ''}"


#: Kinds whose changes name their field themselves.
_NAMED = ("trials", "results", "outcomes", "arms", "interventions", "sites")


def what_became(row: dict[str, Any]) -> tuple[str, str]:
    """Return what became of a field, and what else there is to say of it.

    Parameters
    ----------
    row
        A row of changes, missing values as None.
    """
    what, notes = capital(row["change"]), [row["note"]]
    if row["kind"] not in _NAMED:
        what = f"{field_name(row['field'])}: {row['change']}"
    if row["days"] is not None and row["note"]:
        # The number of days says whether it is later.
        what = f"{field_name(row['field'])}: {row['note']}"
        notes = []
    if row["because"]:
        notes.append(f"because of {row['because']}")
    return what, "; ".join(filter(None, notes))
