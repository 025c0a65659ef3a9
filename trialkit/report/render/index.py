"""The page that lists the reports of a catalogue, in the look of the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trialkit.escape import html_text
from trialkit.report.render.html import page

_WORDS = {"html": "HTML", "pdf": "PDF"}


@dataclass(frozen=True)
class IndexRow:
    """A report on the page; `files` are links by format, `failure` is its error."""

    name: str
    title: str
    cut_off: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""


def write_page(rows: Sequence[IndexRow]) -> str:
    """Return the page, which needs no other file."""
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Report", "Title", "Data cut-off", "Contents", "Files")
    )
    body = "".join(map(_row, rows))
    table = (
        '<div class="table-box" role="group" aria-label="Reports" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    return page(title="Reports", cover="<h1>Reports</h1>", body=table)


def _row(row: IndexRow) -> str:
    links = [
        f'<a href="{html_text(path)}">{_WORDS[kind]}<span class="unseen"> of'
        f" {html_text(row.name)}</span></a>"
        for kind, path in row.files.items()
    ]
    files = ", ".join(links) or "not made yet"
    if row.failure:
        kept = "; these files are of its last good run: " if links else "; "
        files = f"<strong>Failed:</strong> {html_text(row.failure)}{kept}{files}"
    facts = "; ".join(f"{name}: {value}" for name, value in row.facts.items())
    # A day stays on one line.
    cells = (row.title, row.cut_off.replace("-", "\u2011"), facts)
    return (
        f'<tr><th scope="row">{html_text(row.name)}</th>'
        + "".join(f"<td>{html_text(cell)}</td>" for cell in cells)
        + f"<td>{files}</td></tr>"
    )
