"""The parameters of a notebook: names, types, defaults and meanings.

Values are checked before a kernel starts. A meaning with `one of a, b` lists the
possible values; one that begins with `a date` asks for an ISO day, and one that begins
with `keep trials` is the filter of `Trials.select` of that name.
"""

from __future__ import annotations

import ast
import json
import math
import os
import re
import tokenize
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from typing import Any

import msgspec

from trialkit.dates import date_span
from trialkit.errors import ParameterError
from trialkit.nearest import did_you_mean
from trialkit.report.notebook import tags_of

Value = str | int | float | bool | None | list[str]

_LINE = "`name: type = literal  # meaning`"
_ONE_OF = re.compile(r"\bone of ([\w.-]+(?:(?:, or |, | or )[\w.-]+)*)")
_A_DATE = re.compile(r"a date\b")


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell; `type` is its annotation."""

    name: str
    type: str
    default: Value
    meaning: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The possible values, where the meaning lists them as `one of a, b`.

        Examples
        --------
        >>> Parameter("paper", "str", "a4", "one of a4, us-letter").choices
        ('a4', 'us-letter')
        """
        found = _ONE_OF.search(self.meaning)
        return tuple(re.split(r", or |, | or ", found[1])) if found else ()

    @property
    def is_filter(self) -> bool:
        """Whether it chooses trials, like the filter of its name.

        Examples
        --------
        >>> Parameter("route", "str", "", "keep trials with this route").is_filter
        True
        """
        return self.meaning.startswith("keep trials")

    def objection(self, value: Value) -> str:
        """Return why a value of the right type is not possible, empty if it is."""
        if value == self.default:
            return ""
        if self.choices and str(value) not in self.choices:
            return f"{self.name} must be {' or '.join(self.choices)}, not {value!r}"
        is_day = isinstance(value, str) and date_span(value).precision == "day"
        if _A_DATE.match(self.meaning) and not is_day:
            return f"{self.name} must be a day such as 2026-06-30, not {value!r}"
        return ""

    def __str__(self) -> str:
        text = f"{self.name}: {self.type} = {json.dumps(self.default)}"
        return f"{text}  # {self.meaning}" if self.meaning else text


def read_parameters(notebook: Mapping[str, Any], *, name: str) -> dict[str, Parameter]:
    """Return the parameters of a notebook by name, in its order."""
    tagged = [c for c in notebook["cells"] if "parameters" in tags_of(c)]
    if len(tagged) != 1:
        found = f"{len(tagged)} cells" if tagged else "no cell"
        raise ParameterError(
            f"{name} has {found} tagged `parameters`; a report notebook has one,"
            f" with lines {_LINE}"
        )
    source = "".join(tagged[0]["source"])
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ParameterError(
            f"the parameters cell of {name} is not Python: {error.msg} in line"
            f" {error.lineno}"
        ) from None
    meanings = _comments(source)
    read = [_parameter(node, source, meanings, name) for node in tree.body]
    return {parameter.name: parameter for parameter in read}


def check_values(
    parameters: Mapping[str, Parameter], values: Mapping[str, Any], *, name: str
) -> dict[str, Value]:
    """Return the given values in the types of the notebook.

    An int may stand for a float, a path for a str, any list, tuple or set of them for
    `list[str]`, and one text for a list of a filter. `"3"` is not 3.
    """

    def convert(parameter: Parameter, value: Any) -> Value:
        is_one = parameter.is_filter and isinstance(value, str)
        if is_one and parameter.type == "list[str]":
            value = [value]
        return _from_value(value, parameter.type)

    return _typed(parameters, values.items(), convert, name)


def parse_values(
    parameters: Mapping[str, Parameter], pairs: Iterable[str], *, name: str
) -> dict[str, Value]:
    """Return typed values from `key=value` texts, as the command line gives them.

    A `list[str]` is given by repeated keys or as a JSON list.

    Examples
    --------
    >>> takes = {"size": Parameter("size", "int", 1, "how many")}
    >>> parse_values(takes, ["size=12"], name="demo")
    {'size': 12}
    """
    split = ((pair, *pair.partition("=")) for pair in pairs)
    given = ((k, v) if k and eq else (None, pair) for pair, k, eq, v in split)
    return _typed(parameters, given, lambda p, text: _from_text(text, p.type), name)


def _typed(
    parameters: Mapping[str, Parameter],
    given: Iterable[tuple[str | None, Any]],
    convert: Callable[[Parameter, Any], Value],
    name: str,
) -> dict[str, Value]:
    """Return typed values; one error names every mistake."""
    values: dict[str, Value] = {}
    wrong = []
    for key, value in given:
        if key is None:
            wrong.append(f"{value!r} is not of the form key=value")
        elif key not in parameters:
            hint = did_you_mean(key, parameters, f"it takes {', '.join(parameters)}")
            wrong.append(f"{key} is not a parameter of {name}; {hint}")
        elif key in values and parameters[key].type != "list[str]":
            wrong.append(f"{key} is given twice")
        else:
            try:
                typed = convert(parameters[key], value)
            except (TypeError, ValueError):
                kind = parameters[key].type.replace("bool | None", "true or false")
                wrong.append(f"{key} must be {kind}, not {value!r}")
                continue
            before = values.get(key, [])
            if isinstance(typed, list) and isinstance(before, list):
                typed = [*before, *typed]
            values[key] = typed
            wrong.append(parameters[key].objection(typed))
    if told := "; ".join(filter(None, wrong)):
        raise ParameterError(told)
    return values


def _parameter(
    node: ast.stmt, source: str, meanings: Mapping[int, str], name: str
) -> Parameter:
    if (
        isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.value is not None
        and (kind := ast.unparse(node.annotation)) in _TYPES
    ):
        meaning = meanings.get(node.end_lineno or node.lineno, "")
        with suppress(TypeError, ValueError):
            default = _from_value(ast.literal_eval(node.value), kind)
            return Parameter(node.target.id, kind, default, meaning)
    line = source.splitlines()[node.lineno - 1].strip()
    raise ParameterError(
        f"the parameters cell of {name} holds `{line}`; every line must be {_LINE}"
        f" with type {', '.join(_TYPES)}"
    )


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").rstrip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


_TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "bool | None": bool | None,
    "list[str]": list[str],
}
_WORDS = {
    **dict.fromkeys(("true", "yes", "1"), True),
    **dict.fromkeys(("false", "no", "0"), False),
    **dict.fromkeys(("", "none", "null"), None),
}


def _from_value(value: Any, kind: str) -> Value:
    """Return a value as a type; a ValueError or TypeError if it is of another."""
    value = msgspec.convert(_plain(value), _TYPES[kind])
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    if isinstance(value, float):  # numpy's too
        return float(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(item) for item in value)
    return value


def _from_text(text: str, kind: str) -> Value:
    """Return the value that a text of the command line means."""
    if kind.startswith("bool"):
        known = _WORDS.get(text.lower(), text)
        return _from_value(known, kind)
    if kind == "list[str]":
        value = json.loads(text) if text.startswith("[") else [text] if text else []
        return _from_value(value, kind)
    return _from_value(_TYPES[kind](text), kind)
