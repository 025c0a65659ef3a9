"""What Quarto prints a report with: the look and the tables of our own engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from typing import Any

from trialkit.report.display import TABLE_TYPE
from trialkit.report.notebook import with_markdown
from trialkit.report.render.assemble import PIPE_TABLE, fenced
from trialkit.report.render.cell_options import join_source, split_source
from trialkit.report.render.cover import Cover
from trialkit.report.render.data import without_data_link
from trialkit.report.render.layout import arrange
from trialkit.report.render.pdf import print_settings, printed_table
from trialkit.report.render.tables import table_node

Cell = dict[str, Any]


def print_files(cover: Cover) -> dict[str, bytes]:
    """Return the files that `reports/typst-show.typ` reads, by name."""
    look = files("trialkit.report.render") / "assets" / "report.typ"
    settings = json.dumps(print_settings(cover), ensure_ascii=False)
    # Not report.typ: Quarto names the notebook's own Typst so.
    return {"look.typ": look.read_bytes(), "report.json": settings.encode("utf-8")}


def for_print(notebook: Mapping[str, Any], cover: Cover) -> dict[str, Any]:
    """Return a prepared notebook with its tables as Typst.

    Quarto would give their columns other widths. A caption ends before the link to the
    data file, which paper cannot follow.
    """
    cells = [_cell(cell, cover.landscape) for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def _cell(cell: Cell, is_landscape: bool) -> Cell:
    if cell["cell_type"] != "code":
        return cell
    options, code = split_source("".join(cell["source"]), where="a cell")
    for name in ("fig-cap", "tbl-cap"):
        if name in options:
            options[name] = without_data_link(options[name])
    outputs = []
    for output in cell.get("outputs", ()):
        form = output.get("data", {}).get(TABLE_TYPE)
        if form and "label" in options:
            classes = options.get("classes", [])
            written, is_turned = _table(form, classes, is_landscape)
            if not is_turned:
                options["classes"] = [c for c in classes if c != "landscape"]
            output = with_markdown(output, partial(_replaced, written))
        outputs.append(output)
    return {**cell, "outputs": outputs, "source": join_source(options, code)}


def _table(
    form: Mapping[str, Any], classes: list[str], is_landscape: bool
) -> tuple[str, bool]:
    """Return a table as Typst, and whether its page is turned."""
    box = {"t": "TkTable", "content": [table_node(form)]}
    for name, kind in (("landscape", "TkTurned"), ("compact", "TkCompact")):
        if name in classes:
            box = {"t": kind, "content": [box]}
    (arranged,) = arrange([box], is_landscape=is_landscape)
    (table,) = arranged["content"]
    if table["t"] == "TkTable":
        (table,) = table["content"]
    written = printed_table(table)
    if arranged["t"] == "TkCompact":
        written = f"#compact[\n{written}\n]"
    return written, arranged["t"] == "TkTurned"


def _replaced(typst: str, text: str) -> str:
    # Quarto runs its shortcodes in raw blocks too, and this may be a record's text.
    safe = typst.replace("{{<", "{\\u{7b}<")
    if "#unbroken[" in safe and PIPE_TABLE.sub("", text, count=1).strip():
        # Notes stay with a short table.
        safe = f"#lead-on[\n{safe}\n]"
    block = fenced(safe, "{=typst}")
    return PIPE_TABLE.sub(lambda _: f"{block}\n", text, count=1)
