"""From a notebook and parameters to an executed notebook, HTML and PDF."""

from trialkit.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
