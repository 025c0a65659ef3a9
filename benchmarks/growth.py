"""Whether time grows as the length of a text does, for every field of every reader.

    python -m benchmarks.growth --shapes json mirror

A text of one repeated piece stands in one field; it is read, labelled and tidied at one
length and at twice that, by the clock of the process. Twice the time is linear.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import trialkit as tk
from benchmarks.hostile import ID, PIECES, Shape, phrases, repeated, shapes
from benchmarks.measure import Comparison

#: The most that twice the text may cost, and that a million characters may.
RATIO, SECONDS = 2.3, 5.0
_MILLION = 1_000_000
#: Lengths: the first, and the one up to which a text that costs little is doubled.
_FIRST, _LAST = 8_000, 512_000
#: Seconds that can be compared, and those that are little even if they grow fourfold.
_TOLD, _LITTLE = 0.04, 0.005
_LITTLE_AT = 64_000
#: Seconds after which a first try, and any other, is given up.
_SHORT, _HANG = 2, 30

#: Runs of everything that takes a file, for a text.
Work = Callable[[str], object]


class Growth(NamedTuple):
    """Seconds for a text of `size`, those for half of it, and what they came from."""

    shape: str
    field: str
    piece: str
    size: int
    seconds: float
    half: float
    million: float

    @property
    def ratio(self) -> float:
        """How many times the cost of half the text the whole costs."""
        return self.seconds / max(self.half, 1e-3)

    @property
    def is_slow(self) -> bool:
        """Whether it grows faster than the text, or takes too long."""
        grows = self.seconds >= _TOLD and self.ratio > RATIO
        return grows or self.million > SECONDS


class _Hang(Exception):
    """It took too long to wait for."""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _Hang

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def clocked(work: Work, text: str, *, runs: int = 1, limit: float = _HANG) -> float:
    """Return the least seconds of the process that some runs take.

    Each run gets a text of its own, so that nothing is remembered from the last.
    """
    best = float("inf")
    for run in range(runs):
        given = f"{text} {time.perf_counter_ns() + run}"
        gc.collect()
        start = time.process_time()
        with _limited(limit), suppress(tk.TrialkitError):
            work(given)
        best = min(best, time.process_time() - start)
    return best


def grown(work: Work, piece: str, *, idle: float = 0.0) -> Growth:
    """Return how the time of some work grows with a text that repeats a piece.

    Parameters
    ----------
    work
        What is done with a text.
    piece
        What the text repeats.
    idle
        Seconds that a short text takes.
    """
    with suppress(_Hang):
        text = repeated(piece, _LITTLE_AT)
        seconds = clocked(work, text, limit=_SHORT) - idle
        if seconds < _LITTLE:
            return Growth("", "", piece, _LITTLE_AT, seconds, 0.0, 0.0)
    size, half = _FIRST, 0.0
    try:
        seconds = clocked(work, repeated(piece, size)) - idle
        while size < _LAST and seconds < _TOLD:
            size, half = size * 2, seconds
            seconds = clocked(work, repeated(piece, size)) - idle
        if not half or seconds / max(half, 1e-3) > RATIO:
            half = clocked(work, repeated(piece, size // 2), runs=3) - idle
            seconds = clocked(work, repeated(piece, size), runs=3) - idle
        million = seconds / size * _MILLION
        if million > SECONDS / 2 and seconds / max(half, 1e-3) <= RATIO:
            million = clocked(work, repeated(piece, _MILLION)) - idle
    except _Hang:
        return Growth("", "", piece, size, float("inf"), half, float("inf"))
    return Growth("", "", piece, size, seconds, half, million)


def _loaded(shape: Shape, field: Any, folder: Path) -> Work:
    path = folder / f"trial{shape.suffix}"

    def work(text: str) -> object:
        path.write_bytes(shape.made(field, text))
        return tk.load(path)

    return work


def _used(shape: Shape, field: Any, folder: Path) -> Work:
    """Return the work of those who read: tables, searches, a card and its evidence."""
    load = _loaded(shape, field, folder)

    def work(text: str) -> None:
        data: Any = load(text)
        dict(data.tables())
        data.select("liver OR NOT cell")
        data.select(condition="liver", country="China", route="IV")
        tk.card(data, ID)._repr_html_()
        tk.card(data, ID)._repr_markdown_()
        tk.similar(data, ID)
        tk.undecided(data)
        tk.show_trial(data, ID)
        for table in tk.table.TABLES.values():
            table(data, as_of="2026-01-01")._repr_markdown_()

    return work


def measured(
    names: Sequence[str], pieces: Sequence[str], *, used: bool = False
) -> Iterator[Growth]:
    """Yield the growth of each field of some shapes with each piece."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            shape = shapes()[name]
            for field in shape.fields:
                work = (_used if used else _loaded)(shape, field, Path(folder))
                idle = clocked(work, "word", runs=3)
                gc.freeze()
                for piece in pieces:
                    made = grown(work, piece, idle=idle)
                    yield made._replace(shape=name, field=str(field))


def growth(names: Sequence[str] = ()) -> Comparison:
    """Measure every field with every piece; print what is slow as it is met."""
    start = time.process_time()
    rows = [_told(row) for row in measured(names or tuple(shapes()), PIECES)]
    return summary(rows, time.process_time() - start)


def summary(rows: Sequence[Growth], seconds: float) -> Comparison:
    """Return the greatest growth as a row of the table of benchmarks."""
    told = [row.ratio for row in rows if row.seconds >= _TOLD] or [float("nan")]
    return Comparison(
        name=f"twice the text / once, {len(rows):,} fields with a hostile text",
        ratio=max(told),
        low=min(told),
        high=max(told),
        seconds=max(row.million for row in rows),
        baseline_seconds=seconds,
        peak_mib=float("nan"),
        target=RATIO,
    )


def _told(row: Growth) -> Growth:
    if row.is_slow:
        print(
            f"{row.shape} {row.field} {row.piece!r}: {row.ratio:.1f} times at "
            f"{row.size:,} characters ({row.seconds:.2f} s); "
            f"a million {row.million:.1f} s",
            flush=True,
        )
    return row


def main(arguments: Sequence[str]) -> None:
    """Measure the shapes and fields that were named."""
    parser = argparse.ArgumentParser(prog="benchmarks.growth", description=__doc__)
    parser.add_argument("--shapes", nargs="+", choices=list(shapes()), default=[])
    parser.add_argument("--phrases", action="store_true", help="of the vocabularies")
    parser.add_argument("--used", action="store_true", help="tables, searches, cards")
    given = parser.parse_args(arguments)
    pieces = phrases() if given.phrases else PIECES
    start = time.process_time()
    names = given.shapes or tuple(shapes())
    rows = [_told(row) for row in measured(names, pieces, used=given.used)]
    print(summary(rows, time.process_time() - start))


if __name__ == "__main__":
    main(sys.argv[1:])
