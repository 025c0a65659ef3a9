"""Tables of plain cells are written by ourselves, all others by pandoc."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tests.sample_report import HOSTILE, code, notebook
from tests.trials_by_hand import AS_OF, many, seeds
from trialkit import tables
from trialkit.escape import markdown_text
from trialkit.report import display
from trialkit.report.render.assemble import assemble
from trialkit.report.render.document import build
from trialkit.report.render.pandoc import read_markdown, walk, write
from trialkit.report.render.prepare import prepare
from trialkit.report.render.tables import html_table, table_node, typst_table
from trialkit.tables.pieces import pieces
from trialkit.tables.table import Column, form_of, pipe_table

CELLS = (
    "NCT1",
    "[NCT01 *x*](https://clinicaltrials.gov/study/NCT01?a=1&b=2) **A** trial",
    "phase *not stated*; donor *not stated*, *2 more*",
    markdown_text('<script>alert("x")</script> #eval("1") $x$ *a* | [b](javascript:c)'),
    markdown_text('\\n "quoted" \\u{41} #panic() ``` @fig-q // /* x'),
    "[Table](#tbl-x)",
    "",
)


def table_of(*cells, align=":"):
    rows = "".join(f"| {n} | {cell} |\n" for n, cell in enumerate(cells))
    text = f"| N | Text |\n|{'-' * 20}{align}|{'-' * 80}|\n{rows}"
    (table,) = read_markdown(text)
    return table


def facts(page):
    return [
        (
            cell.tag,
            cell.get("style"),
            html.tostring(cell, encoding="unicode", with_tail=False),
        )
        for cell in html.fromstring(page.replace(' scope="col"', "")).iter("th", "td")
    ]


def test_the_page_holds_each_cell_as_pandoc_writes_it():
    table = table_of(*CELLS)
    by_pandoc = write([table], "-t", "html5", "--wrap=none")

    assert facts(html_table(table)) == facts(by_pandoc)
    assert "<script" not in html_table(table)
    assert html_table(table).count('<th scope="col"') == 2


def test_the_print_gets_words_as_strings_alone():
    written = typst_table(table_of(*CELLS))
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', written)
    marks = r'#link\((?:""|label\(""\))\)\[|#(?:emph|strong)\[|#"";|#box\(\);|[\[\], ]'
    body = bare.partition("table.hline(),")[2].rstrip(")\n")

    assert re.sub(marks, "", body).split() == []
    assert "align: (right, auto,)" in bare
    assert '#link("https://clinicaltrials.gov/study/NCT01?a=1&b=2")[' in written
    assert '#link(label("tbl-x"))[#"Table";]' in written


@given(st.text(st.characters(exclude_characters="\n", codec="utf-8"), min_size=1))
def test_no_text_leaves_its_string(text):
    (row,) = typst_table(_one(text)).split("\n")[2:-1]
    found = re.findall(r'#"((?:[^"\\]|\\.)*)";', row)
    assert re.sub(r'#"(?:[^"\\]|\\.)*";|#box\(\);', "", row) == "[],"
    shown = "".join(re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in found)
    assert shown == text.replace("\u200b", "")


def _one(text):
    cell = [["", [], []], {"t": "AlignDefault"}, 1, 1]
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": 1.0}]]

    def row(words):
        return [["", [], []], [[*cell, [{"t": "Plain", "c": words}]]]]

    head = [["", [], []], [row([{"t": "Str", "c": "Head"}])]]
    body = [["", [], []], 0, [], [row([{"t": "Str", "c": text}])]]
    none = ["", [], []]
    return {"t": "Table", "c": [none, [None, []], columns, head, [body], [none, []]]}


def test_a_cell_with_more_than_words_is_left_to_pandoc():
    for cell in ("`code`", "$x^2$", "~~gone~~", "x^2^", "[a](b){.c}", "![a](b.png)"):
        assert html_table(table_of(cell)) is typst_table(table_of(cell)) is None
    (bare,) = read_markdown("| A |\n|---|\n| 1 |\n")
    assert html_table(bare) is None  # without widths


@pytest.mark.slow
@pytest.mark.parametrize("make", [seeds, lambda: many(25)])
@pytest.mark.parametrize("name", tables.TABLES)
def test_a_table_as_data_is_what_pandoc_reads_in_its_markdown(name, make):
    table = tables.TABLES[name](make(), as_of=AS_OF)
    form = table.form()
    if form is None:
        assert not table.rows
        return
    read, *_ = read_markdown(table.markdown())
    assert _rounded(table_node(form)) == _rounded(read)


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=6))
def test_any_text_of_a_record_is_a_cell_as_data(texts):
    columns = [Column("A", 1), Column("B", 3)]
    rows = [
        ["*not stated*", f"[x](https://x.org) {markdown_text(text)}"] for text in texts
    ]
    form = form_of(columns, rows)
    shown = [cell[1:] for _, cell in form["rows"]]

    assert all(cell == [] or isinstance(cell[0], str) for cell in shown)
    (read,) = read_markdown(pipe_table(columns, rows))
    assert _rounded(table_node(form)) == _rounded(read)


def _rounded(table):
    """Return a table of pandoc with its widths rounded."""
    for width in (width for _, width in table["c"][2]):
        width["c"] = round(width["c"], 6)
    return table


@pytest.mark.parametrize(
    "cell",
    [
        "`a`",
        "$a$",
        "<b>",
        "a_b_",
        "a~b~",
        "![a](b)",
        "[a](b){.c}",
        "**a**",
        "@a",
        "&lt;",
    ],
)
def test_a_cell_with_other_markdown_is_no_data(cell):
    assert pieces(cell) is None
    assert form_of([Column("A")], [["plain"], [cell]]) is None


def test_the_writers_take_the_data_of_a_table_and_its_notes_from_the_markdown(
    monkeypatch,
):
    published = []
    monkeypatch.setattr(
        display, "_publish", lambda data, **facts: published.append((data, facts))
    )
    table = tables.table.Table(
        "tbl-a",
        "C",
        frame=None,
        columns=(Column("Head"), Column("n", align="right")),
        rows=((markdown_text(HOSTILE), "1"),),
        notes=("A *note*.",),
    )
    display.show_table(table, label="tbl-a", caption="C")
    data, facts = published[1]
    data = {**data, "text/markdown": data["text/markdown"].replace("| 1 |", "| 2 |")}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    output["metadata"]["trialkit"] = facts
    document = build(assemble(prepare(notebook(code("show()", output)))), folder=Path())

    (shown,) = document.blocks
    page = html_table(shown["content"][0])
    assert [node["t"] for node in shown["content"]] == ["Table", "Para"]
    assert ">1</td>" in page  # and not the Markdown's 2
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert not [node for node in walk(document.blocks) if node["t"] == "Link"]
