"""Which renderer makes a report's files, and what every renderer offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from trialkit.errors import ReportError
from trialkit.report.render.embedded import Embedded
from trialkit.report.render.quarto import OLDEST, Quarto, find_quarto

#: `auto` is Quarto where a recent one is found, and else the embedded engine.
ENGINES = ("auto", "quarto", "embedded")


class Engine(Protocol):
    """What makes a report's files from a prepared notebook."""

    name: str

    def render(
        self,
        notebook: Mapping[str, Any],
        formats: Iterable[str],
        *,
        folder: Path,
    ) -> dict[str, bytes]:
        """Return the bytes of the report's file in each format."""
        ...

    def versions(self) -> Mapping[str, str | None]:
        """Return the versions of the programs that this engine calls."""
        ...


def choose(engine: str) -> Engine:
    """Return the engine of a name."""
    if engine == "embedded":
        return Embedded()
    program = find_quarto()
    quarto = Quarto(program) if program else None
    if quarto and quarto.is_recent():
        return quarto
    if engine == "auto":
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
