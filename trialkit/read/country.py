"""Countries under one name each, whatever a register calls them.

Names are those of ISO 3166 in plain English ("Iran", "South Korea"), and are looked up
exactly: as pycountry holds them, or as `data/countries.csv` lists what registers write.
Nothing is guessed from likeness, which takes the Republic of Korea for its neighbor.

A part of a country is its country (England, United Kingdom), a city only where it is
listed. What was renamed or joined another is the present country; what fell apart into
several stays a former country of its own (Former Yugoslavia).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

#: What stands in the field where nothing is stated.
_NOTHING = frozenset(
    {"", "none", "na", "n a", "null", "unknown", "not applicable", "not stated"}
    | {"not specified", "not provided", "not available"}
)
#: Longer than any name; a text in a field of names that is none of them.
_LONGEST = 100


@lru_cache(maxsize=4096)
def country_of(text: str | None) -> str | None:
    """Return the plain English name of the country that a text names, or None.

    Parameters
    ----------
    text
        A country as a register or a person writes it: any case, with or without
        accents, full stops and brackets; ISO's three letters in upper case too.

    Returns
    -------
    str or None
        One of `country_names`; None where the whole text names no country.

    Examples
    --------
    >>> country_of("Iran (Islamic Republic of)"), country_of("Korea, Republic of")
    ('Iran', 'South Korea')
    >>> country_of("england"), country_of("P.R. China"), country_of("China (Taiwan)")
    ('United Kingdom', 'China', 'Taiwan')
    >>> country_of("Europe") is None, country_of("Springfield") is None
    (True, True)
    """
    if not text or len(text) > _LONGEST:
        return None
    if re.fullmatch(r"\s*[A-Z]{3}\s*", text) and (name := _by_letters(text.strip())):
        return name
    return _spellings().get(_folded(text))


def names_nothing(text: str | None) -> bool:
    """Return whether a text stands for no country stated: "None", "N/A".

    Examples
    --------
    >>> names_nothing("None"), names_nothing("Norway")
    (True, False)
    """
    return _folded(text or "") in _NOTHING


@cache
def country_names() -> tuple[str, ...]:
    """Return every name that `country_of` gives, in alphabetical order.

    Examples
    --------
    >>> "South Korea" in country_names(), "Korea, Republic of" in country_names()
    (True, False)
    """
    return tuple(sorted(set(_names().values())))


def _folded(text: str) -> str:
    """Return a name without what spellings of one name differ in.

    Examples
    --------
    >>> _folded("The U.S.A."), _folded("P.R.China"), _folded("St. Kitts & Nevis")
    ('usa', 'pr china', 'saint kitts and nevis')
    """
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = unicodedata.normalize("NFC", plain).replace("&", " and ")
    # A full stop joins letters ("U.S.A.") and parts words ("P.R.China").
    plain = re.sub(r"[.'’]", "", re.sub(r"\.(?=\w\w)", " ", plain))
    words = re.findall(r"\w+", plain)
    words = ["saint" if word == "st" else word for word in words]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _by_letters(code: str) -> str | None:
    import pycountry

    found = pycountry.countries.get(alpha_3=code)
    return _names()[found.alpha_2] if found else None


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("trialkit").joinpath("data/countries.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _names() -> dict[str, str]:
    """Return the name that is printed, by ISO's letters."""
    import pycountry

    names = {c.alpha_2: getattr(c, "common_name", c.name) for c in pycountry.countries}
    return names | {r["code"]: r["written"] for r in _rows() if r["kind"] == "name"}


@cache
def _spellings() -> dict[str, str]:
    """Return the name that is printed, by each folded spelling."""
    import pycountry

    made: dict[str, str] = {}
    for entry in pycountry.countries:
        for text in _written(entry):
            made.setdefault(_folded(text), _names()[entry.alpha_2])
    made |= {_folded(row["written"]): _names()[row["code"]] for row in _rows()}
    return made


def _written(entry: object) -> Iterator[str]:
    """Yield what ISO calls a country, also without brackets and the right way round."""
    for field in ("name", "common_name", "official_name"):
        text = getattr(entry, field, None)
        if text:
            yield text
            yield re.sub(r"\s*\([^)]*\)", "", text)
            first, mark, rest = text.partition(", ")
            if mark:
                yield f"{rest} {first}"
