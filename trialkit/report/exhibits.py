"""What a report shows, each in one call: answers, sections, figures and tables.

`present` makes the summary frame, and shows its figure with title, caption and alt text
from the same numbers; below the minimum number of trials, the small table.
"""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import tables
from trialkit.dates import as_day
from trialkit.errors import ParameterError
from trialkit.escape import markdown_text
from trialkit.figures import FIGURES
from trialkit.nearest import did_you_mean
from trialkit.prose import findings
from trialkit.report.display import show_figure, show_table, show_text
from trialkit.report.without_cells import has_section, stand_in
from trialkit.tables.table import Table
from trialkit.tidy.csv import csv_text

if TYPE_CHECKING:
    from trialkit.compare.sides import Side
    from trialkit.figures.figure import Figure
    from trialkit.tidy.trials import Trials

#: Tables of a report without trials: what was searched, and what was left out.
_WITHOUT_TRIALS = ("sources", "excluded")
#: Rows of a table in a report without trials, which is to be short.
_FEW_ROWS = 6
#: Above so many trials nobody reads a table to its limit, and a sample will do.
_MANY_TRIALS = 500
_NO_HISTORY = "Not shown for want of registry history"
_HISTORY_FROM = "(`trialkit fetch --history first`)"
_INSTEAD = (
    " A record holds its newest state only; what was planned stands in its version at "
    f"registration, which is read with the record {_HISTORY_FROM}, or else in an "
    "earlier report or store, given as `previous`."
)


def present(
    name: str,
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    earlier: Side | None = None,
    as_table: bool = False,
    **options: Any,
) -> None:
    """Show one figure or table of the report, numbered, captioned and described.

    Its data go with it: a report writes them as a CSV file. Of a long table the first
    rows are shown, and its data are whole. Without trials only those exhibits are shown
    that say what was searched and what was left out. Where no trial gives living cells,
    what is on routes and cells is left out, or shown by phase.

    Parameters
    ----------
    name
        A name of `FIGURES` (`routes`, `timeline` ...) or of `trialkit.tables.TABLES`
        (`key_facts`, `trials` ...).
    data
        The trials to report, each counted once (`Trials.counted`).
    as_of
        Data cut-off, an ISO day. Nothing here reads the clock.
    earlier
        An earlier state to compare with (`open_earlier`).
    as_table
        Show the table where figure and table have one name.
    **options
        Further options of the table, such as `limit`; a figure takes none.

    Raises
    ------
    ParameterError
        If the name is unknown (the known ones are listed), or a figure gets options.
    """
    day = as_day(as_of)
    figure = None if as_table else FIGURES.get(name)
    if figure is None and name not in tables.TABLES:
        hint = did_you_mean(name, (*FIGURES, *tables.TABLES))
        raise ParameterError(f"no figure or table {name!r}; {hint}")
    data = data.counted()
    shown = stand_in(name, data)
    if shown != name:
        if shown:
            present(shown, data, as_of=day, earlier=earlier)
        return
    if figure is None:
        if len(data) or name in _WITHOUT_TRIALS:
            _present_table(name, data, {"as_of": day, "earlier": earlier} | options)
        return
    if options:
        raise ParameterError(f"the figure {name!r} takes no {', '.join(options)}")
    if len(data) or not figure.minimum:
        _present_figure(figure, data, day, earlier)


def show_answers(data: Trials, *, as_of: str | pd.Timestamp) -> None:
    """Show the key sentences of the first page, each after its word.

    Parameters
    ----------
    data
        The trials of the report.
    as_of
        Data cut-off, an ISO day.
    """
    told = findings.key_sentences(data, as_day(as_of))
    show_text(*(f"{word}\n:   {sentence}" for word, sentence in told))


def show_section(name: str, data: Trials, *, as_of: str | pd.Timestamp) -> None:
    """Show what a section is on, its finding as the heading, and its sentences.

    Parameters
    ----------
    name
        A section of `data/wording/findings.toml`, such as `routes`.
    data
        The trials of the report; without any there is no section.
    as_of
        Data cut-off, an ISO day.

    Raises
    ------
    ParameterError
        If there is no such section.
    """
    if not len(data) or not has_section(name, data):
        return
    found = findings.section(name, data, as_of=as_day(as_of))
    heading = f"## {markdown_text(found.heading)} {{.finding .unnumbered .unlisted}}"
    show_text(
        f"# {found.word} {{.kicker .unnumbered}}",
        heading if found.heading else "",
        found.lede,
    )


def _present_figure(
    figure: Figure, data: Trials, day: pd.Timestamp, earlier: Side | None
) -> None:
    if figure.is_of_history and earlier is None and not data.n_rows("versions"):
        is_planned = "earlier" in figure.needs
        why = _NO_HISTORY if is_planned else f"{_NO_HISTORY} {_HISTORY_FROM}"
        what = figure.title[:1].lower() + figure.title[1:]
        show_text(f"{why}: {what}.{_INSTEAD if is_planned else ''}")
        return
    frame = figure.frame_of(data, as_of=day, earlier=earlier)
    if figure.enough(frame):
        show_figure(
            figure(frame),
            label=figure.label,
            title=findings.finding(figure.name, frame, len(data)).title,
            caption=figure.caption_of(frame, len(data)),
            alt=figure.alt(frame),
            data=csv_text(frame),
            is_half=figure.is_half,
        )
    elif figure.instead is not None:
        show_text(figure.instead(data))
    else:
        few = tables.small_table(frame, label=figure.label, what=figure.subject)
        if few is None:
            show_text(f"{figure.subject}: {figure.none_of(frame)}")
        else:
            show_with_data(few)


def _present_table(name: str, data: Trials, options: dict[str, Any]) -> None:
    make = tables.TABLES[name]
    if "earlier" not in signature(make).parameters:
        del options["earlier"]
    if name in tables.LIMITS:
        # Of very many trials fewer rows are shown.
        most = tables.LIMITS[name] // (4 if len(data) > _MANY_TRIALS else 1)
        options = {"limit": most if len(data) else _FEW_ROWS, **options}
    table = make(data, **options)
    if table.rows:
        show_with_data(table)
    elif len(table.frame):
        data_file, details = _files(table)
        label = table.label
        show_text(table.empty_text, label=label, data=data_file, details=details)
    else:
        show_text(table.empty_text)


def show_with_data(table: Table) -> None:
    """Show a table with its caption, and its data as a file."""
    data_file, details = _files(table)
    show_table(
        table,
        label=table.label,
        caption=table.caption,
        landscape=table.is_wide,
        compact=table.is_compact,
        data=data_file,
        details=details,
    )


def _files(table: Table) -> tuple[str, str]:
    """Return the data of a table as CSV, and what stands behind its rows."""
    details = "" if table.details is None else csv_text(table.details)
    return csv_text(table.frame), details
