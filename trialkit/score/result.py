"""A score: its frames, its files, and its text for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trialkit.atomic import write_folder
from trialkit.escape import terminal_text
from trialkit.files import PathLike
from trialkit.plural import counted
from trialkit.score.gold import AXES
from trialkit.summarize.families import family_words
from trialkit.tidy.csv import csv_text

#: Frames that are written as CSV.
_CSV = ("labels", "slices", "families", "misses")
_MOST = 20
_HEAD = ("precision", "recall", "f1", "exact")
#: Levels at which a method is scored: labels as they are, or mapped one level up.
LEVELS = {"rules": ("leaf", "parent"), "keywords": ("leaf",), "majority": ("leaf",)}
#: What is scored of a trial as a whole, beside its axes.
_WHOLE = {"is_cell_trial": "cell trial or not", "all": "all axes of a trial exact"}
_MORE = (
    ("f1_stated", "F1, stated labels only"),
    ("macro_f1_from_5", "macro F1, labels with 5 cases or more"),
    ("macro_f1_from_10", "macro F1, labels with 10 cases or more"),
    ("samples_f1", "F1, mean over trials"),
    ("coverage", "coverage: stated by gold and answered"),
    ("selective_precision", "selective precision: given labels that are right"),
    ("abstention_correct", "abstained where gold states nothing"),
    ("false_claim_rate", "false claims where gold says not stated"),
    ("over_claim_rate", "a more exact label than gold's"),
)


@dataclass(frozen=True)
class Score:
    """How labels compare with gold labels; each part is a DataFrame.

    `figures` has one share a row (method, unit, axis, level, figure, value, low, high,
    n, total), `labels` one label a row, `slices` one part of the trials, `families`
    the main figures of each kind of cells and of all, `misses` every
    arm or trial whose labels differ, with its words. `amiss` says what does not align.
    """

    n_trials: int
    n_arms: int
    rules: str
    figures: pd.DataFrame
    labels: pd.DataFrame
    slices: pd.DataFrame
    families: pd.DataFrame
    misses: pd.DataFrame
    amiss: tuple[str, ...]

    def __repr__(self) -> str:
        return (
            f"Score: {counted(self.n_trials, 'trial')}, {counted(self.n_arms, 'arm')}, "
            f"{counted(len(self.misses), 'miss', 'misses')}"
        )

    def __str__(self) -> str:
        return "\n".join(terminal_text(line) for line in _lines(self))

    def save(self, folder: PathLike) -> Path:
        """Write figures.json and four CSVs (labels, slices, families, misses).

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        TrialDataError
            If the folder cannot be written.
        """
        plain = {
            "trials": self.n_trials,
            "arms": self.n_arms,
            "rules": self.rules,
            "amiss": list(self.amiss),
            "figures": plain_records(self.figures),
        }
        text = json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
        files = {f"{name}.csv": csv_text(getattr(self, name)) for name in _CSV}
        target = Path(folder)
        with write_folder(target) as new:
            for name, content in {**files, "figures.json": text}.items():
                (new / name).write_bytes(content.encode())
        return target


def plain_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dicts for JSON, missing as None."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")  # type: ignore[return-value]


def _lines(score: Score) -> Iterator[str]:
    keys = ["method", "unit", "axis", "level", "figure"]
    table: Any = score.figures.set_index(keys)
    trials, arms = counted(score.n_trials, "trial"), counted(score.n_arms, "arm")
    yield f"{trials}, {arms}; rules {score.rules}"
    for unit, title in (("trial", "Sets per trial"), ("arm", "Arm rows")):
        own = score.figures[score.figures["unit"] == unit]
        axes = [axis for axis in own["axis"].unique() if axis not in _WHOLE]
        if axes:
            yield f"\n{title} (95 % intervals by resampled trials)"
            yield from _head(table, unit, axes)
    yield "\nMore on each axis"
    for unit in ("trial", "arm"):
        for axis in table.index.get_level_values("axis").unique():
            for name, words in _MORE:
                key = ("rules", unit, axis, "leaf", name)
                if key in table.index:
                    yield f"  {unit:5} {axis:13} {_value(table.loc[key])}  {words}"
    if score.families.loc[score.families["axis"].isin(AXES), "total"].any():
        yield from _by_family(score.families)
    yield from _single(table)
    if score.amiss:
        yield f"\nDoes not align: {len(score.amiss)}"
        yield from (f"  {line}" for line in score.amiss[:_MOST])
        yield from _more(score.amiss)
    yield from _missed(score.misses)


def _head(table: Any, unit: str, axes: list[str]) -> Iterator[str]:
    yield "  " + f"{'':30}" + "".join(f"{name:>20}" for name in _HEAD)
    rows = [(method, level) for method, levels in LEVELS.items() for level in levels]
    for axis in axes:
        for method, level in rows:
            keys = [(method, unit, axis, level, name) for name in _HEAD]
            if keys[0] in table.index:
                words = f"{axis}, {level}" if method == "rules" else f"{axis}: {method}"
                cells = (f"{_value(table.loc[key]):>20}" for key in keys)
                yield f"  {words:30}" + "".join(cells)


def _by_family(families: pd.DataFrame) -> Iterator[str]:
    """Yield a line per kind of cells: F1 by axis, the decision and false claims."""
    yield "\nBy cells that the gold labels name (F1; kinds with few trials tell little)"
    heads = ("trials", *AXES, "cell trial", "false claims")
    yield f"  {'':40}" + "".join(f"{head:>14}" for head in heads)
    for family, rows in families.groupby("family", sort=False):
        words = family_words().get(str(family), "all trials")
        own: Any = rows.set_index(["axis", "figure"])
        cells = [str(rows["n_trials"].iloc[0])]
        cells += [_plain(own.loc[(axis, "f1"), "value"]) for axis in AXES]
        for key in (("is_cell_trial", "exact"), ("all", "false_claim_rate")):
            cells.append(f"{own.loc[key, 'n']:.0f} of {own.loc[key, 'total']:.0f}")
        yield f"  {words:40}" + "".join(f"{cell:>14}" for cell in cells)


def _plain(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.3f}"


def _single(table: Any) -> Iterator[str]:
    yield ""
    for axis, words in _WHOLE.items():
        figure = table.loc["rules", "trial", axis, "leaf", "exact"]
        if figure["total"]:
            yield f"{words}: {_counted(figure)}"
    rows = table.reset_index()
    is_brief = rows["axis"].eq("") | ~rows["figure"].str.startswith("doubt_")
    for row in rows[rows["unit"].eq("label") & is_brief].itertuples():
        yield f"{_label_words(row)}: {_counted(row)}"
    if "evidence_verbatim" not in set(rows["figure"]):
        yield "evidence verbatim: not checked; give the records"


def _label_words(row: Any) -> str:
    name = str(row.figure)
    words = {"sure_right": "sure labels right", "sure_coverage": "labels sure"}
    told = words.get(
        name, name.replace("_", " ", 1).replace("doubt ", "right with doubt ")
    )
    return f"{told}, {row.axis}" if row.axis else told


def _value(row: Any) -> str:
    if pd.isna(row.value):
        return "–"
    interval = "" if pd.isna(row.low) else f" ({row.low:.2f}–{row.high:.2f})"
    return f"{row.value:.3f}{interval}"


def _counted(row: Any) -> str:
    return f"{row.n:.0f} of {row.total:.0f}, {_value(row)}"


def _more(listed: Sized, how: str = "") -> Iterator[str]:
    if len(listed) > _MOST:
        yield f"  ... and {len(listed) - _MOST} more{how}"


def _missed(misses: pd.DataFrame) -> Iterator[str]:
    yield f"\nMisses: {len(misses)}"
    for row in misses.head(_MOST).itertuples():
        where = f"{row.trial_id} {row.arm_id}".strip()
        yield f"  {where} {row.axis}: {row.labelled or 'nothing'}, gold {row.gold}"
        if row.quotes:
            yield f"      {' '.join(str(row.quotes).split())[:200]}"
    yield from _more(misses, "; --out DIR writes them all")
