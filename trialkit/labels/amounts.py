r"""Amounts of cells in a text, whatever a register did to the superscripts.

`1x106`, `1.67 × 10\^8`, `0.5*10E6`, `5 × 10⁷`, `two million` and `30,000,000` are all
read (LANDSCAPE B8, T49 and T50).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from trialkit.labels import rules

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WORDS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
_NUMBER = r"\d{1,4}(?:[.,]\d{1,3})?"
COUNT = rf"(?:\d{{1,2}}|{'|'.join(_WORDS)})"
_RANGE = rf"(?:(?P<low>{_NUMBER})\s?(?:-|–|—|to|~|and)\s?)?"
_POWER = r"(?:\s?\\?\^\s?|\s?[eE]\s?\+?\s?|\s?\(|\s?exp\s?|\s)?"
_SCIENTIFIC = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>{_NUMBER})\s?(?:[x×X*·✕╳]|⋅)\s?"
    rf"10(?P<mark>{_POWER})(?P<exponent>[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})"
    # "107, 9 x 107" are two amounts; "107,5" is none
    r"(?!\d|[.,]\d(?![\d.]*\s?[x×X*]))"
)
_E_NOTATION = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>\d(?:\.\d{{1,2}})?)[eE]\+?0?(?P<exponent>[4-9]|1[0-2])\b"
)
_MILLION = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>{_NUMBER}|{'|'.join(_WORDS)})\s?"
    r"(?:x\s?)?(?P<scale>millions?|mio|mln|billions?|(?-i:M(?!\s?(?:NaCl|KCl|Tris))))\b",
    re.IGNORECASE,
)
_WRITTEN_OUT = re.compile(
    r"(?<![\d.,x×*])(?P<mantissa>\d{1,3}(?:([.,\s])\d{3})(?:\2\d{3})+"
    r"|\d{2,3},\d{3}(?=\s(?:[a-z]+\s)?cells)|\d{6,11})(?![\d,.]\d)"
)
#: Overlaps are looked up one by one, so a text has a limit.
_MAX_AMOUNTS = 500
_MAX_BETWEEN = 30
_SCALES = {"m": 1e6, "b": 1e9}
#: Between two amounts of one list, of which the last says per what: "5 and then 10".
_LISTED = re.compile(r"^(?:\s|,|;|/|cells?\b|and\b|or\b|to\b|then\b)+$", re.I)

_CELL_UNIT = re.compile(
    r"^[^.;]{0,45}?\b(?:cells?|[a-z-]*mscs?|hepatocytes?|mncs?|islets?|[a-z-]*asc?s\b|mesenchymal|stem|stromal"
    r"|svf|chondrocytes?|cd34\+?|cd133\+?|macrophages?|mononuclear|viable|nucleated)"
    r"|^\s?个",
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
    r"^[^.;,]{0,25}?(?:/|\bper\s)\s?(?:m?l\b|cc\b|µl|ul\b|mm3|liter|litre|dl\b|cm|m2\b|m²|m\^2|square|min)",
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
    r"\b(?:total(?:\s(?!administrations|infusions|injections|doses|treatments)[a-z]+){0,5}|altogether|cumulative\s\w+\s(?:of|is|was))\s?:?\s?$",
    re.I,
)
SINGLE = re.compile(
    r"\bsingle[- ](?:[^\s;,.-]+[- ]){0,2}"
    r"(?:dose|infusion|injection|administration|treatment(?!\s(?:group|arm|cent)))",
    re.I,
)


class Amount(NamedTuple):
    """An amount of cells in a text, with its place."""

    amount: float
    per: str | None
    start: int
    end: int
    rule_id: str


@lru_cache(maxsize=64)
def amounts_in(text: str) -> tuple[Amount, ...]:
    """Return the amounts of cells that a text states, in order; a range gives two."""
    found: dict[int, list[Amount]] = {}
    taken: list[tuple[int, int]] = []
    for rule_id, cue, pattern, read in _READERS:
        if not cue.search(text):
            continue
        for hit in pattern.finditer(text):
            if len(taken) == _MAX_AMOUNTS:  # no register entry; a hostile text
                break
            if any(hit.start() < high and low < hit.end() for low, high in taken):
                continue
            taken.append(hit.span())
            if _is_cells(text, hit):
                per = _per(text, hit)
                found[hit.start()] = [
                    Amount(value, per, *hit.span(), rule_id) for value in read(hit)
                ]
    ordered = [amount for start in sorted(found) for amount in found[start]]
    return tuple(_share_per(text, ordered))


def _share_per(text: str, amounts: list[Amount]) -> list[Amount]:
    """Return the amounts of a list with what the last one of it is per."""
    for n in range(len(amounts) - 2, -1, -1):
        here, after = amounts[n], amounts[n + 1]
        between = text[here.end : after.start]
        is_open = here.per is None or (here.per, after.per) == ("dose", "kg")
        if is_open and after.per and len(between) < _MAX_BETWEEN:
            if _LISTED.match(between):
                amounts[n] = here._replace(per=after.per)
    return amounts


def number_of(word: str) -> int:
    """Return a count written as digits or as a word."""
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


# Each pattern runs only where its cheap cue is found.
_READERS = (
    ("dose.power_of_ten", re.compile(r"10\s?[\\^(eE⁰-⁹\d]"), _SCIENTIFIC, _read_power),
    ("dose.e_notation", re.compile(r"\d[eE]\+?\d"), _E_NOTATION, _read_power),
    (
        "dose.million",
        re.compile(r"(?i:illion|mio\b|mln)|\dM\b"),
        _MILLION,
        _read_million,
    ),
    (
        "dose.written_out",
        re.compile(r"\d{3}[.,\s]?\d{3}"),
        _WRITTEN_OUT,
        _read_written_out,
    ),
)


def _is_cells(text: str, hit: re.Match[str]) -> bool:
    after = text[hit.end() : hit.end() + 80]
    before = text[max(0, hit.start() - 80) : hit.start()]
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
    before = text[max(0, hit.start() - 80) : hit.start()]
    return "dose" if SINGLE.search(before) or rules.EACH_DOSE(before.lower()) else None
