"""Tables of plain cells are written by ourselves, all others by pandoc."""

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from trialkit.escape import markdown_text
from trialkit.report.render.pandoc import read_markdown, write
from trialkit.report.render.tables import html_table, typst_table

CELLS = (
    "NCT1",
    "[NCT01 *x*](https://clinicaltrials.gov/study/NCT01?a=1&b=2) **A** trial",
    "phase *ns*; donor *ns*, *2 more*",
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
