"""Parts of a store, and reports, made on a Dask cluster: the module that knows Dask.

The client finds the files and cuts them, workers make the parts, and what only all of
them together can tell is settled by the client: links, sources, the inventory. Workers
and client see the same files; a store is written by the workers themselves.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from logging import CRITICAL
from typing import TYPE_CHECKING, Any

from trialkit.errors import TrialDataError
from trialkit.extras import need

if TYPE_CHECKING:
    from distributed import Client, Future

#: What `--dask` takes for a cluster of this machine alone.
LOCAL = "local"
#: A task that fails is tried so often again, beside those of a worker that died.
_RETRIES = 2
#: Seconds that a scheduler may be away.
_PATIENCE = 60
#: Seconds after which it is looked whether there is a worker, and without any at all.
_LOOK, _ALONE = 30, 600
_LOST = ("cancelled", "lost")
#: Of a cluster of our own nobody looks at the profile, which costs as much as work on
#: a busy machine: every process of Dask wakes up many times in a second.
_CALM = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.scheduler.active-memory-manager.start": False,
}


@contextmanager
def connected(
    where: str | Client, *, n_workers: int | None = None
) -> Iterator[Cluster]:
    """Yield a cluster: that of a client, at an address, or one of this machine."""
    need("dask", "distributed", extra="scale")
    from dask import config
    from distributed import Client, LocalCluster

    with ExitStack() as until_then:
        until_then.enter_context(config.set({"dataframe.convert-string": False}))
        if isinstance(where, Client):
            yield Cluster(where)
            return
        if where == LOCAL:
            until_then.enter_context(config.set(_CALM))
            form = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
            try:
                here = LocalCluster(n_workers=n_workers, silence_logs=CRITICAL, **form)
            except (RuntimeError, OSError) as error:
                told = "the Dask workers of this machine did not start"
                raise TrialDataError(f"{told}: {_innermost(error)}") from None
            until_then.enter_context(here)
            where = here.scheduler_address
        try:
            client = Client(where, timeout=_PATIENCE)
        except (OSError, ValueError) as error:
            told = f"no Dask scheduler answers at {where}"
            raise TrialDataError(f"{told}: {error or 'nothing came'}") from None
        until_then.callback(_closed, client)
        yield Cluster(client)


def _innermost(error: BaseException) -> str:
    """Return what an error began with, in a line: Dask wraps it several times."""
    while error.__cause__:
        error = error.__cause__
    return " ".join(str(error).split()) or type(error).__name__


def _closed(client: Client) -> None:
    with suppress(OSError, TimeoutError):
        client.close(timeout=5)


class Cluster:
    """Runs functions of ours on the workers; what fails is tried again, then named."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._seen = time.monotonic()
        self._address = client.scheduler.address if client.scheduler else "?"

    @property
    def n_workers(self) -> int:
        """How many workers there are now; at least one will come."""
        return max(len(self._client.scheduler_info(n_workers=-1)["workers"]), 1)

    def each(
        self,
        function: Callable[..., Any],
        arguments: Sequence[tuple[Any, ...]],
        names: Sequence[object],
    ) -> Iterator[tuple[int, Any]]:
        """Yield place and result of each call, as they end.

        `names` say what a call is about, for the message on one that fails.
        """
        due = dict(enumerate(arguments))
        while due:
            yield from self._tried(function, due, names)
            if due:
                self._wait()

    def _tried(
        self,
        function: Callable[..., Any],
        due: dict[int, tuple[Any, ...]],
        names: Sequence[object],
    ) -> Iterator[tuple[int, Any]]:
        """Yield what ends; what is left is due still, because the scheduler is gone."""
        from distributed import as_completed

        of: dict[Future, int] = {}
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Sending large graph")
                for n, given in due.items():
                    form: dict[str, Any] = {"pure": False, "retries": _RETRIES}
                    of[self._client.submit(function, *given, **form)] = n
            while of:
                with suppress(TimeoutError):  # nothing ended for a while
                    given = {"raise_errors": False, "timeout": _LOOK}
                    for future in as_completed(list(of), **given):
                        n = of.pop(future)
                        if future.status == "error":
                            raise _failed(names[n], future)
                        found = None if future.status in _LOST else _result(future)
                        future.release()
                        if found is not None:
                            del due[n]
                            yield n, found
                self._look()
        finally:
            if of and self._client.status == "running":
                self._client.cancel(list(of))

    def _look(self) -> None:
        """Refuse to wait for a cluster that has no worker for long."""
        with suppress(OSError, TimeoutError):
            if self._client.scheduler_info(n_workers=-1)["workers"]:
                self._seen = time.monotonic()
        if time.monotonic() - self._seen > _ALONE:
            told = f"the Dask cluster at {self._address} has no worker"
            raise TrialDataError(f"{told} since {_ALONE // 60} minutes")

    def _wait(self) -> None:
        """Wait for a scheduler that went away to be there again."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if self._client.status == "running":
                return
            if self._client.status == "closed":
                break
            time.sleep(0.2)
        told = f"the Dask scheduler at {self._address} is gone"
        raise TrialDataError(f"{told}: start it and run this again; nothing changed")


def _result(future: Future) -> Any:
    """Return a result, None where its scheduler or worker went away with it."""
    from concurrent.futures import CancelledError

    try:
        return future.result(timeout=_PATIENCE)
    except (CancelledError, OSError, TimeoutError):
        return None


def _failed(name: object, future: Future) -> TrialDataError:
    from distributed import KilledWorker

    error = future.exception(timeout=_PATIENCE)
    if isinstance(error, KilledWorker):
        why = "the workers that made it died: is memory short? Their logs say more"
    elif isinstance(error, ModuleNotFoundError):
        why = f"a worker has {error}: install trialkit where the workers run"
    else:
        why = f"{_RETRIES + 1} tries failed, the last with {error!r}"
    return TrialDataError(f"{name}: {why}")
