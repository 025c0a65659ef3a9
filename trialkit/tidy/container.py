"""The container of tidy tables, each built or read on first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Self

import pandas as pd
import pyarrow as pa

from trialkit.codebook import conform, table_names
from trialkit.errors import TrialDataError
from trialkit.plural import counted
from trialkit.tidy.arrow import frame_of

Built = pd.DataFrame | pa.Table
#: A table, or what builds or reads it when it is first asked for.
Table = Built | Callable[[], Built]


class Tables:
    """The tables of a set of trials as attributes; `trialkit.Trials` adds methods."""

    trials: pd.DataFrame
    arms: pd.DataFrame
    interventions: pd.DataFrame
    arm_interventions: pd.DataFrame
    conditions: pd.DataFrame
    sites: pd.DataFrame
    sponsors: pd.DataFrame
    outcomes: pd.DataFrame
    identifiers: pd.DataFrame
    references: pd.DataFrame
    links: pd.DataFrame
    related_trials: pd.DataFrame
    lay_summaries: pd.DataFrame
    labels: pd.DataFrame
    doses: pd.DataFrame
    statements: pd.DataFrame
    overrides: pd.DataFrame
    terms: pd.DataFrame
    passages: pd.DataFrame
    sources: pd.DataFrame
    selection: pd.DataFrame
    excluded: pd.DataFrame

    def __init__(self, tables: Mapping[str, Table]) -> None:
        unknown = set(tables) - set(table_names())
        if unknown:
            raise TrialDataError(f"no table {', '.join(sorted(unknown))}")
        self._tables = dict(tables)
        if isinstance(tables.get("trials"), pd.DataFrame):
            self._build("trials")

    def __getattr__(self, name: str) -> pd.DataFrame:
        # Python asks here only for what is not yet an attribute: an unused table.
        if name not in table_names():
            text = f"Trials has no table or attribute {name!r}"
            raise AttributeError(text, name=name, obj=self)
        return self._build(name)

    def _build(self, name: str) -> pd.DataFrame:
        table = self._tables.get(name)
        built = table() if callable(table) else table
        frame = conform({}, name) if built is None else built
        if not isinstance(frame, pd.DataFrame):
            frame = frame_of(frame, name)
        if name == "trials":
            _assert_one_row_per_trial(frame)
        setattr(self, name, frame)
        self._tables.pop(name, None)
        return frame

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, pd.DataFrame]]]:
        return type(self), (dict(self.tables()),)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *table_names()})

    def __len__(self) -> int:
        return len(self.trials)

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield name and frame of every table, in the codebook's order."""
        for name in table_names():
            yield name, getattr(self, name)


def _assert_one_row_per_trial(trials: pd.DataFrame) -> None:
    twice = trials.loc[trials["trial_id"].duplicated(), "trial_id"].unique()
    if len(twice):
        shown = ", ".join(twice[:5])
        raise TrialDataError(
            f"more than one row for {counted(len(twice), 'trial')}: {shown}"
        )
