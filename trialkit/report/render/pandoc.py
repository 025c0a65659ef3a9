"""Call the pandoc that comes in the wheel, and work on the tree it reads."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from trialkit.errors import MissingExtraError, ReportError

#: A node of pandoc's tree, or one of ours: `{"t": type, "c": content}`.
Node = dict[str, Any]

#: What Quarto reads, less everything that lets text turn into markup of an output or
#: into other characters than were written.
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
        # Quotes, dashes and dots as they stand: a record's are its own.
        "smart",
        # These reach across a text, which may be read in pieces.
        "example_lists",
        "implicit_header_references",
    )
)

# Of pandoc 3; it takes any tree of the same first two numbers.
_API_VERSION = [1, 23, 1]

# Starting a process takes as long as reading this many characters.
_WORTH_A_PROCESS = 20_000

# `[^note]: ...` or `[name]: ...`, which may stand far from its use.
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:", re.MULTILINE)

_LEAVES = frozenset(("Str", "Space", "SoftBreak", "LineBreak"))


def read_markdown(parts: Sequence[str]) -> list[Node]:
    """Return the blocks of a text given in parts; its HTML and TeX are text.

    A long text is read in pieces, by several processes at once. Where a note or a link
    is defined apart from its use, or a box spans pieces, it is read as one after all.

    Parameters
    ----------
    parts
        Pieces of Markdown in order, such as the cells of a notebook.

    Raises
    ------
    ReportError
        If pandoc warns: of a box that is not closed, or a note that is not defined.
    """
    pieces = _pieces(parts)
    if len(pieces) > 1 and not any(_DEFINITION.search(part) for part in parts):
        try:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                return [
                    block for out in pool.map(_read, pieces) for block in _tree(out)
                ]
        except ReportError:
            # Perhaps only for the cuts.
            pass
    return _tree(_read("\n\n".join(parts)))


def read_ahead(parts: Sequence[str]) -> None:
    """Read, while a text still grows, those of its pieces that are full already."""
    for piece in _pieces(parts)[:-1]:
        with suppress(ReportError):
            _read(piece)


def _pieces(parts: Sequence[str]) -> list[str]:
    """Join parts to pieces that are worth a process, from the start of the text."""
    pieces: list[list[str]] = [[]]
    filled = 0
    for part in parts:
        if filled >= _WORTH_A_PROCESS:
            pieces.append([])
            filled = 0
        pieces[-1].append(part)
        filled += len(part)
    return ["\n\n".join(piece) for piece in pieces]


@lru_cache(maxsize=256)
def _read(text: str) -> bytes:
    return _run(["-f", READER, "-t", "json"], text.encode("utf-8"))


def _tree(out: bytes) -> list[Node]:
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
    is_same = True
    for node in nodes:
        if isinstance(node, list):
            new = rewrite(node, change)
            changed.append(new)
            is_same = is_same and new is node
        elif not isinstance(node, dict) or node.get("t") in _LEAVES:
            changed.append(node)
        else:
            inside = _rewrite_inside(node, change)
            replaced = change(inside) if "t" in inside else None
            changed.extend([inside] if replaced is None else replaced)
            is_same = is_same and inside is node and replaced is None
    # What is as it was is not copied: most of a report is words.
    return nodes if is_same else changed


def _rewrite_inside(node: Node, change: Callable[[Node], list[Node] | None]) -> Node:
    copy = node
    for key, value in node.items():
        if isinstance(value, list):
            new = rewrite(value, change)
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
    # Not by `walk`, which takes three times as long: a report has thousands of cells.
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
