"""Open questions to decide, and the file of the decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd

from trialkit.errors import TrialkitError
from trialkit.escape import html_text, markdown_text
from trialkit.explorer.undecided import save_overrides, undecided
from trialkit.explorer.widgets.export import free, link
from trialkit.explorer.widgets.state import Panel, State
from trialkit.label.confidence import doubts
from trialkit.label.overrides import CELL_TRIAL, COLUMNS
from trialkit.summarize.doubts import doubted
from trialkit.summarize.groups import ids_of
from trialkit.summarize.wording import NOT_STATED, as_quoted, counted, field_name

_NAME = "corrections.csv"
_KEY = ["trial_id", "arm_id", "axis"]


class Decide(Panel):
    """The open questions of the trial looked at, one at a time.

    Decisions are kept until they are saved; `trialkit report -p overrides=FILE` and
    `tk.load(overrides=...)` apply them.
    """

    def __init__(self, state: State, out: Path) -> None:
        self.state = state
        self.path = out / _NAME
        self._is_saved = False
        self.decisions: dict[tuple[str, str, str], list[str]] = {}
        self._open = pd.DataFrame()
        self.question = widgets.Dropdown(
            description="Open", layout={"width": "36rem"}, options=[("", None)]
        )
        self.need = widgets.HTML()
        self.next = widgets.Button(description="Next trial", icon="arrow-right")
        self.sentences = widgets.HTML()
        self.value = widgets.Dropdown(description="Value", options=[("", "")])
        self.reason = widgets.Text(
            description="Reason", placeholder="why, in a few words"
        )
        self.person = widgets.Text(description="Decided by", placeholder="initials")
        self.day = widgets.Text(description="Date", placeholder="2026-06-30")
        self.decide = widgets.Button(description="Decide", icon="check")
        self.save = widgets.Button(description="Save decisions", icon="save")
        self.told = widgets.Output()
        self.next.on_click(lambda _: self.go_on())
        self.decide.on_click(lambda _: self.take())
        self.save.on_click(lambda _: self.write())
        self.question.observe(self._ask, "value")
        state.observe(self._refresh, "trial_id")
        state.observe(self._count, "selection")
        super().__init__(
            [
                widgets.HBox([self.need, self.next]),
                self.question,
                self.sentences,
                widgets.HBox([self.value, self.reason]),
                widgets.HBox([self.person, self.day]),
                widgets.HBox([self.decide, self.save]),
                self.told,
            ]
        )
        self._count()
        self._refresh()

    def go_on(self) -> None:
        """Look at the next trial that needs a reader: first what changes most."""
        decided = {key[0] for key in self.decisions}
        left = [one for one in self._readers if one not in decided]
        if self.state.trial_id in left:
            here = left.index(self.state.trial_id)
            left = left[here + 1 :] + left[:here]
        if left:
            self.state.trial_id = left[0]

    def take(self) -> None:
        """Keep the decision of the controls."""
        if self.question.value is None or not self.value.value:
            self.tell("Choose a question and a value first.")
            return
        fields = (self.value, self.reason, self.person, self.day)
        self.decisions[self.question.value] = [str(field.value) for field in fields]
        self.tell(f"{counted(len(self.decisions), 'decision')}, not saved yet.")

    def write(self) -> None:
        """Write all decisions into a file, which holds none of an earlier session."""
        wanted = self.path if self._is_saved else free(self.path)
        rows = [[*key, *decision] for key, decision in self.decisions.items()]
        frame = pd.DataFrame(rows, columns=COLUMNS[:-1])
        try:
            path = save_overrides(frame, wanted, terms=self.state.data.terms)
        except (TrialkitError, OSError) as error:
            self.tell(markdown_text(error))
            return
        self.path, self._is_saved = path, True
        self.tell(f"{counted(len(rows), 'decision')} saved in {link(path)}.")

    def _count(self, _: object = None) -> None:
        """Say how many of the selected trials need a reader."""
        chosen = self.state.selection
        self._readers = list(dict.fromkeys(doubted(chosen)["trial_id"]))
        n, trials = len(self._readers), counted(len(chosen), "trial")
        need = "needs" if n == 1 else "need"
        self.need.value = html_text(f"{n:,} of {trials} {need} a reader")
        self.next.disabled = not n

    def _refresh(self, _: object = None) -> None:
        # Without a trial to look at the data is empty.
        one = self.state.trial_id
        data = self.state.data.select(ids=one) if one else self.state.data
        self._open = undecided(data).fillna({"arm_id": ""})
        keys = self._open[_KEY].drop_duplicates().itertuples(index=False, name=None)
        options = [
            (" · ".join(filter(None, (key[0], key[1], field_name(key[2])))), key)
            for key in keys
        ]
        self.question.options = options or [("nothing is open in this trial", None)]
        self._ask()

    def _ask(self, _: object = None) -> None:
        """Show the candidate sentences of the question and its possible values."""
        key = self.question.value
        if key is None:
            self.sentences.value = ""
            self.value.options = [("", "")]
            return
        rows = self._open[self._open[_KEY].eq(list(key)).all(axis=1)]
        choices = self._choices(key[2])
        said = rows.dropna(subset=["sentence"]).to_dict("records")
        lines = "".join(_sentence(row, choices) for row in said)
        why = _why(rows["doubts"].iloc[0])
        none = "<li>No sentence of the record bears on it.</li>"
        self.sentences.value = f"{why}<ul style='line-height:1.4'>{lines or none}</ul>"
        self.value.options = [("choose …", ""), *((w, i) for i, w in choices.items())]

    def _choices(self, axis: str) -> dict[str, str]:
        """Return the words of each id that answers a question."""
        if axis == CELL_TRIAL:
            return {"yes": "yes", "no": "no"}
        rows = ids_of(self.state.data, axis)
        choices = dict(zip(rows["id"], rows["label"], strict=True))
        return choices | {"NOT_STATED": NOT_STATED}


def _why(names: object) -> str:
    """Return the doubts of a label in words."""
    if not isinstance(names, str):
        return ""
    said = [doubts().get(name, name) for name in names.split("; ")]
    return f"Unsure: {html_text('; '.join(said))}."


def _sentence(row: dict[Any, Any], words: dict[str, str]) -> str:
    section = html_text(str(row["section"]).replace("_", " "))
    named = [words[one] for one in str(row["suggests"]).split("; ") if one in words]
    suggests = html_text(f": {', '.join(named)}") if named else ""
    said = as_quoted(html_text(row["sentence"]), row["wording"])
    return f"<li>{said} <i>({section})</i>{suggests}</li>"
