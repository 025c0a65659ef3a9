"""A worker for tests of notebooks that draw nothing."""

from trialkit.processes import Child
from trialkit.report import execute, worker


def bare():
    """Make reports as a worker does, in kernels that import nothing ahead."""
    execute._PRELOAD = ()
    worker.serve()


def bare_child(_, **options):
    """Return a process that is such a worker."""
    return Child(f"{__name__}.bare", **options)
