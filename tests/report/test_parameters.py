"""A notebook's parameters are read by Python's grammar and checked by type."""

from pathlib import Path

import pytest

from trialkit.errors import ParameterError
from trialkit.report.parameters import (
    Parameter,
    check_values,
    parse_values,
    read_parameters,
)

CELL = """\
# Which records to read.
records: list[str] = []  # files or folders
title: str = "A = B # not a comment"  # title of the report
n_top: int = 40  # rows of the strip
share: float = 0.5
cell_trials_only: bool = True  # leave out the rest
"""


def notebook(*sources, tags=("parameters",)):
    cells = [{"cell_type": "raw", "metadata": {}, "source": "---\ntitle: x\n---"}]
    cells += [
        {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source}
        for source in sources
    ]
    return {"cells": cells}


TAKES = read_parameters(notebook(CELL), name="demo")


def test_names_types_defaults_and_meanings_are_read():
    assert list(TAKES.values()) == [
        Parameter("records", "list[str]", [], "files or folders"),
        Parameter("title", "str", "A = B # not a comment", "title of the report"),
        Parameter("n_top", "int", 40, "rows of the strip"),
        Parameter("share", "float", 0.5, ""),
        Parameter("cell_trials_only", "bool", True, "leave out the rest"),
    ]


def test_a_source_given_as_lines_is_read_alike():
    lines = CELL.splitlines(keepends=True)
    assert read_parameters(notebook(lines), name="demo") == TAKES


@pytest.mark.parametrize(
    "line",
    [
        "n = 3",
        "n: int",
        "n: int = 1 + 2",
        "n: int = True",
        "n: int = '3'",
        "n: str | None = None",
        "n: 'str' = 'a'",
        "n: list = []",
        "n: list[str] = [1]",
        "import os",
        "derived: str = title",
    ],
)
def test_a_line_of_another_form_is_refused(line):
    with pytest.raises(ParameterError, match="every line must be") as caught:
        read_parameters(notebook(CELL + line), name="demo")
    assert f"`{line}`" in str(caught.value)


def test_a_cell_that_is_not_python_is_refused():
    with pytest.raises(ParameterError, match="line 1"):
        read_parameters(notebook("n: int ="), name="demo")


def test_a_notebook_without_a_parameters_cell_is_refused():
    with pytest.raises(ParameterError, match="demo has no cell tagged `parameters`"):
        read_parameters(notebook(CELL, tags=()), name="demo")


def test_two_parameters_cells_are_refused():
    with pytest.raises(ParameterError, match="demo has 2 cells"):
        read_parameters(notebook(CELL, CELL), name="demo")


def test_values_of_the_right_type_pass():
    given = {"records": (Path("a"), "b"), "n_top": 3, "share": 1, "title": "x"}

    assert check_values(TAKES, given, name="demo") == {
        "records": ["a", "b"],
        "n_top": 3,
        "share": 1.0,
        "title": "x",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("records", "a"),
        ("records", [1]),
        ("n_top", "3"),
        ("n_top", True),
        ("n_top", 3.0),
        ("share", float("nan")),
        ("share", "0.5"),
        ("cell_trials_only", 1),
        ("title", None),
    ],
)
def test_a_value_of_another_type_is_refused(key, value):
    with pytest.raises(ParameterError, match=f"{key} must be"):
        check_values(TAKES, {key: value}, name="demo")


def test_one_message_names_all_that_is_wrong_and_the_nearest_name():
    with pytest.raises(ParameterError) as caught:
        check_values(TAKES, {"recods": [], "n_top": "x", "zzz": 1}, name="demo")

    assert str(caught.value) == (
        "recods is not a parameter of demo; did you mean records?;"
        " n_top must be int, not 'x'; zzz is not a parameter of demo;"
        " it takes records, title, n_top, share, cell_trials_only"
    )


