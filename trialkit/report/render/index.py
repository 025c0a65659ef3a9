"""The page that lists the reports of a catalogue, in the look of the reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trialkit.escape import html_text
from trialkit.report.render.html import page

_WORDS = {"html": "HTML", "pdf": "PDF"}


def write_page(rows: Iterable[str], *, news: str = "") -> str:
    """Return the page, which needs no other file; `news` is that of what changed."""
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Report", "Files", "Title", "Data cut-off", "Filters", "Contents")
    )
    table = (
        '<div class="table-box" role="group" aria-label="Reports" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    cover = "<h1>Reports</h1>"
    if news:
        cover += f'<p><a href="{html_text(news)}">What changed last</a></p>'
    return page(title="Reports", cover=cover, body=table)


def index_row(
    name: str,
    facts: Mapping[str, Any],
    files: Mapping[str, str],
    failure: str,
    filters: Mapping[str, str],
) -> str:
    """Return the row of a report, with its filters and links to its files by format."""
    links = [
        f'<a href="{html_text(path)}">{_WORDS[kind]}<span class="unseen"> of'
        f" {html_text(name)}</span></a>"
        for kind, path in files.items()
    ]
    told = ", ".join(links) or "not made yet"
    if failure:
        kept = "; these files are of its last good run: " if links else "; "
        told = f"<strong>Failed:</strong> {html_text(failure)}{kept}{told}"
    # A day stays on one line.
    day = (facts.get("cut_off") or "").replace("-", "\u2011")
    contents = "; ".join(f"{k}: {value}" for k, value in facts.get("facts", {}).items())
    chosen = "; ".join(f"{k}: {value}" for k, value in filters.items()) or "none"
    texts = (facts.get("title") or name, day, chosen, contents)
    return (
        # On a telephone the table scrolls, and the files are seen first.
        f'<tr><th scope="row">{html_text(name)}</th><td>{told}</td>'
        + "".join(f"<td>{html_text(text)}</td>" for text in texts)
        + "</tr>"
    )
