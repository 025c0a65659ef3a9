"""The tidy tables of a set of trials: load, select, save, open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit.arrow import frame_of
from trialkit.batches import Gathered, fill, fill_from, labelling_of
from trialkit.codebook import conform, table_names
from trialkit.errors import ParameterError, TrialDataError
from trialkit.filters import equals, holds, names
from trialkit.paths import PathLike, Paths
from trialkit.record import Excluded, Record, Source
from trialkit.registrations import COUNTED, ONE_RECORD_EACH
from trialkit.workspace import example_path

if TYPE_CHECKING:
    import pyarrow as pa

    Made = pd.DataFrame | pa.Table
    #: A table, or what makes or reads it when it is first asked for.
    Table = Made | Callable[[], Made]


class Trials:
    """The tables of a set of trials, each a plain DataFrame.

    Every table of the codebook is an attribute: `data.trials` has one row per trial,
    `data.arms`, `data.labels` and the others have several. A `Trials` is never changed;
    `select` returns a new one. A table becomes a DataFrame when it is first asked for.

    Parameters
    ----------
    tables
        Tables by name: frames, Arrow tables, or functions that return one of them. A
        table that is not given is empty.

    Examples
    --------
    >>> import trialkit as tk
    >>> data = tk.load_example()
    >>> data.trials.loc[data.trials.trial_id == "NCT07312864", "routes"].item()
    'EC.bal'
    """

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
        self._counted: Trials | None = None
        if isinstance(tables.get("trials"), pd.DataFrame):
            self._make("trials")

    def __getattr__(self, name: str) -> pd.DataFrame:
        # Asked only for what is no attribute yet: a table that nobody has used.
        if name not in table_names():
            raise AttributeError(f"Trials has no table or attribute {name!r}")
        return self._make(name)

    def _make(self, name: str) -> pd.DataFrame:
        frame = _frame(self._tables.get(name), name)
        if name == "trials":
            _assert_one_row_per_trial(frame)
        setattr(self, name, frame)
        self._tables.pop(name, None)
        return frame

    def __reduce__(self) -> tuple[type[Trials], tuple[dict[str, pd.DataFrame]]]:
        return Trials, (dict(self.tables()),)

    def __len__(self) -> int:
        return len(self.trials)

    def __repr__(self) -> str:
        return (
            f"Trials: {len(self)} trials, {len(self.arms)} arms, {len(self.labels)} "
            f"labels, {len(self.sources)} sources, {len(self.excluded)} set aside"
        )

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield name and frame of every table, in the codebook's order."""
        for name in table_names():
            yield name, getattr(self, name)

    def select(
        self,
        *,
        condition: str | Sequence[str] | None = None,
        phase: str | Sequence[str] | None = None,
        status: str | Sequence[str] | None = None,
        study_type: str | Sequence[str] | None = None,
        country: str | Sequence[str] | None = None,
        route: str | Sequence[str] | None = None,
        cell_type: str | Sequence[str] | None = None,
        cell_source: str | Sequence[str] | None = None,
        donor: str | Sequence[str] | None = None,
        cell_trials: bool | None = None,
        ids: Iterable[str] | None = None,
    ) -> Trials:
        """Return the trials that pass every filter given, with all their rows.

        A trial that does not state a filtered field cannot pass, but is never lost
        unseen: the new table `selection` counts per filter what was removed for another
        value and what for a missing one, and every removed trial stands in `excluded`.

        Parameters
        ----------
        condition
            Words to find in the conditions, their groups or the titles, in any case; of
            several, one is enough. `liver failure` finds "acute liver failure" too.
        phase, status, study_type
            Registry values, e.g. `["PHASE1", "PHASE1/PHASE2"]`.
        country, route, cell_type, cell_source, donor
            A value among the trial's; route `IV` also takes its child `IV.peripheral`.
        cell_trials
            True keeps trials that give living cells, False the others.
        ids
            Registry ids.

        Returns
        -------
        Trials
            A new set with the same tables.

        Raises
        ------
        ParameterError
            If a filter is an empty text or list.

        Examples
        --------
        >>> import trialkit as tk
        >>> data = tk.load_example().select(phase="PHASE1/PHASE2", cell_trials=True)
        >>> set(data.trials.phase)
        {'PHASE1/PHASE2'}
        """
        chosen = self
        if ids is not None:
            chosen = chosen._keep("ids", equals(chosen.trials, "trial_id", list(ids)))
        if condition is not None:
            words = _as_list("condition", condition)
            mask = names(chosen, words)
            chosen = chosen._keep(f"condition: {' | '.join(words)}", mask)
        for name, value in {
            "phase": phase,
            "status": status,
            "study_type": study_type,
            "country": country,
            "route": route,
            "cell_type": cell_type,
            "cell_source": cell_source,
            "donor": donor,
        }.items():
            if value is not None:
                wanted = _as_list(name, value)
                passes = equals if name in _EXACT else holds
                mask = passes(chosen.trials, _COLUMNS[name], wanted)
                chosen = chosen._keep(f"{name}: {' | '.join(wanted)}", mask)
        if cell_trials is not None:
            mask = chosen.trials["is_cell_trial"].eq(cell_trials)
            name = "cell trials only" if cell_trials else "trials without cells only"
            chosen = chosen._keep(name, mask)
        return chosen

    def counted(self) -> Trials:
        """Return the trials that enter counts: each once, and studies only.

        Of a trial in several registers the record of `counted_as` stays; expanded
        access goes. Both are steps of `selection`, with their trials in `excluded`. The
        functions that count do this themselves.

        Examples
        --------
        >>> import trialkit as tk
        >>> data = tk.load_example().counted()
        >>> data.counted() is data
        True
        """
        if self._counted is None:
            chosen = self
            for name, is_counted in COUNTED.items():
                mask = is_counted(chosen.trials)
                if not mask.all():
                    chosen = chosen._keep(name, mask)
            self._counted = chosen._counted = chosen
        return self._counted

    def _keep(self, name: str, mask: pd.Series) -> Trials:
        """Return the trials where `mask` is True; missing counts as not stated."""
        kept = mask.fillna(False).astype(bool)
        ids = set(self.trials.loc[kept, "trial_id"].tolist())
        tables: dict[str, Table] = {
            table: partial(_rows_of, self, table, ids) for table in table_names()
        }
        tables["trials"] = self.trials[kept].reset_index(drop=True)
        step = {
            "step": [len(self.selection) + 1],
            "filter": [name],
            "n_before": [len(self)],
            "n_kept": [int(kept.sum())],
            "n_removed": [int((~kept & mask.notna()).sum())],
            "n_missing": [int(mask.isna().sum())],
        }
        tables["selection"] = _append(self.selection, step, "selection")
        tables["excluded"] = _append(
            self.excluded, self._removed(name, kept, mask), "excluded"
        )
        return Trials(tables)

    def _removed(self, name: str, kept: pd.Series, mask: pd.Series) -> dict[str, Any]:
        reasons = [
            f"{name}: not stated" if missing else f"{name}: does not apply"
            for missing in mask[~kept].isna()
        ]
        if name in _WHY:
            short, column = _WHY[name]
            told = self.trials.loc[~kept, column]
            reasons = [f"{short}: {w}" if pd.notna(w) else short for w in told]
        gone = self.trials.loc[~kept, "trial_id"]
        return {"record": gone.tolist(), "reason": reasons}

    def save(self, path: PathLike) -> Path:
        """Write all tables into the folder `path`, whole or not at all; return it.

        See Also
        --------
        trialkit.open : read it again.
        """
        from trialkit.store import save

        return save(self, path)


