"""Parts of the documentation that are made at build time, from what they describe.

A page says `<!-- made: NAME words -->` on a line of its own; what the maker of
that name gives stands there, as Markdown, when the page is read.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import click
from pygments.lexers.special import TextLexer

import trialkit as tk
from trialkit.cli import cli
from trialkit.codebook import Column, codebook
from trialkit.escape import markdown_text
from trialkit.label.rules import MEANINGS, RULES
from trialkit.report.plan import find_notebook
from trialkit.summarize.families import family_words
from trialkit.tables.measured import AXES, Measured, Share, measured, score_sets

ROOT = Path(__file__).parents[1]
_PLACE = re.compile(r"^<!-- made: (\w+) ?(.*?) -->$", re.MULTILINE)


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx what is here, and that pages may be read in parallel."""
    # autodoc imports what it documents; these two are rooms under another name.
    sys.modules |= {"trialkit.plot": tk.plot, "trialkit.table": tk.table}
    app.connect("source-read", fill)
    app.connect("build-finished", name_parts)
    app.add_lexer("csv", TextLexer)  # shown as it is; unknown, it would be a warning
    return {"parallel_read_safe": True}


def fill(app: Any, page: str, source: list[str]) -> None:
    """Put the made parts of a page in their places."""
    source[0] = _PLACE.sub(
        lambda found: "\n".join(MAKERS[found[1]](*found[2].split())), source[0]
    )


#: What the theme leaves out for readers who hear a page.
_NAMES = {
    'class="caption" role="heading"': 'aria-level="2"',
    'aside class="sidebar-drawer"': 'aria-label="Pages"',
    'aside class="toc-drawer"': 'aria-label="This page"',
}


def name_parts(app: Any, error: Exception | None) -> None:
    """Give the sidebars of every page their names, and their headings a level."""
    for path in Path(app.outdir).rglob("*.html") if error is None else ():
        text = path.read_text(encoding="utf-8")
        for tag, attribute in _NAMES.items():
            text = text.replace(f"{tag}>", f"{tag} {attribute}>")
        path.write_text(text, encoding="utf-8")


def dictionary() -> Iterator[str]:
    """Give every table of the codebook, every column with its type and meaning."""
    for table, columns in codebook().items():
        yield f"\n## {table}\n"
        yield from _table(
            ("Column", "Type", "Meaning"),
            ((f"`{c.column}`", c.dtype, _meaning(c)) for c in columns.values()),
        )


def _meaning(column: Column) -> str:
    parts = [markdown_text(column.description).rstrip(".") + "."]
    if column.unit:
        parts.append(f"Unit: {markdown_text(column.unit)}.")
    if column.levels:
        parts.append("One of " + ", ".join(f"`{level}`" for level in column.levels))
        parts[-1] += "."
    if column.is_derived:
        parts.append("*Derived.*")
    return " ".join(parts)


def vocabulary(axis: str) -> Iterator[str]:
    """Give the terms of one axis with their codes in a standard terminology."""
    terms = tk.label.vocabulary(axis)
    rows = [
        (f"`{row.id}`", markdown_text(row.label), _group(row), _standard(row))
        for row in terms.itertuples(index=False)
    ]
    # Three columns do for an axis that no terminology has terms for.
    width = 4 if terms["code"].notna().any() else 3
    head = ("Id", "Means", "Counted under", "Standard term")
    yield from _table(head[:width], (row[:width] for row in rows))


def _group(row: Any) -> str:
    return markdown_text(row.group) if isinstance(row.group, str) else ""


def _standard(row: Any) -> str:
    """Return code and term, and how well they fit; ids of ontologies name theirs."""
    if not isinstance(row.code, str):
        return "none"
    code = row.code if ":" in row.code else f"{row.code_system} {row.code}"
    match = f" ({row.match})" if isinstance(row.match, str) else ""
    return f"{markdown_text(code)} {markdown_text(row.term)}{match}"


def rules() -> Iterator[str]:
    """Give the id of every rule with what it says, and its examples."""
    for name, says in MEANINGS.items():
        yield f"`{name}`\n: {markdown_text(says)}"
        if name in RULES:
            rule = RULES[name]
            yes, no = _quoted(rule.accepts), _quoted(rule.refuses)
            yield f"  For example {yes}; not {no}."
        yield ""


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{markdown_text(one)}”" for one in words)


def commands() -> Iterator[str]:
    """Give every command with its arguments and options, as its `--help` tells them."""
    context = click.Context(cli, info_name="trialkit")
    for name, command in sorted(cli.commands.items()):
        inner = click.Context(command, info_name=name, parent=context)
        yield f"\n## trialkit {name}\n"
        yield f"```text\n{command.get_help(inner)}\n```\n"


