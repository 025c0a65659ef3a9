"""Labels against gold labels: figures, baselines, slices and every miss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from trialkit.errors import TrialDataError
from trialkit.files import PathLike, Paths, listed
from trialkit.label.user_vocabulary import extended
from trialkit.score.families import COLUMNS, by_family
from trialkit.score.gold import AXES, GoldTrial, read_gold, scored_axes
from trialkit.score.labelled import by_trial, label_rows
from trialkit.score.measure import Row, Sampler, at_level, by_label, exact, figures
from trialkit.score.result import LEVELS, Score
from trialkit.score.rows import (
    Key,
    Rows,
    aligned,
    by_keywords,
    decisions,
    majority,
    unlike,
)
from trialkit.score.sure import confidence_rows
from trialkit.score.texts import evidence_rows, keywords_of, texts_of
from trialkit.tidy.load import load
from trialkit.tidy.trials import Trials
from trialkit.version import rules_version


def score_labels(
    labels: Trials | pd.DataFrame | PathLike,
    gold: PathLike | Mapping[str, GoldTrial],
    *,
    records: Trials | Paths | None = None,
    vocabularies: Paths = (),
) -> Score:
    """Return how labels compare with a careful reader's.

    Every label counts, "not stated" and "no cells" among them; `f1_stated` leaves
    those out. Arms are matched by their place in the record; an arm or trial that has
    no labels is a miss. Intervals come from 2,000 seeded resamples of whole trials,
    because arms of one trial are right or wrong together.

    Parameters
    ----------
    labels
        Trials, their table `labels`, or the CSV that `trialkit label` writes.
    gold
        The gold file (JSON lines or CSV), or what `read_gold` makes of it.
    records
        Trials, or paths of their records: adds the check of every quote, the keyword
        baseline, more slices, and the words of each miss. Trials as `labels` suffice.
    vocabularies
        CSV files of your own, as `trialkit.load` takes them: their axes are scored, and
        their ids on other axes are known.

    Returns
    -------
    Score
        Print it to read it; its parts are DataFrames.

    Raises
    ------
    TrialDataError
        If a file cannot be read or is not of its form, if no trial stands in both,
        or if the labels lack an axis of your own.
    """
    given = isinstance(gold, Mapping)
    known = gold if given else read_gold(Path(gold), vocabularies)
    vocabulary = extended(map(Path, listed(vocabularies)))
    data = _data(labels, records)
    table = label_rows(labels)
    axes = scored_axes(known.values())
    said = by_trial(table, axes)
    if fault := unlike(known, said, set(axes) - set(table["axis"])):
        raise TrialDataError(f"nothing to score: {fault}")
    rows, amiss = aligned(known, said)
    sampler = Sampler(len(known))
    joined = _jointly(rows)
    lines = []
    for method, own in _methods(rows, data, known).items():
        for (unit, axis), pairs in own.items():
            entries = vocabulary.get(axis, {})
            head = {"method": method, "unit": unit, "axis": axis}
            for level in LEVELS[method]:
                leveled = at_level(entries, pairs.values(), level)
                is_brief = (method, level) != ("rules", "leaf")
                found = figures(
                    axis, unit, leveled, sampler, entries, is_brief=is_brief
                )
                lines += [{**head, "level": level, **one._asdict()} for one in found]
    trials = {"method": "rules", "unit": "trial", "level": "leaf"}
    decided = decisions(known, said)
    whole = {"is_cell_trial": decided, "all": [*joined.values()]}
    for axis, of_trials in whole.items():
        figure = sampler.share("exact", of_trials, exact)._asdict()
        lines.append({**trials, "axis": axis, **figure})
    places = {trial_id: n for n, trial_id in enumerate(known)}
    for name, checked in evidence_rows(table, places, data).items():
        figure = sampler.share(f"evidence_{name}", checked, exact)._asdict()
        lines.append({"method": "rules", "unit": "label", "axis": "", **figure})
    for name, axis, rated in confidence_rows(table, known):
        figure = sampler.share(name, rated, exact)._asdict()
        lines.append({"method": "rules", "unit": "label", "axis": axis, **figure})
    label_lines = (
        {"unit": unit, "axis": axis, **line}
        for (unit, axis), pairs in rows.items()
        for line in by_label(list(pairs.values()), sampler)
    )
    slices = _slices(rows, joined, known, data)
    return Score(
        n_trials=len(known),
        n_arms=sum(len(one.arms) for one in known.values()),
        rules=rules_version(),
        figures=pd.DataFrame(lines, columns=_FIGURE_COLUMNS),
        labels=pd.DataFrame(label_lines, columns=_LABEL_COLUMNS),
        slices=pd.DataFrame(slices, columns=_SLICE_COLUMNS),
        families=pd.DataFrame(by_family(rows, decided, known), columns=COLUMNS),
        misses=_misses(rows, table, known, data),
        amiss=tuple(amiss),
    )


_FIGURE_COLUMNS = "method unit axis level figure value low high n total".split()
_LABEL_COLUMNS = (
    "unit axis label support tp fp fn precision precision_low precision_high "
    "recall recall_low recall_high f1 f1_low f1_high"
).split()
_SLICE_COLUMNS = ["slice", "value", "n_trials", "all_exact", *(f"f1_{a}" for a in AXES)]


def _data(labels: object, records: Any) -> Trials | None:
    if isinstance(records, Trials):
        return records
    if records is not None:
        return load(records)
    return labels if isinstance(labels, Trials) else None


def _methods(
    rows: Rows, data: Trials | None, known: Mapping[str, GoldTrial]
) -> dict[str, Rows]:
    methods: dict[str, Rows] = {"rules": rows}
    if data is not None:
        words = keywords_of(data, known)
        methods["keywords"] = {
            key: by_keywords(pairs, key[1], words)
            for key, pairs in rows.items()
            if key[1] in AXES
        }
    methods["majority"] = {key: majority(pairs) for key, pairs in rows.items()}
    return methods


def _jointly(rows: Rows) -> dict[str, Row]:
    """Return each trial with the labels of all axes as one set."""
    joined: dict[str, Row] = {}
    for (unit, axis), pairs in rows.items():
        for key, row in pairs.items() if unit == "trial" else ():
            old = joined.get(key.trial_id, Row(row.trial, frozenset(), frozenset()))
            gold = old.gold.union(f"{axis}:{label}" for label in row.gold)
            said = old.said.union(f"{axis}:{label}" for label in row.said)
            joined[key.trial_id] = Row(row.trial, gold, said)
    return joined


def _slices(
    rows: Rows,
    joined: Mapping[str, Row],
    known: Mapping[str, GoldTrial],
    data: Trials | None,
) -> Iterator[dict[str, Any]]:
    for (name, value), ids in _parts(known, data).items():
        right = sum(joined[i].gold == joined[i].said for i in ids if i in joined)
        line = {"slice": name, "value": value, "n_trials": len(ids)}
        line["all_exact"] = right / len(ids)
        for axis in AXES:
            pairs = rows.get(("trial", axis), {}).items()
            own = [row for key, row in pairs if key.trial_id in ids]
            whole = sum(len(row.gold) + len(row.said) for row in own)
            hits = sum(len(row.gold & row.said) for row in own)
            line[f"f1_{axis}"] = 2 * hits / whole if whole else None
        yield line


def _parts(
    known: Mapping[str, GoldTrial], data: Trials | None
) -> dict[tuple[str, str], set[str]]:
    """Return the trials of every slice; those of the record only with records."""
    parts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, one in known.items():
        delivery = "; ".join(sorted(one.axes.get("delivery_mode", ["not given"])))
        parts["arms", "several" if len(one.arms) > 1 else "one"].add(key)
        parts["delivery", delivery].add(key)
    if data is not None:
        for name, value, key in _of_record(data, known):
            parts[name, value].add(key)
    return dict(sorted(parts.items()))


def _of_record(
    data: Trials, known: Mapping[str, GoldTrial]
) -> Iterator[tuple[str, str, str]]:
    sources = data.sources.drop_duplicates("source_id").set_index("source_id")["kind"]
    statements = data.statements.drop_duplicates("trial_id")
    said = statements.set_index("trial_id")["source_id"]
    trials = data.trials[data.trials["trial_id"].isin(list(known))]
    columns = trials[["trial_id", "countries", "start_date"]]
    for key, countries, start in columns.fillna("not stated").to_numpy():
        yield "country", countries.split("; ")[0], key
        yield "start", start[:4] if start[:1].isdigit() else start, key
        yield "source", str(sources.get(said.get(key), "not stated")), key


def _misses(
    rows: Rows,
    table: pd.DataFrame,
    known: Mapping[str, GoldTrial],
    data: Trials | None,
) -> pd.DataFrame:
    wrong = [
        (unit, axis, key, row)
        for (unit, axis), pairs in rows.items()
        for key, row in pairs.items()
        if row.gold != row.said
    ]
    texts = texts_of(data, {key.trial_id for *_, key, _ in wrong}) if data else {}
    quotes = dict(iter(table[table["quote"] != ""].groupby(["trial_id", "axis"])))
    misses = [
        {
            "trial_id": key.trial_id,
            "arm_id": key.arm_id,
            "unit": unit,
            "axis": axis,
            "gold": "; ".join(sorted(row.gold)),
            "labelled": "; ".join(sorted(row.said)),
            "missed": "; ".join(sorted(row.gold - row.said)),
            "claimed": "; ".join(sorted(row.said - row.gold)),
            "doubt": known[key.trial_id].doubt,
            "quotes": _quotes(quotes.get((key.trial_id, axis)), key),
            "text": texts.get(key.trial_id, ""),
        }
        for unit, axis, key, row in wrong
    ]
    columns = "trial_id arm_id unit axis gold labelled missed claimed doubt quotes text"
    return pd.DataFrame(misses, columns=columns.split(), dtype="string")


def _quotes(found: pd.DataFrame | None, key: Key) -> str:
    if found is None:
        return ""
    own = found[found["arm_id"] == key.arm_id] if key.arm_id else found
    lines = own["value"] + ": " + own["quote"] + " (" + own["rule_id"] + ")"
    return "\n".join(dict.fromkeys(lines))
