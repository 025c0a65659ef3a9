"""The `Figure` record: what one figure asks, computes, draws and says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import brand
from trialkit.errors import ParameterError
from trialkit.escape import markdown_text
from trialkit.figures.draw import levels, page, pairs, phrases
from trialkit.figures.draw.legible import legible
from trialkit.summarize.statistics import usable
from trialkit.summarize.wording import base_words, counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from trialkit.tidy.trials import Trials

_DOC = """{drawn}

The question it answers: {question}

Parameters
----------
data
    Trials, or their frame by `trialkit.summarize.{summary}`, which holds {columns}.
ax
    Axes to draw in; by default a new figure, as tall as its rows need.
**options
    With trials, what `trialkit.summarize.{summary}` takes beside them{needs}.
    With a frame, none{frame_option}.

Returns
-------
matplotlib.axes.Axes
    The axes that hold the drawing.

Raises
------
TrialDataError
    If a frame lacks one of these columns.
ParameterError
    If a frame is given with an option that it does not take.

Examples
--------
>>> import trialkit as tk
>>> axes = tk.plot.{name}(tk.load_example(){example})  # doctest: +SKIP
"""
_CUT_OFF = " but `as_of`, a cut-off in place of the frame's own"
_EXAMPLES = {
    "as_of": 'as_of="2026-06-30"',
    "earlier": 'earlier=tk.report.open_earlier("report.json")',
    "by": 'by=["route_group", "phase_group"]',
}


@dataclass(frozen=True, eq=False, repr=False)
class Figure:
    """One figure of the reports, whole in one record; calling it draws it.

    `summary` makes the frame from the trials and the arguments that `needs` names, and
    `drawing` draws it on axes, or on new ones where None is given. `caption` says what
    is shown, the unit, N, exclusions, and how missing values are shown; `caption_note`
    adds what a frame leaves undrawn. With fewer than `minimum` trials the sentence
    `instead` stands in its place, by default a small table of the frame. `title` heads
    the sentence that the versions of records are missing, which one `is_of_history`
    needs.
    Frames that are `is_dense` are drawn in another form, which `dense_caption` tells.
    Where no trial gives cells, the exhibit `without_cells` stands in its place, or none
    where that is empty.
    A figure that `draws_cut_off` takes another one with a frame. One that `is_half` is
    half a page wide.
    """

    name: str
    question: str
    summary: Callable[..., pd.DataFrame]
    columns: tuple[str, ...]
    drawing: Callable[[pd.DataFrame, Axes | None], Axes]
    caption: str
    alt_text: Callable[[pd.DataFrame], str]
    minimum: int
    own_label: str = ""
    caption_note: Callable[[pd.DataFrame], str] = lambda _: ""
    needs: tuple[str, ...] = ()
    instead: Callable[[Trials], str] | None = None
    title: str = ""
    draws_cut_off: bool = False
    is_half: bool = False
    is_of_history: bool = False
    is_dense: Callable[[pd.DataFrame], bool] = lambda _: False
    dense_caption: str = ""
    without_cells: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", self._doc())
        # Where `pickle` looks for the name that `__reduce__` returns.
        object.__setattr__(self, "__module__", "trialkit.figures")

    def __reduce__(self) -> str:
        return self.name

    def _doc(self) -> str:
        summary = self.summary
        if isinstance(summary, partial):
            summary = summary.func
        return _DOC.format(
            drawn=cleandoc(self.drawing.__doc__ or ""),
            question=self.question,
            summary=getattr(summary, "__name__", "count"),
            columns=", ".join(self.columns),
            needs=f", such as {', '.join(self.needs)}" if self.needs else "",
            frame_option=_CUT_OFF if self.draws_cut_off else "",
            name=self.name,
            example="".join(f", {_EXAMPLES[need]}" for need in self.needs),
        )

    @property
    def label(self) -> str:
        """What refers to the figure in a report, such as `fig-routes`."""
        return self.own_label or f"fig-{self.name.replace('_', '-')}"

    def __repr__(self) -> str:
        return f"<figure {self.name}: {self.question}>"

    def __call__(
        self, data: Trials | pd.DataFrame, *, ax: Axes | None = None, **options: Any
    ) -> Axes:
        """Draw trials, or a summary frame of them, and return the axes."""
        if isinstance(data, pd.DataFrame):
            frame = self._with_cut_off(data, options)
        else:
            frame = self.summary(data, **options)
        page.require(frame, self.columns, f"the figure {self.name}")
        with brand.style():
            if frame.empty:
                return page.empty_note(ax, is_half=self.is_half)
            return self.drawing(legible(frame), ax)

    def _with_cut_off(
        self, frame: pd.DataFrame, options: dict[str, Any]
    ) -> pd.DataFrame:
        taken = {"as_of"} if self.draws_cut_off else set()
        extra = [name for name in options if name not in taken]
        if extra:
            raise ParameterError(
                f"the figure {self.name} takes no {', '.join(extra)} with a frame"
            )
        if options.get("as_of") is None:
            return frame
        frame = frame.copy(deep=False)
        frame.attrs |= options
        return frame

    def draw_frame(self, frame: Trials | pd.DataFrame, **options: Any) -> Axes:
        """Draw a frame given by that name, as the functions of 0.1 took it."""
        return self(frame, **options)

    def frame_of(self, data: Trials, **known: Any) -> pd.DataFrame:
        """Return the summary frame, made with those arguments that it needs."""
        return self.summary(data, **{need: known[need] for need in self.needs})

    def alt(self, frame: pd.DataFrame) -> str:
        """Return one or two plain sentences with the numbers that the figure shows.

        They are computed from the frame that is drawn, and describe without concluding.
        """
        if frame.empty:
            return "An empty figure: there are no trials to show."
        return self.alt_text(frame)

    def note(self, frame: pd.DataFrame) -> str:
        """Return what the caption must add: which trials are not drawn, and why.

        Ids are those of the records: escape them before they go into Markdown.
        """
        return "" if frame.empty else self.caption_note(frame)

    def caption_of(self, frame: pd.DataFrame, n_all: int = 0) -> str:
        """Return the caption as Markdown, with the numbers of a frame.

        Where `n_all`, the trials shown, are more than those that a frame of cells
        counts, N says that it is that of the trials that give cells.
        """
        is_dense = self.dense_caption and self.is_dense(frame)
        n = int(frame.attrs.get("n_trials", len(frame)))
        is_part = int(frame.attrs.get("n_total", n)) < n_all
        is_on_cells = is_part and self.without_cells is not None
        text = (self.dense_caption if is_dense else self.caption).format(
            n=base_words(n, n_all) if is_on_cells else f"{n:,}",
            n_arms=f"{frame.attrs.get('n_arms', 0):,}",
            n_usable=f"{usable(frame):,}",
        )
        return " ".join(filter(None, (text, markdown_text(self.note(frame)))))

    @property
    def subject(self) -> str:
        """What is shown, without how it is drawn: the start of the caption."""
        return re.split(r"[.;]|, one ", self.caption, maxsplit=1)[0]

    def enough(self, subject: pd.DataFrame | int) -> bool:
        """Return whether a frame, or a number of trials, suffices to draw it."""
        return usable(subject) >= self.minimum

    def too_few(self, subject: pd.DataFrame | int) -> str:
        """Return the sentence that there are too few trials to draw it."""
        n = total = usable(subject)
        if isinstance(subject, pd.DataFrame):
            total = subject.attrs.get("n_trials", n)
        drawn = f", {n:,} to draw" if n < total else ""
        return (
            f"Too few trials for this figure (N = {total:,}{drawn}; "
            f"needed {self.minimum})."
        )

    def none_of(self, frame: pd.DataFrame) -> str:
        """Return the words that stand where no trial states what would be drawn."""
        n = int(frame.attrs.get("n_trials", usable(frame)))
        return f"stated by none of {counted(n, 'trial')}."


def bars_figure(
    name: str,
    drawn: str,
    *,
    summary: Callable[..., pd.DataFrame],
    column: str,
    words: str,
    n: str = "n",
    rest: str = "Others",
    is_ranked: bool = True,
    **fields: Any,
) -> Figure:
    """Return a figure of half width that draws one bar per level of a column.

    `drawn` says what is drawn, `words` what is counted by; `fields` are further ones of
    the record.
    """
    drawing = levels.bars_of(column, n=n, rest=rest, is_ranked=is_ranked)
    drawing.__doc__ = drawn
    given = {"minimum": 1, "is_half": True} | fields
    return Figure(
        name=name,
        summary=summary,
        columns=(column, n),
        drawing=drawing,
        alt_text=phrases.counts_in_words(column, words, n),
        **given,
    )


def matrix_figure(
    name: str,
    drawn: str,
    *,
    summary: Callable[..., pd.DataFrame],
    row: str,
    column: str,
    ranked: tuple[str, ...],
    **fields: Any,
) -> Figure:
    """Return a figure that draws the trials of two columns as a matrix of numbers.

    `drawn` says what is drawn, and the groups of the columns `ranked` come by their
    trials; `fields` are further ones of the record.
    """
    drawing = pairs.matrix_of(row, column, ranked=ranked)
    drawing.__doc__ = drawn
    given = {
        "columns": (row, column, "n"),
        "alt_text": phrases.pairs_in_words(row, column),
        "without_cells": "",
    }
    return Figure(
        name=name,
        summary=summary,
        drawing=drawing,
        caption_note=pairs.most_note(row),
        **(given | fields),
    )
