"""Make `Trials` of files, of a store, or of records in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import warn

from trialkit.errors import TrialDataError, TrialDataWarning
from trialkit.files import Paths, listed
from trialkit.merge.history import only_old_versions
from trialkit.read.downloads import continued
from trialkit.read.paging import unfinished
from trialkit.record import Excluded, Record, Source
from trialkit.tidy.arrow import arrow_of, certain
from trialkit.tidy.csv import is_csv_folder
from trialkit.tidy.inventory import Origin, is_store
from trialkit.tidy.scale import connected
from trialkit.tidy.select.filters import asked
from trialkit.tidy.settle import Filled
from trialkit.tidy.store import stored_tables
from trialkit.tidy.stream import Gathered, Rows, fill, labelling_of
from trialkit.tidy.trials import Trials
from trialkit.tidy.workers import WorkerPool
from trialkit.version import rules_version
from trialkit.workspace import example_path

if TYPE_CHECKING:
    from trialkit.tidy.scale import Client


def load(
    paths: Paths,
    *,
    labels: bool = True,
    vocabularies: Paths = (),
    overrides: Paths = (),
    workers: int | None = None,
    client: Client | None = None,
) -> Trials:
    """Read trial records of any mix of shapes into tidy tables.

    Each file's shape is recognised from its content. What cannot be read is set aside
    in `excluded` with its reason; records of one trial from several sources become one
    row, by authority (registry, export, mirror, lay page), then date.

    Parameters
    ----------
    paths
        A file, folder, zip or glob, or several of them, stores among them. The labels
        of a store alone are taken where they are by the rules of this trialkit.
    labels
        False leaves out the labelling of routes, cells and donors.
    vocabularies
        CSV files of your own, named after their axis: more phrases, or a new axis.
    overrides
        CSV files of corrections that people decided; they are applied last.
    workers
        How many processes to use for many records; None is one per processor.
    client
        A `distributed.Client`, whose workers read and label in their place; they find
        the files under the same paths. It needs `trialkit[scale]`.

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

    Warns
    -----
    TrialDataWarning
        If pages of a download are missing (how many studies were read, and of how
        many), or only old versions of a trial's record were read.
    """
    files = {"vocabularies": vocabularies, "overrides": overrides}
    given = {"workers": workers, "client": client, **files}
    data, filled = load_filled(paths, labels=labels, **given)
    for warning in filled.warnings:
        warn(warning, TrialDataWarning, stacklevel=2)
    return data


def load_filled(
    paths: Paths,
    *,
    labels: bool = True,
    vocabularies: Paths = (),
    overrides: Paths = (),
    workers: int | None = None,
    client: Client | None = None,
    overflow: Path | None = None,
) -> tuple[Trials, Filled]:
    """Return what `load` does, and what there is to tell of the reading.

    Tables that memory should not hold go into a new store in the folder `overflow`, if
    one is given, and are read from there when they are asked for.
    """
    stored = _stored(paths, with_labels=labels, is_own=bool(vocabularies or overrides))
    if isinstance(stored, tuple):
        return stored
    labelling = labelling_of(labels, vocabularies, overrides)
    with Gathered(overflow) as gathered:
        if client is None:
            filled = fill(gathered, paths, labelling, workers=workers)
        else:
            from trialkit.tidy.parted import fill_by  # which needs all readers

            with connected(client) as cluster:
                filled = fill_by(cluster, gathered, paths, labelling)
    filled = filled._replace(warnings=(*filled.warnings, *stored))
    origin = Origin(rules_version() if labels else "", searches=filled.searches)
    return Trials(gathered.tables(), origin), filled


def _stored(
    paths: Paths, *, with_labels: bool, is_own: bool
) -> tuple[Trials, Filled] | list[str]:
    """Return the trials of a store, or of a folder of CSV, that is given alone.

    Where its labels have to be made again, of the words that it holds, a warning.
    """
    places = [Path(path) for path in listed(paths)]
    for place in places:
        if len(places) > 1 and is_csv_folder(place):
            told = "holds tables as CSV, which are read alone"
            raise TrialDataError(f"{place} {told}")
    if len(places) != 1 or not (is_store(places[0]) or is_csv_folder(places[0])):
        return []
    data = open_store(places[0])
    rules = data.origin.rules
    if not is_own and (not with_labels or rules == rules_version()):
        return _opened(data)
    if is_csv_folder(places[0]):
        told = "whose labels are not by the rules of this trialkit: give the records"
        raise TrialDataError(f"{places[0]} holds tables as CSV, {told}")
    if is_own or not rules:
        return []
    told = "labelled again, because its labels are by other rules than those of"
    keeps = "this trialkit; `trialkit tidy` keeps the new ones"
    return [f"the store {places[0]} was {told} {keeps}"]


def _opened(data: Trials) -> tuple[Trials, Filled]:
    """Return the trials of a store, and what there was to tell of their reading."""
    names = list(Source.__struct_fields__)
    rows = arrow_of(data.sources, "sources").select(names).to_pylist()
    sources = [Source(**row) for row in rows]
    left_out = arrow_of(data.excluded, "excluded").to_pylist()
    told = [warning for receipt in data.searches for warning in receipt.warnings]
    told += continued(data.searches)
    warnings = (
        *unfinished(sources, (row["source_id"] for row in left_out)),
        *_only_old(data),
        *told,
    )
    counts = len(data), len(sources)
    return data, Filled(*counts, left_out, {}, warnings, data.searches)


def _only_old(data: Trials) -> tuple[str, ...]:
    stored = data.unread("trials")
    if stored is not None and "is_old_version" not in stored.names:
        return ()  # an older trialkit wrote it, which took no versions
    is_old = certain(data.column("trials", "is_old_version"))
    ids = data.column("trials", "trial_id")
    return only_old_versions(ids.filter(is_old).to_pylist())


def open_store(path: str | os.PathLike[str]) -> Trials:
    """Return the trials of a store that `Trials.save` wrote, or of a folder of CSV.

    A column that a newer trialkit added comes back all missing; a store with a newer
    schema than this trialkit knows is refused. From CSV the phase "NA" comes back as a
    phase, and text that was guarded against spreadsheets as it was.

    Parameters
    ----------
    path
        The folder that `Trials.save` or `trialkit tidy` made.

    Returns
    -------
    Trials
        Equal to the one that was saved.

    Raises
    ------
    TrialDataError
        If `path` is not a store, is incomplete, or needs a newer trialkit.
    """
    return Trials(*stored_tables(path))


def check_filters(
    filters: Mapping[str, Any], *, vocabularies: Paths = (), synonyms: Paths = ()
) -> None:
    """Refuse filters on words that neither a vocabulary nor a code knows."""
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
    """Return the tables of records that are already in memory."""
    gathered, labelling = Gathered(), labelling_of(labels)
    rows = Rows(gathered, labelling, WorkerPool(1, labelling))
    rows.give(list(records), sources, is_last=True)
    rows.end(sources, excluded)
    return Trials(gathered.tables(), Origin(rules_version() if labels else ""))


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
