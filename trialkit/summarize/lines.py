"""The trials in one short line each."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pandas as pd

from trialkit.summarize.conditions import condition_rows
from trialkit.summarize.counted import of_counted
from trialkit.summarize.groups import joined_by, trials_by_start, words_or_none
from trialkit.summarize.wording import NOT_STATED, words
from trialkit.tidy.trials import Trials
from trialkit.tidy.value_lists import members

#: The axis of each column of labels.
_AXES = {
    "routes": "route_group",
    "cell_sources": "cell_source",
    "cell_types": "cell_type",
}
#: The columns of `trials` that a line is made of.
_SHOWN = (
    *("display_title", "acronym", "phase", "overall_status", "enrollment"),
    *("start_date_earliest", "completion_date_latest", "countries"),
)


@of_counted
def trial_lines(data: Trials) -> pd.DataFrame:
    """Return one short line per trial, sorted by start, then id.

    Returns
    -------
    pandas.DataFrame
        trial_id, short_title (the acronym, or the title without "A study of" and the
        like), condition (the first as registered, with the number of others), routes,
        cell_sources and cell_types (words joined by semicolons), phase (words),
        interventions (names joined by semicolons, each once, without placebo and sham),
        enrollment, years (start and
        completion), country (the first, with the number of others), status (words);
        whole, conditions (their groups) and countries; and start_year.
    """
    trials = trials_by_start(data, _SHOWN)
    frame = trials[["trial_id"]].copy()
    frame["short_title"] = short_titles(trials)
    frame["condition"] = frame["trial_id"].map(_first_of(data.conditions, "condition"))
    for column, name in _AXES.items():
        joined = words_or_none(data, name).set_axis(data.trials["trial_id"])
        frame[column] = frame["trial_id"].map(joined)
    frame["phase"] = words(trials["phase"], "phase").astype("string")
    rows = _given(data)
    folded = rows.assign(name=rows["name"].map(_folded))
    rows = rows[~folded.duplicated(["trial_id", "name"])]
    given = joined_by(rows, ["trial_id"], "name")
    frame["interventions"] = frame["trial_id"].map(given)
    frame["enrollment"] = trials["enrollment"]
    frame["years"] = [
        years_of(start, end)
        for start, end in trials[
            ["start_date_earliest", "completion_date_latest"]
        ].to_numpy()
    ]
    groups = joined_by(condition_rows(data), ["trial_id"], "condition")
    frame["conditions"] = frame["trial_id"].map(groups)
    frame["countries"] = trials["countries"]
    countries = trials["countries"].str.split("; ").explode()
    places = trials[["trial_id"]].join(countries)
    frame["country"] = frame["trial_id"].map(_first_of(places, "countries"))
    status = words(trials["overall_status"], "overall_status")
    frame["status"] = one_spelling(status)
    # A date is a day, a month or a year, so that its year is always known.
    starts = trials["start_date_earliest"].astype("string").str[:4]
    frame["start_year"] = starts.astype("Int64")
    text = ("short_title", "condition", "routes", "cell_sources", "years", "country")
    text += ("conditions", "countries", "interventions")
    frame = frame.astype(dict.fromkeys(text, "string")).reset_index(drop=True)
    frame.attrs |= {"n_trials": len(frame)}
    return frame


@of_counted
def interventions(data: Trials) -> pd.DataFrame:
    """Return how many trials name each intervention, however it is written.

    Capitals, a dose, form or salt behind a name, and what stands in brackets make no
    other intervention, nor do two names of which each stands as an other name of the
    other, as those of a substance and of its brand do. One that states an other name
    alone is kept apart: registrants list parts of a regimen there too. What is named a
    placebo or sham is what others are compared with, and left out.

    Returns
    -------
    pandas.DataFrame
        intervention (as most trials write it), n; the most frequent first, then by
        name, "Not stated" last.
    """
    rows = _given(data)
    rows = rows.assign(name=_one_name(rows))[["trial_id", "name"]]
    n_of = rows.drop_duplicates().groupby("name", sort=True).size()
    frame = n_of.rename("n").rename_axis("intervention").reset_index()
    frame = frame.sort_values("n", ascending=False, kind="stable")
    n_silent = len(data.trials) - rows["trial_id"].nunique()
    if n_silent:
        last = pd.DataFrame({"intervention": [NOT_STATED], "n": [n_silent]})
        frame = pd.concat([frame, last])
    frame = frame.astype({"intervention": "string", "n": "Int64"})
    frame = frame.reset_index(drop=True)
    frame.attrs |= {"n_trials": len(data.trials)}
    return frame


def _given(data: Trials) -> pd.DataFrame:
    """Return trial_id and names of each intervention that is no placebo or sham."""
    rows = data.interventions[["trial_id", "name", "other_names"]].astype("string")
    rows = rows.dropna(subset=["name"])
    is_compared = rows["name"].str.contains(r"\b(?:placebo|sham)\b", case=False)
    return rows[~is_compared]


def _one_name(rows: pd.DataFrame) -> pd.Series:
    """Return the name under which each intervention counts: the commoner of a pair."""
    names = one_spelling(rows["name"].map(_plain_name))
    trials: dict[str, set[str]] = defaultdict(set)
    said: set[tuple[str, str]] = set()
    known = {_folded(name): name for name in names.unique()}
    for trial_id, name, others in zip(
        rows["trial_id"], names, rows["other_names"].fillna(""), strict=True
    ):
        trials[name].add(trial_id)
        also = (known.get(_folded(_plain_name(one))) for one in members(others))
        said |= {(name, one) for one in also if one and one != name}
    order = {name: (len(trials[name]), name) for name in trials}
    same = {
        rarer: commoner
        for rarer, commoner in sorted(said, key=lambda pair: order[pair[1]])
        if (commoner, rarer) in said
        and order[rarer] < order[commoner]
        and not trials[rarer] & trials[commoner]
    }
    for rarer in sorted(same, key=order.__getitem__, reverse=True):
        same[rarer] = same.get(same[rarer], same[rarer])
    counted = [same.get(name, name) for name in names.tolist()]
    return pd.Series(counted, names.index, dtype="string")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_DOSE = re.compile(
    r"\b\d+(?:[.,]\d+)*\s*(?:mg|mcg|µg|μg|g|ml|iu|%)(?:/\w+)?(?!\w)", re.IGNORECASE
)
#: Words behind a name that say in which form, as which salt or how often it is given.
_FORMS = frozenset(
    "tablet tablets capsule capsules odt oral injection injections infusion solution "
    "citrate hydrochloride hcl sodium acetate as needed once twice a day daily".split()
)


def _plain_name(name: str) -> str:
    """Return the name of an intervention without dose, form, salt and brackets."""
    inner = _BRACKETS.sub(" ", name)
    words = _DOSE.sub(" ", _BRACKETS.sub(" ", inner)).split()
    while len(words) > 1 and words[-1].casefold().strip(",;") in _FORMS:
        words.pop()
    return " ".join(words).rstrip(" ,;-") or name


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


def one_spelling(texts: pd.Series) -> pd.Series:
    """Return texts that differ only in case and blanks as they are written most."""
    text = texts.astype("string")
    key = text.str.casefold().str.split().str.join(" ")
    spelled = pd.DataFrame({"key": key, "text": text}).value_counts(sort=False)
    ranked = spelled.reset_index().sort_values(
        ["count", "text"], ascending=[False, True]
    )
    commonest = ranked.drop_duplicates("key").set_index("key")["text"]
    return key.map(commonest).astype("string")


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


def years_of(start: Any, end: Any) -> str | None:
    """Return "2019–21" for two days, one year where both lie in it."""
    years = [pd.Timestamp(day).year for day in (start, end) if not pd.isna(day)]
    if not years:
        return None
    if pd.isna(start):
        return f"to {years[0]}"
    first, last = years[0], years[-1]
    if pd.isna(end):
        return f"from {first}"
    return f"{first}" if first == last else f"{first}–{last % 100:02d}"


def _first_of(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the first value of each trial, with how many others there are."""
    rows = rows.dropna(subset=[column]).drop_duplicates(["trial_id", column])
    texts = rows.astype({column: "string"}).groupby("trial_id", sort=False)[column]
    others = texts.size() - 1
    more = others.map(lambda n: f" +{n}" if n else "").astype("string")
    return texts.first() + more
