"""The reports of a catalogue: those that changed, several at a time, and an index."""

from __future__ import annotations

import json
import os
import queue
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialkit import brand
from trialkit.errors import TrialDataError
from trialkit.processes import Child
from trialkit.report.catalogue import Entry
from trialkit.report.manifest import identity, is_as_made, read_manifest
from trialkit.report.outputs import writable, write_together
from trialkit.report.worker import make_apart
from trialkit.tidy.scale import Cluster
from trialkit.version import code_hash

#: The page that leads to every report.
INDEX = "index.html"
#: What it leads to besides, where searches are watched.
NEWS = "changes.html"

_PATIENCE = 20


@dataclass(frozen=True)
class Outcome:
    """What became of a report: `made`, `unchanged`, or `failed` with a message."""

    name: str
    status: str
    message: str = ""

    def __str__(self) -> str:
        words = f"{self.status} {self.name}"
        return f"{words}: {self.message}" if self.message else words


def make_reports(
    entries: Sequence[Entry],
    *,
    out: str | os.PathLike[str],
    workers: int = 1,
    force: bool = False,
    tell: Callable[[Outcome], None] = lambda outcome: None,
    start: Callable[[], Worker] | None = None,
) -> list[Outcome]:
    """Make the reports of a catalogue; return their outcomes in its order.

    A report with the identity of its last run and with untouched files is not made
    again. One that fails keeps its last good files and does not stop the others.
    """
    outcomes: dict[str, Outcome] = {}

    def settle(outcome: Outcome) -> None:
        outcomes[outcome.name] = outcome
        tell(outcome)

    due: list[Entry] = []
    with writable(Path(out)) as folder:
        for entry in entries:
            # Also with `force`: a missing font or brand file is told before any run.
            if is_unchanged(entry, folder / entry.name) and not force:
                settle(Outcome(entry.name, "unchanged"))
            else:
                due.append(entry)
        started = [(start or Worker)() for _ in range(min(workers, len(due)))]
        _make_all(due, folder, started, settle)
    return [outcomes[entry.name] for entry in entries]


def is_unchanged(entry: Entry, folder: Path) -> bool:
    """Say whether a folder holds the report as it would be made now."""
    facts = read_manifest(folder)
    return facts.get("fingerprint") == identity(entry.plan)["fingerprint"] and all(
        is_as_made(folder / item["file"], item["sha256"]) for item in facts["outputs"]
    )


def write_index(
    folder: Path, entries: Sequence[Entry], outcomes: Iterable[Outcome]
) -> Path:
    """Write the page that lists a catalogue, in the brand of its first report."""
    from trialkit.report.render.index import index_row, write_page

    failed = {item.name: item.message for item in outcomes if item.status == "failed"}
    rows = []
    for entry in entries:
        facts = read_manifest(folder / entry.name)
        present = {item["file"] for item in facts.get("outputs", ())}
        stem, kinds = entry.plan.notebook.name, entry.plan.formats
        paths = {
            k: f"{entry.name}/{stem}.{k}" for k in kinds if f"{stem}.{k}" in present
        }
        failure = failed.get(entry.name, "")
        rows.append(index_row(entry.name, facts, paths, failure, entry.filters))
    with brand.follow(entries[0].plan.settings):
        page = write_page(rows, news=NEWS if (folder / NEWS).is_file() else "")
    write_together(folder, {INDEX: page.encode("utf-8")})
    return folder / INDEX


def _make_all(
    due: Sequence[Entry],
    folder: Path,
    workers: Sequence[Worker],
    settle: Callable[[Outcome], None],
) -> None:
    if not workers:
        return
    idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def make(entry: Entry) -> None:
        worker = idle.get()
        try:
            error = worker.make(entry, folder / entry.name)
            if not worker.is_over:
                settle(Outcome(entry.name, "failed" if error else "made", error))
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(len(workers))
    # Callbacks run last to first, each of them however often ^C is pressed.
    with ExitStack() as in_the_end:
        for worker in workers:
            in_the_end.callback(worker.close)
        in_the_end.callback(pool.shutdown)
        for worker in workers:
            in_the_end.callback(worker.end)
        in_the_end.callback(pool.shutdown, wait=False, cancel_futures=True)
        for job in [pool.submit(make, entry) for entry in due]:
            job.result()


class Worker:
    """A process that makes one report at a time, restarted after `most` of them."""

    # Typst keeps some forty megabytes of each report.
    def __init__(self, most: int = 8) -> None:
        self.most = most
        self.is_over = False
        self._start()

    def make(self, entry: Entry, out: Path) -> str:
        """Make a report; return the error message, empty on success."""
        if self.n_made == self.most and not self.is_over:
            self.child.end(_PATIENCE)
            self.close()
            self._start()
        self.n_made += 1
        answer = self.child.ask(json.dumps(_job(entry, out)).encode())
        if answer is not None:
            return json.loads(answer)
        status = self.child.process.wait()
        if not self.is_over:
            self.close()
            self._start()
        return f"its process ended with status {status}"

    def end(self) -> None:
        """End the process, and the kernel of the report it is making."""
        self.is_over = True
        self.child.end(_PATIENCE)

    def close(self) -> None:
        """Close the pipes to a process that has ended."""
        self.child.close()

    def _start(self) -> None:
        self.n_made = 0
        self.child = Child("trialkit.report.worker.serve", is_quiet=True)


class RemoteWorker(Worker):
    """Makes one report at a time on a cluster, whose workers find the same files."""

    def __init__(self, cluster: Cluster) -> None:
        self.is_over = False
        self._cluster = cluster

    def make(self, entry: Entry, out: Path) -> str:
        """Make a report; return the error message, empty on success."""
        here = {"folder": str(Path.cwd()), "code": code_hash()}
        job = json.dumps({**_job(entry, out.absolute()), **here}).encode()
        try:
            found = list(self._cluster.each(make_apart, [(job,)], [entry.name]))
        except TrialDataError as error:
            return str(error)
        return json.loads(found[0][1])

    def end(self) -> None:
        """Take no more reports."""
        self.is_over = True

    def close(self) -> None:
        """Leave the cluster to its owner."""


def _job(entry: Entry, out: Path) -> dict[str, Any]:
    plan = entry.plan
    return {
        "name": plan.asked,
        "out": str(out),
        "formats": plan.formats,
        "engine": plan.engine.name,
        "parameters": dict(plan.values),
        "neighbors": plan.neighbors,
    }
