"""Old versions are asked for by number, those that are asked for and no others."""

import gzip
import json
import warnings
from pathlib import Path

import pytest

from tests.fetch import standin
from trialkit import plot, summarize
from trialkit.cli import main
from trialkit.errors import ParameterError, TrialkitError
from trialkit.fetch import run
from trialkit.prose.searches import search_sentence
from trialkit.tidy.load import load

A, B, C = "NCT00000001", "NCT00000002", "NCT00000003"
VERSIONS = {
    A: [
        *(("2010-01-01", "NOT_YET_RECRUITING", 40), ("2011-01-01", "RECRUITING", 40)),
        ("2014-01-01", "COMPLETED", 31),
    ],
    B: [("2020-05-05", "RECRUITING", 12)],
}


@pytest.fixture
def register(httpserver):
    studies = [standin.study(number) for number in (1, 2)]
    versions = {id_: list(rows) for id_, rows in VERSIONS.items()}
    return standin.served(httpserver, studies, versions=versions)


@pytest.fixture
def fetch(register, tmp_path):
    def fetched(history, ids=(A, B), out="past", **options):
        register.asked.clear()
        common = {"base_url": register.url, "pace": 0, "tell": lambda told: None}
        return run.fetch(
            tmp_path / out, history=history, ids=ids, **{**common, **options}
        )

    return fetched


def asked(register):
    return [path.removeprefix("int/studies/") for path, _ in register.asked]


@pytest.mark.parametrize(
    ("history", "numbers"), [("first", [0]), ("previous", [1]), ("all", [0, 1, 2])]
)
def test_only_the_versions_asked_for_come_between_two_readings_of_the_list(
    register, fetch, history, numbers
):
    receipt = fetch(history, ids=A)
    own = [f"{A}/history/{number}" for number in numbers]
    lists = [f"{A}/history"]
    assert asked(register)[1:-1] == [*lists, *own, *lists]
    assert receipt.versions == {A: tuple(numbers)}
    assert (receipt.is_complete, receipt.n_studies, receipt.history) == (1, 1, history)
    names = [page.name.split("-", 2)[2] for page in receipt.pages]
    files = [f"{A}-version-{number}.json.gz" for number in numbers]
    assert names == [*files, f"{A}-history.json.gz"]


def test_what_was_fetched_is_read_beside_the_records(register, fetch, tmp_path):
    receipt = fetch("first", ids=[A, B, C])
    assert receipt.missing == (C,)
    base = {"base_url": register.url, "pace": 0}
    run.fetch(tmp_path / "now", condition="liver failure", **base)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = load([tmp_path / "now", tmp_path / "past"], labels=False)
    assert len(data) == 2
    assert data.versions["version"].tolist() == [0, 1, 2, 0]
    assert data.versions["has_record"].tolist() == [True, False, False, True]
    assert not data.trials["is_old_version"].any()
    runs = summarize.status_runs(data, as_of="2026-08-19")
    assert "N = 2 of 2" in plot.status_runs.caption_of(runs)
    told = search_sentence(data)
    assert f"versions at registration of {A}, {B}, {C}" in told.replace("\\", "")


def test_a_version_that_is_added_meanwhile_is_the_newest_and_moves_the_last_but_one(
    register, fetch
):
    grown = standin.another_version(A, "2026-01-01")
    register.faults = [None, None, None, grown]
    receipt = fetch("previous", ids=A)
    assert receipt.versions == {A: (1, 2)}
    newest = Path(receipt.folder) / receipt.pages[-1].name
    listed = json.loads(gzip.decompress(newest.read_bytes()))
    assert len(listed["changes"]) == 4


def test_broken_off_it_goes_on_with_the_versions_that_are_left(
    register, fetch, tmp_path
):
    register.faults = [None, None, None, lambda *_: standin.text("No such thing", 400)]
    with pytest.raises(ParameterError, match="ids: No such thing"):
        fetch("all")
    assert not (tmp_path / "past").exists()
    register.day = "2026-08-20"  # versions do not change over night
    receipt = fetch("all")
    assert f"{A}/history/0" not in asked(register)
    assert receipt.versions == {A: (0, 1, 2), B: (0,)}


def test_a_version_that_is_not_there_makes_the_download_incomplete(
    register, fetch, tmp_path
):
    gone = lambda *_: standin.text(f"NCT number {A} not found", 404)  # noqa: E731
    register.faults = [None, None, gone]
    receipt = fetch("all", ids=A)
    assert receipt.missing_versions == {A: (0,)}
    assert receipt.versions == {A: (1, 2)}
    (warning,) = receipt.warnings
    assert warning.endswith(f"1 version did not come, the first {A} 0")
    with pytest.warns(UserWarning, match="did not come"):
        load(tmp_path / "past", labels=False)


def test_a_history_is_not_continued_as_records_are(register, fetch, tmp_path):
    fetch("first")
    with pytest.raises(TrialkitError, match="holds old versions of records"):
        run.fetch(update=tmp_path / "past", base_url=register.url, pace=0)


def test_a_register_without_a_history_is_no_complete_download(fetch):
    receipt = fetch("first", ids=C)
    assert not receipt.is_complete
    assert "0 of 1 studies, without NCT00000003" in receipt.warnings[0]


def test_a_former_id_brings_the_history_of_the_present_one(register, fetch):
    register.aliases["NCT00000009"] = A
    receipt = fetch("first", ids="NCT00000009")
    assert receipt.aliases == {"NCT00000009": A}
    assert receipt.versions == {A: (0,)}


def test_a_fault_on_the_way_changes_no_byte(register, fetch, tmp_path):
    plain = fetch("all", out="plain")
    faults = [standin.cut, standin.page_of_html, standin.status(429, Retry_After="0")]
    register.faults = [None, *faults, None, standin.cut_in_silence]
    marred = fetch("all", out="marred")
    assert marred.pages == plain.pages


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"history": "frist"}, "history: 'frist' is no choice of versions; did you"),
        ({"ids": (), "condition": "liver"}, "history: needs ids, and no search"),
        ({"count": True}, "history: needs ids"),
        ({"ids": ()}, "history: needs ids"),
    ],
)
def test_a_history_of_no_study_or_of_no_version_is_refused(fetch, options, told):
    with pytest.raises(ParameterError, match=told):
        fetch(**{"history": "first", "ids": A, **options})


def test_the_command_takes_the_ids_of_a_download(register, tmp_path, capsys):
    base = {"base_url": register.url, "pace": 0}
    run.fetch(tmp_path / "now", condition="liver failure", **base)
    told = ["--history", "first", "--ids", str(tmp_path / "now")]
    where = ["--out", str(tmp_path / "past"), "--base-url", register.url, "--pace", "0"]
    with pytest.raises(SystemExit) as ended:
        main(["fetch", *told, *where])
    assert ended.value.code == 0
    shown = capsys.readouterr()
    assert "2 versions and the lists of 2 of 2 studies" in shown.err
    with pytest.raises(TrialkitError, match="is no download"):
        run.fetch(tmp_path / "x", ids=tmp_path, **base)
