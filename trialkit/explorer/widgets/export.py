"""Export of a selection as a records file or a report."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import chain, count, dropwhile
from pathlib import Path
from textwrap import shorten
from urllib.parse import quote

import ipywidgets as widgets

from trialkit.atomic import write_file
from trialkit.errors import ReportError, TrialkitError
from trialkit.escape import markdown_text
from trialkit.explorer.undecided import save_overrides
from trialkit.explorer.widgets.state import Panel, State
from trialkit.summarize.flow import filter_words
from trialkit.summarize.wording import counted
from trialkit.tidy.save_records import save_records
from trialkit.tidy.select.selection import CELLS_ONLY
from trialkit.tidy.trials import Trials
from trialkit.workspace import notebooks_dir

_NAME = "selection.ndjson"
#: Notebooks that are no choice: of the explorer itself, and what comes with another.
_NO_CHOICE = ("explore", "supplement")
#: What is made beside a report: first, for `report.json` tells of the last one made.
_BESIDE = {"landscape": ("supplement",)}


class Export(Panel):
    """Buttons that save the selection as records, or make a report of it."""

    def __init__(self, state: State, out: Path) -> None:
        self.state = state
        self.out = out
        names = sorted({path.stem for path in notebooks_dir().glob("*.ipynb")})
        self.report = widgets.Dropdown(
            options=[
                (" and ".join([name, *_BESIDE.get(name, ())]), name)
                for name in names
                if name not in _NO_CHOICE
            ],
            value="landscape",
            description="Report",
        )
        self.title = widgets.Text(
            description="Title",
            placeholder="of the report and its folder; empty: its filters",
            layout={"width": "36rem"},
        )
        self.save = widgets.Button(
            description="Save records",
            icon="save",
            tooltip=f"Write a records file into {out}",
        )
        self.make = widgets.Button(description="Make report", icon="file")
        self.told = widgets.Output()
        self.save.on_click(lambda _: self._do(self.save_records))
        self.make.on_click(lambda _: self._do(self.make_report))
        lines = [self.report, self.make], [self.title], [self.save]
        super().__init__([*map(widgets.HBox, lines), self.told])

    def save_records(self) -> str:
        """Write the records of the selection; return the message."""
        path = save_records(self._records(), free(self.out / _NAME))
        return f"{counted(len(self.state.selection), 'trial')} saved in {link(path)}."

    def make_report(self) -> str:
        """Make the report of the selection; return the message."""
        name = str(self.report.value)
        words = self._filters()
        title = " ".join(self.title.value.split()) or _title(name, words)
        # A new folder: an earlier report stays.
        named = self.title.value or " ".join([name, *words])
        wanted = self.out / (_slug(named) or name)
        folder = free(wanted)
        records = save_records(self._records(), folder / _NAME)
        own = list(_own_files(self.state.selection, folder))
        for notebook in (*_BESIDE.get(name, ()), name):
            self._run(notebook, records, folder, own, title)
        made = sorted(folder.glob("*.html")) + sorted(folder.glob("*.pdf"))
        links = ", ".join(map(link, made))
        told = f"{counted(len(self.state.selection), 'trial')} reported in {links}."
        if folder == wanted:
            return told
        there, here = (markdown_text(path.as_posix()) for path in (wanted, folder))
        return f"{told} {there} was there and stays; this is {here}."

    def _run(
        self, name: str, records: Path, folder: Path, own: list[str], title: str
    ) -> None:
        """Make one report by the command line.

        The event loop of this kernel cannot run another kernel.
        """
        # JupyterLab works in the folder of the notebooks, which come first.
        notebook = f"{name}.ipynb" if Path(f"{name}.ipynb").is_file() else name
        command = [
            *(sys.executable, "-m", "trialkit", "report", notebook),
            *("--records", str(records), "--out", str(folder)),
            *("-p", f"as_of={self.state.as_of}", "-p", "cell_trials_only=false"),
            *own,
        ]
        if title:
            command += ["-p", f"title={title}"]
        lines: list[str] = []
        with subprocess.Popen(  # noqa: S603
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        ) as process:
            for line in filter(str.strip, process.stderr or ()):
                lines.append(line)
                self.tell(markdown_text(f"{name}: {line}"))
        if process.returncode:
            # After the lines of progress; the error may have several.
            told = list(dropwhile(lambda line: not line.startswith("error: "), lines))
            status = f"the report ended with status {process.returncode}"
            raise ReportError("".join(told or lines[-1:]) or status)

    def _records(self) -> Trials:
        """Return the selection with the records of its trials in other registers."""
        trials = self.state.selection.trials
        others = trials["registered_also_as"].dropna().str.split("; ").explode()
        if others.isin(trials["trial_id"]).all():
            return self.state.selection
        known = others[others.isin(self.state.loaded.trials["trial_id"])]
        return self.state.loaded.select(ids=sorted({*trials["trial_id"], *known}))

    def _filters(self) -> list[str]:
        """Return the filters in words."""
        chosen = self.state.selection
        steps = chosen.selection["filter"].iloc[len(self.state.data.selection) :]
        return [filter_words(s, chosen.terms) for s in steps if s != CELLS_ONLY]

    def _do(self, action: Callable[[], str]) -> None:
        """Run the action of a button; show its message, or a user's mistake."""
        if not len(self.state.selection):
            self.tell("No trial is chosen: there is nothing to write.")
            return
        self.save.disabled = self.make.disabled = True
        self.tell("Working …")
        try:
            self.tell(action())
        except (TrialkitError, OSError) as error:
            self.tell(markdown_text(error))
        finally:
            self.save.disabled = self.make.disabled = False


def _title(name: str, filters: list[str]) -> str:
    """Return the title of a report after its filters, "" without any."""
    if not filters:
        return ""
    told = shorten("; ".join(filters), width=150, placeholder=" …")
    return f"{name.replace('_', ' ').capitalize()} ({told})"


def _slug(text: str) -> str:
    """Return a name for a folder: letters and digits of any script, and hyphens."""
    return "-".join(re.findall(r"[^\W_]+", text.lower()))[:60].strip("-")


def free(path: Path) -> Path:
    """Return a free path: itself, or with the first free number."""
    numbered = (path.with_stem(f"{path.stem}-{n}") for n in count(2))
    return next(free for free in chain([path], numbered) if not free.exists())


def _own_files(chosen: Trials, out: Path) -> Iterator[str]:
    """Write the terms and corrections of the selection; yield the options for them.

    The user's own files would not do: a correction of a trial outside is an error.
    """
    for axis, terms in chosen.terms.groupby("axis", sort=False):
        path = out / "selection-vocabularies" / f"{axis}.csv"
        with write_file(path) as part:
            terms.drop(columns="axis").to_csv(part, index=False)
        yield from ("--vocabulary", str(path))
    if len(chosen.overrides):
        path = out / "selection-corrections.csv"
        save_overrides(chosen.overrides, path, terms=chosen.terms)
        yield from ("--overrides", str(path))


def link(path: Path) -> str:
    """Return a Markdown link to a file."""
    return f"[{markdown_text(path.as_posix())}]({quote(path.as_posix())})"
