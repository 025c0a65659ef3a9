r"""Dose and regimen, as stated: amounts, per what, how many, how often, how long.

Registers lose superscripts and add escapes, so `1x106`, `1.67 × 10\^8`, `0.5*10E6` and
`5 × 10⁷` are all read as powers of ten. Nothing is converted: an amount per kilogram
stays one, with no assumed weight (LANDSCAPE B8, T49 and T50).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trialkit.labels import rules
from trialkit.labels.choose import Evidence
from trialkit.labels.products import Products, has_generic_cells
from trialkit.labels.result import Dose
from trialkit.labels.study import LAY, Study
from trialkit.labels.text import Text

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WORDS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
_NUMBER = r"\d{1,4}(?:[.,]\d{1,3})?"
_COUNT = rf"(?:\d{{1,2}}|{'|'.join(_WORDS)})"
_RANGE = rf"(?:(?P<low>{_NUMBER})\s?(?:-|–|—|to|~|and)\s?)?"
_POWER = r"(?:\s?\\?\^\s?|\s?[eE]\s?\+?\s?|\s?\(|\s?exp\s?|\s)?"
_SCIENTIFIC = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>{_NUMBER})\s?(?:[x×X*·✕╳]|⋅)\s?"
    rf"10(?P<mark>{_POWER})(?P<exponent>[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})(?![0-9.,])"
)
_E_NOTATION = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>\d(?:\.\d{{1,2}})?)[eE]\+?0?(?P<exponent>[4-9]|1[0-2])\b"
)
_MILLION = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>{_NUMBER}|{'|'.join(_WORDS)})\s?"
    r"(?:x\s?)?(?P<scale>millions?|mio|mln|billions?)\b",
    re.IGNORECASE,
)
_WRITTEN_OUT = re.compile(
    r"(?<![\d.,x×*])(?P<mantissa>\d{1,3}(?:([.,\s])\d{3})(?:\2\d{3})+|\d{6,11})(?![\d,.]\d)"
)
_SCALES = {"m": 1e6, "b": 1e9}

_CELL_UNIT = re.compile(
    r"^[^.;]{0,45}?\b(?:cells?|[a-z-]*mscs?|hepatocytes?|mncs?|islets?|[a-z-]*asc?s\b|mesenchymal|stem|stromal"
    r"|svf|chondrocytes?|cd34\+?|cd133\+?|macrophages?|mononuclear|viable|nucleated)",
    re.IGNORECASE,
)
_CELLS_BEFORE = re.compile(
    r"\b(?:cells?|mscs?|dose|doses|hepatocytes)\b[^.;]{0,60}$", re.I
)
_PER_KG = re.compile(
    r"^[^.;\d]{0,60}?(?:/|\bper\b|\bp(?:er)?\b|\beach\b)\s?(?:kg|kilo|kilogram)|^[^.;\d]{0,40}?\bkg-?1\b",
    re.I,
)
_PER_WEIGHT = re.compile(r"^\s?[^.;]{0,4}/\s?\d+\s?kg", re.I)
_CONCENTRATION = re.compile(
    r"^[^.;,]{0,25}?(?:/|\bper\s)\s?(?:m?l\b|cc\b|µl|ul\b|mm3|liter|litre|dl\b|cm)",
    re.I,
)
_NO_CELLS = re.compile(
    r"^\s?(?:platelets|copies|iu\b|units|leukocytes|wbc|neutrophil|people|patients|women|men|americans|children|adults|individuals|deaths|years|dollars|usd|persons|cases|new|participants)",
    re.I,
)
_PER = (
    (
        "patient",
        re.compile(
            r"^[^.;]{0,45}?(?:/\s?|\bper\s)(?:patient|subject|person|participant)", re.I
        ),
    ),
    (
        "session",
        re.compile(r"^[^.;]{0,45}?(?:/\s?|\bper\s)(?:session|treatment)", re.I),
    ),
    (
        "dose",
        re.compile(
            r"^[^.;]{0,60}?(?:/\s?|\bper\s|\beach\s|\bevery\s)(?:dose|infusion|injection|time|administration)"
            r"|^[^.;]{0,50}?\b(?:single|one)\s(?:dose|infusion|injection)",
            re.I,
        ),
    ),
)
_TOTAL = re.compile(
    r"\b(?:total(?:\s\w+){0,5}|altogether|cumulative\s\w+\s(?:of|is|was))\s?:?\s?$",
    re.I,
)
_SINGLE = re.compile(
    r"\bsingle[- ](?:\w+[- ]){0,2}(?:dose|infusion|injection|administration|treatment)",
    re.I,
)
_N_DOSES = re.compile(
    rf"\b(?P<n>{_COUNT})\s(?:[a-z-]+\s){{0,2}}(?:doses|infusions|injections|administrations|times|treatments"
    r"|transfusions|sessions|courses|transplantations|divided\sdoses)\b",
    re.I,
)
_ONCE = re.compile(
    r"\b(?:only\sonce|one\s(?:dose|infusion|injection|administration|time))\b", re.I
)
_INTERVAL = re.compile(
    rf"\b(?:every\s(?:other\s)?(?:{_COUNT}\s)?(?:days?|weeks?|months?)|once\s(?:a|per|every|each)\s?(?:{_COUNT}\s)?(?:day|week|month)s?"
    rf"|(?:at\s)?(?:an\s)?intervals?\sof\s{_COUNT}\s(?:days?|weeks?|months?)|{_COUNT}[-\s](?:day|week|month)s?[-\s](?:intervals?|apart)"
    r"|(?:twice|three\stimes)\s(?:a|per)\s(?:week|month)|weekly|biweekly|fortnightly|monthly|trimonthly)\b",
    re.I,
)
_SESSION = re.compile(
    r"\b(?P<low>\d{1,2}(?:\.\d)?)(?:\s?(?:-|–|to)\s?(?P<high>\d{1,2}(?:\.\d)?))?\s?(?:hours?|hrs?|h)\b"
    r"(?=[^.;]{0,25}\b(?:per|each|every|a)\s(?:session|treatment|procedure|run)\b)"
    r"|\b(?:sessions?|treatments?)\s(?:of|lasting|lasts?|for)\s(?:about\s|approximately\s)?(?P<low2>\d{1,2}(?:\.\d)?)"
    r"(?:\s?(?:-|–|to)\s?(?P<high2>\d{1,2}(?:\.\d)?))?\s?(?:hours?|hrs?|h)\b",
    re.I,
)


class Amount(NamedTuple):
    """An amount of cells in a text, with its place."""

    amount: float
    per: str | None
    start: int
    end: int
    rule_id: str


def amounts_in(text: str) -> list[Amount]:
    """Return the amounts of cells that a text states, in order; a range gives two."""
    found: dict[int, list[Amount]] = {}
    taken: list[tuple[int, int]] = []
    for rule_id, pattern, read in _READERS:
        for hit in pattern.finditer(text):
            if any(hit.start() < high and low < hit.end() for low, high in taken):
                continue
            taken.append(hit.span())
            if _is_cells(text, hit):
                per = _per(text, hit)
                found[hit.start()] = [
                    Amount(value, per, *hit.span(), rule_id) for value in read(hit)
                ]
    return [amount for start in sorted(found) for amount in found[start]]


def doses_of(study: Study, products: Products, devices: set[int]) -> list[Dose]:
    """Return the doses of every arm with a cell product, as stated.

    Amounts in an arm's own words win over those of an intervention that it shares;
    number, interval and session length come from the same passage as the amount.
    """
    evidence = Evidence(study, products)
    rows: list[Dose] = []
    for arm in products.arms:
        basis = "device_loaded" if arm in devices else "given"
        rows += list(_of_arm(study, evidence, arm, basis))
    return rows


def _of_arm(study: Study, evidence: Evidence, arm: int, basis: str) -> Iterator[Dose]:
    groups = [
        study.of_arm(arm) if study.has_arms else [],
        evidence.own(arm),
        study.titles,
        study.narrative,
    ]
    for texts in groups:
        rows = [row for text in texts for row in _of_text(study, text, arm, basis)]
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


def _of_text(study: Study, text: Text, arm: int, basis: str) -> list[Dose]:
    section = text.passage.section
    if section in LAY and study.has_arms:
        return []
    amounts = [a for a in amounts_in(text.raw) if _is_of_study(study, text, a.start)]
    rows = []
    for amount in amounts:
        row = _row(study, text, arm, basis, amount.start, amount.end, amount.rule_id)
        row.amount, row.unit, row.per = amount.amount, "cells", amount.per
        _add_regimen(row, text, amount.start)
        rows.append(row)
    if not rows and section.startswith(("arm_", "intervention_")):
        rows = _regimen_only(study, text, arm, basis)
    return rows


def _regimen_only(study: Study, text: Text, arm: int, basis: str) -> list[Dose]:
    for pattern in (_SESSION, _N_DOSES, _SINGLE):
        hit = pattern.search(text.raw)
        if hit and has_generic_cells(text.folded):
            rule_id = "dose.regimen_only"
            row = _row(study, text, arm, basis, hit.start(), hit.end(), rule_id)
            _add_regimen(row, text, hit.start())
            return [row]
    return []


def _row(
    study: Study,
    text: Text,
    arm: int,
    basis: str,
    start: int,
    end: int,
    rule_id: str,
) -> Dose:
    quote, low, high = text.quote(start, end)
    offset = text.passage.start
    return Dose(
        trial_id=study.base.trial_id,
        arm_id=study.arms[arm][0],
        basis=basis,
        source_id=study.source_of[text.position],
        section=text.passage.section,
        quote=quote,
        start=offset + low,
        end=offset + high,
        rule_id=rule_id,
    )


def _is_of_study(study: Study, text: Text, start: int) -> bool:
    stance = study.stance(text, text.sentence_at(start))
    return stance not in {"background", "animal"}


def _add_regimen(row: Dose, text: Text, start: int) -> None:
    low, high = text.sentences[text.sentence_at(start)]
    for words in (text.raw[low:high], text.raw):
        if row.n_doses is None:
            row.n_doses = _count(words)
        if row.interval is None:
            hit = _INTERVAL.search(words)
            row.interval = hit.group() if hit else None
        if row.session_hours_min is None:
            hit = _SESSION.search(words)
            if hit:
                first = hit["low"] or hit["low2"]
                row.session_hours_min = float(first)
                row.session_hours_max = float(hit["high"] or hit["high2"] or first)


def _count(words: str) -> int | None:
    hit = _N_DOSES.search(words)
    if hit:
        return _number(hit["n"])
    return 1 if _SINGLE.search(words) or _ONCE.search(words) else None


def _number(word: str) -> int:
    return _WORDS.get(word.lower()) or int(word)


def _decimal(word: str) -> float:
    return float(_WORDS.get(word.lower(), word.replace(",", ".")))


def _read_power(hit: re.Match[str]) -> list[float]:
    exponent = int(hit["exponent"].translate(_SUPERSCRIPTS))
    if not 3 <= exponent <= 12:
        return []
    return [_decimal(m) * 10.0**exponent for m in _bounds(hit)]


def _read_million(hit: re.Match[str]) -> list[float]:
    scale = _SCALES[hit["scale"][0].lower()]
    return [_decimal(m) * scale for m in _bounds(hit)]


def _read_written_out(hit: re.Match[str]) -> list[float]:
    return [float(re.sub(r"\D", "", hit["mantissa"]))]


def _bounds(hit: re.Match[str]) -> list[str]:
    return [hit["low"], hit["mantissa"]] if hit["low"] else [hit["mantissa"]]


_READERS = (
    ("dose.power_of_ten", _SCIENTIFIC, _read_power),
    ("dose.e_notation", _E_NOTATION, _read_power),
    ("dose.million", _MILLION, _read_million),
    ("dose.written_out", _WRITTEN_OUT, _read_written_out),
)


def _is_cells(text: str, hit: re.Match[str]) -> bool:
    after, before = text[hit.end() : hit.end() + 80], text[: hit.start()][-80:]
    if _NO_CELLS.match(after) or _CONCENTRATION.match(after):
        return False
    if _PER_KG.match(after) or _PER_WEIGHT.match(after) or _CELL_UNIT.match(after):
        return True
    return bool(_CELLS_BEFORE.search(before)) and "scale" not in hit.groupdict()


def _per(text: str, hit: re.Match[str]) -> str | None:
    after = text[hit.end() : hit.end() + 80]
    if _PER_KG.match(after):
        return "kg"
    if _TOTAL.search(text[max(0, hit.start() - 60) : hit.start()]):
        return "total"
    for per, pattern in _PER:
        if pattern.match(after):
            return per
    before = text[max(0, hit.start() - 40) : hit.start()]
    return "dose" if _SINGLE.search(before) or rules.EACH_DOSE(before.lower()) else None
