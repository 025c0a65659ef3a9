"""A study design written as one text, `Allocation: …. Masking: …`, to its fields."""

from __future__ import annotations

import re
from typing import Any

from trialkit.sources.normalize import known, masking

_FIELDS = {
    "allocation": "allocation",
    "intervention model": "intervention_model",
    "primary purpose": "primary_purpose",
    "masking": "masking",
}
# Keys that end the value before them and that no table holds.
_OTHERS = (
    "endpoint classification",
    "observational model",
    "observational study model",
    "time perspective",
    "control",
)
_KEY = re.compile(rf"\b({'|'.join((*_FIELDS, *_OTHERS))})\s*:", re.IGNORECASE)


def design_of(text: str) -> dict[str, Any]:
    """Return allocation, model, purpose, masking and who is masked, where stated.

    The keys mark where a value begins, so that commas, full stops and bars between
    them all do.

    Examples
    --------
    >>> design_of("Allocation: N/A|Masking: None (Open Label)")
    {'allocation': 'NA', 'masking': 'NONE', 'who_masked': ()}
    """
    made: dict[str, Any] = {}
    keys = list(_KEY.finditer(text))
    ends = [key.start() for key in keys[1:]] + [len(text)]
    for key, end in zip(keys, ends, strict=False):
        field = _FIELDS.get(key[1].lower())
        value = text[key.end() : end].strip(" \t\r\n|.,;")
        if not field or not value:
            continue
        if field == "masking":
            made["masking"], made["who_masked"] = masking(value)
        else:
            made[field] = known(field, value)
    return made
