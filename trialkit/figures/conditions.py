"""The conditions that trials treat, by route."""

from __future__ import annotations

from dataclasses import replace

from trialkit import summarize
from trialkit.figures.crosstab import crosstab

condition_by_route = replace(
    crosstab,
    name="condition_by_route",
    question="Which conditions are treated by which route?",
    summary=summarize.condition_by_route,
    caption="Trials by condition and route. Unit: trials, N = {n}. An empty cell is "
    "zero. A trial with several conditions or routes counts in each cell.",
    needs=(),
)
