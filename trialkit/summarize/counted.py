"""What a count is out of: every trial once, and studies only."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import pandas as pd

    from trialkit.tidy.trials import Trials

P = ParamSpec("P")


def of_counted(
    make: Callable[Concatenate[Trials, P], pd.DataFrame],
) -> Callable[Concatenate[Trials, P], pd.DataFrame]:
    """Return `make` over `data.counted()`: no trial twice, no expanded access.

    Each frame is made `once`.
    """
    remembered = once(make)

    @wraps(make)
    def counting(data: Trials, *args: P.args, **options: P.kwargs) -> pd.DataFrame:
        return remembered(data.counted(), *args, **options)

    return counting


def once(
    make: Callable[Concatenate[Trials, P], pd.DataFrame],
) -> Callable[Concatenate[Trials, P], pd.DataFrame]:
    """Return `make`, which makes each frame once per set of trials and options.

    Figures, tables and sentences of a report start from the same frames. A `Trials`
    never changes, and pandas copies a frame on the first write to it, so a shallow copy
    is as good as a frame of one's own.
    """
    made: WeakKeyDictionary[Trials, dict[Hashable, pd.DataFrame]] = WeakKeyDictionary()

    @wraps(make)
    def remembered(data: Trials, *args: P.args, **options: P.kwargs) -> pd.DataFrame:
        key = _key((*args, *sorted(options.items())))
        if key is None:
            return make(data, *args, **options)
        known = made.setdefault(data, {})
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
