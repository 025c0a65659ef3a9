"""The report's numbered figures and tables, each in one call.

`present("routes", data, as_of=...)` makes the summary frame, asks whether there are
enough trials for the figure, draws it, writes caption and alt text from the same
numbers and shows it; below the minimum it shows the small table and says so. The parts
are public too: `summarize`, `figures` and `tables` for a notebook of one's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import summarize, tables
from trialkit.dates import as_day
from trialkit.errors import ParameterError
from trialkit.escape import markdown_text
from trialkit.figures.figure import FIGURES
from trialkit.nearest import did_you_mean
from trialkit.report.display import show_figure, show_table, show_text
from trialkit.tables.table import cut_off
from trialkit.tidy.csv import csv_text

if TYPE_CHECKING:
    from trialkit.summarize.history import Earlier
    from trialkit.tidy.trials import Trials

#: What is shown of a report without trials: what was searched, and what was left out.
_WITHOUT_TRIALS = ("sources", "record_flow", "excluded")
#: Rows of a table in a report without trials, which is to be short.
_FEW_ROWS = 6
#: Above so many trials nobody reads a table to its limit, and a sample will do.
_MANY_TRIALS = 500
#: Figures that compare two states of the records, by what they compare.
_NEEDS_HISTORY = {
    "planned_actual": "Participants planned and reached, compared",
    "schedule_changes": "Changes of schedule",
}
_NO_HISTORY = (
    "not available: needs registry history. A record holds its newest state only; an "
    "earlier report or store, given as `previous`, stands in for the history."
)


def present(
    name: str,
    data: Trials,
    *,
    as_of: str | pd.Timestamp,
    earlier: Earlier | None = None,
    **options: Any,
) -> None:
    """Show one figure or table of the report, numbered, captioned and described.

    Its data go with it: a report writes them as a CSV file. Of a long table the first
    rows are shown, and its data are whole. Without trials only those exhibits are shown
    that say what was searched and what was left out.

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
    **options
        Further options of the table, such as `limit`; a figure takes none.

    Raises
    ------
    ParameterError
        If the name is unknown (the known ones are listed), or a figure gets options.
    """
    day = as_day(as_of)
    if name not in FIGURES and name not in tables.TABLES:
        hint = did_you_mean(name, (*FIGURES, *tables.TABLES))
        raise ParameterError(f"no figure or table {name!r}; {hint}")
    if name in FIGURES and options:
        raise ParameterError(f"the figure {name!r} takes no {', '.join(options)}")
    data = data.counted()
    if len(data) == 0 and name not in _WITHOUT_TRIALS:
        return
    if name in FIGURES:
        _present_figure(name, data, day, earlier)
    else:
        if name == "changes":
            options["earlier"] = earlier
        _present_table(name, data, day, options)


def _present_figure(
    name: str, data: Trials, day: pd.Timestamp, earlier: Earlier | None
) -> None:
    from trialkit import figures

    figure = FIGURES[name]
    if "earlier" in figure.needs and earlier is None:
        show_text(f"{_NEEDS_HISTORY[name]}: {_NO_HISTORY}")
        return
    known = {"as_of": day, "earlier": earlier}
    frame = figure.frame(data, **{need: known[need] for need in figure.needs})
    kind = figure.kind or name
    if not summarize.enough(frame, kind):
        _present_too_few(name, data, day, frame)
        return
    show_figure(
        getattr(figures, f"plot_{kind}")(frame),
        label=figure.label,
        caption=caption_of(name, frame, as_of=day),
        alt=figures.alt_text(kind, frame),
        data=csv_text(frame),
    )


def _present_too_few(
    name: str, data: Trials, day: pd.Timestamp, frame: pd.DataFrame
) -> None:
    figure = FIGURES[name]
    if figure.instead is not None:
        show_text(figure.instead(data))
        return
    # What is shown, without how it is drawn.
    subject = figure.caption.partition(".")[0].partition(", one ")[0]
    few = summarize.too_few(frame, figure.kind or name)
    show_text(f"{subject}: {few[:1].lower()}{few[1:]}")
    small = tables.small_table(frame, label=figure.label)
    if small is not None:
        caption = f"{small.caption} {cut_off(day)}"
        show_table(
            small, label=small.label, caption=caption, data=csv_text(small.frame)
        )


def caption_of(name: str, frame: pd.DataFrame, *, as_of: pd.Timestamp) -> str:
    """Return the caption of a figure, with the numbers of its frame."""
    from trialkit import figures

    text = FIGURES[name].caption.format(
        n=f"{frame.attrs.get('n_trials', len(frame)):,}",
        n_arms=f"{frame.attrs.get('n_arms', 0):,}",
        n_usable=f"{summarize.usable(frame):,}",
    )
    kind = FIGURES[name].kind or name
    note = markdown_text(figures.caption_note(kind, frame))
    return " ".join(filter(None, (text, note, cut_off(as_of))))


def _limit(name: str, n_trials: int) -> int:
    """Return how many rows of a long table are shown: of very many fewer."""
    if not n_trials:
        return _FEW_ROWS
    whole = tables.LIMITS[name]
    return whole if n_trials <= _MANY_TRIALS else whole // 4


def _present_table(
    name: str, data: Trials, day: pd.Timestamp, options: Mapping[str, Any]
) -> None:
    if name in tables.LIMITS:
        options = {"limit": _limit(name, len(data)), **options}
    table = tables.TABLES[name](data, as_of=day, **options)
    if not table.rows:
        show_text(table.empty_text)
        return
    show_table(
        table,
        label=table.label,
        caption=table.caption,
        landscape=table.is_wide,
        data=csv_text(table.frame),
    )
