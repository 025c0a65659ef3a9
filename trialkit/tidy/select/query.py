"""The parser of the search language: words, phrases, AND, OR, NOT and brackets.

Adjacent words must all be found, as with AND; they bind more closely than NOT, AND and
OR, in this order. Adjacent words that are one term in the synonyms stay together.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from unicodedata import combining, east_asian_width

from trialkit.errors import ParameterError
from trialkit.tidy.select.choices import empty_filter
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
STOPS = ".,;:!?"
_MINUS = ("-", "−", "–")
_SHOWN = 60
_MOST_LETTERS = 5_000
_MOST_BRACKETS = 50


class Term(NamedTuple):
    """A word or phrase as written; `is_open` where it ends in `*`."""

    text: str
    is_open: bool = False
    is_quoted: bool = False

    def __str__(self) -> str:
        text = self.text + "*" * self.is_open
        return f'"{text}"' if self.is_quoted else text


class Exclude(NamedTuple):
    """A negated part."""

    part: Node


class Join(NamedTuple):
    """Several parts, all or any of which must hold."""

    parts: tuple[Node, ...]
    is_all: bool


Node = Term | Exclude | Join


def holds(node: Node, found: Container[Term]) -> bool:
    """Return whether a text in which these terms were found passes a search."""
    if isinstance(node, Exclude):
        return not holds(node.part, found)
    if isinstance(node, Join):
        parts = (holds(part, found) for part in node.parts)
        return all(parts) if node.is_all else any(parts)
    return node in found


def terms_of(node: Node, *, is_wanted: bool = True) -> Iterator[tuple[Term, bool]]:
    """Yield every term of a search, and whether it is wanted or excluded."""
    if isinstance(node, Exclude):
        yield from terms_of(node.part, is_wanted=not is_wanted)
    elif isinstance(node, Join):
        for part in node.parts:
            yield from terms_of(part, is_wanted=is_wanted)
    else:
        yield node, is_wanted


def parse(texts: Sequence[str], *, name: str, table: Synonyms) -> Node:
    """Return the tree of one search, or of several of which any is enough."""
    if not texts:
        raise empty_filter(name, texts)
    trees = (_Reader(text, name, table).tree() for text in texts)
    return _joined(trees, is_all=False)


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", start="either")


class _Reader:
    """The parser of one text; its error messages mark the place of the error."""

    def __init__(self, text: str, name: str, table: Synonyms) -> None:
        self.text, self.name, self.table = text, name, table

    def tree(self) -> Node:
        from lark.exceptions import UnexpectedInput

        text = self.text.translate(_MARKS)
        if not text.strip():
            raise empty_filter(self.name, self.text)
        if (n := len(text)) > _MOST_LETTERS:
            limit = f"at most {_MOST_LETTERS:,}"
            raise ParameterError(f"{self.name} has {n:,} letters; {limit}")
        self._check_brackets(text)
        try:
            return self._node(_parser().parse(text))
        except UnexpectedInput as error:
            self._refuse(*_fault(error))

    def _check_brackets(self, text: str) -> None:
        blanked = re.sub(r'"[^"]*"', lambda phrase: " " * len(phrase[0]), text)
        unquoted, open_quote, _ = blanked.partition('"')
        open_at: list[int] = []
        for at, sign in enumerate(unquoted):
            if sign == "(":
                open_at.append(at)
                if len(open_at) > _MOST_BRACKETS:
                    self._refuse("too many brackets in brackets", at)
            elif sign == ")":
                if not open_at:
                    self._refuse("this bracket was never opened", at)
                open_at.pop()
        if open_quote:
            self._refuse("this quotation mark is never closed", len(unquoted))
        if open_at:
            self._refuse("this bracket is never closed", open_at[-1])

    def _node(self, tree: Any) -> Node:
        if tree.data == "run":
            words = list(filter(None, map(self._term, tree.children)))
            if not words:
                self._refuse("no word to search for", tree.children[0].start_pos)
            return _joined(_together(words, self.table), is_all=True)
        n_not = 0
        while tree.data == "exclude":  # no recursion: NOT may stand 1,000 times
            tree, n_not = tree.children[0], n_not + 1
        if n_not:
            part = self._node(tree)
            return Exclude(part) if n_not % 2 else part
        return _joined(map(self._node, tree.children), is_all=tree.data == "both")

    def _term(self, token: Token) -> Term | None:
        """Return a word or phrase, None for a lone sign such as `&`."""
        at, is_quoted = token.start_pos or 0, token.type == "PHRASE"
        text = str(token).strip('"').strip()
        if text[:1] in _MINUS and text[1:2].isalnum() and not is_quoted:
            self._refuse(f"write NOT {text[1:]} to leave it out", at)
        words = text.rstrip("*")
        if "*" in words or (words[-1:].isspace() and text.endswith("*")):
            self._refuse("a * stands at the end of a word only", at)
        if not fold(words).lower.strip(f"{STOPS} "):
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


def _joined(parts: Iterable[Node], *, is_all: bool) -> Node:
    parts = tuple(parts)
    return parts[0] if len(parts) == 1 else Join(parts, is_all)


def _together(words: list[Term], table: Synonyms) -> Iterator[Term]:
    """Yield adjacent words, with those that are one term in the table joined."""
    # "Liver Failure, Acute" is put in order first.
    ordered = inverted(_text(words))
    if _is_term(words, table, ordered):
        words = [Term(ordered)]
    while words:
        most = min(table.longest, len(words))
        sizes = (n for n in range(most, 1, -1) if _is_term(words[:n], table))
        n = next(sizes, 1)
        yield Term(_text(words[:n])) if n > 1 else words[0]
        words = words[n:]


def _is_term(words: list[Term], table: Synonyms, text: str = "") -> bool:
    is_plain = not any(word.is_open or word.is_quoted for word in words)
    return is_plain and (text or _text(words)) in table


def _text(words: list[Term]) -> str:
    return " ".join(word.text for word in words)


def _fault(error: UnexpectedInput) -> tuple[str, int]:
    """Return the message and the position of a syntax error."""
    token = getattr(error, "token", None)
    # At the end of the text lark gives the start of the last token.
    at = (token.start_pos if token else error.pos_in_stream) or 0
    if token is None or token.type == "$END":
        return "words must follow", at
    if token.type in ("_AND", "_OR"):
        return f"words must stand before {token}", at
    return f"{token} cannot stand here", at


def _width(text: str) -> int:
    """Return the width of a text in columns of a terminal."""
    return sum(2 if east_asian_width(c) in "WF" else not combining(c) for c in text)
