"""What is asked of the register, as its parameters."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from trialkit.errors import ParameterError
from trialkit.fetch.language import ORDERS, cut_short
from trialkit.fetch.website import parameters_of
from trialkit.files import text_of
from trialkit.read.receipt import receipt_in
from trialkit.read.values.ids import ascii_signs, id_of, registry_of

#: The order is stated, for the register's own changes between two pages. Two keys of
#: dates and numbers are the most it takes.
_ORDER = {"format": "json", "sort": "StudyFirstPostDate,EnrollmentCount"}
#: Ids of one request; an address may not be too long.
IDS_AT_ONCE = 100
_QUERIES = {
    "condition": "query.cond",
    "intervention": "query.intr",
    "query": "query.term",
    "advanced": "filter.advanced",
}
_NCT_IN = re.compile(r"(?<![A-Z0-9])NCT\d{8}(?![A-Z0-9])")
#: An id with blanks or a sign inside, and what may have been meant for one.
_SPACED = re.compile(r"\bNCT[\s:_-]*(\d{8})\b", re.IGNORECASE)
_SLIP = re.compile(r"NCT[O0-9]", re.IGNORECASE)
_IDS_ONLY = re.compile(r"[\s(]*NCT\d{8}(?:[\s,;()]|OR|AND|NCT\d{8})*", re.IGNORECASE)
#: Not the sign inside a word, as in `HLA-A*02`.
_CUT = re.compile(r"[\w-]+\*(?![\w*])")
_FILE = re.compile(r"\.\w+$|[/\\]")
_BETWEEN_IDS = re.compile(r"[\s,;|\"']+")
_WIDER = (
    "the register looks into more of a record than select(query=...) does, and has "
    "synonyms of its own: select again after loading"
)

Ids = str | os.PathLike[str] | Iterable[str]


class Question(NamedTuple):
    """The options as they were given, the parameters of each request, and the ids.

    `notes` say what the register makes of it that who asks may not expect.
    """

    asked: dict[str, str]
    requests: tuple[dict[str, str], ...]
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def question(
    *,
    condition: str = "",
    intervention: str = "",
    query: str = "",
    advanced: str = "",
    ids: Ids = (),
    url: str = "",
) -> Question:
    """Return what is asked; nothing, or what excludes itself, is refused."""
    given = {
        "condition": condition,
        "intervention": intervention,
        "query": query,
        "advanced": advanced,
    }
    asked = {name: text.strip() for name, text in given.items() if text.strip()}
    wanted = _ids(ids)
    n_ways = bool(asked) + bool(wanted) + bool(url)
    if n_ways != 1:
        told = "nothing is asked" if n_ways == 0 else "too much is asked"
        ways = "condition, intervention, query and advanced together, or ids, or url"
        raise ParameterError(f"{told}: give {ways}")
    if wanted:
        return of_ids(wanted)
    if url:
        asked, found = {"url": url.strip()}, parameters_of(url)
        if "filter.ids" in found and len(found) == 1:
            return of_ids(_listed(found["filter.ids"]))
    else:
        found = {_QUERIES[name]: text for name, text in asked.items()}
        if query.strip():
            from trialkit.fetch.translate import translated

            found["query.term"] = translated(query)
    for name, text in found.items():
        _refuse_ids(next((n for n in asked if _QUERIES.get(n) == name), "url"), text)
    for name in ("condition", "intervention"):
        _refuse_cut(name, asked.get(name, ""))
    notes = [_WIDER] if "query" in asked else []
    notes += [note for name in asked if (note := _order_in(name, asked[name]))]
    return Question(asked, ({**found, **_ORDER},), notes=tuple(notes))


def of_ids(ids: Sequence[str]) -> Question:
    """Return the question for some ids."""
    parts = (ids[n : n + IDS_AT_ONCE] for n in range(0, len(ids), IDS_AT_ONCE))
    requests = tuple({"filter.ids": ",".join(part), **_ORDER} for part in parts)
    return Question({"ids": ",".join(ids)}, requests, tuple(ids))


def option_at_fault(asked: dict[str, str], sentence: str) -> str:
    """Return the option that the register speaks of, or all that were given."""
    if len(asked) == 1:
        return next(iter(asked))
    quoted = re.findall(r"[`'\"]([^`'\"]+)[`'\"]", sentence)
    named = [name for name in asked if name in sentence.lower()]
    holding = [n for n in asked if any(word in asked[n] for word in quoted)]
    for found in (named, holding):
        if len(found) == 1:
            return found[0]
    return ", ".join(asked)


def _refuse_ids(name: str, text: str) -> None:
    """Refuse ids as words: the register would look them up and ignore all else."""
    if _IDS_ONLY.fullmatch(text):
        told = "registry ids alone, for which the register ignores all other options"
        raise ParameterError(f"{name}: {told}: give them as ids")


def _refuse_cut(name: str, text: str) -> None:
    """Refuse words cut short: the register would look for other ones."""
    if found := _CUT.search(text):
        raise ParameterError(f"{name}: {cut_short(found[0])}")


def _order_in(name: str, text: str) -> str:
    """Return the note that a word is an order of the register, if one is."""
    if name in ("condition", "intervention"):
        bare = re.sub(r'"[^"]*"', " ", text)
        for word in re.findall(r"\w+", bare):
            if word in ORDERS - {"AND", "OR", "NOT"} and "[" not in bare:
                told = "is an order of the register's, not a word; in quotation marks"
                return f'{name}: {word} {told} it is one: "{word}"'
    return ""


def _ids(ids: Ids) -> tuple[str, ...]:
    """Return ids out of a file, a download, a text or a list, each once."""
    if isinstance(ids, (str, os.PathLike)) and ids and Path(ids).is_dir():
        receipt = receipt_in(Path(ids))
        if receipt is None:
            raise ParameterError(f"ids: {os.fspath(ids)} is no download: give its ids")
        return receipt.ids
    if isinstance(ids, str):
        is_name = "," not in ids and (Path(ids).is_file() or _FILE.search(ids))
        return _ids(Path(ids)) if is_name else _listed(ids)
    if isinstance(ids, os.PathLike):
        return _listed(text_of(Path(ids), "the ids"), name=os.fspath(ids))
    return _listed(",".join(ids))


def _listed(text: str, *, name: str = "ids") -> tuple[str, ...]:
    """Return the ids of a text; those of other registers and slips are refused."""
    text = _SPACED.sub(r"NCT\1", ascii_signs(text))
    found: dict[str, None] = {}
    wrong = []
    for word in filter(None, _BETWEEN_IDS.split(text)):
        # An id may stand in an address, in brackets, or in the name of a file.
        held = _NCT_IN.findall(word.upper())
        found |= dict.fromkeys(held)
        wrong += [] if held else [word]
    # A file may have a heading, and other columns.
    told = [w for w in wrong if _SLIP.search(w) or registry_of(id_of(w))]
    if told or (wrong and not found):
        what = f"{(told or wrong)[0]!r} is no id of ClinicalTrials.gov (NCT01234567)"
        raise ParameterError(f"{name}: {what}")
    return tuple(found)
