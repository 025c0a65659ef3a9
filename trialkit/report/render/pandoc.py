"""Calls of the wheel's pandoc, and operations on the tree it reads."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec

from trialkit.errors import MissingExtraError, ReportError
from trialkit.extras import package_folder

#: A node of pandoc's tree, or one of ours: `{"t": type, "c": content}`.
Node = dict[str, Any]

#: Quarto's Markdown without all that turns text into markup or other characters.
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
        # Quotes, dashes and dots stay as the record has them.
        "smart",
        # These reach across a text, from one notebook cell into another.
        "example_lists",
        "implicit_header_references",
    )
)

# Of pandoc 3, which takes any tree with the same first two numbers.
_API_VERSION = [1, 23, 1]

_LEAVES = frozenset(("Str", "Space", "SoftBreak", "LineBreak"))


def read_markdown(text: str) -> list[Node]:
    """Return the blocks of a text, in which HTML and TeX are text."""
    out = _run(["-f", READER, "-t", "json"], text.encode("utf-8"))
    return msgspec.json.decode(out)["blocks"]


def write(blocks: list[Node], *options: str) -> str:
    """Return blocks as pandoc writes them with these options."""
    tree = {"pandoc-api-version": _API_VERSION, "meta": {}, "blocks": blocks}
    return _run(["-f", "json", *options], msgspec.json.encode(tree)).decode("utf-8")


#: Returns what replaces a node, or None to keep it.
Change = Callable[[Node], list[Node] | None]


def rewrite(nodes: list[Any], change: Change, *, words: bool = False) -> list[Any]:
    """Return nodes changed from the leaves up.

    Words and spaces, which are most of a report, are passed over unless asked for.
    """
    changed: list[Any] = []
    is_same = True
    for node in nodes:
        if isinstance(node, list):
            new = rewrite(node, change, words=words)
            changed.append(new)
            is_same = is_same and new is node
        elif not isinstance(node, dict) or (not words and node.get("t") in _LEAVES):
            changed.append(node)
        else:
            inside = _rewrite_inside(node, change, words)
            replaced = change(inside) if "t" in inside else None
            changed.extend([inside] if replaced is None else replaced)
            is_same = is_same and inside is node and replaced is None
    return nodes if is_same else changed


def _rewrite_inside(node: Node, change: Change, words: bool) -> Node:
    copy = node
    for key, value in node.items():
        if isinstance(value, list):
            new = rewrite(value, change, words=words)
            if new is not value:
                copy = {**copy, key: new}
    return copy


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
    words: list[str] = []
    _gather_words(nodes, words)
    return "".join(words)


def _gather_words(nodes: list[Any], words: list[str]) -> None:
    # Three times as fast as by `walk`.
    for node in nodes:
        if isinstance(node, list):
            _gather_words(node, words)
        elif isinstance(node, dict):
            kind = node.get("t")
            if kind == "Str":
                words.append(node["c"])
            elif kind in _LEAVES:
                words.append(" ")
            elif kind in ("Code", "Math"):
                words.append(node["c"][1])
            else:
                for value in node.values():
                    if isinstance(value, list):
                        _gather_words(value, words)


def _run(arguments: list[str], data: bytes) -> bytes:
    # Program and options are ours.
    done = subprocess.run(  # noqa: S603
        [_program(), *arguments], input=data, capture_output=True, check=False
    )
    words = done.stderr.decode("utf-8", errors="replace").strip()
    if done.returncode or words:
        raise ReportError(f"pandoc: {words or f'ended with {done.returncode}'}")
    return done.stdout


@cache
def _program() -> str:
    """Return the wheel's pandoc; importing pypandoc would first run it."""
    if folder := package_folder("pypandoc"):
        for name in ("pandoc", "pandoc.exe"):
            if (file := folder / "files" / name).is_file():
                return str(file)
    if on_path := shutil.which("pandoc"):
        return on_path
    raise MissingExtraError(
        'pandoc is missing; install it with: pip install "trialkit[report]"'
    )
