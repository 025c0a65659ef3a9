"""The frozen score: sets of labelled trials, and what they tell of kinds of cells."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from trialkit.errors import TrialDataError
from trialkit.summarize.families import families_of
from trialkit.version import rules_version

#: Axes with a figure of their own, in the order of the report.
AXES = ("route", "delivery_mode", "cell_type", "cell_source", "donor")
#: Labels and kinds of cells with fewer gold cases than this have no figure.
FEWEST = 10
#: Share of a set's trials that give one kind of cells for its figures to stand for it.
_MOSTLY = 0.8
#: All trials of a set together.
ALL = "ALL"
_NEEDED = {"name", "rows", "gold_trials", "date", "rules"}

Set = dict[str, Any]


class Share(NamedTuple):
    """A share with its interval; `n` of `total` is what it counts."""

    value: float
    low: float | None = None
    high: float | None = None
    n: float | None = None
    total: float | None = None


class Measured(NamedTuple):
    """The figures of one kind of cells in one set, by axis and name of the figure.

    `n_family` of the `n_trials` behind the figures give these cells: fewer than all in
    a set whose figures were not taken apart.
    """

    sample: Set
    family: str
    n_family: int
    n_trials: int
    figures: dict[tuple[str, str], Share]

    @property
    def is_enough(self) -> bool:
        """Return whether these are figures of enough trials of these cells."""
        return self.n_family >= FEWEST and bool(self.figures)


def score_sets(path: Path | None = None) -> list[Set]:
    """Return the sets of labelled trials that were measured, the oldest first.

    Raises
    ------
    TrialDataError
        If the score file is not of its form.
    """
    source = path or files("trialkit").joinpath("data", "score.json")
    if not source.is_file():
        return []
    try:
        score = json.loads(source.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrialDataError(f"{source.name} is not a score: {error}") from error
    sets = score.get("sets") if isinstance(score, dict) else None
    if not isinstance(sets, list):
        raise TrialDataError(f"{source.name} is not a score: it has no list of sets")
    for one in sets:
        if not isinstance(one, dict) or not set(one) >= _NEEDED:
            raise TrialDataError(
                f"{source.name}: a set of the score lacks {', '.join(sorted(_NEEDED))}"
            )
    return [one for one in sets if one["rows"]]


def is_current(sample: Set) -> bool:
    """Return whether a set was measured with the rules that are at work."""
    return sample["rules"] == rules_version()


def of_family(sets: list[Set], family: str) -> list[Measured]:
    """Return what each set tells of a kind of cells, whatever its size."""
    return [one for sample in sets for one in measured(sample) if one.family == family]


def measured(sample: Set) -> Iterator[Measured]:
    """Yield the figures of each kind of cells in a set, and of all its trials."""
    found: dict[str, list[Any]] = {}
    for line in sample.get("families", []):
        found.setdefault(line["family"], []).append(line)
    for family, lines in found.items():
        figures = {
            _place(line): _share(line) for line in lines if line["value"] is not None
        }
        n_trials = lines[0]["n_trials"]
        yield Measured(sample, family, n_trials, n_trials, figures)
    if not found:
        yield from _undivided(sample)


def _undivided(sample: Set) -> Iterator[Measured]:
    """Yield what a set tells that has no figures by kind of cells.

    Its figures stand for a kind that four in five of its trials give, and for no other.
    """
    n_trials, figures = sample["gold_trials"], _of_all(sample)
    yield Measured(sample, ALL, n_trials, n_trials, figures)
    cases: Counter[str] = Counter()
    for row in sample["rows"]:
        if row["axis"] == "cell_type" and row.get("label") is not None:
            cases.update(dict.fromkeys(families_of([row["label"]]), row["support"]))
    for family, n_family in (+cases).items():
        own = figures if n_family >= _MOSTLY * n_trials else {}
        yield Measured(sample, family, n_family, n_trials, own)


def _place(line: dict[str, Any]) -> tuple[str, str]:
    axis = "arm_rows" if line.get("unit") == "arm" else line["axis"]
    return axis, line["figure"]


def _share(line: dict[str, Any]) -> Share:
    more = {name: line.get(name) for name in ("low", "high", "n", "total")}
    return Share(line["value"], **more)


def _of_all(sample: Set) -> dict[tuple[str, str], Share]:
    """Return the figures of a set that has none by kind of cells."""
    figures = {
        (row["axis"], "f1"): Share(row["f1"], row.get("f1_low"), row.get("f1_high"))
        for row in sample["rows"]
        if row.get("label") is None and row.get("f1") is not None
    }
    figures |= {
        _place(line): _share(line)
        for line in sample.get("figures", [])
        if line["axis"] == "is_cell_trial" or _place(line)[0] == "arm_rows"
    }
    claims = [0.0, 0.0]
    for line in sample.get("figures", []):
        if line["unit"] == "trial" and line["figure"] == "false_claim_rate":
            claims = [claims[0] + line["n"], claims[1] + line["total"]]
    if claims[1]:
        share = Share(claims[0] / claims[1], None, None, *claims)
        figures["all", "false_claim_rate"] = share
    return figures
