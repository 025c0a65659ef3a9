"""The list of trials on the HTML page: every trial, and a script to search it.

The page is complete without the script. The pages of both engines get it once they are
written: the list is made from the data file that goes with the report.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import NamedTuple

from trialkit.codewords import NOT_STATED, short_word
from trialkit.escape import csv_original, html_text
from trialkit.record import trial_address


class _Column(NamedTuple):
    """A column of the list: its head, and whether readers can filter by it."""

    head: str
    is_facet: bool = False
    is_number: bool = False
    axis: str = ""


#: Columns of the data file that the list shows, in order.
_COLUMNS = {
    "trial_id": _Column("Registry id"),
    "short_title": _Column("Trial"),
    "conditions": _Column("Condition", is_facet=True),
    "routes": _Column("Route", is_facet=True, axis="route_group"),
    "cell_sources": _Column("Cell source", is_facet=True, axis="cell_source"),
    "enrollment": _Column("Participants", is_number=True),
    "years": _Column("Years"),
    "countries": _Column("Country", is_facet=True),
    "status": _Column("Status", is_facet=True),
}
_FILE = re.compile(r"-data/tbl-trial-lines\.csv$")
_LINK = re.compile(r'href="[^"]*-data/tbl-trial-lines\.csv"')
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)


def with_finder(page: bytes, data: Mapping[str, bytes]) -> bytes:
    """Return an HTML page whose list of trials is whole and can be searched.

    Parameters
    ----------
    page
        A page of either engine.
    data
        The report's data files by path; without a list of trials the page stays as it
        is.
    """
    listed = next((text for path, text in data.items() if _FILE.search(path)), b"")
    text = page.decode("utf-8")
    place = _LINK.search(text)
    if not listed or place is None:
        return page
    made = _table(listed.decode("utf-8-sig"))
    start = text.rfind('id="tbl-trial-lines"', 0, place.start())
    if start >= 0 and (found := _TABLE.search(text, start)):
        text = text[: found.start()] + made + text[found.end() :]
    else:
        box = '<div class="table-box" role="group" aria-label="Trials" tabindex="0">'
        end = text.index("</p>", place.end()) + len("</p>")
        text = f"{text[:end]}\n{box}{made}</div>{text[end:]}"
    return _with_script(text).encode("utf-8")


def _with_script(text: str) -> str:
    """Return a page with style and script, which its content policy lets run."""
    assets = files("trialkit.report.render") / "assets"
    script = (assets / "finder.js").read_text(encoding="utf-8")
    style = (assets / "finder.css").read_text(encoding="utf-8")
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    allowed = f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'; "
    text = text.replace(
        "content=\"default-src 'none'; ",
        f"content=\"default-src 'none'; {allowed}",
        1,
    )
    head, mark, rest = text.rpartition("</body>")
    return f"{head}<style>{style}</style>\n<script>{script}</script>\n{mark}{rest}"


def _table(text: str) -> str:
    """Return the list as an HTML table, every cell escaped."""
    rows = list(csv.DictReader(io.StringIO(text)))
    shown = {name: c for name, c in _COLUMNS.items() if rows and name in rows[0]}
    heads = "".join(
        f'<th scope="col"{_class(column)}{_facet(column)}>{column.head}</th>'
        for column in shown.values()
    )
    body = "\n".join(f"<tr>{''.join(_cells(row, shown))}</tr>" for row in rows)
    return (
        f'<table class="finder"><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table>"
    )


def _cells(row: Mapping[str, str], shown: Mapping[str, _Column]) -> Iterator[str]:
    for name, column in shown.items():
        value = csv_original(row[name])
        if column.axis:  # in the words of the figures, whose rows choose them
            words = (short_word(part, column.axis) for part in value.split("; "))
            value = "; ".join(dict.fromkeys(words))
        text = html_text(value or NOT_STATED)
        if name == "trial_id" and (address := trial_address(value)):
            text = f'<a href="{html_text(address)}">{text}</a>'
        yield f"<td{_class(column)}>{text}</td>"


def _facet(column: _Column) -> str:
    return ' data-facet="1"' if column.is_facet else ""


def _class(column: _Column) -> str:
    return ' class="n"' if column.is_number else ""
