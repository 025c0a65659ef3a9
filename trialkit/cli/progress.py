"""Progress on standard error: a spinner on a terminal, or a few lines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from trialkit.escape import plain_text, terminal_text
from trialkit.plural import counted

if TYPE_CHECKING:
    from rich.console import Console


class Progress:
    """One changing line on a terminal; elsewhere one line per stage."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console

    def __enter__(self) -> Progress:
        from rich.console import Console

        console = self._console or Console(stderr=True)
        self._status = console.status("") if console.is_terminal else None
        self._stage = ""
        if self._status:
            self._status.start()
        return self

    def __call__(self, message: str) -> None:
        """Show a message."""
        if self._status:
            self._status.update(message)
        else:
            click.echo(message, err=True)

    @property
    def is_terminal(self) -> bool:
        """Whether the line changes in place."""
        return self._status is not None

    def count(self, n_records: int) -> None:
        """Show how many records are read, for `tidy.stream.fill`."""
        if self._status:
            self._status.update(f"Reading records and writing tables: {n_records:,}")

    def stage(self, name: str, done: int, total: int) -> None:
        """Show the step of a stage, for `run_report`."""
        words, step = _STAGES[name]
        if self._status and done < total:
            self(f"{words}, {step} {done + 1} of {total}" if step else words)
        elif not self._status and name != self._stage:
            plural = "" if total == 1 else "s"
            self(f"{words}: {total} {step}{plural}" if step else words)
        self._stage = name

    def __exit__(self, *_: Any) -> None:
        if self._status:
            self._status.stop()


class Pages:
    """How many studies came and how long the rest takes, on a terminal in one line.

    Elsewhere a line is written whenever a tenth more has come.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._progress = Progress(console)
        self._start: tuple[float, int] | None = None
        self._tenth = 0

    def __enter__(self) -> Pages:
        self._progress.__enter__()
        return self

    def tell(self, message: str) -> None:
        """Show what must be known."""
        click.echo(plain_text(message), err=True)

    def __call__(self, n_got: int, n_total: int) -> None:
        """Show how many came, for `trialkit.fetch`."""
        now = time.monotonic()
        start, n_before = self._start = self._start or (now, n_got)
        left = (now - start) / max(n_got - n_before, 1) * (n_total - n_got)
        told = f"{n_got:,} of {counted(n_total, 'study', 'studies')}"
        tenth = 10 * n_got // max(n_total, 1)
        if self._progress.is_terminal or (tenth > self._tenth and n_got < n_total):
            self._progress(
                f"{told}, {_duration(left)} left" if n_before < n_got else told
            )
        self._tenth = tenth

    def __exit__(self, *exception: Any) -> None:
        self._progress.__exit__(*exception)


def _duration(seconds: float) -> str:
    """Return a span of time in the unit that fits."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Tally:
    """A line for each finished report, and a progress bar on a terminal."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0

    def __enter__(self) -> Tally:
        from rich.console import Console
        from rich.progress import Progress as Bar

        self._console = Console(stderr=True, highlight=False)
        shown = self._console.is_terminal
        self._bar = Bar(console=self._console, transient=True) if shown else None
        if self._bar:
            self._task = self._bar.add_task("Reports", total=self.total)
            self._bar.start()
        return self

    def tell(self, text: str) -> None:
        """Show the outcome of one report."""
        self.done += 1
        # It may quote a record: no markup, no control character.
        line = terminal_text(f"[{self.done}/{self.total}] {text}")
        self._console.print(line, markup=False, soft_wrap=True)
        if self._bar:
            self._bar.advance(self._task)

    def __exit__(self, *_: Any) -> None:
        if self._bar:
            self._bar.stop()


_STAGES = {
    "cells": ("Running the notebook", "cell"),
    "files": ("Writing the files", ""),
}
