"""What became of the outcomes of a trial: each once, whatever their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trialkit.compare.change import Change, moved
from trialkit.compare.pairing import paired
from trialkit.compare.words import is_same, passages, plain

#: The least likeness, of 100, of an outcome and its new words.
_ALIKE = 70


def outcome_changes(
    trial_id: str, old: list[dict], new: list[dict], *, is_loose: bool = False
) -> Iterator[Change]:
    """Yield the outcomes that were added, dropped or changed.

    One that another replaced, both alone of their type, is one change.

    Parameters
    ----------
    trial_id
        Id of the trial.
    old, new
        Its rows of `outcomes`.
    is_loose
        Whether the sources differ in what they can tell: what one leaves out of an
        outcome is no change then.
    """
    found = paired(old, new, _KEYS, text=_text, least=_ALIKE)
    pairs, dropped, added = found
    for one, other in pairs:
        yield from _change(trial_id, one, other, is_loose)
    for one, other in _replaced(dropped, added):
        word = "reworded" if _holds(_text(one), _text(other)) else "replaced"
        named = _named(one, word)
        yield Change(trial_id, "outcomes", named, "outcomes", _told(one), _told(other))
    for entries, word in ((dropped, "dropped"), (added, "added")):
        for entry in entries:
            sides = (_told(entry), None) if word == "dropped" else (None, _told(entry))
            yield moved(trial_id, "outcomes", _named(entry, word), "outcomes", sides)


def _text(entry: dict) -> str:
    return entry["measure"] or entry["description"] or ""


def _key(*names: str) -> Any:
    return lambda entry: tuple(
        entry[n] if n == "outcome_type" else plain(entry[n] or "") for n in names
    )


_KEYS = (
    _key("outcome_type", "measure", "time_frame", "description"),
    _key("outcome_type", "measure", "time_frame"),
    _key("measure", "time_frame"),
    _key("outcome_type", "measure"),
    _key("measure"),
)


def _replaced(dropped: list[dict], added: list[dict]) -> list[tuple[dict, dict]]:
    """Take those that stand alone of their type on both sides, and return them."""
    pairs = []
    for kind in dict.fromkeys(entry["outcome_type"] for entry in dropped):
        sides = [
            [entry for entry in entries if entry["outcome_type"] == kind]
            for entries in (dropped, added)
        ]
        if [len(side) for side in sides] == [1, 1]:
            pairs.append((sides[0][0], sides[1][0]))
            dropped.remove(sides[0][0])
            added.remove(sides[1][0])
    return pairs


def _holds(one: str, other: str) -> bool:
    """Return whether all words of a text stand in another, which says more or less."""
    words = [set(plain(text).split()) for text in (one, other)]
    return min(map(len, words)) > 1 and (words[0] <= words[1] or words[1] <= words[0])


def _change(trial_id: str, old: dict, new: dict, is_loose: bool) -> Iterator[Change]:
    """Yield the one change of an outcome, if there is any."""

    def differs(name: str) -> bool:
        if is_loose and not (old[name] and new[name]):
            return False
        return not is_same(old[name], new[name])

    types = [entry["outcome_type"] for entry in (old, new)]
    is_other_type = types[0] != types[1] and (all(types) or not is_loose)
    told = [
        (is_other_type, f"made {types[1] or 'one without a type'}"),
        (differs("measure"), "reworded"),
        (differs("time_frame"), "other time point"),
        (differs("description"), "described otherwise"),
    ]
    words = [word for is_so, word in told if is_so]
    if not words:
        return
    named = _named(old, ", ".join(words))
    sides = _told(old), _told(new)
    if words == ["described otherwise"]:
        cut = passages(old["description"] or "", new["description"] or "")
        sides = tuple(
            f"{entry['measure'] or 'no measure'}: {text}" if text else entry["measure"]
            for entry, text in zip((old, new), cut, strict=True)
        )
    yield moved(trial_id, "outcomes", named, "outcomes", sides)


def _named(entry: dict, what: str) -> str:
    """Return what became of an outcome, after its type."""
    return f"{entry['outcome_type'] or 'untyped'} outcome {what}"


def _told(entry: dict) -> str:
    parts = entry["measure"] or entry["description"] or "no measure"
    return f"{parts} [{entry['time_frame']}]" if entry["time_frame"] else parts
