"""A study design in one text, `Allocation: …. Masking: …`, to its fields."""

from __future__ import annotations

import re
from typing import Any

from trialkit.read.values.levels import known, level, masking

_FIELDS = {
    "allocation": "allocation",
    "intervention model": "intervention_model",
    "primary purpose": "primary_purpose",
    "masking": "masking",
    "randomization": "allocation",
    "blinding": "masking",
    "assignment": "intervention_model",
    "purpose": "primary_purpose",
    "observational model": "observational_model",
    "observational study model": "observational_model",
    "time perspective": "time_perspective",
}
# Keys of no table, which end the value before them.
_OTHERS = (
    "endpoint classification",
    "control",
    "placebo",
    "type of endpoint",
    "randomization description",
    "group",
    "type",
)
#: Boxes that a register ticks: `Randomised: yes`.
_TICKS = {
    "randomised": ("allocation", {"yes": "RANDOMIZED", "no": "NON_RANDOMIZED"}),
    "randomized": ("allocation", {"yes": "RANDOMIZED", "no": "NON_RANDOMIZED"}),
    "open": ("masking", {"yes": "NONE"}),
    "single blind": ("masking", {"yes": "SINGLE"}),
    "double blind": ("masking", {"yes": "DOUBLE"}),
    "parallel group": ("intervention_model", {"yes": "PARALLEL"}),
    "cross over": ("intervention_model", {"yes": "CROSSOVER"}),
}
_TICK = re.compile(rf"\b({'|'.join(_TICKS)})\s*:\s*(yes|no)\b", re.IGNORECASE)
#: Fields that a text of a word or two may hold alone.
_WHOLE = ("intervention_model", "allocation", "masking")
_KEY = re.compile(rf"\b({'|'.join((*_FIELDS, *_OTHERS))})\s*:", re.IGNORECASE)


def design_of(text: str) -> dict[str, Any]:
    """Return allocation, model, purpose, masking and who is masked, where stated.

    Any separator will do: the next key ends a value.

    Examples
    --------
    >>> design_of("Allocation: N/A|Masking: None (Open Label)")
    {'allocation': 'NA', 'masking': 'NONE', 'who_masked': ()}
    """
    made = _ticked(text) or _whole(text)
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


def _ticked(text: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, answer in _TICK.findall(text):
        field, values = _TICKS[name.lower()]
        if answer.lower() in values:
            made[field] = values[answer.lower()]
    return made


def _whole(text: str) -> dict[str, Any]:
    found = ((field, level(field, text)) for field in _WHOLE)
    return {field: value for field, value in found if value and value != "NA"}
