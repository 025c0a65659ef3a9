"""Labels that the rules leave open: candidate sentences, and a person's decisions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from trialkit.errors import TrialDataError
from trialkit.label import rules
from trialkit.label.matcher import Matcher, default_matcher
from trialkit.label.overrides import CELL_TRIAL, COLUMNS, parse_overrides
from trialkit.label.text import Text
from trialkit.label.user_vocabulary import with_terms
from trialkit.label.vocabulary import shipped
from trialkit.record import Passage
from trialkit.summarize.doubts import AXES, doubted
from trialkit.summarize.groups import own_axes
from trialkit.tidy.csv import csv_text, write_csv

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

#: Most candidate sentences for one axis of one arm.
_MOST = 5
_CONTEXT = ("labelled", "doubts", "suggests", "section", "sentence", "wording")


class _Candidate(NamedTuple):
    arm_id: str | None
    suggests: str
    section: str
    sentence: str
    wording: str


def undecided(data: Trials) -> pd.DataFrame:
    """Return what needs a reader, with the sentences that might decide it.

    Asked is what the column `confidence` of `labels` calls unsure, first of the trials
    of which an answer would change most: whether they give cells at all, then those
    with most axes open. A sentence is a candidate where it has a phrase of the axis
    that the rules did not take: it is background, speaks of another product, or is only
    a hint. For routes it is also one that says that something is given. Rules never
    choose among them; that is for a person, and what one has decided is not asked
    again.

    Parameters
    ----------
    data
        Trials with labels.

    Returns
    -------
    pandas.DataFrame
        One row per candidate, and one without a sentence where there is none: the
        columns of an overrides file (`trial_id`, `arm_id`, `axis`, and empty `value`,
        `reason`, `decided_by`, `date`, `relation`), then `labelled` (what the rules
        say now), `doubts` (why that is unsure), `suggests` (ids whose phrases the
        sentence has), `section` and `sentence`, and `wording` (whether it is the
        source's own).

    Examples
    --------
    >>> import trialkit as tk
    >>> open_ones = undecided(tk.load_example())
    >>> open_ones.columns[:4].tolist()
    ['trial_id', 'arm_id', 'axis', 'value']
    """
    found = _Candidates(data)
    names = ["trial_id", "arm_id", "axis", "labelled", "doubts"]
    asked = doubted(data)[names].astype(object).where(lambda one: one.notna(), None)
    candidates = [
        dict(zip(names, question, strict=True)) | row
        for question in asked.itertuples(index=False, name=None)
        for row in found.rows(*question[:4])
    ]
    return pd.DataFrame(candidates, columns=[*COLUMNS, *_CONTEXT]).astype("string")


class _Candidates:
    """The sentences of each trial with a phrase of one of `axes`, found once."""

    def __init__(self, data: Trials) -> None:
        terms = data.terms
        self.axes = (*AXES, *own_axes(data))
        sources = data.sources.drop_duplicates("source_id").set_index("source_id")
        self._wording = sources["wording"].astype("string").to_dict()
        self._passages = dict(iter(data.passages.groupby("trial_id", sort=False)))
        self._matcher = Matcher(with_terms(terms)) if len(terms) else default_matcher()
        self._known: dict[str, dict[str, list[_Candidate]]] = {}

    def rows(
        self, trial_id: str, arm_id: str, axis: str, value: str
    ) -> list[dict[str, Any]]:
        """Return the candidates for an axis of an arm, or one empty row."""
        if trial_id not in self._known:
            self._known = {trial_id: self._of_trial(trial_id)}
        fitting = dict.fromkeys(
            candidate[1:]
            for candidate in self._known[trial_id].get(axis, [])
            if candidate.suggests != value and candidate.arm_id in (None, arm_id)
        )
        names = _Candidate._fields[1:]
        rows = [dict(zip(names, context, strict=True)) for context in fitting]
        return rows[:_MOST] or [{}]

    def _of_trial(self, trial_id: str) -> dict[str, list[_Candidate]]:
        found: dict[str, list[_Candidate]] = {}
        for row in self._passages.get(trial_id, pd.DataFrame()).itertuples():
            arm_id = row.arm_id if isinstance(row.arm_id, str) else None
            section, wording = str(row.section), str(self._wording[str(row.source_id)])
            text = Text(Passage(section=section, text=str(row.text)))
            for axis, suggests, sentence in self._of_text(text):
                candidate = _Candidate(arm_id, suggests, section, sentence, wording)
                found.setdefault(axis, []).append(candidate)
        return found

    def _of_text(self, text: Text) -> Iterator[tuple[str, str, str]]:
        said: dict[tuple[int, str], dict[str, None]] = {}
        for mention in self._matcher.mentions(text):
            key = (text.sentence_at(mention.start), mention.axis)
            said.setdefault(key, {})[mention.id] = None
        for number, folded in enumerate(text.folded_sentences):
            low, high = text.sentences[number]
            sentence = text.stored(low, high).strip()
            for axis in self.axes:
                ids = said.get((number, axis), {})
                if ids or (axis == "route" and rules.PARENTERAL(folded)):
                    yield axis, "; ".join(ids), sentence
            if any((number, axis) in said for axis in AXES):
                yield CELL_TRIAL, "", sentence


def save_overrides(
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    terms: pd.DataFrame | None = None,
) -> Path:
    """Write decisions as an overrides file, and return its path.

    Rows without a value are not decided and are left out. The file is checked as
    `load` checks it, and appears only if it is right.

    Parameters
    ----------
    frame
        Rows with the columns of an overrides file, such as those of `undecided` with
        `value`, `reason`, `decided_by` and `date` filled in.
    path
        The CSV file.
    terms
        The table of that name, where the trials have ids of the user's own.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    TrialDataError
        If a column is missing, nothing is decided, a row is wrong, or the file cannot
        be written.
    """
    missing = [name for name in COLUMNS[:-1] if name not in frame]
    if missing:
        raise TrialDataError(f"the decisions have no column {', '.join(missing)}")
    decided = frame.reindex(columns=list(COLUMNS)).astype("string").fillna("")
    decided = decided[decided["value"].str.strip() != ""]
    if decided.empty:
        raise TrialDataError("nothing is decided: every value is empty")
    target = Path(path)
    vocabulary = shipped() if terms is None else with_terms(terms)
    parse_overrides([(target, csv_text(decided))], vocabulary)
    return write_csv(decided, target)
