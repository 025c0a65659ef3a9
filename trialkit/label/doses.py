r"""Dose and regimen, as stated: amounts, per what, how many, how often, how long.

Nothing is converted: an amount per kilogram stays one, with no assumed weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from trialkit.label import rules
from trialkit.label.amounts import amounts_in, number_of
from trialkit.label.choose import Evidence
from trialkit.label.context import has_generic_cells
from trialkit.label.result import Dose
from trialkit.label.study import LAY, Study
from trialkit.label.text import Text

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
    rows: list[Dose] = []
    for arm in evidence.products.arms:
        basis = "device_loaded" if arm in devices else "given"
        rows += list(_of_arm(evidence, arm, basis))
    return rows


def _of_arm(evidence: Evidence, arm: int, basis: str) -> Iterator[Dose]:
    study = evidence.study
    groups = [
        study.of_arm(arm) if study.has_arms else [],
        evidence.own(arm),
        study.titles,
        study.narrative,
    ]
    for texts in groups:
        rows = [row for text in texts for row in _of_text(study, text, arm, basis)]
        _outrank(rows, groups[0])
        if any(row.amount is not None for row in rows):
            rows = [row for row in rows if row.amount is not None]
        if rows:
            seen: set[tuple] = set()
            for row in rows:
                key = (row.amount, row.per, row.n_doses, row.interval)
                if row.amount is not None:
                    key = (row.amount, row.per)
                if key not in seen:
                    seen.add(key)
                    yield row
            if any(row.amount is not None for row in rows):
                return


def _outrank(rows: list[Dose], own: list[Text]) -> None:
    """Put the number of doses of the arm's own words over that of shared texts."""
    counts = [n for n in (_count(text.plain) for text in own) if n is not None]
    if counts:
        for row in rows:
            if not (row.section or "").startswith("arm_"):
                row.n_doses = counts[0]


def _of_text(study: Study, text: Text, arm: int, basis: str) -> list[Dose]:
    section = text.passage.section
    if section in LAY and study.has_arms:
        return []
    amounts = [a for a in amounts_in(text.plain) if _is_of_study(study, text, a.start)]
    rows = []
    for amount in amounts:
        at = text, amount.start, amount.end
        row = _row(study, arm, basis, at, amount.rule_id)
        row.amount, row.unit, row.per = amount.amount, "cells", amount.per
        _add_regimen(row, text, amount.start)
        rows.append(row)
    if not rows and section.startswith(("arm_", "intervention_")):
        rows = _regimen_only(study, text, arm, basis)
    return rows


def _regimen_only(study: Study, text: Text, arm: int, basis: str) -> list[Dose]:
    if not _MAY_TELL.search(text.folded) or not has_generic_cells(text.folded):
        return []
    for rule in (rules.SESSION, rules.COUNT, rules.SINGLE):
        hit = rule.pattern.search(text.plain)
        if hit:
            row = _row(study, arm, basis, (text, *hit.span()), "dose.regimen_only")
            _add_regimen(row, text, hit.start())
            return [row]
    return []


def _row(
    study: Study, arm: int, basis: str, at: tuple[Text, int, int], rule_id: str
) -> Dose:
    return Dose(
        trial_id=study.base.trial_id,
        arm_id=study.arms[arm][0],
        basis=basis,
        rule_id=rule_id,
        **study.cited(*at),
    )


def _is_of_study(study: Study, text: Text, start: int) -> bool:
    stance = study.stance(text, text.sentence_at(start))
    return stance not in {"background", "animal"}


class _Regimen(NamedTuple):
    n_doses: int | None
    interval: str | None
    hours: tuple[float, float] | None


def _add_regimen(row: Dose, text: Text, start: int) -> None:
    low, high = text.sentences[text.sentence_at(start)]
    for words in (text.plain[low:high], text.plain):
        told = _regimen(words)
        if row.n_doses is None:
            row.n_doses = told.n_doses
        if row.interval is None:
            row.interval = told.interval
        if row.session_hours_min is None and told.hours:
            row.session_hours_min, row.session_hours_max = told.hours


@lru_cache(maxsize=64)
def _regimen(words: str) -> _Regimen:
    """Return what words tell of number, interval and session; asked once for many."""
    interval = rules.INTERVAL.pattern.search(words) if _PERIODIC.search(words) else None
    session = rules.SESSION.pattern.search(words) if _HOURS.search(words) else None
    hours = None
    if session:
        first = session["low"] or session["low2"]
        hours = float(first), float(session["high"] or session["high2"] or first)
    return _Regimen(_count(words), interval.group() if interval else None, hours)


def _count(words: str) -> int | None:
    """Return how many doses the words tell of; "one dose or two" is no number."""
    hit = rules.COUNT.pattern.search(words)
    single = rules.SINGLE.pattern.search(words) or rules.ONCE.pattern.search(words)
    if hit:
        number = number_of(hit["n"] or hit["told"] or hit["cjk"])
        if single and number != 1 and _OR.search(words, *_between(single, hit)):
            return None
        return number
    if single:
        return 1
    return 2 if rules.TWICE(words) else None


def _between(one: re.Match[str], other: re.Match[str]) -> tuple[int, int]:
    first, second = sorted((one, other), key=lambda hit: hit.start())
    return first.end(), second.start()


_OR = re.compile(r"\bor\b", re.I)