#: Steps whose reason is told trial by trial: in which words, and from which column.
_WHY = {
    "cell trials only": ("not a cell trial", "cell_trial_reason"),
    ONE_RECORD_EACH: ("counted once, by another record", "registered_also_as"),
}
_EXACT = ("phase", "status", "study_type")
_COLUMNS = {
    "phase": "phase",
    "status": "overall_status",
    "study_type": "study_type",
    "country": "countries",
    "route": "routes",
    "cell_type": "cell_types",
    "cell_source": "cell_sources",
    "donor": "donors",
}


def _frame(table: Table | None, name: str) -> pd.DataFrame:
    if table is None:
        return conform({}, name)
    made = table() if callable(table) else table
    return made if isinstance(made, pd.DataFrame) else frame_of(made, name)


def _rows_of(data: Trials, name: str, ids: set[str]) -> pd.DataFrame:
    frame = getattr(data, name)
    if "trial_id" not in frame:
        return frame
    return frame[frame["trial_id"].isin(ids)].reset_index(drop=True)


def _as_list(name: str, value: str | Sequence[str]) -> list[str]:
    wanted = [value] if isinstance(value, str) else list(value)
    if not wanted or not all(isinstance(w, str) and w.strip() for w in wanted):
        raise ParameterError(f"{name}={value!r} is empty; leave it out to keep all")
    return wanted


