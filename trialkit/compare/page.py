"""A comparison as one HTML page that reads in a browser and in a mail."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from trialkit.compare.told import headline, what_became
from trialkit.compare.words import pieces
from trialkit.escape import html_text

# Mail programs know little but inline styles, and tables.
_CELL = "padding:6px 6px 6px 0;border-bottom:1px solid #ddd;vertical-align:top"
_BODY = "font:15px/1.45 'Source Sans Pro',Arial,sans-serif;color:#222;max-width:70em"
_TABLE = (
    "border-collapse:collapse;table-layout:fixed;width:100%;font-size:13px;"
    "overflow-wrap:anywhere;hyphens:auto"
)
_MUTED = "color:#666"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title></head>
<body style="{body};margin:2em auto;padding:0 .5em">
{parts}
</body></html>
"""
_PART = """<h1 style="font-size:1.5em">{title}</h1>
<p>{headline}</p>
{notes}
{table}"""


class Remark(NamedTuple):
    """What is told of a set where there is no earlier one to compare with."""

    title: str
    headline: str


def html_page(*told: pd.DataFrame | Remark) -> str:
    """Return what `changes` found as a page of HTML.

    Parameters
    ----------
    *told
        What `changes` returned, of one pair of sets or of several, and remarks.

    Returns
    -------
    str
        The page; words that went are struck out, words that came are underlined.
    """
    return _PAGE.format(
        title="; ".join(map(_title, told)),
        body=_BODY,
        parts="\n".join(map(_part, told)),
    )


def _title(frame: pd.DataFrame | Remark) -> str:
    if isinstance(frame, Remark):
        return html_text(frame.title)
    return html_text(f"Changes from {frame.attrs['old']} to {frame.attrs['new']}")


def _part(frame: pd.DataFrame | Remark) -> str:
    if isinstance(frame, Remark):
        facts = {"title": _title(frame), "headline": html_text(frame.headline)}
        return _PART.format(**facts, notes="", table="")
    notes = "".join(
        f'<p style="{_MUTED}">{html_text(note[:1].upper() + note[1:])}.</p>\n'
        for note in frame.attrs["notes"]
    )
    return _PART.format(
        title=_title(frame),
        headline=html_text(headline(frame)),
        notes=notes,
        table=html_table(frame) if len(frame) else "",
    )


def html_table(frame: pd.DataFrame) -> str:
    """Return changes as a table of HTML, a row each."""
    # Four columns fit on a telephone, for a long word breaks.
    heads = {"Trial": 29, "Change": 25, "Before": 23, "Now": 23}
    head = "".join(
        f'<th scope="col" style="{_CELL};text-align:left;width:{share}%">{name}</th>'
        for name, share in heads.items()
    )
    plain = frame.astype(object).where(frame.notna(), None)
    rows = "\n".join(map(_row, plain.to_dict("records")))  # type: ignore[arg-type]
    return (
        f'<table style="{_TABLE}">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    )


def _row(row: dict[str, Any]) -> str:
    shown = html_text(row["trial_id"])
    if row["link"]:
        shown = f'<a href="{html_text(row["link"])}">{shown}</a>'
    if row["title"]:
        shown += f'<br><span style="{_MUTED}">{html_text(row["title"])}</span>'
    what, notes = map(html_text, what_became(row))
    if notes:
        what += f'<br><span style="{_MUTED}">{notes}</span>'
    cells = (shown, what, *_sides(row))
    return "<tr>" + "".join(f'<td style="{_CELL}">{x}</td>' for x in cells) + "</tr>"


#: Kinds whose values are short, and read without marks.
_SHORT = ("results", "status", "dates", "enrollment", "labels")


def _sides(row: dict[str, Any]) -> tuple[str, str]:
    """Return both values; in a text the words are marked that went and that came."""
    old, new = row["old"], row["new"]
    if not old or not new or row["kind"] in _SHORT:
        return html_text(old or ""), html_text(new or "")
    before, after = [], []
    for piece in pieces(old, new):
        if piece.is_same:
            before.append(html_text(piece.old))
            after.append(html_text(piece.new))
            continue
        if piece.old:
            before.append(f"<del>{html_text(piece.old)}</del>")
        if piece.new:
            after.append(f"<ins>{html_text(piece.new)}</ins>")
    return " ".join(before), " ".join(after)
