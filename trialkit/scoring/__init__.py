"""Labels against gold labels: how often they are right, and where they are not."""

from trialkit.scoring.gold import GoldTrial, read_gold
from trialkit.scoring.score import Score, score_labels

__all__ = ["GoldTrial", "Score", "read_gold", "score_labels"]
