"""Feed one reader damaged files for some minutes: run by hand, not by pytest.

    PYTHONPATH=tests python tests/fuzz_readers.py json --minutes 10 --seed-file X

Every damaged file goes the way a user's file goes: encoding, shape, reader, contacts,
and now and then the tidy tables. What counts as found: an exception other than a
refusal with its reason, a reader that failed inside, a file that gives neither record
nor reason, or one that takes more than `SLOW` seconds of a processor.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.read.ctgov.test_csv import CLASSIC, NEW, table
from tests.read.ctgov.test_xml import AS_JSON, STUDY
from tests.read.ictrp.test_ictrp import TRIAL, as_csv, as_xml
from trialkit.errors import TrialDataError
from trialkit.read import Collected, read_document
from trialkit.read.document import Document
from trialkit.tidy.load import from_records

SLOW = 5.0
BATCH = 2000
PAGES = Path(__file__).parent / "data" / "pages"

SEEDS: dict[str, list[bytes]] = {
    "json": [
        json.dumps([AS_JSON, AS_JSON]).encode(),
        json.dumps({"studies": [AS_JSON], "nextPageToken": "x"}, indent=1).encode(),
        (json.dumps(AS_JSON) + "\n").encode() * 2,
    ],
    "csv": [table(NEW, NEW), table(CLASSIC, CLASSIC)],
    "xml": [STUDY.encode(), f"<all>{STUDY}{STUDY}</all>".encode()],
    "ictrp-csv": [as_csv(TRIAL, TRIAL)],
    "ictrp-xml": [as_xml(TRIAL, TRIAL)],
    "pages": [path.read_bytes() for path in sorted(PAGES.iterdir())],
}
#: Pieces that mean something to one reader or another.
TOKENS = [
    *(b'"', b"'", b",", b";", b"|", b"\t", b"\n", b"\r\n", b"\r", b"\0", b"\\", b"\\u"),
    *(b"{", b"}", b"[", b"]", b":", b"null", b"true", b"NaN", b"-Infinity", b"1e999"),
    *(b"99999999", b"9" * 400, b"-1", b"0", b'["x"]', b'{"a":[{}]}', b'""', b"[" * 300),
    *(b"<", b">", b"</", b"<br>", b"<![CDATA[", b"]]>", b"<!--", b"&lt;", b"&#0;"),
    *(b"&bogus;", b"<!DOCTYPE a [", b"<?xml encoding='utf-16'?>", b"<a>" * 300),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xe4", b"\xb9\xc8", b"\xed\xa0\x80", b"\x1a"),
    *(b"NCT01234567", b"ChiCTR2000029953", b"EUCTR2005-003674-14-IT", b"NCT ID"),
    *(b"Phase 1|Phase 2", b"NA", b"N/A", b"2020-13-45", b"31/02/2020", b"February 30"),
    *(b"group :15;group :15;", b"a@b.org", b"+49 30 1234567", b"=cmd|' /C calc'!A0"),
]
ENCODINGS = [*["utf-8"] * 8, "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "gb18030"]
edits = st.tuples(
    st.sampled_from(["cut", "insert", "replace", "repeat", "move"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 12) | st.integers(0, 400),
    st.sampled_from(TOKENS) | st.binary(max_size=6),
)


def damaged(data: bytes, todo: list[tuple[str, float, int, bytes]]) -> bytes:
    """Return `data` after each edit: (what, where, how many bytes, which bytes)."""
    for what, where, size, piece in todo:
        at = int(where * len(data))
        before, span, after = data[:at], data[at : at + size], data[at + size :]
        match what:
            case "cut":
                data = before + after
            case "insert":
                data = before + piece + span + after
            case "replace":
                data = before + piece + after
            case "repeat":
                data = before + span * 3 + after
            case "move":
                data = after + span + before
    return data


def check(data: bytes, tally: Counter[str], *, whole: bool) -> None:
    """Read `data` as a file and assert that all of it is accounted for."""
    began = time.process_time()
    collected = Collected([], [], [])
    try:
        document = Document("fuzz", "S1", "0" * 64, lambda: io.BytesIO(data))
    except TrialDataError:
        tally["refused"] += 1
        return
    for chunk in read_document(document):
        collected.records.extend(chunk.records)
        collected.sources.extend(chunk.sources)
        collected.excluded.extend(chunk.excluded)
    reasons = [item.reason for item in collected.excluded]
    assert collected.records or reasons or collected.sources
    assert not any(" failed: " in reason for reason in reasons), reasons
    assert not any("cannot be read: " in reason for reason in reasons), reasons
    assert all(reasons)
    assert all(record.trial_id for record in collected.records)
    if whole and collected.records:
        from_records(*collected, labels=False)
        tally["tables"] += 1
    tally["records" if collected.records else "set aside"] += 1
    assert time.process_time() - began < SLOW, "too slow"


def fuzz(seeds: list[bytes], minutes: float) -> Counter[str]:
    """Return how many damaged files were read, set aside and refused."""
    tally: Counter[str] = Counter()
    end = time.monotonic() + 60 * minutes
    batch = 0
    while time.monotonic() < end:
        batch += 1

        @seed(batch)
        @settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(
            st.sampled_from(seeds),
            st.lists(edits, min_size=1, max_size=5),
            st.sampled_from(ENCODINGS),
            st.integers(0, 30),
        )
        def one(data, todo, encoding, dice):
            tally["files"] += 1
            if encoding != "utf-8":
                data = data.decode("utf-8", "replace").encode(encoding, "replace")
            check(damaged(data, todo), tally, whole=not dice)

        one()
    return tally


def main() -> None:
    """Fuzz one reader and print what became of the files."""
    parser = argparse.ArgumentParser(description="Feed one reader damaged files.")
    parser.add_argument("reader", choices=SEEDS)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed-file", type=Path, action="append", default=[])
    options = parser.parse_args()
    seeds = SEEDS[options.reader] + [path.read_bytes() for path in options.seed_file]
    print(options.reader, dict(fuzz(seeds, options.minutes)), flush=True)


if __name__ == "__main__":
    main()
