"""Words that readers see for registry codes and fields, and in sentences."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import pandas as pd

from trialkit.codewords import NOT_STATED, code_word
from trialkit.codewords import field_name as field_name
from trialkit.files import data_text
from trialkit.plural import counted


def word(code: str | None, column: str) -> str:
    """Return one registry code as the words that readers see.

    What is no code stays as the record writes it: `ARDS` is a condition.
    """
    return NOT_STATED if pd.isna(code) else code_word(str(code), column)


def words(values: pd.Series, column: str) -> pd.Series:
    """Return codes of a column of `trials` in words, missing as "Not stated".

    A categorical Series stays categorical, in its order, "Not stated" last.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = [code_word(str(level), column) for level in values.cat.categories]
        renamed = values.cat.rename_categories(levels)
        if NOT_STATED not in levels:
            renamed = renamed.cat.add_categories([NOT_STATED])
        return renamed.fillna(NOT_STATED)
    text = values.astype("string")
    frame = {code: code_word(code, column) for code in text.dropna().unique()}
    return text.map(frame).astype("string").fillna(NOT_STATED)


#: What is said of a source whose facts stand in sentences of someone else.
_RETOLD = {
    "registry": "registry facts",
    "export": "facts of an export",
    "mirror": "facts of a mirror",
    "lay": "facts of a lay page",
}
_REWRITTEN = "rewritten"


def kind_words(kind: str | None, wording: str | None) -> str:
    """Return the kind of a source, and whether its sentences are rewritten."""
    if pd.isna(wording) or wording != _REWRITTEN:
        return word(kind, "source_kind")
    return f"{_RETOLD.get(str(kind), 'facts')}, sentences rewritten"


def as_quoted(text: str, wording: str | None) -> str:
    """Return words of a source, in quotation marks where they are verbatim."""
    is_own = pd.isna(wording) or wording != _REWRITTEN
    return f"“{text}”" if is_own else f"rewritten: {text}"


def is_rewritten(wording: pd.Series) -> pd.Series:
    """Return which sources have rewritten sentences."""
    return wording.astype("string").eq(_REWRITTEN).fillna(False)


@cache
def report_words() -> dict[str, Any]:
    """Return the fixed sentences of a report."""
    return tomllib.loads(data_text("wording/report.toml"))


def was_were(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun and verb."""
    return f"{counted(n, noun, plural)} {'was' if n == 1 else 'were'}"


def sentence_list(items: list[str]) -> str:
    """Return items as a list inside a sentence; semicolons part items with commas."""
    if len(items) < 2:
        return "".join(items)
    comma = "; " if any(", " in item for item in items) else ", "
    return f"{comma.join(items[:-1])} and {items[-1]}"


def stating_no(n: int, what: str) -> str:
    """Return how many trials state no such thing: "3 trials state no start"."""
    return f"{counted(n, 'trial')} {'states' if n == 1 else 'state'} no {what}"


def base_words(n: int, n_all: int) -> str:
    """Return the base of a count on cells: of `n_all` trials shown `n` give some."""
    if n >= n_all:
        return counted(n, "trial")
    return f"{counted(n, 'trial that gives', 'trials that give')} cells"


def for_armless(n: int) -> str:
    """Return what follows a number of arms where `n` trials describe none."""
    who = "a trial that describes" if n == 1 else "trials that describe"
    return f", and {n:,} for {who} no arm" if n else ""


def not_stating(n: int) -> str:
    """Return, in brackets, how many trials do not state what was asked; "" for none."""
    return f" ({n:,} {'does' if n == 1 else 'do'} not state it)" if n else ""
