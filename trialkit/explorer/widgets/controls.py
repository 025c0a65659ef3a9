"""The controls of the filters, and their values for `Trials.select`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ipywidgets as widgets

from trialkit.explorer.widgets.levels import LevelList
from trialkit.summarize.wording import field_name
from trialkit.tidy.select.filters import COLUMNS
from trialkit.tidy.trials import Trials

_CELLS = (
    ("with living cells", True),
    ("without cells", False),
    ("all trials", None),
)
_RESULTS = (("posted or not", None), ("posted", True), ("not posted", False))
_STYLE = {"description_width": "6rem"}
#: Separators of several values in a line that is not a search.
_MARKS = {
    "start": " | ",
    "completion": " | ",
    "enrollment": " | ",
    "labels": "; ",
    "ids": "; ",
}


#: Title and example of each typed filter.
_LINES = {
    "query": ("Search", '("liver failure" OR ACLF) AND NOT pediatric'),
    "condition": ("Condition", "a search in conditions and titles"),
    "intervention": ("Intervention", "a search in the names of what is given"),
    "sponsor": ("Sponsor", "a search, or choose a name"),
    "city": ("City", "a search, or choose a city"),
    "start": ("Start", ">=2015, or 2015..2020"),
    "completion": ("Completion", "<=2019-06"),
    "enrollment": ("Participants", ">=50, or 10..50"),
    "labels": ("Labels", "axis=value; axis=value"),
    "ids": ("Ids", "NCT01234567; ISRCTN 12345678"),
}
#: Table and column with the names that a line offers as one types.
_OFFERED = {"sponsor": ("sponsors", "name"), "city": ("sites", "city")}
#: Title and choices of each filter that is a menu.
_MENUS = {"cell_trials": ("Trials", _CELLS), "has_results": ("Results", _RESULTS)}
_TITLES = {"status": "Status", "donor": "Donor"}


def controls_of(data: Trials) -> dict[str, Any]:
    """Return a control per filter of `Trials.select`, by its name, in their order."""
    look: dict[str, Any] = {"layout": {"width": "23rem"}, "style": _STYLE}
    lines = {}
    for name, (title, example) in _LINES.items():
        told = {"description": title, "placeholder": example}
        kind, more = widgets.Text, {}
        if name in _OFFERED:
            kind, more = widgets.Combobox, {"options": _offered(data, name)}
        lines[name] = kind(continuous_update=False, **told, **more, **look)
    lines["query"].layout.width = "46.3rem"
    menus = {
        name: widgets.Dropdown(options=options, description=title, **look)
        for name, (title, options) in _MENUS.items()
    }
    lists = {
        name: LevelList(data, name, _TITLES.get(name) or field_name(name), look)
        for name in COLUMNS
    }
    return {**lines, **menus, **lists}


def wanted_of(name: str, control: Any) -> Any:
    """Return the filter value of a control, None where it is cleared."""
    if name in COLUMNS:
        return list(control.value) or None
    if name not in _LINES:
        return control.value
    text = control.value.strip()
    if text and name in _MARKS:
        parts = text.split(_MARKS[name].strip())
        return [part.strip() for part in parts if part.strip()] or text
    return text or None


def set_to(name: str, control: Any, wanted: Any) -> None:
    """Set a control to a filter value, or clear it."""
    is_empty = wanted is None or wanted in ("", [], ())
    if name in COLUMNS:
        texts = [wanted] if isinstance(wanted, str) else wanted or ()
        control.value = control.values_of([text for text in texts if not is_empty])
    elif name in _LINES:
        control.value = "" if is_empty else _text(name, wanted)
    else:
        # By index: the value None would show as nothing chosen.
        control.index = [value for _, value in control.options].index(wanted)


def _offered(data: Trials, name: str) -> tuple[str, ...]:
    """Return the names in the trials as searches: in quotation marks, common first."""
    table, column = _OFFERED[name]
    names = getattr(data, table)[["trial_id", column]].dropna().drop_duplicates()
    plain = names[column].astype("string").str.replace('"', " ")
    return tuple(f'"{text}"' for text in plain.value_counts().index)


def _text(name: str, wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        each = {k: [v] if isinstance(v, str) else v for k, v in wanted.items()}
        wanted = [f"{axis}={v}" for axis, texts in each.items() for v in texts]
    if isinstance(wanted, str) or not isinstance(wanted, Iterable):
        return str(wanted)
    texts = [str(one) for one in wanted]
    if name in _MARKS or len(texts) == 1:
        return _MARKS.get(name, "").join(texts)
    return " OR ".join(f"({text})" for text in texts)
