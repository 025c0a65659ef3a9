"""Clinical-trial records in, tidy pandas tables and landscape reports out."""

from trialkit.trials import Trials, load, load_example
from trialkit.version import __version__

__all__ = ["Trials", "__version__", "load", "load_example"]
