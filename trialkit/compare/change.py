"""One change, the kinds that there are, and the frame of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from trialkit.errors import ParameterError
from trialkit.nearest import did_you_mean

#: The kinds of changes, the most telling first: what `watch` takes.
KINDS = (
    *("trials", "results", "status", "outcomes", "enrollment", "dates", "criteria"),
    *("arms", "interventions", "sites", "sponsor", "design", "conditions", "labels"),
    *("texts", "ids", "references", "other"),
)

# Which trials stand on one side alone.
NEW, GONE, LEFT = "new", "gone from the register", "left the search"
ENTERED, LET_IN = "came into the search", "let in by a filter"
LEFT_OUT, ABSENT = "left out by a filter here", "not in this download"
UNREAD, READ_NOW = "could not be read here", "could not be read before"
NOT_BEFORE = "not in the earlier download"
#: What is said of trials of the new side alone.
ARRIVED = (NEW, ENTERED, LET_IN, READ_NOW, NOT_BEFORE)
# What became of a status.
STOPPED, COMPLETED, OPENED = "stopped", "completed", "opened"
POSTED = "results posted"

#: What is told first, whatever its kind: kind and change.
_FIRST = (
    ("results", POSTED),
    ("status", STOPPED),
    ("status", COMPLETED),
    ("trials", NEW),
    ("trials", GONE),
    ("outcomes", "primary"),
    ("trials", LEFT),
    ("status", OPENED),
    ("status", ""),
    ("sites", "country"),
    ("dates", ""),
    ("enrollment", ""),
    ("outcomes", ""),
    ("criteria", ""),
    ("arms", ""),
    ("results", ""),
    *((kind, "") for kind in KINDS[8:-1]),
    ("other", ""),
    ("trials", ENTERED),
)
#: What tells of the files and filters, and not of a trial, comes last.
_LAST = len(_FIRST)

COLUMNS = (
    *("trial_id", "title", "kind", "change", "field", "old", "new", "days"),
    *("because", "note", "link"),
)


class Change(NamedTuple):
    """A change of a trial: its kind, what became of which field, old and new."""

    trial_id: str
    kind: str
    change: str
    field: str
    old: str | None = None
    new: str | None = None
    days: int | None = None
    because: str = ""
    note: str = ""


def moved(
    trial_id: str,
    kind: str,
    change: str,
    field: str,
    sides: Iterable[str | None],
    *,
    days: int | None = None,
    because: str = "",
    note: str = "",
) -> Change:
    """Return a change whose old and new value come as a pair."""
    old, new = sides
    return Change(trial_id, kind, change, field, old, new, days, because, note)


def rank(kind: str, change: str) -> int:
    """Return how telling a change is, the lowest first."""
    if kind == "trials" and change not in (NEW, GONE, LEFT, ENTERED):
        return _LAST
    ranks = (n for n, (k, c) in enumerate(_FIRST) if k == kind and c in change)
    return next(ranks, _LAST)


def watched(watch: str | Iterable[str]) -> tuple[str, ...]:
    """Return the kinds that are asked for, all where none is.

    Raises
    ------
    ParameterError
        If one is none; the nearest is named.
    """
    texts = [watch] if isinstance(watch, str) else list(watch)
    asked = [kind.strip().lower() for text in texts for kind in text.split(",")]
    for kind in filter(None, asked):
        if kind not in KINDS:
            raise ParameterError(f"watch has no {kind!r}; {did_you_mean(kind, KINDS)}")
    return tuple(kind for kind in KINDS if kind in asked) or KINDS


def frame_of(found: Sequence[Change], facts: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Return changes as a frame, the most telling first; `facts` by trial."""
    order = sorted(found, key=lambda c: (rank(c.kind, c.change), c.trial_id))
    rows = [{**c._asdict(), **facts.get(c.trial_id, {})} for c in order]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = [name for name in COLUMNS if name != "days"]
    frame[texts] = frame[texts].astype("string").replace("", pd.NA)
    frame["days"] = frame["days"].astype("Int64")
    return frame


def no_changes() -> pd.DataFrame:
    """Return the frame of nothing that changed, where nothing was compared."""
    frame = frame_of([], {})
    sizes = dict.fromkeys(("n_old", "n_new", "n_common"), 0)
    frame.attrs = {"old": "", "new": "", **sizes, "since": "", "notes": []}
    return frame
