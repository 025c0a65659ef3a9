"""The filters of `Trials.select`, by name, in the order in which they are applied.

A filter takes the trials and what is wanted, and returns a `Step`: what `selection`
calls it, and which trials pass. Those of `TEXT_FILTERS` take a `Matcher`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from trialkit.codewords import NOT_STATED
from trialkit.dates import date_span
from trialkit.errors import ParameterError
from trialkit.files import Paths
from trialkit.label.entries import Entry
from trialkit.label.text import fold
from trialkit.label.user_vocabulary import with_terms
from trialkit.label.vocabulary import AXES, BORROWED, NO_CELLS, shipped
from trialkit.nearest import did_you_mean
from trialkit.read.values.countries import country_names
from trialkit.tidy.arrow import (
    answers_of,
    certain,
    column_of,
    compute,
    plain_numbers,
    text_of,
)
from trialkit.tidy.container import Tables
from trialkit.tidy.select import choices
from trialkit.tidy.select.choices import Choice, as_texts, chosen, is_absent
from trialkit.tidy.select.ids import ids_named
from trialkit.tidy.select.ranges import Range, any_admits, date_ranges, number_ranges
from trialkit.tidy.select.search import matcher
from trialkit.tidy.select.selection import CELLS_ONLY, Step
from trialkit.tidy.select.text_filters import TEXT_FILTERS

if TYPE_CHECKING:
    import pandas as pd

Filter = Callable[[Tables, Any], Step]

_UNSTATED = "NOT_STATED"
#: What reports print for the products of a trial that gives no cells.
_NO_PRODUCT = "no cell product"


def _ids(data: Tables, wanted: str | Iterable[str]) -> Step:
    found, lost = ids_named(data, as_texts("ids", wanted))
    more = f" and {len(lost) - 3:,} more" if len(lost) > 3 else ""
    told = f" (not among the trials: {', '.join(lost[:3])}{more})" if lost else ""
    is_named = compute.is_in(_column(data, "trial_id"), value_set=text_of([*found]))
    return Step(f"ids{told}", is_named.combine_chunks())


#: Filters on values of a list, with their columns; those of an axis join several.
COLUMNS = {
    "phase": "phase",
    "status": "overall_status",
    "study_type": "study_type",
    "country": "countries",
    "route": "routes",
    "cell_type": "cell_types",
    "cell_source": "cell_sources",
    "donor": "donors",
}


def values_meant(data: Tables, name: str, wanted: str | Iterable[str]) -> list[Choice]:
    """Return the values that a filter on a list of values takes words for."""
    texts, own = as_texts(name, wanted), own_values(data, name)
    if name in AXES:
        for text in texts:
            if text.upper() == "NONE" or fold(text).startswith(_NO_PRODUCT):
                other = (
                    "cell_trials=False chooses the trials that give no cells; a report "
                    "keeps them beside the others with -p cell_trials_only=false"
                )
                raise ParameterError(f"{name} has no {text!r}; {other}")
        return _terms(data, name, name, texts, own)
    if name == "country":
        resolve = partial(choices.country_choice, own=own)
        return chosen(name, texts, resolve, lambda: own, country_names)
    column = COLUMNS[name]
    resolve = partial(choices.code_choice, column, own=own)
    return chosen(name, texts, resolve, lambda: choices.code_words(column, own))


def own_values(data: Tables, name: str) -> list[str]:
    """Return the values that the trials have for a filter, the commonest first."""
    return _values(_column(data, COLUMNS[name]))


def having(data: Tables, name: str, wanted: list[Choice]) -> Step:
    """Return a filter on the trials that have one of these values."""
    return _step(name, wanted, _column(data, COLUMNS[name]))


def _listed(name: str, data: Tables, wanted: str | Iterable[str]) -> Step:
    return having(data, name, values_meant(data, name, wanted))


def _terms(
    data: Tables, name: str, axis: str, texts: Sequence[str], own: list[str]
) -> list[Choice]:
    entries = _entries(data, axis)
    resolve = partial(choices.term_choice, entries=entries, own=own)
    words = [*choices.term_words(entries), *own]
    phrases = partial(choices.term_phrases, entries)
    return chosen(name, texts, resolve, lambda: words, phrases)


def _entries(data: Tables, axis: str) -> Mapping[str, Entry]:
    vocabulary = with_terms(data.terms) if data.n_rows("terms") else shipped()
    axis = BORROWED.get(axis, axis)
    return vocabulary[axis] if axis in vocabulary else {}


def _labels(
    data: Tables, wanted: Mapping[str, str | Iterable[str]] | str | Iterable[str]
) -> Step:
    """Filter on any axis of labels, user-defined ones included."""
    axes = wanted if isinstance(wanted, Mapping) else _by_axis(wanted)
    labels = data.columns("labels", ["trial_id", "axis", "value"])
    axes_of = (data.column("terms", "axis"), column_of(labels["axis"], "labels"))
    own = [value for axis in axes_of for value in _values(axis)]
    known = list(dict.fromkeys((*AXES, *BORROWED, *own)))
    parts = []
    for axis, texts in axes.items():
        if axis not in known:
            hint = did_you_mean(axis, known, n=3)
            raise ParameterError(f"labels has no axis {axis!r}; {hint}")
        name = f"labels of {axis}"
        column = _values_of(labels, axis, data.columns("trials", ["trial_id"]))
        values = _terms(data, name, axis, as_texts(name, texts), _values(column))
        parts.append(_step(axis, values, column))
    if not parts:
        raise choices.empty_filter("labels", wanted)
    passes = reduce(compute.and_kleene, (part.passes for part in parts))
    return Step(f"labels: {', '.join(part.name for part in parts)}", passes)


def _by_axis(wanted: str | Iterable[str]) -> dict[str, list[str]]:
    """Return the values by axis of texts such as `site=LIVER`."""
    axes: dict[str, list[str]] = {}
    for text in as_texts("labels", wanted):
        axis, equals, value = text.partition("=")
        if not (equals and value.strip()):
            raise ParameterError(f"labels={text!r} is not of the form axis=value")
        axes.setdefault(axis.strip(), []).append(value)
    return axes


def _values_of(
    labels: pd.DataFrame, axis: str, trials: pd.DataFrame
) -> pa.ChunkedArray:
    """Return each trial's values of an axis, joined; missing where it has no label."""
    rows = labels[labels["axis"].eq(axis)]
    rows = rows[~rows["value"].isin(NO_CELLS)]
    joined = rows.groupby("trial_id")["value"].agg(
        lambda values: "; ".join(dict.fromkeys(v for v in values if v != _UNSTATED))
    )
    values = trials["trial_id"].map(joined).astype("string").replace("", _UNSTATED)
    return pa.chunked_array([pa.array(values, pa.large_string(), from_pandas=True)])


