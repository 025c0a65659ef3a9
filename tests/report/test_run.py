"""A report comes whole or not at all, and says beforehand what is wrong."""

import json
import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.sample_report import (
    PARAMETERS,
    code,
    executed_sample,
    markdown,
    notebook,
    raw,
    source_notebook,
)
from trialkit import brand
from trialkit.cli import main
from trialkit.errors import (
    MissingExtraError,
    ParameterError,
    ReportError,
    TrialDataError,
    TrialkitError,
)
from trialkit.report import plan
from trialkit.report.plan import find_notebook, plan_report
from trialkit.report.render.embedded import Embedded
from trialkit.report.run import run_report, write_report
from trialkit.workspace import reports_dir

SHOW = """\
from trialkit.report.display import show_table, show_text, show_title
show_title(title, as_of="2026-06-30", facts={"Files": str(len(records))})
"""

LANDSCAPE = Path(__file__).parents[2] / "notebooks" / "landscape.ipynb"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, with one notebook and one record."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr(plan, "notebooks_dir", lambda: tmp_path / "shipped")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "a.txt").write_text("a record")
    write(tmp_path, code(SHOW), code("show_text(f'There are **{n_rows}** rows.')"))
    return tmp_path


def write(folder, *cells):
    (folder / "notebooks" / "demo.ipynb").write_text(source_notebook(*cells))


def started(*args, **kwargs):
    """Fail a test that comes as far as running the notebook."""
    raise AssertionError("the kernel was started")


def run(name="demo", *, out="out", execute=started, renderer=None, **options):
    """Make a report, but for its run: nothing, or what a test gives."""
    planned = plan_report(name, **options)
    if renderer:
        planned = replace(planned, engine=renderer)
    return write_report(planned, Path(out), execute=execute)


@pytest.mark.slow
def test_a_report_is_its_files_and_a_manifest(folder):
    import nbformat

    made = run_report(
        "demo",
        records="records",
        out="out",
        engine="embedded",
        parameters={"n_rows": 7},
    )

    assert {p.name for p in (folder / "out").iterdir()} == {
        *("demo.html", "demo.pdf", "demo.ipynb", "report.json")
    }
    assert made.paths["pdf"].read_bytes().startswith(b"%PDF")
    page = made.paths["html"].read_text()
    assert "There are <strong>7</strong> rows." in page
    manifest = json.loads(made.manifest.read_text())
    assert manifest["title"] == "Sample: a landscape"
    assert manifest["cut_off"] == "2026-06-30"
    assert manifest["parameters"] == {
        "records": ["records"],
        "n_rows": 7,
        "title": "Sample: a landscape",
    }
    assert manifest["inputs"] == [
        {"file": "records/a.txt", "sha256": sha256(b"a record").hexdigest()}
    ]
    assert manifest["engine"] == made.engine == "embedded"
    assert manifest["versions"]["typst"]
    nbformat.validate(nbformat.read(made.notebook, as_version=4))
    for path in (folder / "out").iterdir():
        assert str(folder).encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o044


def test_a_file_that_is_edited_during_the_run_is_known_as_it_was_before(folder):
    def edit(*_, **__):
        (folder / "records" / "a.txt").write_text("another record")
        return executed_sample()

    made = run(records="records", execute=edit, formats=["html"])

    (known,) = json.loads(made.manifest.read_text())["inputs"]
    assert known["sha256"] == sha256(b"a record").hexdigest()


class Stub(Embedded):
    """A renderer that writes the name of each format."""

    def render(self, notebook, formats, *, folder):
        return {kind: kind.encode() for kind in formats}


def ran(*_, **__):
    """Return a notebook that has run."""
    return executed_sample()


