"""What a count is out of: every trial once, and studies only."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd

from trialkit.tidy.trials import Trials

P = ParamSpec("P")
R = TypeVar("R")
#: A day, as arguments such as `as_of` take it: ISO text, a date or a timestamp.
Day = str | date
#: Parameters that summaries and tables share, as their docstrings describe them.
SHARED = {
    "data": "Trials, loaded or selected.",
    "as_of": "The data cut-off, an ISO day.",
    "by": "What to group by, as in `count`.",
    "earlier": "What `open_earlier` returns; None compares with nothing.",
}


def described(
    make: Callable[P, R], meanings: Mapping[str, str] = SHARED, returns: str = ""
) -> Callable[P, R]:
    """Return `make` with its parameters described in front of what it returns."""
    doc = inspect.cleandoc(make.__doc__ or "")
    if returns and "Returns\n---" not in doc:
        doc += f"\n\nReturns\n-------\n{returns}"
    head, mark, rest = doc.partition("Returns\n-------\n")
    names = inspect.signature(make).parameters
    if mark and "Parameters\n---" not in head:
        told = "".join(f"{name}\n    {meanings[name]}\n" for name in names)
        make.__doc__ = f"{head}Parameters\n----------\n{told}\n{mark}{rest}"
    return make


def of_counted(
    make: Callable[Concatenate[Trials, P], pd.DataFrame],
) -> Callable[Concatenate[Trials, P], pd.DataFrame]:
    """Return `make` over `data.counted()`, described and remembered as by `once`."""
    remembered = once(make)

    @wraps(make)
    def counting(data: Trials, *args: P.args, **options: P.kwargs) -> pd.DataFrame:
        return remembered(data.counted(), *args, **options)

    return described(counting)


def once(
    make: Callable[Concatenate[Trials, P], pd.DataFrame],
) -> Callable[Concatenate[Trials, P], pd.DataFrame]:
    """Return `make` with its frames cached per set of trials and options."""
    # A `Trials` never changes, and pandas copies a frame on the first write to it: a
    # shallow copy is as good as a frame of one's own.
    frames: WeakKeyDictionary[Trials, dict[Hashable, pd.DataFrame]]
    frames = WeakKeyDictionary()

    @wraps(make)
    def remembered(data: Trials, *args: P.args, **options: P.kwargs) -> pd.DataFrame:
        key = _key((*args, *sorted(options.items())))
        if key is None:
            return make(data, *args, **options)
        known = frames.setdefault(data, {})
        if key not in known:
            known[key] = make(data, *args, **options)
        return known[key].copy(deep=False)

    return remembered


def _key(options: Any) -> Hashable | None:
    """Return options as a key, None where one of them can be none (a frame)."""
    if isinstance(options, (list, tuple)):
        parts = tuple(_key(part) for part in options)
        return None if None in parts else (type(options).__name__, *parts)
    if options is None:
        return "None"
    return options if isinstance(options, Hashable) else None
