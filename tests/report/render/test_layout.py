"""In print nothing stands alone that is nothing without the next."""

from pathlib import Path

import pytest

from tests.sample_report import code, figure, markdown, notebook, table
from trialkit.report.render.assemble import assemble
from trialkit.report.render.document import build
from trialkit.report.render.layout import arrange, unbroken
from trialkit.report.render.pandoc import walk
from trialkit.report.render.prepare import prepare


def arranged(*cells):
    document = build(assemble(prepare(notebook(*cells))), folder=Path())
    return arrange(document.blocks)


def test_among_pages_on_their_side_a_high_figure_stands_upright_with_its_heading():
    cells = markdown("Text.\n\n# A"), code("show()", figure("fig-a"))
    document = build(assemble(prepare(notebook(*cells))), folder=Path())
    key = next(iter(document.images))

    on_side = arrange(document.blocks, is_landscape=True, tall={key})
    assert kinds(on_side) == ["Para", "TkUpright"]
    assert kinds(on_side[1]["content"]) == ["Header", "TkFigure"]
    assert kinds(arrange(document.blocks, is_landscape=True)) == kinds(document.blocks)
    assert kinds(arrange(document.blocks, tall={key})) == kinds(document.blocks)


def kinds(blocks):
    return [block["t"] for block in blocks]


def rows(number, words="word"):
    return "| A | B |\n|---|---|\n" + f"| 1 | {words} |\n" * number


def wide(number, label="tbl-a"):
    return code("show()", table(label, rows(number), classes=["landscape"]))


def test_a_wide_table_is_turned_and_takes_its_headings_along():
    blocks = arranged(
        markdown("Text.\n\n# A\n\n## B"), wide(60), markdown("# C\n\nText.")
    )

    assert kinds(blocks) == ["Para", "TkTurned", "Header", "Para"]
    assert kinds(blocks[1]["content"]) == ["Header", "Header", "TkTable"]


def test_neighbors_share_turned_pages():
    blocks = arranged(wide(60, "tbl-a"), markdown("# A"), wide(60, "tbl-b"))

    assert kinds(blocks) == ["TkTurned"]
    assert kinds(blocks[0]["content"]) == ["TkTable", "Header", "TkTable"]


def test_a_short_wide_table_stays_upright():
    assert kinds(arranged(wide(4))) == ["TkTable"]


def test_text_that_asks_for_a_turned_page_gets_it():
    blocks = arranged(markdown("::: {.landscape}\nWords.\n:::"))

    assert kinds(blocks) == ["TkTurned"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("**A title**\n\nText.", ["TkHold", "Para"]),
        ("The words:\n\n- one", ["TkHold", "BulletList"]),
        ("A **word** here.\n\nText.", ["Para", "Para"]),
        ("The last:", ["Para"]),
    ],
)
def test_what_leads_on_is_held_to_the_next(text, held):
    assert kinds(arranged(markdown(text))) == held


def test_a_sections_only_sentence_goes_with_its_figure():
    blocks = arranged(markdown("# A\n\nOne sentence."), code("f", figure("fig-a")))

    assert kinds(blocks) == ["Header", "TkHold", "TkFigure"]


def test_a_longer_text_before_a_figure_may_end_a_page():
    blocks = arranged(markdown("# A\n\nOne.\n\nTwo."), code("f", figure("fig-a")))

    assert kinds(blocks) == ["Header", "Para", "Para", "TkFigure"]


def test_a_line_between_a_heading_and_its_table_stays_with_both():
    blocks = arranged(markdown("# A\n\n**Title** (of a page)\n\n" + rows(3)))

    assert kinds(blocks) == ["Header", "TkHold", "Table"]


@pytest.mark.parametrize(
    ("number", "words", "kept"),
    [
        (3, "word", "table"),
        (40, "word", "rows"),
        (3, "word " * 200, "rows"),
        (1, "word " * 2000, ""),
    ],
)
def test_a_table_breaks_only_where_it_must(number, words, kept):
    blocks = arranged(markdown(rows(number, words)))
    (node,) = (node for node in walk(blocks) if node["t"] == "Table")

    assert unbroken(node) == kept


def test_a_column_is_as_wide_as_its_dates():
    header = f"| A | B |\n|{'-' * 92}|{'-' * 8}|\n"
    row = "| word | 2024-04-23 |\n"
    (node,) = arranged(markdown(header + row))
    shares = [width["c"] for _, width in node["c"][2]]

    assert sum(shares) == pytest.approx(1)
    assert 0.11 < shares[1] < 0.13


def test_columns_that_suffice_keep_their_widths():
    header = f"| A | B |\n|{'-' * 50}|{'-' * 50}|\n"
    (node,) = arranged(markdown(f"{header}| word | 2024-04-23 |\n"))

    assert [width["c"] for _, width in node["c"][2]] == [0.5, 0.5]


def test_the_tree_stays_as_it_was():
    cells = [markdown("# A"), wide(60), markdown("Words:\n\nText.")]
    document = build(assemble(prepare(notebook(*cells))), folder=Path())
    before = [dict(block) for block in document.blocks]
    arrange(document.blocks)

    assert document.blocks == before
