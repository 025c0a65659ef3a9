"""What a notebook showed becomes plain Quarto cells."""

import copy
import re

import pytest

from tests.sample_report import (
    code,
    executed_sample,
    figure,
    markdown,
    notebook,
    raw,
    shown,
    table,
    text,
    title,
)
from trialkit.errors import ReportError
from trialkit.report.render.prepare import prepare, read_front_matter


def sources(prepared):
    return [cell["source"] for cell in prepared["cells"]]


def test_a_figure_gets_its_options():
    prepared = prepare(
        notebook(code("show()", figure("fig-a", 'Trials: "N" = 4', "Two \\bars.")))
    )

    assert sources(prepared) == [
        '#| label: "fig-a"\n'
        '#| fig-cap: "Trials: \\"N\\" = 4"\n'
        '#| fig-alt: "Two bars."\n'
        "show()"
    ]


def test_a_figure_under_a_heading_that_tells_its_title_has_none():
    heading = "## Two in three are old; one is new {.finding .unnumbered .unlisted}"
    figures = (
        figure("fig-a", "**Two in three are old** N = 3."),
        figure("fig-b", "**Two in three are old** N = 9."),
        figure("fig-c", "**Two in three are old; one is new** N = 3."),
        figure("fig-d", "N = 3."),
    )
    cells = [code("a()", text(heading), *figures[:2]), code("c()", text(heading))]
    cells += [code("c()", figures[2]), code("d()", text(heading), figures[3])]
    captions = re.findall(
        r'fig-cap: "(.*)"', "\n".join(sources(prepare(notebook(*cells))))
    )
    old = "**Two in three are old** N = 9."
    kept = [one.replace(" = ", "\u00a0=\u00a0") for one in ("N = 3.", old)]
    assert captions == [*kept, kept[0], kept[0]]  # A base stays on one line.


def test_a_table_gets_its_options():
    made = table("tbl-a", "| a |", "Facts", classes=["landscape"])
    prepared = prepare(notebook(code("show()", made)))

    assert sources(prepared) == [
        '#| label: "tbl-a"\n#| tbl-cap: "Facts"\n#| classes: ["landscape"]\nshow()'
    ]


def test_no_page_is_turned_where_all_lie_on_their_side():
    made = table("tbl-a", "| a |", "Facts", classes=["landscape"])
    prepared = prepare(
        notebook(code("t", title(orientation="landscape")), code("show()", made))
    )

    assert "classes" not in sources(prepared)[-1]


def test_the_caption_shown_in_jupyterlab_is_left_out():
    caption = shown({"text/markdown": "A caption."}, kind="caption")
    prepared = prepare(notebook(code("show()", caption, table("tbl-a", "| a |"))))

    outputs = prepared["cells"][0]["outputs"]
    assert [output["data"] for output in outputs] == [{"text/markdown": "| a |"}]


def test_the_renderers_get_the_box_where_jupyterlab_got_a_quote():
    box = '::: {.callout-note title="T"}\nText.\n:::'
    output = shown({"text/markdown": "> Text."}, kind="text", markdown=box)
    prepared = prepare(notebook(code("show()", output)))

    (cleaned,) = prepared["cells"][0]["outputs"]
    assert cleaned["data"] == {"text/markdown": box}


def test_each_captioned_output_gets_a_cell_of_its_own_in_order():
    cell = code("show()", text("One."), figure("fig-a"), text("Two."), figure("fig-b"))
    prepared = prepare(notebook(cell))

    first_lines = [source.splitlines()[0] for source in sources(prepared)]
    assert first_lines == [
        '#| output: "asis"',
        '#| label: "fig-a"',
        '#| output: "asis"',
        '#| label: "fig-b"',
    ]
    assert [source.splitlines()[-1] for source in sources(prepared)] == [
        "show()",
        *["# Shown by the cell above."] * 3,
    ]
    ids = [c["id"] for c in prepared["cells"]]
    assert ids == [cell["id"], *(f"{cell['id']}-{n}" for n in (2, 3, 4))]


def test_an_empty_line_stands_between_two_texts_of_a_cell():
    (cell,) = prepare(
        notebook(code("show()", text("One."), text("::: {.a}\nTwo\n:::")))
    )["cells"]

    shown = [output["data"]["text/markdown"] for output in cell["outputs"]]
    assert shown == ["One.\n\n", "::: {.a}\nTwo\n:::"]


def test_a_cell_that_shows_nothing_keeps_its_source():
    prepared = prepare(notebook(code("x = 1")))

    assert sources(prepared) == ["x = 1"]


def test_options_in_the_cell_stay():
    prepared = prepare(notebook(code("#| echo: true\nshow()", figure("fig-a"))))

    assert sources(prepared)[0].startswith('#| echo: true\n#| label: "fig-a"\n')


def test_outputs_keep_no_html_and_no_metadata():
    frame = shown({"text/html": "<table>", "text/plain": "a"})
    prepared = prepare(notebook(code("frame", frame)))

    (output,) = prepared["cells"][0]["outputs"]
    assert output["data"] == {"text/plain": "a"}
    assert output["metadata"] == {}


def test_an_optional_reference_stays_only_with_its_figure():
    words = "Trials[ (see @fig-a)]{.if-shown}, arms[ (see @fig-b)]{.if-shown}."
    prepared = prepare(
        notebook(code("show()", figure("fig-a")), code("say()", text(words)))
    )

    (output,) = prepared["cells"][1]["outputs"]
    assert output["data"]["text/markdown"] == "Trials (see @fig-a), arms."


