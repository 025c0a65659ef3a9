"""The controls of the filters, and their values for `Trials.select`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from trialkit.codewords import NOT_STATED
from trialkit.errors import ParameterError
from trialkit.escape import plain_text
from trialkit.label.vocabulary import AXES, NO_CELLS
from trialkit.summarize.groups import shown
from trialkit.summarize.wording import field_name, words
from trialkit.tidy.select.choices import ABSENT, Choice
from trialkit.tidy.select.filters import COLUMNS, having, own_values, values_meant
from trialkit.tidy.trials import Trials

_CELLS = (
    ("with living cells", True),
    ("without cells", False),
    ("all trials", None),
)
_RESULTS = (("posted or not", None), ("posted", True), ("not posted", False))
_ROWS = 6
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
    "sponsor": ("Sponsor", "a search in the names of sponsors"),
    "city": ("City", "a search in the cities of sites"),
    "start": ("Start", ">=2015, or 2015..2020"),
    "completion": ("Completion", "<=2019-06"),
    "enrollment": ("Participants", ">=50, or 10..50"),
    "labels": ("Labels", "axis=value; axis=value"),
    "ids": ("Ids", "NCT01234567; ISRCTN 12345678"),
}
#: Title and choices of each filter that is a menu.
_MENUS = {"cell_trials": ("Trials", _CELLS), "has_results": ("Results", _RESULTS)}
_TITLES = {"status": "Status", "donor": "Donor"}


def controls_of(data: Trials) -> dict[str, Any]:
    """Return a control per filter of `Trials.select`, by its name, in their order."""
    look: dict[str, Any] = {"layout": {"width": "23rem"}, "style": _STYLE}
    lines = {
        name: widgets.Text(
            description=title, placeholder=example, continuous_update=False, **look
        )
        for name, (title, example) in _LINES.items()
    }
    lines["query"].layout.width = "46.3rem"
    menus = {
        name: widgets.Dropdown(options=options, description=title, **look)
        for name, (title, options) in _MENUS.items()
    }
    lists = {
        name: widgets.SelectMultiple(
            options=_options(data, name),
            rows=_ROWS,
            description=_TITLES.get(name) or field_name(name),
            **look,
        )
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


def set_to(name: str, control: Any, wanted: Any, data: Trials) -> None:
    """Set a control to a filter value, or clear it."""
    is_empty = wanted is None or wanted in ("", [], ())
    if name in COLUMNS:
        texts = [wanted] if isinstance(wanted, str) else wanted or ()
        chosen = [_option(name, control, text, data) for text in texts if not is_empty]
        control.value = tuple(dict.fromkeys(chosen))
    elif name in _LINES:
        control.value = "" if is_empty else _text(name, wanted)
    else:
        # By index: the value None would show as nothing chosen.
        control.index = [value for _, value in control.options].index(wanted)


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


def _option(name: str, box: Any, text: str, data: Trials) -> str:
    """Return the option that a text means; a group is added as an option."""
    known = [value for _, value in box.options]
    if text in known:
        return text
    try:
        [choice] = values_meant(data, name, text)
    except ParameterError:
        choice = Choice(text, frozenset())
    if choice.shown in known:
        return choice.shown
    n = _count(data, name, choice)
    if not n:
        raise ParameterError(
            f"no trial has {name} {text}; there are {', '.join(known)}"
        )
    # A group, or "any phase 1": more than one of the values.
    before = box.value
    box.options = [*box.options, (f"{plain_text(text)} ({n:,})", text)]
    box.value = before
    return text


def _options(data: Trials, name: str) -> list[tuple[str, str]]:
    """Return the values of a list in words, each with its number of trials."""
    counts = _counts(data, name)
    values = pd.Series(list(counts), dtype="string")
    if name in AXES:
        texts = shown(values, name, terms=data.terms)
    else:
        texts = words(values, COLUMNS[name])
    return [
        (f"{plain_text(text)} ({n:,})", value)
        for text, (value, n) in zip(texts, counts.items(), strict=True)
    ]


def _counts(data: Trials, name: str) -> dict[str, int]:
    """Return how many trials each value leaves, with the ids below it; most first."""
    own = [value for value in own_values(data, name) if value not in NO_CELLS]
    choices = values_meant(data, name, own) if own else []
    counts = {choice.shown: _count(data, name, choice) for choice in choices}
    if name not in AXES and (n := _count(data, name, ABSENT)):
        counts[NOT_STATED] = n
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _count(data: Trials, name: str, choice: Choice) -> int:
    return int(having(data, name, [choice]).passes.sum())
