"""Countries by one name each: ISO 3166's, in plain English ("Iran", "South Korea").

Names are looked up exactly, in pycountry and `data/countries.csv`: a near match would
take the Republic of Korea for its neighbor. A part of a country is that country
(England, United Kingdom), a city only where listed. A renamed country is the present
one; one that fell apart stays a country of its own (Former Yugoslavia).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

import msgspec

from trialkit.files import data_rows
from trialkit.record import Record, Remark

#: Words for "not stated".
_NOTHING = frozenset(
    {"", "none", "na", "n a", "null", "unknown", "not applicable", "not stated"}
    | {"not specified", "not provided", "not available"}
)
#: Longer texts are no names.
_LONGEST = 100


@lru_cache(maxsize=4096)
def country_of(text: str | None) -> str | None:
    """Return the plain English name of the country that the whole text names, or None.

    Case, accents and punctuation do not matter, but ISO's letters must be capitals.
    """
    if not text or len(text) > _LONGEST:
        return None
    return _letters().get(text.strip()) or _spellings().get(_folded(text))


def names_nothing(text: str | None) -> bool:
    """Return whether a text says that no country is stated: "None", "N/A"."""
    return _folded(text or "") in _NOTHING


@cache
def country_names() -> tuple[str, ...]:
    """Return every name that `country_of` gives, in alphabetical order."""
    return tuple(sorted(set(_names().values())))


def _folded(text: str) -> str:
    """Return a name without what spellings of one name differ in."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = unicodedata.normalize("NFC", plain).replace("&", " and ")
    # A full stop joins letters ("U.S.A.") and parts words ("P.R.China").
    plain = re.sub(r"[.'’]", "", re.sub(r"\.(?=\w\w)", " ", plain))
    words = re.findall(r"\w+", plain)
    words = ["saint" if word == "st" else word for word in words]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


@cache
def _letters() -> dict[str, str]:
    """Return our name of each country by ISO's three letters."""
    import pycountry

    return {entry.alpha_3: _names()[entry.alpha_2] for entry in pycountry.countries}


@cache
def _names() -> dict[str, str]:
    """Return our name of each country by ISO's two letters."""
    import pycountry

    names = {c.alpha_2: getattr(c, "common_name", c.name) for c in pycountry.countries}
    rows = data_rows("countries.csv")
    return names | {r["code"]: r["written"] for r in rows if r["kind"] == "name"}


@cache
def _spellings() -> dict[str, str]:
    """Return our name of each country by every folded spelling."""
    import pycountry

    spellings: dict[str, str] = {}
    for entry in pycountry.countries:
        for text in _written(entry):
            spellings.setdefault(_folded(text), _names()[entry.alpha_2])
    rows = data_rows("countries.csv")
    return spellings | {_folded(row["written"]): _names()[row["code"]] for row in rows}


def _written(entry: object) -> Iterator[str]:
    """Yield ISO's names of a country, also without brackets and in reading order."""
    for field in ("name", "common_name", "official_name"):
        if text := getattr(entry, field, None):
            yield text
            yield re.sub(r"\s*\([^)]*\)", "", text)
            first, comma, rest = text.partition(", ")
            if comma:
                yield f"{rest} {first}"


def with_countries(record: Record) -> Record:
    """Return the record with one name for each country, as `country_of` gives it.

    Other spellings go into remarks; a site keeps its own word. Words that name no
    country are remarked on and left out, so that no city or continent is counted.
    """
    of_sites = dict.fromkeys(site.country for site in record.sites)
    listed = filter(None, dict.fromkeys((*of_sites, *record.countries)))
    named = {text: country_of(text) for text in listed}
    if named.keys() <= set(named.values()):
        return record
    remarks = [
        Remark("countries", text, f"read as {name}", "derived")
        if name
        else Remark("countries", text, "names no country that is known")
        for text, name in named.items()
        if name != text and not (name and text in of_sites) and not names_nothing(text)
    ]
    countries = tuple(
        dict.fromkeys(name for text in record.countries if (name := named.get(text)))
    )
    return msgspec.structs.replace(
        record, countries=countries, remarks=(*record.remarks, *remarks)
    )
