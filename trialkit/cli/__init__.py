"""The command line: one thin command per verb.

Exit status: 0 done, 1 a user's mistake, 2 wrong usage, 3 an update that found changes,
4 one that did while a report failed, 130 interrupted, 143 terminated.
A command imports the heavy modules that it needs.
"""

from __future__ import annotations

import io
import signal
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from trialkit.cli.changes import changes
from trialkit.cli.fetch import fetch
from trialkit.cli.outputs import check_file, check_folder, check_template
from trialkit.cli.progress import Progress
from trialkit.cli.reports import (
    PLACE,
    dask_option,
    lab,
    new,
    overrides_option,
    records_option,
    report,
    reports,
    vocabulary_option,
)
from trialkit.errors import TrialkitError
from trialkit.escape import plain_text, terminal_text
from trialkit.plural import counted
from trialkit.version import __version__, rules_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trialkit.tidy.settle import Filled

_INTERRUPTED = 130
#: Files and records set aside that the terminal names.
_SHOWN = 10


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trialkit")
@click.option(
    "--debug",
    is_flag=True,
    expose_value=False,  # read by `main`
    help="Show the traceback of an error.",
)
def cli() -> None:
    """Clinical-trial records in, tidy tables and landscape reports out."""


for _command in (fetch, report, reports, changes, new, lab):
    cli.add_command(_command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; a user's mistake is told without a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _end_in_order()
    _print_anything()
    try:
        status = cli.main(arguments, prog_name="trialkit", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; earlier outputs are as they were", err=True)
        sys.exit(_INTERRUPTED)
    # A full disk is no fault of the program either.
    except (TrialkitError, OSError) as error:
        if "--debug" in arguments:
            raise
        click.echo(terminal_text(f"error: {error}"), err=True)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _end_in_order() -> None:
    """Clean up on SIGTERM and SIGHUP as on ^C."""

    def end(number: int, _: object) -> NoReturn:
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        # nohup ignores it.
        if number and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, end)


def _print_anything() -> None:
    """Write the code of a character that a stream cannot encode."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # none where it is closed
            stream.reconfigure(errors="backslashreplace")


@cli.command(short_help="Read records, write the tidy tables.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--out", type=PLACE, required=True, help="Folder for the tables, one file each."
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
)
@click.option("--labels/--no-labels", default=True, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="How many processes to use for many records.  [default: one per processor]",
)
@dask_option
@click.option(
    "--append",
    "is_appended",
    is_flag=True,
    help="Add to the store of --out: its trials are updated by id, the newest record "
    "wins, and what earlier ones said stays in the table statements.",
)
@vocabulary_option
@overrides_option
def tidy(
    paths: tuple[str, ...],
    out: Path,
    file_format: str,
    labels: bool,
    workers: int | None,
    dask: str | None,
    is_appended: bool,
    **own: Any,
) -> None:
    """Read records of any shape and write the tidy tables, one file per table."""
    from trialkit.tidy.csv import save_csv
    from trialkit.tidy.store import write_store

    check_folder(out)
    if is_appended and file_format == "csv":
        raise click.UsageError("--append adds to a store, which is no folder of CSV")
    if dask and (is_appended or file_format == "csv"):
        raise click.UsageError("--dask makes a store, and neither CSV nor --append")
    if is_appended:
        from trialkit.tidy.append import append

        with Progress() as progress:
            progress("Reading records and writing tables")
            given = {"workers": workers, "progress": progress.count}
            filled = append(paths, out, labels=labels, **given, **own)
    elif file_format == "csv":
        from trialkit.tidy.load import load_filled

        with Progress() as progress:
            progress("Reading records")
            data, filled = load_filled(paths, labels=labels, workers=workers, **own)
            progress("Writing tables")
            save_csv(data, out)
    else:
        from trialkit.tidy.stream import fill, labelling_of

        labelling = labelling_of(labels, **own)
        rules = rules_version() if labels else ""
        with Progress() as progress, write_store(out, rules=rules) as store:
            progress("Reading records and writing tables")
            given: dict[str, Any] = {"progress": progress.count}
            if dask:
                from trialkit.tidy.parted import fill_by
                from trialkit.tidy.scale import connected

                with connected(dask, n_workers=workers) as cluster:
                    filled = fill_by(cluster, store, paths, labelling, **given)
            else:
                filled = fill(store, paths, labelling, workers=workers, **given)
            store.searches = filled.searches
    _tell(filled)
    click.echo(str(out))


@cli.command(short_help="Label routes, cells and donors per arm.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--out",
    type=PLACE,
    required=True,
    help="CSV file for the labels, one row per arm, axis and value.",
)
@vocabulary_option
@overrides_option
@click.option(
    "--template",
    type=PLACE,
    help="CSV file for what the rules leave open, to decide and give as --overrides.",
)
def label(
    paths: tuple[str, ...],
    out: Path,
    template: Path | None,
    **own: Any,
) -> None:
    """Label routes, cells, sources and donors per arm, each with its sentence."""
    from trialkit.explorer.undecided import undecided
    from trialkit.tidy.csv import write_csv
    from trialkit.tidy.load import load_filled

    read = [*paths, *chain.from_iterable(own.values())]
    check_file(out, read)
    if template:
        check_template(template, [*read, out])
    with Progress() as progress:
        progress("Reading and labelling")
        data, filled = load_filled(paths, **own)
        write_csv(data.labels, out)
        if template:
            write_csv(undecided(data), template)
    _tell(filled)
    click.echo(str(out))
    if template:
        click.echo(str(template))


@cli.command(short_help="Score labels against those of a reader.")
@click.argument("labels", type=PLACE, metavar="LABELS.csv")
@click.argument("gold", type=PLACE, metavar="GOLD")
@click.option(
    "--records",
    multiple=True,
    metavar="PATH",
    help="The records: checks every quote, adds the keyword baseline, more slices and "
    "the words of each miss.",
)
@vocabulary_option
@click.option(
    "--out",
    type=PLACE,
    help="Folder for figures.json, and labels, slices, families and misses as CSV.",
)
def score(
    labels: Path,
    gold: Path,
    records: tuple[str, ...],
    vocabularies: tuple[str, ...],
    out: Path | None,
) -> None:
    """Score labels against GOLD: a reader's labels as JSON lines or CSV."""
    from trialkit.score import score_labels

    scored = score_labels(
        labels, gold, records=records or None, vocabularies=vocabularies
    )
    click.echo(str(scored))
    if out:
        click.echo(str(scored.save(out)))


@cli.command()
@click.argument("trial_id", metavar="TRIAL_ID")
@records_option
@vocabulary_option
@overrides_option
def show(trial_id: str, records: tuple[str, ...], **own: Any) -> None:
    """Print one trial with the evidence for every label."""
    from trialkit.explorer.terminal import show_trial
    from trialkit.tidy.load import load_filled
    from trialkit.workspace import example_path

    data, filled = load_filled(records or example_path(), **own)
    show_trial(data, trial_id)
    _warn(filled)


def _tell(read: Filled) -> None:
    """Say how much was read, and name what is missing and what was set aside."""
    trials, sources = counted(read.n_trials, "trial"), counted(read.n_sources, "source")
    click.echo(f"{trials} from {sources}", err=True)
    if read.n_updated is not None:
        news = f"{counted(read.n_updated, 'trial')} updated, {read.n_added:,} added"
        click.echo(news, err=True)
    _warn(read)
    for (field, reason), n in sorted(read.dropped.items()):
        told = f"left missing: {field} of {counted(n, 'trial')}: {reason}"
        click.echo(plain_text(f"{told} (see the table statements)"), err=True)
    rows = [row for row in read.excluded if not _is_twice(row)]
    twice = [row for row in read.excluded if _is_twice(row)]
    # An update shares most of its pages with what it continues.
    rows += twice if len(twice) == 1 else []
    for row in rows[:_SHOWN]:
        where = f"{row['path']}: {row['record']}" if row["record"] else row["path"]
        click.echo(plain_text(f"set aside: {where}: {row['reason']}"), err=True)
    if len(rows) > _SHOWN:
        more = f"... and {len(rows) - _SHOWN} more, in the table excluded"
        click.echo(more, err=True)
    if len(twice) > 1:
        told = f"{len(twice):,} files with the same bytes as others, read once"
        click.echo(f"set aside: {told}", err=True)


def _is_twice(row: Mapping[str, str | None]) -> bool:
    from trialkit.read.files import SAME_BYTES

    return (row["reason"] or "").startswith(SAME_BYTES)


def _warn(read: Filled) -> None:
    """Say that pages of a download are missing, if any are."""
    for warning in read.warnings:
        click.echo(plain_text(f"warning: {warning}"), err=True)
