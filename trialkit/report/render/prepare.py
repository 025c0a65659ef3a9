"""From an executed notebook to an ordinary Quarto notebook.

The facts of `report.display` in the output metadata become front matter, `#|` lines and
one cell per captioned output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import quote

from trialkit.errors import ReportError
from trialkit.escape import markdown_text, typst_string
from trialkit.report.display import IF_SHOWN, METADATA_KEY, TABLE_TYPE
from trialkit.report.notebook import markdown_of, tags_of, with_markdown
from trialkit.report.render.cell_options import join_source, split_source
from trialkit.report.render.cover import Cover, read_cover
from trialkit.report.render.data import data_link

Cell = dict[str, Any]

# Not text/html, for which Quarto loads scripts from the network.
_KEPT_TYPES = (
    TABLE_TYPE,
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/plain",
)
_HALF = '#| classes: ["half"]'
_FENCE = ":" * 9  # more colons than any box inside
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.M
)
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]\{\." + IF_SHOWN + r"\}")
_NAMED = re.compile(r"@([a-z]+-[a-z0-9-]*[a-z0-9])")
_HEADING = re.compile(r"(#{1,6}) [^\n]+")
_BASE = re.compile(r"\bN = (?=\d)")  # kept on one line
_FINDING = re.compile(r"^## (.+) \{\.finding[^{}\n]*\}$", re.M)
_SECTION_LABEL = re.compile(r"\{[^{}\n]*#(sec-[a-z0-9-]+)")


def prepare(notebook: Mapping[str, Any], *, name: str = "") -> dict[str, Any]:
    """Return the notebook with captions, labels and front matter written out.

    A caption ends with a link to its data file. Empty sections are left out.
    """
    front: dict[str, Any] = {}
    cells: list[Cell] = []
    pictures: set[str] = set()
    position = 0
    for cell in notebook["cells"]:
        # Its number before papermill injected a cell.
        position += "injected-parameters" not in tags_of(cell)
        if cell["cell_type"] == "code":
            cells.extend(_split(cell, front, name, where=f"cell {position}"))
        else:
            text = {**cell, "source": "".join(cell["source"])}
            cells.append(_with_own_pictures(text, pictures))
    cells = [*_titled_once(_once(cells))]
    _labels(cells)  # refuses a label that stands twice, in empty sections too
    cells = _without_empty_sections(cells)
    labels = _labels(cells)
    cells = list(_in_pairs(_resolve(cell, labels) for cell in cells))
    return {**notebook, "cells": _with_front_matter(cells, front)}


def read_front_matter(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return the YAML block of a notebook's first cell, empty if there is none."""
    return _front_matter_of(notebook["cells"][0]) if notebook["cells"] else {}


def _split(
    cell: Cell, front: dict[str, Any], name: str, *, where: str
) -> Iterator[Cell]:
    """Yield one cell per captioned output of a code cell, in its order."""
    options, code = split_source("".join(cell["source"]), where=where)
    groups: list[tuple[dict[str, Any], list[Any]]] = []
    for output in cell.get("outputs", ()):
        facts = output.get("metadata", {}).get(METADATA_KEY, {})
        if facts.get("kind") == "title":
            front |= facts["front"]
        if facts.get("kind") in ("title", "caption"):
            continue
        own = _own_options(facts, name)
        if front.get("orientation") == "landscape":
            # Quarto would turn the pages after it upright.
            own = {k: v for k, v in own.items() if v != ["landscape"]}
        # Two texts of half width stand beside each other.
        is_alone = "label" in own or "classes" in own
        if is_alone or not groups or groups[-1][0] != own:
            groups.append((own, []))
        else:
            # An empty line between them: Quarto appends the next directly.
            last = with_markdown(groups[-1][1][-1], lambda text: text.rstrip() + "\n\n")
            groups[-1][1][-1] = last
        groups[-1][1].append(_clean(output, name))
    for number, (own, outputs) in enumerate(groups or [({}, [])]):
        copy = {**cell, "outputs": outputs}
        if number:
            copy["id"] = f"{cell.get('id', 'cell')}-{number + 1}"
            code = "# Shown by the cell above."
            options = {key: options[key] for key in ("include",) if key in options}
        copy["source"] = join_source({**options, **own}, code)
        yield copy


