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

from trialkit.lazy import attach, renamed

_public, __dir__, __all__ = attach(__name__, __file__)
__getattr__ = renamed(__name__, __file__, _public)
