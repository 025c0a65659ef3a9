"""The text of a record to labels with evidence: vocabularies, rules, corrections."""

from trialkit.label.vocabulary import label_of, vocabulary

__all__ = ["label_of", "vocabulary"]


def __dir__() -> list[str]:
    """List the public names only."""
    return sorted(__all__)
