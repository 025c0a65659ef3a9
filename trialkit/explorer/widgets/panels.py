"""Panels that follow the filters: trials, figures, a card, similar trials."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import pandas as pd
from itables.widget import ITable
from traitlets import link

from trialkit.codewords import short_word
from trialkit.errors import TrialkitError
from trialkit.escape import markdown_text
from trialkit.explorer.card import card
from trialkit.explorer.similar import similar
from trialkit.explorer.widgets.state import Panel, State, as_outputs, text_shown
from trialkit.figures import FIGURES
from trialkit.report.display import Shown, collect
from trialkit.report.exhibits import present
from trialkit.summarize import trial_lines, trials
from trialkit.summarize.wording import NOT_STATED, words
from trialkit.tables import TABLES

#: Options of all tables: no code from elsewhere, no markup of records.
_TABLE: Any = {
    "allow_html": False,
    "select": "single",
    "showIndex": False,
    "classes": "display compact",
    "pageLength": 10,
    "maxBytes": 0,
    "scrollX": True,
    "style": "table-layout:auto;width:100%;font-size:88%",
    # A heading with selectable text sorts by its small arrows only.
    "text_in_header_can_be_selected": False,
}
#: What is seen of a trial, in short words, so that no page scrolls sideways.
_SEEN = {
    "trial_id": "Trial",
    "short_title": "Title",
    "condition": "Condition",
    "phase_group": "Phase",
    "overall_status": "Status",
    "routes": "Route",
    "products": "Cells ← source",
    "enrollment": "Participants",
    "years": "Years",
    "country": "Country",
}
#: What is searched besides, and shown by the button *Columns*.
_MORE = {
    "lead_sponsor": "Sponsor",
    "title": "Full title",
    "conditions": "Conditions",
    "countries": "Countries",
    "start_date": "Start",
    "completion_date": "Completion",
}
_COLUMNS = _SEEN | _MORE
_SHORT = ["short_title", "condition", "years", "country"]
#: Participants, and their hidden column for sorting.
_SIZE, _SORTS = _COLUMNS["enrollment"], "Participants (number)"
_AT = {name: at for at, name in enumerate([*_COLUMNS, _SORTS])}
#: Ids and years stay on one line, titles get room.
_COLUMN_RULES = [
    {"targets": [_AT["trial_id"], _AT["years"]], "className": "dt-nowrap"},
    {"targets": [_AT["short_title"]], "width": "20%"},
    {"targets": [_AT["years"]], "orderData": [_AT["start_date"]]},
    {
        "targets": [_AT["enrollment"]],
        "orderData": [_AT[_SORTS]],
        "className": "dt-right",
    },
    {"targets": [_AT[name] for name in _MORE], "visible": False},
    {"targets": [_AT[_SORTS]], "visible": False, "searchable": False},
]
_CHOICE = {
    **{"extend": "colvis", "text": "Columns", "background": False},
    "columns": f":lt({len(_COLUMNS)})",
}
_LAYOUT = {"topStart": ["pageLength", {"buttons": [_CHOICE]}]}


class _TrialRows(Panel):
    """A table of trials; a click on a row looks at its trial."""

    def __init__(self, state: State, follows: str, **options: Any) -> None:
        self.state = state
        self.options = _TABLE | options
        self.rows = self._found()
        self.table = ITable(self._shown(), **self.options)
        super().__init__([self.table])
        state.observe(self._refresh, follows)
        self.table.observe(self._look, "selected_rows")

    def _found(self) -> pd.DataFrame:
        raise NotImplementedError

    def _shown(self) -> pd.DataFrame:
        """Return the rows for the table."""
        return self.rows

    def _refresh(self, _: object) -> None:
        self.rows = self._found()
        # An update forgets options that are not repeated, such as the size limit.
        self.table.update(self._shown(), selected_rows=[], **self.options)

    def _look(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.state.trial_id = str(self.rows["Trial"].iloc[change["new"][0]])


class TrialTable(_TrialRows):
    """The chosen trials, to search and sort."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "selection", columnDefs=_COLUMN_RULES, layout=_LAYOUT)

    def _found(self) -> pd.DataFrame:
        # A row tells of its trial alone: those of all trials are made once.
        short = trial_lines(self.state.data)[["trial_id", *_SHORT]]
        frame = trials(self.state.data).merge(short, on="trial_id")
        chosen = self.state.selection.trials["trial_id"]
        frame = frame[frame["trial_id"].isin(chosen)].reset_index(drop=True)
        frame["overall_status"] = words(frame["overall_status"], "overall_status")
        frame["products"] = _in_short(frame["products"])
        frame = frame[list(_COLUMNS)].rename(columns=_COLUMNS)
        text = {name: "string" for name in _COLUMNS.values() if name != _SIZE}
        return frame.astype(text).fillna(dict.fromkeys(text, NOT_STATED))

    def _shown(self) -> pd.DataFrame:
        # A column with any text is sorted as text: a hidden one has the numbers.
        sizes = self.rows[_SIZE]
        told = sizes.map("{:,}".format, na_action="ignore").astype("string")
        sorts = sizes.fillna(-1).astype("int64")
        return self.rows.assign(**{_SIZE: told.fillna(NOT_STATED), _SORTS: sorts})


