"""The figures of a score: shares, with intervals that treat trials as clusters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from trialkit.label.entries import Entry, parent_in
from trialkit.label.vocabulary import NO_CELLS
from trialkit.score.gold import Labels
from trialkit.summarize.statistics import wilson

#: Resamples of trials behind an interval, and the seed that makes them repeatable.
RESAMPLES, SEED = 2000, 20261122
#: Values that abstain from a statement.
ABSTAINED = frozenset(["NOT_STATED", "PARENTERAL", "unclear"])
_NO_CLAIM = frozenset(["NOT_STATED", "unclear", *NO_CELLS])
#: Fewest gold cases of a label in a macro average, and a stricter second number.
MACRO_FROM = (5, 10)


class Row(NamedTuple):
    """Gold labels and scored labels of one arm or trial on one axis."""

    trial: int
    gold: Labels
    said: Labels


class Figure(NamedTuple):
    """A share with its 95 % interval; `n` of `total` is what it counts."""

    figure: str
    value: float
    low: float
    high: float
    n: float
    total: float


class Sampler:
    """Draws trials with replacement, the same draws for every figure of a score."""

    def __init__(self, n_trials: int) -> None:
        self.n_trials = n_trials
        draw = np.random.default_rng(SEED)
        shares = np.full(max(n_trials, 1), 1 / max(n_trials, 1))
        self._weights = draw.multinomial(n_trials, shares, RESAMPLES).astype("float32")

    def share(self, name: str, rows: Sequence[Row], of: Callable) -> Figure:
        """Return the sum of parts over the sum of wholes, which `of` gives per row.

        The interval is a bootstrap over trials, since arms of one trial are right or
        wrong together. Where all parts are right, or none is, resampling says nothing:
        there it is the Wilson interval with one case a trial.
        """
        part, whole = self._sums(rows, of)
        n, total = float(part.sum()), float(whole.sum())
        if not total:
            return Figure(name, np.nan, np.nan, np.nan, n, total)
        value = n / total
        if value in (0.0, 1.0):
            cases = int((whole > 0).sum())
            low, high = wilson(round(value * cases), cases)
        else:
            low, high = _quantiles(self._ratio(part, whole))
        return Figure(name, value, low, high, n, total)

    def _sums(self, rows: Sequence[Row], of: Callable) -> np.ndarray:
        """Return the sums of parts and of wholes by trial."""
        sums = np.zeros((2, max(self.n_trials, 1)))
        for row in rows:
            sums[:, row.trial] += of(row)
        return sums

    def macro(
        self, name: str, rows: Sequence[Row], labels: Sequence[str], fewest: int
    ) -> Figure:
        """Return the mean F1 of the labels with enough gold cases.

        `n` is the number of those labels, `total` that of all.
        """
        values, draws = [], []
        for label in labels:
            if sum(label in row.gold for row in rows) >= fewest:
                part, whole = self._sums(rows, _only(label, f1))
                values.append(part.sum() / whole.sum())
                draws.append(self._ratio(part, whole))
        if not values:
            return Figure(name, np.nan, np.nan, np.nan, 0, len(labels))
        low, high = _quantiles(np.nanmean(draws, axis=0))
        value = float(np.mean(values))
        return Figure(name, value, low, high, len(values), len(labels))

    def _ratio(self, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            return (self._weights @ part) / (self._weights @ whole)


def _quantiles(values: np.ndarray) -> tuple[float, float]:
    """Return the ends of an interval, missing where all draws are the same."""
    low, high = np.nanquantile(values, [0.025, 0.975])
    # Of one trial, or of trials all alike, resampling says nothing.
    return (float(low), float(high)) if low != high else (np.nan, np.nan)


def at_level(
    entries: Mapping[str, Entry], rows: Iterable[Row], level: str
) -> list[Row]:
    """Return rows with labels as they are (`leaf`) or mapped one level up."""
    if level == "leaf":
        return list(rows)

    def up(labels: Labels) -> Labels:
        return frozenset(parent_in(entries, label) for label in labels)

    return [Row(row.trial, up(row.gold), up(row.said)) for row in rows]


def _stated(labels: Labels) -> Labels:
    """Return the labels that say something."""
    return labels.difference(ABSTAINED, NO_CELLS)


def _precision(row: Row) -> tuple[float, float]:
    return len(row.gold & row.said), len(row.said)


def _recall(row: Row) -> tuple[float, float]:
    return len(row.gold & row.said), len(row.gold)


def f1(row: Row) -> tuple[float, float]:
    """Return twice the hits, and the labels of reader and rules together."""
    return 2 * len(row.gold & row.said), len(row.gold) + len(row.said)


def _only(label: str, of: Callable) -> Callable:
    """Return a measure of one label."""
    return lambda row: of(Row(row.trial, row.gold & {label}, row.said & {label}))


def _f1_stated(row: Row) -> tuple[float, float]:
    return f1(Row(row.trial, _stated(row.gold), _stated(row.said)))


def _sample_f1(row: Row) -> tuple[float, float]:
    part, whole = f1(row)
    return part / whole if whole else 0.0, 1


def exact(row: Row) -> tuple[float, float]:
    """Return whether the labels of a row are exactly the reader's, and 1."""
    return row.gold == row.said, 1


