"""Quarto is called as it must be, and what it only warns of is an error.

The tests call a stand-in that notes its arguments; test_render_engines.py calls Quarto.
"""

import json
import shutil
import sys
from datetime import UTC, datetime

import pytest
import yaml

from tests.sample_report import code, markdown, notebook, text, title
from trialkit.errors import ReportError
from trialkit.report.render.engine import choose
from trialkit.report.render.prepare import prepare
from trialkit.report.render.quarto import Quarto, find_quarto
from trialkit.workspace import reports_dir

STAND_IN = """\
#!{python}
import json, os, sys
from pathlib import Path

log = Path({log!r})
calls = json.loads(log.read_text()) if log.exists() else []
calls.append({{"arguments": sys.argv[1:], "folder": os.getcwd(),
              "dated": os.environ.get("SOURCE_DATE_EPOCH"),
              "files": sorted(str(p) for p in Path(".").rglob("*") if p.is_file())}})
if Path("report.ipynb").exists():
    calls[-1]["notebook"] = json.loads(Path("report.ipynb").read_text())
log.write_text(json.dumps(calls))
if sys.argv[1:] == ["--version"]:
    print({version!r})
    sys.exit()
target = sys.argv[sys.argv.index("--to") + 1]
kind = {{"html": "html", "typst": "pdf"}}[target]
print({says!r}, file=sys.stderr)
if {writes!r}:
    Path("report." + kind).write_text({page!r} or "made " + kind)
sys.exit({status!r})
"""


@pytest.fixture
def stand_in(tmp_path):
    """Make a program that behaves like Quarto, and return it with its log."""

    def make(
        *, says="Output created", writes=True, page="", status=0, version="1.10.18"
    ):
        program, log = tmp_path / "quarto", tmp_path / "calls.json"
        program.write_text(
            STAND_IN.format(
                python=sys.executable,
                log=str(log),
                says=says,
                writes=writes,
                page=page,
                status=status,
                version=version,
            )
        )
        program.chmod(0o755)
        return program, lambda: json.loads(log.read_text())

    return make


SAMPLE = notebook(markdown("# A"))


def test_a_finding_stands_above_the_number_of_its_figure_on_the_page(
    stand_in, tmp_path
):
    start = '<figcaption class="x" id="fig-a-caption">\n'
    rest = "Trials by route. <strong>N = 2.</strong></figcaption>"
    box = '<div aria-describedby="fig-a-caption">'
    theirs = f"{start}Figure&nbsp;1: <strong>Half: a vein</strong> {rest}{box}"
    plain = "<figcaption>\nTable&nbsp;1: Routes: <em>a</em> <strong>b</strong>"
    program, _ = stand_in(page=theirs + plain)
    made = Quarto(program).render(SAMPLE, ("html", "pdf"), folder=tmp_path)

    ours = f"{start}<strong>Half: a vein</strong> Figure&nbsp;1: {rest}"
    # The box is reached by the keyboard, as it may scroll.
    reached = box.replace("<div ", '<div tabindex="0" ')
    assert made["html"].decode() == ours + reached + plain
    assert made["pdf"].decode() == theirs + plain


def test_each_format_is_rendered_without_executing(stand_in, tmp_path):
    program, calls = stand_in()
    made = Quarto(program).render(SAMPLE, ("html", "pdf"), folder=tmp_path)

    assert made == {"html": b"made html", "pdf": b"made pdf"}
    assert [call["arguments"] for call in calls()] == [
        ["render", "report.ipynb", "--to", "html"],
        ["render", "report.ipynb", "--to", "typst"],
    ]


def test_quarto_gets_every_text_as_a_list_of_its_lines(stand_in, tmp_path):
    program, calls = stand_in()
    nb = notebook(markdown("# A\n\nB."), code("x\ny", text("One.\n\nTwo.")))
    Quarto(program).render(nb, ("html",), folder=tmp_path)

    first, second = calls()[0]["notebook"]["cells"]
    assert first["source"] == ["# A\n", "\n", "B."]
    assert second["source"] == ["x\n", "y"]
    assert second["outputs"][0]["data"]["text/markdown"] == ["One.\n", "\n", "Two."]


