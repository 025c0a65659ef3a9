"""Labels compared with gold labels: shares that are right, and each miss."""

from trialkit.score.agreement import reader_agreement
from trialkit.score.gold import GoldTrial, read_gold
from trialkit.score.result import Score
from trialkit.score.score import score_labels

__all__ = ["GoldTrial", "Score", "read_gold", "reader_agreement", "score_labels"]


def __dir__() -> list[str]:
    """List the public names only."""
    return sorted(__all__)
