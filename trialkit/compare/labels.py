"""Labels that changed, and whether the record did it or the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialkit.codewords import NOT_STATED, code_word
from trialkit.compare.change import Change, moved
from trialkit.compare.columns import Row
from trialkit.label.entries import Entry
from trialkit.label.vocabulary import NOT_STATED as UNSTATED
from trialkit.label.vocabulary import Vocabulary

#: Label sets of a trial, and their axes.
SETS = {
    "routes": "route",
    "delivery_modes": "delivery_mode",
    "cell_types": "cell_type",
    "cell_sources": "cell_source",
    "donors": "donor",
}
LABEL_COLUMNS = ("cell_decision", *SETS)
RECORD, RULES, EITHER = "the record", "the rules", "the record or the rules"
CORRECTION = "a correction"
#: Kinds of changes of the words that labels are made of.
_LABELLED = {"arms", "interventions", "texts"}


def label_changes(
    trial_id: str,
    old: Row,
    new: Row,
    *,
    because: str,
    known: tuple[Vocabulary, Vocabulary],
) -> Iterator[Change]:
    """Yield the sets of labels that differ.

    Parameters
    ----------
    trial_id
        Id of the trial.
    old, new
        Its rows of `trials`.
    because
        What changed them.
    known
        The vocabularies of both sides, with ids of a user's own.
    """
    for column in LABEL_COLUMNS:
        one, other = ({*(row[column] or "").split("; ")} for row in (old, new))
        if one != other:
            sides = zip((old, new), known, strict=True)
            shown = [_words(column, row[column], own) for row, own in sides]
            yield moved(
                trial_id, "labels", "label changed", column, shown, because=because
            )


def reason(changed: list[Change], *, is_same_rules: bool, is_corrected: bool) -> str:
    """Return why labels of a trial differ.

    By the same rules the record did it. By other rules they did where no words changed
    that labels are made of; where some did too, either may have.
    """
    if is_corrected:
        return CORRECTION
    if is_same_rules:
        return RECORD
    return EITHER if any(c.kind in _LABELLED for c in changed) else RULES


def _words(column: str, joined: str | None, known: Vocabulary) -> str | None:
    """Return a set of labels in the words that reports print."""
    if not joined:
        return None
    axis = SETS.get(column)
    if axis is None:
        return code_word(joined, column)
    return "; ".join(_word(value, known[axis]) for value in joined.split("; "))


def _word(value: str, entries: Mapping[str, Entry]) -> str:
    if value == UNSTATED:
        return NOT_STATED
    base, _, said = value.partition(":")
    return said or (entries[base].label if base in entries else value)