def parameters(*names: str) -> Iterator[str]:
    """Tell what the notebooks take: name, type, default and meaning."""
    for name in names or sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb")):
        yield f"\n## {name}\n"
        yield from _table(
            ("Parameter", "Type", "Default", "Meaning"),
            (
                (
                    f"`{p.name}`",
                    f"`{p.type}`",
                    f"`{p.default!r}`",
                    markdown_text(p.meaning),
                )
                for p in find_notebook(name).parameters.values()
            ),
        )


def public(*homes: str) -> Iterator[str]:
    """Give the names of `trialkit` that are written in some rooms, room by room."""
    found = [
        (place, name)
        for name in tk.__all__
        for place, room in enumerate(homes)
        if f"{_home(getattr(tk, name))}.".startswith(f"trialkit.{room}.")
    ]
    yield from _entries([name for _, name in sorted(found)])


def namespace(space: str) -> Iterator[str]:
    """Give the names of a namespace, topic by topic."""
    yield from _entries([f"{space}.{name}" for name in dir(getattr(tk, space))])


def _entries(names: list[str]) -> Iterator[str]:
    homes = {name: _home(attrgetter(name)(tk)) for name in names}
    for home in dict.fromkeys(homes.values()):
        if len(set(homes.values())) > 1:
            yield f"\n## {_first_line(importlib.import_module(home))}\n"
        for name in (name for name in names if homes[name] == home):
            yield from _entry(name)


def _home(thing: Any) -> str:
    """Return the module that something is written in, "" for a module."""
    return getattr(thing, "__module__", None) or "trialkit.tables"


def _first_line(module: Any) -> str:
    return markdown_text((inspect.getdoc(module) or "").split("\n", 1)[0].rstrip("."))


def _entry(name: str) -> Iterator[str]:
    thing = attrgetter(name)(tk)
    if isinstance(thing, dict):
        keys = ", ".join(f"`{key}`" for key in thing)
        yield f"```{{py:data}} trialkit.{name}\n\nFunctions by name: {keys}.\n```\n"
        return
    kind, options = "function", ""
    if inspect.isclass(thing):
        kind, options = "class", "\n   :members:"
        if issubclass(thing, Exception):
            kind, options = "exception", ""
    yield f"```{{eval-rst}}\n.. auto{kind}:: trialkit.{name}{options}\n```\n"


def _table(head: tuple[str, ...], rows: Any) -> Iterator[str]:
    """Yield a Markdown table; its cells are Markdown already."""
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def accuracy() -> Iterator[str]:
    """Give the frozen figures of each set of labelled trials, by kind of cells."""
    axes = [(axis, "f1") for axis in AXES] + [("arm_rows", "exact")]
    heads = "route delivery type source donor arm_rows decision false_claims".split()
    head = ("Cells", "Trials", *(h.capitalize().replace("_", " ") for h in heads))
    for one in score_sets():
        day, rules = one["date"], one["rules"]
        name, note = one["name"].capitalize(), markdown_text(one.get("note", ""))
        yield f"\n**{markdown_text(name)}**, scored {day}, rules `{rules}`. {note}\n"
        yield from _table(head, (_figures(found, axes) for found in measured(one)))
        readers = one.get("readers") or {}
        if readers:
            told = (f"{key.replace('_', ' ')} {readers[key]:.2f}" for key in readers)
            yield f"\nTwo blind readers agree: {', '.join(told)}."


def _figures(found: Measured, axes: list[tuple[str, str]]) -> tuple[str, ...]:
    words = family_words().get(found.family, "all trials")
    counts = [
        found.figures.get(key)
        for key in (("is_cell_trial", "exact"), ("all", "false_claim_rate"))
    ]
    told = [f"{one.n:.0f} of {one.total:.0f}" if one else "–" for one in counts]
    if not found.is_enough:
        return (words, str(found.n_family), "not measured", *["–"] * 7)
    return (words, str(found.n_family), *map(_of, map(found.figures.get, axes)), *told)


def _of(one: Share | None) -> str:
    if one is None:
        return "–"
    return f"{one.value:.2f}" + (f" ({one.low:.2f}–{one.high:.2f})" if one.low else "")


MAKERS = {
    "accuracy": accuracy,
    "dictionary": dictionary,
    "vocabulary": vocabulary,
    "rules": rules,
    "commands": commands,
    "parameters": parameters,
    "public": public,
    "namespace": namespace,
}
