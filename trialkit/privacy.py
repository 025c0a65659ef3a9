"""E-mail addresses and telephone numbers are masked before a text is kept.

Each character of a match becomes a dot, so that every offset in the text stays true.
Names cannot be told from text; readers drop the sections that hold contact persons.
"""

from __future__ import annotations

import re

#: What stands in the place of each masked character.
MASK = "•"

_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
#: A number is only a telephone number where its form or the word before it says so:
#: doses, dates, ids and years must survive.
_PHONE = re.compile(
    r"""
    (?<![\w.+-])
    (?:
        \+\d{1,3}[\s.()-]*\d(?:[\s.()-]*\d){5,12}         # +86 139 1234 5678
      | \(\d{3}\)\s?\d{3}[\s.-]\d{4}                      # (555) 123-4567
      | \d{3}-\d{3}-\d{4}                                 # 555-123-4567
      | 1[3-9]\d{9}                                       # a Chinese mobile number
    )
    (?![\w-])
    | (?:\b(?:tele?phone|phone|tel|fax|mobile|cell\sphone|call|hotline|whatsapp)\b
        (?:\s(?:no|number))?[\s.:()]*)
      (?P<number>\+?\d(?:[\s.()/-]{0,2}\d){5,14})(?![\w-])
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: No telephone number without one of these: a cheap look before the costly one.
_HINT = re.compile(
    r"\+\d|\d-\d{3}-\d|\)\s?\d{3}|1[3-9]\d{9}"
    r"|(?:phone|tel|fax|mobile|call|hotline|whatsapp)\b[^\n]{0,12}\d",
    re.IGNORECASE,
)


def mask_contacts(text: str) -> str:
    """Return `text` of the same length with e-mails and telephone numbers masked.

    Examples
    --------
    >>> mask_contacts("Write to a.b@c.org or call 555-123-4567 by 2025-12-01.")
    'Write to ••••••••• or call •••••••••••• by 2025-12-01.'
    """
    if "@" in text:
        text = _EMAIL.sub(_dots, text)
    if _HINT.search(text):
        text = _PHONE.sub(_dots, text)
    return text


def _dots(match: re.Match[str]) -> str:
    group = "number" if match.re is _PHONE and match["number"] else 0
    start, end = match.span(group)
    kept = match.string[match.start() : start]
    return kept + MASK * (end - start)
