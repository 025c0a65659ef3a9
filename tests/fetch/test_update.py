"""An update is a whole folder beside the first, and says what is other."""

from __future__ import annotations

import copy
import shutil

import pytest

from tests.fetch import standin
from tests.fetch.test_fetch import studies_in
from trialkit.errors import ParameterError, TrialDataError
from trialkit.fetch import run
from trialkit.tidy.load import load


@pytest.fixture
def register(httpserver):
    studies = [standin.study(number) for number in range(1, 13)]
    studies[4] = standin.study(5, updated="2026-08-18")  # in the day of overlap
    return standin.served(httpserver, studies)


@pytest.fixture
def fetch(register, tmp_path):
    def fetched(*out, **options):
        register.asked.clear()
        fetched.told = []
        common = {"base_url": register.url, "pace": 0, "tell": fetched.told.append}
        return run.fetch(*out, **common, **options)

    return fetched


def next_night(register, day="2026-09-01"):
    """Change one study, add two, and take two away."""
    register.day = day
    studies = register.studies = copy.deepcopy(register.studies)
    studies[1]["protocolSection"]["statusModule"] = {
        "overallStatus": "COMPLETED",
        "lastUpdatePostDateStruct": {"date": "2026-08-25"},
    }
    del studies[8]
    register.hidden = {"NCT00000010"}
    studies.append(standin.study(13, updated="2026-08-30"))
    studies.append(standin.study(14, updated="2025-01-01"))  # new to the search alone


def test_an_update_is_whole_and_says_what_is_other(register, fetch, tmp_path):
    first = fetch(tmp_path / "liver", condition="liver", advanced="AREA[Phase]PHASE2")
    before = {p.name: p.read_bytes() for p in (tmp_path / "liver").iterdir()}
    next_night(register)

    receipt = fetch(update=tmp_path / "liver")

    update = receipt.update
    assert receipt.folder == str(tmp_path / "liver.2026-09-01")
    assert (update.of, update.since) == ("liver", "2026-08-18")
    assert update.new == ("NCT00000013", "NCT00000014")
    assert update.changed == ("NCT00000002",)
    assert update.gone == ("NCT00000009", "NCT00000010")
    assert update.left == ("NCT00000010",)
    assert receipt.is_complete
    assert receipt.question == first.question
    assert receipt.requests == first.requests
    # What it holds is what the register has, in the newest state of each.
    has = {standin.id_of(s): s for s in register.studies}
    del has["NCT00000010"]
    found = studies_in(tmp_path / "liver.2026-09-01")
    assert set(found) == set(has)
    assert "COMPLETED" in found["NCT00000002"]
    # One page of what is newer, the ids, and the one that is new without an update.
    ranges = [a.get("filter.advanced", "") for path, a in register.asked]
    assert ranges[1] == (
        "(AREA[Phase]PHASE2) AND (AREA[LastUpdatePostDate]RANGE[2026-08-18,MAX])"
    )
    assert sum("RANGE" in text for text in ranges) == 1
    assert {p.name: p.read_bytes() for p in (tmp_path / "liver").iterdir()} == before
    data = load(receipt, labels=False)
    assert set(data.trials["trial_id"]) == set(has)
    assert data.excluded.empty
    status = data.trials.set_index("trial_id")["overall_status"]
    assert status["NCT00000002"] == "COMPLETED"


def test_the_next_update_continues_the_last(register, fetch, tmp_path):
    fetch(tmp_path / "liver", condition="liver")
    next_night(register)
    fetch(update=tmp_path / "liver")
    register.day = "2026-09-02"
    register.studies.append(standin.study(15, updated="2026-09-02"))

    receipt = fetch(update=tmp_path / "liver")

    assert (receipt.update.of, receipt.update.since) == (
        "liver.2026-09-01",
        "2026-08-31",
    )
    assert receipt.update.new == ("NCT00000015",)
    assert (receipt.update.changed, receipt.update.gone) == ((), ())
    assert len(studies_in(tmp_path / "liver.2026-09-02")) == 13
    assert fetch(update=tmp_path / "liver.2026-09-01").folder == receipt.folder
    assert fetch.told == [
        f"the register's data is that of {receipt.folder} (2026-09-02T09:00:06)"
    ]


def test_a_download_read_together_with_its_update_is_told(register, fetch, tmp_path):
    fetch(tmp_path / "liver", condition="liver")
    next_night(register)
    newest = fetch(update=tmp_path / "liver")
    with pytest.warns(UserWarning, match="continues .*liver, and both were read"):
        data = load(tmp_path, labels=False)
    assert len(data) == newest.n_studies + 2
    # A store says so to each who reads it.
    data.save(tmp_path / "store")
    with pytest.warns(UserWarning, match="continues .*liver, and both were read"):
        load(tmp_path / "store", labels=False)
    status = data.trials.set_index("trial_id")["overall_status"]
    assert status["NCT00000002"] == "COMPLETED"