def test_pictures_of_one_name_stay_two():
    cells = [markdown(f"![{name}](attachment:my%20x.png)") for name in "abc"]
    for cell, content in zip(cells, ("QQ==", "Qg==", "Qw=="), strict=True):
        cell["attachments"] = {"my x.png": {"image/png": content}}
    cells[1]["source"] += " attachment:my%20x.png is its name"
    shown = prepare(notebook(*cells))["cells"]

    assert [cell["source"] for cell in shown] == [
        "![a](attachment:my%20x.png)",
        "![b](attachment:2-my%20x.png) attachment:my%20x.png is its name",
        "![c](attachment:3-my%20x.png)",
    ]
    assert [cell["attachments"] for cell in shown] == [
        {"my x.png": {"image/png": "QQ=="}},
        {"2-my x.png": {"image/png": "Qg=="}},
        {"3-my x.png": {"image/png": "Qw=="}},
    ]


def test_a_picture_that_is_called_like_a_renamed_one_keeps_its_own():
    cells = [markdown(f"![](attachment:{n})") for n in ("2-a.png", "a.png", "a.png")]
    for cell, name in zip(cells, ("2-a.png", "a.png", "a.png"), strict=True):
        cell["attachments"] = {name: {"image/png": "QQ=="}}

    shown = prepare(notebook(*cells))["cells"]
    assert shown[2]["source"] == "![](attachment:3-a.png)"


def test_the_words_of_a_text_stay_as_they_are():
    (_, cell) = prepare(notebook(raw(""), code("x", text("30 of 38 (79 %)"))))["cells"]
    assert cell["outputs"][0]["data"]["text/markdown"] == "30 of 38 (79 %)"


def test_an_optional_reference_may_name_a_section():
    prepared = prepare(
        notebook(markdown("# A {#sec-a}"), markdown("B[, @sec-a]{.if-shown}"))
    )

    assert sources(prepared)[1] == "B, @sec-a"


def test_an_exhibit_that_is_shown_twice_to_the_letter_stands_once():
    """Where two exhibits give way to one, a notebook shows it twice."""
    prepared = prepare(
        notebook(code("a", figure("fig-a")), markdown("B"), code("b", figure("fig-a")))
    )

    assert [cell["cell_type"] for cell in prepared["cells"]] == ["code", "markdown"]


@pytest.mark.parametrize(
    "cells",
    [
        [code("a", figure("fig-a", "One.")), code("b", figure("fig-a", "Two."))],
        [code("a", figure("fig-a")), code("#| label: fig-a\nb")],
        [markdown("# A {#sec-a}"), code("b", text("# B {#sec-a}"))],
    ],
)
def test_a_label_that_stands_twice_is_refused(cells):
    with pytest.raises(ReportError, match=r"the label \w+-a stands twice"):
        prepare(notebook(*cells))


def test_the_title_becomes_the_front_matter():
    prepared = prepare(
        notebook(raw("---\ntitle: old\nauthor: A. B.\n---"), code("t", title()))
    )
    front = read_front_matter(prepared)

    assert front["title"] == "Sample: a landscape"
    assert front["author"] == "A. B."
    assert front["date"] == "2026-06-30"
    assert front["abstract"] == "Trials: 4.\n\nNot medical advice."
    assert front["format"]["typst"]["papersize"] == "a4"
    assert front["trialkit"]["title"] == "Sample: a landscape"
    assert prepared["cells"][1]["outputs"] == []


def test_a_notebook_without_front_matter_gets_one():
    prepared = prepare(notebook(code("t", title(orientation="landscape"))))

    assert prepared["cells"][0]["cell_type"] == "raw"
    header = read_front_matter(prepared)["format"]["typst"]["include-in-header"]
    assert header["text"].splitlines()[1] == "#set page(flipped: true)"


def test_the_running_header_holds_title_and_cut_off_as_strings():
    prepared = prepare(notebook(code("t", title(title='A "b" #c'))))

    header = read_front_matter(prepared)["format"]["typst"]["include-in-header"]
    assert '#"A \\"b\\" #c" #h(1fr) #"Data cut-off 30 June 2026"' in header["text"]


def test_without_a_title_the_front_matter_stays():
    nb = notebook(raw("---\ntitle: mine\n---"), markdown("text"))

    assert read_front_matter(prepare(nb)) == {"title": "mine"}


@pytest.mark.parametrize("block", ["---\na: b: c\n---", "---\n- a\n---"])
def test_front_matter_that_is_no_mapping_is_refused(block):
    with pytest.raises(ReportError, match="YAML block"):
        prepare(notebook(raw(block)))


def test_the_input_stays_and_the_result_is_a_notebook():
    import nbformat

    nb = executed_sample()
    before = copy.deepcopy(nb)
    prepared = prepare(nb)

    assert nb == before
    nbformat.validate(prepared)


def test_a_wrong_line_is_told_by_the_number_of_the_cell_in_the_notebook():
    injected = code("n = 1", tags=["injected-parameters"])
    with pytest.raises(ReportError, match="cell 2: unknown cell option figcap"):
        prepare(notebook(markdown("a"), injected, code("#| figcap: b\n1")))


def test_preparing_twice_changes_nothing_more():
    prepared = prepare(executed_sample())

    assert prepare(prepared) == prepared


def test_two_texts_of_half_width_from_one_cell_stand_beside_each_other():
    halves = [text("One."), text("Two.")]
    for half in halves:
        half["metadata"]["trialkit"]["classes"] = ["half"]
    prepared = prepare(notebook(code("show()", *halves, text("Below."))))
    told = [cell["source"] for cell in prepared["cells"] if cell["source"]]
    opened, *columns, closed = told[-5:-1]
    assert opened.endswith("{.pair layout-ncol=2}")
    assert all("half" in column for column in columns)
    assert closed == ":" * 9
