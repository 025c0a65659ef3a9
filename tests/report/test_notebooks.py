"""The notebooks that ship: no outputs, no definitions, one checked parameters cell."""

import ast
import json
from pathlib import Path

import pytest

import trialkit as tk
from tests.examples import example_trials
from trialkit.figures import FIGURES
from trialkit.report.display import collect
from trialkit.report.parameters import read_parameters
from trialkit.tables import TABLES
from trialkit.tidy.select.filters import FILTERS

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def code_of(notebook):
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return ["".join(cell["source"]) for cell in cells]


def calls_of(notebook):
    """Yield every call of a trialkit function as its syntax tree."""
    for source in code_of(notebook):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id == "tk":
                    yield node


def test_there_are_a_landscape_and_a_supplement():
    assert {"landscape", "supplement"} <= {path.stem for path in NOTEBOOKS}


def test_no_outputs_or_counts_are_committed(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_the_kernel_is_named_python3(notebook):
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_front_matter_comes_first_and_parameters_second(notebook):
    first, second = notebook["cells"][:2]
    assert first["cell_type"] == "raw"
    assert "".join(first["source"]).startswith("---\n")
    assert second["metadata"]["tags"] == ["parameters"]


def test_every_parameter_says_what_it_means(notebook):
    parameters = read_parameters(notebook, name="the notebook")
    assert all(parameter.meaning for parameter in parameters.values())


def test_a_notebook_is_prose_parameters_and_calls(notebook):
    for source in code_of(notebook):
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(
                node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.Lambda
            ), source


def test_every_call_is_of_a_public_name(notebook):
    names = {call.func.attr for call in calls_of(notebook)}
    assert names <= set(tk.__all__)


def test_every_exhibit_exists_and_is_shown_once(notebook):
    shown = [
        call.args[0].value for call in calls_of(notebook) if call.func.attr == "present"
    ]
    assert set(shown) <= {*FIGURES, *TABLES}
    assert len(shown) == len(set(shown))


#: Reports on one topic, each deeper than its section of the landscape.
TOPICS = ("routes", "cell_sources", "enrollment", "timelines")


def shown_by(name):
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    return {known for known in (*FIGURES, *TABLES) if f'\\"{known}\\"' in text}


def test_every_figure_and_table_is_shown_by_some_report():
    shown = set().union(*map(shown_by, ("landscape", "supplement", *TOPICS)))
    # What stands for a figure where no trial gives cells.
    shown |= {figure.without_cells for figure in FIGURES.values()} - {"", None}
    assert {*FIGURES, *TABLES} == shown


def presented(name):
    """Return what a notebook shows: figure or table, by name."""
    content = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    calls = [call for call in calls_of(content) if call.func.attr == "present"]
    return {
        (call.args[0].value, any(word.arg == "as_table" for word in call.keywords))
        for call in calls
    }


def test_the_supplement_repeats_nothing_of_the_landscape():
    assert not presented("supplement") & presented("landscape")


#: What the landscape leaves to the supplement.
LEFT = (
    "trials characteristics conditions products devices regimens doses_by_route "
    "sponsors cities completeness conflicts unread label_accuracy vocabulary evidence "
    "accuracy_by_label own_labels overrides changes schedule_changes excluded "
    "possible_twins glossary build"
).split()


def test_the_supplement_holds_what_the_landscape_leaves_out():
    assert set(LEFT) <= shown_by("supplement")
    text = (FOLDER / "supplement.ipynb").read_text(encoding="utf-8")
    for made in ("cards(", "methods(", "limits(", "attribution(", "notice_box("):
        assert made in text


def test_landscape_and_supplement_name_each_other():
    text = (FOLDER / "supplement.ipynb").read_text(encoding="utf-8")
    assert "[landscape.html](landscape.html)" in text
    for data in (example_trials(), example_trials().select(phase="Phase 4")):
        assert "[supplement.html](supplement.html)" in tk.report.how_made(data)


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_shows_more_of_its_subject_than_the_landscape(name):
    assert shown_by(name) - shown_by("landscape")


@pytest.mark.parametrize("name", ["landscape", "supplement", *TOPICS, "explore"])
def test_every_filter_of_select_is_a_parameter_and_passed_on(name):
    content = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    known = read_parameters(content, name=name)
    filters = {name for name, parameter in known.items() if parameter.is_filter}
    # The notebooks of reports leave out trials without cells by a switch of their own.
    assert filters == set(FILTERS) - {"cell_trials"}
    assert all(f'"{one}": {one},' in "\n".join(code_of(content)) for one in filters)


@pytest.mark.parametrize("name", ["supplement", *TOPICS])
def test_reports_take_the_parameters_of_the_landscape(name):
    def taken(stem):
        content = json.loads((FOLDER / f"{stem}.ipynb").read_text(encoding="utf-8"))
        known = read_parameters(content, name=stem)
        return {key: parameter.type for key, parameter in known.items()}

    # What compares with an earlier state takes one besides, and cards can be left out.
    own = {"previous": "str", "include_cards": "bool"}
    shared = {key: kind for key, kind in taken("landscape").items() if key not in own}
    assert taken(name).items() >= shared.items()
    assert taken(name).items() - taken("landscape").items() <= own.items()


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_answers_first_with_four_small_charts(name):
    content = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    first = ast.parse(code_of(content)[2]).body
    answers, *charts = [line.value for line in first]
    assert answers.func.attr == "show_answers"
    assert [FIGURES[call.args[0].value].is_half for call in charts] == [True] * 4
    assert code_of(content)[-1] == (
        "tk.report.close(chosen, as_of=cutoff, search=search)"
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_runs_from_top_to_bottom_without_a_warning(name, close_figures):
    """A warning is an error here; landscape and supplement run in `test_recount`."""
    content = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    records = [str(path) for path in sorted(tk.example_path().glob("*.json"))[::12]]
    scope = {}
    with collect() as shown:
        for number, source in enumerate(code_of(content)):
            exec(source, scope)
            if number == 0:
                scope |= {"records": records, "as_of": "2026-06-30"}
    labels = [piece.facts.get("label", "") for piece in shown]
    assert 0 < len(scope["chosen"]) <= len(records)
    assert shown[0].facts["kind"] == "title"
    wanted = len(presented(name)) // 2
    assert sum(label.startswith(("fig-", "tbl-")) for label in labels) > wanted


def test_topics_share_beginning_and_end_and_nothing_else():
    """Only opening and closing may be alike; what repeats belongs in the library."""
    seen = {}
    for name in TOPICS:
        content = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
        for source in code_of(content)[2:-1]:
            assert source not in seen, f"{name} repeats a cell of {seen.get(source)}"
            seen[source] = name