def test_the_pdf_is_dated_to_the_data_cut_off(stand_in, tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    program, calls = stand_in()
    dated = prepare(notebook(code("show_title()", title(date="2026-06-30"))))
    Quarto(program).render(dated, ("pdf",), folder=tmp_path)
    Quarto(program).render(SAMPLE, ("pdf",), folder=tmp_path)

    day = datetime(2026, 6, 30, tzinfo=UTC)
    assert [call["dated"] for call in calls()] == [f"{day.timestamp():.0f}", None]


def test_it_works_in_a_folder_of_its_own_that_is_gone_afterwards(stand_in, tmp_path):
    program, calls = stand_in()
    Quarto(program).render(SAMPLE, ("html",), folder=tmp_path)

    (call,) = calls()
    assert {"_brand.yml", "_quarto.yml", "report.scss", "report.ipynb"} <= set(
        call["files"]
    )
    assert "fonts/SourceSansPro-Regular.ttf" in call["files"]
    assert not shutil.os.path.exists(call["folder"])
    assert not (tmp_path / "report.html").exists()


def test_the_settings_of_a_workspace_come_first(stand_in, tmp_path):
    program, calls = stand_in()
    (tmp_path / "reports").mkdir()
    (tmp_path / "notebooks").mkdir()
    for name in ("_quarto.yml", "mine.scss", "notes.txt"):
        (tmp_path / "reports" / name).write_text("")
    Quarto(program).render(SAMPLE, ("html",), folder=tmp_path / "notebooks")

    names = {n for n in calls()[0]["files"] if not n.startswith("fonts/")}
    look = {"look.typ", "report.json"}
    assert names - look == {"_quarto.yml", "mine.scss", "report.ipynb"}
    assert look <= names


def test_a_brand_named_by_the_environment_is_taken(stand_in, tmp_path, monkeypatch):
    program, calls = stand_in()
    (tmp_path / "mine.yml").write_text((reports_dir() / "_brand.yml").read_text())
    monkeypatch.setenv("TRIALKIT_BRAND", str(tmp_path / "mine.yml"))
    Quarto(program).render(SAMPLE, ("html",), folder=tmp_path)

    assert "_brand.yml" in calls()[0]["files"]
    assert "mine.yml" not in calls()[0]["files"]


def test_images_of_the_text_are_taken_along_but_not_from_elsewhere(stand_in, tmp_path):
    program, calls = stand_in()
    (tmp_path / "img").mkdir()
    folder = tmp_path / "notebooks"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a.png").write_text("")
    (tmp_path / "b.png").write_text("")
    nb = notebook(markdown("![a](img/a.png) ![b](../b.png)"))
    Quarto(program).render(nb, ("html",), folder=folder)

    assert [n for n in calls()[0]["files"] if n.endswith(".png")] == ["img/a.png"]


@pytest.mark.parametrize(
    "says",
    [
        "[WARNING] Citeproc: citation x not found",
        "\x1b[33mWARN: Unable to resolve link target: b.md\x1b[39m",
        "Unable to resolve crossref @fig-x",
    ],
)
def test_a_warning_is_an_error_that_says_it(stand_in, tmp_path, says):
    program, _ = stand_in(says=says)
    with pytest.raises(ReportError, match=r"quarto \(html\): .*") as caught:
        Quarto(program).render(SAMPLE, ("html",), folder=tmp_path)
    assert "\x1b" not in str(caught.value)


def test_a_warning_that_begins_with_its_place_is_told_by_its_words(stand_in, tmp_path):
    says = "\x1b[33mWARNING (/opt/filters/./ast.lua:340) \nThe string was found: :::\n"
    program, _ = stand_in(says=says)
    with pytest.raises(ReportError) as caught:
        Quarto(program).render(SAMPLE, ("html",), folder=tmp_path)
    assert str(caught.value) == "quarto (html): WARNING The string was found: :::"


def test_a_failure_is_told_by_its_last_lines(stand_in, tmp_path):
    program, _ = stand_in(says="first\nsecond\nlast words", status=1)
    with pytest.raises(ReportError, match=r"quarto \(pdf\): second; last words"):
        Quarto(program).render(SAMPLE, ("pdf",), folder=tmp_path)


def test_no_file_is_a_failure(stand_in, tmp_path):
    program, _ = stand_in(writes=False)
    with pytest.raises(ReportError, match="wrote no file"):
        Quarto(program).render(SAMPLE, ("html",), folder=tmp_path)


def test_the_version_is_asked_for_once(stand_in):
    program, _ = stand_in()

    assert Quarto(program).versions() == {"quarto": "1.10.18"}
    program.unlink()
    assert Quarto(program).versions() == {"quarto": "1.10.18"}


def test_quarto_path_comes_before_path(stand_in, tmp_path, monkeypatch):
    program, _ = stand_in()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    assert find_quarto() == program

    other = tmp_path / "other"
    shutil.copy(program, other)
    monkeypatch.setenv("QUARTO_PATH", str(other))
    assert find_quarto() == other
    assert choose("auto").name == choose("quarto").name == "quarto"
    assert choose("embedded").name == "embedded"


def test_a_quarto_too_old_is_passed_over_or_told(stand_in, tmp_path, monkeypatch):
    stand_in(version="1.8.27")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("QUARTO_PATH", raising=False)

    assert choose("auto").name == "embedded"
    with pytest.raises(ReportError, match=r"quarto is 1\.8\.27; reports need 1\.9"):
        choose("quarto")


@pytest.mark.parametrize("version", ["1.9.38", "1.10.0", "2.0", "99.9.9", ""])
def test_a_newer_quarto_or_one_that_says_no_number_is_taken(stand_in, version):
    program, _ = stand_in(version=version)

    assert Quarto(program).is_recent()


def test_a_quarto_path_to_nothing_is_told(monkeypatch):
    monkeypatch.setenv("QUARTO_PATH", "nowhere/quarto")
    with pytest.raises(ReportError, match="QUARTO_PATH is nowhere/quarto"):
        find_quarto()


def test_without_quarto_auto_is_embedded(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("QUARTO_PATH", raising=False)

    assert choose("auto").name == "embedded"
    with pytest.raises(ReportError, match="quarto is not on the PATH"):
        choose("quarto")


def test_the_settings_never_execute_and_load_nothing():
    settings = yaml.safe_load((reports_dir() / "_quarto.yml").read_text())

    assert settings["execute"] == {"enabled": False, "echo": False, "warning": False}
    assert settings["format"]["html"]["embed-resources"] is True
    assert settings["format"]["html"]["html-math-method"] == "mathml"
    assert set(settings["format"]) == {"html", "typst"}
    for options in settings["format"].values():
        assert options["html-table-processing"] == "none"
    assert settings["number-sections"] is True
    # The PDF is not called `report.pdf`, as Quarto would have it.
    assert settings["format"]["html"]["format-links"] is False


def test_the_settings_name_files_that_stand_beside_them():
    settings = yaml.safe_load((reports_dir() / "_quarto.yml").read_text())
    named = [
        *settings["filters"],
        *settings["brand"].values(),
        *settings["format"]["html"]["theme"][1:],
        *settings["format"]["typst"]["template-partials"],
    ]

    named.remove("quarto")  # its own filters, between ours
    assert len(named) == 5
    for name in named:
        assert (reports_dir() / name).is_file()
