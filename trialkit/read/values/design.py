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
    *("endpoint classification", "control", "placebo", "type of endpoint"),
    *("randomization description", "group", "type"),
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
# ASCII: elsewhere `ı` and `ſ` are cases of `i` and `s`, and no key of the table.
_TICK = re.compile(rf"\b((?a:{'|'.join(_TICKS)}))\s*:\s*(yes|no)\b", re.IGNORECASE)
#: Fields that a text of a word or two may hold alone.
_ALONE = ("intervention_model", "allocation", "masking")
_KEY = re.compile(rf"\b({'|'.join((*_FIELDS, *_OTHERS))})\s*:", re.IGNORECASE)


def design_of(text: str) -> dict[str, Any]:
    """Return allocation, model, purpose, masking and who is masked, where stated."""
    fields = _ticked(text) or _alone(text)
    keys = list(_KEY.finditer(text))
    ends = [*(key.start() for key in keys[1:]), len(text)]
    for key, end in zip(keys, ends, strict=False):
        field = _FIELDS.get(key[1].lower())
        value = text[key.end() : end].strip(" \t\r\n|.,;")
        if field == "masking" and value:
            fields["masking"], fields["who_masked"] = masking(value)
        elif field and value:
            fields[field] = known(field, value)
    return fields


def _ticked(text: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, answer in _TICK.findall(text):
        field, levels = _TICKS[name.lower()]
        if answer.lower() in levels:
            fields[field] = levels[answer.lower()]
    return fields


def _alone(text: str) -> dict[str, Any]:
    found = ((field, level(field, text)) for field in _ALONE)
    return {field: value for field, value in found if value and value != "NA"}