def test_a_run_from_other_records_leaves_no_file_of_the_last_one(folder):
    options = {"records": "records", "renderer": Stub(), "execute": ran}
    run(**options, formats=["html"])
    run(**options, formats=["pdf"])
    assert (folder / "out" / "demo.html").is_file()
    (folder / "records" / "a.txt").write_text("another record")
    run(**options, formats=["html"])
    assert not (folder / "out" / "demo.pdf").exists()


@pytest.mark.slow
def test_a_workspaces_brand_is_that_of_figures_and_page(folder, monkeypatch):
    monkeypatch.delenv(brand.VARIABLE, raising=False)
    (folder / "reports").mkdir()
    for file in reports_dir().glob("_*.yml"):
        words = file.read_text().replace('accent: "#0b5a8a"', 'accent: "#123456"')
        (folder / "reports" / file.name).write_text(words)
    write(
        folder,
        code(
            "from trialkit import brand\nprint(brand.color('accent'), 'in the kernel')"
        ),
    )
    made = run_report("demo", out="out", formats=["html"], engine="embedded")

    page = made.paths["html"].read_text()
    assert "#123456 in the kernel" in page
    assert "--accent: #123456" in page
    assert brand.VARIABLE not in os.environ


@pytest.mark.slow
def test_a_failing_cell_leaves_the_last_good_report(folder):
    run_report("demo", out="out", formats=["html"], engine="embedded")
    good = {p.name: p.read_bytes() for p in (folder / "out").iterdir()}
    write(folder, markdown("# A"), code("raise ValueError('bad\\nnews')"))
    with pytest.raises(ReportError) as caught:
        run_report("demo", out="out", formats=["html"], engine="embedded")

    assert str(caught.value).splitlines() == [
        "cell 3 of demo failed: ValueError: bad news",
        "  in: raise ValueError('bad\\nnews')",
        "  as far as it ran: out/demo.failed.ipynb",
    ]
    left = {p.name: p.read_bytes() for p in (folder / "out").iterdir()}
    failed = json.loads(left.pop("demo.failed.ipynb"))
    assert left == good
    assert failed["cells"][-1]["outputs"][0]["ename"] == "ValueError"


def test_an_interrupt_while_files_are_made_leaves_the_last_good_report(folder):
    class Interrupted(Embedded):
        def render(self, notebook, formats, *, folder):
            raise KeyboardInterrupt

    out = folder / "out"
    out.mkdir()
    (out / "demo.html").write_text("the last good one")
    with pytest.raises(KeyboardInterrupt):
        run(formats=["html"], renderer=Interrupted(), execute=ran)

    assert [p.name for p in out.iterdir()] == ["demo.html"]
    assert (out / "demo.html").read_text() == "the last good one"


def test_a_first_run_that_fails_leaves_no_folder(folder):
    def fail(*_, **__):
        raise ReportError("nothing to report")

    with pytest.raises(ReportError, match="nothing to report"):
        run(out="new/out", formats=["html"], execute=fail)
    assert not (folder / "new").exists()


@pytest.mark.slow
def test_records_that_are_none_are_told_in_one_line_by_the_first_cell(folder):
    (folder / "records" / "b.json").write_text('{"studies": [')
    write(folder, code("import trialkit as tk\ntk.load(records)"))
    (folder / "out").mkdir()
    (folder / "out" / "demo.html").write_text("the last good one")
    told = (
        r"^no trial record found: records/b\.json holds no record;"
        r" records/a\.txt: [^\n]*$"
    )
    with pytest.raises(TrialkitError, match=told):
        run_report("demo", records="records", out="out")
    assert [path.name for path in (folder / "out").iterdir()] == ["demo.html"]


@pytest.mark.slow
def test_a_failing_renderer_leaves_the_last_good_report(folder):
    run_report("demo", out="out", formats=["html"], engine="embedded")
    good = {p.name: p.read_bytes() for p in (folder / "out").iterdir()}
    write(folder, markdown("See @fig-gone."))
    with pytest.raises(ReportError, match="@fig-gone refers to nothing"):
        run_report("demo", out="out", formats=["html"], engine="embedded")

    assert {p.name: p.read_bytes() for p in (folder / "out").iterdir()} == good


