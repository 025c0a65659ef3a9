"""The command fetch: from a question to a folder of records with its receipt."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trialkit.cli.progress import Pages
from trialkit.cli.reports import PLACE, pace_option
from trialkit.errors import ParameterError
from trialkit.escape import plain_text
from trialkit.plural import counted

if TYPE_CHECKING:
    from trialkit.read.receipt import Receipt

_SHOWN = 10


@click.command(short_help="Download studies of ClinicalTrials.gov.")
@click.option("--condition", default="", help="What trials are on, as the register's.")
@click.option("--intervention", default="", help="What is given, as the register's.")
@click.option(
    "--query",
    default="",
    help="A search in the language of `select`, translated to the register's.",
)
@click.option("--advanced", default="", help="A filter of the register's, as it is.")
@click.option(
    "--ids",
    default="",
    metavar="IDS|FILE|DIR",
    help="Ids with commas, or a file or download that holds them.",
)
@click.option(
    "--history",
    type=click.Choice(["first", "previous", "all"]),
    help="Old versions of the records of --ids, and the lists of all versions.",
)
@click.option("--url", default="", help="A search pasted from the website.")
@click.option("--out", type=PLACE, metavar="DIR", help="Folder to make.")
@click.option(
    "--update",
    type=PLACE,
    metavar="DIR",
    help="Continue a download: what changed goes into a dated folder beside it.",
)
@click.option("--count", is_flag=True, help="Say how many studies there are, and stop.")
@click.option("--yes", is_flag=True, help="Download more than 20,000 studies.")
@pace_option
@click.option(
    "--contact",
    default="",
    help="An address by which the register can reach you.  [env: TRIALKIT_CONTACT]",
)
@click.option(
    "--base-url",
    default="",
    help="Another address of the register's interface, ending in /api/v2.  "
    "[env: TRIALKIT_CTGOV_URL]",
)
def fetch(out: Path | None, count: bool, **options: Any) -> None:
    """Download what a question finds in ClinicalTrials.gov, with a receipt.

    What was broken off goes on where it stopped when the same is run again.
    """
    from trialkit.fetch.run import fetch as fetched

    if out is None and options["update"] is None and not count:
        raise click.UsageError("Missing option '--out', the folder to make.")
    if out is not None and options["update"] is not None:
        raise click.UsageError("--update makes a dated folder beside: leave out --out.")
    update: Path | None = options["update"]
    known = set(update.resolve().parent.glob("*")) if update else set()
    try:
        with Pages() as pages:
            receipt = fetched(
                out, count=count, tell=pages.tell, progress=pages, **options
            )
    except ParameterError as error:
        raise ParameterError(_as_option(str(error))) from error
    except BaseException as error:
        for note in getattr(error, "__notes__", ()):
            click.echo(plain_text(note), err=True)
        raise
    if count:
        click.echo(f"{receipt.n_total}")
        return
    _tell(receipt, is_new=Path(receipt.folder).resolve() not in known)
    click.echo(receipt.folder)
    sys.exit(0 if receipt.is_complete else 1)


def _as_option(told: str) -> str:
    """Return a message on a parameter as one on the option."""
    name, colon, rest = told.partition(": ")
    known = "condition intervention query advanced ids url history".split()
    return f"--{name}{colon}{rest}" if name in known else told


def _tell(receipt: Receipt, *, is_new: bool) -> None:
    """Say what came, what did not, and what a new update changed."""
    said = "" if receipt.n_total is None else f" of {receipt.n_total:,}"
    came = f"{receipt.n_studies:,}{said} studies"
    if receipt.history:
        n = sum(map(len, receipt.versions.values()))
        came = f"{counted(n, 'version')} and the lists of {came}"
    click.echo(f"{came}, data of {receipt.version_after.data}", err=True)
    if receipt.update and is_new:
        kinds = ("new", "changed", "gone")
        told = [f"{len(getattr(receipt.update, kind)):,} {kind}" for kind in kinds]
        since = f"what was updated since {receipt.update.since} was asked for"
        told[-1] += f" after {receipt.update.of} ({since})"
        click.echo(", ".join(told), err=True)
    elif receipt.found_none:
        click.echo("the register has no study for this: ask more widely", err=True)
    for former, now in receipt.aliases.items():
        click.echo(f"{former} is {now} today", err=True)
    absent = "no history in" if receipt.history else "not in"
    for id_ in receipt.missing[:_SHOWN]:
        click.echo(f"{absent} the register: {id_}", err=True)
    if len(receipt.missing) > _SHOWN:
        told = f"... and {len(receipt.missing) - _SHOWN:,} more, in search.json"
        click.echo(told, err=True)
    for warning in receipt.warnings:
        click.echo(plain_text(f"warning: {warning}"), err=True)
