"""Where a report finds the pages that it links to: the landscape and its supplement.

Alone, a report takes them to be in its own folder. In a catalogue each has a folder of
its own, and the page that belongs to a report is the one of the same trials.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trialkit.report.notebook import with_markdown
from trialkit.report.plan import Plan

#: Reports that others link to, by `[NAME.html](NAME.html)`.
LINKED = ("landscape", "supplement")

#: Parameters that do not choose the trials.
_LOOK = {"title", "paper", "orientation", "previous", "include_cards", "search"}


def find_neighbors(plan: Plan, others: Mapping[str, Plan]) -> dict[str, str]:
    """Return the address of each linked report of the same trials, "" for none.

    Parameters
    ----------
    plan
        A report of a catalogue.
    others
        All reports of the catalogue, by the names of their folders.
    """
    return {
        page: next(
            (
                f"../{folder}/{page}.html"
                for folder, other in others.items()
                if other.notebook.name == page
                and "html" in other.formats
                and _chooses_the_same(plan, other)
            ),
            "",
        )
        for page in LINKED
        if page != plan.notebook.name
    }


def _chooses_the_same(plan: Plan, other: Plan) -> bool:
    shared = (plan.parameters.keys() & other.parameters.keys()) - _LOOK
    return all(plan.parameters[name] == other.parameters[name] for name in shared)


def with_neighbors(
    notebook: Mapping[str, Any], neighbors: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return a prepared notebook whose links lead to the linked reports' pages."""

    def linked(text: str) -> str:
        for page, address in (neighbors or {}).items():
            shown = f"[{page}.html]({address})" if address else f"{page}.html"
            text = text.replace(f"[{page}.html]({page}.html)", shown)
        return text

    return {**notebook, "cells": [_changed(c, linked) for c in notebook["cells"]]}


def _changed(cell: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    if cell["cell_type"] == "markdown":
        return {**cell, "source": change("".join(cell["source"]))}
    if "outputs" not in cell:
        return dict(cell)
    return {**cell, "outputs": [with_markdown(o, change) for o in cell["outputs"]]}
