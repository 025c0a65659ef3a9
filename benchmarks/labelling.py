"""Time the labelling of records against bare `orjson.loads` over their bytes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec
import orjson

from benchmarks.corpus import write_corpus
from benchmarks.measure import Comparison
from trialkit.label.engine import label_records
from trialkit.read import read
from trialkit.record import Record

_STUDIES, _ROUNDS = 2000, 3


def label_time(studies: Path | None) -> Comparison:
    """Time the labels of 2,000 studies; the example records are all cell trials."""
    return _compare("labels of {} studies", studies, are_wanted=lambda _: True)


def other_label_time(studies: Path | None) -> Comparison:
    """Time the labels of those of 2,000 studies that are no trials of cells."""
    return _compare(
        "labels of {} studies without cells",
        studies,
        are_wanted=lambda record: not label_records([record]).is_cell_trial,
    )


def _compare(
    name: str, studies: Path | None, are_wanted: Callable[[Record], bool]
) -> Comparison:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.json"
        write_corpus(path, _STUDIES, studies)
        records = [r for r in read([path]).records if are_wanted(r)]
        ids = {record.trial_id for record in records}
        raw = msgspec.json.decode(path.read_bytes(), type=list[msgspec.Raw])
    kept = [bytes(study) for study in raw if _id(bytes(study)) in ids]
    blob = b"[" + b",".join(kept) + b"]"
    label_records(records[:1])  # compile outside the clock
    rows = [
        (
            _seconds(lambda: [label_records([record]) for record in records]),
            _seconds(lambda: orjson.loads(blob)),
        )
        for _ in range(_ROUNDS)
    ]
    ratios = [label / load for label, load in rows]
    return Comparison(
        name=f"{name.format(len(records))} / orjson.loads of their bytes",
        ratio=median(ratios),
        low=min(ratios),
        high=max(ratios),
        seconds=median(label for label, _ in rows),
        baseline_seconds=median(load for _, load in rows),
        peak_mib=float("nan"),
        target=0.5,
    )


def _id(study: bytes) -> str:
    return orjson.loads(study)["protocolSection"]["identificationModule"]["nctId"]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
