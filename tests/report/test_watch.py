"""A catalogue that names searches fetches what is new and tells what changed, once."""

from __future__ import annotations

import copy
import json
import os
import shutil

import pytest
from lxml import etree

from tests.fetch import standin
from tests.sample_report import PARAMETERS, code, notebook, source_notebook
from trialkit.errors import ReportError
from trialkit.fetch.run import fetch
from trialkit.report import batch, plan
from trialkit.report.catalogue import read_catalogue, read_searches

ATOM = "{http://www.w3.org/2005/Atom}"
CATALOGUE = """\
search:
  folder: downloads/liver
  condition: liver failure
reports:
- {name: one, notebook: demo, formats: [html]}
- name: two
  notebook: demo
  formats: [html]
  search: {folder: downloads/some, ids: "NCT00000001,NCT00000002"}
"""


@pytest.fixture
def register(httpserver, monkeypatch):
    studies = [standin.study(number) for number in range(1, 13)]
    register = standin.served(httpserver, studies)
    monkeypatch.setenv("TRIALKIT_CTGOV_URL", register.url)
    return register


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A workspace with a catalogue that names two searches."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plan, "notebooks_dir", lambda: tmp_path / "none")
    for name in ("notebooks", "reports"):
        (tmp_path / name).mkdir()
    (tmp_path / "notebooks" / "demo.ipynb").write_text(source_notebook(code("1")))
    (tmp_path / "reports" / "reports.yml").write_text(CATALOGUE)
    return tmp_path


@pytest.fixture
def update(folder, register, monkeypatch, capfd):
    """Type `trialkit reports --update`: status, told lines, and the reports made."""
    from trialkit.cli import main

    made, broken = [], []

    class Stub(batch.Worker):
        def __init__(self):
            self.is_over = False

        def make(self, entry, out):
            made.append((entry.name, entry.plan.values["records"]))
            return "a cell failed" if entry.name in broken else ""

        def end(self): ...

        def close(self): ...

    def settled(entry, out):
        return (entry.name, entry.plan.values["records"]) in seen

    monkeypatch.setattr(batch, "Worker", Stub)
    monkeypatch.setattr(batch, "is_unchanged", settled)
    seen = []

    def typed(*words, failing=()):
        broken[:] = failing
        seen.extend(made)
        made.clear()
        with pytest.raises(SystemExit) as ended:
            main(["reports", "--pace", "0", "--out", "site", *words])
        out, err = capfd.readouterr()
        told = [line for line in err.splitlines() if "HTTP/1.1" not in line]
        return ended.value.code, out.splitlines(), told, sorted(made)

    return typed


def next_night(register):
    register.day = "2026-09-01"
    register.studies = copy.deepcopy(register.studies)
    register.studies[2]["protocolSection"]["statusModule"] = {
        "overallStatus": "COMPLETED",
        "lastUpdatePostDateStruct": {"date": "2026-08-25"},
    }
    register.studies.append(standin.study(13, updated="2026-08-30"))


def entries_of(site):
    feed = etree.fromstring((site / "changes.xml").read_bytes())
    return [
        [entry.findtext(f"{ATOM}{name}") for name in ("title", "updated", "content")]
        for entry in feed.findall(f"{ATOM}entry")
    ]


def test_what_is_new_is_fetched_reported_and_told_once(folder, register, update):
    status, out, told, made = update("--update")
    assert status == 3
    assert out == ["site/changes.xml", "site/changes.html", "site/index.html"]
    assert "liver: 12 studies, downloaded for the first time" in told
    page = (folder / "site" / "changes.html").read_text()
    assert "<p>12 studies, downloaded for the first time.</p>" in page
    assert made == [("one", ["downloads/liver"]), ("two", ["downloads/some"])]

    # The same night: nothing is asked for but the day, nothing made or told.
    status, out, told, made = update("--update")
    assert (status, out, made) == (0, ["site/index.html"], [])

    # A night on which one of the two searches has changes.
    next_night(register)
    status, out, told, made = update("--update")
    assert status == 3
    assert out == ["site/changes.xml", "site/changes.html", "site/index.html"]
    (line,) = [line for line in told if line.startswith("liver:")]
    assert line == "liver: Since 2026-08-19: 1 new, 1 completed."
    assert any("nothing is new since downloads/some" in line for line in told)
    assert made == [("one", ["downloads/liver.2026-09-01"])]
    assert sorted(os.listdir("downloads")) == ["liver", "liver.2026-09-01", "some"]

    site = folder / "site"
    newest, *earlier = entries_of(site)
    assert newest[0] == line
    assert newest[1] == "2026-09-01T09:00:06Z"
    assert 'href="https://clinicaltrials.gov/study/NCT00000003"' in newest[2]
    assert [title.partition(":")[0] for title, *_ in earlier] == ["liver", "some"]
    page = (site / "changes.html").read_text()
    assert "NCT00000013" in page
    assert not {"<script", "<link", "<img", "<style"} & set(page.lower().split())
    assert 'href="changes.html"' in (site / "index.html").read_text()
    # The feed is the same made again, and a change is told once.
    assert update("--update")[0] == 0
    assert len(entries_of(site)) == 3


