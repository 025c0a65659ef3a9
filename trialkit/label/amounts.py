r"""Amounts of cells in a text, whatever a register did to the superscripts.

`1x106`, `1.67 × 10\^8`, `0.5*10E6`, `5 × 10⁷`, `two million` and `30,000,000` are all
read (LANDSCAPE B8, T49 and T50).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from trialkit.label import rules

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WORDS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
#: "2.5", "2,5", "2·5" and ".5"; "1, 0" is 1.0, as 0 is no amount of a list.
_NUMBER = r"(?:\d{1,4}(?:[.,·]\d{1,3}|,\s0(?!\d)|\.\s\d(?!\d))?|(?<!\d)\.\d{1,3})"
COUNT = rf"(?:\d{{1,2}}|{'|'.join(_WORDS)})"
_TO = r"\s?(?:-|–|—|\\?~|to|and)\s?"
_RANGE = rf"(?:(?P<open>\()?(?P<low>{_NUMBER}){_TO})?"
_TIMES = r"(?:[xX×*·✕╳⋅]|\btimes\b)"
#: What says that a power follows: "10^6", "10E6", "10exp6"; a superscript says it too.
_MARK = r"\s?(?:\\?\^|\*\*|\(|[eE]\s?\+?|exp)\s?"
_RAISED = rf"(?:{_MARK}[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})"
_SCIENTIFIC = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>{_NUMBER})(?(open)\)?)\s?"
    rf"(?:{_TIMES}|\.(?=\s?10(?:\\?\^|[⁰¹²³⁴⁵⁶⁷⁸⁹]))|\s(?=10{_RAISED}))\s?"
    rf"10(?P<mark>{_MARK}|\s)?(?P<exponent>[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})"
    # "107, 9 x 107" are two amounts; "107,5" is none
    r"(?!\d|[.,]\d(?![\d.]*\s?[x×X*]))"
)
#: "10^6 cells" without a factor; "106" only where per kilogram.
_BARE_POWER = re.compile(
    rf"(?<![\w.,×*·/^-])(?<![xX×*·✕╳⋅]\s)10(?:{_MARK}(?P<exponent>[0-9]{{1,2}})|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})"
    r"|(?P<lost>[4-9])(?=(?:\s?[a-zA-Z+-]*(?:cells?|MSCs?))?\s?/\s?[kK]g))(?!\d|[.,]\d|\s?[-–]\d)"
)
_E_NOTATION = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>(?!10[eE])\d{{1,2}}(?:\.\d{{1,2}})?)[eE]\+?0?"
    r"(?P<exponent>1[0-2]|[4-9])(?!\d|[.,]\d)"
)
_MILLION = re.compile(
    rf"(?<![\d.,]){_RANGE}(?P<mantissa>{_NUMBER}|\b(?:{'|'.join(_WORDS)}|twenty|thirty|fifty))[\s-]?"
    r"(?:x\s?)?(?P<scale>millions?|mio|mln|billions?|(?-i:M(?!\s?(?:NaCl|KCl|Tris))))(?![^\W\d_])",
    re.IGNORECASE,
)
_WRITTEN_OUT = re.compile(
    rf"(?<![\w.,×*])(?:{_RANGE}(?P<factor>{_NUMBER})\s?[x×X*]\s?(?=1[0.,\s]+))?"
    r"(?P<mantissa>[1-9]\d{0,2}(?:(?P<gap>[.,\s])\d{3})(?:(?P=gap)\d{3})+"
    r"|\d{2,3},\d{3}(?=\s(?:[a-z]+\s)?cells)|[1-9]\d{5,10})(?![\d,.]\d)"
)
#: Overlaps are looked up one by one, so a text has a limit.
_MAX_AMOUNTS = 500
_MAX_BETWEEN = 30
#: An amount begins and ends within so many letters of its cue.
_REACH = 50
_TENS = {"twenty": 20, "thirty": 30, "fifty": 50}
_SCALES = {"m": 1e6, "b": 1e9}
#: Between two amounts of one list, of which the last says per what: "5 and then 10".
_LISTED = re.compile(r"^(?:[\s,;/~–—\\-]|cells?\b|and\b|or\b|to\b|then\b)+$", re.I)
#: Smaller amounts that share the power of the last: "2, 4 and 6 x 10^6".
_SHARING = re.compile(
    rf"(?<![\w.,·/^*×()-])(?:{_NUMBER}(?:\s?,\s?|\s?,?\s(?:and|or)\s)){{1,5}}$"
)
_ONE = re.compile(_NUMBER)
#: A number that counts something else: "day 0 and 12 million", "week 2, 10 million".
_COUNTED = re.compile(
    r"\b(?:days?|weeks?|months?|years?|visits?|groups?|cohorts?|arms?|levels?|phases?|stages?|in)\s?$",
    re.I,
)
#: What makes "five million" after it another number: "twenty-five", "two hundred".
_COMPOUND = re.compile(
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)[\s-]$", re.I
)
#: Cells are spread out to grow, or their density is told; not "seeded with cells".
_SPREAD = re.compile(
    r"\b(?:(?:seeded|plated|cultured|inoculated|grown)\s(?:at|in|into|on)\b[^.;]{0,50}"
    r"|(?:seeding|plating|densit(?:y|ies)|concentrations?)\b(?:[^.;]{0,12}\b(?:of|at|is|was|:))?\s?(?:about\s)?)$",
    re.I,
)
#: A dose or cells directly before make a plain "150 million" one of cells.
_DOSE_BEFORE = re.compile(
    r"\b(?:dos(?:es?|age)|[a-z]*mscs?|cells)\b[\s:(,-]*(?:(?:of|is|was|at|about|to)\s)*(?:[\d.,]+\s?(?:and|or|to|[-–,])\s?)*$",
    re.I,
)

_CELL_UNIT = re.compile(
    r"^[^.;]{0,45}?\b(?:cells?|[a-z-]*mscs?|hepatocytes?|mncs?|islets?|[a-z-]*asc?s\b|mesenchymal|stem|stromal"
    r"|svf|chondrocytes?|cd34\+?|cd133\+?|macrophages?|mononuclear|viable|nucleated"
    r"|tncs?|car[- ]?t|allogen\w+|autolog\w+)"
    r"|^\s?个",
    re.IGNORECASE,
)
_CELLS_BEFORE = re.compile(
    r"\b(?:cells?|mscs?|dose|doses|hepatocytes)\b[^.;]{0,60}$", re.I
)
_KG = r"(?:kgs?\b|kilos?\b|kilograms?\b|kilogrammes?\b|kg(?=b\.?w))"
#: Digits end the way to "/kg", but for those of a marker or a remark in brackets.
_BETWEEN = r"(?:[^.;\d]|\b(?:cd\s?|[a-z]{2,}-?)\d{1,3}\b|\((?=[^()\d]*\d)[^()]{1,20}\))"
_PER_KG = re.compile(
    rf"^{_BETWEEN}{{0,60}}?(?:/|\bp(?:er|or|ar)?\b|\beach\b|\bx)\s?{_KG}"
    rf"|^{_BETWEEN}{{0,40}}?(?<![a-z])kg\s?(?:[-−–]\s?1|⁻¹)(?!\d)",
    re.I,
)
_PER_WEIGHT = re.compile(r"^\s?[^.;]{0,4}/\s?\d+\s?kg", re.I)
_CONCENTRATION = re.compile(
    r"^[^.;,]{0,25}?(?:/|\bper\s)\s?(?:\d{1,4}(?:[.,]\d{1,2})?\s?)?(?:m?l\b|cc\b|[µμu]ls?\b|micro-?lit|mill?ilit|mm3|mm²|mm³"
    r"|liter|litre|dl\b|cm|m2\b|m²|m\^2|square|min|hour|well|dish|flask)",
    re.I,
)
#: "Low dose: 1x10^7 cells/2 mL" tells the dose and the volume that it is given in.
_IN_VOLUME = re.compile(
    r"^\s?(?:[a-z-]*(?:cells?|m?scs?)\s?)?/\s?(?!1\s?m)\d{1,3}(?:[.,]\d)?\s?m[lL]\b(?!\s?/)",
    re.I,
)
_DOSE_NAMED = re.compile(r"\bdos(?:es?|age)\b[^;]*$|\b[a-z]*mscs?\W+$", re.I)
_NO_CELLS = re.compile(
    r"^[^.;,]{0,25}?\b(?:will\sbe|are|is|were|was)\s(?:collected|harvested|aspirated|isolated|obtained)\b|"
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
            r"^[^.;]{0,60}?(?:/\s?|\bper\s|\beach\s|\bevery\s)(?:unit\s)?(?:dose|infusion|injection|time|administration)"
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


class _Found(NamedTuple):
    """Amounts at one place, and whether they are of cells; None where nothing says."""

    amounts: list[Amount]
    is_cells: bool | None


@lru_cache(maxsize=64)
def amounts_in(text: str) -> tuple[Amount, ...]:
    """Return the amounts of cells that a text states, in order; a range gives two.

    Amounts per volume or area, and those of cells that are spread out to grow, are no
    doses; none is an amount of 0.
    """
    found: dict[int, _Found] = {}
    taken: list[tuple[int, int]] = []
    for rule_id, cue, pattern, read in _READERS:
        for hit in _near(text, cue, pattern):
            if len(taken) == _MAX_AMOUNTS:  # no register entry; a hostile text
                break
            if any(hit.start() < high and low < hit.end() for low, high in taken):
                continue
            taken.append(hit.span())
            floor = max((high for _, high in taken if high <= hit.start()), default=0)
            before = text[max(floor, hit.start() - 60) : hit.start()]
            values = [value for value in read(hit, before) if value > 0]
            per = _per(text, hit)
            made = [Amount(value, per, *hit.span(), rule_id) for value in values]
            found[hit.start()] = _Found(made, _is_cells(text, hit))
    return tuple(_of_cells(text, [found[start] for start in sorted(found)]))


def _near(
    text: str, cue: re.Pattern[str], pattern: re.Pattern[str]
) -> Iterator[re.Match[str]]:
    """Yield what a pattern finds where its cheap cue is near."""
    low = high = 0
    for hint in cue.finditer(text):
        if hint.start() - _REACH > high:
            yield from pattern.finditer(text, low, high)
            low = hint.start() - _REACH
        high = hint.end() + _REACH
    if high:
        yield from pattern.finditer(text, low, high)


def _of_cells(text: str, found: list[_Found]) -> list[Amount]:
    """Return the amounts of cells; those of a list share what its last one is of."""
    kept: list[Amount] = []
    for amounts, is_cells in reversed(found):
        if not amounts:
            continue
        after = kept[0] if kept and _is_listed(text, amounts[-1], kept[0]) else None
        if is_cells or (is_cells is None and after):
            if after and after.per:
                amounts = [_with_per(amount, after.per) for amount in amounts]
            kept = [*amounts, *kept]
    return kept


def _is_listed(text: str, here: Amount, after: Amount) -> bool:
    between = text[here.end : after.start]
    return len(between) < _MAX_BETWEEN and _LISTED.match(between) is not None


def _with_per(amount: Amount, per: str) -> Amount:
    is_open = amount.per is None or (amount.per, per) == ("dose", "kg")
    return amount._replace(per=per) if is_open else amount


def number_of(word: str) -> int:
    """Return a count written as digits or as a word."""
    return _WORDS.get(word.lower()) or int(word)


def _decimal(word: str) -> float:
    known = _WORDS.get(word.lower()) or _TENS.get(word.lower())
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
    if hit["mantissa"].isalpha() and _COMPOUND.search(before):
        return []
    scale = _SCALES[hit["scale"][0].lower()]
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
    names = ("low", "factor" if "factor" in hit.groupdict() else "mantissa")
    own = [_decimal(hit[name]) for name in names if hit[name]]
    if len(own) == 2 and (own[0] > own[1] or _COUNTED.search(before)):
        return own[1:]
    listed = _SHARING.search(before)
    if not listed or _COUNTED.search(before[: listed.start()]):
        return own
    numbers = [*map(_decimal, _ONE.findall(listed.group())), *own]
    if len(numbers) == 2 and not re.search(r"and|or", listed.group()):
        return []
    is_rising = all(a < b for a, b in pairwise(numbers))
    return numbers if is_rising and 100 * numbers[0] >= own[-1] else own


_POWER_CUE = re.compile(r"10\s?(?:[\\^*(eE\d⁰¹²³⁴⁵⁶⁷⁸⁹]|\s?exp)")
_BARE_CUE = re.compile(rf"10(?:{_RAISED}|[4-9][^\d/]{{0,20}}/)")
# Each pattern runs only near its cheap cue.
_READERS = (
    ("dose.power_of_ten", _POWER_CUE, _SCIENTIFIC, _read_power),
    ("dose.power_of_ten", _BARE_CUE, _BARE_POWER, _read_bare_power),
    ("dose.e_notation", re.compile(r"\d[eE]\+?\d"), _E_NOTATION, _read_power),
    (
        "dose.million",
        re.compile(r"(?i:illion|mio\b|mln)|\d\s?M\b"),
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


def _is_cells(text: str, hit: re.Match[str]) -> bool | None:
    """Return whether an amount is one of cells, None where no word tells of what."""
    after = text[hit.end() : hit.end() + 80]
    before = text[max(0, hit.start() - 80) : hit.start()]
    if _NO_CELLS.match(after) or _is_density(before, after):
        return False
    if _PER_KG.match(after) or _PER_WEIGHT.match(after):
        return True
    if _SPREAD.search(before):
        return False
    if _CELL_UNIT.match(after):
        return True
    said = _DOSE_BEFORE if "scale" in hit.groupdict() else _CELLS_BEFORE
    return True if said.search(before) else None


def _is_density(before: str, after: str) -> bool:
    """Return whether an amount is one per volume or area, and not named as a dose."""
    found = _CONCENTRATION.match(after)
    is_named = _IN_VOLUME.match(after) and _DOSE_NAMED.search(before)
    return found is not None and not is_named


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