def test_wrong_parameters_are_told_before_the_kernel_starts(folder):
    with pytest.raises(ParameterError, match=r"row is not a parameter of demo"):
        run(parameters={"row": 1})
    with pytest.raises(ParameterError, match="n_rows must be int, not '3'"):
        run(parameters={"n_rows": "3"})
    with pytest.raises(ParameterError, match="records is given twice"):
        run(records="records", parameters={"records": []})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"formats": ["docx"]}, "formats must be among html, pdf, not docx"),
        ({"formats": []}, "formats must be among"),
        ({"engine": "latex"}, "engine must be among auto, quarto, embedded"),
    ],
)
def test_an_unknown_format_or_engine_is_told(folder, arguments, message):
    with pytest.raises(ParameterError, match=message):
        run(**arguments)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"route": "xyz"}, "route has no 'xyz'; it takes"),
        ({"phase": ["Phse 1"]}, "did you mean Phase 1"),
        ({"country": "Lyon"}, "country has no 'Lyon'"),
        ({"start": "soon"}, "start='soon' is no comparison; write '>=2015'"),
        ({"labels": "colour=blue"}, "labels has no axis 'colour'"),
        ({"ids": "hello"}, "ids has no 'hello'"),
    ],
)
def test_a_filter_that_no_trial_can_pass_is_told_first(folder, parameters, message):
    with pytest.raises(ParameterError, match=message) as caught:
        run(LANDSCAPE, parameters=parameters)
    assert "\n" not in str(caught.value)


def test_a_filter_may_name_what_ones_own_vocabulary_has(folder):
    own = folder / "device.csv"
    own.write_text("id,label,phrases\nMARS,The MARS,mars\n")
    given = {"vocabularies": [own], "labels": "device=the mars"}
    with pytest.raises(AssertionError, match="kernel"):
        run(LANDSCAPE, parameters=given)


def test_records_that_are_not_there_are_told_first(folder):
    with pytest.raises(TrialDataError, match="no such file or folder: recrods"):
        run(records=["recrods"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n", "not text: a PNG image"),
        (b"\x1f\x8b\x08 a gzip of which this is all", "cannot be read: "),
    ],
)
def test_records_that_are_all_unreadable_are_told_first(folder, content, reason):
    (folder / "records" / "a.txt").write_bytes(content)
    (folder / "out").mkdir()
    (folder / "out" / "demo.html").write_text("the last good one")
    told = rf"^no trial record found: records/a\.txt: {reason}[^\n]*$"
    with pytest.raises(TrialDataError, match=told):
        run(records="records")
    assert [path.name for path in (folder / "out").iterdir()] == ["demo.html"]


def test_one_file_of_text_is_enough_to_run_the_notebook(folder):
    (folder / "records" / "0.png").write_bytes(b"\x89PNG\r\n")
    run(records="records", formats=["html"], execute=ran)


def test_a_font_that_is_not_there_is_told_first(folder, monkeypatch):
    words = (reports_dir() / "_brand.yml").read_text().replace("SansPro-It", "Gone")
    (folder / "mine.yml").write_text(words)
    monkeypatch.setenv(brand.VARIABLE, "mine.yml")
    (folder / "out").mkdir()
    (folder / "out" / "demo.html").write_text("the last good one")
    with pytest.raises(TrialDataError, match=r"mine\.yml names the font .*Gone\.ttf"):
        run()
    assert [path.name for path in (folder / "out").iterdir()] == ["demo.html"]


def test_a_folder_of_fonts_that_is_not_there_is_told_first(folder, monkeypatch):
    monkeypatch.setenv("TRIALKIT_FONTS", "my-fonts")
    with pytest.raises(ReportError, match="TRIALKIT_FONTS is my-fonts, which is no f"):
        run()
    assert not (folder / "out").exists()


