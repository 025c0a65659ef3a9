"""The report's sentences: those that hold numbers, and those that never change.

Everything is Markdown, with record text escaped. Sentences describe registrations:
they count, and never judge, rank or advise.
"""

from trialkit.prose.cover import cover, newest_date
from trialkit.prose.findings import (
    Finding,
    finding,
    finding_of,
    key_sentences,
    section,
)
from trialkit.prose.made import how_made
from trialkit.prose.methods import methods
from trialkit.prose.sentences import (
    NOTICE,
    at_a_glance,
    attribution,
    cell_box,
    limits,
    route_box,
    where,
)
from trialkit.prose.subject import scope

__all__ = [
    "NOTICE",
    "Finding",
    "at_a_glance",
    "attribution",
    "cell_box",
    "cover",
    "finding",
    "finding_of",
    "how_made",
    "key_sentences",
    "limits",
    "methods",
    "newest_date",
    "route_box",
    "scope",
    "section",
    "where",
]
