"""What changed since an earlier report; how this one was made; what its words mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize
from trialkit.dates import as_day
from trialkit.escape import markdown_text
from trialkit.summarize.history import ADDED, CHANGED, REMOVED, Earlier
from trialkit.summarize.quality import source_names
from trialkit.summarize.wording import counted, field_name
from trialkit.tables.table import (
    MISSING_NOTE,
    Column,
    Table,
    cell,
    cut_off,
    field_value,
    first_rows,
    records,
    trial_link,
)
from trialkit.version import __version__, rules_version, versions, vocabulary_hash

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials

_ORDER = {ADDED: "Added", REMOVED: "Removed", CHANGED: "Changed"}
#: Longest value of a change that is shown whole.
_LONGEST = 120


def changes(
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    earlier: Earlier | None = None,
    limit: int | None = None,
) -> Table:
    """Return what was added, removed or changed since an earlier report or store."""
    frame = summarize.changes(data, earlier)
    head, cut = first_rows(frame, limit)
    value = partial(field_value, longest=_LONGEST)
    rows = [
        (
            trial_link(row["trial_id"]),
            _ORDER[row["change"]],
            "–" if row["field"] is None else markdown_text(field_name(row["field"])),
            value(row["before"], row["field"]) if row["change"] == CHANGED else "–",
            "–" if row["change"] == REMOVED else value(row["now"], row["field"]),
        )
        for row in records(head)
    ]
    sums = ""
    if earlier is not None:
        known = frame.attrs
        sums = (
            f"Added {known['n_added']:,}, removed {known['n_removed']:,}, changed "
            f"{known['n_changed']:,}; {counted(known['n_before'], 'trial')} then, "
            f"{known['n_trials']:,} now. "
        )
    return Table(
        label="tbl-changes",
        caption=f"Changes since the earlier report “{markdown_text(_name(earlier))}”. "
        f"{sums}A changed label can come from the record or from newer rules. Unit: "
        f"changes, N = {len(frame):,}.{cut} {cut_off(as_of)}",
        frame=frame,
        columns=(
            Column("Trial", 1.5),
            Column("Change", 1),
            Column("Field", 1.5),
            Column("Before", 3),
            Column("Now (title, where added)", 3),
        ),
        rows=tuple(rows),
        notes=(MISSING_NOTE,),
        empty_text="No earlier report was given to compare with."
        if earlier is None
        else f"Nothing has changed since “{markdown_text(_name(earlier))}”.",
    )


def _name(earlier: Earlier | None) -> str:
    return "none" if earlier is None else earlier.name


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
