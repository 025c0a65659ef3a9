"""Pauses: between two requests, and before a request is tried again."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from trialkit.errors import ParameterError, TrialkitError

if TYPE_CHECKING:
    from tenacity import RetryCallState, Retrying

#: The longest pause of our own, in paces: a minute at one request a second.
_LONGEST = 60
#: A register that asks for more seconds than these is left alone.
MOST_ASKED = 900


class Busy(TrialkitError):
    """A passing fault; `pause` is how many seconds the register asks to wait."""

    def __init__(self, what: str, pause: float = 0) -> None:
        super().__init__(what)
        self.pause = pause


class Pace:
    """Lets some seconds pass from the start of one request to that of the next."""

    def __init__(self, seconds: float, sleep: Callable[[float], Any]) -> None:
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ParameterError(f"pace must be a number of seconds, not {seconds}")
        self.seconds = seconds
        self._sleep = sleep
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next request may start."""
        left = self._next - time.monotonic()
        if left > 0:
            self._sleep(left)
        self._next = time.monotonic() + self.seconds


def asked_pause(text: str) -> float:
    """Return the seconds that a `Retry-After` asks for, 0 where it says nothing usable.

    Examples
    --------
    >>> asked_pause("1.5"), asked_pause("-1"), asked_pause("soon")
    (1.5, 0.0, 0.0)
    """
    try:
        seconds = float(text)
    except ValueError:
        try:
            day = parsedate_to_datetime(text)
        except ValueError:
            return 0.0
        day = day if day.tzinfo else day.replace(tzinfo=UTC)
        seconds = (day - datetime.now(UTC)).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0


def tries(
    pace: float,
    sleep: Callable[[float], Any],
    tell: Callable[[str], Any],
    *,
    most: int,
) -> Retrying:
    """Return what calls a function again, after growing pauses, while it is `Busy`."""
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    def pause(state: RetryCallState) -> float:
        own = pace * min(2**state.attempt_number, _LONGEST)
        return max(own, _fault(state).pause)

    def warn(state: RetryCallState) -> None:
        told = f"{_fault(state)}; asked again"
        tell(f"{told} in {pause(state):.0f} s" if pause(state) >= 1 else told)

    return Retrying(
        stop=stop_after_attempt(most),
        wait=pause,
        retry=retry_if_exception(
            lambda error: isinstance(error, Busy) and error.pause <= MOST_ASKED
        ),
        before_sleep=warn,
        sleep=sleep,
        reraise=True,
    )


def _fault(state: RetryCallState) -> Busy:
    fault = state.outcome.exception() if state.outcome else None
    return fault if isinstance(fault, Busy) else Busy("")
