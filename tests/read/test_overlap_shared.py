"""One real trial in files of several shapes says the same wherever they carry it."""

from __future__ import annotations

from collections import Counter

import pytest

from trialkit import read as sources
from trialkit.merge import DETAILS, LISTS, SCALARS
from trialkit.merge.agreement import agree, as_text
from trialkit.merge.part_lists import lists_agree
from trialkit.record import Record

pytestmark = pytest.mark.slow


def agrees(one, other, field: str) -> bool:
    if isinstance(one, tuple):
        return lists_agree(one, other)
    return agree(one, other, field)


FIELDS = (*SCALARS, *LISTS, *DETAILS, "conditions")
#: The JSON is of another day: classes of sponsors changed, and it has the day of
#: submission where the CSV has the day of posting.
CHANGED = {"sponsors"}
POSTED = {"first_posted_date", "last_updated_date"}


def by_trial(path) -> dict[str, Record]:
    return {record.trial_id: record for record in sources.read(path).records}


def differing(one: dict[str, Record], other: dict[str, Record]) -> tuple[int, Counter]:
    """Return how many trials both hold, and in which fields they differ how often."""
    both = one.keys() & other.keys()
    fields: Counter = Counter()
    for trial_id in both:
        for field in FIELDS:
            a, b = getattr(one[trial_id], field), getattr(other[trial_id], field)
            if as_text(a) and as_text(b) and not agrees(a, b, field):
                fields[field] += 1
    return len(both), fields


def test_the_classic_csv_says_what_the_json_of_the_same_trials_says(shared):
    n, fields = differing(
        by_trial(shared / "records" / "cell_therapy_ctgov.ndjson.gz"),
        by_trial(shared / "records" / "ctgov_csv_classic_msc.csv"),
    )
    assert n == 323
    assert set(fields) <= CHANGED | POSTED, fields


def test_every_container_of_the_json_gives_the_same_values(shared):
    records = shared / "records"
    whole = by_trial(records / "ctgov_v2_one_per_study.zip")
    for name in ("api_page_1", "api_page_2", "website_list"):
        n, fields = differing(whole, by_trial(records / f"ctgov_v2_{name}.json"))
        assert n in (5, 20)
        assert not fields, (name, fields)


def test_no_date_of_any_file_is_lost(shared):
    collected = sources.read(shared / "records")
    odd = [
        (record.trial_id, remark)
        for record in collected.records
        for remark in record.remarks
        if remark.note == "not a date"
    ]
    assert not odd
