"""Key facts, characteristics, and one row per trial."""

from __future__ import annotations

import re
from collections.abc import Callable

from trialkit import summarize
from trialkit.codewords import short_word
from trialkit.escape import MISSING, markdown_text
from trialkit.plural import capital
from trialkit.summarize.counted import Day
from trialkit.summarize.statistics import PERCENT_FROM, share_text
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import NOT_STATED, counted, word
from trialkit.tables.accuracy import accuracy_sentence
from trialkit.tables.cells import pairs_cell
from trialkit.tables.content import (
    DAGGER,
    Row,
    cell,
    coded,
    is_missing,
    linked,
    listed,
    records,
    stack,
    stated,
    stated_as,
)
from trialkit.tables.details import trial_details
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
    told = accuracy_sentence(data)
    accuracy = {
        "label": "Label accuracy",
        "value": capital(told),
        "total": None,
    }
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
        notes=(_DAGGER_NOTE,) if has_dagger else (),
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
    title = stated_as("title", row["title"]) + (
        _LAY_TITLE if row["is_lay_title"] else ""
    )
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


#: Widths of the columns of the list of trials in print (mm): whole hundredths of the
#: width of the text, as the dashes of a Markdown table can give. The blank of each.
_WIDTHS = {
    **{"Registry id": 17.4, "Trial": 36.5, "Condition": 26.1, "Route": 17.4},
    **{"Cell source": 19.1, "n": 7.0, "Years": 13.9, "Country": 15.7, "Status": 20.9},
    "Given": 36.5,  # for route and cell source
}
_BLANK = 1.5
#: The words that fill half of most titles, and what people write for them.
_MSC = re.compile(r"(?i)\bmesenchymal (?:stem|stromal) cells?\b")
#: Widths of letters by their kind, in units of the type size; and that size (mm).
_NARROW, _WIDE = frozenset("fijlrt.,;:'’()I|/- "), frozenset("mwMWOQGD@%&+—…")
_NARROW_EM, _OTHER_EM, _CAPITAL_EM, _WIDE_EM = 0.29, 0.5, 0.58, 0.82
_TYPE = 7.5 * 25.4 / 72
_FULL = 0x2E80  # scripts whose letters are as wide as high begin here


@limited(60)
def trial_lines(data: Trials, *, as_of: Day, limit: int | None = None) -> Table:
    """Return the trials, one short line each; of more than 60 none."""
    frame = summarize.trial_lines(data)
    shown = frame if limit is None or len(frame) <= limit else frame.head(0)
    is_silent = bool(shown["enrollment"].isna().any())
    missing = " A dash: no number of participants stated." if is_silent else ""
    cells = (
        _line("Route", lambda row: _several(row["routes"], "route_group", "Route")),
        _line(
            "Cell source",
            lambda row: _several(row["cell_sources"], "cell_source", "Cell source"),
        ),
    )
    given = (_line("Given", lambda row: _several(row["interventions"], "", "Given")),)
    return table_of(
        "tbl-trial-lines",
        f"The trials, by start. N = {len(frame):,}.{missing}",
        frame,
        Column("Registry id", _WIDTHS["Registry id"], linked),
        _line("Trial", lambda row: _MSC.sub("MSC", row["short_title"] or "")),
        _line(
            "Condition",
            lambda row: _several(row["conditions"], "condition", "Condition"),
        ),
        *(cells if gives_cells(data) else given),
        numbers("n", _WIDTHS["n"], lambda row: _number(row["enrollment"])),
        _line("Years", lambda row: row["years"]),
        _line(
            "Country", lambda row: _several(row["countries"], "countries", "Country")
        ),
        _line("Status", lambda row: short_word(row["status"], "overall_status")),
        rows=shown,
        empty_text=f"The {len(frame):,} trials stand in the HTML report’s table of "
        "trials and in the data file, one line each.",
        is_compact=True,
        details=trial_details(data),
    )


def _line(header: str, content: Callable[[Row], str | None]) -> Column:
    """Return a column whose cells stay on one line."""
    width = _WIDTHS[header]
    return Column(header, width, lambda row: _cut(content(row), width - _BLANK))


def _number(value: float | None) -> str:
    return "*–*" if is_missing(value) else f"{int(value or 0):,}"


def _several(text: str | None, column: str, header: str) -> str | None:
    """Return the members of a list in short words, or the first and how many more."""
    if is_missing(text) or text == NOT_STATED:
        return None
    names = str(text).split("; ")
    first, *others = dict.fromkeys(_short(name, column) for name in names)
    whole = " + ".join([first, *others])
    room = _WIDTHS[header] - _BLANK
    if not others or _mm(whole) <= room:
        return whole
    more = f" +{len(others)}"
    return _shortened(first, room - _mm(more)) + more


def _short(name: str, column: str) -> str:
    """Return a level in the words of the list, else in those of figures."""
    listed = short_word(name, f"{column}_list")
    return short_word(name, column) if listed == name else listed


def _mm(text: str) -> float:
    """Return about how wide a text is in print (mm), rather more than less."""
    ems = 0.0
    for letter in text:
        if ord(letter) > _FULL:
            ems += 1.0
        elif letter in _NARROW:
            ems += _NARROW_EM
        elif letter in _WIDE:
            ems += _WIDE_EM
        else:
            ems += _CAPITAL_EM if letter.isupper() else _OTHER_EM
    return ems * _TYPE


def _cut(text: str | None, longest: float) -> str:
    """Return a text as a cell, cut between words; "Not stated" where there is none."""
    if is_missing(text) or text == NOT_STATED:
        return f"*{NOT_STATED}*"
    return markdown_text(_shortened(str(text), longest))


def _shortened(text: str, room: float) -> str:
    """Return a text that fits a room (mm), cut between words where it can be."""
    if _mm(text) <= room:
        return text
    fits = next(n for n in range(len(text), -1, -1) if _mm(text[:n] + "…") <= room)
    head = text[:fits]
    if not text[fits : fits + 1].isspace():
        head = (re.match(r".*[ -]", head) or [head])[0]
    return head.rstrip(" ,;:(/-") + "…"
