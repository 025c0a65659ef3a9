"""The catalogue is read whole, and every mistake in it is told with its line."""

import pytest

from tests.sample_report import source_notebook
from trialkit.errors import ParameterError, ReportError
from trialkit.report import plan
from trialkit.report.catalogue import choose_entries, read_catalogue


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, with one notebook and one record."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plan, "notebooks_dir", lambda: tmp_path / "none")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "demo.ipynb").write_text(source_notebook())
    (tmp_path / "a.txt").write_text("a record")
    return tmp_path


def read(folder, text):
    path = folder / "r.yml"
    path.write_text(text)
    return read_catalogue(path, engine="embedded")


def mistakes(folder, text):
    with pytest.raises(ReportError) as caught:
        read(folder, text)
    return str(caught.value).splitlines()[1:]


def test_an_entry_is_a_notebook_with_its_parameters(folder):
    entries = read(
        folder,
        "records: a.txt\n"
        "reports:\n"
        "- name: demo\n"
        "- name: big\n"
        "  notebook: demo\n"
        "  records: [a.txt, notebooks]\n"
        "  formats: html\n"
        "  parameters: {n_rows: 7, title: 2026-06-30}\n",
    )

    assert [entry.name for entry in entries] == ["demo", "big"]
    first, second = (entry.plan for entry in entries)
    assert first.values == {"records": ["a.txt"]}
    assert first.formats == ("html", "pdf")
    assert second.values == {
        "records": ["a.txt", "notebooks"],
        "n_rows": 7,
        "title": "2026-06-30",
    }
    assert second.formats == ("html",)
    assert [path.name for path in second.inputs] == ["a.txt", "demo.ipynb"]


def test_every_mistake_is_told_at_once_with_its_line(folder):
    assert mistakes(
        folder,
        "reports:\n"
        "- name: demo\n"
        "  notebok: demo\n"
        "- name: Big One\n"
        "  notebook: demo\n"
        "- name: demo\n"
        "- notebook: dmo\n"
        "- name: dmo\n"
        "- name: wrong\n"
        "  notebook: demo\n"
        "  parameters:\n"
        "    n_rows: many\n"
        "    row: 1\n"
        "- name: gone\n"
        "  notebook: demo\n"
        "  records: nowhere\n"
        "  formats: [docx]\n"
        "- 3\n",
    ) == [
        "  line 3: a report has no `notebok:`; known are name, notebook, records,"
        " search, parameters, formats",
        "  line 4: name 'Big One' must be lower-case letters, digits, -, _",
        "  line 6: the name demo stands twice",
        "  line 7: `name:` must be a word",
        "  line 8: dmo: no notebook is called 'dmo'; did you mean demo?",
        "  line 12: wrong: n_rows must be int, not 'many'; row is not a parameter of"
        " demo; did you mean n_rows?",
        "  line 14: gone: formats must be among html, pdf, not docx",
        "  line 18: `name:` must be a word",
        "  line 18: a report must be `name: value` lines",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "  line 1: the catalogue must be `name: value` lines"),
        ("reports: []", "  line 1: `reports:` must list at least one report"),
        ("reports:\n- {name: a, name: a}", "  line 2: `name:` stands twice"),
        ("reports:\n- {name: [demo]}", "  line 2: `name:` must be a word"),
        (
            "reports:\n- name: demo\n  parameters: [1]",
            "  line 3: parameters must be `name: value` lines",
        ),
        (
            "reports:\n- name: demo\n  records: [1]",
            "  line 3: must be a text or a list of texts",
        ),
        (
            "reports:\n- name: demo\n  records: 3",
            "  line 3: must be a text or a list of texts",
        ),
        (
            "reports:\n- name: demo\n  parameters: {title: 2026-99-99}",
            "  line 3: a value that cannot be read",
        ),
    ],
)
def test_a_broken_catalogue_is_told(folder, text, told):
    assert told in mistakes(folder, text)


def test_a_file_that_is_no_yaml_is_told_with_its_line(folder):
    with pytest.raises(ReportError, match=r"r\.yml is not YAML: line 3: "):
        read(folder, "reports:\n- name: a\n  b: : c\n")
    with pytest.raises(ReportError, match=r"r\.yml is not YAML: .*#x0001[^\n]*$"):
        read(folder, "reports:\n- name: \x01\n")
    with pytest.raises(ReportError, match=r"none\.yml: No such file"):
        read_catalogue(folder / "none.yml")
    (folder / "r.yml").write_bytes(b"\xff")
    with pytest.raises(ReportError, match="is not UTF-8 text"):
        read_catalogue(folder / "r.yml")


def test_a_workspaces_catalogue_comes_before_the_one_that_ships(folder):
    (folder / "reports").mkdir()
    (folder / "reports" / "reports.yml").write_text("reports: [{name: demo}]")
    assert [entry.name for entry in read_catalogue()] == ["demo"]


def test_the_catalogue_that_ships_is_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "landscape" in {entry.name for entry in read_catalogue()}


def test_an_entry_names_every_filter_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (
        "reports:\n- {name: one, notebook: landscape, parameters: {title: A, "
        "phase: [PHASE1, PHASE2], has_results: false, cell_trials_only: false}}\n"
        "- {name: two, notebook: landscape}\n"
    )
    one, two = read(tmp_path, text)
    assert one.filters == {
        "Phase": "PHASE1, PHASE2",
        "Has results": "no",
        "Cell trials only": "no",
    }
    assert two.filters == {}


def test_entries_are_chosen_by_name(folder):
    entries = read(folder, "reports: [{name: demo}, {name: other, notebook: demo}]")
    assert choose_entries(entries, ()) == entries
    assert choose_entries(entries, ("other",)) == entries[1:]
    with pytest.raises(ParameterError, match="called othr; did you mean other"):
        choose_entries(entries, ("othr",))
    with pytest.raises(ParameterError, match="called x; it has demo, other"):
        choose_entries(entries, ("x",))
