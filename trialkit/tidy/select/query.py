"""The search language: words and phrases, AND, OR, NOT and brackets, as a tree.

Words side by side must all be found, as with AND, and bind more closely than NOT, AND
and OR, in this order. Of words side by side, those that the synonyms know as one term
stay one. Lark's LALR parser reads it, as it accepts nothing but the grammar.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from unicodedata import combining, east_asian_width

from trialkit.errors import ParameterError
from trialkit.tidy.select.synonyms import Synonyms
from trialkit.tidy.select.word_forms import fold, inverted

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.exceptions import UnexpectedInput

_GRAMMAR = r"""
either: both (_OR both)*
both: (item (_AND? item)*)
?item: _NOT item -> exclude
     | run
     | "(" either ")"
run: (WORD | PHRASE)+

_AND.2: /and(?![^\s()"])/i
_OR.2: /or(?![^\s()"])/i
_NOT.2: /not(?![^\s()"])/i
WORD: /(?!(and|or|not)(?![^\s()"]))[^\s()"]+/i
PHRASE: /"[^"]*"/
%ignore /\s+/
"""
#: Quotation marks and brackets as word processors and other keyboards write them.
_MARKS = str.maketrans(dict.fromkeys("“”„‟«»＂「」", '"') | {"（": "(", "）": ")"})
#: Signs at the edge of a word that are no part of it, and that mean NOT elsewhere.
_STOPS = ".,;:!?"
_MINUS = ("-", "−", "–")
_SHOWN = 60
_MOST_LETTERS = 5_000
_MOST_BRACKETS = 50


class Term(NamedTuple):
    """A word or phrase as written; `is_open` where a `*` lets its last word go on."""

    text: str
    is_open: bool = False
    is_quoted: bool = False

    def test(self, found: Container[Term]) -> bool:
        """Return whether the term was found."""
        return self in found

    def terms(self, *, is_wanted: bool = True) -> Iterator[tuple[Term, bool]]:
        """Yield every term below, and whether it is wanted or excluded."""
        yield self, is_wanted

    def __str__(self) -> str:
        text = self.text + "*" * self.is_open
        return f'"{text}"' if self.is_quoted else text


class Exclude(NamedTuple):
    """What must not be found."""

    part: Node

    def test(self, found: Container[Term]) -> bool:
        """Return whether the part does not hold."""
        return not self.part.test(found)

    def terms(self, *, is_wanted: bool = True) -> Iterator[tuple[Term, bool]]:
        """Yield every term below, and whether it is wanted or excluded."""
        return self.part.terms(is_wanted=not is_wanted)


class Join(NamedTuple):
    """Several parts, of which all must hold, or any."""

    parts: tuple[Node, ...]
    is_all: bool

    def test(self, found: Container[Term]) -> bool:
        """Return whether all parts hold, or any."""
        tests = (part.test(found) for part in self.parts)
        return all(tests) if self.is_all else any(tests)

    def terms(self, *, is_wanted: bool = True) -> Iterator[tuple[Term, bool]]:
        """Yield every term below, and whether it is wanted or excluded."""
        for part in self.parts:
            yield from part.terms(is_wanted=is_wanted)


Node = Term | Exclude | Join


def parse(texts: Sequence[str], *, name: str, table: Synonyms) -> Node:
    """Return the tree of one search, or of several of which any is enough."""
    if not texts:
        raise ParameterError(f"{name}={texts!r} is empty; leave it out to keep all")
    trees = tuple(_Reader(text, name, table).tree() for text in texts)
    return trees[0] if len(trees) == 1 else Join(trees, is_all=False)


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", start="either")


class _Reader:
    """Reads one text; an error message marks the place below it."""

    def __init__(self, text: str, name: str, table: Synonyms) -> None:
        self.text, self.name, self.table = text, name, table

    def tree(self) -> Node:
        from lark.exceptions import UnexpectedInput

        text = self.text.translate(_MARKS)
        if not text.strip():
            raise ParameterError(
                f"{self.name}={self.text!r} is empty; leave it out to keep all"
            )
        if len(text) > _MOST_LETTERS:
            raise ParameterError(
                f"{self.name} has {len(text):,} letters; at most {_MOST_LETTERS:,}"
            )
        self._check_brackets(text)
        try:
            return self._node(_parser().parse(text))
        except UnexpectedInput as error:
            self._refuse(*_fault(error))

    def _check_brackets(self, text: str) -> None:
        open_at: list[int] = []
        quoted_from = -1
        for at, sign in enumerate(text):
            if sign == '"':
                quoted_from = at if quoted_from < 0 else -1
            elif sign == "(" and quoted_from < 0:
                open_at.append(at)
                if len(open_at) > _MOST_BRACKETS:
                    self._refuse("too many brackets in brackets", at)
            elif sign == ")" and quoted_from < 0:
                if not open_at:
                    self._refuse("this bracket was never opened", at)
                open_at.pop()
        if quoted_from >= 0:
            self._refuse("this quotation mark is never closed", quoted_from)
        if open_at:
            self._refuse("this bracket is never closed", open_at[-1])

    def _node(self, tree: Any) -> Node:
        if tree.data == "run":
            words = list(filter(None, map(self._term, tree.children)))
            if not words:
                self._refuse("no word to search for", tree.children[0].start_pos)
            return _all(tuple(_together(words, self.table)))
        n_not = 0
        while tree.data == "exclude":  # no recursion: NOT may stand 1,000 times
            tree, n_not = tree.children[0], n_not + 1
        if n_not:
            part = self._node(tree)
            return Exclude(part) if n_not % 2 else part
        parts = tuple(map(self._node, tree.children))
        if tree.data == "both":
            return _all(parts)
        return parts[0] if len(parts) == 1 else Join(parts, is_all=False)

    def _term(self, token: Token) -> Term | None:
        """Return a word or phrase; None for a sign that stands alone, such as `&`."""
        at, is_quoted = token.start_pos or 0, token.type == "PHRASE"
        text = str(token).strip('"').strip()
        if text[:1] in _MINUS and text[1:2].isalnum() and not is_quoted:
            self._refuse(f"write NOT {text[1:]} to leave it out", at)
        words = text.rstrip("*")
        if "*" in words or (words[-1:].isspace() and text.endswith("*")):
            self._refuse("a * stands at the end of a word only", at)
        if not fold(words).lower.strip(_STOPS):
            if is_quoted or "*" in text:
                self._refuse("no word to search for", at)
            return None
        return Term(words, text.endswith("*"), is_quoted)

    def _refuse(self, what: str, at: int) -> NoReturn:
        """Raise a ParameterError with a mark below the place."""
        first = max(0, at - _SHOWN)
        line = "".join(c if c.isprintable() else " " for c in self.text)
        shown = line[first : at + _SHOWN]
        mark = " " * _width(shown[: at - first]) + "^"
        raise ParameterError(f"{self.name}: {what}\n  {shown}\n  {mark}")


def _all(parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else Join(parts, is_all=True)


def _together(words: list[Term], table: Synonyms) -> Iterator[Term]:
    """Yield words side by side, those that the table knows as one term together."""
    # "Liver Failure, Acute", as registers write it, is put in order first.
    ordered = inverted(" ".join(word.text for word in words))
    if ordered in table and not any(word.is_open or word.is_quoted for word in words):
        words = [Term(ordered)]
    while words:
        n = next(_known(words, table), 1)
        yield Term(" ".join(word.text for word in words[:n])) if n > 1 else words[0]
        words = words[n:]


def _known(words: list[Term], table: Synonyms) -> Iterator[int]:
    """Yield how many of the next words are one term, most first."""
    for n in range(min(table.longest, len(words)), 1, -1):
        if any(word.is_open or word.is_quoted for word in words[:n]):
            continue
        if " ".join(word.text for word in words[:n]) in table:
            yield n


def _fault(error: UnexpectedInput) -> tuple[str, int]:
    """Return what is wrong where the grammar does not go on, and the place."""
    token = getattr(error, "token", None)
    # At the end of the text lark gives the start of the last token.
    at = (token.start_pos if token else error.pos_in_stream) or 0
    if token is None or token.type == "$END":
        return "words must follow", at
    if token.type in ("_AND", "_OR"):
        return f"words must stand before {token}", at
    return f"{token} cannot stand here", at


def _width(text: str) -> int:
    """Return how many columns of a terminal a text fills."""
    return sum(2 if east_asian_width(c) in "WF" else not combining(c) for c in text)
