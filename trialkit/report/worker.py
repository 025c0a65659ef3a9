"""The worker process of `report.batch`: a report for each job, a dict in JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

from trialkit.errors import TrialkitError
from trialkit.processes import Child, answer_messages
from trialkit.version import code_hash


def serve() -> None:
    """Make reports until standard input ends or ^C comes."""
    # A caller in the background may have ignored it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Thread(target=_end_after, args=[os.getppid()], daemon=True).start()
    try:
        answer_messages(lambda job: json.dumps(_make(json.loads(job))).encode())
    except KeyboardInterrupt:
        sys.exit(130)


def make_apart(job: bytes) -> bytes:
    """Make one report in a process of its own, for a caller on another machine."""
    child = Child("trialkit.report.worker.serve", is_quiet=True)
    try:
        answer = child.ask(job)
        if answer is None:
            status = child.process.wait()
            return json.dumps(f"its process ended with status {status}").encode()
        return answer
    finally:
        child.end(1)
        child.close()


def _end_after(caller: int) -> None:
    """End this process, and its kernel, soon after its caller was killed."""
    while os.getppid() == caller:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGINT)


def _make(job: dict[str, Any]) -> str:
    """Make a report; return the error message, empty on success."""
    from trialkit.report.plan import plan_report
    from trialkit.report.run import write_report

    out, neighbors = Path(job.pop("out")), job.pop("neighbors")
    code, folder = job.pop("code", ""), job.pop("folder", "")
    if code and code != code_hash():
        return "a worker has another trialkit: install the same everywhere"
    try:
        if folder:
            os.chdir(folder)
        write_report(replace(plan_report(**job), neighbors=neighbors), out)
    except (TrialkitError, OSError) as error:
        return str(error)
    except Exception as error:
        # Not even a fault of trialkit stops the other reports.
        return f"{type(error).__name__}: {error}"
    return ""
