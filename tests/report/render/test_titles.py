"""Titles above figures, figures in pairs, and the words before answers, in both."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import html

from tests.sample_report import SVG, code, figure, markdown, notebook, table, text
from trialkit.report.render.assemble import assemble
from trialkit.report.render.document import build
from trialkit.report.render.embedded import Embedded
from trialkit.report.render.pandoc import text_of
from trialkit.report.render.prepare import prepare

HALF_SVG = SVG.replace('width="360pt"', 'width="238pt"')


def half(label, caption="**Finding.** Trials."):
    made = figure(label, caption, svg=HALF_SVG)
    made["metadata"]["trialkit"]["classes"] = ["half"]
    return made


def with_data(made):
    label = made["metadata"]["trialkit"]["label"]
    data = {"file": f"{label}.csv", "text": "a\n1\n"}
    made["metadata"]["trialkit"]["data"] = data
    return made


def tree(*cells):
    nb = prepare(notebook(*cells), name="r")
    return build(assemble(nb), folder=Path()).blocks


def sources(*cells):
    return [cell["source"] for cell in prepare(notebook(*cells))["cells"]]


def test_a_caption_that_begins_in_bold_has_a_title():
    (shown,) = tree(code("f", figure("fig-a", "**Two of three** Trials. **N** = 3.")))

    assert text_of(shown["title"]) == "Two of three"
    assert text_of(shown["caption"]) == "Trials. N = 3."


def test_a_caption_without_a_title_stays_whole():
    (shown,) = tree(code("f", table("tbl-a", "| a |\n|---|\n| 1 |", "Trials, *all*.")))

    assert shown["title"] == []
    assert text_of(shown["caption"]) == "Trials, all."


def test_neighbors_of_half_width_stand_in_two_columns():
    cells = sources(code("f", half("fig-a"), half("fig-b")), code("g", half("fig-c")))

    assert re.fullmatch(r":{9} \{\.pair layout-ncol=2\}", cells[0])
    assert [re.search("fig-.", cell)[0] for cell in cells[1:4]] == [
        *("fig-a", "fig-b", "fig-c")
    ]
    assert cells[4:] == [":" * 9]


@pytest.mark.parametrize(
    "between",
    [
        (code("g", text("Words.")),),
        (markdown("# Heading"), code("g", text("Words."))),
        (code("g", figure("fig-full")),),
    ],
)
def test_figures_that_are_no_neighbors_make_no_pair(between):
    cells = sources(code("f", half("fig-a")), *between, code("h", half("fig-b")))

    assert not any(".pair" in cell for cell in cells)


def test_pairs_are_made_once():
    once = prepare(notebook(code("f", half("fig-a"), half("fig-b")), markdown("End.")))

    assert prepare(once) == once


def test_a_pair_holds_its_figures_with_their_numbers():
    pair, last = tree(
        code("f", half("fig-a"), half("fig-b")), code("g", figure("fig-c"))
    )

    assert pair["t"] == "TkPair"
    assert [n["number"] for n in (*pair["content"], last)] == ["1", "2", "3"]


CELLS = (
    markdown(
        "# Route {.kicker .unnumbered}\n\n"
        "## Two of three give cells into a vein {.finding .unnumbered .unlisted}\n\n"
        "**Two of three** trials."
    ),
    code(
        *(
            "f",
            with_data(half("fig-a", "**Left leads** Trials on the left.")),
        ),
        half("fig-b", "**Right leads** Trials on the right."),
    ),
    code("g", with_data(figure("fig-c", "**The whole** Trials, N = 3."))),
    code("h", table("tbl-a", "| a |\n|---|\n| 1 |", "**The table** Rows, N = 1.")),
    markdown("Who\n:   Half of *all* trials.\n\nDose & <b>\n:   None is stated."),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("titles")
    nb = prepare(notebook(*CELLS), name="r")
    made = Embedded().render(nb, ("html", "pdf"), folder=folder)
    for kind, data in made.items():
        (folder / f"r.{kind}").write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def page(made):
    return html.fromstring((made / "r.html").read_bytes())


def print_of(made, *options):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    command = ["pdftotext", *options, str(made / "r.pdf"), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def words(made):
    """Return each printed word with its left and upper edge, in points."""
    found = html.fromstring(print_of(made, "-bbox").encode())
    return [
        (word.text, float(word.get("xmin")), float(word.get("ymin")))
        for word in found.iter("word")
    ]


def place(words, text):
    return next((x, y) for word, x, y in words if word == text)


def test_the_page_has_title_and_subtitle_above_each_figure(page):
    captions = [
        [" ".join(part.split()) for part in caption.itertext() if part.strip()]
        for caption in page.iter("figcaption")
    ]
    assert captions[2][:3] == ["The whole", "Figure 3:", "Trials, N = 3. Data:"]
    assert captions[3] == ["The table", "Table 1:", "Rows, N = 1."]
    for shown in page.iter("figure"):
        assert shown[0].tag == "figcaption"
    assert [s.text_content() for s in page.find_class("finding")][1:] == [
        *("Left leads", "Right leads", "The whole", "The table")
    ]


def test_print_has_title_and_subtitle_above_each_figure(words):
    title, subtitle = place(words, "whole"), place(words, "3:")
    bars = [y for word, _, y in words if word == "Portal"]
    assert title[1] < subtitle[1] < bars[2]


def test_a_pair_stands_side_by_side_in_both(page, words):
    (pair,) = page.find_class("pair")
    assert [shown.get("id") for shown in pair.iter("figure")] == ["fig-a", "fig-b"]
    left, right = place(words, "Left"), place(words, "Right")
    assert left[1] == right[1]
    assert right[0] - left[0] == pytest.approx(90 / 25.4 * 72, abs=1)


def test_only_the_page_links_the_data(made, page):
    links = [a.text for a in page.iter("a") if "csv" in (a.text or "")]
    assert links == ["fig-a.csv", "fig-c.csv"]
    assert "csv" not in print_of(made)
    assert "Data" not in print_of(made)


def test_kicker_and_finding_are_headings_without_a_number(page, words):
    (kicker,) = page.find_class("kicker")
    heading = page.find_class("finding")[0]
    assert (kicker.tag, kicker.text_content()) == ("h2", "Route")
    assert (heading.tag, heading.text_content()[:12]) == ("h3", "Two of three")
    printed = " ".join(word for word, *_ in words)
    assert "ROUTE Two of three give cells into a vein Two of three trials." in printed


def test_an_answer_stands_beside_its_word_in_both(page, words):
    terms = [t.text_content().strip() for t in page.iter("dt")]
    assert terms == ["Who", "Dose & <b>"]
    assert [" ".join(d.text_content().split()) for d in page.iter("dd")] == [
        *("Half of all trials.", "None is stated.")
    ]
    word, sentence = place(words, "Who"), place(words, "Half")
    assert sentence[0] - word[0] == pytest.approx(31 / 25.4 * 72, abs=1)
    assert abs(sentence[1] - word[1]) < 3
