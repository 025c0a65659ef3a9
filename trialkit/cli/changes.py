"""The command changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trialkit.cli.outputs import check_file
from trialkit.cli.progress import Progress
from trialkit.cli.reports import PLACE
from trialkit.errors import ParameterError
from trialkit.escape import plain_text

if TYPE_CHECKING:
    import pandas as pd

#: Changes that the terminal shows; a file holds all.
_MOST_SHOWN = 40
_ENDINGS = (".html", ".csv", ".md")


@click.command(short_help="Say what changed between two sets of trials.")
@click.argument("old", type=PLACE)
@click.argument("new", type=PLACE)
@click.option(
    "--out",
    type=PLACE,
    metavar="FILE",
    help="Write all changes into a file: .html, .csv or .md.",
)
@click.option(
    "--watch",
    multiple=True,
    metavar="KINDS",
    help="Only these kinds, with a comma: trials, results, status, outcomes, "
    "enrollment, dates, criteria, arms, interventions, sites, sponsor, design, "
    "conditions, labels, texts, ids, references, other.",
)
def changes(old: Path, new: Path, out: Path | None, watch: tuple[str, ...]) -> None:
    """Say what changed from OLD to NEW: downloads, records, stores or reports."""
    from trialkit.compare.change import watched
    from trialkit.compare.changes import changes as compare
    from trialkit.compare.told import headline, lines

    if out is not None and out.suffix.lower() not in _ENDINGS:
        raise ParameterError(f"--out {out}: a file ends in {', '.join(_ENDINGS)}")
    if out is not None:
        check_file(out, [old, new])
    kinds = watched(watch)
    with Progress() as progress:
        progress("Reading and comparing")
        frame = compare(old, new, watch=kinds)
    for note in frame.attrs["notes"]:
        click.echo(plain_text(f"note: {note}"), err=True)
    if out is not None:
        _write(frame, out)
    click.echo(plain_text(headline(frame)))
    if out is not None:
        click.echo(str(out))
        return
    for line in lines(frame.head(_MOST_SHOWN)):
        click.echo(plain_text(line))
    if len(frame) > _MOST_SHOWN:
        more = f"... and {len(frame) - _MOST_SHOWN:,} more; --out FILE.csv holds all"
        click.echo(more, err=True)


def _write(frame: pd.DataFrame, out: Path) -> None:
    """Write changes in the form that a file's name asks for."""
    ending = out.suffix.lower()
    if ending == ".csv":
        from trialkit.tidy.csv import write_csv

        write_csv(frame, out)
        return
    from trialkit.atomic import write_file

    if ending == ".md":
        from trialkit.tables.history import changes_page

        text = changes_page(frame)
    else:
        from trialkit.compare.page import html_page

        text = html_page(frame)
    with write_file(out) as part:
        part.write_text(text, encoding="utf-8")
