"""What only all batches together can settle: links, sources, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from trialkit.merge.history import only_old_versions
from trialkit.merge.registrations import Links, OtherId, Trial, find_links
from trialkit.read.paging import unfinished
from trialkit.read.receipt import Receipt
from trialkit.record import Excluded, Source
from trialkit.tidy.arrow import replaced
from trialkit.tidy.restored import NOTHING, Aside
from trialkit.tidy.tables import Pointers, excluded_table, sources_table

if TYPE_CHECKING:
    import pyarrow as pa

    from trialkit.tidy.batch import Built
    from trialkit.tidy.labelled import Labelling


class Sink(Protocol):
    """What takes the rows of tables, and changes those that it has."""

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Keep more rows of some tables."""
        ...

    def revise(self, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
        """Change the rows of a table, part by part."""
        ...

    def clear(self) -> None:
        """Forget all rows."""
        ...


class Filled(NamedTuple):
    """How much was read, and what was not.

    `excluded` holds the rows of that table, `dropped` counts by field and reason the
    trials of which it stays missing, `warnings` tell of missing pages and of trials of
    which only old versions were read, and `searches` are the receipts of what was
    downloaded. Of a store that records were added to, `n_updated` is the number of its
    trials that were made again.
    """

    n_trials: int
    n_sources: int
    excluded: list[dict[str, str | None]]
    dropped: Mapping[tuple[str, str], int]
    warnings: tuple[str, ...] = ()
    searches: tuple[Receipt, ...] = ()
    n_added: int = 0
    n_updated: int | None = None


class Facts:
    """What batches leave to settle; `stated` holds the fields that a source fills."""

    def __init__(self) -> None:
        self.stated: dict[str, set[str]] = {}
        #: The same numbers, of sources that a store knows better than its records.
        self.known: dict[str, int] = {}
        #: In the order of their rows, as are the other ids.
        self.trials: list[Trial] = []
        self.others: list[OtherId] = []
        self.dropped: Counter[tuple[str, str]] = Counter()
        #: Trials of which only old versions were read.
        self.old: list[str] = []
        #: Lists of versions without a record.
        self.aside: list[Excluded] = []

    def add(self, batch: Built) -> None:
        """Note a batch whose rows are handed on."""
        for source_id, fields in batch.stated.items():
            self.stated.setdefault(source_id, set()).update(fields)
        self.trials += batch.trials
        self.others += batch.others
        self.dropped.update(batch.dropped)
        self.old += batch.old
        self.aside += batch.aside


def settle(
    sink: Sink,
    facts: Facts,
    labelling: Labelling | None,
    sources: Sequence[Source],
    excluded: Sequence[Excluded],
    before: Aside = NOTHING,
    *,
    link: Callable[[Links], None] | None = None,
) -> Filled:
    """Hand on the rows that need all batches; `link` writes the links elsewhere."""
    aside = excluded_table([*excluded, *facts.aside], sources)
    ids = {trial.trial_id for trial in facts.trials}
    shared = labelling.end(ids) if labelling else {}
    counts = {key: len(fields) for key, fields in facts.stated.items()} | facts.known
    shared["sources"] = sources_table(sources, counts)
    sink.add({**shared, "excluded": aside})
    links = find_links(facts.trials, facts.others)
    if link:
        link(links)
    else:
        _link(sink, links)
    every = (*before.sources, *sources)
    left_out = (item.source_id for item in (*before.excluded, *excluded))
    missing = unfinished(every, left_out)
    sizes = len(facts.trials), len(every)
    warnings = (*missing, *only_old_versions(facts.old))
    return Filled(*sizes, aside.to_pylist(), facts.dropped, warnings)


def _link(sink: Sink, links: Links) -> None:
    """Fill in which registrations are of one trial, which needs all trials."""
    if links.counted_as:
        change = partial(replaced, table="trials", by="trial_id", **columns_of(links))
        sink.revise("trials", change)
    if links.named:
        sink.revise("identifiers", Pointers(links.named))


def columns_of(links: Links) -> dict[str, dict[str, str]]:
    """Return what links change in the table `trials`: columns by trial id."""
    names = ("counted_as", "registered_also_as", "countries")
    return {name: getattr(links, name) for name in names}
