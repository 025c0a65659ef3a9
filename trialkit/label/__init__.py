"""Records to labels with evidence: vocabulary, rules, score."""

from trialkit.label.engine import label_records
from trialkit.label.result import Dose, Label, LabelResult
from trialkit.label.vocabulary import (
    code_of,
    family_of,
    group_of,
    groups,
    in_order,
    label_of,
    vocabulary,
)

__all__ = [
    "Dose",
    "Label",
    "LabelResult",
    "code_of",
    "family_of",
    "group_of",
    "groups",
    "in_order",
    "label_of",
    "label_records",
    "vocabulary",
]