def _own_options(facts: Mapping[str, Any], name: str) -> dict[str, Any]:
    kind = facts.get("kind")
    caption = _BASE.sub("N\u00a0=\u00a0", facts.get("caption", ""))
    if "data" in facts:
        caption += " " + data_link(name, facts["data"]["file"])
    if kind == "text":
        return {"output": "asis"} | _classes(facts)
    if kind == "table":
        options = {"label": facts["label"], "tbl-cap": caption}
    elif kind == "figure":
        # Quarto puts alt text between quotes, where a backslash escapes.
        alt = facts["alt"].replace("\\", "")
        options = {"label": facts["label"], "fig-cap": caption, "fig-alt": alt}
    else:
        return {}
    return options | _classes(facts)


def _classes(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"classes": facts["classes"]} if facts.get("classes") else {}


def _with_own_pictures(cell: Cell, taken: set[str]) -> Cell:
    """Rename an attachment whose name is taken: JupyterLab's are all `image.png`."""
    attached: dict[str, Any] = {}
    text = cell["source"]
    for name, picture in cell.get("attachments", {}).items():
        number, own = 1, name
        while own in taken:
            number, own = number + 1, f"{number + 1}-{name}"
        taken.add(own)
        attached[own] = picture
        if own != name:
            names = "|".join({re.escape(name), re.escape(quote(name))})
            link = re.compile(
                rf"(\]\(\s*<?|\]:\s*<?)attachment:(?:{names})(?=[\s>)]|$)"
            )
            text = link.sub(rf"\g<1>attachment:{quote(own)}", text)
    return {**cell, "source": text, "attachments": attached} if attached else cell


def _without_empty_sections(cells: list[Cell]) -> list[Cell]:
    """Leave out each heading that is followed by one of its level or above."""
    kept: list[Cell] = []
    following = 0
    for cell in reversed(cells):
        heading = _HEADING.fullmatch(cell["source"].strip())
        if cell["cell_type"] == "markdown" and heading:
            if following <= len(heading[1]):
                continue
            following = len(heading[1])
        elif text := _text_of(cell):
            begins = re.match(r"\s*(#{1,6}) ", text)
            following = len(begins[1]) if begins else 7
        kept.append(cell)
    return kept[::-1]


