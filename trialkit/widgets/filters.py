"""The filters of an explorer: a list per field, with the number of trials of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import ipywidgets as widgets
import pandas as pd

from trialkit.errors import ParameterError
from trialkit.escape import html_text, plain_text
from trialkit.labels.vocabulary import AXES
from trialkit.summarize import words
from trialkit.summarize.groups import shown
from trialkit.summarize.wording import not_stating
from trialkit.trials import Trials
from trialkit.widgets.state import Panel, State

_CELLS = (
    ("with living cells", True),
    ("without cells", False),
    ("all trials", None),
)
_ROWS = 6


class _Field(NamedTuple):
    """A filter of `Trials.select`: its title, and its column of `trials`."""

    title: str
    column: str


_FIELDS = {
    "route": _Field("Route", "routes"),
    "cell_type": _Field("Cell type", "cell_types"),
    "cell_source": _Field("Cell source", "cell_sources"),
    "donor": _Field("Donor", "donors"),
    "phase": _Field("Phase", "phase"),
    "status": _Field("Status", "overall_status"),
    "country": _Field("Country", "countries"),
}


class Filters(Panel):
    """Choose trials; what is left, and what each filter took away, stands below.

    Parameters
    ----------
    state
        What the filters act on.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.condition = widgets.Text(
            description="Condition",
            placeholder="words of a condition or title, then Enter",
            continuous_update=False,
            layout={"width": "26rem"},
        )
        self.cells = widgets.Dropdown(options=_CELLS, description="Trials")
        self.lists = {name: _list_of(state.data, name) for name in _FIELDS}
        self.clear = widgets.Button(description="Clear all", icon="times")
        self.told = widgets.HTML()
        self.clear.on_click(lambda _: self.set())
        for control in self._controls().values():
            control.observe(self._apply, "value")
        super().__init__(
            [
                widgets.HBox([self.condition, self.cells, self.clear]),
                widgets.HBox(
                    list(self.lists.values()), layout={"flex_flow": "row wrap"}
                ),
                self.told,
            ]
        )
        self._apply()

    def _controls(self) -> dict[str, Any]:
        return {"condition": self.condition, "cell_trials": self.cells, **self.lists}

    def set(self, **values: Any) -> None:
        """Set filters by name, as `Trials.select` takes them, and clear the others.

        Raises
        ------
        ParameterError
            If there is no such filter, or no trial has the value.
        """
        controls = self._controls()
        unknown = [name for name in values if name not in controls]
        if unknown:
            raise ParameterError(
                f"no filter {', '.join(unknown)}; there are {', '.join(controls)}"
            )
        wanted = {
            name: _wanted(name, values, control) for name, control in controls.items()
        }
        for control in controls.values():
            control.unobserve(self._apply, "value")
        try:
            for name, control in controls.items():
                control.value = wanted[name]
        finally:
            for control in controls.values():
                control.observe(self._apply, "value")
        self._apply()

    def _apply(self, _: object = None) -> None:
        lists: dict[str, Any] = {
            name: list(box.value) or None for name, box in self.lists.items()
        }
        chosen = self.state.data.select(
            condition=self.condition.value.strip() or None,
            cell_trials=self.cells.value,
            **lists,
        )
        self.told.value = _told(self.state.data, chosen)
        self.state.select(chosen)


def _wanted(name: str, values: dict[str, Any], control: Any) -> Any:
    """Return the value of a control: what is asked for, or its cleared state."""
    if name == "condition":
        return values.get(name) or ""
    if name == "cell_trials":
        return values.get(name, True)
    value = values.get(name) or ()
    value = (value,) if isinstance(value, str) else tuple(value)
    known = [option for _, option in control.options]
    unknown = [one for one in value if one not in known]
    if unknown:
        raise ParameterError(
            f"no trial has {name} {', '.join(unknown)}; there are {', '.join(known)}"
        )
    return value


def _list_of(data: Trials, name: str) -> widgets.SelectMultiple:
    field = _FIELDS[name]
    counts = _counts(data.trials[field.column])
    options = [
        (f"{plain_text(text)} ({n:,})", value)
        for text, (value, n) in zip(
            _words(data, name, counts), counts.items(), strict=True
        )
    ]
    box = widgets.SelectMultiple(
        options=options, rows=_ROWS, layout={"width": "23rem"}, description=field.title
    )
    box.style.description_width = "5rem"
    return box


def _words(data: Trials, name: str, values: Iterable[str]) -> pd.Series:
    text = pd.Series(list(values), dtype="string")
    if name in AXES:
        return shown(text, name, terms=data.terms)
    return words(text, _FIELDS[name].column)


def _counts(column: pd.Series) -> dict[str, int]:
    """Return in how many trials each value occurs: a set by itself or by a child.

    `select(route="IV")` finds "IV.peripheral" too, so the number beside "IV" counts
    both. The commonest comes first.
    """
    sets = column.astype("string").dropna().str.split("; ")
    values = sorted({value for own in sets for value in own})
    counts = {
        value: sum(
            any(v == value or v.startswith(f"{value}.") for v in own) for own in sets
        )
        for value in values
    }
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _told(data: Trials, chosen: Trials) -> str:
    """Return how many trials are left, and what each filter took away, as HTML."""
    steps = chosen.selection.iloc[len(data.selection) :]
    lines = [
        f"<li>{html_text(name)}: {kept:,} of {before:,}{not_stating(missing)}</li>"
        for name, before, kept, missing in steps[
            ["filter", "n_before", "n_kept", "n_missing"]
        ].to_numpy()
    ]
    return (
        f"<b>{len(chosen):,} of {len(data):,} trials</b>"
        f"<ul style='margin:0 0 0 1.2em;line-height:1.4'>{''.join(lines)}</ul>"
    )
