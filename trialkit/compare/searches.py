"""Whether two downloads asked the same, and what became of trials that are not there.

A trial that a search found before and finds no more has left the search; that it is
gone only a register says that was asked for its very id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from trialkit.compare.sides import Side
from trialkit.read.receipt import Receipt


class Searches(NamedTuple):
    """The receipts of both sides, None where a side has none or several."""

    old: Receipt | None
    new: Receipt | None

    @property
    def are_same(self) -> bool:
        """Whether both are known and asked the same of one register."""
        if self.old is None or self.new is None:
            return False
        one, other = ((r.register, _asked(r)) for r in (self.old, self.new))
        return one == other

    @property
    def are_other(self) -> bool:
        """Whether both are known and asked for different things."""
        return None not in self and not self.are_same

    def is_gone(self, trial_id: str) -> bool:
        """Return whether the register was asked for this id and has it no more."""
        update = self.new.update if self.new else None
        if update is not None and trial_id in update.gone:
            return trial_id not in update.left
        if self.new is None or self.new.history or "ids" not in self.new.question:
            return False
        return trial_id in self.new.missing

    def has_left(self, trial_id: str) -> bool:
        """Return whether the search found a trial before and finds it no more."""
        if self.new is None:
            return False
        if self.new.update is not None and trial_id in self.new.update.gone:
            return True
        return self.are_same and self.new.is_complete


def _asked(receipt: Receipt) -> dict[str, str]:
    return {k: " ".join(v.split()).casefold() for k, v in receipt.question.items()}


def searches_of(old: Side, new: Side) -> Searches:
    """Return the searches behind both sides."""
    return Searches(old.data.search, new.data.search)


def search_notes(searches: Searches) -> Iterator[str]:
    """Yield what must be known of the searches."""
    old, new = searches
    if searches.are_other and old and new:
        yield (
            f"the searches differ: “{old.words}” ({old.day}) before, "
            f"“{new.words}” ({new.day}) now"
        )
