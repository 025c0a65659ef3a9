"""Vocabulary, own labels, build and glossary; the numbers behind a figure."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.codebook import codebook
from trialkit.dates import as_day
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.flow import source_names
from trialkit.summarize.groups import axis_words, ids_of, own_axes
from trialkit.summarize.wording import (
    NOT_STATED,
    counted,
    field_name,
    word,
)
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    is_missing,
    records,
    trial_link,
)
from trialkit.version import __version__, rules_version, versions, vocabulary_hash

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


#: Axes whose vocabulary the appendix prints, as far as it occurs in the trials.
_AXES = ("delivery_mode", "route", "cell_type", "cell_source", "donor")


def vocabulary(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
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
    is_first = ~frame["axis"].duplicated()
    rows = [
        (
            markdown_text(field_name(row["axis"])) if first else "",
            markdown_text(row["id"]),
            markdown_text(row["label"]),
            cell(row["group"]) if row["group"] else "–",
            cell(row["code"]) if row["code"] else "–",
        )
        for row, first in zip(records(frame), is_first, strict=True)
    ]
    return Table(
        label="tbl-vocabulary",
        caption="Vocabulary of the labels in this report, with the group used in "
        "figures and the standard code (NCI Thesaurus for routes, Cell Ontology and "
        f"UBERON for cells and tissues). Unit: terms, N = {len(frame):,}. A dash "
        f"means that there is none. {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Axis", 1.8),
            Column("Id", 1.9),
            Column("Label", 4),
            Column("Group in figures", 2.6),
            Column("Code", 1.8),
        ),
        rows=tuple(rows),
        empty_text="No labels.",
    )


def own_labels(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
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
        .assign(is_last=lambda made: made["label"].eq(NOT_STATED))
        .sort_values(["axis", "is_last", "n_trials"], ascending=[True, True, False])
        .drop(columns="is_last")
        .reset_index(drop=True)
    )
    return Table(
        label="tbl-own-labels",
        caption="Labels by vocabularies of the user’s own, control arms included. "
        f"Unit: trials, N = {len(data.trials):,}, and arms. A trial with two labels "
        "counts once in each row, and as not stated where none of its arms states one. "
        f"{cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Axis", 2),
            Column("Label", 4),
            Column("Trials", 1, "right"),
            Column("Arms", 1, "right"),
        ),
        rows=tuple(
            (
                markdown_text(field_name(row["axis"])),
                cell(row["label"]),
                cell(row["n_trials"]),
                cell(row["n_arms"]),
            )
            for row in records(frame)
        ),
        empty_text="No vocabulary of the user’s own adds an axis.",
    )


#: Headers of columns of numbers in a figure's small table.
_HEADERS = {
    "trial_id": "Trial",
    "n": "Trials",
    "n_trials": "Trials",
    "n_arms": "Arms",
    "days": "Days",
    "months": "Months",
    "is_approximate": "Approximate",
    "is_partial": "Not over at the cut-off",
}


#: Columns that say nothing that another column of the same frame does not.
_REDUNDANT = ("n_total", "source_family", "route_groups", "n_stated")


def small_table(frame: pd.DataFrame, *, label: str) -> Table | None:
    """Return the numbers of a figure that has too few trials to be drawn.

    Parameters
    ----------
    frame
        The figure's summary frame; rows that count nothing are left out.
    label
        The figure's label, `fig-x`; the table's is `tbl-x`.

    Returns
    -------
    Table or None
        None where there is nothing to show.
    """
    kept = frame.drop(columns=[name for name in _REDUNDANT if name in frame])
    numbers = [name for name in ("n", "n_trials", "n_arms") if name in kept]
    if numbers:
        kept = kept[kept[numbers].gt(0).any(axis=1)].reset_index(drop=True)
    if kept.empty:
        return None
    names = [str(name) for name in kept.columns]
    is_number = {name: pd.api.types.is_numeric_dtype(kept[name]) for name in names}
    n = frame.attrs.get("n_trials", summarize.usable(frame))
    return Table(
        label=label.replace("fig-", "tbl-", 1),
        caption="The numbers behind a figure that is not drawn because there are too "
        f"few trials. Unit: trials, N = {n:,}. Rows that count nothing are left out.",
        frame=kept,
        columns=tuple(
            Column(
                _HEADERS.get(name) or field_name(name),
                1 if is_number[name] else 2.5,
                "right" if is_number[name] else "left",
            )
            for name in names
        ),
        rows=tuple(
            tuple(_small_cell(row[name], name) for name in names)
            for row in records(kept)
        ),
        notes=(MISSING_NOTE,) if kept.isna().any(axis=None) else (),
    )


def _small_cell(value: Any, name: str) -> str:
    if is_missing(value):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    levels = codebook()["trials"].get(name)
    if name == "trial_id":
        return trial_link(value)
    if name == "year":
        return str(value)
    return markdown_text(word(value, name)) if levels and levels.levels else cell(value)


def build(
    data: Trials, *, as_of: str | pd.Timestamp, parameters: Mapping[str, Any] = {}
) -> Table:
    """Return how the report was made: versions, rules, parameters and build id.

    The same facts, and the SHA-256 of every file read and written, stand in
    `report.json` beside the report.
    """
    own = versions()
    day = f"{pd.Timestamp(as_of):%Y-%m-%d}"
    given = {
        name: value for name, value in parameters.items() if value not in ("", [], None)
    }
    facts = {
        "Build": build_id(data, as_of=as_of),
        "trialkit": own.pop("trialkit"),
        "Vocabulary": f"SHA-256 {vocabulary_hash()[:12]}",
        "Labeling rules": rules_version(),
        "Libraries": "; ".join(f"{name} {version}" for name, version in own.items()),
        "Parameters": "; ".join(f"{name} = {value}" for name, value in given.items())
        or "all as they come",
        "Data cut-off": day,
        "Time zone, random numbers": "none are used: dates are days, and nothing is "
        "drawn at random",
        "Files read": _inputs(data),
    }
    frame = pd.DataFrame({"fact": list(facts), "value": list(facts.values())})
    return Table(
        label="tbl-build",
        caption=f"How this report on {counted(len(data), 'trial')} was made. The same "
        "records and parameters give the same files; `report.json` beside them holds "
        f"these facts with the SHA-256 of every file. {cut_off(as_of)}",
        frame=frame.astype("string"),
        columns=(Column("Fact", 1.6), Column("Value", 6)),
        rows=tuple((markdown_text(k), markdown_text(v)) for k, v in facts.items()),
    )


#: Files named one by one in the table; `report.json` names all.
_NAMED = 5


def _inputs(data: Trials) -> str:
    sources = data.sources
    names = sources["source_id"].map(source_names(data))
    pairs = zip(names, sources["sha256"], strict=True)
    shown = [f"{name} ({str(digest)[:12]})" for name, digest in pairs][:_NAMED]
    more = len(sources) - len(shown)
    listed = [*shown, f"{more:,} more"] if more > 0 else shown
    return ": ".join(
        filter(None, [counted(len(sources), "document"), "; ".join(listed)])
    )


#: What the report's words mean, for readers who do not know registers.
_GLOSSARY = {
    "Arm": "A group of participants that gets the same. An implicit arm stands for a "
    "record that describes none.",
    "Actual, planned": "A number or date that the register calls actual has been "
    "reached; one that it calls estimated is planned.",
    "Allogeneic, autologous": "Cells of another person; the participant’s own cells.",
    "Conflict (†)": "Two sources, or two parts of a record, give different values.",
    "Cut-off": "The day up to which the records are taken to know anything.",
    "Extracorporeal": "Outside the body: blood or plasma passes a device that holds "
    "the cells and returns; the cells stay in the device.",
    "Inferred": "Concluded by a rule and not stated by any source; always shown apart.",
    "Lay page": "A page that rewrites a record for the public.",
    "Mirror": "A page that copies a register’s record, often with fields missing.",
    "Not applicable": "A value that registers give, such as the phase of a study "
    "without phases.",
    "Not stated (ns)": "No source gives the value. It says nothing about the trial.",
    "Positional": "Read from its place in a mirror that lost the field’s name.",
    "Route, site, access": "The way by which cells reach the body; the place they are "
    "put; the vessel or technique used to get there.",
    "Trial": "One registered study, counted once however many pages speak of it.",
}


def glossary(data: Trials, *, as_of: str | pd.Timestamp) -> Table:
    """Return what the words of the report mean."""
    frame = pd.DataFrame({"term": list(_GLOSSARY), "meaning": list(_GLOSSARY.values())})
    return Table(
        label="tbl-glossary",
        caption=f"Words of this report, N = {len(_GLOSSARY)} terms. {cut_off(as_of)}",
        frame=frame.astype("string"),
        columns=(Column("Term", 1.6), Column("Meaning", 6)),
        rows=tuple((cell(term), cell(text)) for term, text in _GLOSSARY.items()),
    )


def build_id(data: Trials, *, as_of: str | pd.Timestamp) -> str:
    """Return a short name of what a report is made from: the same input, the same id.

    It is a hash of the SHA-256 of every file read, the trials chosen from them, the
    cut-off, what labels them (rules, vocabularies, code) and the version of trialkit.
    """
    parts = [
        *sorted(data.sources["sha256"].dropna()),
        *sorted(data.trials["trial_id"]),
        f"{as_day(as_of):%Y-%m-%d}",
        rules_version(),
        __version__,
    ]
    return sha256("\n".join(parts).encode()).hexdigest()[:12]
