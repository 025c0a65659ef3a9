r"""Dose and regimen, as stated: amounts, per what, how many, how often, how long.

Nothing is converted: an amount per kilogram stays one, with no assumed weight.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any

from trialkit.label import rules
from trialkit.label.amounts import amounts_in
from trialkit.label.choose import Evidence
from trialkit.label.context import has_generic_cells
from trialkit.label.result import Dose
from trialkit.label.study import ELSEWHERE, LAY
from trialkit.label.text import Text
from trialkit.read.values.numbers import NUMBER_WORDS

#: Cues of an interval and of hours: plain words, cheap to look for.
_PERIODIC = re.compile(r"day|week|month|nightly|每", re.I)
_HOURS = re.compile(r"\d\s?h", re.I)
#: Words without which no regimen is told; a cheap first look.
_MAY_TELL = re.compile(
    r"dose|infusion|injection|administration|times|treatment|session|course|plantation"
)


def doses_of(evidence: Evidence, devices: set[int]) -> list[Dose]:
    """Return the doses of every arm with a cell product, as stated.

    Amounts in an arm's own words win over those of an intervention that it shares;
    number, interval and session length come from the same passage as the amount.
    """
    arms = evidence.products.arms
    basis = {arm: "device_loaded" if arm in devices else "given" for arm in arms}
    return [row for arm in arms for row in _of_arm(evidence, arm, basis[arm])]


def _of_arm(evidence: Evidence, arm: int, basis: str) -> Iterator[Dose]:
    study = evidence.study
    groups = [
        study.of_arm(arm) if study.has_arms else [],
        evidence.own(arm),
        study.titles,
        study.narrative,
    ]
    row_of = partial(
        Dose,
        trial_id=study.base.trial_id,
        arm_id=study.arms[arm][0],
        basis=basis,
    )
    for texts in groups:
        told = (one for text in texts for one in evidence.asked(_of_text, text))
        rows = [row_of(**one) for one in told]
        _outrank(rows, groups[0])
        with_amount = [row for row in rows if row.amount is not None]
        if with_amount:
            whole = {row.amount for row in with_amount if row.per}
            kept = [row for row in with_amount if row.per or row.amount not in whole]
            yield from _distinct(kept, lambda row: (row.amount, row.per))
            return
        yield from _distinct(rows, lambda row: (row.per, row.n_doses, row.interval))


def _distinct(rows: list[Dose], key: Callable[[Dose], tuple]) -> Iterable[Dose]:
    """Return the first row of each key."""
    first: dict[tuple, Dose] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return first.values()


def _outrank(rows: list[Dose], own: list[Text]) -> None:
    """Let the number of doses in the arm's own words replace that of shared texts."""
    shared = [row for row in rows if not (row.section or "").startswith("arm_")]
    counts = (_count(text.plain) for text in own if shared)
    told = next((n for n in counts if n is not None), None)
    for row in shared if told is not None else ():
        row.n_doses = told


def _of_text(evidence: Evidence, text: Text) -> list[dict[str, Any]]:
    """Return what a text tells of doses: the columns that no arm decides."""
    study, section = evidence.study, text.passage.section
    if section in LAY and study.has_arms:
        return []
    told = [
        (
            (a.start, a.end),
            a.rule_id,
            {"amount": a.amount, "unit": "cells", "per": a.per},
        )
        for a in amounts_in(text.plain)
        if study.stance(text, text.sentence_at(a.start)) not in ELSEWHERE
    ]
    if not told and section.startswith(("arm_", "intervention_")):
        hit = _regimen_only(text)
        told = [(hit.span(), "dose.regimen_only", {})] if hit else []
    return [
        {
            "rule_id": rule_id,
            **amount,
            **_regimen(text.plain),
            **_regimen(_sentence(text, span[0])),
            **study.cited(text, *span),
        }
        for span, rule_id, amount in told
    ]


def _sentence(text: Text, position: int) -> str:
    low, high = text.sentences[text.sentence_at(position)]
    return text.plain[low:high]


def _regimen_only(text: Text) -> re.Match[str] | None:
    """Return the words of a regimen of cells without an amount."""
    if not _MAY_TELL.search(text.folded) or not has_generic_cells(text.folded):
        return None
    found = (rules.SESSION, rules.COUNT, rules.SINGLE)
    hits = (rule.pattern.search(text.plain) for rule in found)
    return next(filter(None, hits), None)


@lru_cache(maxsize=64)
def _regimen(words: str) -> dict[str, Any]:
    """Return the number of doses, interval and session length that words tell of."""
    n_doses = _count(words)
    told: dict[str, Any] = {} if n_doses is None else {"n_doses": n_doses}
    interval = _PERIODIC.search(words) and rules.INTERVAL.pattern.search(words)
    if interval:
        told["interval"] = interval.group()
    session = _HOURS.search(words) and rules.SESSION.pattern.search(words)
    if session:
        first = session["low"] or session["low2"]
        last = session["high"] or session["high2"] or first
        told |= {"session_hours_min": float(first), "session_hours_max": float(last)}
    return told


def _count(words: str) -> int | None:
    """Return how many doses the words tell of.

    "One dose or two" is no number, nor is that of two products, each told with "of".
    """
    hit = rules.COUNT.pattern.search(words)
    single = rules.SINGLE.pattern.search(words) or rules.ONCE.pattern.search(words)
    if hit:
        word = hit["n"] or hit["told"] or hit["cjk"]
        number = NUMBER_WORDS.get(word.lower()) or int(word)
        if not single or number == 1:
            return number
        first, second = sorted((single, hit), key=lambda found: found.start())
        if second.start() < first.end():
            return number
        are_two = all(words.startswith(" of ", one.end()) for one in (first, second))
        is_open = are_two or _OR.search(words, first.end(), second.start())
        return None if is_open else number
    if single:
        return 1
    return 2 if rules.TWICE(words) else None


_OR = re.compile(r"\bor\b", re.I)
