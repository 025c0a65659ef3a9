"""A download is whole, or does not get its name; it goes on where it was.

The stand-in makes up what a register does wrong; the bytes that come are compared with
those of a run without any of it.
"""

from __future__ import annotations

import gzip
import json
import os
import warnings
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path

import pytest

from tests.fetch import standin
from trialkit.atomic import alone
from trialkit.errors import ParameterError, TrialkitError
from trialkit.fetch import run
from trialkit.tidy.load import load

N = 32


@pytest.fixture
def register(httpserver):
    studies = [standin.study(number) for number in range(1, N + 1)]
    return standin.served(httpserver, studies)


@pytest.fixture
def fetch(register, tmp_path):
    """Fetch from the register without a pause; what is told is in `fetch.told`."""

    def fetched(out="liver", **options):
        if not {"condition", "ids"} & set(options):
            options["condition"] = "liver failure"
        register.asked.clear()
        fetched.told = []
        common = {"base_url": register.url, "pace": 0, "tell": fetched.told.append}
        target = None if out is None else tmp_path / out
        return run.fetch(target, **{**common, **options})

    return fetched


def studies_in(folder):
    """Return the bytes of every study that counts, by its id, read by hand."""
    receipt = json.loads((folder / "search.json").read_text())
    found = {}
    for page in receipt["pages"]:
        data = gzip.decompress((folder / page["name"]).read_bytes())
        assert sha256(data).hexdigest() == page["sha256"]
        value = json.loads(data)
        for study in value.get("studies", [value]):
            if standin.id_of(study) in page["ids"]:
                assert standin.id_of(study) not in found
                found[standin.id_of(study)] = json.dumps(study)
    return found


def pages_asked(register):
    return [
        asked.get("pageToken") for path, asked in register.asked if "pageSize" in asked
    ]


def test_a_download_is_the_pages_as_they_came_and_its_receipt(
    register, fetch, tmp_path
):
    shown = []
    receipt = fetch(progress=lambda *n: shown.append(n))

    folder = tmp_path / "liver"
    assert studies_in(folder) == {
        standin.id_of(s): json.dumps(s) for s in register.studies
    }
    assert sorted(os.listdir(folder)) == [
        *(f"page-{n:04}.json.gz" for n in range(1, 8)),
        "search.json",
    ]
    assert (receipt.n_total, receipt.n_studies, receipt.is_complete) == (N, N, True)
    assert receipt.question == {"condition": "liver failure"}
    assert receipt.version_after.data == "2026-08-19T09:00:06"
    assert receipt.warnings == ()
    assert shown == [*((n, N) for n in range(5, N, 5)), (N, N)]
    # Every page carries the same parameters, the first the total.
    common = {
        "query.cond": "liver failure",
        "format": "json",
        "sort": "StudyFirstPostDate,EnrollmentCount",
        "pageSize": "1000",
    }
    (first, *rest) = [asked for path, asked in register.asked if path == "v2/studies"]
    assert first == {**common, "countTotal": "true"}
    assert rest == [{**common, "pageToken": f"{n}-token"} for n in range(5, N, 5)]
    # It is loaded as it is, and nothing of a contact person goes along.
    data = load(receipt, labels=False)
    assert len(data) == N
    assert data.search == receipt
    assert not data.sources.astype("string").eq("a@example.org").any(axis=None)