def _in_short(products: pd.Series) -> pd.Series:
    """Return `cell type ← source` in the few words that figures have for each."""

    def short(piece: str) -> str:
        return short_word(short_word(piece, "cell_type"), "cell_source")

    pieces = products.str.split("(; | ← )", regex=True)
    return pieces.map(lambda row: "".join(map(short, row)), na_action="ignore")


class Exhibit(Panel):
    """One figure or table of the reports, drawn for every selection."""

    def __init__(self, state: State, name: str = "routes") -> None:
        self.state = state
        options = [
            (f"{kind}: {key.replace('_', ' ')}", key)
            for kind, keys in (("Figure", FIGURES), ("Table", TABLES))
            for key in keys
        ]
        self.name = widgets.Dropdown(options=options, value=name, description="Show")
        self.output = widgets.Output()
        super().__init__([self.name, self.output])
        self.name.observe(self._refresh, "value")
        state.observe(self._refresh, "selection")
        self._refresh()

    def _refresh(self, _: object = None) -> None:
        with collect() as shown:
            name, chosen = str(self.name.value), self.state.selection
            try:
                present(name, chosen, as_of=self.state.as_of)
            except TrialkitError as error:
                shown.append(text_shown(markdown_text(error)))
        self.output.outputs = as_outputs(shown)


class Card(Panel):
    """One trial with the words behind its labels."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.trial = widgets.Combobox(
            description="Trial",
            options=tuple(state.data.trials["trial_id"]),
            ensure_option=True,
        )
        self.output = widgets.Output()
        super().__init__([self.trial, self.output])
        link((state, "trial_id"), (self.trial, "value"))
        state.observe(self._refresh, "trial_id")
        self._refresh()

    def _refresh(self, _: object = None) -> None:
        self.output.outputs = as_outputs([self._card()])

    def _card(self) -> Shown:
        if not self.state.trial_id:
            return text_shown("No trial is chosen.")
        shown = card(self.state.data, self.state.trial_id)
        data = {"text/html": shown._repr_html_(), "text/plain": repr(shown)}
        return Shown(data, {"kind": "card"})


class Similar(_TrialRows):
    """The loaded trials most like the one looked at."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "trial_id", paging=False)

    def _found(self) -> pd.DataFrame:
        if not self.state.trial_id:
            return pd.DataFrame({"Trial": pd.Series([], dtype="string")})
        frame = similar(self.state.data, self.state.trial_id)
        frame.columns = [str(name).replace("_id", "").capitalize() for name in frame]
        return frame