def _append(frame: pd.DataFrame, data: Mapping[str, list], table: str) -> pd.DataFrame:
    added = conform(data, table)
    if frame.empty:
        return added
    return conform(pd.concat([frame, added], ignore_index=True), table)


def _assert_one_row_per_trial(trials: pd.DataFrame) -> None:
    twice = trials.loc[trials["trial_id"].duplicated(), "trial_id"].unique()
    if len(twice):
        shown = ", ".join(twice[:5])
        raise TrialDataError(f"more than one row for {len(twice)} trials: {shown}")


def load(
    paths: Paths,
    *,
    labels: bool = True,
    vocabularies: Paths = (),
    overrides: Paths = (),
    workers: int | None = None,
) -> Trials:
    """Read trial records of any mix of shapes into tidy tables.

    Each file's shape is recognised from its content. What cannot be read is set aside
    in `excluded` with its reason; records of one trial from several sources become one
    row, by authority (registry, export, mirror, lay page), then date.

    Parameters
    ----------
    paths
        A file, folder, zip or glob, or several of them.
    labels
        False leaves out the labelling of routes, cells and donors.
    vocabularies
        CSV files of your own, named after their axis: more phrases, or a new axis.
    overrides
        CSV files of corrections that people decided; they are applied last.
    workers
        How many processes to use for many records; None is one per processor.

    Returns
    -------
    Trials
        All tables; see the data dictionary for their columns.

    Raises
    ------
    TrialDataError
        If a path does not exist or holds no trial record, or a row of yours is wrong.
    ParameterError
        If `workers` is less than one.
    """
    labelling = labelling_of(labels, vocabularies, overrides)
    gathered = Gathered()
    fill(gathered, paths, labelling, workers=workers)
    return Trials(gathered.tables())


def from_records(
    records: Iterable[Record],
    sources: Sequence[Source] = (),
    excluded: Sequence[Excluded] = (),
    *,
    labels: bool = True,
) -> Trials:
    """Return the tables of records that are already in memory.

    Parameters
    ----------
    records, sources, excluded
        What sources say about each trial, those sources, and what was set aside.
    labels
        False leaves out the labelling.
    """
    gathered = Gathered()
    fill_from(gathered, records, sources, excluded, labelling_of(labels))
    return Trials(gathered.tables())


def load_example() -> Trials:
    """Return the trials that ship with trialkit, read from their records.

    They are real trials as facts (ids, dates, numbers, places, design) with every
    sentence rewritten; `data/examples` says where each fact comes from.

    Returns
    -------
    Trials
        Their tables.

    Examples
    --------
    >>> import trialkit as tk
    >>> len(tk.load_example()) >= 24
    True
    """
    return load(example_path())
