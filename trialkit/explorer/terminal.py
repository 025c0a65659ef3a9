"""One trial on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from trialkit.escape import terminal_text
from trialkit.explorer.card import REWRITTEN
from trialkit.explorer.view import ArmView, view_of
from trialkit.tidy.trials import Trials


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

    See Also
    --------
    trialkit.card : the same in a notebook.
    """
    console = console or Console(highlight=False)
    view = view_of(data, trial_id)
    console.print(Text(f"{view.trial_id}  {view.title}", style="bold"))
    for name, value in view.facts:
        console.print(Text(f"  {name}: {value}"))
    for arm in view.arms:
        _show_arm(console, arm)
    if view.corrections:
        console.print(Text("\nCorrections", style="bold"))
    for line in view.corrections:
        console.print(Text(f"  {line}"))
    if view.passages:
        head = REWRITTEN if view.is_rewritten else "Evidence in the record"
        console.print(Text(f"\n{head}", style="bold"))
    for passage in view.passages:
        console.print(Text(f"  {passage.section}", style="dim"))
        text = Text()
        for piece, is_evidence in passage.pieces:
            text.append(terminal_text(piece), "bold reverse" if is_evidence else "")
        console.print(Padding(text, (0, 0, 0, 4)))


def _show_arm(console: Console, arm: ArmView) -> None:
    console.print(Text(f"\n{arm.arm_id}  {arm.name}", style="bold"))
    for label in arm.lines:
        line = Text(f"  {label.axis}: ")
        line.append(label.words, style="bold")
        line.append(f"  ({label.origin})", style="dim")
        console.print(line)
        if label.quote is not None:
            quote = Text(terminal_text(label.quote))
            console.print(Padding(quote, (0, 0, 0, 6)))
    if arm.unstated:
        console.print(Text(f"  Not stated: {', '.join(arm.unstated)}"))
        searched = Text(f"searched: {arm.searched}", style="dim")
        console.print(Padding(searched, (0, 0, 0, 6)))
