"""A process of its own that makes reports, one after the other, for `build`.

Jobs come as lines of JSON on standard input, and each is answered by one line. The
process outlives a report that fails; a report that kills it takes no other along.
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


def serve() -> None:
    """Make the reports that standard input asks for, until it ends or ^C."""
    # A caller in the background may have it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Thread(target=_end_after, args=[os.getppid()], daemon=True).start()
    answers, sys.stdout = sys.stdout, sys.stderr
    try:
        for line in sys.stdin:
            answers.write(json.dumps({"error": _make(json.loads(line))}) + "\n")
            answers.flush()
    except (KeyboardInterrupt, BrokenPipeError):
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


if __name__ == "__main__":
    serve()
