"""Key facts, characteristics, and one row per trial."""

from __future__ import annotations

from collections.abc import Callable

from trialkit import summarize
from trialkit.escape import MISSING, markdown_text
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import PERCENT_FROM, share_text
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import NOT_STATED, counted, word
from trialkit.tables.accuracy import accuracy_words
from trialkit.tables.cells import pairs_cell
from trialkit.tables.content import (
    DAGGER,
    MISSING_NOTE,
    Row,
    cell,
    coded,
    is_missing,
    linked,
    listed,
    records,
    stack,
    stated,
)
from trialkit.tables.table import Column, Table, first_rows, limited, numbers, table_of
from trialkit.tidy.trials import Trials

_DAGGER_NOTE = (
    f"{DAGGER} Two sources, or two parts of one record, give different values; "
    "the table of conflicting values shows both."
)


def key_facts(data: Trials, *, as_of: Day) -> Table:
    """Return the report's key facts."""
    frame = summarize.key_facts(data, as_of=as_of)
    others = int(data.trials["is_cell_trial"].eq(False).fillna(False).sum())
    left = (
        f" Rows on routes, cells, donors and doses leave out the {others:,} without a "
        "cell product."
    )
    accuracy = {"label": "Label accuracy", "value": accuracy_words(), "total": None}
    has_cells = gives_cells(data)
    several = "two routes, sources or countries" if has_cells else "two countries"
    return table_of(
        "tbl-key-facts",
        f"Key facts of {counted(len(data.trials), 'trial')}. Each row names its unit. "
        f"A trial with {several} counts once in each, so such numbers can sum to more "
        f"than N.{left if others and has_cells else ''} What no source states is "
        "counted as not stated.",
        frame,
        Column("Fact", 2, "label"),
        Column("Value", 5, _fact),
        rows=[*records(frame), *([accuracy] if has_cells else [])],
        notes=(),
    )


def _fact(row: Row) -> str:
    if is_missing(row["value"]) and row["total"] is not None:
        return share_text(row["n"], row["total"])
    return cell(row["value"])


def characteristics(data: Trials, *, as_of: Day) -> Table:
    """Return the design, status, place, size and start of the trials."""
    frame = summarize.characteristics(data)
    total = len(data.trials)
    if total >= PERCENT_FROM:
        words = "Shares with Wilson 95 % intervals."
        count = numbers("Trials", 1.2, "n")
        shares = [count, numbers("Share (95 % interval)", 2.2, _share)]
    else:
        words = "Trials are counted, without percentages, because N is below 20."
        shares = [numbers("Trials", 1.2, lambda row: f"{row['n']:,}/{total:,}")]
    field = frame["field"].mask(frame["block"].duplicated(), "")
    return table_of(
        "tbl-characteristics",
        f"Characteristics of the trials. Unit: trials, N = {total:,}. {words} A trial "
        "in two countries or conditions counts in both. Not applicable is a "
        "registered value; not stated has a row of its own.",
        frame,
        Column("Characteristic", 3, lambda row: markdown_text(row["field"])),
        Column("Level", 4, "level"),
        *shares,
        rows=frame.assign(field=field),
        notes=(),
    )


def _share(row: Row) -> str:
    low, high = row["ci_low"], row["ci_high"]
    return f"{row['percent']:.1f} % ({low:.1f}–{high:.1f})"


#: The fields that each column of the trial table shows; others stand under "Trial".
_FIELDS = {
    "Conditions": ["conditions"],
    "Phase, status": ["phase", "overall_status", "site_status"],
    "Participants": ["enrollment", "enrollment_type"],
    "Start → completion": ["start_date", "completion_date", "primary_completion_date"],
    "Country; lead sponsor": ["countries", "sites", "sponsors", "lead_sponsor"],
}
_COLUMN_OF = {field: column for column, fields in _FIELDS.items() for field in fields}