def test_an_update_that_is_broken_off_goes_on(register, fetch, tmp_path):
    fetch(tmp_path / "liver", condition="liver")
    next_night(register)
    register.page_size = 1

    def interrupt(n_got, n_total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(update=tmp_path / "liver", progress=interrupt)
    assert not (tmp_path / "liver.2026-09-01").exists()
    receipt = fetch(update=tmp_path / "liver")
    assert fetch.told == ["goes on after 1 study, which came before"]
    assert receipt.update.changed == ("NCT00000002",)
    assert receipt.n_studies == receipt.n_total == 12


def test_a_status_that_the_register_sets_without_an_update_comes(
    register, fetch, tmp_path
):
    fetch(tmp_path / "liver", condition="liver")
    register.day = "2026-09-01"
    register.studies = copy.deepcopy(register.studies)
    register.studies[2]["protocolSection"]["statusModule"]["overallStatus"] = "UNKNOWN"
    receipt = fetch(update=tmp_path / "liver")
    assert receipt.update.changed == ("NCT00000003",)
    asked = [params.get("filter.ids") for _, params in register.asked]
    assert [ids for ids in asked if ids] == ["NCT00000003"]
    status = load(receipt).trials.set_index("trial_id")["overall_status"]
    assert status["NCT00000003"] == "UNKNOWN"
    # A page that cannot be read is no reason to ask for what is on it.
    (tmp_path / "liver.2026-09-01" / receipt.pages[0].name).write_bytes(b"broken")
    register.day = "2026-09-02"
    assert fetch(update=tmp_path / "liver").update.changed == ()


def test_two_states_of_the_data_on_one_day_are_two_updates(register, fetch, tmp_path):
    fetch(tmp_path / "liver", condition="liver")
    next_night(register)
    fetch(update=tmp_path / "liver")
    register.time = "15:30:00"
    register.studies.append(standin.study(15, updated="2026-08-31"))
    second = fetch(update=tmp_path / "liver")
    assert second.folder == str(tmp_path / "liver.2026-09-01T153000")
    assert second.update.of == "liver.2026-09-01"
    assert second.update.new == ("NCT00000015",)
    assert fetch(update=tmp_path / "liver").folder == second.folder
    register.day = "2026-09-02"
    third = fetch(update=second.folder)
    assert third.folder == str(tmp_path / "liver.2026-09-02")
    assert third.update.of == "liver.2026-09-01T153000"


def test_an_update_broken_off_on_an_earlier_day_is_removed(register, fetch, tmp_path):
    def interrupt(n_got, n_total):
        raise KeyboardInterrupt

    fetch(tmp_path / "liver", condition="liver")
    next_night(register)
    with pytest.raises(KeyboardInterrupt):
        fetch(update=tmp_path / "liver", progress=interrupt)
    part, other = (tmp_path / f"liver.2026-{d}.part" for d in ("09-01", "08-30"))
    shutil.copytree(part, other)
    journal = other / ".unfinished.jsonl"
    journal.write_text(journal.read_text().replace('"liver"', '"kidney"', 1))
    register.day = "2026-09-02"
    fetch(update=tmp_path / "liver")
    assert f"{part} is removed" in fetch.told[0]
    assert {p.name for p in tmp_path.glob("*.part")} == {other.name}


def test_ids_are_asked_for_again_with_those_that_were_missing(
    register, fetch, tmp_path
):
    register.aliases = {"NCT09999999": "NCT00000003"}
    asked = "NCT00000001,NCT00000002,NCT09999999,NCT00000013"
    fetch(tmp_path / "some", ids=asked)
    next_night(register)

    receipt = fetch(update=tmp_path / "some")

    assert receipt.update.new == ("NCT00000013",)
    assert receipt.update.changed == ("NCT00000002",)
    assert receipt.update.gone == ()
    assert receipt.missing == ()
    assert receipt.aliases == register.aliases
    assert sorted(receipt.ids) == [f"NCT0000000{n}" for n in (1, 2, 3)] + [
        "NCT00000013"
    ]


def test_a_folder_beside_with_another_question_is_not_continued(
    register, fetch, tmp_path
):
    fetch(tmp_path / "liver", condition="liver")
    register.day = "2026-08-20"
    fetch(tmp_path / "liver.2026-08-20", condition="heart")
    register.day = "2026-08-21"
    assert fetch(update=tmp_path / "liver").update.of == "liver"


def test_an_update_needs_a_download_and_no_other_question(fetch, tmp_path):
    with pytest.raises(TrialDataError, match="none is no download: it has no search"):
        fetch(update=tmp_path / "none")
    with pytest.raises(ParameterError, match="give no search"):
        fetch(update=tmp_path / "none", condition="x")
