"""What worker processes of a test run in place of `trialkit.tidy.workers.serve`."""

import sys

from trialkit.tidy import workers


def dying():
    """End at once, as a process that is killed does."""
    sys.exit(3)


def faulty():
    """Serve with a fault in what builds the tables."""
    workers.build = lambda *_: 1 / 0
    workers.serve()
