"""One trial on the terminal: its facts, and its text with the evidence marked."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from trialkit.errors import TrialDataError
from trialkit.escape import plain_text, terminal_text
from trialkit.labels import label_of
from trialkit.trials import Trials

_FACTS = (
    ("overall_status", "Status"),
    ("phase", "Phase"),
    ("enrollment", "Enrollment"),
    ("enrollment_type", "Enrollment type"),
    ("start_date", "Start"),
    ("completion_date", "Completion"),
    ("lead_sponsor", "Lead sponsor"),
    ("countries", "Countries"),
)
_AXES = {
    "delivery_mode": "delivery",
    "cells_enter_body": "cells enter the body",
    "cell_type": "cell type",
    "cell_source": "cell source",
    "donor_inferred": "donor (inferred)",
}
#: Context around a marked quote, in characters.
_MARGIN = 160


def show_trial(data: Trials, trial_id: str, *, console: Console | None = None) -> None:
    """Print one trial: facts, labels per arm, and its sentences with the words marked.

    Parameters
    ----------
    data
        Trials to look in.
    trial_id
        A registry id, in any case, or another id of the same trial.
    console
        Where to print; standard output by default.

    Raises
    ------
    TrialDataError
        If no trial has the id; up to five known ids are named.
    """
    console = console or Console(highlight=False)
    trial = _find(data, trial_id)
    key = trial["trial_id"]
    console.print(Text(f"{key}  {_text(trial['display_title'])}", style="bold"))
    for column, name in _FACTS:
        console.print(Text(f"  {name}: {_text(trial[column])}"))
    reason = trial["cell_trial_reason"]
    console.print(
        Text(f"  Cell trial: {_yes_no(trial['is_cell_trial'])} ({_text(reason)})")
    )
    labels = data.labels[data.labels["trial_id"] == key]
    for arm in data.arms[data.arms["trial_id"] == key].itertuples():
        _show_arm(console, arm, labels[labels["arm_id"] == arm.arm_id])
    _show_overrides(console, data.overrides[data.overrides["trial_id"] == key])
    passages = data.passages[data.passages["trial_id"] == key]
    if len(passages):
        console.print(Text("\nEvidence in the record", style="bold"))
    for passage in passages.itertuples():
        _show_passage(console, passage, labels)


def _find(data: Trials, trial_id: str) -> pd.Series:
    wanted = trial_id.strip().upper()
    if not wanted:
        raise TrialDataError("no trial id was given; expected one such as NCT07312864")
    ids = data.trials["trial_id"].str.upper()
    others = data.identifiers
    alias = others.loc[others["id"].str.upper() == wanted, "trial_id"]
    hits = data.trials[(ids == wanted) | data.trials["trial_id"].isin(alias)]
    if hits.empty:
        known = ", ".join(data.trials["trial_id"].head(5)) or "none"
        raise TrialDataError(
            f"no trial {trial_id} among {len(data)} records (the first: {known})"
        )
    return hits.iloc[0]


def _text(value: object) -> str:
    return "not stated" if pd.isna(value) else plain_text(value)  # type: ignore[call-overload]


def _yes_no(value: object) -> str:
    return "cannot tell" if pd.isna(value) else ("yes" if value else "no")  # type: ignore[call-overload]


def _show_arm(console: Console, arm: pd.Series, labels: pd.DataFrame) -> None:
    name = "one arm, not described" if arm.is_implicit else _text(arm.arm_label)
    console.print(Text(f"\n{arm.arm_id}  {name}", style="bold"))
    for row in labels[labels["quote"].notna()].itertuples():
        line = Text(f"  {_axis(row.axis)}: ")
        line.append(_words_of(str(row.axis), str(row.value)), style="bold")
        line.append(f"  ({row.basis}, {row.rule_id})", style="dim")
        console.print(line)
        console.print(Padding(Text(f"“{terminal_text(row.quote)}”"), (0, 0, 0, 6)))
    for row in labels[labels["basis"] == "override"].itertuples():
        line = Text(f"  {_axis(row.axis)}: ")
        line.append(_words_of(str(row.axis), str(row.value)), style="bold")
        line.append(f"  ({row.rule_id})", style="dim")
        console.print(line)
    unstated = labels[labels["quote"].isna() & (labels["value"] == "NOT_STATED")]
    if len(unstated):
        axes = ", ".join(_axis(axis) for axis in unstated["axis"])
        searched = _text(unstated["section"].iloc[0]).replace("_", " ")
        console.print(Text(f"  Not stated: {axes}"))
        console.print(Padding(Text(f"searched: {searched}", style="dim"), (0, 0, 0, 6)))


def _show_overrides(console: Console, overrides: pd.DataFrame) -> None:
    if len(overrides):
        console.print(Text("\nCorrections", style="bold"))
    for row in overrides.itertuples():
        arm = f"{row.arm_id} " if isinstance(row.arm_id, str) else ""
        line = f"{arm}{_axis(row.axis)}: {_text(row.value)} instead of "
        line += f"{_text(row.replaced)}; {_text(row.reason)}"
        console.print(Text(f"  {line} ({_text(row.decided_by)}, {row.date})"))


def _axis(name: object) -> str:
    return _AXES.get(str(name), str(name))


def _words_of(axis: str, value: str) -> str:
    """Return the vocabulary's words for a value; yes and no have none."""
    return label_of({"donor_inferred": "donor"}.get(axis, axis), value)


def _show_passage(console: Console, passage: pd.Series, labels: pd.DataFrame) -> None:
    """Print a passage that supports a label, the supporting words marked."""
    start = int(passage.start)
    inside = labels[
        (labels["source_id"] == passage.source_id)
        & (labels["section"] == passage.section)
        & (labels["start"] >= start)
        & (labels["end"] <= start + len(passage.text))
    ]
    spans = [
        (int(row.start) - start, int(row.end) - start)
        for row in inside.itertuples()
        if passage.text[int(row.start) - start : int(row.end) - start] == row.quote
    ]
    if not spans:
        return
    console.print(Text(f"  {passage.section}", style="dim"))
    console.print(Padding(_marked(passage.text, spans), (0, 0, 0, 4)))


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> Text:
    spans = sorted(set(spans))
    first = max(0, spans[0][0] - _MARGIN)
    last = min(len(text), max(end for _, end in spans) + _MARGIN)
    text, whole = terminal_text(text[first:last]), len(text)
    shown = Text(("…" if first else "") + text + ("…" if last < whole else ""))
    shift = first - (1 if first else 0)
    for start, end in spans:
        shown.stylize("bold reverse", start - shift, end - shift)
    return shown