CHOOSY = read_parameters(
    notebook(
        'paper: str = "a4"  # paper size; one of a4 or us-letter\n'
        'side: str = "long"  # one of long, short, none; more words\n'
        'as_of: str = ""  # a date, such as 2026-06-30; empty: the newest\n'
    ),
    name="demo",
)


def test_a_meaning_lists_the_values_that_are_possible():
    assert CHOOSY["paper"].choices == ("a4", "us-letter")
    assert CHOOSY["side"].choices == ("long", "short", "none")
    assert CHOOSY["as_of"].choices == ()


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("paper=a3", "paper must be a4 or us-letter, not 'a3'"),
        ("paper=", "paper must be a4 or us-letter, not ''"),
        ("as_of=soon", "as_of must be a day such as 2026-06-30, not 'soon'"),
        ("as_of=2026-06", "as_of must be a day such as 2026-06-30, not '2026-06'"),
        ("as_of=2026-02-30", "as_of must be a day such as"),
    ],
)
def test_an_impossible_value_is_refused(pair, message):
    with pytest.raises(ParameterError, match=message):
        parse_values(CHOOSY, [pair], name="demo")
    key, _, value = pair.partition("=")
    with pytest.raises(ParameterError, match=message):
        check_values(CHOOSY, {key: value}, name="demo")


def test_a_possible_value_and_the_default_pass():
    given = {"paper": "us-letter", "side": "none", "as_of": "2024-02-29"}
    assert check_values(CHOOSY, given, name="demo") == given
    assert check_values(CHOOSY, {"as_of": ""}, name="demo") == {"as_of": ""}


def test_texts_become_typed_values():
    pairs = ["records=a", "records=b=c", "n_top=3", "share=1e-2"]
    pairs += ["cell_trials_only=No", "title="]

    assert parse_values(TAKES, pairs, name="demo") == {
        "records": ["a", "b=c"],
        "n_top": 3,
        "share": 0.01,
        "cell_trials_only": False,
        "title": "",
    }


def test_a_list_may_be_json():
    assert parse_values(TAKES, ['records=["a, b", "c"]'], name="demo") == {
        "records": ["a, b", "c"]
    }


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("n_top", "not of the form key=value"),
        ("=3", "'=3' is not of the form key=value"),
        ("n_top=3.5", "n_top must be int"),
        ("share=inf", "share must be float"),
        ("cell_trials_only=maybe", "must be bool"),
        ("records=[1]", r"records must be list\[str\]"),
        ("nothing=1", "nothing is not a parameter"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(pair, message):
    with pytest.raises(ParameterError, match=message):
        parse_values(TAKES, [pair], name="demo")


def test_a_key_given_twice_is_refused_unless_it_is_a_list():
    with pytest.raises(ParameterError, match="title is given twice"):
        parse_values(TAKES, ["title=a", "title=b"], name="demo")


FILTERING = read_parameters(
    notebook(
        "route: list[str] = []  # keep trials with these routes; empty: all\n"
        "has_results: bool | None = None  # keep trials with results; null: all\n"
        'city: str = ""  # where I live\n'
    ),
    name="demo",
)


def test_a_meaning_says_which_parameters_choose_trials():
    assert [p.name for p in FILTERING.values() if p.is_filter] == [
        "route",
        "has_results",
    ]


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("false", False), ("null", None), ("", None)]
)
def test_a_yes_or_no_may_be_left_open(text, value):
    pairs = [f"has_results={text}"]
    assert parse_values(FILTERING, pairs, name="demo") == {"has_results": value}
    given = {"has_results": value}
    assert check_values(FILTERING, given, name="demo") == given


@pytest.mark.parametrize("value", [1, "perhaps"])
def test_what_is_neither_yes_nor_no_is_refused(value):
    with pytest.raises(ParameterError, match="has_results must be true or false"):
        check_values(FILTERING, {"has_results": value}, name="demo")


def test_one_text_stands_for_a_list_of_one_where_it_is_a_filter():
    checked = check_values(FILTERING, {"route": "IV"}, name="demo")
    assert checked == {"route": ["IV"]}
