#!/usr/bin/env bash
# papermill: parameters of a notebook that already holds an injected cell above its
# `parameters` cell have no effect, and the notebook's metadata says that they had.
#
# Guess before running: papermill puts the given values after the `parameters` cell,
# wherever an older injected cell stands, so that they win.
# Seen (papermill 2.7.0): the older cell is refilled where it stands. The defaults in the
# `parameters` cell below it run last and win; `metadata.papermill.parameters` still
# lists the value that was asked for. Of two cells tagged `parameters` only the first
# counts: a value given for a name of the second is overwritten by its default.
# Met where an executed report is rearranged and run again: the settings printed on the
# cover were not those that chose the trials.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  papermill==2.7.0 nbformat==5.11.1 ipykernel
cd "$work"
cat > run.py <<'PY'
import logging

import nbformat
import papermill
from nbformat.v4 import new_code_cell, new_notebook

logging.disable(logging.CRITICAL)
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def run(cells, **parameters):
    notebook = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(notebook, "in.ipynb")
    done = papermill.execute_notebook(
        "in.ipynb", "out.ipynb", parameters=parameters, progress_bar=False
    )
    printed = "".join(o["text"] for o in done.cells[-1].outputs if "text" in o)
    return printed.strip(), dict(done.metadata.papermill.parameters)


def cell(source, tag):
    return new_code_cell(source, metadata={"tags": [tag]})


show = new_code_cell("print(condition)")
above = cell("condition = 'old'", "injected-parameters")
default = cell("condition = 'default'", "parameters")

printed, said = run([above, default, show], condition="asked")
print("injected cell above:", printed, "| metadata:", said)
assert printed == "default" and said == {"condition": "asked"}

printed, _ = run([default, cell("x = 1", "none"), show], condition="asked")
print("no injected cell:", printed)
assert printed == "asked"

first = cell("phase = 'any'", "parameters")
printed, said = run([first, default, show], condition="asked")
print("second parameters cell:", printed, "| metadata:", said)
assert printed == "default" and said == {"condition": "asked"}
PY
"$work/venv/bin/python" run.py
