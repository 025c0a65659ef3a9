"""The command line: one thin command per verb, over the same functions.

Exit status: 0 done, 1 a user's mistake told in one or two lines, 2 wrong usage, 130
interrupted. Heavy modules are imported in the command that needs them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from trialkit.cli_reports import (
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
from trialkit.progress import Progress
from trialkit.version import __version__

if TYPE_CHECKING:
    from trialkit.batches import Filled
    from trialkit.trials import Trials

_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trialkit")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """Clinical-trial records in, tidy tables and landscape reports out."""
    context.obj = {"debug": debug}


for _command in (report, reports, new, lab):
    cli.add_command(_command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; a user's mistake ends in one or two lines and status 1."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        status = cli.main(arguments, prog_name="trialkit", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; earlier outputs are as they were", err=True)
        sys.exit(_INTERRUPTED)
    # A full disk or a folder that is gone is no fault of the program either.
    except (TrialkitError, OSError) as error:
        if "--debug" in arguments:
            raise
        click.echo(terminal_text(f"error: {error}"), err=True)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder for the tables, one file each.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
)
@click.option("--labels/--no-labels", default=True, show_default=True)
@vocabulary_option
@overrides_option
def tidy(
    paths: tuple[str, ...],
    out: Path,
    file_format: str,
    labels: bool,
    vocabularies: tuple[str, ...],
    overrides: tuple[str, ...],
) -> None:
    """Read records of any shape and write the tidy tables, one file per table."""
    from trialkit.store import StoreWriter, save_csv

    if file_format == "csv":
        from trialkit.trials import load

        with Progress() as progress:
            progress("Reading records")
            data = load(
                paths, labels=labels, vocabularies=vocabularies, overrides=overrides
            )
            progress("Writing tables")
            save_csv(data, out)
        _tell(_filled(data))
    else:
        from trialkit.batches import fill, labelling_of

        labelling = labelling_of(labels, vocabularies, overrides)
        with Progress() as progress, StoreWriter(out) as store:
            progress("Reading records and writing tables")
            filled = fill(store, paths, labelling)
        _tell(filled)
    click.echo(str(out))


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="CSV file for the labels, one row per arm, axis and value.",
)
@vocabulary_option
@overrides_option
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="CSV file for what the rules leave open, to decide and give as --overrides.",
)
def label(
    paths: tuple[str, ...],
    out: Path,
    vocabularies: tuple[str, ...],
    overrides: tuple[str, ...],
    template: Path | None,
) -> None:
    """Label routes, cells, sources and donors per arm, each with its sentence."""
    from trialkit.decide import undecided
    from trialkit.store import write_csv
    from trialkit.trials import load

    with Progress() as progress:
        progress("Reading and labelling")
        data = load(paths, vocabularies=vocabularies, overrides=overrides)
        write_csv(data.labels, out)
        if template:
            write_csv(undecided(data), template)
    _tell(_filled(data))
    click.echo(str(out))
    if template:
        click.echo(str(template))


@cli.command()
@click.argument("trial_id", metavar="TRIAL_ID")
@records_option
@vocabulary_option
@overrides_option
def show(
    trial_id: str,
    records: tuple[str, ...],
    vocabularies: tuple[str, ...],
    overrides: tuple[str, ...],
) -> None:
    """Print one trial with the evidence for every label."""
    from trialkit.show import show_trial
    from trialkit.trials import load
    from trialkit.workspace import example_path

    paths = records or [example_path()]
    data = load(paths, vocabularies=vocabularies, overrides=overrides)
    show_trial(data, trial_id)


def _filled(data: Trials) -> Filled:
    from trialkit.arrow import arrow_of
    from trialkit.batches import Filled

    excluded = arrow_of(data.excluded, "excluded").to_pylist()
    return Filled(len(data), len(data.sources), excluded)


def _tell(read: Filled) -> None:
    """Say how much was read, and name what was set aside."""
    click.echo(f"{read.n_trials} trials from {read.n_sources} sources", err=True)
    for row in read.excluded[:10]:
        where = f"{row['path']}: {row['record']}" if row["record"] else row["path"]
        click.echo(plain_text(f"set aside: {where}: {row['reason']}"), err=True)
    if len(read.excluded) > 10:
        click.echo(
            f"... and {len(read.excluded) - 10} more, in the table excluded", err=True
        )
