"""Python child processes that answer messages, one at a time, over their pipes.

They are plain `python -c` children: a notebook or a script without a `__main__` guard
can start them, and they end with their parent.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, cast

_SIZE_BYTES = 8
_CODE = "import sys; sys.path[:] = sys.argv[1:]; from {} import {} as serve; serve()"


class Child:
    """A process that runs `server`, the dotted name of a function that serves.

    It has a session of its own: ^C on a terminal reaches the parent alone.
    """

    def __init__(
        self,
        server: str,
        *,
        is_quiet: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> None:
        module, _, function = server.rpartition(".")
        self.is_busy = False
        self.process = subprocess.Popen(  # noqa: S603 (our own code and paths)
            [sys.executable, "-c", _CODE.format(module, function), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if is_quiet else None,
            env=env,
            start_new_session=True,
        )
        self._messages = cast(IO[bytes], self.process.stdin)
        self._answers = cast(IO[bytes], self.process.stdout)

    def ask(self, message: bytes) -> bytes | None:
        """Return the answer to a message; None if the process ends without one."""
        self.is_busy = True
        try:
            _write(self._messages, message)
            return _read(self._answers)
        except OSError:
            return None
        finally:
            self.is_busy = False

    def end(self, patience: float = 0) -> None:
        """End the process: by its own hand within `patience` seconds, else by force."""
        try:
            if patience:
                if self.is_busy:
                    self.process.send_signal(signal.SIGINT)
                else:
                    self._messages.close()
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(patience)
        finally:  # also when ^C interrupts the wait
            if self.process.returncode is None:
                self.process.kill()
                self.process.wait()

    def close(self) -> None:
        """Close the pipes to a process that has ended."""
        for pipe in (self._messages, self._answers):
            with suppress(OSError):  # an unflushed message is of no use any more
                pipe.close()


def answer_messages(answer: Callable[[bytes], bytes]) -> None:
    """Answer the messages that come on standard input, until it ends."""
    messages, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while (message := _read(messages)) is not None:
        try:
            _write(answers, answer(message))
        except BrokenPipeError:
            os._exit(1)


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_SIZE_BYTES, "big"))
    pipe.write(data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    """Return the next message, None where the other side has ended."""
    size = pipe.read(_SIZE_BYTES)
    if len(size) < _SIZE_BYTES:
        return None
    n_bytes = int.from_bytes(size, "big")
    data = pipe.read(n_bytes)
    return data if len(data) == n_bytes else None
