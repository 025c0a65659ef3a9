"""The list of trials as an HTML table: a row each, and what stands behind it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from trialkit.codewords import NO_PRODUCT, NOT_STATED, short_word
from trialkit.escape import csv_original, html_text
from trialkit.files import data_rows
from trialkit.record import trial_address


class _Column(NamedTuple):
    """A column of the list: its head, and whether readers can filter by it.

    A hidden one is there for its filter alone, and for what is taken along.
    """

    head: str
    is_facet: bool = False
    is_number: bool = False
    is_searched: bool = False
    has_kinds: bool = False
    axis: str = ""
    is_hidden: bool = False


#: Columns of the data file that the list shows, in order.
_COLUMNS = {
    "trial_id": _Column("Registry id", is_searched=True),
    "short_title": _Column("Trial", is_searched=True),
    "conditions": _Column("Condition", is_facet=True),
    "routes": _Column("Route", is_facet=True, axis="route_group"),
    "cell_sources": _Column(
        "Cell source", is_facet=True, has_kinds=True, axis="cell_source"
    ),
    "cell_types": _Column(
        "Cell type", is_facet=True, has_kinds=True, axis="cell_type", is_hidden=True
    ),
    "interventions": _Column("Given", is_facet=True),
    "phase": _Column("Phase", is_facet=True, is_hidden=True),
    "enrollment": _Column("Participants", is_number=True),
    "years": _Column("Years"),
    "countries": _Column("Country", is_facet=True),
    "status": _Column("Status", is_facet=True),
}
#: Above so many trials the supplement has no card of each.
_MOST_CARDS = 60
#: What the search looks into besides columns: words of the records, none of ours.
_SEARCHED = ("title", "condition")
_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9-]*")

_Row = Mapping[str, str]


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows of a data file as they were before it was made safe to open.

    Labels are in the words of the figures, whose rows choose them.
    """
    rows = csv.DictReader(io.StringIO(text))
    return [{name: _worded(name, row[name]) for name in row} for row in rows]


def _worded(name: str, value: str) -> str:
    value, axis = csv_original(value), _COLUMNS[name].axis if name in _COLUMNS else ""
    if not axis:
        return value
    words = (short_word(part, axis) for part in value.split("; "))
    return "; ".join(dict.fromkeys(words))


def searched(rows: Sequence[_Row], details: Sequence[_Row]) -> Iterator[str]:
    """Yield the texts that the search of the page looks into."""
    names = [name for name, column in _COLUMNS.items() if column.is_searched]
    for row in rows:
        yield from (row[name] for name in names if row.get(name))
    yield from (row["text"] for row in details if row["kind"] in _SEARCHED)


def table(rows: Sequence[_Row], details: Sequence[_Row], *, supplement: str) -> str:
    """Return the list as an HTML table, every text escaped.

    Parameters
    ----------
    rows, details
        The lines of the trials, and the rows of `trial_details`.
    supplement
        Address of the page with the trial cards; empty: there is none.
    """
    shown = _columns(rows)
    behind: dict[str, list[_Row]] = {}
    for detail in details:
        behind.setdefault(detail["trial_id"], []).append(detail)
    cards = supplement if len(rows) <= _MOST_CARDS else ""
    body = "\n".join(
        f"<tr>{''.join(_cells(row, shown, behind, cards))}</tr>" for row in rows
    )
    heads = "".join(
        f'<th scope="col"{_class(column)}{_marks(column)}>{column.head}</th>'
        for column in shown.values()
    )
    return (
        f'<table class="finder"><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table>{_names(shown)}"
    )


def _columns(rows: Sequence[_Row]) -> dict[str, _Column]:
    """Return the columns of a list: what is given stands where no trial gives cells."""
    there = {name: c for name, c in _COLUMNS.items() if rows and name in rows[0]}
    of_cells = [name for name, column in there.items() if column.axis]
    gives_cells = any(row[name] != NO_PRODUCT for row in rows for name in of_cells)
    out = ["interventions"] if gives_cells else of_cells
    return {name: column for name, column in there.items() if name not in out}


