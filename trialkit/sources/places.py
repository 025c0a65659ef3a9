"""A place on one line, as ClinicalTrials.gov's CSV writes it; countries by name."""

from __future__ import annotations

import re

import msgspec

from trialkit.country import country_of, names_nothing
from trialkit.record import Record, Remark, Site

# Countries whose name holds a comma.
_COUNTRY = re.compile(
    r"(?:^|,\s)((?:Korea|Iran|Congo|Macedonia|Moldova|Micronesia|Tanzania|"
    r"Palestinian Territor(?:y|ies)),\s[^,]+|[^,]+)$",
    re.IGNORECASE,
)
# Countries whose sites the registry always gives with a state.
_WITH_STATE = frozenset({"United States", "Canada", "Australia"})


def site_of(text: str) -> Site:
    """Return the site on a line `facility, city, state, zip, country`.

    Facilities hold commas of their own and states are optional, so only what is certain
    is taken apart; the rest stays together in `facility`, in the line's own words.

    Examples
    --------
    >>> site_of("Ward 1, Clinic, Anaheim, California, 92801, United States")
    Site(facility='Ward 1, Clinic', city='Anaheim', state='California', ...)
    >>> site_of("A hospital, Seoul, Korea, Republic of").country
    'Korea, Republic of'
    >>> site_of("Ward 2, A hospital, Lyon, France").facility
    'Ward 2, A hospital, Lyon'
    """
    text = text.strip().rstrip(",")
    found = _COUNTRY.search(text)
    if not found:
        return Site(facility=text or None)
    country = found[1].strip()
    parts = [part for part in text[: found.start()].split(", ") if part.strip()]
    code = parts.pop() if len(parts) > 1 and re.search(r"\d", parts[-1]) else None
    city = state = None
    if country in _WITH_STATE and len(parts) >= 2:
        state = parts.pop()
        city = parts.pop()
    elif len(parts) <= 2 and parts:
        city = parts.pop()
    return Site(
        facility=", ".join(parts) or None,
        city=city,
        state=state,
        zip=code,
        country=country,
    )


def with_countries(record: Record) -> Record:
    """Return the record with one name for each country, as `country_of` gives it.

    A list that says it otherwise stands among the remarks; a site keeps its own word.
    Words that name no country are remarked on and left out: no count may take a
    city or a continent for one.
    """
    of_sites = dict.fromkeys(site.country for site in record.sites)
    listed = filter(None, dict.fromkeys((*of_sites, *record.countries)))
    named = {text: country_of(text) for text in listed}
    if named.keys() <= set(named.values()):
        return record
    remarks = [
        _remark(text, name)
        for text, name in named.items()
        if name != text and not (name and text in of_sites) and not names_nothing(text)
    ]
    countries = tuple(
        dict.fromkeys(name for text in record.countries if (name := named.get(text)))
    )
    return msgspec.structs.replace(
        record, countries=countries, remarks=(*record.remarks, *remarks)
    )


def _remark(text: str, name: str | None) -> Remark:
    if not name:
        note = "names no country that is known"
        return Remark(field="countries", value=text, note=note)
    note = f"read as {name}"
    return Remark(field="countries", value=text, note=note, basis="derived")
