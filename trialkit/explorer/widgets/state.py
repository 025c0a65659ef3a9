"""The state that the parts of an explorer share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets as widgets
from traitlets import HasTraits, Instance, Unicode

from trialkit.files import Paths
from trialkit.report.display import Shown
from trialkit.tidy.trials import Trials


class State(HasTraits):
    """The trials that pass the filters, and the id of the one looked at."""

    selection = Instance(Trials)
    trial_id = Unicode("")

    def __init__(self, data: Trials, as_of: str, *, synonyms: Paths = ()) -> None:
        super().__init__(selection=data.counted())
        self.loaded = data
        self.data = data.counted()
        self.as_of = as_of
        self.synonyms = synonyms
        self.trial_id = _first(self.data)

    def select(self, chosen: Trials) -> None:
        """Select trials, and look at one of them."""
        self.selection = chosen
        if not chosen.trials["trial_id"].eq(self.trial_id).any():
            self.trial_id = _first(chosen)


class Panel(widgets.VBox):
    """A part of an explorer; its text form names the place where widgets show."""

    told: Any

    def tell(self, markdown: str) -> None:
        """Show a message in the output `told`."""
        self.told.outputs = as_outputs([text_shown(markdown)])

    def __repr__(self) -> str:
        return "Shown in JupyterLab only: open this notebook there (trialkit lab)."


def _first(data: Trials) -> str:
    return str(data.trials["trial_id"].iloc[0]) if len(data) else ""


def text_shown(markdown: str) -> Shown:
    """Return Markdown for an `Output` widget."""
    data = {"text/markdown": markdown, "text/plain": markdown}
    return Shown(data, {"kind": "text"})


def as_outputs(shown: Iterable[Shown]) -> tuple[dict[str, Any], ...]:
    """Return shown items as the outputs of an `Output` widget."""
    return tuple(
        {"output_type": "display_data", "data": item.data, "metadata": {}}
        for item in shown
    )
