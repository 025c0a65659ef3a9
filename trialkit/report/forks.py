"""Kernels forked from a process that has imported what every report needs.

Imports take a third of a report's time. The first report of a process pays them; those
after it, of a batch or a session of the explorer, do not. Only where a fork is safe.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import signal
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from trialkit.processes import Child, answer_messages


def _can_fork() -> bool:
    # macOS forbids a fork after most imports, and Windows has none.
    with suppress(AttributeError, OSError):
        os.close(os.pidfd_open(os.getpid()))
        return sys.platform == "linux"
    return False


#: Whether kernels are forked here.
CAN_FORK = _can_fork()
#: The host of this process by what it has imported, and from where.
_HOSTS: dict[tuple[Any, ...], Child] = {}


class ForkProvisioner(LocalProvisioner):
    """Launch a kernel as a fork of the host, which imports `preload` first."""

    preload: Sequence[str] = ()

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Return the connection of a kernel that starts as soon as the host can."""
        job = {
            "preload": self.preload,
            "arguments": cmd[cmd.index("-f") :],
            "folder": os.getcwd(),
            "environment": dict(kwargs["env"]),
            "log": kwargs["stderr"].name,
        }
        self.process = _Fork(_host(kwargs["env"]), job)
        return self.connection_info


class _Fork:
    """A forked kernel, with what a provisioner asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, host: Child, job: Mapping[str, Any]) -> None:
        self._host = host
        self._is_over = False
        pool = ThreadPoolExecutor(1)
        # The host may be importing for a second or two.
        self._started = pool.submit(_start, host, json.dumps(job).encode())
        pool.shutdown(wait=False)

    def poll(self) -> int | None:
        """Return None while the kernel runs, or is about to."""
        return self.wait(0) if self._started.done() else None

    def wait(self, timeout: float | None = None) -> int | None:
        """Return a status once the kernel has ended."""
        started = self._started.result()
        if started is not None and not self._is_over:
            if not select.select([started[1]], [], [], timeout)[0]:
                return None
            os.close(started[1])
        self._is_over = True
        return 1

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and its children."""
        if not self._started.done():
            self._host.end()
        elif self.poll() is None and (started := self._started.result()):
            try:
                os.killpg(started[0], signum)
            except ProcessLookupError:  # it has no group yet
                os.kill(started[0], signum)


def _start(host: Child, job: bytes) -> tuple[int, int] | None:
    """Return the id of a new kernel and a file that tells its end, None without one."""
    answer = host.ask(job)
    try:
        return None if answer is None else (int(answer), os.pidfd_open(int(answer)))
    except ProcessLookupError:
        return None


def _host(env: Mapping[str, str]) -> Child:
    """Return the host of this process, a new one where the last is of no use."""
    key = (*sys.path, env.get("PYTHONPATH"))
    if key not in _HOSTS or _HOSTS[key].process.poll() is not None:
        _end_hosts()
        _HOSTS[key] = Child("trialkit.report.forks.serve", is_quiet=True, env=env)
    return _HOSTS[key]


@atexit.register
def _end_hosts() -> None:
    while _HOSTS:
        _, host = _HOSTS.popitem()
        host.end()
        host.close()


def serve() -> None:
    """Import what every kernel needs, and fork one for each message."""
    signal.signal(signal.SIGCHLD, _clear_away)
    answer_messages(_answer)


def _clear_away(*_: Any) -> None:
    """Take notice of kernels that have ended, so that their time is counted."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(message: bytes) -> bytes:
    job = json.loads(message)
    # As a kernel sets it before it imports.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in ("ipykernel.kernelapp", *job["preload"]):
        with suppress(Exception):  # the notebook will tell
            import_module(name)
    gc.freeze()  # what is imported never goes
    pid = os.fork()
    if not pid:
        _become_kernel(job)
    return str(pid).encode()


def _become_kernel(job: Mapping[str, Any]) -> None:
    """Run a kernel in this process, whose pipes are the host's, and end it."""
    try:
        os.setsid()
        log = os.open(job["log"], os.O_WRONLY | os.O_APPEND)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number, target in enumerate((nowhere, nowhere, log)):
            os.dup2(target, number)
        sys.stdout = sys.__stdout__
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(job["folder"])
        os.environ.clear()
        os.environ.update(job["environment"])
        # A report makes much and drops little: a tenth of its time went into looking.
        gc.set_threshold(20_000, 20, 20)
        # The kernel ends with the host, and so with our own process.
        parent = f"--IPKernelApp.parent_handle={os.getppid()}"
        sys.argv = ["ipykernel_launcher", *job["arguments"], parent]
        from ipykernel.kernelapp import launch_new_instance

        launch_new_instance()
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stderr.flush()
        os._exit(1)
