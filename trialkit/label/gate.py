"""A cheap first look: a trial that names no cells costs one scan of its text.

The words are the columns `gate` and `explains` of a vocabulary. RE2 reads all of them
as one automaton, some 250 MB/s whatever their number; the same pattern costs Python's
`re` twenty times that, and one substring test per word five times
(`python -m benchmarks label` has the sum).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import re2

from trialkit.label.context import brand_words
from trialkit.label.entries import Entry
from trialkit.label.normalize import normalize
from trialkit.label.vocabulary import shipped
from trialkit.record import Record

#: Types of interventions that cells may hide behind: "gene therapy", "a vaccine".
_BIOLOGIC = {"BIOLOGICAL", "GENETIC", "COMBINATION_PRODUCT"}
Search = Callable[[str], Any]


def gate_of(entries: Mapping[str, Entry]) -> Search | None:
    """Return a search for the gate words of an axis, or None without a gate."""
    words = [word for entry in entries.values() for word in entry.gate]
    return _search(words) if words else None


def _search(words: Iterable[str]) -> Search:
    """Return a search for words: `_` is the edge of a word, `?` any character."""
    return _compiled([_marked(re.escape(word)) for word in words])


def _marked(word: str) -> str:
    return word.replace("_", r"\b").replace(r"\?", ".")


def _compiled(patterns: Iterable[str]) -> Search:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    return re2.compile("|".join(patterns), options).search


@cache
def _cells() -> tuple[Search, Search]:
    """Return the searches for words of a cell product, and for what explains one."""
    entries = shipped()["cell_type"].values()
    stems = [_marked(re.escape(word)) for entry in entries for word in entry.gate]
    has_stem = _compiled(stems)
    phrases = {p for entry in entries for p in entry.phrases if not has_stem(p)}
    return (
        _compiled([*stems, *sorted(map(_phrase, phrases))]),
        _search(word for entry in entries for word in entry.explains),
    )


def _phrase(phrase: str) -> str:
    """Return the pattern of a phrase; one with `=` is a short form, as written."""
    is_short = phrase.startswith("=")
    words = re.split(r"[\s-]", phrase.removeprefix("~").removeprefix("=").rstrip("*"))
    pattern = ".".join(map(re.escape, words))
    if is_short:
        return rf"\b(?-i:{pattern})s?\b"
    return rf"\b{pattern}" if pattern.isascii() else pattern


def names_no_cells(records: Sequence[Record]) -> bool:
    """Return whether no record has a word that a cell product must have."""
    return not any(_may_give_cells(record) for record in records)


def tells_of_cells(records: Sequence[Record]) -> bool:
    """Return whether the summary of a record without arm rows has such a word."""
    names_product, _ = _cells()
    return any(names_product(_told(r)) for r in records if not r.arms)


def _may_give_cells(record: Record) -> bool:
    """Return whether the arms, or a brand that the summary explains, may be cells."""
    names_product, explains = _cells()
    if names_product(normalize(_structured(record))):
        return True
    told = _told(record)
    if record.page_passages or not record.interventions or _is_silent(record):
        pages = (normalize(passage.text) for passage in record.page_passages)
        return names_product("\n".join((told, *pages))) is not None
    if not explains(told):
        return False
    names = (normalize(item.name or "") for item in record.interventions)
    folded = told.lower().replace("-", " ")
    return any(brand in folded for name in names for brand in brand_words(name))


def _told(record: Record) -> str:
    """Return the words of summary and description."""
    texts = record.brief_summary, record.detailed_description
    return normalize("\n".join(text or "" for text in texts))


def _is_silent(record: Record) -> bool:
    """Return whether only a summary can tell what an old record's biologic is."""
    kinds = {item.intervention_type for item in record.interventions}
    return not record.arms and not kinds.isdisjoint(_BIOLOGIC)


def _structured(record: Record) -> str:
    """Return the titles and the texts of arms and interventions."""
    texts = [record.brief_title, record.official_title]
    for arm in record.arms:
        texts += [arm.arm_label, arm.description]
    for item in record.interventions:
        texts += [item.name, item.description, *item.other_names]
    return "\n".join(filter(None, texts))
