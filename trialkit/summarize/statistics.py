"""The few statistics that the report uses."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from trialkit.errors import ParameterError

#: Below this many trials shares are shown as counts, never as percentages.
PERCENT_FROM = 20
#: With fewer numbers than this, quartiles are guesses between two of them.
QUARTILES_FROM = 4
#: Trials that a figure shows one by one; of more, groups stand with what they share.
MOST_ONE_BY_ONE = 60
#: Numbers from which a group has a median: a reader of few trials sees each of them.
MEDIAN_FROM, MEDIAN_FROM_OF_MANY = 4, 10


def median_from(n: int) -> int:
    """Return how many numbers a group among `n` trials needs to have a median."""
    return MEDIAN_FROM if n <= MOST_ONE_BY_ONE else MEDIAN_FROM_OF_MANY


class Spread(NamedTuple):
    """Five numbers of a set of values, all NaN where there is none."""

    min: float
    q1: float
    median: float
    q3: float
    max: float


def spread(values: Iterable[float]) -> Spread:
    """Return minimum, quartiles and maximum of the values that are not missing.

    Quartiles are numpy's `linear` (inclusive) ones, interpolated between the two
    nearest values.
    """
    known = pd.Series(list(values), dtype="Float64").dropna().to_numpy(dtype=float)
    if not known.size:
        return Spread(*[float("nan")] * 5)
    return Spread(*np.quantile(known, [0, 0.25, 0.5, 0.75, 1], method="linear"))


def wilson(n: int, total: int) -> tuple[float, float]:
    """Return the Wilson 95 % interval of a share, as two shares between 0 and 1."""
    if total <= 0:
        return float("nan"), float("nan")
    z = 1.959963984540054
    share = n / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    half = half * z / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def n_trials(rows: pd.DataFrame) -> int:
    """Return the number of different trials among rows."""
    return int(rows["trial_id"].nunique())


def usable(subject: pd.DataFrame | int) -> int:
    """Return the number of trials with a usable value behind a summary frame."""
    if isinstance(subject, int):
        return subject
    if "n_usable" in subject.attrs:
        return int(subject.attrs["n_usable"])
    if "trial_id" in subject:
        return n_trials(subject)
    raise ParameterError("this frame does not say how many trials are behind it")


def share_text(n: int, total: int) -> str:
    """Return a count with its denominator, and the percentage from N = 20 on.

    Nearly all is not rounded to all, nor nearly none to none. A blank that does not
    break keeps the number and its sign on one line.
    """
    if total < PERCENT_FROM:
        return f"{n:,} of {total:,}"
    percent = f"{100 * n / total:.0f}"
    if percent == "100" and n < total:
        percent = ">99"
    elif percent == "0" and n:
        percent = "<1"
    return f"{n:,} of {total:,} ({percent}\u00a0%)"


def number(value: float | None, digits: int = 1) -> str:
    """Return a number without needless zeros, "–" where there is none."""
    if value is None or pd.isna(value):
        return "–"
    text = f"{float(value):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_amount(value: float) -> str:
    """Return a number of cells in words, to four digits: `0.5 million`, `20,000`."""
    if value < 100_000:
        return number(value, 2)
    unit, name = (1e9, "billion") if value >= 1e9 else (1e6, "million")
    return f"{number(float(f'{value / unit:.4g}'), 4)} {name}"


def computed(value: float) -> float:
    """Return a median or quartile of amounts, without digits that nobody stated.

    One that lies between two amounts has more digits than either.

    Examples
    --------
    >>> computed(812_500), computed(12_500_000)
    (810000.0, 12500000.0)
    """
    is_short = float(f"{value:.3g}") == value
    return float(value) if is_short else float(f"{value:.2g}")


def plain_range(low: float, high: float) -> str:
    """Return two numbers of cells in words: `0.5 to 2.5 million`.

    Examples
    --------
    >>> plain_range(5e5, 2.5e6), plain_range(1e6, 1e6)
    ('0.5 to 2.5 million', '1 million')
    """
    first, last = plain_amount(low), plain_amount(high)
    if first == last:
        return last
    return f"{first.removesuffix(' ' + last.partition(' ')[2])} to {last}"