@limited(400)
def trials(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return the trials, one row each."""
    frame = summarize.trials(data)
    head, cut = first_rows(frame, limit)
    has_dagger = bool(head["differing"].notna().any())
    on_cells: tuple[Column, ...] = ()
    signs = ""
    if gives_cells(data):
        on_cells = (
            Column("Route", 2.1, lambda row: stated(row["routes"])),
            Column("Cell type ← source; donor", 2.7, _product),
        )
        signs = (
            " “vs” stands between routes that arms compare; an arrow leads from the "
            "cell type back to its source."
        )
    return table_of(
        "tbl-trials",
        f"The trials, by start date. Unit: trials, N = {len(frame):,}.{cut}{signs}",
        frame,
        Column("Trial", 3.2, _title),
        _marked("Conditions", 2, lambda row: listed(row["conditions"])),
        _marked("Phase, status", 1.7, _status),
        *on_cells,
        _marked("Participants", 1.5, participants),
        _marked("Start → completion", 1.6, _dates),
        _marked("Country; lead sponsor", 2.2, _place),
        rows=head,
        notes=(MISSING_NOTE, *((_DAGGER_NOTE,) if has_dagger else ())),
        is_wide=True,
    )


def _marked(header: str, width: float, content: Callable[[Row], str]) -> Column:
    """Return a column with a dagger where sources differ on what it shows."""
    return Column(header, width, lambda row: content(row) + _mark(row, header))


def _mark(row: Row, header: str) -> str:
    fields = row["differing"].split("; ") if row["differing"] else []
    is_odd = any(_COLUMN_OF.get(field, "Trial") == header for field in fields)
    return f" {DAGGER}" if is_odd else ""


def _title(row: Row) -> str:
    title = cell(row["title"]) + (_LAY_TITLE if row["is_lay_title"] else "")
    return f"{linked(row)}{_mark(row, 'Trial')} {title}"


_LAY_TITLE = " (headline of a lay page)"


def lay_title(row: Row) -> str:
    """Return what follows a title that no register gives, for a row of `trials`."""
    names = (row["brief_title"], row["official_title"])
    is_lay = row["display_title"] is not None and not any(names)
    return _LAY_TITLE if is_lay else ""


def _status(row: Row) -> str:
    group = row["phase_group"]
    phase = coded(group, "phase_group")
    if group == "NA":
        phase = "Phase not applicable"
    elif group == NOT_STATED:
        phase = f"Phase {MISSING}"
    return stack(phase, coded(row["overall_status"], "overall_status"))


def _product(row: Row) -> str:
    products, donors = row["products"], row["donors"]
    donor = "" if donors is None else markdown_text(donors.lower())
    if donors == NOT_STATED:
        donor = f"donor {MISSING}"
    return stack("no cell product" if products is None else pairs_cell(products), donor)


def _dates(row: Row) -> str:
    return f"{cell(row['start_date'])} → {cell(row['completion_date'])}"


def _place(row: Row) -> str:
    return stack(listed(row["countries"]), cell(row["lead_sponsor"]))


def participants(row: Row) -> str:
    """Return the number of participants of a trial with its type as a cell."""
    enrollment, kind = row["enrollment"], row["enrollment_type"]
    if is_missing(enrollment):
        return MISSING
    words = word(kind, "enrollment_type").lower()
    shown = f"type {MISSING}" if is_missing(kind) else markdown_text(words)
    return f"{int(enrollment or 0):,} ({shown})"


@limited(60)
def trial_lines(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return the trials, one short line each; of more than 60 none."""
    frame = summarize.trial_lines(data)
    shown = frame if limit is None or len(frame) <= limit else frame.head(0)
    return table_of(
        "tbl-trial-lines",
        f"The trials, by start. N = {len(frame):,}.",
        frame,
        Column("Registry id", 2.1, linked),
        Column("Trial", 5.2, lambda row: _cut(row["short_title"], 52)),
        Column("Condition", 3.0, lambda row: _cut(row["condition"], 30)),
        Column("Route", 2.3, lambda row: _cut(row["routes"], 30)),
        Column("Cell source", 2.2, lambda row: _cut(row["cell_sources"], 26)),
        numbers("n", 0.9, "enrollment"),
        Column("Years", 1.3, "years"),
        Column("Country", 1.9, "country"),
        Column("Status", 2.1, "status"),
        rows=shown,
        notes=(),
        empty_text=f"The {len(frame):,} trials stand in the page’s table of trials and "
        "in the data file, one line each.",
    )


def _cut(text: str | None, longest: int) -> str:
    """Return a text as a cell, cut between words; "Not stated" where there is none."""
    if is_missing(text):
        return f"*{NOT_STATED}*"
    words = str(text)
    if len(words) > longest:
        words = words[:longest].rpartition(" ")[0].rstrip(" ,;:") + "…"
    return markdown_text(words)
