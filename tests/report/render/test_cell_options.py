"""`#|` lines and tags mean what they mean to Quarto."""

import pytest

from trialkit.errors import ReportError
from trialkit.report.render.cell_options import cell_options, join_source, split_source


def test_options_are_the_first_lines():
    source = '#| label: fig-a\n#| fig-cap: "A: b"\nplot()\n# not an option'

    assert split_source(source, where="cell 1") == (
        {"label": "fig-a", "fig-cap": "A: b"},
        "plot()\n# not an option",
    )


def test_a_cell_without_options_is_all_code():
    assert split_source("x = 1", where="cell 1") == ({}, "x = 1")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("#| figcap: a\n1", "cell 4: unknown cell option figcap"),
        ("#| code-fold: true\n1", "unknown cell option code-fold"),
        ("#| fig-cap: Trials: by route\n1", "quote a value with a colon"),
        ("#| just words\n1", "are not `name: value`"),
        ("#| [\n1", "are not `name: value`"),
        ("# a comment\n#| label: fig-a\n1", "must stand among the first lines"),
    ],
)
def test_lines_that_quarto_would_not_follow_are_refused(source, message):
    with pytest.raises(ReportError, match=message):
        split_source(source, where="cell 4")


def test_what_one_caller_does_to_options_is_not_seen_by_the_next():
    source = "#| label: fig-a\nplot()"
    options, _ = split_source(source, where="cell 1")
    options["label"] = "fig-b"

    assert split_source(source, where="cell 1")[0] == {"label": "fig-a"}


def test_values_come_back_quoted():
    options = {"label": "fig-a", "fig-cap": 'A "b": c – d', "echo": False}
    source = join_source(options, "plot()")

    assert '#| fig-cap: "A \\"b\\": c – d"' in source.splitlines()
    assert split_source(source, where="cell 1") == (options, "plot()")


def test_tags_count_and_options_override_them():
    cell = {"source": "#| echo: true\n1", "metadata": {"tags": ["hide-cell", "other"]}}

    assert cell_options(cell, where="cell 1") == (
        {"echo": True, "output": False, "warning": False},
        "1",
    )


@pytest.mark.parametrize("tag", ["remove-input", "hide-input", "remove-output"])
def test_tags_that_quarto_ignores_are_ignored(tag):
    cell = {"source": "1", "metadata": {"tags": [tag]}}

    assert cell_options(cell, where="cell 1") == ({}, "1")