def _in_pairs(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Put neighbors of half width, figures or a text, into a layout of two columns."""
    before = ""
    for is_half, run in groupby(cells, key=lambda cell: _HALF in cell["source"]):
        figures = list(run)
        is_open = before.startswith(_FENCE)  # prepared already
        before = figures[-1]["source"]
        if not is_half or len(figures) == 1 or is_open:
            yield from figures
            continue
        name = f"pair-{figures[0].get('id', '')}"
        yield _markdown_cell(name, f"{_FENCE} {{.pair layout-ncol=2}}")
        yield from figures
        yield _markdown_cell(f"{name}-end", _FENCE)


def _markdown_cell(name: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": name[:64], "metadata": {}, "source": text}


def _text_of(cell: Cell) -> str:
    """Return what a cell shows, as far as it tells a heading; empty for nothing."""
    if cell["cell_type"] == "markdown":
        return cell["source"] or "-"
    if outputs := cell.get("outputs"):
        return markdown_of(outputs[0]) or "-"
    return "-" if "echo: true" in cell["source"] else ""


def _clean(output: Mapping[str, Any], name: str) -> dict[str, Any]:
    if "data" not in output:
        return dict(output)
    data = {key: output["data"][key] for key in _KEPT_TYPES if key in output["data"]}
    facts = output.get("metadata", {}).get(METADATA_KEY, {})
    if "markdown" in facts:  # as it was before `readable`
        data["text/markdown"] = facts["markdown"]
    if facts.get("kind") == "text" and "data" in facts:
        data["text/markdown"] += " " + data_link(name, facts["data"]["file"])
    return {**output, "data": data, "metadata": {}}


def _once(cells: list[Cell]) -> list[Cell]:
    """Leave out an exhibit that an earlier cell shows as well, to the letter.

    Where no trial gives cells, one that two of a notebook give way to comes twice.
    """
    seen: dict[str, list[Any]] = {}
    kept: list[Cell] = []
    for cell in cells:
        options: dict[str, Any] = {}
        if cell["cell_type"] == "code":
            options, _ = split_source(cell["source"], where="a cell")
        shown = [options, *(output.get("data") for output in cell.get("outputs", ()))]
        if "label" not in options or seen.get(options["label"]) != shown:
            kept.append(cell)
            seen[options.get("label", "")] = shown
    return kept


def _titled_once(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Leave out the title of a section's first figure where its heading tells it."""
    heading = ""
    for cell in cells:
        texts = [markdown_of(output) or "" for output in cell.get("outputs", ())]
        options, code = {}, ""
        if cell["cell_type"] == "code":
            options, code = split_source(cell["source"], where="a cell")
        if found := _FINDING.findall("\n".join(texts)):
            heading = found[-1]
        elif heading and "label" in options:
            caption = options.get("fig-cap", "")
            title, _, rest = caption.removeprefix("**").partition("** ")
            if title in (heading, heading.partition("; ")[0]):
                options["fig-cap"] = rest
                cell = {**cell, "source": join_source(options, code)}
            heading = ""
        yield cell


def _labels(cells: list[Cell]) -> set[str]:
    seen: set[str] = set()
    for cell in cells:
        if cell["cell_type"] == "code":
            options, _ = split_source(cell["source"], where="a cell")
            found = [options["label"]] if "label" in options else []
            markdown = "\n".join(markdown_of(o) or "" for o in cell["outputs"])
        else:
            found, markdown = [], cell["source"]
        for label in found + _SECTION_LABEL.findall(markdown):
            if label in seen:
                raise ReportError(f"the label {label} stands twice in the notebook")
            seen.add(label)
    return seen


def _resolve(cell: Cell, labels: set[str]) -> Cell:
    """Write out, or leave out, the references made by `display.refer`."""

    def reference(found: re.Match[str]) -> str:
        names = _NAMED.findall(found[1])
        if not names:
            return found[0]
        return found[1] if names[-1] in labels else ""

    def resolved(text: str) -> str:
        return _OPTIONAL.sub(reference, text)

    copy = {**cell, "source": resolved(cell["source"])}
    if cell["cell_type"] == "code":
        copy["outputs"] = [with_markdown(o, resolved) for o in cell["outputs"]]
    return copy


def _with_front_matter(cells: list[Cell], front: Mapping[str, Any]) -> list[Cell]:
    import yaml

    written = _front_matter_of(cells[0]) if cells else {}
    rest = cells[1:] if written else cells
    merged = {**written, **_quarto_keys(front)} if front else written
    if not merged:
        return cells
    text = yaml.safe_dump(merged, allow_unicode=True, sort_keys=False)
    cell = {"cell_type": "raw", "id": "front-matter", "metadata": {}}
    return [{**cell, "source": f"---\n{text}---"}, *rest]


def _front_matter_of(cell: Mapping[str, Any]) -> dict[str, Any]:
    import yaml

    found = _FRONT_MATTER.match("".join(cell["source"]))
    if cell["cell_type"] == "code" or not found:
        return {}
    try:
        values = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        raise ReportError(f"the first cell's YAML block is wrong: {error}") from None
    if not isinstance(values, dict):
        raise ReportError("the first cell's YAML block does not hold `name: value`")
    return values


def _quarto_keys(front: Mapping[str, Any]) -> dict[str, Any]:
    """Return the title block as Quarto's keys, and all of it under our own."""
    cover = read_cover({METADATA_KEY: front})
    facts = [f"{name}: {value}" for name, value in cover.facts]
    paragraphs = [". ".join(facts) + "." if facts else "", cover.notice]
    keys = {
        "title": markdown_text(cover.title),
        "subtitle": markdown_text(cover.subtitle),
        "date": cover.date.isoformat() if cover.date else "",
        "lang": cover.lang,
        "keywords": list(cover.keywords),
        "abstract": "\n\n".join(markdown_text(p) for p in paragraphs if p),
        "format": {
            "typst": {
                "papersize": cover.paper,
                # Not in _quarto.yml, as the schema of Quarto may lack the key.
                "page-numbering": "1 / 1",
                "include-in-header": {"text": _typst_page(cover)},
            }
        },
    }
    shown = {key: value for key, value in keys.items() if value}
    return {**shown, METADATA_KEY: dict(front)}


def _typst_page(cover: Cover) -> str:
    """Return the running header and page orientation for Quarto's template."""
    cut_off = f"Data cut-off {cover.cut_off}" if cover.cut_off else ""
    words = f"#{typst_string(cover.title)} #h(1fr) #{typst_string(cut_off)}"
    lines = [f"#set page(header: text(size: 8.5pt)[{words}])"]
    if cover.landscape:
        lines.append("#set page(flipped: true)")
    return "\n".join(lines)