def _range(
    name: str,
    column: str,
    ranges_of: Callable[[str, Any], list[Range]],
    span_of: Callable[[Any], tuple[Any, Any]],
) -> Filter:
    """Return the filter on numbers, or on dates, which may be months or years."""

    def choose(data: Tables, wanted: Any) -> Step:
        values = _column(data, column)
        if is_absent(wanted):
            return _unstated(name, values)
        ranges = ranges_of(name, wanted)
        passes = _each(values, lambda value: any_admits(ranges, *span_of(value)))
        return Step(f"{name}: {' | '.join(one.text for one in ranges)}", passes)

    return choose


def _days(text: str | None) -> tuple[str | None, str | None]:
    _, earliest, latest = date_span(text)
    return earliest, latest


def _unstated(name: str, column: pa.ChunkedArray) -> Step:
    return Step(f"{name}: {NOT_STATED}", column.is_null().combine_chunks())


def _has_results(data: Tables, wanted: bool | str) -> Step:
    known = _column(data, "has_results")
    if is_absent(wanted):
        return _unstated("has_results", known)
    asked = _yes("has_results", wanted)
    return Step(f"has_results: {'yes' if asked else 'no'}", _are(known, asked))


def _cell_trials(data: Tables, wanted: bool | str) -> Step:
    asked = _yes("cell_trials", wanted)
    name = CELLS_ONLY if asked else "trials without cells only"
    return Step(name, _are(_column(data, "is_cell_trial"), asked))


