"""A place written as one line, as ClinicalTrials.gov's CSV does, to a Site."""

from __future__ import annotations

import re

from trialkit.record import Site

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
