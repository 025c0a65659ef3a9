"""Clinical-trial records in, tidy pandas tables and landscape reports out.

The folders are the flow: `read` takes files of any shape to Records, `merge` joins
the Records of one trial, `label` says per arm how cells are given and where they come
from, each with its sentence, `tidy` holds the tables, `summarize` makes one small frame
per question, `figures` and `tables` show it, `prose` says it in sentences, and `report`
runs a notebook over it and writes HTML and PDF.

    import trialkit as tk

    data = tk.load("records/")
    tk.count(data, by=["route", "phase"])
    tk.plot.routes(data)
    tk.run_report("landscape", records="records/")
"""

from functools import cache

from trialkit.lazy import attach, renamed


@cache
def _old_names() -> dict[str, list[str]]:
    """Return the names of 0.1 by new name and, if kept, place; they go in 0.3."""
    from importlib.resources import files

    rows = files(__name__).joinpath("data/renamed.csv").read_text("utf-8").splitlines()
    return {old: rest for old, *rest in (row.split(",") for row in rows[1:])}


_public, __dir__, __all__ = attach(__name__, __file__)
__getattr__ = renamed(__name__, _public, _old_names)
