"""Titles and years of trials, as short as a row of a figure or table takes them."""

from __future__ import annotations

import pandas as pd

#: Words that open a title and say only that it is a study, and of which kind.
_STUDY = frozenset(
    "a an the study trial evaluation investigation research observation exploratory "
    "safety efficacy and feasibility tolerability clinical pilot phase prospective "
    "open open-label label single single-arm single-center multicenter multi-center "
    "double double-blind blind randomized randomised controlled placebo-controlled "
    "i ii iii iv i/ii ii/iii 1 2 3 4 1/2 2/3 1b 2a 2b ib iia iib".split()
)
_LINKS = frozenset(("of", "on", "for", "to", "evaluate", "assess", "the", "using"))
#: A title shorter than this has lost its subject.
_SHORTEST = 12


def short_titles(trials: pd.DataFrame) -> pd.Series:
    """Return the short title of each row of `trials`, missing where it has none."""
    made = [
        short_title(title, acronym)
        for title, acronym in trials[["display_title", "acronym"]].to_numpy()
    ]
    return pd.Series(made, index=trials.index, dtype="string")


def short_title(title: str | None, acronym: str | None = None) -> str | None:
    """Return an acronym, or a title without what says only that it is a study.

    Examples
    --------
    >>> short_title("A Phase 2 Study of Hepatocytes in Acute Liver Failure")
    'Hepatocytes in Acute Liver Failure'
    """
    if not pd.isna(acronym) and str(acronym).strip():
        return " ".join(str(acronym).split())
    if pd.isna(title):
        return None
    words = str(title).split()
    opening = [word.casefold().strip(",;:()") for word in words]
    end = next((i for i, word in enumerate(opening) if word not in _STUDY), 0)
    start = next((i for i in range(end, len(words)) if opening[i] not in _LINKS), end)
    rest = " ".join(words[start:])
    is_opened = 0 < end < start and len(rest) >= _SHORTEST
    return rest[:1].upper() + rest[1:] if is_opened else " ".join(words)
