"""Call the pandoc that comes in the wheel, and work on the tree it reads."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from trialkit.errors import MissingExtraError, ReportError

#: A node of pandoc's tree, or one of ours: `{"t": type, "c": content}`.
Node = dict[str, Any]

#: What Quarto reads, less everything that lets text turn into markup of an output.
READER = "markdown" + "".join(
    f"-{extension}"
    for extension in (
        "raw_html",
        "raw_tex",
        "raw_attribute",
        "markdown_in_html_blocks",
        "native_divs",
        "native_spans",
        "latex_macros",
        "yaml_metadata_block",
        "pandoc_title_block",
    )
)

# Of pandoc 3; it takes any tree of the same first two numbers.
_API_VERSION = [1, 23, 1]

_LEAVES = frozenset(("Str", "Space", "SoftBreak", "LineBreak"))


def read_markdown(text: str) -> list[Node]:
    """Return the blocks of a Markdown text; its HTML and TeX are text.

    Raises
    ------
    ReportError
        If pandoc warns: of a box that is not closed, or a note that is not defined.
    """
    out = _run(["-f", READER, "-t", "json"], text.encode("utf-8"))
    return msgspec.json.decode(out)["blocks"]


def write(blocks: list[Node], *options: str) -> str:
    """Return blocks in another format, as pandoc writes it with these options."""
    tree = {"pandoc-api-version": _API_VERSION, "meta": {}, "blocks": blocks}
    return _run(["-f", "json", *options], msgspec.json.encode(tree)).decode("utf-8")


def rewrite(nodes: list[Any], change: Callable[[Node], list[Node] | None]) -> list[Any]:
    """Return a copy of a list of nodes, changed from the leaves up.

    Parameters
    ----------
    nodes
        Blocks, inlines, or any list of the tree.
    change
        Takes a node whose content is changed already; gives what stands in its place,
        or None where it stays.
    """
    changed: list[Any] = []
    for node in nodes:
        if isinstance(node, list):
            changed.append(rewrite(node, change))
        elif not isinstance(node, dict) or node.get("t") in _LEAVES:
            changed.append(node)
        else:
            copy = {
                key: rewrite(value, change) if isinstance(value, list) else value
                for key, value in node.items()
            }
            new = change(copy) if "t" in copy else None
            changed.extend([copy] if new is None else new)
    return changed


def walk(nodes: list[Any]) -> Iterator[Node]:
    """Yield every node in the order of the text."""
    for node in nodes:
        if isinstance(node, list):
            yield from walk(node)
        elif isinstance(node, dict):
            if "t" in node:
                yield node
            for value in node.values():
                if isinstance(value, list):
                    yield from walk(value)


def text_of(nodes: list[Any]) -> str:
    """Return the plain words of inlines or blocks."""
    words = []
    for node in walk(nodes):
        if node["t"] == "Str":
            words.append(node["c"])
        elif node["t"] in ("Code", "Math"):
            words.append(node["c"][1])
        elif node["t"] in ("Space", "SoftBreak", "LineBreak"):
            words.append(" ")
    return "".join(words)


def _run(arguments: list[str], data: bytes) -> bytes:
    # The program is the wheel's own file, and the options are ours.
    done = subprocess.run(  # noqa: S603
        [_program(), *arguments], input=data, capture_output=True, check=False
    )
    words = done.stderr.decode("utf-8", errors="replace").strip()
    if done.returncode or words:
        raise ReportError(f"pandoc: {words or f'ended with {done.returncode}'}")
    return done.stdout


@cache
def _program() -> str:
    """Find the wheel's pandoc; importing pypandoc would first try it out, slowly."""
    spec = find_spec("pypandoc")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for name in ("pandoc", "pandoc.exe"):
            if (file := Path(folder) / "files" / name).is_file():
                return str(file)
    if on_path := shutil.which("pandoc"):
        return on_path
    raise MissingExtraError(
        'pandoc is missing; install it with: pip install "trialkit[report]"'
    )
