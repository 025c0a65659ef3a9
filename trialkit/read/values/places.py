"""A place on one line, in a CSV or on a page, to its parts."""

from __future__ import annotations

import re

from trialkit.record import Site

# Countries whose name holds a comma.
_COUNTRY = re.compile(
    r"(?:^|,\s)((?:Korea|Iran|Congo|Macedonia|Moldova|Micronesia|Tanzania|"
    r"Palestinian Territor(?:y|ies)),\s[^,]+|[^,]+)$",
    re.IGNORECASE,
)
# Countries whose sites always come with a state.
_WITH_STATE = frozenset({"United States", "Canada", "Australia"})
_POSTCODE = re.compile(r"(?=.*\d)[A-Z\d][A-Z\d -]{2,9}")
#: What a page prints for a missing part of an address.
_PLACEHOLDERS = frozenset(
    {"", "-", "city", "state", "province", "zip", "country", "n/a", "none", "null"}
)


def site_of(text: str) -> Site:
    """Return the site on a line `facility, city, state, zip, country`.

    Facilities hold commas and states are optional: `facility` keeps the uncertain ones.
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
        *parts, city, state = parts
    elif len(parts) <= 2 and parts:
        city = parts.pop()
    return Site(", ".join(parts) or None, city, state, country, code)


def place_of(text: str) -> Site | None:
    """Return the site on a line `city, state, zip, country`, None without a comma."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 2:
        return None
    parts = [part if part.casefold() not in _PLACEHOLDERS else "" for part in parts]
    city, *middle, country = parts
    codes = [part for part in middle if _POSTCODE.fullmatch(part)]
    known = {"", *codes}
    return Site(
        city=city or None,
        state=", ".join(part for part in middle if part not in known) or None,
        zip=codes[0] if codes else None,
        country=country or None,
    )
