"""`Trials`: the tidy tables of a set of trials, to look at, select from and save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from trialkit.errors import TrialDataError
from trialkit.escape import NO_MATH, html_text
from trialkit.files import PathLike, Paths
from trialkit.merge.registrations import COUNTED, COUNTED_BY
from trialkit.plural import counted
from trialkit.read.receipt import Receipt
from trialkit.tidy.container import Table, Tables
from trialkit.tidy.inventory import UNKNOWN, Origin, searches_of
from trialkit.tidy.select.filters import FILTERS, step
from trialkit.tidy.select.ids import id_finder
from trialkit.tidy.select.selection import Step, after
from trialkit.tidy.sql import ask
from trialkit.tidy.store import save, stored_tables

if TYPE_CHECKING:
    import pandas as pd

#: One text or several.
Texts = str | Iterable[str]

#: Columns and rows of `trials` that a notebook shows of a set.
_COLUMNS = (
    *("trial_id", "display_title", "phase", "overall_status", "enrollment"),
    *("routes", "cell_types", "cell_sources"),
)
_N_ROWS = 5
#: Whose numbers a set tells of itself.
_COUNTED = ("trial", "arm", "label", "source")


class Trials(Tables):
    """The tables of a set of trials, each a plain DataFrame.

    Every table of the codebook is an attribute: `data.trials` has one row per trial,
    `data.arms`, `data.labels` and the others have several. A `Trials` is never changed;
    `select` returns a new one. A table becomes a DataFrame when it is first asked for.

    Parameters
    ----------
    tables
        Tables by name: frames, Arrow tables, or functions that return one of them. A
        table that is not given is empty.
    origin
        The rules of the labels, and the store, where known.

    Examples
    --------
    >>> import trialkit as tk
    >>> data = tk.load_example()
    >>> data.trials.loc[data.trials.trial_id == "NCT07312864", "routes"].item()
    'EC.bal'
    >>> "nct 07312864" in data
    True
    """

    def __init__(self, tables: Mapping[str, Table], origin: Origin = UNKNOWN) -> None:
        super().__init__(tables, origin)
        self._counted: Trials | None = None

    def __contains__(self, trial_id: object) -> bool:
        """Return whether an id, in any spelling that `ids=` takes, names a trial."""
        return isinstance(trial_id, str) and bool(self._find(trial_id))

    @cached_property
    def searches(self) -> tuple[Receipt, ...]:
        """The receipts of the downloads that the trials come from."""
        return searches_of(self.origin)

    @property
    def search(self) -> Receipt | None:
        """The receipt of the one download that the trials come from, or None."""
        return self.searches[0] if len(self.searches) == 1 else None

    @cached_property
    def _find(self) -> Callable[[str], list[str]]:
        return id_finder(self)

    def __repr__(self) -> str:
        sizes = ((name, self.n_rows(f"{name}s")) for name in _COUNTED)
        told = ", ".join(counted(n, name) for name, n in sizes)
        return f"Trials: {told}, {self.n_rows('excluded'):,} set aside"

    def _repr_html_(self) -> str:
        import pandas as pd

        rows = self.columns("trials", _COLUMNS).head(_N_ROWS).astype(object)
        escaped = rows.map(lambda value: "" if pd.isna(value) else html_text(value))
        n_more = len(self) - len(rows)
        more = f"<p>and {counted(n_more, 'more trial')}</p>" if n_more else ""
        table = escaped.to_html(escape=False, index=False, classes=NO_MATH)
        return f"<p>{self!r}</p>{table}{more}"

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
        for name in FILTERS:
            wanted = given[name]
            if wanted is not None:
                tables = after(step(chosen, name, wanted, synonyms), chosen)
                chosen = Trials(tables, self.origin)
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
                mask = is_counted(chosen.columns("trials", COUNTED_BY))
                if not mask.all():
                    one = Step(name, pa.array(mask))
                    chosen = Trials(after(one, chosen), self.origin)
            self._counted = chosen._counted = chosen
        return self._counted

    def sql(self, query: str) -> pd.DataFrame:
        """Return the answer to a query in SQL over the tables, by their names.

        It reads only: the tables stay as they are, and neither files nor the network
        can be reached. Of a store only what the query needs is read. Rows have an order
        where the query has ORDER BY; categories are text, which sorts by alphabet.

        Parameters
        ----------
        query
            One SELECT in the SQL of DuckDB. The data dictionary lists the tables.

        Returns
        -------
        pandas.DataFrame
            Its dtypes follow from the query alone: string, Int64, Float64, boolean and
            datetime64 in seconds, whatever the rows hold.

        Raises
        ------
        ParameterError
            If it is not one SELECT, or cannot be answered; the error says why.

        Examples
        --------
        >>> import trialkit as tk
        >>> data = tk.load_example()
        >>> data.sql("select count(*) as n from trials where has_results")["n"].dtype
        Int64Dtype()
        """
        return ask(self, query)

    def append(
        self,
        paths: Paths,
        *,
        vocabularies: Paths = (),
        overrides: Paths = (),
        workers: int | None = None,
    ) -> Trials:
        """Add records to the store that these trials come from; return it as it is now.

        A trial that the store has is updated: its newest record wins, by the rules by
        which several files are merged, and what earlier ones said stays in
        `statements`. Others are new in it. If anything fails the store stays as it was.

        Parameters
        ----------
        paths
            The new records, as `load` takes them.
        vocabularies, overrides
            As for `load`: the same vocabularies that the store was labelled with, and
            the corrections that people decided.
        workers
            How many processes to use for many records; None is one per processor.

        Returns
        -------
        Trials
            All trials of the store.

        Raises
        ------
        TrialDataError
            If these trials are not those of a store, it has other columns, rules or
            vocabularies, another process is writing to it, or `paths` hold no record.

        Examples
        --------
        >>> import tempfile
        >>> import trialkit as tk
        >>> data = tk.load_example()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     store = tk.open(data.select(phase="Phase 1").save(f"{folder}/store"))
        ...     store.append(tk.example_path())
        Traceback (most recent call last):
            ...
        trialkit.errors.TrialDataError: ... holds a selection: add to the store that it
        was taken from
        """
        from trialkit.tidy.append import append

        if not self.origin.store:
            told = "these trials are not those of a store: save them, and tk.open it"
            raise TrialDataError(told)
        labels, own = bool(self.origin.rules), (vocabularies, overrides)
        given = dict(zip(("vocabularies", "overrides"), own, strict=True))
        append(paths, self.origin.store, labels=labels, workers=workers, **given)
        return Trials(*stored_tables(self.origin.store))

    def save(self, path: PathLike) -> Path:
        """Write all tables into the folder `path`, whole or not at all; return it.

        See Also
        --------
        trialkit.open : read it again.
        """
        return save(self, path)
