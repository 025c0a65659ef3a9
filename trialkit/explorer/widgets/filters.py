"""The filters of an explorer, and how many trials each leaves."""

from __future__ import annotations

import os
from functools import reduce
from operator import and_
from typing import Any

import ipywidgets as widgets
import numpy as np

from trialkit.errors import ParameterError
from trialkit.escape import html_text
from trialkit.explorer.widgets.controls import controls_of, set_to, wanted_of
from trialkit.explorer.widgets.state import Panel, State
from trialkit.files import listed
from trialkit.nearest import did_you_mean
from trialkit.summarize.wording import not_stating
from trialkit.tidy.arrow import mask_of
from trialkit.tidy.select.filters import COLUMNS, step
from trialkit.tidy.trials import Trials


class Filters(Panel):
    """Controls of all filters, with what each leaves below them."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._is_held = False
        self._known: dict[str, tuple[Any, np.ndarray]] = {}
        self.controls = controls_of(state.data)
        self.query = self.controls["query"]
        self.condition = self.controls["condition"]
        self.cells = self.controls["cell_trials"]
        self.lists = {name: self.controls[name] for name in COLUMNS}
        self.clear = widgets.Button(description="Clear all", icon="times")
        self.told = widgets.HTML()
        self.clear.on_click(lambda _: self.set())
        for control in self.controls.values():
            control.observe(self._apply, "value")
        others = {"query", *COLUMNS}
        lines = [box for name, box in self.controls.items() if name not in others]
        wrap = {"flex_flow": "row wrap"}
        super().__init__(
            [
                widgets.HBox([self.query, self.clear]),
                widgets.HBox(lines, layout=wrap),
                widgets.HBox([*self.lists.values()], layout=wrap),
                self.told,
            ]
        )
        self._apply()

    def set(self, **values: Any) -> None:
        """Set filters and clear the others; an error leaves all as they were."""
        unknown = [name for name in values if name not in self.controls]
        if unknown:
            hint = did_you_mean(unknown[0], self.controls)
            raise ParameterError(f"no filter {unknown[0]}; {hint}")
        before = self._wanted()
        self._is_held = True
        try:
            self._fill({**dict.fromkeys(self.controls), "cell_trials": True, **values})
            self._choose()
        except ParameterError:
            self._fill(before)
            raise
        finally:
            self._is_held = False

    @property
    def code(self) -> str:
        """The filters as a line of Python, to copy into a notebook.

        `data` is what the explorer was made of.
        """
        given = {n: value for n, value in self._wanted().items() if value is not None}
        if synonyms := [os.fspath(path) for path in listed(self.state.synonyms)]:
            given["synonyms"] = synonyms
        told = ", ".join(f"{name}={value!r}" for name, value in given.items())
        return f"data.counted().select({told})"

    def _wanted(self) -> dict[str, Any]:
        return {n: wanted_of(n, control) for n, control in self.controls.items()}

    def _fill(self, values: dict[str, Any]) -> None:
        for name, control in self.controls.items():
            set_to(name, control, values[name])

    def _apply(self, _: object = None) -> None:
        """Follow a control; on an error the selection stays."""
        if self._is_held:
            return
        try:
            self._choose()
        except ParameterError as error:
            self.told.value = f"<pre>{_marked(error)}</pre>"

    def _choose(self) -> None:
        wanted = self._wanted()
        chosen = self.state.data.select(**wanted, synonyms=self.state.synonyms)
        self._count_levels(wanted)
        as_code = f"<pre style='white-space:pre-wrap'>{html_text(self.code)}</pre>"
        self.told.value = _told(self.state, chosen) + as_code
        self.state.select(chosen)

    def _count_levels(self, wanted: dict[str, Any]) -> None:
        """Count each level among the trials that all other filters leave."""
        passes = {
            name: self._passes(name, value)
            for name, value in wanted.items()
            if value is not None
        }
        every = np.ones(len(self.state.data), dtype=bool)
        for name, levels in self.lists.items():
            others = (one for other, one in passes.items() if other != name)
            levels.count_among(reduce(and_, others, every))

    def _passes(self, name: str, value: Any) -> np.ndarray:
        """Return which trials pass a filter, remembered while it stays."""
        known, passes = self._known.get(name, (None, None))
        if passes is None or known != value:
            one = step(self.state.data, name, value, self.state.synonyms)
            passes = mask_of(one.passes)
            self._known[name] = value, passes
        return passes


def _marked(error: ParameterError) -> str:
    """Return a message as HTML with its indents, as of the mark below a mistake."""
    lines = str(error).split("\n")
    indents = (" " * (len(line) - len(line.lstrip(" "))) for line in lines)
    return "\n".join(map("".join, zip(indents, map(html_text, lines), strict=True)))


def _told(state: State, chosen: Trials) -> str:
    """Return as HTML how many trials each filter leaves."""
    steps = chosen.selection.iloc[len(state.loaded.selection) :]
    lines = [
        f"<li>{html_text(name)}: {kept:,} of {before:,}{not_stating(missing)}</li>"
        for name, before, kept, missing in steps[
            ["filter", "n_before", "n_kept", "n_missing"]
        ].to_numpy()
    ]
    return (
        f"<b>{len(chosen):,} of {len(state.data):,} trials</b>"
        f"<ul style='margin:0 0 0 1.2em;line-height:1.4'>{''.join(lines)}</ul>"
    )
