"""The methods section: how the report was made."""

from __future__ import annotations

from collections.abc import Mapping

from trialkit import summarize
from trialkit.dates import as_day
from trialkit.escape import markdown_text
from trialkit.label.overrides import CELL_TRIAL
from trialkit.merge.registrations import ONE_RECORD_EACH, RULE
from trialkit.prose.searches import search_sentence
from trialkit.prose.subject import rewritten_note, source_kinds, store_note
from trialkit.summarize.counted import Day
from trialkit.summarize.doubts import AXES, doubted
from trialkit.summarize.flow import filter_words
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import (
    counted,
    field_name,
    kind_words,
    not_stating,
    report_words,
    sentence_list,
    was_were,
    words,
)
from trialkit.tidy.trials import Trials

_KINDS = {
    "registry": "from a register itself",
    "export": "from an export",
    "mirror": "from a mirror",
    "lay": "from a lay page",
}
#: What a report without trials says: what was searched, and what was left out.
_WITHOUT_TRIALS = ("Sources and search", "Cut-off", "Eligibility of records")


def methods(
    data: Trials,
    *,
    as_of: Day,
    query: str = "",
    software: Mapping[str, str] | None = None,
    deviations: str = "",
    level: int = 3,
) -> str:
    """Return the methods section with its sub-headings.

    Parameters
    ----------
    data
        Trials.
    as_of
        The data cut-off, an ISO day.
    query
        The search that found the records, in the user's words.
    software
        Names and versions to print.
    deviations
        What was done differently from the plan.
    level
        Depth of the sub-headings.

    Returns
    -------
    str
        Markdown.
    """
    data = data.counted()
    named = (
        f"{markdown_text(n)} {markdown_text(v)}" for n, v in (software or {}).items()
    )
    numbers = {
        "day": f"{as_day(as_of):%Y-%m-%d}",
        "sources": _sources(data, query),
        **_eligibility(data),
        **_duplicates(data),
        "shapes": _shapes(data),
        **_labeling(data),
        "conflicts": _conflicts(data),
        "software": f"{'; '.join(named)}." if software else "See the appendix.",
        "deviations": markdown_text(deviations) or "None recorded.",
    }
    left_out = () if gives_cells(data) else report_words()["on_cells"]
    return "\n\n".join(
        f"{'#' * level} {title}\n\n{text.format_map(numbers)}"
        for title, text in report_words()["methods"].items()
        if title not in left_out
        and (len(data) or deviations or title in _WITHOUT_TRIALS)
    )


def _sources(data: Trials, query: str) -> str:
    parts = [f"{n:,} {_kind(kind, wording)}" for kind, wording, n in source_kinds(data)]
    listed = f": {sentence_list(parts)}" if parts else ""
    documents = f"{counted(len(data.sources), 'document')}{listed}."
    searched = search_sentence(data, query)
    dates = data.sources["source_date"].dropna()
    dated = ""
    if len(dates):
        oldest, newest = markdown_text(dates.min()), markdown_text(dates.max())
        when = f"on {oldest}" if oldest == newest else f"between {oldest} and {newest}"
        dated = f"Where a document says when it was last updated, that is {when}."
    told = (documents, store_note(data), rewritten_note(data), searched, dated)
    return " ".join(filter(None, told))


def _kind(kind: str, wording: str) -> str:
    is_own = wording == "verbatim"
    return _KINDS.get(kind, kind) if is_own else f"with {kind_words(kind, wording)}"


def _eligibility(data: Trials) -> dict[str, str]:
    columns = ["filter", "n_before", "n_kept", "n_missing"]
    steps = [
        f"“{markdown_text(filter_words(name, data.terms))}” left "
        f"{counted(int(kept), 'trial')} of {int(before):,}{not_stating(int(missing))}"
        for name, before, kept, missing in data.selection[columns].to_numpy()
    ]
    n = int(data.excluded["source_id"].notna().sum())
    set_aside = "No record was set aside while reading."
    if n:
        unused = counted(n, "record or file", "records or files")
        listed = f"{'is' if n == 1 else 'are'} listed with the reason in the appendix"
        set_aside = f"{unused} could not be used while reading and {listed}."
    filters = f" Filters, in order: {'; '.join(steps)}." if steps else ""
    taken = report_words()["cell_trial" if gives_cells(data) else "every_trial"]
    return {"taken": taken, "filters": filters, "set_aside": set_aside}


def _duplicates(data: Trials) -> dict[str, str]:
    flow = summarize.record_flow(data).set_index("step")["n"]
    steps = data.selection.set_index("filter")["n_removed"]
    twins = len(summarize.possible_twins(data))
    return {
        "rule": RULE,
        "again": was_were(int(steps.get(ONE_RECORD_EACH, 0)), "further registration"),
        "twins": f"{counted(twins, 'pair')} of trials that may be one "
        f"{'is' if twins == 1 else 'are'}",
        "records": counted(int(flow["records"]), "record"),
        "ids": counted(int(flow["identified_trials"]), "distinct registry id"),
        "merged": was_were(int(flow["merged"]), "record"),
    }


def _shapes(data: Trials) -> str:
    shapes = words(data.sources["shape"].dropna(), "shape").value_counts()
    parts = [f"{markdown_text(shape)} ({n:,})" for shape, n in shapes.items()]
    return f" Shapes in this report: {'; '.join(parts)}." if parts else ""


def _labeling(data: Trials) -> dict[str, str]:
    quoted = int(data.labels["quote"].notna().sum())
    n = len(data.overrides)
    decided = "No label was corrected by hand."
    if n:
        listed = "the appendix lists them with reason, person and day"
        same = sum(map(_says_same, data.overrides["value"], data.overrides["replaced"]))
        right = f"the rules had said the same of {same:,}"
        decided = f"{was_were(n, 'label')} decided by hand ({right}); {listed}."
    if len(data.terms):
        terms = counted(len(data.terms), "term")
        decided += f" The vocabulary was widened by {terms} of the user’s own."
    decided += _open(data)
    return {
        "quoted": f"{counted(quoted, 'label')} {'rests' if quoted == 1 else 'rest'}",
        "rules": counted(data.labels["rule_id"].dropna().nunique(), "rule"),
        "decided": decided,
    }


def _says_same(value: str, replaced: object) -> bool:
    """Return whether a person decided what the rules had said."""
    return set(value.split("; ")) == set(str(replaced).split("; "))


def _open(data: Trials) -> str:
    """Return how many trials have labels that need a reader, and on which axes."""
    asked = doubted(data)
    asked = asked[asked["axis"].isin([CELL_TRIAL, *AXES])]
    if asked.empty:
        return ""
    of_axes = asked.groupby("axis", sort=False)["trial_id"].nunique()
    parts = [
        f"{_asked(axis)} in {of_axes[axis]:,}"
        for axis in (CELL_TRIAL, *AXES)
        if axis in of_axes
    ]
    n = asked["trial_id"].nunique()
    need = f"{'has' if n == 1 else 'have'} a label that needs a reader"
    trials = counted(len(data.trials), "trial")
    return f" {n:,} of {trials} {need}: {', '.join(parts)}."


def _asked(axis: str) -> str:
    is_whole = axis == CELL_TRIAL
    return "whether cells are given" if is_whole else field_name(axis).lower()


def _conflicts(data: Trials) -> str:
    found = summarize.conflicts(data)
    trials = counted(found.attrs["n_flagged"], "trial")
    return f"{counted(len(found), 'value')} in {trials}"
