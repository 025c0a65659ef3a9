"""What the search of the HTML page needs to find what `select(query=...)` finds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from trialkit.tidy.select import word_forms as forms
from trialkit.tidy.select.synonyms import Synonyms, key

_WORD = re.compile(r"\w+")


def search_terms(texts: Iterable[str], table: Synonyms) -> str:
    """Return the synonyms that occur in some texts, and the forms of words, as JSON.

    `terms` holds, by key, the synonyms, the narrower terms, and the words that only
    look like the term. A term of several words that is known stays one, so its key is
    there where each of the words can be found, even if none of the synonyms occurs.
    """
    words = _Words(texts)
    found = {term: words.kept(term, table) for term in table.terms}
    kept = {
        term: lists
        for term, lists in found.items()
        if any(lists) or (" " in term and words.has_each(term, table))
    }
    for term, lists in found.items():
        *before, last = term.split(" ")
        # A plural that the table names is not looked up as its singular.
        if any(" ".join((*before, one)) in kept for one in forms.singular(last)):
            kept[term] = lists
    return json.dumps(
        {"terms": kept, "forms": _rules()}, ensure_ascii=False, separators=(",", ":")
    ).replace("<", "\\u003c")


def _rules() -> dict[str, object]:
    return {
        "signs": "".join(map(chr, forms.SIGNS)),
        "letters": {chr(code): text for code, text in forms.LETTERS.items()},
        "greek": forms.GREEK,
        "unspaced": forms.UNSPACED,
        "adjectives": forms.ADJECTIVES,
        "spellings": forms.SPELLINGS,
        "prefixes": forms.PREFIXES.pattern,
    }


class _Words:
    """The words of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.text = "\n".join({key(text) for text in texts})
        self.words = set(_WORD.findall(self.text))

    def kept(self, term: str, table: Synonyms) -> list[list[str]]:
        """Return the synonyms, narrower and unlike terms of a term that may occur."""
        lists = (table.same(term), table.narrower(term), table.unlike(term))
        return [list(filter(self.may_have, members)) for members in lists]

    def has_each(self, term: str, table: Synonyms) -> bool:
        """Return whether every word of a term, or a synonym of it, may occur."""
        words = term.split()
        return all(any(map(self.may_have, (w, *table.same(w)))) for w in words)

    def may_have(self, term: str) -> bool:
        """Return False for a term none of whose spellings can be in the texts."""
        own = key(term)
        if not own.isascii():
            return own in self.text
        words = _WORD.findall(own)
        return "".join(words) in self.words or all(map(self._has_form, words))

    def _has_form(self, word: str) -> bool:
        spelled = (*forms.word_forms(word), f"{word}s")
        return any(self.words.issuperset(_WORD.findall(one)) for one in spelled)
