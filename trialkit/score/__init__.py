"""Labels against gold labels: how often they are right, and where they are not."""

from trialkit.score.gold import GoldTrial, read_gold
from trialkit.score.result import Score
from trialkit.score.score import score_labels

__all__ = ["GoldTrial", "Score", "read_gold", "score_labels"]


def __dir__() -> list[str]:
    """List what users call, and nothing that it is made of."""
    return sorted(__all__)
