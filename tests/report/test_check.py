"""A report made again is the same, byte by byte, or it is told why not."""

import json
import shutil

import pytest

from tests.sample_report import code, source_notebook
from trialkit.errors import ReportError
from trialkit.report.check import check_report
from trialkit.report.run import run_report

pytestmark = pytest.mark.slow

CELLS = """\
import matplotlib.pyplot as plt
from trialkit.report.display import show_figure, show_text, show_title

show_title(title, as_of="2026-06-30", facts={"Files": str(len(records))})
show_text("# Words", open(records[0]).read())
axes = plt.figure(figsize=(4, 2)).add_subplot()
axes.bar(["a", "b"], [1, 2])
show_figure(axes, label="fig-bars", caption="Bars.", alt="Two bars.")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace with one record and the report of it."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "demo.ipynb").write_text(source_notebook(code(CELLS)))
    (folder / "a.txt").write_text("a record")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run_report("demo", records="a.txt", out="out", engine="embedded")
    return folder


@pytest.fixture
def folder(made, tmp_path, monkeypatch):
    """The workspace at another place, where everything must come out the same."""
    shutil.copytree(made, tmp_path / "moved")
    monkeypatch.chdir(tmp_path / "moved")
    return tmp_path / "moved"


def test_the_same_records_and_parameters_give_the_same_bytes(folder):
    assert check_report("out") == []


def test_an_input_that_changed_is_named_before_the_files_that_differ(folder):
    (folder / "a.txt").write_text("another record")
    findings = check_report("out")
    assert findings[0].startswith("input a.txt has changed: its SHA-256 was ")
    assert set(findings[1:]) == {
        f"demo.{kind} comes out different" for kind in ("html", "pdf", "ipynb")
    }


def test_what_made_the_report_is_compared_too(folder):
    path = folder / "out" / "report.json"
    facts = json.loads(path.read_text())
    facts["versions"]["typst"] = "0.1"
    facts["notebook"]["sha256"] = facts["code"] = "0"
    path.write_text(json.dumps(facts))
    (folder / "out" / "demo.html").write_text("edited")
    (folder / "out" / "demo.pdf").unlink()
    findings = check_report("out")
    assert findings[0] == "the notebook demo has changed"
    assert findings[1].startswith("typst was 0.1 and is ")
    assert findings[2:] == [
        "the code, vocabularies, rules, brand or report settings have changed",
        "demo.html was changed after it was made",
        "demo.pdf is gone",
    ]


def test_a_report_whose_input_is_gone_cannot_be_made_again(folder):
    (folder / "a.txt").unlink()
    with pytest.raises(ReportError, match="cannot be made again: no such file"):
        check_report("out")


def test_what_has_changed_is_told_where_it_cannot_be_made_again(folder):
    def fail(*_, **__):
        raise ReportError("no record in it")

    (folder / "a.txt").write_text("another record")
    told = r"^out cannot be made again: no record in it; input a\.txt has changed: "
    with pytest.raises(ReportError, match=told):
        check_report("out", execute=fail)


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_a_folder_without_a_report_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / "report.json").write_text(content)
    with pytest.raises(ReportError, match=r"report\.json"):
        check_report(tmp_path)
