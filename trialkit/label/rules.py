"""Rules on the words around a phrase: each with examples for and against it.

The rules are data (`data/label_rules.toml`), and `rules.NEGATED` is the rule
`context.negated`. Patterns read folded text: lower case, blanks for dashes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import re2

from trialkit.files import data_text


@dataclass(frozen=True, eq=False)
class Rule:
    """One pattern with its reason, its examples, and the ids that it concerns."""

    id: str
    says: str
    pattern: re.Pattern[str]
    accepts: tuple[str, ...]
    refuses: tuple[str, ...]
    #: Ids that the rule is asked for; those that words or other ids become by it.
    ids: tuple[str, ...]
    becomes: Mapping[str, str]
    #: What looks for the words: only at the start, where they can stand nowhere else.
    find: Callable[[str], re.Match[str] | None]

    def __call__(self, text: str) -> bool:
        """Return whether the rule's words stand in a folded text."""
        is_open = not self._is_long or not text.isascii() or self.may_be_in(text)
        return is_open and self.find(text) is not None

    def search(self, text: str) -> re.Match[str] | None:
        """Return the rule's words in a folded text; cheap on long ones without them."""
        return self.find(text) if self.may_be_in(text) else None

    def may_be_in(self, text: str) -> bool:
        """Return False only where the words cannot stand; cheap on long texts."""
        return self._twin(text.encode()) is not None

    @cached_property
    def _is_long(self) -> bool:
        """Whether the pattern has so many words that RE2 passes over them faster."""
        pattern = self.pattern.pattern
        is_open = self.find == self.pattern.search and not _NOT_IN_RE2.search(pattern)
        return is_open and len(pattern) > _LONG

    @cached_property
    def _twin(self) -> Callable[[bytes], Any]:
        return _twin(self.pattern.pattern)


#: A pattern of so many signs costs RE2 a fifth, and shorter ones as much.
_LONG = 300
#: Conditions, and a group that stands again.
_NOT_IN_RE2 = re.compile(r"\(\?(?:\(|P=)")


@cache
def _twin(pattern: str) -> Any:
    """Return a verbose pattern for RE2, which finds no less: a cheap first look.

    Lookarounds go, and what may stand so many times may stand at all: each step of a
    count is a state of the automaton.
    """
    bare = _BLANK.sub(lambda hit: hit[1] or "", pattern)
    bare = _COUNTED.sub(lambda hit: "*" if hit[1] == "0" else "+", bare)
    options = re2.Options()
    options.never_capture = True
    return re2.compile(_LOOKAROUND.sub("", bare).encode(), options).search


#: Blanks that a verbose pattern does not mean; escaped ones and those of classes stay.
_BLANK = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\s+")
_COUNTED = re.compile(r"\{(\d+),\d*\}")
#: Lookarounds hold at most one group of alternatives with one more inside.
_LOOKAROUND = re.compile(
    r"\(\?<?[!=](?:[^()\[\]\\]|\\.|\[[^\]]*\]|\((?:[^()\\]|\\.|\([^()]*\))*\))*\)"
)
_DATA: dict[str, Any] = tomllib.loads(data_text("label_rules.toml"))
_PLACE = "{INTO}(?:{PLACE}){AFTER}"


def _rule(row: Mapping[str, Any]) -> Rule:
    pattern = row.get("pattern") or _PLACE.replace("{PLACE}", row["place"])
    compiled = _compiled(pattern)
    return Rule(
        row["id"],
        row["says"],
        compiled,
        _listed(row["accepts"]),
        _listed(row["refuses"]),
        _listed(row.get("ids", ())),
        row.get("becomes", {}),
        compiled.match if _is_anchored(pattern) else compiled.search,
    )


def _is_anchored(pattern: str) -> bool:
    """Return whether each alternative begins with the start of the text."""
    bare = re.sub(r"\\.|\[[^\]]*\]|\s|\(\?i\)", "", pattern)
    while "(" in bare and bare != (bare := re.sub(r"\([^()]*\)", "", bare)):
        continue
    return all(part.startswith("^") for part in bare.split("|"))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a verbose pattern with the shared parts that it names in braces."""
    for name, part in reversed(_DATA["shared"].items()):
        pattern = pattern.replace(f"{{{name}}}", part)
    return re.compile(pattern, re.VERBOSE)


def _listed(stated: str | list[str]) -> tuple[str, ...]:
    return (stated,) if isinstance(stated, str) else tuple(stated)


@dataclass(frozen=True, eq=False)
class Sign:
    """One sign for or against a trial of cells, in the order in which it is asked."""

    id: str
    answer: str
    says: str
    #: Parts of a made-up record, "where: words".
    accepts: tuple[str, ...]
    refuses: tuple[str, ...]


def _sign(row: Mapping[str, Any]) -> Sign:
    examples = _listed(row["accepts"]), _listed(row["refuses"])
    return Sign(row["id"], row["answer"], row["says"], *examples)


RULES: dict[str, Rule] = {row["id"]: _rule(row) for row in _DATA["rule"]}
SIGNS: dict[str, Sign] = {row["id"]: _sign(row) for row in _DATA["sign"]}
#: What follows from other labels, without a pattern of its own.
DERIVED: dict[str, dict[str, Any]] = {row["id"]: row for row in _DATA["derived"]}
#: What every rule says, those among them that follow from other labels.
MEANINGS: dict[str, str] = {
    row["id"]: row["says"] for row in (*_DATA["rule"], *_DATA["derived"])
}
#: Short words that mean an id only in a record that holds the words of a rule.
ABBREVIATIONS: dict[str, tuple[re.Pattern[str], Rule]] = {
    identifier: (re.compile(words), RULES[row["id"]])
    for row in _DATA["rule"]
    for identifier, words in row.get("abbreviations", {}).items()
}
#: Words of names that are no brands.
COMMON_WORDS = frozenset(_DATA["names"]["common"].split())

_INTO = "route.into."
_PLACES = {
    row["id"].removeprefix(_INTO): row["place"]
    for row in _DATA["rule"]
    if row["id"].startswith(_INTO)
}
#: Routes by the place that cells are given into; used where no route word stands.
INTO_PLACE = {route: RULES[_INTO + route] for route in _PLACES}
_EACH_PLACE = "|".join(f"(?P<{route}>{place})" for route, place in _PLACES.items())
#: All places in one pattern; the group that matched is the route.
ANY_PLACE = _compiled(_PLACE.replace("{PLACE}", _EACH_PLACE))


def may_have_place(text: str) -> bool:
    """Return False only where no place can be given into; cheap on long texts."""
    return _twin(ANY_PLACE.pattern)(text.encode()) is not None


globals().update(
    {name.rpartition(".")[2].upper(): rule for name, rule in RULES.items()}
)


def __getattr__(name: str) -> Rule:
    raise AttributeError(f"label_rules.toml has no rule that ends in {name.lower()!r}")
