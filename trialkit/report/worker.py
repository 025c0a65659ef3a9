"""What the worker processes of `trialkit.report.batch` run: one report after the other.

A job is JSON, and so is its answer. The process outlives a report that fails.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from threading import Thread
from typing import Any

from trialkit.errors import TrialkitError
from trialkit.processes import answer_messages


def serve() -> None:
    """Make the reports that standard input asks for, until it ends or ^C."""
    # A caller in the background may have it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Thread(target=_end_after, args=[os.getppid()], daemon=True).start()
    try:
        answer_messages(lambda job: json.dumps(_make(json.loads(job))).encode())
    except KeyboardInterrupt:
        sys.exit(130)


def _end_after(caller: int) -> None:
    """End this process, and its kernel, soon after a caller that was killed."""
    while os.getppid() == caller:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGINT)


def _make(job: dict[str, Any]) -> str:
    """Make a report; return what is wrong, empty if it is made."""
    from trialkit.report.run import run_report

    try:
        run_report(**job)
    except (TrialkitError, OSError) as error:
        return str(error)
    except Exception as error:
        # A fault of trialkit's own must not stop the other reports either.
        return f"{type(error).__name__}: {error}"
    return ""
