"""The figures of a score: shares with intervals that respect trials as clusters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from trialkit.label.vocabulary import NO_CELLS, parent_of
from trialkit.score.gold import Labels
from trialkit.summarize.statistics import wilson

#: Resamples of trials behind an interval, and the seed that makes them repeatable.
RESAMPLES, SEED = 2000, 20261122
#: Values that say no more than that nothing more is said.
ABSTAINED = frozenset(["NOT_STATED", "PARENTERAL", "unclear"])
_NO_CLAIM = frozenset(["NOT_STATED", "unclear", *NO_CELLS])
#: Fewest gold cases of a label in a macro average, and a stricter second number.
MACRO_FROM = (5, 10)


class Row(NamedTuple):
    """One arm or trial on one axis: the reader's labels and those to be judged."""

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
        part, whole = self.sums(rows, of)
        return self._figure(name, part, whole)

    def sums(self, rows: Sequence[Row], of: Callable) -> tuple[np.ndarray, np.ndarray]:
        """Return the sums of parts and wholes by trial."""
        made = np.zeros((2, max(self.n_trials, 1)))
        for row in rows:
            made[:, row.trial] += of(row)
        return made[0], made[1]

    def _figure(self, name: str, part: np.ndarray, whole: np.ndarray) -> Figure:
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

    def macro(
        self, name: str, rows: Sequence[Row], labels: Iterable[str], fewest: int
    ) -> Figure:
        """Return the mean F1 of the labels with enough gold cases.

        `n` is the number of those labels, `total` that of all.
        """
        values, draws, all_labels = [], [], list(labels)
        for label in all_labels:
            if sum(label in row.gold for row in rows) >= fewest:
                part, whole = self.sums(rows, _f1_of(frozenset([label])))
                values.append(part.sum() / whole.sum())
                draws.append(self._ratio(part, whole))
        if not values:
            return Figure(name, np.nan, np.nan, np.nan, 0, len(all_labels))
        low, high = _quantiles(np.nanmean(draws, axis=0))
        if low == high:
            low, high = np.nan, np.nan
        value = float(np.mean(values))
        return Figure(name, value, low, high, len(values), len(all_labels))

    def _ratio(self, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            return (self._weights @ part) / (self._weights @ whole)


def _quantiles(values: np.ndarray) -> tuple[float, float]:
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)


def stated(labels: Labels) -> Labels:
    """Return the labels that say something."""
    return labels.difference(ABSTAINED, NO_CELLS)


def at_level(axis: str, rows: Iterable[Row], level: str) -> list[Row]:
    """Return rows with labels as they are (`leaf`) or mapped one level up."""
    if level == "leaf":
        return list(rows)

    def up(labels: Labels) -> Labels:
        return frozenset(parent_of(axis, label) for label in labels)

    return [Row(row.trial, up(row.gold), up(row.said)) for row in rows]


def _precision(row: Row) -> tuple[float, float]:
    return len(row.gold & row.said), len(row.said)


def _recall(row: Row) -> tuple[float, float]:
    return len(row.gold & row.said), len(row.gold)


def _f1(row: Row) -> tuple[float, float]:
    return 2 * len(row.gold & row.said), len(row.gold) + len(row.said)


def _only(labels: Labels, of: Callable) -> Callable:
    def narrowed(row: Row) -> tuple[float, float]:
        return of(Row(row.trial, row.gold & labels, row.said & labels))

    return narrowed


def _f1_of(labels: Labels) -> Callable:
    return _only(labels, _f1)


def _f1_stated(row: Row) -> tuple[float, float]:
    return _f1(Row(row.trial, stated(row.gold), stated(row.said)))


def _sample_f1(row: Row) -> tuple[float, float]:
    part, whole = _f1(row)
    return part / whole if whole else 0.0, 1


def exact(row: Row) -> tuple[float, float]:
    """Count a row, and whether its labels are exactly the reader's."""
    return row.gold == row.said, 1


def _coverage(row: Row) -> tuple[float, float]:
    return bool(stated(row.gold) and stated(row.said)), bool(stated(row.gold))


def _selective(row: Row) -> tuple[float, float]:
    if not row.gold.difference(NO_CELLS):
        return 0, 0
    said = stated(row.said)
    return len(said & row.gold), len(said)


def _abstained(row: Row) -> tuple[float, float]:
    is_open = bool(row.gold.difference(NO_CELLS)) and not stated(row.gold)
    return is_open and not stated(row.said), is_open


def _false_claim(row: Row) -> tuple[float, float]:
    is_unstated = row.gold == {"NOT_STATED"}
    return is_unstated and bool(row.said - _NO_CLAIM), is_unstated


def figures(
    axis: str, unit: str, rows: Sequence[Row], sampler: Sampler, *, is_brief: bool
) -> list[Figure]:
    """Return the figures of one axis and unit at one level."""
    made = [
        sampler.share("precision", rows, _precision),
        sampler.share("recall", rows, _recall),
        sampler.share("f1", rows, _f1),
        sampler.share("f1_stated", rows, _f1_stated),
        sampler.share("exact", rows, exact),
    ]
    if is_brief:
        return made
    labels = sorted(frozenset().union(*(row.gold | row.said for row in rows)))
    made += [sampler.macro(f"macro_f1_from_{n}", rows, labels, n) for n in MACRO_FROM]
    if unit == "trial":
        made.append(sampler.share("samples_f1", rows, _sample_f1))
    if axis != "delivery_mode":
        made += [
            sampler.share("coverage", rows, _coverage),
            sampler.share("selective_precision", rows, _selective),
            sampler.share("abstention_correct", rows, _abstained),
            sampler.share("false_claim_rate", rows, _false_claim),
            sampler.share("over_claim_rate", rows, _over_claim(axis)),
        ]
    return made


def _over_claim(axis: str) -> Callable:
    def of(row: Row) -> tuple[float, float]:
        false = row.said - row.gold
        return any(parent_of(axis, label) in row.gold for label in false), 1

    return of


def by_label(rows: Sequence[Row], sampler: Sampler) -> list[dict[str, object]]:
    """Return support, hits and errors of every label, with precision, recall and F1."""
    made = []
    for label in sorted(frozenset().union(*(row.gold | row.said for row in rows))):
        one = frozenset([label])
        hits = sum(label in row.gold and label in row.said for row in rows)
        gold, said = (sum(label in labels for labels in part) for part in _sides(rows))
        line = {
            "label": label,
            "support": gold,
            "tp": hits,
            "fp": said - hits,
            "fn": gold - hits,
        }
        for of in (_precision, _recall, _f1):
            name = of.__name__.strip("_")
            figure = sampler.share(name, rows, _only(one, of))
            line |= {name: figure.value, f"{name}_low": figure.low}
            line[f"{name}_high"] = figure.high
        made.append(line)
    return made


def _sides(rows: Sequence[Row]) -> tuple[list[Labels], list[Labels]]:
    return [row.gold for row in rows], [row.said for row in rows]
