"""Clinical-trial records in, tidy pandas tables and landscape reports out.

The flow, one step a module: `read` takes files of any shape to Records, `merge`
joins the Records of one trial, `label` says per arm how cells are given and where they
come from, each with its sentence, `tidy` holds the tables, `summarize` makes one
small frame per question, `figures` and `tables` show it, `prose` says it in sentences,
and `report` runs a notebook over it and writes HTML and PDF.

    import trialkit as tk

    data = tk.load("records/")
    tk.count(data, by=["route", "phase_group"])
    tk.plot_routes(tk.count_routes(data))
    tk.run_report("landscape", records="records/")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from trialkit.errors import (
    MissingExtraError,
    ParameterError,
    ReportError,
    TrialDataError,
    TrialkitError,
)
from trialkit.version import __version__, versions

if TYPE_CHECKING:
    from trialkit.explorer.card import Card, card
    from trialkit.explorer.similar import similar
    from trialkit.explorer.terminal import show_trial
    from trialkit.explorer.undecided import save_overrides, undecided
    from trialkit.explorer.widgets import explore
    from trialkit.figures import (
        alt_text,
        caption_note,
        enough,
        plot_cities,
        plot_completeness,
        plot_countries,
        plot_crosstab,
        plot_cumulative_enrollment,
        plot_design,
        plot_donor_by_source,
        plot_doses,
        plot_durations,
        plot_enrollment,
        plot_landscape_strip,
        plot_phase_by_route,
        plot_planned_actual,
        plot_record_flow,
        plot_routes,
        plot_schedule_changes,
        plot_source_by_route,
        plot_sponsor_classes,
        plot_starts_by_year,
        plot_status_by_route,
        plot_timeline,
        plot_type_by_source,
        too_few,
    )
    from trialkit.label import label_of, vocabulary
    from trialkit.prose import (
        at_a_glance,
        attribution,
        cell_box,
        cover,
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
    from trialkit.report.opening import close_report, notice_box, open_report
    from trialkit.report.present import present
    from trialkit.report.run import run_report
    from trialkit.score import Score, read_gold, score_labels
    from trialkit.summarize import (
        changes,
        characteristics,
        cities,
        completeness,
        condition_by_route,
        conflicts,
        count,
        countries,
        cumulative_enrollment,
        delivery_sites,
        design,
        devices,
        donor_by_source,
        doses_by_route,
        durations,
        endpoints,
        evidence,
        key_facts,
        landscape_strip,
        open_earlier,
        phase_by_route,
        planned_actual,
        possible_twins,
        products,
        record_flow,
        results_reporting,
        route_comparisons,
        schedule_changes,
        source_by_phase,
        source_by_route,
        sponsor_classes,
        sponsors,
        stale_records,
        start_up,
        starts_by_year,
        status_by_route,
        timeline,
        type_by_source,
        unread,
    )
    from trialkit.summarize import (
        doses as dose_points,
    )
    from trialkit.summarize import (
        durations_by_route as summarize_durations,
    )
    from trialkit.summarize import (
        enrollment as enrollment_points,
    )
    from trialkit.summarize import (
        excluded as excluded_records,
    )
    from trialkit.summarize import (
        regimens as doses,
    )
    from trialkit.summarize import (
        routes as count_routes,
    )
    from trialkit.summarize import (
        sources as source_overview,
    )
    from trialkit.summarize import (
        trials as trial_table,
    )
    from trialkit.summarize.enrollment import summarize_enrollment
    from trialkit.tables import TABLES, cards
    from trialkit.tidy.load import load, load_example
    from trialkit.tidy.load import open_store as open
    from trialkit.tidy.save_records import save_records
    from trialkit.tidy.select.synonyms import synonyms
    from trialkit.tidy.trials import Trials
    from trialkit.workspace import example_path

#: Names by module, imported when first used: a command that reads no record never
# waits for pandas.
_LATER = {
    "tidy.trials": "Trials",
    "tidy.load": "load load_example",
    "explorer.card": "Card card",
    "explorer.undecided": "save_overrides undecided",
    "score": "Score read_gold score_labels",
    "workspace": "example_path",
    "report.display": "refer show_figure show_table show_text show_title",
    "report.present": "present",
    "explorer.widgets": "explore",
    "figures": "alt_text caption_note enough too_few plot_cities plot_completeness "
    "plot_countries "
    "plot_crosstab plot_cumulative_enrollment plot_design plot_donor_by_source "
    "plot_doses plot_durations plot_enrollment plot_landscape_strip "
    "plot_phase_by_route plot_planned_actual plot_record_flow plot_routes "
    "plot_schedule_changes plot_source_by_route plot_sponsor_classes "
    "plot_starts_by_year plot_status_by_route plot_timeline "
    "plot_type_by_source",
    "label": "label_of vocabulary",
    "report.opening": "close_report notice_box open_report",
    "prose": "at_a_glance attribution cell_box cover limits methods newest_date "
    "route_box scope",
    "report.run": "run_report",
    "explorer.terminal": "show_trial",
    "explorer.similar": "similar",
    "tidy.save_records": "save_records",
    "summarize": "changes characteristics completeness condition_by_route conflicts "
    "cities count countries cumulative_enrollment delivery_sites design "
    "devices donor_by_source doses_by_route durations endpoints "
    "evidence key_facts landscape_strip open_earlier phase_by_route "
    "planned_actual possible_twins products record_flow "
    "results_reporting route_comparisons schedule_changes "
    "source_by_phase source_by_route sponsor_classes sponsors "
    "stale_records start_up starts_by_year status_by_route timeline "
    "type_by_source unread",
    "tidy.select.synonyms": "synonyms",
    "tables": "TABLES cards",
}
_HOME = {
    name: (module, name) for module, names in _LATER.items() for name in names.split()
}
_HOME["open"] = ("tidy.load", "open_store")
_HOME["summarize_enrollment"] = ("summarize.enrollment", "summarize_enrollment")
#: Names of frames before each question had one name: old name, name in `summarize`.
_HOME |= {
    old: ("summarize", new)
    for old, new in {
        "count_routes": "routes",
        "dose_points": "doses",
        "doses": "regimens",
        "enrollment_points": "enrollment",
        "excluded_records": "excluded",
        "source_overview": "sources",
        "summarize_durations": "durations_by_route",
        "trial_table": "trials",
    }.items()
}

__all__ = [
    "TABLES",
    "Card",
    "MissingExtraError",
    "ParameterError",
    "ReportError",
    "Score",
    "TrialDataError",
    "TrialkitError",
    "Trials",
    "__version__",
    "alt_text",
    "at_a_glance",
    "attribution",
    "caption_note",
    "card",
    "cards",
    "cell_box",
    "changes",
    "characteristics",
    "cities",
    "close_report",
    "completeness",
    "condition_by_route",
    "conflicts",
    "count",
    "count_routes",
    "countries",
    "cover",
    "cumulative_enrollment",
    "delivery_sites",
    "design",
    "devices",
    "donor_by_source",
    "dose_points",
    "doses",
    "doses_by_route",
    "durations",
    "endpoints",
    "enough",
    "enrollment_points",
    "evidence",
    "example_path",
    "excluded_records",
    "explore",
    "key_facts",
    "label_of",
    "landscape_strip",
    "limits",
    "load",
    "load_example",
    "methods",
    "newest_date",
    "notice_box",
    "open",
    "open_earlier",
    "open_report",
    "phase_by_route",
    "planned_actual",
    "plot_cities",
    "plot_completeness",
    "plot_countries",
    "plot_crosstab",
    "plot_cumulative_enrollment",
    "plot_design",
    "plot_donor_by_source",
    "plot_doses",
    "plot_durations",
    "plot_enrollment",
    "plot_landscape_strip",
    "plot_phase_by_route",
    "plot_planned_actual",
    "plot_record_flow",
    "plot_routes",
    "plot_schedule_changes",
    "plot_source_by_route",
    "plot_sponsor_classes",
    "plot_starts_by_year",
    "plot_status_by_route",
    "plot_timeline",
    "plot_type_by_source",
    "possible_twins",
    "present",
    "products",
    "read_gold",
    "record_flow",
    "refer",
    "results_reporting",
    "route_box",
    "route_comparisons",
    "run_report",
    "save_overrides",
    "save_records",
    "schedule_changes",
    "scope",
    "score_labels",
    "show_figure",
    "show_table",
    "show_text",
    "show_title",
    "show_trial",
    "similar",
    "source_by_phase",
    "source_by_route",
    "source_overview",
    "sponsor_classes",
    "sponsors",
    "stale_records",
    "start_up",
    "starts_by_year",
    "status_by_route",
    "summarize_durations",
    "summarize_enrollment",
    "synonyms",
    "timeline",
    "too_few",
    "trial_table",
    "type_by_source",
    "undecided",
    "unread",
    "versions",
    "vocabulary",
]


def __getattr__(name: str) -> Any:
    """Import a name of a later step when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module 'trialkit' has no attribute {name!r}")
    module, own_name = _HOME[name]
    value = getattr(import_module(f"trialkit.{module}"), own_name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name everything public, imported already or not."""
    return sorted({*globals(), *__all__})