def test_all_faults_at_once_give_what_an_undisturbed_run_gives(
    register, fetch, tmp_path
):
    register.faults = [
        None,  # the version
        standin.status(500),
        None,
        standin.page_of_html,
        standin.status(429, Retry_After="0.01"),
        standin.empty_page,
        standin.cut,
        standin.cut_in_silence,
        standin.study_again,
        standin.same_token,  # begins again
        None,
        standin.status(403),
        None,
        standin.shorter_length,
        None,
        standin.reload("2026-08-20"),  # begins again
        None,
        standin.without(2),
        *[None] * 5,
        standin.token_after_last,
        standin.status(503),
    ]
    receipt = fetch("disturbed")
    told = fetch.told
    assert receipt.version_before.data == "2026-08-20T09:00:06"
    assert fetch("undisturbed").n_total == receipt.n_total == receipt.n_studies == N

    assert register.faults == []
    assert studies_in(tmp_path / "disturbed") == studies_in(tmp_path / "undisturbed")
    assert [line for line in told if "begins again" in line] == [
        "the register gave the same page again: begins again",
        "the register's data changed (2026-08-19, then 2026-08-20): begins again",
    ]
    loaded = load(tmp_path / "disturbed", labels=False)
    assert len(loaded) == N
    assert loaded.excluded.empty


@pytest.mark.parametrize("torn", [b"", b'{"type":"step","series":0,"ids":["NCT0'])
def test_a_broken_off_download_goes_on_where_it_was(register, fetch, tmp_path, torn):
    def interrupt(n_got, n_total):
        if n_got == 15:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        fetch(progress=interrupt)
    (note,) = stopped.value.__notes__
    assert note.startswith("15 studies that came are kept in")
    assert not (tmp_path / "liver").exists()
    part = tmp_path / "liver.part"
    with (part / ".unfinished.jsonl").open("ab") as journal:
        journal.write(torn)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert len(load(part, labels=False)) == 15
    assert any("was not finished" in str(c.message) for c in caught)
    before = pages_asked(register)

    receipt = fetch()

    assert fetch.told == ["goes on after 15 studies, which came before"]
    assert before == [None, "5-token", "10-token"]
    assert pages_asked(register) == ["15-token", "20-token", "25-token", "30-token"]
    assert receipt.n_studies == N
    assert set(studies_in(tmp_path / "liver")) == {
        *map(standin.id_of, register.studies)
    }
    assert not part.exists()


