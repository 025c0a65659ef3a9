"""Which fields the JSON of ClinicalTrials.gov holds, and which of them no table keeps.

Decoding skips what it does not know, so a new field of the API would pass unseen. The
census looks at every field and says which were never heard of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec

from trialkit.files import Paths
from trialkit.read.ctgov import json as ctgov_json
from trialkit.read.ctgov.lenient import fields_of, item_of
from trialkit.read.ctgov.wire import Study
from trialkit.read.files import documents
from trialkit.record import Excluded


class FieldCount(NamedTuple):
    """One field: its path, the studies that have it, and what becomes of it.

    `use` is `kept` (a table holds it), `skipped` (known, and no table holds it) or
    `unseen` (new since the list of the API's fields was made).
    """

    field: str
    n_studies: int
    use: str


def census(paths: Paths) -> list[FieldCount]:
    """Return how many studies have each field of the API's JSON.

    Files of other shapes are passed over: their columns are few and are named in
    `excluded` where they are not known.

    Parameters
    ----------
    paths
        As for `read`.

    Returns
    -------
    list of FieldCount
        Unseen fields first, then skipped and kept ones, each by how common they are.
    """
    counts: Counter[str] = Counter()
    for document in documents(paths):
        if isinstance(document, Excluded) or not ctgov_json.sniff(document.head):
            continue
        with document.open() as handle:
            for block in ctgov_json.blocks(handle):
                for study in _studies(block):
                    counts.update(set(_fields_in(study)))
    made = [FieldCount(field, n, _use(field)) for field, n in counts.items()]
    order = ("unseen", "skipped", "kept")
    return sorted(made, key=lambda f: (order.index(f.use), -f.n_studies, f.field))


def _studies(block: bytes) -> Iterator[Any]:
    try:
        values = [msgspec.json.decode(block)]
    except ctgov_json.UNDECODABLE:
        try:
            values = msgspec.json.Decoder().decode_lines(block)
        except ctgov_json.UNDECODABLE:
            return  # `read` says what is broken
    for value in values:
        inner = value.get("studies", [value]) if isinstance(value, dict) else value
        yield from inner if isinstance(inner, list) else ()


def _fields_in(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _fields_in(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from _fields_in(inner, path)
    else:
        yield path


def _use(field: str) -> str:
    if field in _kept():
        return "kept"
    return "skipped" if field in _known() else "unseen"


@cache
def _known() -> frozenset[str]:
    text = files("trialkit").joinpath("data/ctgov_v2_fields.csv").read_text("utf-8")
    return frozenset(text.split()[1:])


@cache
def _kept() -> frozenset[str]:
    return frozenset(_leaves(Study, ""))


def _leaves(kind: Any, path: str) -> Iterator[str]:
    kind = item_of(kind)
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        yield path
        return
    for _, wire, inner in fields_of(kind):
        yield from _leaves(inner, f"{path}.{wire}" if path else wire)
