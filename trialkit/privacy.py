"""E-mail addresses and telephone numbers are masked before a text is kept.

Each character of a match becomes a dot, so that every offset in the text stays true.
Names cannot be told from text; readers drop the sections that hold contact persons.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from trialkit.record import Record

#: What stands in the place of each masked character.
MASK = "•"

#: Fields of a Record, and of the parts in its tuples, that hold words of a registrant.
TEXT_FIELDS = (
    "brief_title",
    "official_title",
    "why_stopped",
    "brief_summary",
    "detailed_description",
    "eligibility_criteria",
    "intervention_model_description",
    "masking_description",
    "bio_spec_description",
    "gender_description",
    "study_population",
    "ipd_sharing_description",
    "ipd_sharing_time_frame",
    "ipd_sharing_access_criteria",
)
PART_FIELDS = {
    "arms": ("arm_label", "description"),
    "interventions": ("name", "description"),
    "outcomes": ("measure", "time_frame", "description"),
    "sites": ("facility",),
    "links": ("label", "comment"),
}

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
      | [1１][3-9３-９]\d{9}                                   # a Chinese mobile number
    )
    (?![\w-])
    | \b(?:telephone|phone|tel|fax|mobile|call|hotline|whatsapp)\b
      (?:[ ](?:no|number|at|us[ ]at|on))?[ \xa0.:()]*
      (?P<number>\+?\d(?:[ \xa0.()/-]{0,2}\d){6,14})(?![\w-])
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: The digits of a telephone number with what may stand between them; the words that
#: may stand before are shorter than `_BEFORE`.
_RUN = re.compile(r"\d[\d \xa0().+/-]{5,}\d")
_BEFORE = 32
#: Digits as zeros, and what may stand between them as dashes: then one plain search.
_PLAIN = bytes(
    ord("0")
    if byte in b"0123456789"
    else ord("-")
    if byte in " \xa0().+/-".encode()
    else ord("x")
    for byte in range(256)
)
_SEVEN = re.compile(rb"0(?:-*0){6}")
#: Full-width digits in UTF-8; few other texts hold their first byte.
_FULL_WIDTH = re.compile(rb"\xef\xbc[\x90-\x99]")


def mask_contacts(text: str) -> str:
    """Return `text` of the same length with e-mails and telephone numbers masked.

    Examples
    --------
    >>> mask_contacts("Write to a.b@c.org or call 555-123-4567 by 2025-12-01.")
    'Write to ••••••••• or call •••••••••••• by 2025-12-01.'
    """
    if not _may_hold_contacts(text):
        return text
    if "@" in text:
        text = _EMAIL.sub(lambda match: MASK * len(match[0]), text)
    return _mask_numbers(text)


def _may_hold_contacts(text: str) -> bool:
    """Whether a closer look is needed: an `@`, or seven digits signs and spaces apart.

    The texts of thousands of records pass through here, and few hold either.
    """
    data = text.encode("utf-8", "replace")
    if b"@" in data or _SEVEN.search(data.translate(_PLAIN)):
        return True
    return b"\xef" in data and bool(_FULL_WIDTH.search(data))


def _mask_numbers(text: str) -> str:
    spans = [
        phone.span("number" if phone["number"] else 0)
        for run in _RUN.finditer(text)
        for phone in _PHONE.finditer(text, max(0, run.start() - _BEFORE), run.end() + 1)
    ]
    if not spans:
        return text
    masked = list(text)
    for first, last in spans:
        masked[first:last] = MASK * (last - first)
    return "".join(masked)


_WORDS_OF = attrgetter(*TEXT_FIELDS)
_PART_WORDS = [
    (attrgetter(field), attrgetter(name))
    for field, names in PART_FIELDS.items()
    for name in names
]


def without_contacts(record: Record) -> Record:
    """Return the same record with the contacts in all its free text masked.

    The dispatch of the readers sends every record through here, so that no reader can
    forget to.

    Parameters
    ----------
    record
        Changed in place: no copy with the contacts in it is left behind.
    """
    words = _WORDS_OF(record)
    texts = list(words)
    for parts_of, word_of in _PART_WORDS:
        texts += map(word_of, parts_of(record))
    if _may_hold_contacts("\n".join(filter(None, texts))):
        for field, text in zip(TEXT_FIELDS, words, strict=True):
            setattr(record, field, mask_contacts(text) if text else text)
        for field, names in PART_FIELDS.items():
            setattr(record, field, _masked_parts(getattr(record, field), names))
    # Citations are full of long numbers and hold no telephone: only "@" matters there.
    if any(item.citation and "@" in item.citation for item in record.references):
        record.references = _masked_parts(record.references, ("citation",))
    # So are addresses of pages.
    if any(item.url and "@" in item.url for item in record.links):
        record.links = _masked_parts(record.links, ("url",))
    return record


def _masked_parts(parts: tuple[Any, ...], names: tuple[str, ...]) -> Any:
    return tuple(_masked_part(part, names) for part in parts)


def _masked_part(part: Any, names: tuple[str, ...]) -> Any:
    changes: dict[str, str] = {}
    for name in names:
        text = getattr(part, name)
        if text and (masked := mask_contacts(text)) is not text:
            changes[name] = masked
    return replace(part, **changes) if changes else part
