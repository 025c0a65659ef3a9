"""The tidy tables of a set of trials: load, select, save, open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit.codebook import conform, table_names
from trialkit.errors import TrialDataError
from trialkit.files import PathLike, Paths
from trialkit.merge.registrations import COUNTED
from trialkit.record import Excluded, Record, Source
from trialkit.tidy.arrow import frame_of
from trialkit.tidy.select.filters import FILTERS, asked
from trialkit.tidy.select.search import matcher
from trialkit.tidy.select.selection import Step, after
from trialkit.tidy.select.text_filters import TEXT_FILTERS
from trialkit.tidy.stream import Gathered, fill, fill_from, labelling_of
from trialkit.workspace import example_path

if TYPE_CHECKING:
    import pyarrow as pa

    Made = pd.DataFrame | pa.Table
    #: A table, or what makes or reads it when it is first asked for.
    Table = Made | Callable[[], Made]
    #: One text or several.
    Texts = str | Iterable[str]


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
        query: str | Sequence[str] | None = None,
        *,
        condition: str | Sequence[str] | None = None,
        sponsor: str | Sequence[str] | None = None,
        intervention: str | Sequence[str] | None = None,
        city: str | Sequence[str] | None = None,
        phase: Texts | None = None,
        status: Texts | None = None,
        study_type: Texts | None = None,
        start: Texts | None = None,
        completion: Texts | None = None,
        enrollment: int | Texts | None = None,
        has_results: bool | str | None = None,
        country: Texts | None = None,
        route: Texts | None = None,
        cell_type: Texts | None = None,
        cell_source: Texts | None = None,
        donor: Texts | None = None,
        labels: Mapping[str, Texts] | Texts | None = None,
        cell_trials: bool | None = None,
        ids: Texts | None = None,
        synonyms: Paths = (),
    ) -> Trials:
        """Return the trials that pass every filter given, with all their rows.

        A trial that does not state a filtered field cannot pass, but is never lost
        unseen: the new table `selection` counts per filter what was removed for another
        value and what for a missing one, and every removed trial stands in `excluded`.
        Of several values of a filter one is enough.

        Parameters
        ----------
        query
            A search: words, "phrases", `cirrh*`, AND, OR, NOT and brackets, over
            conditions, MeSH terms, titles, keywords, interventions, arms, summary and
            description. Of several searches one is enough.
        condition
            The same over conditions, their MeSH terms and groups, and titles.
        sponsor, intervention, city
            The same over the names of sponsors, of what is given, of the sites' cities.
        phase, status, study_type
            Codes, or words that reports print: `PHASE1`, "Phase 1", "Not stated". A
            phase is exact; "any phase 1" takes all that name phase 1.
        start, completion
            A comparison of dates: `>=2015`, `<=2019-06`, `2015..2020`, `2015`. Where a
            record states a month or year, all its days must pass.
        enrollment
            A comparison of numbers: `>=50`, `10..50`.
        has_results
            Whether results are posted, True or False.
        country
            A country among those of the trial's sites.
        route, cell_type, cell_source, donor
            An id, a word that reports print for it, or a synonym of the vocabulary. An
            id takes those below it: `IV` also takes `IV.peripheral`.
        labels
            Values by axis of labels, such as one of your own vocabularies:
            `{"device": "MARS"}`, or texts such as `device=MARS`.
        cell_trials
            True keeps trials that give living cells, False the others.
        ids
            Registry ids in any spelling: `nct01234567`, `ISRCTN 12345678`.
        synonyms
            CSV files of your own, columns `term` and `synonym`; see `synonyms`.

        Returns
        -------
        Trials
            A new set with the same tables. The column `why_included` of `trials` says
            which words were found where.

        Raises
        ------
        ParameterError
            If a filter is empty, or no word of its field; the nearest are named. If a
            search cannot be read; the place is marked.
        TrialDataError
            If a file of synonyms is wrong.

        Examples
        --------
        >>> import trialkit as tk
        >>> data = tk.load_example().select(phase="Phase 1/2", start=">=2015")
        >>> set(data.trials.phase)
        {'PHASE1/PHASE2'}
        """
        given = locals()
        chosen = self
        for name, choose in FILTERS.items():
            wanted = given[name]
            if wanted is None:
                continue
            if name in TEXT_FILTERS:
                wanted = matcher(wanted, name=name, synonyms=synonyms)
            chosen = Trials(after(choose(chosen, wanted), chosen))
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
                    chosen = Trials(after(Step(name, mask), chosen))
            self._counted = chosen._counted = chosen
        return self._counted

    def save(self, path: PathLike) -> Path:
        """Write all tables into the folder `path`, whole or not at all; return it.

        See Also
        --------
        trialkit.open : read it again.
        """
        from trialkit.tidy.store import save

        return save(self, path)


def _frame(table: Table | None, name: str) -> pd.DataFrame:
    if table is None:
        return conform({}, name)
    made = table() if callable(table) else table
    return made if isinstance(made, pd.DataFrame) else frame_of(made, name)


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


def check_filters(
    filters: Mapping[str, Any], *, vocabularies: Paths = (), synonyms: Paths = ()
) -> None:
    """Check filters before any trial is read.

    What only a record writes, and neither a vocabulary nor a code knows, is refused.

    Parameters
    ----------
    filters
        Values by the name of the filter, as `Trials.select` takes them; what is empty
        is not asked for.
    vocabularies, synonyms
        A user's own CSV files; see `load` and `Trials.select`.

    Raises
    ------
    ParameterError
        If no trial can pass one of them.
    TrialDataError
        If a vocabulary or a file of synonyms cannot be read.
    """
    labelling = labelling_of(True, vocabularies, ())
    terms = labelling.end(()) if labelling else {}
    Trials(terms).select(**asked(filters), synonyms=synonyms)


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
