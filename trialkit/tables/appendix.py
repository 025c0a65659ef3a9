"""The appendix: vocabulary, user-defined labels, build facts and glossary."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pandas as pd

from trialkit.codebook import codebook
from trialkit.codewords import short_word
from trialkit.dates import as_day
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.flow import source_names
from trialkit.summarize.groups import axis_words, ids_of, own_axes
from trialkit.summarize.statistics import number, usable
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import (
    NOT_STATED,
    counted,
    field_name,
    report_words,
    word,
)
from trialkit.tables.content import cell, is_missing, trial_link
from trialkit.tables.table import Column, Table, numbers, table_of
from trialkit.tidy.trials import Trials
from trialkit.version import __version__, rules_version, versions, vocabulary_hash

#: Axes whose vocabulary the appendix prints, as far as it occurs in the trials.
_AXES = ("delivery_mode", "route", "cell_type", "cell_source", "donor")


def vocabulary(data: Trials, *, as_of: Day) -> Table:
    """Return the vocabulary that occurs in the trials, with standard codes."""
    used = data.labels[["axis", "value"]].drop_duplicates()
    parts = []
    for axis in (*_AXES, *own_axes(data)):
        values = used.loc[used["axis"] == axis, "value"].str.partition(":")
        known = ids_of(data, axis)
        known = known[known["id"].isin(values[0] if len(values) else [])]
        known = known[known["id"] != "NOT_STATED"]
        parts.append(known.assign(axis=axis))
    columns = ["axis", "id", "label", "group", "code"]
    frame = pd.concat(parts, ignore_index=True).reindex(columns=columns)
    frame = frame.astype(dict.fromkeys(columns, "string"))
    name = frame["axis"].map(field_name).mask(frame["axis"].duplicated(), "")
    return table_of(
        "tbl-vocabulary",
        "Vocabulary of the labels in this report, with the group used in figures and "
        "the standard code (NCI Thesaurus for routes, Cell Ontology and UBERON for "
        f"cells and tissues). Unit: terms, N = {len(frame):,}. A dash means that there "
        "is none.",
        frame,
        Column("Kind of label", 1.8, lambda row: markdown_text(row["name"])),
        Column("Id", 1.9, "id"),
        Column("Label", 4, "label"),
        Column("Group in figures", 2.6, lambda row: cell(row["group"] or "–")),
        Column("Code", 1.8, lambda row: cell(row["code"] or "–")),
        rows=frame.assign(name=name),
        empty_text="No labels.",
    )


def own_labels(data: Trials, *, as_of: Day) -> Table:
    """Return how many trials and arms have each label of the user's own axes."""
    rows = data.labels[data.labels["axis"].isin(own_axes(data))]
    rows = rows.assign(label=axis_words(rows, terms=data.terms))
    is_stated = rows["label"].ne(NOT_STATED)
    has = is_stated.groupby([rows["axis"], rows["trial_id"]]).transform("any")
    frame = (
        rows.assign(trial_id=rows["trial_id"].where(is_stated | ~has))
        .groupby(["axis", "label"], observed=True, sort=False)
        .agg(n_trials=("trial_id", "nunique"), n_arms=("trial_id", "size"))
        .reset_index()
        .assign(is_last=lambda rows: rows["label"].eq(NOT_STATED))
        .sort_values(["axis", "is_last", "n_trials"], ascending=[True, True, False])
        .drop(columns="is_last")
        .reset_index(drop=True)
    )
    return table_of(
        "tbl-own-labels",
        "Labels by vocabularies of the user’s own, control arms included. Unit: "
        f"trials, N = {len(data.trials):,}, and arms. A trial with two labels counts "
        "once in each row, and as not stated where none of its arms states one.",
        frame,
        Column("Kind of label", 2, lambda row: markdown_text(field_name(row["axis"]))),
        Column("Label", 4, "label"),
        numbers("Trials", 1, "n_trials"),
        numbers("Arms", 1, "n_arms"),
        empty_text="No vocabulary of the user’s own adds a kind of label.",
    )


#: Headers of columns of numbers in a figure's small table.
_HEADERS = {
    "trial_id": "Trial",
    "n": "Trials",
    "n_trials": "Trials",
    "n_of_source": "Trials of the source",
    "n_of_route": "Trials of the route",
    "n_sized": "Trials that state them",
    "n_due": "Due",
    "n_actual": "Due by an actual date",
    "n_planned": "Due by a planned date",
    "n_untyped": "Type not stated",
    "n_primary": "Primary",
    "n_secondary": "Secondary",
    "n_other": "Other",
    "n_endpoints": "Endpoints",
    "n_time_frame": "Endpoints with a time",
    "route_groups": "Routes",
    "n_arms": "Arms",
    "days": "Days",
    "months": "Months",
    "is_approximate": "Approximate",
    "is_partial": "Year not yet over",
    "route_family": "Kind of route",
    "relation": "Donor",
}
#: Columns that say nothing that another column of the same frame does not.
_REDUNDANT = ["n_total", "source_family", "n_stated"]
#: Columns that a more exact one stands for, where the frame has it.
_LESS = {"route_groups": "route_group", "start_date": "start_earliest start_latest"}


