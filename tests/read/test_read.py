"""Which files are read, which reader takes them, and what is set aside."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from trialkit import read as sources
from trialkit.errors import TrialDataError
from trialkit.read.readers import READERS, Reader

PAGES = Path(__file__).parents[1] / "data" / "pages"
LAY = (PAGES / "lay_flat.txt").read_bytes()
SPACED = (PAGES / "lay_spaced.txt").read_bytes()
STUDY = json.dumps(
    {"protocolSection": {"identificationModule": {"nctId": "NCT09900003"}}}
).encode()


def ids(collected: sources.Collected) -> list[str]:
    return [record.trial_id for record in collected.records]


def reasons(collected: sources.Collected) -> dict[str, str]:
    return {Path(item.path or "").name: item.reason for item in collected.excluded}


def test_read_takes_folders_in_sorted_order_files_and_globs(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_bytes(LAY)
    (tmp_path / "z.txt").write_bytes(SPACED)
    (tmp_path / "m.json").write_bytes(STUDY)

    folder = sources.read(tmp_path)
    assert ids(folder) == ["NCT09900003", "NCT09900002", "NCT09900001"]
    assert ids(sources.read(str(tmp_path / "*.txt"))) == ["NCT09900002"]
    both = sources.read([tmp_path / "z.txt", tmp_path])
    assert ids(both) == ["NCT09900002", "NCT09900003", "NCT09900001"]
    assert both.excluded == []


def test_content_decides_the_shape_and_never_the_name(tmp_path):
    (tmp_path / "page.json").write_bytes(LAY)
    (tmp_path / "study.txt").write_bytes(STUDY)

    found = sources.read(tmp_path)

    assert [(s.shape, s.kind) for s in found.sources] == [
        ("lay_page", "lay"),
        ("ctgov_v2_json", "registry"),
    ]


def test_sources_carry_hash_site_date_and_unique_stable_ids(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "page.one.txt").write_bytes(LAY)
    (tmp_path / "b" / "page.one.txt").write_bytes(SPACED)

    first, second = sources.read(tmp_path).sources

    assert first.source_id.startswith("page-")
    assert first.source_id != second.source_id
    assert (first.site, first.source_date) == ("examplecures.com", "2026-04-12")
    assert first.n_records == 1
    again = sources.read(tmp_path / "a").sources[0]
    assert (again.source_id, again.sha256) == (first.source_id, first.sha256)


def test_zip_members_and_gzip_files_are_documents(tmp_path):
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("deep/b.txt", SPACED)
        archive.writestr("__MACOSX/._b.txt", b"\0\0")
        archive.writestr("a.txt", LAY)
        archive.writestr("more.zip", b"PK\x03\x04 more")
    (tmp_path / "study.json.gz").write_bytes(gzip.compress(STUDY))

    found = sources.read(tmp_path)

    assert [Path(s.path).name for s in found.sources] == [
        "pages.zip!a.txt",
        "b.txt",
        "study.json.gz",
    ]
    assert reasons(found) == {
        "pages.zip!more.zip": "not text: an archive inside an archive"
    }


def test_the_same_bytes_are_read_once(tmp_path):
    (tmp_path / "a.txt").write_bytes(LAY)
    (tmp_path / "b.txt").write_bytes(LAY)

    found = sources.read(tmp_path)

    assert len(found.records) == 1
    assert reasons(found) == {"b.txt": f"the same bytes as {tmp_path}/a.txt, read once"}


def test_one_broken_file_never_stops_the_others(tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(b"\n  \n")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0\1" * 500)
    (tmp_path / "bytes.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "other.html").write_text("<html><body><p>Cakes</p></body></html>")
    (tmp_path / "notes.md").write_text("# Notes\nNCT01234567 looks interesting\n")
    (tmp_path / "columns.csv").write_text("Study,Title\n1,NCT01234567\n")
    (tmp_path / "noid.txt").write_bytes(LAY.replace(b"NCT ID NCT09900001\n", b""))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08\0" + b"x" * 20)
    (tmp_path / "good.txt").write_bytes(SPACED)

    found = sources.read(tmp_path)

    assert ids(found) == ["NCT09900002"]
    said = reasons(found)
    assert said["empty.txt"] == said["blank.txt"] == "the file is empty"
    assert said["picture.txt"] == "not text: a PNG image"
    assert said["bytes.txt"] == "not text: a binary file"
    assert (
        said["other.html"] == "a page of a site that is not read; no registry id in it"
    )
    assert said["notes.md"] == (
        "a text that is no trial record; 1 registry id in it: NCT01234567 "
        "(ClinicalTrials.gov)"
    )
    assert said["columns.csv"].startswith("a table with the columns 'Study', 'Title'")
    assert "without an id" in said["noid.txt"]
    assert said["broken.zip"].startswith("cannot be read: ")
    assert said["broken.gz"].startswith("cannot be read: ")
    assert len({item.source_id for item in found.excluded}) == len(found.excluded) == 10


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_set_aside(tmp_path):
    (tmp_path / "good.txt").write_bytes(LAY)
    (tmp_path / "locked.txt").write_bytes(SPACED)
    (tmp_path / "locked.txt").chmod(0)

    said = reasons(sources.read(tmp_path))

    assert said == {"locked.txt": "cannot be read: Permission denied"}


def test_a_pipe_is_no_file_and_never_blocks(tmp_path):
    (tmp_path / "good.txt").write_bytes(LAY)
    os.mkfifo(tmp_path / "pipe")

    assert reasons(sources.read(tmp_path)) == {"pipe": "not a file"}


def test_archives_without_files_are_set_aside(tmp_path):
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with zipfile.ZipFile(tmp_path / "folders.zip", "w") as archive:
        archive.mkdir("a")
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    (tmp_path / "good.txt").write_bytes(LAY)

    assert reasons(sources.read(tmp_path)) == {
        "empty.zip": "an archive that holds no file",
        "folders.zip": "an archive that holds no file",
        "letter.docx": "not text: an Office file",
    }


def test_a_download_cut_in_the_middle_gives_the_studies_before_the_cut(tmp_path):
    examples = [
        {"protocolSection": {"identificationModule": {"nctId": f"NCT0990{n:04}"}}}
        for n in range(2000)
    ]
    packed = gzip.compress("\n".join(map(json.dumps, examples)).encode())
    (tmp_path / "a.ndjson.gz").write_bytes(packed[: len(packed) // 2])

    found = sources.read(tmp_path)

    assert 500 < len(found.records) < 1999
    assert any("breaks off" in item.reason for item in found.excluded)
    assert {item.source_id for item in found.excluded} == {found.sources[0].source_id}


def test_a_stray_byte_costs_its_record_a_letter_and_the_others_nothing(tmp_path):
    names = '{"nctId": "%s", "briefTitle": "%s"}'
    study = '{"protocolSection": {"identificationModule": ' + names + "}}"
    whole = ",".join(study % (f"NCT0990{n:04}", "Étude é à ö") for n in range(20))
    data = f"[{whole}]".encode().replace("é".encode(), b"\xe9", 1)
    (tmp_path / "a.json").write_bytes(data)

    found = sources.read(tmp_path)

    titles = [record.brief_title for record in found.records]
    assert len(titles) == 20
    assert titles[1:] == ["Étude é à ö"] * 19


def test_an_archive_made_to_fill_the_memory_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("trialkit.read.containers.FREE_BYTES", 10_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.txt", b" " * 2_000_000)
        archive.writestr("good.txt", LAY)
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"x y" * 900_000))

    found = sources.read(tmp_path)

    assert ids(found) == ["NCT09900001"]
    refused = "unpacks to more than 300 times its size: refused"
    assert reasons(found) == {"a.zip!big.txt": refused, "b.txt.gz": refused}


def test_links_that_lead_nowhere_or_in_a_circle_are_set_aside(tmp_path):
    (tmp_path / "good.txt").write_bytes(LAY)
    (tmp_path / "again.txt").symlink_to(tmp_path / "good.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "up").symlink_to(tmp_path)

    found = sources.read(tmp_path)

    assert len(found.records) == 1
    assert set(reasons(found)) == {"gone.txt", "loop.txt"}


def test_nothing_usable_names_a_recognized_file_that_holds_no_record(tmp_path):
    (tmp_path / "none.json").write_text('{"studies": [], "totalCount": 0}')

    with pytest.raises(TrialDataError, match=r"none\.json holds no record"):
        sources.read(tmp_path)


def test_nothing_usable_names_the_files_and_what_was_expected(tmp_path):
    (tmp_path / "cake.txt").write_text("Cakes")

    with pytest.raises(TrialDataError) as caught:
        sources.read(tmp_path)

    message = str(caught.value)
    assert message.startswith(f"no trial record found: {tmp_path / 'cake.txt'}: ")
    assert "(expected a ClinicalTrials.gov history, a Clin" in message
    assert message.endswith(" or a saved trial page)")
    assert len(message) - len(str(tmp_path)) < 360


def test_an_empty_path_is_not_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "page.txt").write_text("Cakes")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(TrialDataError, match="a path is empty"):
        sources.read("")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("no/such", "no such file or folder: .*no/such"),
        ("*.nothing", "no file matches .*nothing"),
        ("", "holds no file"),
    ],
)
def test_a_path_that_names_nothing_is_an_error(tmp_path, given, message):
    with pytest.raises(TrialDataError, match=message):
        sources.read(tmp_path / given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("NCT01234567", "NCT01234567; trialkit fetch --ids NCT01234567 --out FOLDER"),
        ("https://example.org/search?cond=x", r"cond=x; .* by trialkit fetch --url$"),
    ],
)
def test_what_is_downloaded_is_told_from_a_path(tmp_path, monkeypatch, given, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrialDataError, match=message):
        sources.read(given)


def test_no_path_at_all_is_an_error():
    with pytest.raises(TrialDataError, match="no path"):
        sources.read([])


def test_the_folder_a_browser_saves_beside_a_page_holds_no_record(tmp_path):
    (tmp_path / "page.html").write_bytes(b"<html><body><pre>" + LAY + b"</pre></body>")
    shutil.copytree(PAGES, tmp_path / "page_files")
    (tmp_path / ".hidden").write_bytes(LAY)
    (tmp_path / "good.txt").write_bytes(SPACED)

    found = sources.read(tmp_path)

    assert {Path(s.path).name for s in found.sources} <= {"page.html", "good.txt"}


def test_records_of_every_reader_are_masked(tmp_path):
    study = json.loads(STUDY)
    study["protocolSection"]["descriptionModule"] = {
        "briefSummary": "Write to ada@example.org"
    }
    (tmp_path / "a.json").write_text(json.dumps(study))

    assert sources.read(tmp_path).records[0].brief_summary == f"Write to {'•' * 15}"


def test_a_bug_in_a_reader_costs_one_file(tmp_path, monkeypatch):
    def broken(document):
        raise ZeroDivisionError("oops")

    reader = Reader("riddle", lambda head: head.startswith(b"?"), broken)
    monkeypatch.setattr("trialkit.read.reading.READERS", (reader, *READERS))
    (tmp_path / "a.txt").write_text("?")
    (tmp_path / "b.txt").write_bytes(LAY)

    found = sources.read(tmp_path)

    assert ids(found) == ["NCT09900001"]
    assert "ZeroDivisionError" in reasons(found)["a.txt"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_pages_in_other_encodings_read_the_same(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes(LAY.decode().encode(encoding))

    record = sources.read(tmp_path).records[0]

    assert record.trial_id == "NCT09900001"
    assert record.lay is not None
    assert record.lay.last_updated_date == "2026-04-12"


def test_a_page_in_windows_1252_keeps_its_letters(tmp_path):
    text = LAY.decode().replace("First Hospital", "Hôpital Béclère")
    (tmp_path / "a.txt").write_bytes(text.encode("cp1252"))

    site = sources.read(tmp_path).records[0].sites[0]

    assert site.facility == "Hôpital Béclère, Made-up University"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"FullStudiesResponse": {"FullStudies": []}}', "older API, which ended"),
        ('{"StudyFieldsResponse": {"NStudiesFound": 1}}', "older API, which ended"),
        ('{"a": 1}', "JSON that holds no study"),
        ("[1, 2]", "JSON that holds no study"),
        ('{"a": 1}\n{"a": 2}\n', "JSON that holds no study"),
        ('{"a": [1, ', "not valid JSON: Input data was truncated"),
        ("[NaN]", "not valid JSON: invalid character"),
    ],
)
def test_json_that_is_no_study_is_told_by_what_it_is(tmp_path, text, reason):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(TrialDataError, match=reason):
        sources.read(tmp_path)
