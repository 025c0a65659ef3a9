"""The tables of a set of trials become one small frame per figure or table.

Every function takes the trials first and options by keyword, changes nothing, and
returns a new frame with fixed columns. Columns of groups are ordered categoricals in
display order with "Not stated" last; `attrs["n_trials"]` is the number of trials
behind the rows, each counted once, and `attrs["n_usable"]` what a figure's minimum is
compared with.
"""

from trialkit.summarize.counts import (
    count,
    count_routes,
    phase_by_route,
    source_by_route,
    type_by_source,
)
from trialkit.summarize.enrollment import enrollment_points, summarize_enrollment
from trialkit.summarize.flow import excluded_records, record_flow, source_overview
from trialkit.summarize.measure import MINIMUM, enough, too_few, usable
from trialkit.summarize.overview import (
    characteristics,
    key_facts,
    landscape_strip,
    trial_table,
)
from trialkit.summarize.products import devices, products, route_comparisons
from trialkit.summarize.quality import completeness, conflicts, evidence
from trialkit.summarize.timelines import durations, stale_records, timeline
from trialkit.summarize.twins import possible_twins
from trialkit.summarize.wording import NOT_STATED, field_name, word, words

__all__ = [
    "MINIMUM",
    "NOT_STATED",
    "characteristics",
    "completeness",
    "conflicts",
    "count",
    "count_routes",
    "devices",
    "durations",
    "enough",
    "enrollment_points",
    "evidence",
    "excluded_records",
    "field_name",
    "key_facts",
    "landscape_strip",
    "phase_by_route",
    "possible_twins",
    "products",
    "record_flow",
    "route_comparisons",
    "source_by_route",
    "source_overview",
    "stale_records",
    "summarize_enrollment",
    "timeline",
    "too_few",
    "trial_table",
    "type_by_source",
    "usable",
    "word",
    "words",
]
