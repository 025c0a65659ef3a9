"""Widgets for JupyterLab: filters, and the tables and figures that follow them.

The parts of an `Explorer` know only the `State` that they share. Importing this package
needs the extra `lab`.
"""

from trialkit.extras import need

need("ipywidgets", "itables", extra="lab")

from trialkit.explorer.widgets.explorer import Explorer, explore  # noqa: E402

__all__ = ["Explorer", "explore"]