def _names(shown: Mapping[str, _Column]) -> str:
    """Return the style that names each value of a trial on a narrow screen."""
    heads = [column.head for column in shown.values()]
    rules = "".join(
        f'table.finder td:nth-child({place})::before{{content:"{head}"}}'
        for place, head in enumerate(heads, start=1)
        if head not in ("Registry id", "Trial")
    )
    return f"<style>@media (max-width:40rem){{{rules}}}</style>"


def _cells(
    row: _Row,
    shown: Mapping[str, _Column],
    behind: Mapping[str, Sequence[_Row]],
    cards: str,
) -> Iterator[str]:
    for name, column in shown.items():
        value = row[name]
        text = html_text(value or NOT_STATED)
        year = row.get("start_year", "") if name == "years" else ""
        if name == "trial_id":
            own = "".join(_behind(value, behind.get(value, []), cards))
            text = f"<details><summary>{text}</summary><div>{own}</div></details>"
        start = f' data-start="{html_text(year)}"' if year else ""
        yield f"<td{_class(column)}{start}>{text}</td>"


def _behind(trial_id: str, details: Sequence[_Row], cards: str) -> Iterator[str]:
    """Yield what opens under the id of a trial."""
    of = {
        kind: [row for row in details if row["kind"] == kind]
        for kind in ("title", "condition", "arm", "label")
    }
    for row in of["title"]:
        yield f'<p class="t">{html_text(row["text"])}</p>'
    if of["condition"]:
        names = (f"<span>{html_text(row['text'])}</span>" for row in of["condition"])
        yield f'<p class="c">Conditions: {"; ".join(names)}</p>'
    if of["arm"]:
        arms = "".join(map(_arm, of["arm"]))
        yield f"<p>Arms:</p><ul>{arms}</ul>"
    if of["label"]:
        labels = "".join(map(_label, of["label"]))
        yield f"<p>Labels, each with its words:</p><ul>{labels}</ul>"
    links = []
    if address := trial_address(trial_id):
        links.append(f'<a href="{html_text(address)}">Register</a>')
    if cards and _ANCHOR.fullmatch(trial_id):
        place = html_text(f"{cards}#{trial_id}")
        links.append(f'<a href="{place}">Card in the supplement, if made too</a>')
    if links:
        yield f"<p>{' · '.join(links)}</p>"


def _arm(row: _Row) -> str:
    given = f": {html_text(row['text'])}" if row["text"] else ""
    return f"<li><b>{html_text(row['name'])}</b>{given}</li>"


def _label(row: _Row) -> str:
    name, text, place = (html_text(row[part]) for part in ("name", "text", "place"))
    return f"<li><b>{name}</b>: {text} ({place})</li>"


def _marks(column: _Column) -> str:
    """Return what the script has to know of a column."""
    marks = {
        "facet": "1" if column.is_facet else "",
        "searched": "1" if column.is_searched else "",
        "kinds": html_text(_kinds(column.axis)) if column.has_kinds else "",
    }
    return "".join(f' data-{name}="{mark}"' for name, mark in marks.items() if mark)


def _kinds(axis: str) -> str:
    """Return by label of an axis the labels that are kinds of it, as JSON."""
    rows = list(data_rows(f"vocabulary/{axis}.csv"))
    words = {row["id"]: short_word(row["label"], axis) for row in rows}
    kinds: dict[str, list[str]] = {}
    for row in rows:
        if row["parent"] in words:
            kinds.setdefault(words[row["parent"]], []).append(words[row["id"]])
    return json.dumps(kinds, ensure_ascii=False)


def _class(column: _Column) -> str:
    if column.is_hidden:
        return " hidden"
    return ' class="n"' if column.is_number else ""