def broken_off(fetch):
    def interrupt(n_got, n_total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(progress=interrupt)


@pytest.mark.parametrize("left", [None, b"", b"half"])
def test_a_page_that_was_spoilt_meanwhile_is_asked_for_again(
    register, fetch, tmp_path, left
):
    def interrupt(n_got, n_total):
        if n_got == 15:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(progress=interrupt)
    page = tmp_path / "liver.part" / "page-0002.json.gz"
    if left is None:
        page.unlink()
    else:
        page.write_bytes(left and page.read_bytes()[:50])

    assert fetch().n_studies == N
    assert fetch.told[0].endswith("is not as it came: asks for it again")
    assert fetch.told[1] == "goes on after 5 studies, which came before"
    assert pages_asked(register)[0] == "5-token"
    assert len(studies_in(tmp_path / "liver")) == N


def test_it_begins_again_where_the_data_is_another(register, fetch, tmp_path):
    broken_off(fetch)
    register.day = "2026-08-20"

    receipt = fetch()

    assert fetch.told == [
        "the register's data changed meanwhile (2026-08-19T09:00:06, now "
        "2026-08-20T09:00:06): begins again"
    ]
    assert pages_asked(register)[0] is None
    assert receipt.version_before.data == "2026-08-20T09:00:06"


def test_it_begins_again_where_the_token_has_expired(register, fetch):
    broken_off(fetch)
    register.faults = [None, standin.expired]
    receipt = fetch()
    assert fetch.told[1:] == [
        "the register takes the next page's token no longer: begins again"
    ]
    assert receipt.is_complete


def test_a_register_that_never_settles_is_an_error(register, fetch, tmp_path):
    register.faults = [standin.reload(f"2026-09-{n:02}") for n in range(1, 60)]
    with pytest.raises(TrialkitError, match=r"data changed .*, 4 times: run the same"):
        fetch()
    assert not (tmp_path / "liver").exists()


def test_what_is_short_for_good_is_said_to_be_incomplete(register, fetch, tmp_path):
    register.faults = [None, standin.total(N + 1)]
    receipt = fetch()
    assert not receipt.is_complete
    (told,) = receipt.warnings
    assert told.endswith("liver is incomplete: 32 of 33 studies")
    with pytest.warns(UserWarning, match="32 of 33 studies"):
        load(receipt, labels=False)


def test_a_full_disk_is_told_and_what_came_is_kept(
    register, fetch, tmp_path, monkeypatch
):
    plain = Path.write_bytes

    def full(path, data):
        if path.name == "page-0003.json.gz":
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        return plain(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(
            TrialkitError, match=r"liver\.part: No space left on device"
        ):
            fetch()
    assert not (tmp_path / "liver").exists()
    assert fetch().n_studies == N
    assert pages_asked(register)[0] == "10-token"


def test_ids_come_by_their_ids_with_aliases_and_what_is_not_there(register, fetch):
    register.aliases = {"NCT09999999": "NCT00000003", "NCT09999998": "NCT00000007"}
    asked = "NCT00000003,nct00000005,NCT09999999,NCT09999998,NCT00000099"
    receipt = fetch(ids=asked)

    assert receipt.ids == ("NCT00000003", "NCT00000005", "NCT00000007")
    assert receipt.aliases == register.aliases
    assert receipt.missing == ("NCT00000099",)
    assert receipt.is_complete
    assert load(receipt, labels=False).trials["trial_id"].nunique() == 3


def test_a_search_that_finds_nothing_is_a_download_too(register, fetch):
    register.studies = []
    receipt = fetch()
    assert (receipt.n_total, receipt.n_studies, receipt.is_complete) == (0, 0, True)
    assert [page.ids for page in receipt.pages] == [()]


def test_many_studies_need_a_yes(register, fetch, tmp_path):
    register.faults = [None, standin.total(598_101)]
    with pytest.raises(
        ParameterError, match=r"598,101 studies \(about 599 requests, 10"
    ):
        fetch()
    assert os.listdir(tmp_path) == []
    register.faults = [None, standin.total(20_001)]
    assert not fetch(condition="x", yes=True).is_complete


def test_a_count_asks_and_writes_nothing(register, fetch, tmp_path):
    receipt = fetch(None, condition="liver failure", count=True)
    assert receipt.n_total == N
    assert receipt.pages == ()
    assert os.listdir(tmp_path) == []
    with pytest.raises(ParameterError, match="out is missing"):
        fetch(None, condition="liver")


def test_the_registers_own_sentence_is_told_with_the_option(register, fetch, tmp_path):
    with pytest.raises(
        ParameterError,
        match=r"^advanced: Error parsing query in advanced filter: Unknown area name",
    ):
        fetch(condition="x", advanced="AREA[NotARealField]y")
    assert os.listdir(tmp_path) == []


def test_nothing_is_written_over(register, fetch, tmp_path):
    fetch()
    with pytest.raises(TrialkitError, match="is a download already: update continues"):
        fetch()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thesis.docx").touch()
    with pytest.raises(TrialkitError, match="own holds something else"):
        fetch("own")
    with pytest.raises(TrialkitError, match="a file, and pages need a folder"):
        fetch("own/thesis.docx")
    (tmp_path / "new.part").mkdir()
    (tmp_path / "new.part" / "thesis.docx").touch()
    with pytest.raises(TrialkitError, match=r"holds thesis\.docx, which is no page"):
        fetch("new")
    (tmp_path / "empty").mkdir()
    assert fetch("empty").n_studies == N


def test_another_search_and_another_process_are_kept_apart(register, fetch, tmp_path):
    broken_off(fetch)
    with pytest.raises(
        TrialkitError, match=r"another search \(condition: liver failure"
    ):
        fetch(condition="heart")
    with alone(tmp_path / "liver"):
        with pytest.raises(TrialkitError, match="another process is writing it"):
            fetch()
    assert fetch().is_complete
