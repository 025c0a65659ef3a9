"""The levels of a filter as a list that counts and narrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np
import pandas as pd
from traitlets import Tuple

from trialkit.codewords import NOT_STATED
from trialkit.errors import ParameterError
from trialkit.escape import plain_text
from trialkit.label.text import fold
from trialkit.label.vocabulary import AXES, NO_CELLS
from trialkit.summarize.groups import shown
from trialkit.summarize.wording import words
from trialkit.tidy.arrow import mask_of
from trialkit.tidy.select.choices import ABSENT, Choice
from trialkit.tidy.select.filters import COLUMNS, having, own_values, values_meant
from trialkit.tidy.trials import Trials

_ROWS = 6
#: A description that keeps the line in its column.
_BLANK = "\N{NO-BREAK SPACE}"


class Level(NamedTuple):
    """A value of a filter, its words, and which trials have it."""

    value: str
    words: str
    has: np.ndarray


class LevelList(widgets.VBox):
    """The levels of a filter, each with its number of trials, to choose several.

    A long list has a line above it that leaves the levels with the typed words. What is
    chosen stays in the list.
    """

    value = Tuple()

    def __init__(
        self, data: Trials, name: str, title: str, look: dict[str, Any]
    ) -> None:
        self._data = data
        self._name = name
        self._levels = _levels(data, name)
        self._among = np.ones(len(data), dtype=bool)
        hint = f"type to narrow: {title.lower()}"
        self.typed = widgets.Text(placeholder=hint, description=_BLANK, **look)
        self.box = widgets.SelectMultiple(rows=_ROWS, description=title, **look)
        is_long = len(self._levels) > _ROWS
        super().__init__([self.typed, self.box] if is_long else [self.box])
        self.box.observe(self._follow, "value")
        self._show()
        self.typed.observe(self._show, "value")
        self.observe(self._show, "value")

    @property
    def options(self) -> list[tuple[str, str]]:
        """All levels in words, each with how many trials it leaves; most first."""
        counts = [(int((one.has & self._among).sum()), one) for one in self._levels]
        counts.sort(key=lambda pair: (-pair[0], pair[1].value))
        return [(f"{one.words} ({n:,})", one.value) for n, one in counts]

    def count_among(self, passes: np.ndarray) -> None:
        """Count among the trials that the other filters leave."""
        if not np.array_equal(passes, self._among):
            self._among = passes
            self._show()

    def values_of(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the levels that texts mean; a group is added as a level."""
        return tuple(dict.fromkeys(map(self._value, texts)))

    def _value(self, text: str) -> str:
        known = [one.value for one in self._levels]
        if text in known:
            return text
        try:
            [choice] = values_meant(self._data, self._name, text)
        except ParameterError:
            choice = Choice(text, frozenset())
        if choice.shown in known:
            return choice.shown
        has = _having(self._data, self._name, choice)
        if not has.any():
            hint = f"there are {', '.join(known)}"
            raise ParameterError(f"no trial has {self._name} {text}; {hint}")
        # A group, or "any phase 1": more than one of the values.
        self._levels.append(Level(text, plain_text(text), has))
        return text

    def _show(self, _: object = None) -> None:
        """Show the levels with the typed words, and those chosen."""
        asked = fold(self.typed.value).split()
        options = [
            (label, value)
            for label, value in self.options
            if value in self.value or all(word in fold(label) for word in asked)
        ]
        if options != list(self.box.options):
            # A new list of options clears the choice, which is no choice of a user.
            self.box.unobserve(self._follow, "value")
            self.box.options = options
            self.box.observe(self._follow, "value")
        self.box.value = self.value

    def _follow(self, change: dict[str, Any]) -> None:
        self.value = tuple(change["new"])


def _levels(data: Trials, name: str) -> list[Level]:
    """Return the values of a filter; an id takes the trials of those below it."""
    own = [value for value in own_values(data, name) if value not in NO_CELLS]
    choices = dict.fromkeys(values_meant(data, name, own) if own else ())
    found = {choice.shown: _having(data, name, choice) for choice in choices}
    if name not in AXES and (absent := _having(data, name, ABSENT)).any():
        found[NOT_STATED] = absent
    values = pd.Series(list(found), dtype="string")
    is_axis = name in AXES
    texts = (
        shown(values, name, terms=data.terms)
        if is_axis
        else words(values, COLUMNS[name])
    )
    return [
        Level(value, plain_text(text), has)
        for text, (value, has) in zip(texts, found.items(), strict=True)
    ]


def _having(data: Trials, name: str, choice: Choice) -> np.ndarray:
    return mask_of(having(data, name, [choice]).passes)
