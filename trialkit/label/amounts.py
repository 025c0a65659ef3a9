r"""Amounts of cells in a text, in every notation that registers make of them.

`1x106`, `1.67 × 10\^8`, `0.5*10E6`, `5 × 10⁷`, `two million` and `30,000,000` are all
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from trialkit.label import rules
from trialkit.read.values.numbers import NUMBER_WORDS

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
#: Overlaps are looked up one by one, so a text has a limit.
_MAX_AMOUNTS = 500
_MAX_BETWEEN = 30
#: An amount begins and ends within so many letters of its cue.
_REACH = 50
_SCALES = {"m": 1e6, "b": 1e9}
#: What an amount is per, in the order of asking; kilogram and total come first.
_PER = {
    "patient": rules.PER_PATIENT,
    "session": rules.PER_SESSION,
    "dose": rules.PER_DOSE,
}


class Amount(NamedTuple):
    """An amount of cells in a text, with its place."""

    amount: float
    per: str | None
    start: int
    end: int
    rule_id: str


@lru_cache(maxsize=64)
def amounts_in(text: str) -> tuple[Amount, ...]:
    """Return the amounts of cells that a text states, in order; a range gives two.

    Amounts per volume or area, and those of cells that are spread out to grow, are no
    doses; none is an amount of 0.
    """
    found: dict[int, tuple[list[Amount], bool | None]] = {}
    taken: list[tuple[int, int]] = []
    for rule_id, cue, rule, read in _READERS if _COUNTS.search(text) else ():
        for hit in _near(text, cue, rule.pattern):
            if len(taken) == _MAX_AMOUNTS:  # no register entry; a hostile text
                break
            start, end = hit.span()
            if any(start < high and low < end for low, high in taken):
                continue
            taken.append((start, end))
            floor = max((high for _, high in taken if high <= start), default=0)
            values = read(hit, text[max(floor, start - 60) : start])
            sides = text[max(0, start - 80) : start], text[end : end + 80]
            per, is_cells = _per(*sides), _is_cells(*sides, "scale" in hit.groupdict())
            amounts = [Amount(v, per, start, end, rule_id) for v in values if v > 0]
            found[start] = amounts, is_cells
    kept = _of_cells(text, [found[start] for start in sorted(found)])
    return tuple(_without_limits(text, kept))


def _without_limits(text: str, amounts: list[Amount]) -> list[Amount]:
    """Return the amounts without limits and sums of another one per kilogram."""
    by_weight = [amount for amount in amounts if amount.per == "kg"]
    if not by_weight:
        return amounts
    before = {one: text[max(0, one.start - 60) : one.start] for one in amounts}
    sums = [one for one in by_weight if rules.TOTAL(before[one])]
    is_void = sums if len(sums) < len(by_weight) else ()
    return [
        one
        for one in amounts
        if one not in is_void
        and (one in by_weight or not rules.AT_MOST(before[one][-50:]))
    ]


def _near(
    text: str, cue: re.Pattern[str], pattern: re.Pattern[str]
) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern near its cheap cue."""
    low = high = 0
    for hint in cue.finditer(text):
        if hint.start() - _REACH > high:
            yield from pattern.finditer(text, low, high)
            low = hint.start() - _REACH
        high = hint.end() + _REACH
    if high:
        yield from pattern.finditer(text, low, high)


def _of_cells(text: str, found: list[tuple[list[Amount], bool | None]]) -> list[Amount]:
    """Return the amounts of cells; those of a list share the unit of its last one."""
    kept: list[Amount] = []
    following, is_void = len(text), False
    for amounts, is_cells in reversed(found):
        if not amounts:
            continue
        between = text[amounts[-1].end : following]
        is_listed = len(between) < _MAX_BETWEEN and rules.LISTED(between)
        is_void = is_cells is False or (is_void and is_listed and "cell" not in between)
        following = amounts[0].start
        if is_void:
            continue
        after = kept[0] if kept and is_listed else None
        if is_cells or (is_cells is None and after):
            if after and after.per:
                amounts = [_with_per(amount, after.per) for amount in amounts]
            kept = [*amounts, *kept]
    return kept


def _with_per(amount: Amount, per: str) -> Amount:
    is_open = amount.per is None or (amount.per, per) == ("dose", "kg")
    return amount._replace(per=per) if is_open else amount


def _decimal(word: str) -> float:
    known = 1 if word.lower() == "a" else NUMBER_WORDS.get(word.lower())
    return float(known or re.sub(r"[,·]", ".", re.sub(r"\s", "", word)))