def test_a_change_is_told_where_a_report_fails_too(folder, register, update):
    assert update("--update", failing=["two"])[0] == 4
    page = (folder / "site" / "changes.html").read_text()
    assert "12 studies, downloaded for the first time." in page
    assert "Failed, and so not made anew: two." in page
    # Told already: what is left is that a report fails.
    status, _, told, _ = update("--update", "--force", failing=["two"])
    assert status == 1
    assert told[-1] == "error: 1 of 2 reports failed: two"
    next_night(register)
    status, _, told, _ = update("--update", failing=["one"])
    assert (status, told[-1]) == (4, "error: 1 of 2 reports failed: one")


def test_a_report_of_a_search_is_compared_with_the_download_before(
    folder, register, update
):
    start = code(f'{PARAMETERS}previous: str = ""  # a state', tags=["parameters"])
    given = json.dumps(notebook(start, code("1")))
    (folder / "notebooks" / "demo.ipynb").write_text(given)

    def compared_with():
        return [entry.plan.values.get("previous") for entry in read_catalogue()]

    update("--update")
    assert compared_with() == [None, None]
    next_night(register)
    update("--update")
    assert compared_with() == ["downloads/liver", None]
    own = CATALOGUE + "  parameters: {previous: downloads/some}\n- name: plain\n"
    (folder / "notebooks" / "plain.ipynb").write_text(source_notebook(code("1")))
    (folder / "reports" / "reports.yml").write_text(own)
    assert compared_with() == ["downloads/liver", "downloads/some", None]
    shutil.rmtree("downloads/liver")
    assert compared_with() == [None, "downloads/some", None]


def test_a_change_that_was_not_told_yet_is_told_the_next_time(folder, register, update):
    update("--update")
    next_night(register)
    fetch(update="downloads/liver", pace=0)
    status, _, told, made = update("--update")
    assert status == 3
    assert "liver: Since 2026-08-19: 1 new, 1 completed." in told
    assert made == [("one", ["downloads/liver.2026-09-01"])]
    assert json.loads((folder / "site" / "changes.json").read_text()) == {
        "downloads/liver": "downloads/liver.2026-09-01",
        "downloads/some": "downloads/some",
    }


def test_a_record_that_says_the_same_on_another_day_is_no_news(
    folder, register, update
):
    update("--update")
    feed = (folder / "site" / "changes.xml").read_bytes()
    register.day = "2026-09-01"
    module = register.studies[2]["protocolSection"]["statusModule"]
    module["lastUpdatePostDateStruct"]["date"] = "2026-08-31"
    status, out, told, made = update("--update")
    assert (status, out) == (0, ["site/index.html"])
    assert "liver: Since 2026-08-19: nothing changed." in told
    assert made == [("one", ["downloads/liver.2026-09-01"])]
    assert (folder / "site" / "changes.xml").read_bytes() == feed

    # What was told last is gone: nothing was downloaded for the first time.
    register.day = "2026-09-02"
    module["lastUpdatePostDateStruct"]["date"] = "2026-09-02"
    fetch(update="downloads/liver", pace=0)
    shutil.rmtree("downloads/liver.2026-09-01")
    line = (
        "liver: 12 studies; what changed is not known, for downloads/liver.2026-09-01"
    )
    status, out, told, _ = update("--update")
    assert f"{line} is gone" in told
    # With status 3 the page is that of now, for a mail to send it.
    assert (status, "site/changes.html" in out) == (3, True)
    assert "2026-09-01 is gone." in (folder / "site" / "changes.html").read_text()
    (folder / "site" / "changes.json").unlink()
    assert "liver: 12 studies, told for the first time" in update("--update")[2]


def test_a_search_that_asks_for_something_else_needs_another_folder(folder, update):
    update("--update")
    catalogue = folder / "reports" / "reports.yml"
    catalogue.write_text(CATALOGUE.replace("liver failure", "cirrhosis"))
    status, _, told, _ = update("--update")
    assert status == 1
    assert told[-1] == (
        "error: downloads/liver holds another search than the catalogue names now: "
        "name another folder"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("search: {condition: x}", "line 1: `search:` needs `folder:`"),
        ("search: {folder: x}", "line 1: `search:` asks nothing"),
        ("search: {folder: x, cond: y}", "line 1: a search has no `cond:`"),
        ("search: {folder: x, query: [y]}", "line 1: `query:` must be a text"),
        ("search: {folder: x, query: y}", "x is not downloaded yet: run `trialkit"),
        ("records: a\nsearch: {folder: x, query: y}", "exclude each other"),
    ],
)
def test_a_mistake_in_a_search_is_told_with_its_line(folder, text, told):
    path = folder / "r.yml"
    path.write_text(f"{text}\nreports:\n- {{name: demo}}\n")
    with pytest.raises(ReportError, match=told):
        read_catalogue(path, engine="embedded")


def test_a_catalogue_without_a_search_has_nothing_to_update(folder, update):
    (folder / "reports" / "reports.yml").write_text("reports:\n- {name: demo}\n")
    assert read_searches() == []
    status, _, told, _ = update("--update")
    assert (status, told) == (
        1,
        ["error: the catalogue names no search, so nothing is to update"],
    )
