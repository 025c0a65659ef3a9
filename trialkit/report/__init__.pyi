# What a report notebook calls: the one list, for type checkers and at run time.
from trialkit.prose import (
    at_a_glance,
    attribution,
    cell_box,
    cover,
    how_made,
    limits,
    methods,
    newest_date,
    route_box,
    scope,
)
from trialkit.report.display import (
    refer,
    show_figure,
    show_table,
    show_text,
    show_title,
)
from trialkit.report.earlier import open_earlier
from trialkit.report.exhibits import present, show_answers, show_section
from trialkit.report.opening import close_report as close
from trialkit.report.opening import notice_box
from trialkit.report.opening import open_report as open
from trialkit.report.since import show_changes, show_since

__all__ = [
    "at_a_glance",
    "attribution",
    "cell_box",
    "close",
    "cover",
    "how_made",
    "limits",
    "methods",
    "newest_date",
    "notice_box",
    "open",
    "open_earlier",
    "present",
    "refer",
    "route_box",
    "scope",
    "show_answers",
    "show_changes",
    "show_figure",
    "show_section",
    "show_since",
    "show_table",
    "show_text",
    "show_title",
]
