"""Answers of a method that are kept with its object."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

_Method = TypeVar("_Method", bound=Callable[..., Any])


def once(method: _Method) -> _Method:
    """Let a method work out each answer once in the life of its object."""

    @wraps(method)
    def ask(self: Any, *question: Any) -> Any:
        try:
            return self.__dict__[store][question]
        except KeyError:
            answers = self.__dict__.setdefault(store, {})
        answer = answers[question] = method(self, *question)
        return answer

    store = f"answers of {method.__name__}"
    return cast("_Method", ask)
