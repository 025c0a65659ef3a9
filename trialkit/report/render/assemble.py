"""From a prepared notebook to its Markdown and its images."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trialkit.errors import ReportError
from trialkit.report.display import TABLE_TYPE
from trialkit.report.notebook import markdown_of, without_colors
from trialkit.report.render.cell_options import cell_options
from trialkit.report.render.prepare import read_front_matter

#: Classes of the boxes around the output of a captioned cell.
FIGURE, TABLE, CAPTION = "tk-figure", "tk-table", "tk-caption"
#: Class of the box that stands for the rows of a table, which holds its label.
ROWS = "tk-rows"

#: Types of images by the ending of their files.
MIMES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}
#: A table in the Markdown of an output.
PIPE_TABLE = re.compile(r"(?:\A|(?<=\n\n))(?:\|.*(?:\n|\Z))+")
_ENDINGS = {mime: ending for ending, mime in MIMES.items() if ending != "jpeg"}


@dataclass(frozen=True)
class Image:
    """An image of the report with its alt text."""

    name: str
    mime: str
    data: bytes
    alt: str


@dataclass
class Assembled:
    """The Markdown of a report in parts; its images and tables by their keys there."""

    parts: list[str] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)


def assemble(notebook: Mapping[str, Any]) -> Assembled:
    """Return a prepared notebook as Markdown with its images."""
    result = Assembled()
    for cell in notebook["cells"][bool(read_front_matter(notebook)) :]:
        if cell["cell_type"] == "markdown":
            result.parts.append(_with_attachments(cell, result))
        elif cell["cell_type"] == "code":
            result.parts.extend(_code_cell(cell, result))
    return result


def _code_cell(cell: Mapping[str, Any], result: Assembled) -> Iterator[str]:
    options, code = cell_options(cell, where="a cell")
    if options.get("include") is False:
        return
    if options.get("echo") and code.strip():
        yield fenced(code, "python")
    if options.get("output") is False:
        return
    shown = [
        text
        for output in cell.get("outputs", ())
        if (text := _output(output, options, result))
    ]
    if "label" not in options:
        yield from shown
        return
    if len(shown) != 1:
        raise ReportError(
            f"the cell {options['label']} shows {len(shown)} figures or tables, not one"
        )
    yield _captioned(shown[0], options)


def _captioned(shown: str, options: Mapping[str, Any]) -> str:
    label = str(options["label"])
    kind = {"fig": FIGURE, "tbl": TABLE}.get(label.split("-")[0])
    caption = options.get("fig-cap" if kind == FIGURE else "tbl-cap")
    if not kind or not caption:
        raise ReportError(f"the cell {label} has no fig- or tbl- label with a caption")
    classes = options.get("classes", [])
    classes = classes.split() if isinstance(classes, str) else classes
    marks = " ".join(f".{name}" for name in [kind, *classes])
    return (
        f"::::: {{#{label} {marks}}}\n\n:::: {{.{CAPTION}}}\n\n{caption}\n\n::::\n\n"
        f"{shown}\n\n:::::"
    )


def _output(
    output: Mapping[str, Any], options: Mapping[str, Any], result: Assembled
) -> str:
    kind = output["output_type"]
    if kind == "stream":
        if output["name"] == "stderr" and not options.get("warning"):
            return ""
        return fenced(without_colors("".join(output["text"])))
    if kind == "error":
        return fenced(f"{output['ename']}: {without_colors(output['evalue'])}")
    data = output["data"]
    if (text := markdown_of(output)) is not None:
        if TABLE_TYPE in data and "label" in options:
            return _with_rows_apart(text, data[TABLE_TYPE], options["label"], result)
        return text
    for mime, ending in _ENDINGS.items():
        if mime in data:
            label = str(options.get("label", f"image-{len(result.images) + 1}"))
            result.images[label] = Image(
                name=f"{label}.{ending}",
                mime=mime,
                data=_bytes_of(mime, data[mime]),
                alt=str(options.get("fig-alt", "")),
            )
            return f"![]({label})"
    text = "".join(data.get("text/plain", ""))
    # The value of a last line that draws tells a reader nothing.
    return "" if re.match(r"\[?<(matplotlib|Axes)", text) else fenced(text)


def _with_rows_apart(text: str, form: Any, label: str, result: Assembled) -> str:
    """Return what stands below a table, with a box in place of its rows."""
    result.tables[label] = form
    return PIPE_TABLE.sub(f"::: {{.{ROWS}}}\n{label}\n:::", text, count=1)


def _with_attachments(cell: Mapping[str, Any], result: Assembled) -> str:
    for name, data in cell.get("attachments", {}).items():
        for mime, content in data.items():
            ending = _ENDINGS.get(mime) or Path(name).suffix[1:].lower()
            file = f"attachment-{len(result.images) + 1}.{ending}"
            image = Image(file, mime, _bytes_of(mime, content), alt="")
            result.images[f"attachment:{quote(name)}"] = image
    return "".join(cell["source"])


def _bytes_of(mime: str, content: str | list[str]) -> bytes:
    """Return the bytes of an image, which a notebook holds as text or base64."""
    text = "".join(content)
    is_text = mime == "image/svg+xml" and text.lstrip().startswith("<")
    return text.encode("utf-8") if is_text else base64.b64decode(text)


def fenced(text: str, language: str = "") -> str:
    """Return text as a block of code, empty for none."""
    if not text.strip():
        return ""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
