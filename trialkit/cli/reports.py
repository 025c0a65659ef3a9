"""The commands report, reports, new and lab."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trialkit.cli.progress import Pages, Progress, Tally
from trialkit.errors import TrialkitError
from trialkit.escape import plain_text, terminal_text

if TYPE_CHECKING:
    from trialkit.report.watch import News

#: The status of `trialkit reports --update` where something changed, and where reports
#: failed too.
_CHANGED, _CHANGED_AND_FAILED = 3, 4


class _Place(click.Path):
    """A path that is not empty, as an unset variable would make it."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        if value == "":
            self.fail("a path is empty; the current folder is written '.'", param, ctx)
        return super().convert(value, param, ctx)


PLACE = _Place(path_type=Path)


records_option = click.option(
    "--records",
    multiple=True,
    metavar="PATH",
    help="File, folder, zip or glob of trial records; may be given several times. "
    "Without it: the records that ship with trialkit.",
)
_csv_option = partial(click.option, multiple=True, metavar="CSV")
vocabulary_option = _csv_option(
    "--vocabulary",
    "vocabularies",
    help="A vocabulary of your own, named after its axis; may be given several times.",
)
overrides_option = _csv_option(
    "--overrides",
    help="Corrections of labels, applied last; may be given several times.",
)
synonyms_option = _csv_option(
    "--synonyms",
    help="Synonyms of your own for searches, columns term and synonym; may be given "
    "several times.",
)
engine_option = click.option(
    "--engine",
    type=click.Choice(["auto", "quarto", "embedded"]),
    default="auto",
    show_default=True,
    help="auto takes Quarto where it is installed.",
)

dask_option = click.option(
    "--dask",
    metavar="ADDRESS",
    help="Work on a Dask cluster: the address of its scheduler, or `local`. It needs "
    "trialkit[scale], and workers that find the same files.",
)

pace_option = click.option(
    "--pace",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="From one request to the register to the next.",
)

out_option = click.option(
    "--out",
    type=PLACE,
    default=Path("output"),
    show_default=True,
    help="Folder for the finished files.",
)


@click.command(short_help="Make one report as HTML and PDF.")
@click.argument("name", default="landscape")
@records_option
@vocabulary_option
@overrides_option
@synonyms_option
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter of the notebook, e.g. -p query='liver failure OR ACLF'. "
    "A list is given by repeating its key.",
)
@click.option(
    "--list-parameters", is_flag=True, help="List what the notebook takes, and stop."
)
@click.option(
    "--to",
    "formats",
    default="html,pdf",
    show_default=True,
    metavar="FORMATS",
    help="html, pdf, or both with a comma.",
)
@engine_option
@out_option
@click.option(
    "--check",
    "checked",
    type=PLACE,
    metavar="DIR",
    help="Make the report in DIR again and say what differs; nothing is written.",
)
def report(
    name: str,
    records: tuple[str, ...],
    parameters: tuple[str, ...],
    list_parameters: bool,
    formats: str,
    engine: str,
    out: Path,
    checked: Path | None,
    **own: tuple[str, ...],
) -> None:
    """Make the report NAME (a notebook that ships, or a path) as HTML and PDF.

    With nothing else: the landscape report of the example records.
    """
    from trialkit.report.parameters import parse_values
    from trialkit.report.plan import find_notebook
    from trialkit.report.run import run_report

    if checked:
        return _check(checked)
    notebook = find_notebook(name)
    if list_parameters:
        for parameter in notebook.parameters.values():
            click.echo(str(parameter))
        return
    pairs = [*parameters, *(f"{key}={path}" for key in own for path in own[key])]
    values = parse_values(notebook.parameters, pairs, name=notebook.name)
    with Progress() as progress:
        finished = run_report(
            name,
            records=list(records) or None,
            out=out,
            formats=tuple(part.strip() for part in formats.split(",") if part.strip()),
            engine=engine,
            parameters=values,
            progress=progress.stage,
        )
    for warning in finished.warnings:
        click.echo(terminal_text(f"warning: {warning}"), err=True)
    if aside := finished.facts.get("Set aside"):
        click.echo(f"set aside: {aside}; trialkit tidy names them", err=True)
    for path in finished.paths.values():
        click.echo(str(path))


