"""Studies of real size in any number: real ones resampled, ids and words varied.

    python -m benchmarks.corpus 5000 corpus.json --studies one_per_study.zip

Speed depends on the studies, so figures should rest on a sample of real ones; without
`--studies` the example records that ship with trialkit are used, which are smaller.
"""

from __future__ import annotations

import argparse
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from trialkit.workspace import example_path

#: Larger studies, of which there are few, are left out: they would rule the mean.
MAX_BYTES = 200_000
_SEED = 1
_VARIED = (
    ("identificationModule", "briefTitle"),
    ("descriptionModule", "briefSummary"),
    ("eligibilityModule", "eligibilityCriteria"),
)


def write_corpus(path: Path, n: int, studies: Path | None = None) -> None:
    """Write `n` studies into a JSON array, as the website's download has them."""
    pool = [data for data in _documents(studies) if len(data) < MAX_BYTES]
    decoded = [msgspec.json.decode(data) for data in pool]
    rng = random.Random(_SEED)
    with path.open("wb") as file:
        for number in range(n):
            study = decoded[rng.randrange(len(decoded))]
            file.write(b"," if number else b"[")
            file.write(msgspec.json.encode(_varied(study, number, rng)))
        file.write(b"]")


def _documents(studies: Path | None) -> Iterator[bytes]:
    if studies is None:
        folder = Path(str(example_path()))
        yield from (path.read_bytes() for path in sorted(folder.rglob("*.json")))
        return
    with zipfile.ZipFile(studies) as archive:
        yield from (archive.read(name) for name in sorted(archive.namelist()))


def _varied(study: dict[str, Any], number: int, rng: random.Random) -> dict[str, Any]:
    """Return the study under an id of its own, with two words of its texts swapped."""
    section = study["protocolSection"]
    section["identificationModule"]["nctId"] = f"NCT{10_000_000 + number}"
    for module, field in _VARIED:
        words = section.get(module, {}).get(field, "").split(" ")
        if len(words) > 3:
            at = rng.randrange(len(words) - 1)
            words[at], words[at + 1] = words[at + 1], words[at]
            section[module][field] = " ".join(words)
    return study


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--studies", type=Path, help="zip of one JSON file per study")
    given = parser.parse_args()
    write_corpus(given.path, given.n, given.studies)