def _read_power(hit: re.Match[str], before: str) -> list[float]:
    exponent = int(hit["exponent"].translate(_SUPERSCRIPTS))
    if not 3 <= exponent <= 12:
        return []
    return [number * 10.0**exponent for number in _numbers(hit, before)]


def _read_bare_power(hit: re.Match[str], before: str) -> list[float]:
    written = hit["exponent"] or hit["raised"] or hit["lost"]
    exponent = int(written.translate(_SUPERSCRIPTS))
    return [10.0**exponent] if 4 <= exponent <= 12 else []


def _read_million(hit: re.Match[str], before: str) -> list[float]:
    if hit["mantissa"].isalpha() and rules.COMPOUND(before):
        return []
    scale = _SCALES[hit["scale"][0].lower()]
    if hit["hundred"]:
        scale *= 100
    return [number * scale for number in _numbers(hit, before)]


def _read_written_out(hit: re.Match[str], before: str) -> list[float]:
    number = float(re.sub(r"\D", "", hit["mantissa"]))
    if not hit["factor"]:
        return [number]
    return [factor * number for factor in _numbers(hit, before)]


def _numbers(hit: re.Match[str], before: str) -> list[float]:
    """Return the numbers before a power, those of a range or of a rising list too.

    "1, 5 x 10^6" alone may be a list or 1.5: nobody can tell, and none is returned.
    """
    if mean := rules.DEVIATION.pattern.search(before):
        return [_decimal(mean["mean"])]
    names = ("low", "factor" if "factor" in hit.groupdict() else "mantissa")
    own = [_decimal(hit[name]) for name in names if hit[name]]
    if len(own) == 2 and (own[0] > own[1] or rules.COUNTED(before)):
        return own[1:]
    listed = rules.SHARING.pattern.search(before)
    if not listed or rules.COUNTED(before[: listed.start()]):
        return own
    numbers = [*map(_decimal, rules.NUMBER.pattern.findall(listed.group())), *own]
    if len(numbers) == 2 and not re.search(r"and|or", listed.group()):
        return []
    is_rising = all(a < b for a, b in pairwise(numbers))
    return numbers if is_rising and 100 * numbers[0] >= own[-1] else own


#: A text without a digit or a word for a million states no amount.
_COUNTS = re.compile(r"(?i)\d|illion|mio\b|mln")
_POWER_CUE = re.compile(r"10\s?(?:[\\^*(eE\d⁰¹²³⁴⁵⁶⁷⁸⁹]|\s?exp)")
_MILLION_CUE = re.compile(r"(?i:illion|mio\b|mln)|\d\s?M\b")
_THOUSANDS_CUE = re.compile(r"\d\d\d[.,\s]?\d{3}")
# Each pattern runs only near its cheap cue.
_READERS = (
    ("dose.power_of_ten", _POWER_CUE, rules.SCIENTIFIC, _read_power),
    ("dose.power_of_ten", rules.BARE_CUE.pattern, rules.BARE_POWER, _read_bare_power),
    ("dose.e_notation", re.compile(r"\d[eE]\+?\d"), rules.WITH_E, _read_power),
    ("dose.million", _MILLION_CUE, rules.IN_MILLIONS, _read_million),
    ("dose.written_out", _THOUSANDS_CUE, rules.IN_FULL, _read_written_out),
)


def _is_cells(before: str, after: str, is_million: bool) -> bool | None:
    """Return whether an amount counts cells, or None where no word says."""
    is_dose = rules.IN_VOLUME(after) and rules.DOSE_NAMED(before)
    if (
        rules.THRESHOLD(before)
        or rules.EARLIER_GROUP(before)
        or rules.NOT_GIVEN(after)
        or (rules.PER_VOLUME(after) and not is_dose)
    ):
        return False
    if rules.PER_KG(after) or rules.PER_WEIGHT(after):
        return True
    if rules.SPREAD(before):
        return False
    says_so = rules.DOSE_BEFORE if is_million else rules.CELLS_BEFORE
    return True if rules.CELLS_AFTER(after) or says_so(before) else None


def _per(before: str, after: str) -> str | None:
    if rules.PER_KG(after):
        return "kg"
    if rules.TOTAL(before[-60:]):
        return "total"
    for per, rule in _PER.items():
        if rule(after):
            return per
    return "dose" if rules.SINGLE(before) or rules.EACH_DOSE(before.lower()) else None
