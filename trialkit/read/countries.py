"""The countries of a Record by name, whatever its register calls them."""

from __future__ import annotations

import msgspec

from trialkit.read.country import country_of, names_nothing
from trialkit.record import Record, Remark


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
