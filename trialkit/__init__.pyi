# The public names: the one list, for type checkers and at run time.
from trialkit import figures as plot
from trialkit import label, report, score, summarize
from trialkit import tables as table
from trialkit.compare.changes import changes
from trialkit.errors import (
    MissingExtraError,
    ParameterError,
    ReportError,
    TrialDataError,
    TrialkitError,
)
from trialkit.explorer.card import card
from trialkit.explorer.similar import similar
from trialkit.explorer.terminal import show_trial
from trialkit.explorer.undecided import save_overrides, undecided
from trialkit.explorer.widgets import explore
from trialkit.fetch.run import fetch
from trialkit.report.run import run_report
from trialkit.summarize import count, evidence
from trialkit.tidy.load import load, load_example
from trialkit.tidy.load import open_store as open
from trialkit.tidy.save_records import save_records
from trialkit.tidy.select.synonyms import synonyms
from trialkit.tidy.trials import Trials
from trialkit.version import __version__, versions
from trialkit.workspace import example_path

__all__ = [
    "MissingExtraError",
    "ParameterError",
    "ReportError",
    "TrialDataError",
    "TrialkitError",
    "Trials",
    "__version__",
    "card",
    "changes",
    "count",
    "evidence",
    "example_path",
    "explore",
    "fetch",
    "label",
    "load",
    "load_example",
    "open",
    "plot",
    "report",
    "run_report",
    "save_overrides",
    "save_records",
    "score",
    "show_trial",
    "similar",
    "summarize",
    "synonyms",
    "table",
    "undecided",
    "versions",
]
