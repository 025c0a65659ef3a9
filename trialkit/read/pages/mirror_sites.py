"""Sites of a registry mirror: a facility, its place, its status if stated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from trialkit.read.pages.blocks import Draft
from trialkit.read.pages.fields import Item, items_of
from trialkit.read.pages.text import Line
from trialkit.read.values.levels import level
from trialkit.read.values.places import place_of
from trialkit.record import Site

_STATUS_WORD = re.compile(
    r"\s(?:not yet recruiting|active, not recruiting|enrolling by invitation|"
    r"recruiting|completed|terminated|suspended|withdrawn)$",
    re.IGNORECASE,
)


def read_sites(draft: Draft, lines: Sequence[Line]) -> None:
    """Put the sites into the draft; a status word at a facility's end is a remark."""
    items = items_of(lines, {"Site Status": partial(level, "overall_status")})
    sites: list[Site] = []
    for texts, status in _per_site(items):
        facility = texts[0] if len(texts) > 1 or not place_of(texts[0]) else None
        place = place_of(texts[-1]) if len(texts) > 1 or facility is None else None
        sites.append(replace(place or Site(), facility=facility, site_status=status))
        _remark_status_word(draft, sites[-1])
    draft.put("sites", tuple(sites))


def _per_site(items: Sequence[Item]) -> list[tuple[list[str], str | None]]:
    """Return the lines and the status of each site: two lines where labels are lost."""
    sites: list[tuple[list[str], str | None]] = []
    is_open = False
    for item in items:
        if not item.label:
            if not is_open:
                sites.append(([], None))
            sites[-1][0].append(item.line.text)
            is_open = len(sites[-1][0]) < 2
            continue
        if is_open or (sites and item.value):
            sites[-1] = (sites[-1][0], item.value)
        is_open = False
    return sites


def _remark_status_word(draft: Draft, site: Site) -> None:
    found = _STATUS_WORD.search(site.facility or "")
    status = level("overall_status", found[0]) if found else None
    if status and status != site.site_status:
        own = f"is {site.site_status}" if site.site_status else "itself is empty"
        note = f"a word at the end of the facility {site.facility!r}; "
        note += f"the site status {own}"
        draft.remark("site_status", status, note, "conflict")
