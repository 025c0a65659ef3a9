"""The text of a record to labels with evidence: vocabularies, rules, corrections."""

from trialkit.label.vocabulary import label_of, vocabulary

__all__ = ["label_of", "vocabulary"]


def __dir__() -> list[str]:
    """List what users call, and nothing that it is made of."""
    return sorted(__all__)
