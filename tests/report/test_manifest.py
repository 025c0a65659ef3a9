"""What identifies a report, and which files a new run of it removes."""

from hashlib import sha256
from pathlib import Path

import pytest

from trialkit.report.manifest import (
    MANIFEST,
    hash_contents,
    hash_files,
    read_manifest,
    stale_files,
)
from trialkit.report.notebook import json_bytes
from trialkit.report.outputs import write_together
from trialkit.workspace import example_path

SOURCES = {
    "engine": "embedded",
    "versions": {"typst": "1"},
    "notebook": {"name": "demo"},
    "parameters": {"condition": ""},
    "code": "abc",
    "inputs": [{"file": "a.json", "sha256": "1"}],
}
OLD = {
    "demo.html": b"old page",
    "demo.pdf": b"old print",
    "demo-data/fig-a.csv": b"old data",
}


def run(files, *, report="demo", **changes):
    """Return what a run writes: its files and its manifest."""
    facts = {"report": report, **SOURCES, **changes, "outputs": hash_contents(files)}
    return {**files, MANIFEST: json_bytes(facts)}


@pytest.fixture
def folder(tmp_path):
    """The folder of an earlier run."""
    write_together(tmp_path, run(OLD))
    return tmp_path


def stale(folder, files):
    return sorted(str(path.relative_to(folder)) for path in stale_files(folder, files))


def test_what_a_run_from_other_records_does_not_make_is_stale(folder):
    other = [{"file": "b.json", "sha256": "2"}]
    files = run({"demo.html": b"new page"}, inputs=other)
    assert stale(folder, files) == ["demo-data/fig-a.csv", "demo.pdf"]


def test_the_other_format_from_the_same_sources_stays(folder):
    assert stale(folder, run({"demo.html": b"old page"})) == []


def test_another_report_s_files_stay(folder):
    assert stale(folder, run({"x.html": b"x"}, report="x", code="new")) == []


def test_a_file_that_somebody_changed_stays(folder):
    (folder / "demo.pdf").write_bytes(b"with my notes")
    files = run({"demo.html": b"new page"}, code="new")
    assert stale(folder, files) == ["demo-data/fig-a.csv"]


def test_nothing_outside_the_folder_is_ever_stale(folder):
    outside = folder.parent / "outside"
    outside.write_bytes(b"x")
    digest = sha256(b"x").hexdigest()
    facts = {**read_manifest(folder)}
    facts["outputs"] = [
        {"file": name, "sha256": digest} for name in ("../outside", str(outside))
    ]
    (folder / MANIFEST).write_bytes(json_bytes(facts))
    assert stale(folder, run({}, code="new")) == []


@pytest.mark.parametrize(
    "text", ["", "[]", '{"report": "demo"}', '{"report": "demo", "outputs": [1]}']
)
def test_a_manifest_that_is_none_names_nothing(folder, text):
    (folder / MANIFEST).write_text(text)
    assert stale(folder, run({}, code="new")) == []


def test_stale_files_go_when_the_new_ones_are_in_their_places(folder):
    files = run({"demo.html": b"new page"}, code="new")
    write_together(folder, files, stale=lambda: stale_files(folder, files))
    assert {path.name for path in folder.iterdir()} == {"demo.html", MANIFEST}


def test_a_run_that_cannot_write_removes_nothing(folder):
    files = run({"demo.html/a": b"new page"}, code="new")
    with pytest.raises(Exception, match="cannot write"):
        write_together(folder, files, stale=lambda: stale_files(folder, files))
    assert (folder / "demo.pdf").read_bytes() == b"old print"


def test_files_are_named_as_the_user_named_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"a")
    relative, absolute = Path("a.txt"), tmp_path / "a.txt"
    digest = sha256(b"a").hexdigest()

    assert hash_files([relative, absolute]) == [
        {"file": "a.txt", "sha256": digest},
        {"file": str(absolute), "sha256": digest},
    ]
    assert hash_contents({"x": b"a"}) == [{"file": "x", "sha256": digest}]


def test_files_that_ship_are_named_without_the_machine():
    path = sorted(example_path().iterdir())[0]

    assert hash_files([path])[0]["file"] == f"trialkit:{path.name}"