def small_table(frame: pd.DataFrame, *, label: str, what: str = "") -> Table | None:
    """Return the numbers of a figure that has too few trials to be drawn.

    Parameters
    ----------
    frame
        The figure's summary frame; rows that count nothing are left out.
    label
        The figure's label, `fig-x`; the table's is `tbl-x`.
    what
        What the figure shows, to begin the caption with.

    Returns
    -------
    Table or None
        None where there is nothing to show.
    """
    less = [n for better, own in _LESS.items() if better in frame for n in own.split()]
    kept = frame.drop(columns=[*_REDUNDANT, *less], errors="ignore")
    count = next((name for name in ("n", "n_trials", "n_arms") if name in kept), "")
    if count:
        kept = kept[kept[count].gt(0)].reset_index(drop=True)
    if "is_partial" in kept and not kept["is_partial"].fillna(False).any():
        kept = kept.drop(columns="is_partial")
    if kept.empty or not usable(frame):
        return None
    n = frame.attrs.get("n_trials", usable(frame))
    return table_of(
        label.replace("fig-", "tbl-", 1),
        f"{what and f'{what}, in numbers. '}Too few trials for a figure; N = {n:,}.",
        kept,
        *(_small_column(kept[name], _header(str(name), count)) for name in kept),
    )


def _header(name: str, count: str) -> str:
    """Return the header of a column; two columns never have one."""
    if name == "n_trials" and count == "n":
        return "Trials in all"
    return _HEADERS.get(name) or field_name(name)


def _small_column(values: pd.Series, header: str) -> Column:
    name = str(values.name)
    # A year is no amount.
    if pd.api.types.is_numeric_dtype(values) and name != "year":
        return numbers(header, 1, lambda row: _small_cell(row[name], name))
    return Column(header, 2.5, lambda row: _small_cell(row[name], name))


def _small_cell(value: Any, name: str) -> str:
    if is_missing(value):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if name == "trial_id":
        return trial_link(value)
    if name == "year":
        return str(value)
    if isinstance(value, float):
        return number(value, 2)
    column = codebook()["trials"].get(name)
    if column and column.levels:
        return markdown_text(word(value, name))
    return cell(short_word(value, name) if name == "relation" else value)


def build(data: Trials, *, as_of: Day, parameters: Mapping[str, Any] = {}) -> Table:
    """Return how the report was made: versions, rules, parameters and build id.

    The same facts, and the SHA-256 of every file read and written, stand in
    `report.json` beside the report.
    """
    own = versions()
    given = [f"{k} = {v}" for k, v in parameters.items() if v not in ("", [], None)]
    facts = {
        "Build": build_id(data, as_of=as_of),
        "trialkit": own.pop("trialkit"),
        "Vocabulary": f"SHA-256 {vocabulary_hash()[:12]}",
        **({"Labeling rules": rules_version()} if gives_cells(data) else {}),
        "Libraries": "; ".join(f"{name} {version}" for name, version in own.items()),
        "Parameters": "; ".join(given) or "all as they come",
        "Data cut-off": f"{pd.Timestamp(as_of):%Y-%m-%d}",
        "Time zone, random numbers": "none are used: dates are days, and nothing is "
        "drawn at random",
        "Files read": _inputs(data),
    }
    return _facts_table(
        "tbl-build",
        f"How this report on {counted(len(data), 'trial')} was made. The same records "
        "and parameters give the same files; `report.json` beside them holds these "
        "facts with the SHA-256 of every file.",
        facts,
        ("Fact", "Value"),
    )


def glossary(data: Trials, *, as_of: Day) -> Table:
    """Return what the words of the report mean."""
    terms = dict(report_words()["glossary"])
    if not gives_cells(data):
        terms = {k: v for k, v in terms.items() if k not in report_words()["on_cells"]}
    caption = f"Words of this report, N = {len(terms)} terms."
    return _facts_table("tbl-glossary", caption, terms, ("Term", "Meaning"))


def _facts_table(
    label: str,
    caption: str,
    facts: Mapping[str, str],
    headers: tuple[str, str],
) -> Table:
    names = [header.lower() for header in headers]
    frame = pd.DataFrame(facts.items(), columns=names, dtype="string")
    columns = map(Column, headers, (1.6, 6), names)
    return table_of(label, caption, frame, *columns)


#: Files named one by one in the table; `report.json` names all.
_NAMED = 5


def _inputs(data: Trials) -> str:
    sources = data.sources
    names = sources["source_id"].map(source_names(data))
    pairs = zip(names, sources["sha256"], strict=True)
    shown = [f"{name} ({str(digest)[:12]})" for name, digest in pairs][:_NAMED]
    if (more := len(sources) - len(shown)) > 0:
        shown.append(f"{more:,} more")
    n_documents = counted(len(sources), "document")
    return f"{n_documents}: {'; '.join(shown)}" if shown else n_documents


def build_id(data: Trials, *, as_of: Day) -> str:
    """Return a short hash of everything that a report is made from."""
    parts = [
        *sorted(data.sources["sha256"].dropna()),
        *sorted(data.trials["trial_id"]),
        f"{as_day(as_of):%Y-%m-%d}",
        rules_version(),
        __version__,
    ]
    return sha256("\n".join(parts).encode()).hexdigest()[:12]
