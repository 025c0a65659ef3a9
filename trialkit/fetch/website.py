"""A search pasted from the register's website, as parameters of its interface.

Facts of the website's addresses: words are named as in the interface without `query.`,
dates are `from_to`, and a place has coordinates where it is smaller than a country.
What only sorts or shows a list is passed over; what is not known is refused by name,
for a search without it would find something else.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

from trialkit.errors import ParameterError
from trialkit.fetch.language import joined

_WORDS = ("cond", "term", "intr", "titles", "outc", "spons", "lead", "id", "locn")
_DATES = {
    "start": "StartDate",
    "primComp": "PrimaryCompletionDate",
    "studyComp": "CompletionDate",
    "firstPost": "StudyFirstPostDate",
    "resFirstPost": "ResultsFirstPostDate",
    "lastUpdPost": "LastUpdatePostDate",
}
_PLACES = {
    "city": "LocationCity",
    "state": "LocationState",
    "country": "LocationCountry",
}
_PLACE = ("lat", "lng", "distance", "locStr", *_PLACES)
#: What sorts, pages or shows a list, on the website and in the interface.
_LOOKS = frozenset(
    "rank limit page sort viewType tab checkSpell format fields pageSize pageToken "
    "countTotal markupFormat geoDecay".split()
)
#: What the interface itself takes.
_PLAIN = re.compile(r"(query|filter|postFilter)\.\w+|aggFilters")
_DAY = re.compile(r"\d{4}(-\d\d){0,2}|\d\d/\d\d/\d{4}|")
_STUDY = re.compile(r"/study/(NCT\d{8})", re.IGNORECASE)
_MILES = "50"


def parameters_of(url: str) -> dict[str, str]:
    """Return the parameters of a search; a study's own page gives its id.

    Examples
    --------
    >>> parameters_of("https://clinicaltrials.gov/search?cond=ACLF&start=2020-01-01_")
    {'query.cond': 'ACLF', 'filter.advanced': 'AREA[StartDate]RANGE[2020-01-01,MAX]'}
    """
    parts = urlsplit(url.strip())
    if (parts.hostname or "").removeprefix("www.") != "clinicaltrials.gov":
        raise ParameterError(f"url: {url!r} is no search of clinicaltrials.gov")
    if study := _STUDY.search(parts.path):
        return {"filter.ids": study[1].upper()}
    pairs = parse_qsl(parts.query)
    twice = [name for name, n in Counter(name for name, _ in pairs).items() if n > 1]
    known = {*_WORDS, *_DATES, *_PLACE, *_LOOKS}
    strange = [n for n, _ in pairs if n not in known and not _PLAIN.fullmatch(n)]
    if strange or twice:
        told = "stands twice" if twice else "cannot be translated"
        advice = "take it out, or give it as advanced"
        raise ParameterError(f"url: {(twice or strange)[0]} {told}: {advice}")
    given = dict(pairs)
    found = {name: text for name, text in given.items() if _PLAIN.fullmatch(name)}
    found |= {f"query.{name}": given[name] for name in _WORDS if name in given}
    found |= _place(given)
    ranges = [_range(name, given[name]) for name in _DATES if name in given]
    advanced = [found[n] for n in ("filter.advanced",) if n in found] + ranges
    if advanced:
        found["filter.advanced"] = joined(advanced)
    if not found:
        raise ParameterError(f"url: {url!r} holds no search")
    return found


def _range(name: str, text: str) -> str:
    first, _, last = text.partition("_")
    if not (_DAY.fullmatch(first) and _DAY.fullmatch(last) and first + last):
        raise ParameterError(f"url: {name}={text} is no range of days")
    return f"AREA[{_DATES[name]}]RANGE[{first or 'MIN'},{last or 'MAX'}]"


def _place(given: dict[str, str]) -> dict[str, str]:
    """Return the place: a circle, a city, state and country, or words."""
    is_small = "city" in given or not any(name in given for name in _PLACES)
    if "lat" in given and "lng" in given and is_small:
        far = given.get("distance", _MILES)
        circle = f"{given['lat']},{given['lng']},{far}{'mi' if far.isdigit() else ''}"
        return {"filter.geo": f"distance({circle})"}
    areas = [f'AREA[{a}]"{given[n]}"' for n, a in _PLACES.items() if n in given]
    place = " AND ".join(areas) or given.get("locStr", "")
    return {"query.locn": place} if place else {}
