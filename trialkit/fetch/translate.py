"""A search in trialkit's language as one in the register's.

The register reads words side by side as one term, so what must all be found is joined
with AND. It knows no words cut short, and words that are its own operators must stand
in quotation marks.
"""

from __future__ import annotations

from trialkit.errors import ParameterError
from trialkit.fetch.language import ORDERS, cut_short
from trialkit.tidy.select.query import STOPS, Exclude, Join, Node, Term, parse
from trialkit.tidy.select.synonyms import table_of


def translated(query: str) -> str:
    """Return a search in the register's language.

    Examples
    --------
    >>> translated('("liver failure" OR ACLF) NOT pediatric')
    '("liver failure" OR ACLF) AND NOT pediatric'
    >>> translated("cirrho*")
    Traceback (most recent call last):
        ...
    trialkit.errors.ParameterError: query: the register knows no words cut short: ...
    """
    if "[" in query or "]" in query:
        told = "square brackets are the register's own language: give it as advanced"
        raise ParameterError(f"query: {told}")
    return _text(parse([query], name="query", table=table_of()), is_whole=True)


def _text(node: Node, *, is_whole: bool = False) -> str:
    if isinstance(node, Term):
        return _word(node)
    if isinstance(node, Exclude):
        return f"NOT {_text(node.part)}"
    assert isinstance(node, Join)  # noqa: S101
    text = (" AND " if node.is_all else " OR ").join(map(_text, node.parts))
    return text if is_whole else f"({text})"


def _word(term: Term) -> str:
    if term.is_open:
        raise ParameterError(f"query: {cut_short(str(term))}")
    text = term.text.strip(STOPS)
    is_order = bool(ORDERS & set(text.split()))
    return f'"{text}"' if term.is_quoted or is_order else text