def _coverage(row: Row) -> tuple[float, float]:
    return bool(_stated(row.gold) and _stated(row.said)), bool(_stated(row.gold))


def _selective(row: Row) -> tuple[float, float]:
    if not row.gold.difference(NO_CELLS):
        return 0, 0
    said = _stated(row.said)
    return len(said & row.gold), len(said)


def _abstained(row: Row) -> tuple[float, float]:
    is_open = bool(row.gold.difference(NO_CELLS)) and not _stated(row.gold)
    return is_open and not _stated(row.said), is_open


def false_claim(row: Row) -> tuple[float, float]:
    """Return whether a label is given where the reader found none stated, and if so."""
    is_unstated = row.gold == {"NOT_STATED"}
    return is_unstated and bool(row.said - _NO_CLAIM), is_unstated


def figures(
    axis: str,
    unit: str,
    rows: Sequence[Row],
    sampler: Sampler,
    entries: Mapping[str, Entry],
    *,
    is_brief: bool,
) -> list[Figure]:
    """Return the figures of one axis, with its entries, and unit at one level."""
    shares = _SHARES | {"f1_stated": _f1_stated, "exact": exact}
    found = [sampler.share(name, rows, of) for name, of in shares.items()]
    if is_brief:
        return found
    labels = _labels_of(rows)
    found += [sampler.macro(f"macro_f1_from_{n}", rows, labels, n) for n in MACRO_FROM]
    more = {"samples_f1": _sample_f1} if unit == "trial" else {}
    if axis != "delivery_mode":
        more |= _CLAIMS | {"over_claim_rate": partial(_over_claim, entries)}
    return found + [sampler.share(name, rows, of) for name, of in more.items()]


_SHARES: dict[str, Callable] = {"precision": _precision, "recall": _recall, "f1": f1}
_CLAIMS: dict[str, Callable] = {
    "coverage": _coverage,
    "selective_precision": _selective,
    "abstention_correct": _abstained,
    "false_claim_rate": false_claim,
}


def _over_claim(entries: Mapping[str, Entry], row: Row) -> tuple[float, float]:
    false = row.said - row.gold
    return any(parent_in(entries, label) in row.gold for label in false), 1


def _labels_of(rows: Iterable[Row]) -> list[str]:
    return sorted(frozenset().union(*(row.gold | row.said for row in rows)))


def by_label(rows: Sequence[Row], sampler: Sampler) -> Iterator[dict[str, float | str]]:
    """Yield support, hits and errors of every label, with precision, recall and F1."""
    for label in _labels_of(rows):
        hits = sum(label in row.gold & row.said for row in rows)
        gold = sum(label in row.gold for row in rows)
        false = sum(label in row.said for row in rows) - hits
        line = {"label": label, "support": gold}
        line |= {"tp": hits, "fp": false, "fn": gold - hits}
        for name, of in _SHARES.items():
            figure = sampler.share(name, rows, _only(label, of))
            line |= {name: figure.value, f"{name}_low": figure.low}
            line[f"{name}_high"] = figure.high
        yield line
