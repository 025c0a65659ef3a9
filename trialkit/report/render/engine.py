"""The choice of the engine that makes a report's files."""

from __future__ import annotations

from trialkit.errors import ReportError
from trialkit.report.render.embedded import Embedded
from trialkit.report.render.quarto import OLDEST, Quarto, find_quarto

#: `auto` is Quarto where a recent one is found, and else the embedded engine.
ENGINES = ("auto", "quarto", "embedded")

#: What makes a report's files from a prepared notebook.
Engine = Embedded | Quarto


def choose(engine: str) -> Engine:
    """Return the engine of a name."""
    quarto = None
    if engine != "embedded" and (program := find_quarto()):
        quarto = Quarto(program)
        if quarto.is_recent():
            return quarto
    if engine != "quarto":
        return Embedded()
    if quarto:
        raise ReportError(
            f"quarto is {quarto.versions()['quarto']}; reports need"
            f" {'.'.join(map(str, OLDEST))} or newer, or the embedded engine"
        )
    raise ReportError(
        "quarto is not on the PATH, and QUARTO_PATH names none; install it from"
        " conda-forge, or use the embedded engine"
    )