@click.command(short_help="Make the reports of a catalogue; watch searches.")
@click.option(
    "--only", "names", multiple=True, metavar="NAME", help="Only this report."
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=min(os.cpu_count() or 1, 4),
    show_default=True,
    help="How many reports are made at a time.",
)
@click.option("--force", is_flag=True, help="Make what has not changed too.")
@click.option(
    "--update",
    is_flag=True,
    help="First fetch what is new of the searches that the catalogue names, and tell "
    "what changed in changes.html and changes.xml, an Atom feed; the status is 3 then.",
)
@pace_option
@click.option(
    "--catalogue",
    type=PLACE,
    metavar="FILE",
    help="Instead of reports/reports.yml of this folder, or else the one that ships.",
)
@dask_option
@engine_option
@out_option
def reports(
    names: tuple[str, ...],
    workers: int,
    force: bool,
    update: bool,
    pace: float,
    catalogue: Path | None,
    dask: str | None,
    engine: str,
    out: Path,
) -> None:
    """Make all reports of the catalogue that changed, and a page that lists them.

    A report that fails does not stop the others; the status is 1 then, and 4 where
    --update tells changes too.
    """
    from trialkit.report.batch import RemoteWorker, make_reports, write_index
    from trialkit.report.catalogue import choose_entries, read_catalogue

    news = _update(catalogue, out, pace) if update else []
    entries = read_catalogue(catalogue, engine=engine)
    chosen = choose_entries(entries, names)
    with ExitStack() as until_then:
        start = None
        if dask:
            from trialkit.tidy.scale import connected

            made = connected(dask, n_workers=workers)
            cluster = until_then.enter_context(made)
            start, workers = partial(RemoteWorker, cluster), cluster.n_workers
        tally = until_then.enter_context(Tally(len(chosen)))
        outcomes = make_reports(
            chosen,
            out=out,
            workers=workers,
            force=force,
            start=start,
            tell=lambda outcome: tally.tell(str(outcome)),
        )
    failed = [item.name for item in outcomes if item.status == "failed"]
    if news:
        from trialkit.report.watch import write_news

        for path in write_news(news, out, failed):
            click.echo(str(path))
    click.echo(str(write_index(out, entries, outcomes)))
    has_changed = any(one.is_telling for one in news)
    if failed:
        n = f"{len(failed)} of {len(outcomes)}"
        told = f"{n} reports failed: {', '.join(failed)}"
        if not has_changed:
            raise TrialkitError(told)
        click.echo(f"error: {told}", err=True)
    if has_changed:
        sys.exit(_CHANGED_AND_FAILED if failed else _CHANGED)


def _update(catalogue: Path | None, out: Path, pace: float) -> list[News]:
    """Fetch what is new of all searches, and return what changed."""
    from trialkit.report.catalogue import read_searches
    from trialkit.report.watch import news_of, refresh

    searches = read_searches(catalogue)
    if not searches:
        raise TrialkitError("the catalogue names no search, so nothing is to update")
    with Pages() as pages:
        refresh(searches, pace=pace, tell=pages.tell, progress=pages)
    news = news_of(searches, out)
    for one in news:
        click.echo(plain_text(one), err=True)
    return news


def _check(folder: Path) -> None:
    from trialkit.report.check import check_report

    with Progress() as progress:
        findings = check_report(folder, progress=progress.stage)
    for finding in findings:
        click.echo(finding, err=True)
    if findings:
        raise TrialkitError(f"{folder} is not what its report.json makes today")
    click.echo(f"{folder}: made again, every file is the same")


@click.command(short_help="Make a workspace of notebooks and settings.")
@click.argument("folder", type=PLACE)
def new(folder: Path) -> None:
    """Make a workspace: notebooks, report settings and a place for records."""
    from trialkit.workspace import new_workspace

    for path in new_workspace(folder):
        click.echo(str(path))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", type=PLACE, default=Path("."))
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[LAB_OPTION]...")
def lab(folder: Path, options: tuple[str, ...]) -> None:
    """Open a workspace in JupyterLab.

    Each LAB_OPTION is one of JupyterLab's own, such as --no-browser.
    """
    import subprocess

    from trialkit import brand
    from trialkit.workspace import lab_command, settings_dir

    with brand.follow(settings_dir(folder / "notebooks")):
        command, env = lab_command(folder, options)
    sys.exit(subprocess.run(command, env=env, check=False).returncode)  # noqa: S603
