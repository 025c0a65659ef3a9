"""What a notebook takes: names, types, defaults and meanings of its parameters.

papermill reads the parameters cell line by line, lets what it does not understand
vanish and only logs a warning about an unknown name. So the cell is read here first, by
Python's own grammar, and given values are checked before any kernel starts. A meaning
that says `one of a, b` lists the values that are possible; one that begins with
`a date` asks for an ISO day; one that begins with `keep trials` is the filter of its
name, as `Trials.select` takes it.
"""

from __future__ import annotations

import ast
import json
import math
import os
import re
import tokenize
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from trialkit.dates import date_span
from trialkit.errors import ParameterError
from trialkit.nearest import did_you_mean

Value = str | int | float | bool | None | list[str]

_LINE = "`name: type = literal  # meaning`"
_ONE_OF = re.compile(r"\bone of ([\w.-]+(?:(?:, or |, | or )[\w.-]+)*)")
_A_DATE = re.compile(r"a date\b")


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell; `type` is its annotation as written."""

    name: str
    type: str
    default: Value
    meaning: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that the meaning lists as `one of a, b`; empty if it lists none.

        Examples
        --------
        >>> Parameter("paper", "str", "a4", "one of a4, us-letter").choices
        ('a4', 'us-letter')
        """
        found = _ONE_OF.search(self.meaning)
        return tuple(re.split(r", or |, | or ", found[1])) if found else ()

    @property
    def kind(self) -> str:
        """What messages call its type."""
        return "true or false" if self.type == "bool | None" else self.type

    @property
    def is_filter(self) -> bool:
        """Whether it chooses trials, as the filter of its name does.

        Examples
        --------
        >>> Parameter("route", "str", "", "keep trials with this route").is_filter
        True
        """
        return self.meaning.startswith("keep trials")

    def objection(self, value: Value) -> str:
        """Return why a value of the right type is impossible, empty if it is not."""
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
    """Return the parameters that a notebook takes, by name, in its order."""
    cells = [
        cell
        for cell in notebook["cells"]
        if "parameters" in cell.get("metadata", {}).get("tags", ())
    ]
    if len(cells) != 1:
        found = "no cell" if not cells else f"{len(cells)} cells"
        raise ParameterError(
            f"{name} has {found} tagged `parameters`; a report notebook has one,"
            f" with lines {_LINE}"
        )
    source = "".join(cells[0]["source"])
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
    """Return the given values in the notebook's own types.

    A whole number may stand for a float, a path for a string, any list, tuple or set of
    such for `list[str]`, and for a filter also one text; nothing else is converted, so
    that `"3"` is not 3.
    """
    checked: dict[str, Value] = {}
    wrong = []
    for key, value in values.items():
        if key not in parameters:
            wrong.append(_unknown(key, parameters, name))
            continue
        try:
            is_one = parameters[key].is_filter and isinstance(value, str)
            is_one = is_one and parameters[key].type == "list[str]"
            given = [value] if is_one else value
            checked[key] = _FROM_VALUE[parameters[key].type](given)
        except (TypeError, ValueError):
            wrong.append(f"{key} must be {parameters[key].kind}, not {value!r}")
        else:
            wrong.append(parameters[key].objection(checked[key]))
    _refuse(wrong)
    return checked


def parse_values(
    parameters: Mapping[str, Parameter], pairs: Iterable[str], *, name: str
) -> dict[str, Value]:
    """Return typed values from `key=value` texts, as the command line gives them.

    A `list[str]` is given by repeating its key, or as a JSON list.

    Examples
    --------
    >>> takes = {"size": Parameter("size", "int", 1, "how many")}
    >>> parse_values(takes, ["size=12"], name="demo")
    {'size': 12}
    """
    values: dict[str, Value] = {}
    wrong = []
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not (key and equals):
            wrong.append(f"{pair!r} is not of the form key=value")
        elif key not in parameters:
            wrong.append(_unknown(key, parameters, name))
        elif key in values and parameters[key].type != "list[str]":
            wrong.append(f"{key} is given twice")
        else:
            try:
                value = _FROM_TEXT[parameters[key].type](text)
            except (TypeError, ValueError):
                wrong.append(f"{key} must be {parameters[key].kind}, not {text!r}")
                continue
            before = values.get(key, [])
            if isinstance(value, list) and isinstance(before, list):
                value = [*before, *value]
            values[key] = value
            wrong.append(parameters[key].objection(value))
    _refuse(wrong)
    return values


def _parameter(
    node: ast.stmt, source: str, meanings: Mapping[int, str], name: str
) -> Parameter:
    if (
        isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.value is not None
        and (kind := ast.unparse(node.annotation)) in _FROM_VALUE
    ):
        try:
            default = _FROM_VALUE[kind](ast.literal_eval(node.value))
        except (TypeError, ValueError):
            pass
        else:
            meaning = meanings.get(node.end_lineno or node.lineno, "")
            return Parameter(node.target.id, kind, default, meaning)
    line = source.splitlines()[node.lineno - 1].strip()
    raise ParameterError(
        f"the parameters cell of {name} holds `{line}`; every line must be {_LINE}"
        f" with type {', '.join(_FROM_VALUE)}"
    )


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").rstrip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _unknown(key: str, parameters: Mapping[str, Parameter], name: str) -> str:
    hint = did_you_mean(key, parameters, f"it takes {', '.join(parameters)}")
    return f"{key} is not a parameter of {name}; {hint}"


def _refuse(wrong: Iterable[str]) -> None:
    if told := "; ".join(filter(None, wrong)):
        raise ParameterError(told)


def _str(value: Any) -> str:
    if isinstance(value, (str, os.PathLike)):
        return os.fsdecode(value)
    raise TypeError


def _int(value: Any) -> int:
    # A bool is an int to Python; for a reader of a report it is not.
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError


def _float(value: Any) -> float:
    if isinstance(value, float) and math.isfinite(value):
        return value
    return float(_int(value))


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError


def _bool_or_none(value: Any) -> bool | None:
    return None if value is None else _bool(value)


def _list(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [_str(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_str(item) for item in value)
    raise TypeError


def _bool_of(text: str) -> bool:
    words = {"true": True, "yes": True, "1": True}
    words |= {"false": False, "no": False, "0": False}
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


def _bool_or_none_of(text: str) -> bool | None:
    return None if text.lower() in ("", "none", "null") else _bool_of(text)


def _float_of(text: str) -> float:
    return _float(float(text))


def _list_of(text: str) -> list[str]:
    if not text.startswith("["):
        return [text] if text else []
    return _list(json.loads(text))


_FROM_VALUE: dict[str, Callable[[Any], Value]] = {
    "str": _str,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "bool | None": _bool_or_none,
    "list[str]": _list,
}
_FROM_TEXT: dict[str, Callable[[str], Value]] = {
    "str": str,
    "int": int,
    "float": _float_of,
    "bool": _bool_of,
    "bool | None": _bool_or_none_of,
    "list[str]": _list_of,
}
