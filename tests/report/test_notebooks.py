"""The notebooks that ship: no outputs, no definitions, one checked parameters cell."""

import ast
import json
from pathlib import Path

import pytest

import trialkit as tk
from trialkit.figures import FIGURES
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


def test_there_is_a_landscape_notebook():
    assert "landscape" in {path.stem for path in NOTEBOOKS}


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
    shown = set().union(*map(shown_by, ("landscape", *TOPICS)))
    assert {*FIGURES, *TABLES} == shown


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_shows_more_of_its_subject_than_the_landscape(name):
    assert shown_by(name) - shown_by("landscape")


@pytest.mark.parametrize("name", ["landscape", *TOPICS, "explore"])
def test_every_filter_of_select_is_a_parameter_and_passed_on(name):
    content = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    known = read_parameters(content, name=name)
    filters = {name for name, parameter in known.items() if parameter.is_filter}
    # The notebooks of reports leave out trials without cells by a switch of their own.
    assert filters == set(FILTERS) - {"cell_trials"}
    assert all(f'"{one}": {one},' in "\n".join(code_of(content)) for one in filters)


@pytest.mark.parametrize("name", TOPICS)
def test_topics_take_the_parameters_of_the_landscape(name):
    def taken(stem):
        content = json.loads((FOLDER / f"{stem}.ipynb").read_text(encoding="utf-8"))
        known = read_parameters(content, name=stem)
        return {key: parameter.type for key, parameter in known.items()}

    assert taken(name) == taken("landscape")


def test_topics_share_beginning_and_end_and_nothing_else():
    """Only opening and closing may be alike; what repeats belongs in the library."""
    seen = {}
    for name in TOPICS:
        content = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
        for source in code_of(content)[2:-1]:
            assert source not in seen, f"{name} repeats a cell of {seen.get(source)}"
            seen[source] = name
