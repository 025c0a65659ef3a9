"""What a count is out of: every trial once, and studies only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from trialkit.trials import Trials

P = ParamSpec("P")
R = TypeVar("R")


def of_counted(
    make: Callable[Concatenate[Trials, P], R],
) -> Callable[Concatenate[Trials, P], R]:
    """Return `make` over `data.counted()`: no trial twice, no expanded access."""

    @wraps(make)
    def counting(data: Trials, *args: P.args, **options: P.kwargs) -> R:
        return make(data.counted(), *args, **options)

    return counting
