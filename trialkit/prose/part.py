"""What is said where the trials counted are only those that give cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from trialkit.prose.numerals import Share
from trialkit.prose.rules import Rules

#: The rule that tells how many of all trials give cells: its share is of all.
SOME_CELLS = "some_cells"
#: After "trials that give cells" the verb is not said again.
_AGAIN = {"gives cells": "does so", "give cells": "do so"}
#: How words begin that tell trials of any kind, such as "on cancer".
_OF_ANY = ("on ", "in ")


def of_part(held: Rules) -> Rules:
    """Return rules whose shares name their base, where other trials are shown too."""
    return {
        key: values if key == SOME_CELLS else _named(values)
        for key, values in held.items()
    }


def _named(values: dict[str, Any]) -> dict[str, Any]:
    shares = {
        name: _of_cells(value)
        for name, value in values.items()
        if isinstance(value, Share) and _is_of_any(value)
    }
    does = values.get("does")
    if not shares or does is None or "does_a" in values:
        return values | shares
    return values | shares | {"does": _AGAIN.get(does, does)}


def _is_of_any(share: Share) -> bool:
    tail = share.tail
    return share.noun == "trial" and (not tail or tail.startswith(_OF_ANY))


def _of_cells(share: Share) -> Share:
    give = "that gives cells" if share.total == 1 else "that give cells"
    return replace(share, tail=f"{share.tail} {give}".strip())
