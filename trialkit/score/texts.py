"""Words of the records for a score, and the check of quotes against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from trialkit.label.matcher import default_matcher
from trialkit.label.text import Text
from trialkit.label.vocabulary import NO_CELLS
from trialkit.record import LABEL_SECTIONS, Passage
from trialkit.score.gold import Labels
from trialkit.score.measure import Row
from trialkit.tidy.trials import Trials

#: Everything a keyword search would look through, labels or not.
_SEARCHED = {
    "trials": (
        "brief_title",
        "official_title",
        "brief_summary",
        "detailed_description",
        "keywords",
        "eligibility_criteria",
    ),
    "arms": ("arm_label", "description"),
    "interventions": ("name", "description", "other_names"),
    "outcomes": ("measure", "description"),
    "references": ("citation",),
    "related_trials": ("title",),
    "lay_summaries": ("headline", "summary", "active_substance"),
}
_SHOWN = ("trials", "arms", "interventions")
_LONGEST = 3000


def _joined(data: Trials, tables: Iterable[str], ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    wanted = set(ids)
    for table in tables:
        frame = getattr(data, table)
        frame = frame[frame["trial_id"].isin(wanted)]
        names = [name for name in _SEARCHED[table] if name in frame]
        for key, *texts in frame[["trial_id", *names]].to_numpy():
            found.setdefault(key, []).extend(t for t in texts if isinstance(t, str))
    return {key: "\n".join(texts) for key, texts in found.items()}


def texts_of(data: Trials, ids: Iterable[str]) -> dict[str, str]:
    """Return the words of each trial that a reader of a miss wants to see."""
    return {
        key: text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
        for key, text in _joined(data, _SHOWN, ids).items()
    }


def keywords_of(data: Trials, ids: Iterable[str]) -> dict[str, dict[str, Labels]]:
    """Return the ids whose phrases occur anywhere in each trial's record, by axis."""
    matcher = default_matcher()
    keywords: dict[str, dict[str, Labels]] = {}
    for key, text in _joined(data, _SEARCHED, ids).items():
        found = keywords[key] = {}
        for mention in matcher.mentions(Text(Passage(section="whole", text=text))):
            found[mention.axis] = found.get(mention.axis, frozenset()) | {mention.id}
    return keywords


def evidence_rows(
    rows: pd.DataFrame, places: Mapping[str, int], data: Trials | None
) -> dict[str, list[Row]]:
    """Return, for every label that says something, whether its evidence holds.

    `quoted`: it has a quote and a section that may support a label; `verbatim` (with
    records): the quote stands at its offsets in the stored text.
    """
    stated = rows[rows["basis"].isin(["stated", "stated-lay"])]
    stated = stated[~stated["value"].isin([*NO_CELLS, "NOT_STATED"])]
    stated = stated[stated["trial_id"].isin(list(places))]
    lines = stated.to_dict("records")
    holds = {
        "quoted": [bool(x["quote"]) and x["section"] in LABEL_SECTIONS for x in lines]
    }
    if data is not None:
        stored = _stored(data)
        holds["verbatim"] = [_is_verbatim(line, stored) for line in lines]
    yes, no = frozenset(["yes"]), frozenset(["no"])
    return {
        name: [
            Row(places[line["trial_id"]], yes, yes if is_so else no)
            for line, is_so in zip(lines, answers, strict=True)
        ]
        for name, answers in holds.items()
    }


_Stored = dict[tuple[str, str, str], list[tuple[int, str]]]


def _stored(data: Trials) -> _Stored:
    found: _Stored = {}
    columns = ["trial_id", "source_id", "section", "start", "text"]
    for trial, source, section, start, text in data.passages[columns].to_numpy():
        found.setdefault((trial, source, section), []).append((int(start), text))
    return found


def _is_verbatim(row: Mapping[Any, Any], stored: _Stored) -> bool:
    """Return whether a label's quote is the stored text at its offsets."""
    key = (row["trial_id"], row["source_id"], row["section"])
    try:
        low, high = int(row["start"]), int(row["end"])
    except ValueError:
        return False
    return any(
        low >= start and text[low - start : high - start] == row["quote"]
        for start, text in stored.get(key, [])
    )