def _are(flags: pa.ChunkedArray, asked: bool) -> pa.Array:
    return (flags if asked else compute.invert(flags)).combine_chunks()


def _yes(name: str, wanted: bool | str) -> bool:
    """Return a yes or no as a truth value."""
    word = str(wanted).strip().casefold()
    if word not in ("true", "yes", "posted", "false", "no", "not posted"):
        raise ParameterError(f"{name} must be yes or no, not {wanted!r}")
    return word in ("true", "yes", "posted")


#: Each is a parameter of `Trials.select`.
FILTERS: dict[str, Filter] = {
    "ids": _ids,
    **TEXT_FILTERS,
    **{name: partial(_listed, name) for name in ("phase", "status", "study_type")},
    "start": _range("start", "start_date", date_ranges, _days),
    "completion": _range("completion", "completion_date", date_ranges, _days),
    "enrollment": _range("enrollment", "enrollment", number_ranges, lambda n: (n, n)),
    "has_results": _has_results,
    "country": partial(_listed, "country"),
    **{axis: partial(_listed, axis) for axis in COLUMNS if axis in AXES},
    "labels": _labels,
    "cell_trials": _cell_trials,
}


def step(data: Tables, name: str, wanted: Any, synonyms: Paths = ()) -> Step:
    """Return which trials pass one filter of `Trials.select`."""
    if name in TEXT_FILTERS:
        wanted = matcher(wanted, name=name, synonyms=synonyms)
    return FILTERS[name](data, wanted)


def asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters among named values, those left empty excepted."""
    empty = (None, "", [])
    return {name: v for name, v in values.items() if name in FILTERS and v not in empty}


def _values(column: pa.ChunkedArray) -> list[str]:
    """Return the values of a column, each of a joined set, the commonest first."""
    coded = _coded(column)
    numbers = plain_numbers(coded.indices.drop_null())
    counts: Counter[str] = Counter()
    of_each = np.bincount(numbers, minlength=len(coded.dictionary)).tolist()
    for joined, n in zip(coded.dictionary.to_pylist(), of_each, strict=True):
        for value in joined.split("; "):
            counts[value] += n
    return [value for value, n in counts.most_common() if n]


def _column(data: Tables, name: str) -> pa.ChunkedArray:
    return data.column("trials", name)


def _coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a column as its different values, and the code of each row."""
    values = column.combine_chunks()
    is_coded = isinstance(values, pa.DictionaryArray)
    return values if is_coded else values.dictionary_encode()


def _each(column: pa.ChunkedArray, answer: Callable[[Any], bool | None]) -> pa.Array:
    """Return an answer for each value, which is asked once for each different one."""
    coded = _coded(column)
    answers = answers_of([*map(answer, coded.dictionary.to_pylist())])
    return answers.take(coded.indices)


def _step(name: str, wanted: list[Choice], column: pa.ChunkedArray) -> Step:
    """Return the trials that have one of the values, alone or in a joined set."""
    passes = _each(column, lambda value: _has(value, wanted))
    if any(None in choice.members for choice in wanted):
        passes = certain(passes, missing=True)
    return Step(f"{name}: {' | '.join(choice.shown for choice in wanted)}", passes)


def _has(joined: str, wanted: list[Choice]) -> bool | None:
    """Return whether a joined set has one of the values, None if it states none.

    `OTHER:words` is a value of the id `OTHER`. A set is "not stated" where all of its
    values are.
    """
    values = joined.split("; ")
    for choice in wanted:
        is_in = (bool({v, v.partition(":")[0]} & choice.members) for v in values)
        if all(is_in) if _UNSTATED in choice.members else any(is_in):
            return True
    return None if values == [_UNSTATED] else False
