"""Section 14: one card per trial, with its arms and the evidence for its labels."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from trialkit import summarize
from trialkit.dates import as_day
from trialkit.errors import ParameterError
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.flow import of_source, source_names
from trialkit.summarize.groups import by_start
from trialkit.summarize.wording import (
    NOT_STATED,
    as_quoted,
    counted,
    field_name,
    kind_words,
    word,
)
from trialkit.tables.content import (
    DAGGER,
    Row,
    cell,
    coded,
    cut_words,
    is_missing,
    pair_of,
    records,
    stated_as,
    trial_link,
)
from trialkit.tables.overview import lay_title, participants
from trialkit.tables.table import Column, pipe_table
from trialkit.tables.timelines import COURSE_NOTE, course
from trialkit.tables.trial_facts import NO_ARM, arms, quotes
from trialkit.tidy.trials import Trials

#: Most characters of a quote and of an endpoint.
_LONGEST, _ENDPOINT = 300, 150
#: A registry id that can be an address within a page.
_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_STATUS_END = r"(?i)\s+(?:not yet |not )?recruiting$"


def cards(
    data: Trials,
    *,
    as_of: Day,
    ids: Iterable[str] | None = None,
    limit: int | None = None,
    level: int = 3,
) -> str:
    """Return the trial cards as Markdown, by start date.

    Quotes are statements of registrants or of lay pages, shown with their source and
    section. No contact is shown: none is kept.

    Parameters
    ----------
    data
        Trials with labels.
    as_of
        The data cut-off, an ISO day: decides which records may be out of date.
    ids
        Only these trials.
    limit
        Above this many trials there is no card, and a sentence says so: a thousand
        half pages are no appendix.
    level
        Depth of the headings.

    Returns
    -------
    str
        Markdown, one card after the other.

    Raises
    ------
    ParameterError
        If one of `ids` is not among the trials.
    """
    rows = by_start(data, data.trials)
    if ids is not None:
        rows = _chosen(rows, list(ids))
    if rows.empty:
        return ""
    if limit is not None and len(rows) > limit:
        return (
            f"The cards of {counted(len(rows), 'trial')} are left out for their length "
            f"(the most is {limit:,}); the table of trials has a row for each, and "
            "`trialkit show` prints one with its evidence."
        )
    facts = _Facts(data, as_of)
    return "\n\n".join(
        [COURSE_NOTE, *(_card(row, facts, level) for row in records(rows))]
    )


def _chosen(rows: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    unknown = sorted(set(ids) - set(rows["trial_id"]))
    if unknown:
        raise ParameterError(f"no trial {', '.join(unknown[:5])} among {len(rows)}")
    return rows[rows["trial_id"].isin(ids)]


class _Facts:
    """What the cards show, by trial."""

    def __init__(self, data: Trials, as_of: Day) -> None:
        self.cut_off = as_day(as_of)
        self.endpoints = _endpoints(data)
        self.conditions = _lists(data.conditions, "condition")
        self.interventions = _lists(data.interventions, "name")
        self.arms = arms(data)
        self.quotes = quotes(data)
        self.sources = _sources(data)
        self.sites = _sites(data)
        self.stale = _lists(summarize.stale_records(data, as_of=as_of), "detail")
        conflicts = summarize.conflicts(data)
        names = conflicts["field"].map(field_name)
        self.conflicts = _lists(conflicts.assign(name=names), "name")
        self.unstated = _unstated(data)


def _lists(rows: pd.DataFrame, column: str) -> dict[str, list[str]]:
    rows = rows.dropna(subset=[column]).drop_duplicates(["trial_id", column])
    groups = rows[column].astype("string").groupby(rows["trial_id"], sort=False)
    return {str(trial_id): values.tolist() for trial_id, values in groups}


def _endpoints(data: Trials) -> dict[str, list[str]]:
    rows = data.outcomes[data.outcomes["outcome_type"].eq("primary").fillna(False)]
    time = (" (" + rows["time_frame"].astype("string") + ")").fillna("")
    return _lists(rows.assign(text=rows["measure"].astype("string") + time), "text")


def _sites(data: Trials) -> dict[str, list[str]]:
    sites, statements = data.sites, data.statements
    # A status word that a reader found in a facility's name is not shown; the table of
    # sites and the conflict keep the name as registered.
    with_status = statements.loc[statements["field"] == "site_status", "trial_id"]
    short = sites["facility"].str.replace(_STATUS_END, "", regex=True)
    is_short = sites["trial_id"].isin(with_status)
    sites = sites.assign(facility=sites["facility"].mask(is_short, short))
    names = sites[["facility", "city", "country"]].fillna("").to_numpy()
    place = pd.Series([", ".join(filter(None, row)) for row in names], sites.index)
    return _lists(sites.assign(place=place.mask(place == "")), "place")


def _sources(data: Trials) -> dict[str, list[str]]:
    pairs = data.statements[["trial_id", "source_id"]].drop_duplicates()
    ids = pairs["source_id"]
    name = ids.map(source_names(data)).astype("string")
    columns = (of_source(data, ids, column) for column in ("kind", "wording"))
    kinds = [
        "kind not stated" if pd.isna(kind) else kind_words(kind, wording)
        for kind, wording in zip(*columns, strict=True)
    ]
    date = (", " + of_source(data, ids, "source_date")).fillna("")
    text = name + " (" + pd.Series(kinds, ids.index, dtype="string") + date + ")"
    return _lists(pairs.assign(text=text), "text")


def _unstated(data: Trials) -> dict[str, list[str]]:
    frame = summarize.completeness(data)
    unstated = frame[frame["state"] == NOT_STATED]
    return _lists(unstated.astype({"trial_id": "string"}), "field")


def _card(row: Row, facts: _Facts, level: int) -> str:
    key = row["trial_id"]
    mark = f" {DAGGER}" if key in facts.conflicts else ""
    anchor = f"#{key} " if _ANCHOR.fullmatch(key) else ""
    blocks = [
        f"{'#' * level} {markdown_text(key)}{mark} {{{anchor}.unnumbered .unlisted}}",
        f"**{stated_as('title', row['display_title'])}**{lay_title(row)}",
        _fact_table(row, facts),
        _arm_table(facts.arms.get(key, [])),
        _evidence(facts.quotes.get(key, [])),
        _notes(row, facts),
    ]
    return "\n\n".join(filter(None, blocks))


def _fact_table(row: Row, facts: _Facts) -> str:
    key = row["trial_id"]
    status = coded(row["overall_status"], "overall_status")
    dates = f"{_date(row, 'start_date')} → {_date(row, 'completion_date')}"
    primary = _date(row, "primary_completion_date")
    endpoints = [cut_words(text, _ENDPOINT) for text in facts.endpoints.get(key, [])]
    rows = [
        ("Status; phase", f"{status}; {_phase(row)}"),
        ("Conditions", _joined(facts.conditions.get(key, []))),
        ("Design", "; ".join(_feature(row, *feature) for feature in _DESIGN.items())),
        ("Participants", participants(row)),
        ("Start → completion", f"{dates}; primary completion {primary}"),
        ("Course", course(row, facts.cut_off) or MISSING),
        ("Primary endpoints", _first_three(endpoints)),
        *_given(key, facts),
        ("Lead sponsor", cell(row["lead_sponsor"])),
        ("Sites", _first_three(facts.sites.get(key, []))),
    ]
    return pipe_table((Column("Field", 1.2), Column("As the sources say", 5)), rows)


def _given(key: str, facts: _Facts) -> list[tuple[str, str]]:
    """Return what a trial gives that gives no cells: of the others the arms tell it."""
    if any(arm["has_cells"] for arm in facts.arms.get(key, [])):
        return []
    return [("Interventions", _first_three(facts.interventions.get(key, [])))]


_DESIGN = {
    "study_type": "study type",
    "allocation": "allocation",
    "intervention_model": "model",
    "masking": "masking",
    "primary_purpose": "purpose",
}


def _feature(row: Row, column: str, name: str) -> str:
    if is_missing(row[column]):
        return f"{name} {MISSING}"
    return f"{name}: {markdown_text(word(row[column], column).lower())}"


def _first_three(values: list[str]) -> str:
    more = [f"{len(values) - 3} more"] if len(values) > 3 else []
    return _joined([*values[:3], *more])


def _date(row: Row, name: str) -> str:
    kind = row[f"{name}_type"]
    shown = cell(row[name])
    if is_missing(kind) or is_missing(row[name]):
        return shown
    return f"{shown} ({'planned' if kind == 'ESTIMATED' else 'actual'})"


def _phase(row: Row) -> str:
    group = row["phase_group"]
    if group == NOT_STATED:
        return f"phase {MISSING}"
    return "phase not applicable" if group == "NA" else coded(group, "phase_group")


def _joined(values: Iterable[str] | None) -> str:
    return "; ".join(map(markdown_text, values or ())) or MISSING


def _arm_table(arms: list[Row]) -> str:
    if not any(arm["has_cells"] for arm in arms):
        return pipe_table((Column("Arm", 1),), [_arm_row(arm)[:1] for arm in arms])
    columns = (
        Column("Arm", 2.2),
        Column("Cell type ← source; donor", 3),
        Column("Route", 2),
        Column("Site; access", 1.6),
        Column("Dose; sessions", 2),
    )
    return pipe_table(columns, [_arm_row(arm) for arm in arms])


def _arm_row(arm: Row) -> tuple[str, ...]:
    name = NO_ARM if arm["is_implicit"] else cell(arm["arm_label"])
    kind = None if arm["arm_type"] is None else word(arm["arm_type"], "arm_type")
    head = f"{name} ({markdown_text(kind.lower())})" if kind else name
    if not arm["has_cells"]:
        return (head, "no cell product", "–", "–", "–")
    return (
        head,
        f"{_stated(arm['cells'])}; donor {_stated(arm['donors'])}",
        _stated(arm["routes"]),
        pair_of(arm["site"], arm["access"]),
        pair_of(arm["dose"], arm["sessions"]),
    )


def _stated(text: str | None) -> str:
    """Return label words as a cell, each "Not stated" in them muted."""
    if is_missing(text):
        return MISSING
    return markdown_text(text).replace(NOT_STATED, MISSING)


def _evidence(quotes: list[Row]) -> str:
    if not quotes:
        return ""
    head = "Words of the sources, not endorsed; quoted where they are between marks:"
    lines = [head, ""]
    for row in quotes:
        quote = markdown_text(cut_words(row["quote"], _LONGEST))
        where = f"{row['kind'] or 'source'}, {field_name(row['section'] or 'text')}"
        place = markdown_text(where.lower())
        labels = markdown_text(row["labels"])
        lines.append(f"- {as_quoted(quote, row['wording'])} ({place}) – {labels}")
    return "\n".join(lines)


def _notes(row: Row, facts: _Facts) -> str:
    key = row["trial_id"]
    notes = {
        f"{DAGGER} Conflicting values": _joined(facts.conflicts.get(key)),
        "Record may be out of date": _joined(facts.stale.get(key)),
        "Not stated": _joined(facts.unstated.get(key)),
        "Record": trial_link(key),
        "Read from": _joined(facts.sources.get(key)),
    }
    known = {name: text for name, text in notes.items() if text != MISSING}
    return " ".join(f"{name}: {text}." for name, text in known.items())
