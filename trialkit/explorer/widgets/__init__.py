"""Widgets for JupyterLab: filter trials, and see tables and figures follow.

`tk.explore(data)` gives an `Explorer`, whose parts are ordinary widgets that a notebook
shows one below the other. They share one `State`: what is chosen, and the one trial
that is looked at. No part knows another, and each can be used from code: `choose` sets
the filters, `selection` is what they leave. Importing this package needs the `lab`
extra.
"""

from trialkit.extras import need

need("ipywidgets", "itables", extra="lab")

from trialkit.explorer.widgets.explorer import Explorer, explore  # noqa: E402

__all__ = ["Explorer", "explore"]
