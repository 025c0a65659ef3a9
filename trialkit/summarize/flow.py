"""Sources, the flow from documents to trials and arms, and possible duplicates."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pandas as pd

from trialkit.label.vocabulary import AXES
from trialkit.merge.registrations import ONE_RECORD_EACH, STUDIES_ONLY, key_of
from trialkit.read.values.ids import registry_of
from trialkit.summarize.counted import described, of_counted
from trialkit.summarize.groups import arm_labels, shown
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import (
    counted,
    for_armless,
    is_rewritten,
    kind_words,
    words,
)
from trialkit.tidy.trials import Trials

#: What makes one group of sources.
_GROUP = ["source", "kind", "wording"]
#: Filters on codes, with their column.
_CODED = {"phase": "phase", "status": "overall_status", "study_type": "study_type"}
#: What the steps of `Trials.counted` are in the flow.
_STEPS = {
    ONE_RECORD_EACH: "Further registrations of a trial that is counted",
    STUDIES_ONLY: "Expanded access, which is no study",
}


@of_counted
def record_flow(data: Trials) -> pd.DataFrame:
    """Return how many documents, records, trials and arms there are at each step.

    Follows the PRISMA 2020 flow for registers: what was identified per source, what
    could not be read, records merged because they speak of the same trial, what each
    filter removed (a value that does not match and a value not stated are told apart),
    trials, arms, and arms that get a cell product.

    Returns
    -------
    pandas.DataFrame
        step, label, n, unit (documents, records, trials or arms), note, parent (the
        step that a box hangs on; missing for the first).
    """
    rows = [*_identified(data), *_screened(data), *_included(data)]
    columns = ["step", "label", "n", "unit", "note", "parent"]
    frame = pd.DataFrame(rows, columns=columns)
    text = [column for column in columns if column != "n"]
    frame = frame.astype({**dict.fromkeys(text, "string"), "n": "int64"})
    frame.attrs |= {"n_trials": len(data.trials), "n_usable": len(data.trials)}
    return frame


def _identified(data: Trials) -> list[tuple[Any, ...]]:
    groups = source_groups(data).groupby(_GROUP).size().reset_index(name="n")
    note = f"from {counted(len(groups), 'source')}" if len(groups) else ""
    n = len(data.sources)
    rows: list[tuple[Any, ...]] = [
        ("documents", "Documents read", n, "documents", note, pd.NA)
    ]
    for name, kind, wording, n in groups.to_numpy():
        step, note = f"source:{name}:{kind}", kind_words(kind, wording)
        rows.append((step, name, int(n), "documents", note, "documents"))
    unreadable = data.excluded[data.excluded["source_id"].notna()]
    if len(unreadable):
        reasons = unreadable["reason"].value_counts().head(3)
        note = "; ".join(f"{reason} ({n:,})" for reason, n in reasons.items())
        n = len(unreadable)
        rows.append(("set_aside", "Set aside", n, "records", note, "documents"))
    return [*rows, ("records", "Records", _n_records(data), "records", "", "documents")]


def _n_records(data: Trials) -> int:
    return int(data.sources["n_records"].fillna(0).sum())


def _screened(data: Trials) -> list[tuple[Any, ...]]:
    steps = data.selection
    n_all = int(steps["n_before"].iloc[0]) if len(steps) else len(data.trials)
    n_merged = max(_n_records(data) - n_all, 0)
    merged = ("merged", "Merged: further records of the same trial", n_merged)
    is_again = steps["filter"].eq(ONE_RECORD_EACH).any()
    label = "Distinct registry ids" if is_again else "Distinct trials"
    parent = "identified_trials"
    rows = [
        (*merged, "records", "same registry id or its alias", "records"),
        (parent, label, n_all, "trials", "", "records"),
    ]
    columns = ["step", "filter", "n_removed", "n_missing"]
    for step, name, removed, missing in steps[columns].to_numpy():
        note = f"{counted(missing, 'trial')} without a value" if missing else ""
        told = filter_words(name, data.terms)
        label = _STEPS.get(name, f"Left out by the filter “{told}”")
        n = int(removed + missing)
        rows.append((f"filter:{step}", label, n, "trials", note, parent))
    return rows


def filter_words(step: str, terms: pd.DataFrame) -> str:
    """Return the name of a filter in `selection`, with words for its codes and ids."""
    name, colon, values = step.partition(": ")
    each = pd.Series(values.split(" | "), dtype="string")
    if name in _CODED:
        each = words(each, _CODED[name])
    elif name in AXES:
        each = shown(each, name, terms=terms)
    return f"{name}{colon}{' or '.join(each)}"


def _included(data: Trials) -> list[tuple[Any, ...]]:
    n = len(data.trials)
    implicit = int(data.arms["is_implicit"].fillna(False).sum())
    stated = len(data.arms) - implicit
    product = arm_labels(data, []) if n else data.arms
    note = f"{stated:,} stated{for_armless(implicit)}"
    rows: list[tuple[Any, ...]] = [
        ("trials", "Trials in this report", n, "trials", "", "identified_trials"),
        ("arms", "Arms", len(data.arms), "arms", note, "trials"),
    ]
    if gives_cells(data):
        name = "Arms with a cell product"
        rows.append(("product_arms", name, len(product), "arms", "", "arms"))
    return rows


def source_groups(data: Trials) -> pd.DataFrame:
    """Return source_id, source (its site, else its shape), kind, wording and shape."""
    sources = data.sources
    shape = words(sources["shape"], "shape").where(sources["shape"].notna(), "")
    name = sources["site"].fillna(shape.mask(shape == "", "file"))
    name = name.mask(is_rewritten(sources["wording"]), "Example records")
    return pd.DataFrame(
        {
            "source_id": sources["source_id"],
            "source": name.astype("string"),
            "kind": sources["kind"].astype("string").fillna("not stated"),
            "wording": sources["wording"].astype("string").fillna("verbatim"),
            "shape": shape,
        }
    )


@described
def sources(data: Trials) -> pd.DataFrame:
    """Return what each source gave: documents, trials, dates, fields.

    Returns
    -------
    pandas.DataFrame
        One row per site, or per shape of file where no site is known: source, kind,
        wording, shapes, n_documents, n_trials, oldest_update and newest_update (of its
        registry records, as far as stated), median_fields (expected fields that a
        document states).
    """
    groups = source_groups(data)
    said = data.statements.merge(groups, on="source_id")
    updates = said[said["field"] == "last_updated_date"].groupby(_GROUP)["value"]
    documents = groups.assign(n_fields=data.sources["n_fields"]).groupby(_GROUP)
    frame = pd.DataFrame(
        {
            "shapes": documents["shape"].agg(lambda s: "; ".join(sorted(set(s)))),
            "n_documents": documents.size(),
            "n_trials": said.groupby(_GROUP)["trial_id"].nunique(),
            "oldest_update": updates.min(),
            "newest_update": updates.max(),
            "median_fields": documents["n_fields"].median(),
        }
    ).reset_index()
    text = [*_GROUP, "shapes", "oldest_update", "newest_update"]
    frame["n_trials"] = frame["n_trials"].fillna(0).astype("int64")
    frame = frame.astype(dict.fromkeys(text, "string"))
    frame.attrs |= {"n_trials": len(data.trials), "n_documents": len(data.sources)}
    return frame


@of_counted
def excluded(data: Trials) -> pd.DataFrame:
    """Return what was set aside while reading or left out by a filter, and why.

    Returns
    -------
    pandas.DataFrame
        record (id or position), source (site or file name), reason.
    """
    rows = data.excluded
    name = rows["source_id"].map(source_names(data)).astype("string")
    file = rows["path"].str.replace("\\", "/", regex=False).str.rsplit("/", n=1).str[-1]
    frame = rows.assign(source=name.fillna(file))[["record", "source", "reason"]]
    return frame.sort_values(["reason", "record"], kind="stable").reset_index(drop=True)


#: Shorter titles ("A pilot study") are of many trials.
_MIN_TITLE = 25


@of_counted
def possible_twins(data: Trials) -> pd.DataFrame:
    """Return pairs of trials that may be the same, for a person to decide.

    They share a title, one names the id of the other in its own register, or both give
    the same id of a third register. None of these is proof (extension studies and parts
    of a programme do all three), so such trials are never merged and each is counted.

    Returns
    -------
    pandas.DataFrame
        trial_id, other_id, reason (`same title`, `names its id`, or `both give` and the
        id) and title (of trial_id). Of several trials with one title each is paired
        with the first.

    Examples
    --------
    >>> import trialkit as tk
    >>> list(tk.summarize.possible_twins(tk.load_example()).columns)
    ['trial_id', 'other_id', 'reason', 'title']
    """
    title = data.trials.set_index("trial_id")["display_title"]
    found: dict[tuple[str, str], list[str]] = {}
    same_title, same_id = _same_title(data.trials), _same_second_id(data.identifiers)
    for one, other, reason in chain(same_title, _named(data), same_id):
        reasons = found.setdefault((min(one, other), max(one, other)), [])
        if reason not in reasons:
            reasons.append(reason)
    rows = [
        (one, other, "; ".join(reasons), title.get(one))
        for (one, other), reasons in sorted(found.items())
    ]
    columns = ["trial_id", "other_id", "reason", "title"]
    frame = pd.DataFrame(rows, columns=columns).astype("string")
    frame.attrs |= {"n_trials": len(data.trials)}
    return frame


def _pairs(keys: pd.Series, ids: pd.Series) -> Iterator[tuple[str, str, str]]:
    """Pair the first trial of each key with every other; keys are not missing."""
    first = ids.groupby(keys).transform("first")
    is_other = first != ids
    yield from zip(first[is_other], ids[is_other], keys[is_other], strict=True)


def _same_title(trials: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    for column in ("official_title", "brief_title"):
        folded = trials[column].str.casefold()
        folded = folded.str.replace(r"[\W_]+", " ", regex=True).str.strip()
        kept = folded[folded.str.len().ge(_MIN_TITLE).fillna(False)]
        for one, other, _ in _pairs(kept, trials.loc[kept.index, "trial_id"]):
            yield one, other, "same title"


def _named(data: Trials) -> Iterator[tuple[str, str, str]]:
    rows = data.identifiers
    kept = rows[rows["points_to"].notna() & ~rows["is_same_trial"].fillna(False)]
    here = set(data.trials["trial_id"])
    for own, others in zip(kept["trial_id"], kept["points_to"], strict=True):
        for other in others.split("; "):
            if other in here:
                yield own, other, "names its id"


def _same_second_id(identifiers: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    rows = identifiers.dropna(subset=["id"])
    is_register = [registry_of(str(text)) is not None for text in rows["id"]]
    kept = rows[pd.Series(is_register, index=rows.index, dtype=bool)]
    keys = kept["id"].map(key_of).astype("string")
    for one, other, key in _pairs(keys, kept["trial_id"]):
        yield one, other, f"both give {key}"


def of_source(data: Trials, source_ids: pd.Series, column: str) -> pd.Series:
    """Return a column of `sources` for source ids, as text."""
    sources = data.sources.drop_duplicates("source_id").set_index("source_id")
    return source_ids.map(sources[column].astype("string")).astype("string")


def source_names(data: Trials) -> pd.Series:
    """Return a name for every source by source_id: its site, else its file's name."""
    sources = data.sources
    file = sources["path"].str.replace("\\", "/", regex=False).str.rsplit("/", n=1)
    name = sources["site"].fillna(file.str[-1]).fillna(sources["source_id"])
    name = name.mask(is_rewritten(sources["wording"]), "example record " + name)
    frame = pd.Series(name.to_numpy(), index=sources["source_id"], dtype="string")
    return frame[~frame.index.duplicated()]
