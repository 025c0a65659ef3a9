"""What the parts of an explorer share: the chosen trials, and the one looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets as widgets
from traitlets import HasTraits, Instance, Unicode

from trialkit.files import Paths
from trialkit.report.display import Shown
from trialkit.tidy.trials import Trials


class State(HasTraits):
    """The trials that pass the filters, and the id of one of them.

    They are counted as everywhere else: each once, and studies only.
    """

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
        """Take `chosen` for the selection, and a trial in it for the one looked at."""
        self.selection = chosen
        if not chosen.trials["trial_id"].eq(self.trial_id).any():
            self.trial_id = _first(chosen)


class Panel(widgets.VBox):
    """A part of an explorer; where no widget can be shown, it says where one can."""

    def __repr__(self) -> str:
        return "Shown in JupyterLab only: open this notebook there (trialkit lab)."


def _first(data: Trials) -> str:
    return str(data.trials["trial_id"].iloc[0]) if len(data) else ""


def text_shown(markdown: str) -> Shown:
    """Return Markdown as something that an `Output` widget can show."""
    data = {"text/markdown": markdown, "text/plain": markdown}
    return Shown(data, {"kind": "text"})


def as_outputs(shown: Iterable[Shown]) -> tuple[dict[str, Any], ...]:
    """Return what was shown as the outputs of an `Output` widget."""
    return tuple(
        {"output_type": "display_data", "data": item.data, "metadata": {}}
        for item in shown
    )
