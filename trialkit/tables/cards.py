"""Section 14: one card per trial, with its arms and the words behind the labels."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from trialkit import summarize
from trialkit.dates import as_day
from trialkit.errors import ParameterError
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.cells import arm_values, donor_words, product_words, take
from trialkit.summarize.counted import Day
from trialkit.summarize.doses import dose_words
from trialkit.summarize.flow import source_names
from trialkit.summarize.groups import arm_labels, axis_words, by_start, label_words
from trialkit.summarize.pairs import ARM_KEY
from trialkit.summarize.wording import (
    NOT_STATED,
    as_quoted,
    counted,
    field_name,
    kind_words,
    word,
    words,
)
from trialkit.tables.overview import lay_title, participants
from trialkit.tables.table import (
    DAGGER,
    Column,
    Row,
    cell,
    coded,
    cut_words,
    is_missing,
    pipe_table,
    records,
    trial_link,
)
from trialkit.tables.timelines import COURSE_NOTE, course
from trialkit.tidy.trials import Trials

#: Most quotes on one card, and the longest piece of one that is shown.
_MOST_QUOTES = 8
_LONGEST = 300
#: Axes in the order in which a card shows their evidence.
_EVIDENCE = (
    "route cell_type cell_source donor delivery_mode cells_enter_body access site "
    "perfusate donor_inferred"
).split()
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
    parts = _Parts(data, as_of)
    made = [_card(row, parts, level) for row in records(rows)]
    return "\n\n".join([COURSE_NOTE, *made])


def _chosen(rows: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    unknown = sorted(set(ids) - set(rows["trial_id"]))
    if unknown:
        raise ParameterError(f"no trial {', '.join(unknown[:5])} among {len(rows)}")
    return rows[rows["trial_id"].isin(ids)]


class _Parts:
    """What the cards show, made once for all trials and kept by trial."""

    def __init__(self, data: Trials, as_of: Day) -> None:
        self.cut_off = as_day(as_of)
        self.endpoints = _endpoints(data)
        self.conditions = _lists(data.conditions, "condition")
        self.arms = _arms(data)
        self.quotes = _quotes(data)
        self.sources = _sources(data)
        self.sites = _sites(data)
        stale = summarize.stale_records(data, as_of=as_of)
        self.stale = _lists(stale, "detail")
        odd = summarize.conflicts(data)
        self.odd = _lists(odd.assign(name=odd["field"].map(field_name)), "name")
        self.unstated = _unstated(data)


def _lists(rows: pd.DataFrame, column: str) -> dict[str, list[str]]:
    rows = rows.dropna(subset=[column]).drop_duplicates(["trial_id", column])
    text = rows[column].astype("string")
    by_trial = text.groupby(rows["trial_id"], sort=False)
    return {str(trial_id): values.tolist() for trial_id, values in by_trial}


def _by_trial(rows: pd.DataFrame) -> dict[str, list[Row]]:
    made: dict[str, list[Row]] = {}
    for row in records(rows):
        made.setdefault(row["trial_id"], []).append(row)
    return made


def _endpoints(data: Trials) -> dict[str, list[str]]:
    rows = data.outcomes
    rows = rows[rows["outcome_type"].eq("primary").fillna(False)]
    time = (" (" + rows["time_frame"].astype("string") + ")").fillna("")
    return _lists(rows.assign(text=rows["measure"].astype("string") + time), "text")


def _sites(data: Trials) -> dict[str, list[str]]:
    said = data.statements
    odd = said.loc[said["field"] == "site_status", "trial_id"]
    # Where a reader saw a status word in a facility's name, it is shown without it; the
    # table of sites and the conflict keep the name as registered.
    short = data.sites["facility"].str.replace(_STATUS_END, "", regex=True)
    is_odd = data.sites["trial_id"].isin(odd)
    rows = data.sites.assign(facility=data.sites["facility"].mask(is_odd, short))
    parts = rows[["facility", "city", "country"]].fillna("").to_numpy()
    place = pd.Series([", ".join(filter(None, part)) for part in parts], rows.index)
    return _lists(rows.assign(place=place.mask(place == "")), "place")


def _arms(data: Trials) -> dict[str, list[Row]]:
    rows = data.arms[[*ARM_KEY, "arm_label", "arm_type", "is_implicit"]].copy()
    pairs = pd.MultiIndex.from_frame(rows[ARM_KEY])
    product = (
        arm_labels(data, []).assign(has_cells=True).set_index(ARM_KEY)["has_cells"]
    )
    rows["has_cells"] = product.reindex(pairs).eq(True).to_numpy()
    routes = label_words(data, ["route"], unit="arms").groupby(ARM_KEY)["route"]
    dose = dose_words(data)
    for name, values in (
        ("cells", product_words(data, unit="arms")),
        ("routes", routes.agg("; ".join)),
        ("donors", donor_words(data, unit="arms")),
        ("site", arm_values(data, "site")),
        ("access", arm_values(data, "access")),
        ("dose", dose["dose"]),
        ("sessions", dose["sessions"]),
    ):
        rows[name] = take(values, pairs).to_numpy()
    return _by_trial(rows)


def _quotes(data: Trials) -> dict[str, list[Row]]:
    """Return up to eight quotes per trial with the labels that rest on each."""
    rows = data.labels[data.labels["quote"].notna()]
    rank = rows["axis"].astype("string").map({a: i for i, a in enumerate(_EVIDENCE)})
    rows = rows.assign(rank=rank, words=axis_words(rows, terms=data.terms)).dropna(
        subset=["rank"]
    )
    rows = rows.drop_duplicates(["trial_id", "axis", "value"])
    rows = rows.sort_values("rank", kind="stable")
    name = rows["axis"].astype("string").map(field_name)
    rows = rows.assign(label=name + ": " + rows["words"])
    by_quote = rows.groupby(["trial_id", "quote"], sort=False)
    first = by_quote[["source_id", "section"]].first()
    first["labels"] = by_quote["label"].agg("; ".join)
    first = first.reset_index().groupby("trial_id", sort=False).head(_MOST_QUOTES)
    sources = data.sources.drop_duplicates("source_id").set_index("source_id")
    kind = first["source_id"].map(sources["kind"]).astype("string")
    first["kind"] = words(kind, "source_kind").mask(kind.isna())
    first["wording"] = first["source_id"].map(sources["wording"]).astype("string")
    return _by_trial(first)


def _sources(data: Trials) -> dict[str, list[str]]:
    pairs = data.statements[["trial_id", "source_id"]].drop_duplicates()
    sources = data.sources.drop_duplicates("source_id").set_index("source_id")
    name = pairs["source_id"].map(source_names(data)).astype("string")
    known = sources.astype({"kind": "string", "wording": "string"})
    shown = pd.Series(
        {
            key: "kind not stated" if pd.isna(kind) else kind_words(kind, wording)
            for key, kind, wording in known[["kind", "wording"]].itertuples(name=None)
        },
        dtype="string",
    )
    date = pairs["source_id"].map(sources["source_date"]).astype("string")
    kinds = pairs["source_id"].map(shown).astype("string")
    text = name + " (" + kinds + (", " + date).fillna("") + ")"
    return _lists(pairs.assign(text=text), "text")


def _unstated(data: Trials) -> dict[str, list[str]]:
    frame = summarize.completeness(data)
    gone = frame[frame["state"] == NOT_STATED].astype({"field": "string"})
    return _lists(gone.astype({"trial_id": "string"}), "field")


def _card(row: Row, parts: _Parts, level: int) -> str:
    key = row["trial_id"]
    mark = f" {DAGGER}" if key in parts.odd else ""
    heading = f"{'#' * level} {markdown_text(key)}{mark} {{.unnumbered .unlisted}}"
    title = f"**{cell(row['display_title'])}**{lay_title(row)}"
    blocks = [
        heading,
        title,
        _facts(row, parts),
        _arm_table(parts.arms.get(key, [])),
        _evidence(parts.quotes.get(key, [])),
        _notes(row, parts),
    ]
    return "\n\n".join(filter(None, blocks))


def _facts(row: Row, parts: _Parts) -> str:
    key = row["trial_id"]
    sites = parts.sites.get(key, [])
    places = "; ".join(markdown_text(site) for site in sites[:3])
    more = f"; {len(sites) - 3} more" if len(sites) > 3 else ""
    dates = f"{_date(row, 'start_date')} → {_date(row, 'completion_date')}"
    primary = _date(row, "primary_completion_date")
    rows = [
        (
            "Status; phase",
            f"{coded(row['overall_status'], 'overall_status')}; {_phase(row)}",
        ),
        ("Conditions", _joined(parts.conditions.get(key, []))),
        ("Design", "; ".join(_feature(row, *feature) for feature in _DESIGN.items())),
        ("Participants", participants(row)),
        ("Start → completion", f"{dates}; primary completion {primary}"),
        ("Course", course(row, parts.cut_off) or MISSING),
        ("Primary endpoints", _listed(parts.endpoints.get(key, []))),
        ("Lead sponsor", cell(row["lead_sponsor"])),
        ("Sites", places + more or MISSING),
    ]
    return pipe_table((Column("Field", 1.2), Column("As the sources say", 5)), rows)


#: Design features of a card, as their column and in its words.
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


def _listed(values: list[str], most: int = 3) -> str:
    """Return values as registered, of many the first and how many more."""
    shown = [cut_words(value, _LONGEST // 2) for value in values[:most]]
    more = [f"{len(values) - most} more"] if len(values) > most else []
    return _joined([*shown, *more])


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


def _joined(values: list[str]) -> str:
    return "; ".join(markdown_text(value) for value in values) or MISSING


def _arm_table(arms: list[Row]) -> str:
    columns = (
        Column("Arm", 2.2),
        Column("Cell type ← source; donor", 3),
        Column("Route", 2),
        Column("Site; access", 1.6),
        Column("Dose; sessions", 2),
    )
    return pipe_table(columns, [_arm_row(arm) for arm in arms])


def _arm_row(arm: Row) -> tuple[str, ...]:
    name = "(no arm in the record)" if arm["is_implicit"] else cell(arm["arm_label"])
    kind = None if arm["arm_type"] is None else word(arm["arm_type"], "arm_type")
    head = f"{name} ({markdown_text(kind.lower())})" if kind else name
    if not arm["has_cells"]:
        return (head, "no cell product", "–", "–", "–")
    return (
        head,
        f"{_stated(arm['cells'])}; donor {_stated(arm['donors'])}",
        _stated(arm["routes"]),
        f"{cell(arm['site'])}; {cell(arm['access'])}",
        f"{cell(arm['dose'])}; {cell(arm['sessions'])}",
    )


def _stated(text: str | None) -> str:
    """Return label words as a cell, each "Not stated" in them as a muted "ns"."""
    if is_missing(text):
        return MISSING
    return markdown_text(text).replace(NOT_STATED, MISSING)


def _evidence(quotes: list[Row]) -> str:
    lines = []
    for row in quotes:
        quote = str(row["quote"])
        quote = cut_words(quote, _LONGEST)
        where = f"{row['kind'] or 'source'}, {field_name(row['section'] or 'text')}"
        said = as_quoted(markdown_text(quote), row["wording"])
        lines.append(
            f"- {said} ({markdown_text(where.lower())}) – "
            f"{markdown_text(row['labels'])}"
        )
    if not lines:
        return ""
    head = "Words of the sources, not endorsed; quoted where they are between marks:"
    return "\n".join([head, "", *lines])


def _notes(row: Row, parts: _Parts) -> str:
    key = row["trial_id"]
    notes = []
    if key in parts.odd:
        fields = "; ".join(markdown_text(name) for name in parts.odd[key])
        notes.append(f"{DAGGER} Conflicting values: {fields}.")
    if key in parts.stale:
        notes.append(f"Record may be out of date: {_joined(parts.stale[key])}.")
    if key in parts.unstated:
        notes.append(f"Not stated: {_joined(parts.unstated[key])}.")
    notes.append(f"Record: {trial_link(key)}.")
    if key in parts.sources:
        notes.append(f"Read from: {_joined(parts.sources[key])}.")
    return " ".join(notes)
