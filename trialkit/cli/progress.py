"""Progress on standard error: a spinner on a terminal, or a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from trialkit.escape import terminal_text

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
