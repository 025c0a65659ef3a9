"""E-mail addresses and telephone numbers are masked before a text is kept.

Each character of a match becomes a dot, so that every offset in the text stays true.
Names cannot be told from text; readers drop the sections that hold contact persons.
"""

from __future__ import annotations

import re

#: What stands in the place of each masked character.
MASK = "•"

_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
#: A number is only a telephone number where its form or the word before it says so:
#: doses, dates, ids and years must survive.
_PHONE = re.compile(
    r"""
    (?<![\w.+/-])
    (?:
        \+\d{1,3}[ \xa0.()-]*\d(?:[ \xa0.()-]*\d){5,12}   # +86 139 1234 5678
      | 00\d{2,3}[ \xa0-]\d{1,4}[ \xa0-]\d{4,8}           # 0086-10-12345678
      | (?:1[ .-])?\(\d{3}\)[ \xa0]?\d{3}[ .-]\d{4}      # (555) 123-4567
      | (?:1-)?\d{3}-\d{3}-\d{4}                         # 555-123-4567
      | 1[3-9]\d{9}                                      # a Chinese mobile number
    )
    (?![\w-])
    | \b(?:telephone|phone|tel|fax|mobile|call|hotline|whatsapp)\b
      (?:[ ](?:no|number|at|us[ ]at|on))?[ \xa0.:()]*
      (?P<number>\+?\d(?:[ \xa0.()/-]{0,2}\d){6,14})(?![\w-])
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: No telephone number without such a run of digits; the cheap look comes first, as the
#: texts of thousands of records pass through here.
_DIGITS = re.compile(r"[0-9][0-9 \xa0().+/-]{5,}[0-9]")


def mask_contacts(text: str) -> str:
    """Return `text` of the same length with e-mails and telephone numbers masked.

    Examples
    --------
    >>> mask_contacts("Write to a.b@c.org or call 555-123-4567 by 2025-12-01.")
    'Write to ••••••••• or call •••••••••••• by 2025-12-01.'
    """
    if "@" in text:
        text = _EMAIL.sub(_dots, text)
    if _DIGITS.search(text):
        text = _PHONE.sub(_dots, text)
    return text


def _dots(match: re.Match[str]) -> str:
    number = match.re.groups and match["number"]
    start, end = match.span("number" if number else 0)
    before = match.string[match.start() : start]
    return before + MASK * (end - start)
