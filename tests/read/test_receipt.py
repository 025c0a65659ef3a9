"""The receipt of a download goes with its studies, and what differs from it is said."""

from __future__ import annotations

import gzip
import json
import shutil
import warnings
from hashlib import sha256

import msgspec
import pytest
from click.testing import CliRunner

from trialkit.cli import cli
from trialkit.errors import TrialDataError
from trialkit.read.receipt import Page, Receipt, Update, Version, encode
from trialkit.tidy.load import load, open_store
from trialkit.tidy.save_records import save_records


def study(number, title="Hepatocytes"):
    names = {"nctId": f"NCT{number:08}", "briefTitle": f"{title} {number}"}
    return {"protocolSection": {"identificationModule": names}, "hasResults": False}


def page(folder, number, studies, **around):
    """Write a page, and return what the receipt says of it."""
    data = json.dumps({**around, "studies": studies}).encode()
    name = f"page-{number:04}.json.gz"
    (folder / name).write_bytes(gzip.compress(data))
    ids = tuple(s["protocolSection"]["identificationModule"]["nctId"] for s in studies)
    return Page(name, sha256(data).hexdigest(), ids)


@pytest.fixture
def folder(tmp_path):
    """A download of three pages: a study twice, and one that an update renewed."""
    folder = tmp_path / "liver"
    folder.mkdir()
    first = page(folder, 1, [study(1), study(2)], totalCount=9, nextPageToken="a")
    second = page(folder, 2, [study(2), study(3)])
    third = page(folder, 3, [study(1, "Renewed")])
    receipt = Receipt(
        question={"condition": "liver failure", "intervention": "stem cell"},
        requests=({"query.cond": "liver failure", "query.intr": "stem cell"},),
        version_after=Version("2.0.5", "2026-08-19T09:00:06"),
        n_total=3,
        pages=(
            msgspec.structs.replace(first, ids=("NCT00000002",)),
            msgspec.structs.replace(second, ids=("NCT00000003",)),
            third,
        ),
        is_complete=True,
        update=Update("liver.2026-08-01", "2026-07-31", changed=("NCT00000001",)),
    )
    (folder / "search.json").write_bytes(encode(receipt))
    return folder


def told(paths):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = load(paths, labels=False)
    return data, [str(one.message) for one in caught]


def test_each_study_counts_once_and_the_receipt_goes_along(folder, tmp_path):
    data, said = told(folder)

    assert said == []
    titles = dict(zip(data.trials["trial_id"], data.trials["brief_title"], strict=True))
    assert titles == {
        "NCT00000002": "Hepatocytes 2",
        "NCT00000003": "Hepatocytes 3",
        "NCT00000001": "Renewed 1",
    }
    assert data.sources["n_records"].tolist() == [1, 1, 1]
    assert data.excluded.empty
    assert data.search is not None
    assert data.search.words == "condition: liver failure; intervention: stem cell"
    assert (data.search.day, data.search.n_studies) == ("2026-08-19", 3)
    chosen = data.select(ids="NCT00000001")
    assert chosen.search == data.search
    # A store, one that the command writes, and a records file keep it.
    kept = open_store(chosen.save(tmp_path / "store"))
    assert kept.search == data.search
    load_of_store, _ = told(save_records(data, tmp_path / "kept.ndjson"))
    assert load_of_store.search == data.search
    done = CliRunner().invoke(
        cli, ["tidy", str(folder), "--no-labels", "--out", str(tmp_path / "tidy")]
    )
    assert done.exit_code == 0
    assert open_store(tmp_path / "tidy").search == data.search


def test_two_downloads_are_two_searches(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    one = page(other, 1, [study(7)])
    receipt = Receipt(question={"query": "MSC"}, pages=(one,), is_complete=True)
    (other / "search.json").write_bytes(encode(receipt))

    data, said = told([folder, other])

    assert said == []
    assert data.search is None
    assert [receipt.n_studies for receipt in data.searches] == [3, 1]
    assert data.searches[1].words == "MSC"


def test_what_is_not_as_the_receipt_says_is_said(folder, tmp_path):
    page(folder, 2, [study(3, "Forged")])
    (folder / "page-0003.json.gz").unlink()
    (folder / "more.json").write_text(json.dumps(study(8)))

    data, said = told(folder)

    assert said == [
        f"the download {folder} is not as it came: 1 of 3 pages not read, the first "
        "page-0003.json.gz; page-0002.json.gz has other bytes than those that came; "
        "more.json is no part of it"
    ]
    _, again = told(save_store(data, tmp_path))
    assert again == said


def save_store(data, tmp_path):
    return data.save(tmp_path / "store")


def test_an_incomplete_download_is_said_to_be_incomplete(folder):
    facts = json.loads((folder / "search.json").read_text())
    facts |= {"complete": False, "n_total": 4, "missing": ["NCT00000004"]}
    (folder / "search.json").write_text(json.dumps(facts))

    _, said = told(folder)

    assert said == [
        f"the download {folder} is incomplete: 3 of 4 studies, without NCT00000004",
    ]
    (folder / ".unfinished.jsonl").write_text("")
    assert told(folder)[1] == said  # a receipt is written last
    (folder / "search.json").unlink()
    again = "run the same `trialkit fetch` again"
    assert f"the download in {folder} was not finished: {again}" in told(folder)[1]


def test_a_broken_receipt_is_set_aside_and_one_of_others_is_a_file(folder):
    file = folder / "search.json"
    file.write_text('{"trialkit_search": 1, "pages": 7}')
    data, _ = told(folder)
    assert data.searches == ()
    assert "cannot be read: Expected `array`" in data.excluded["reason"].iloc[0]
    file.write_text('{"trialkit_search": 2}')
    data, _ = told(folder)
    assert "is of a newer trialkit" in data.excluded["reason"].iloc[0]
    file.write_text(json.dumps(study(5)))
    data, _ = told(folder)
    assert "NCT00000005" in data


def test_the_receipt_in_an_archive_is_named(folder, tmp_path):
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    with pytest.raises(
        TrialDataError, match=r"trialkit's receipt .*unpack the archive"
    ):
        load(packed, labels=False)
