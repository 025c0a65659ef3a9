"""Sites of a registry mirror: a facility, its place, its status if stated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from trialkit.read.pages.blocks import Block, Draft
from trialkit.read.pages.fields import Item, items_of
from trialkit.read.values.levels import level
from trialkit.read.values.places import place_of
from trialkit.record import Site

_STATUS = "Site Status"
_STATUS_WORD = re.compile(
    r"\s(?:not yet recruiting|active, not recruiting|enrolling by invitation|"
    r"recruiting|completed|terminated|suspended|withdrawn)$",
    re.IGNORECASE,
)


def read_sites(draft: Draft, block: Block) -> None:
    """Put the sites into the draft; a status word at a facility's end is a remark."""
    parse = partial(level, "overall_status")
    sites: list[Site] = []
    for texts, status in _per_site(items_of(block.lines, {_STATUS: parse})):
        facility = texts[0] if len(texts) > 1 or not place_of(texts[0]) else None
        place = place_of(texts[-1]) if len(texts) > 1 or facility is None else None
        site = replace(place or Site(), facility=facility, site_status=status)
        sites.append(site)
        _remark_status_word(draft, site)
    draft.put("sites", tuple(sites))


def _per_site(items: Sequence[Item]) -> list[tuple[list[str], str | None]]:
    """Return the lines and the status of each site: two lines where labels are lost."""
    sites: list[tuple[list[str], str | None]] = []
    texts: list[str] = []
    for item in items:
        if item.label:
            if texts:
                sites.append((texts, item.value))
            elif sites and item.value:
                sites[-1] = (sites[-1][0], item.value)
            texts = []
            continue
        texts.append(item.line.text)
        if len(texts) == 2:
            sites.append((texts, None))
            texts = []
    if texts:
        sites.append((texts, None))
    return sites


def _remark_status_word(draft: Draft, site: Site) -> None:
    found = _STATUS_WORD.search(site.facility or "")
    status = level("overall_status", found[0]) if found else None
    if status and status != site.site_status:
        own = (
            f"the site status is {site.site_status}"
            if site.site_status
            else ("the site status itself is empty")
        )
        note = f"a word at the end of the facility {site.facility!r}; {own}"
        draft.remark("site_status", status, note, "conflict")