def test_a_system_without_the_typeface_is_told_first(folder, monkeypatch):
    brand.fonts_of.cache_clear()
    monkeypatch.setattr(brand, "package_folder", lambda name: None)
    with pytest.raises(MissingExtraError, match="the typeface is missing"):
        run()


def test_a_folder_that_cannot_be_written_is_told_first(folder):
    (folder / "file").write_text("")
    with pytest.raises(ReportError, match="cannot write to file"):
        run(out="file")
    with pytest.raises(ReportError, match="cannot write to file/sub"):
        run(out="file/sub")


def test_an_engine_that_is_not_there_is_told_before_a_folder_is_made(
    folder, monkeypatch
):
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    with pytest.raises(ReportError, match="quarto is not on the PATH"):
        run(engine="quarto")
    assert not (folder / "out").exists()


def test_a_notebook_is_found_by_name_or_path(folder):
    by_name = find_notebook("demo")

    assert by_name == find_notebook("notebooks/demo.ipynb")
    assert by_name == find_notebook(by_name.path)
    assert list(by_name.parameters) == ["records", "n_rows", "title"]


def test_a_workspaces_notebook_comes_before_the_one_that_ships(folder):
    shipped = folder / "shipped" / "demo.ipynb"
    shipped.write_text(source_notebook())
    assert find_notebook("demo").path.parent.name == "notebooks"

    (folder / "notebooks" / "demo.ipynb").unlink()
    assert find_notebook("demo").path == shipped


def test_an_unknown_notebook_is_told_with_those_there_are(folder):
    with pytest.raises(
        ReportError, match="no notebook is called 'dmo'; did you mean demo"
    ):
        find_notebook("dmo")
    with pytest.raises(ReportError, match="no notebook is called 'x'; there are demo"):
        find_notebook("x")
    with pytest.raises(ReportError, match=r"no such notebook: gone\.ipynb"):
        find_notebook("gone.ipynb")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "\x89",
        '{"cells": 3, "nbformat": 4}',
        '{"cells": [], "nbformat": 4, "metadata": 3}',
        '{"cells": [3], "nbformat": 4}',
        '{"cells": [{"cell_type": "code"}], "nbformat": 4}',
        '{"cells": [{"cell_type": "code", "source": 3}], "nbformat": 4}',
        '{"cells": [{"cell_type": "code", "source": [3]}], "nbformat": 4}',
        '{"cells": [{"cell_type": "x", "source": ""}], "nbformat": 4}',
    ],
)
def test_a_file_that_is_no_notebook_is_told(folder, content):
    (folder / "x.ipynb").write_bytes(content.encode("latin-1"))
    with pytest.raises(ReportError, match=r"x\.ipynb is not a Jupyter notebook"):
        find_notebook("x.ipynb")


def test_a_notebook_without_parameters_cell_is_told(folder):
    (folder / "x.ipynb").write_text(json.dumps(notebook(code(PARAMETERS), raw(""))))
    with pytest.raises(ParameterError, match="x has no cell tagged `parameters`"):
        run("x.ipynb")


@pytest.mark.slow
def test_a_warning_stands_in_the_page_in_the_manifest_and_in_the_terminal(
    folder, capsys
):
    cell = "import trialkit as tk\ntk.show_title('T', warnings=['Mind <b>'])"
    write(folder, code(cell))
    options = ["--records", "records", "--to", "html", "--out", "out"]
    with pytest.raises(SystemExit) as ended:
        main(["report", "demo", *options])
    assert not ended.value.code
    assert "warning: Mind <b>\n" in capsys.readouterr().err
    assert json.loads((folder / "out/report.json").read_text())["warnings"] == [
        "Mind <b>"
    ]
    page = (folder / "out/demo.html").read_text()
    assert page.index("Mind &lt;b&gt;") > page.index("<h1")
