"""Speed and memory as ratios against named baselines, measured in one run."""

import os

# As of any installed program: otherwise each start compiles trialkit anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
