"""Where Quarto is installed, it shows the report that the embedded engine shows."""

import re
import shutil
import subprocess

import pytest
from lxml import html

from tests.sample_report import (
    HOSTILE,
    SVG,
    code,
    executed_sample,
    figure,
    markdown,
    notebook,
    title,
)
from trialkit.errors import ReportError
from trialkit.escape import markdown_text
from trialkit.report.render.embedded import Embedded
from trialkit.report.render.prepare import prepare
from trialkit.report.render.quarto import Quarto, find_quarto

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def quarto():
    program = find_quarto()
    if program is None:
        pytest.skip("quarto is not installed")
    return Quarto(program)


@pytest.fixture(scope="module")
def made(quarto, tmp_path_factory):
    """The sample's files by engine and kind."""
    folder = tmp_path_factory.mktemp("report")
    prepared = prepare(executed_sample(markdown_text))
    engines = {"quarto": quarto, "embedded": Embedded()}
    return {
        name: engine.render(prepared, ("html", "pdf"), folder=folder)
        for name, engine in engines.items()
    }


@pytest.fixture(scope="module")
def pages(made):
    return {name: read_page(files["html"]) for name, files in made.items()}


def read_page(content):
    page = html.fromstring(content)
    for element in page.xpath("//script | //style | //nav"):
        element.drop_tree()
    return page


def flat(words):
    return " ".join(words.split())


def words_of(page, path):
    return [flat(found.text_content()) for found in page.xpath(path)]


@pytest.fixture(scope="module")
def prints(made, tmp_path_factory):
    """The words of each engine's PDF, and where on its pages each of them stands."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    return {
        name: read_print(files["pdf"], tmp_path_factory.mktemp(name) / "r.pdf")
        for name, files in made.items()
    }


def read_print(content, path):
    path.write_bytes(content)
    command = ["pdftotext", "-bbox", str(path), "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    return html.fromstring(done.stdout)


SHOWN = {
    "captions": "//figcaption",
    "cells": "//th | //td",
    "output": "//pre",
    "footnotes and quotes": "//li[starts-with(@id, 'fn')] | //blockquote",
    "paragraphs with references": "//p[.//a[starts-with(@href, '#fig-')]]",
}


@pytest.mark.parametrize("what", SHOWN)
def test_both_pages_hold_the_same(pages, what):
    shown = {name: words_of(page, SHOWN[what]) for name, page in pages.items()}
    for words in shown.values():
        # HTML in a notebook's own text is words to the one, HTML to the other.
        words[:] = [re.sub("</?b>", "", text) for text in words]

    assert shown["embedded"]
    assert shown["quarto"] == shown["embedded"]


def test_headings_have_the_same_numbers_and_order(pages):
    # Quarto's sections begin at the level of its title.
    ours = words_of(pages["embedded"], "//h2 | //h3")
    theirs = words_of(pages["quarto"], "//h1[not(@class='title')] | //h2")

    assert [words for words in theirs if words != "Footnotes"] == ours


def test_references_lead_to_the_same_places(pages):
    links = {
        name: [
            (a.get("href"), flat(a.text_content()))
            for a in page.xpath("//a[starts-with(@href, '#')]")
            if re.match("#(fig|tbl|sec)-", a.get("href"))
        ]
        for name, page in pages.items()
    }

    assert ("#fig-second", "Figure 2") in links["embedded"]
    assert links["quarto"] == links["embedded"]
    assert "?@" not in pages["quarto"].text_content()


def test_figures_are_part_of_the_page_with_their_alt_text(pages):
    images = pages["quarto"].xpath("//figure//svg")

    assert [image.get("aria-label") for image in images] == ["Two bars.", "Bars."]
    assert any("Portal vein 12" in image.text_content() for image in images)
    assert not pages["quarto"].xpath("//figure//img")


def test_record_text_is_the_same_characters(pages):
    assert words_of(pages["quarto"], "//td").count(HOSTILE) == 60
    assert not pages["quarto"].xpath("//a[starts-with(@href, 'javascript')]")


def test_boxes_keep_their_titles(pages):
    shown = flat(pages["quarto"].text_content())
    for words in ("What route means", "Inside the box.", "Few trials"):
        assert words in shown


def test_quartos_page_needs_no_other_file(made):
    page = html.fromstring(made["quarto"]["html"])
    for element in page.iter():
        if isinstance(element.tag, str) and element.tag != "a":
            for name in ("src", "href", "srcset", "data"):
                value = element.get(name, "")
                assert value.startswith(("data:", "#")) or not value, value
    links = {a.get("href") for a in page.iter("a") if a.get("href")}
    assert {link for link in links if not link.startswith("#")} <= {""}
    for style in page.iter("style"):
        assert not re.search(r"url\([\"']?(?!data:|#)|@import", style.text or "")


def test_quartos_page_holds_the_typeface_once(made):
    assert made["quarto"]["html"].count(b"font%2Dface") <= 4


def test_no_row_of_a_long_table_is_lost_in_print(prints):
    places = {}
    for name, document in prints.items():
        found = [
            (number, round(float(word.get("ymin"))), word.text)
            for number, page in enumerate(document.iter("page"))
            for word in page.iter("word")
            if re.match(r"NCT\d", word.text)
        ]
        assert len({(number, y) for number, y, _ in found}) == 60
        places[name] = [word for *_, word in found]

    assert places["quarto"] == places["embedded"]


def test_captions_are_printed_the_same(prints):
    printed = {
        name: flat(" ".join(word.text for word in document.iter("word")))
        for name, document in prints.items()
    }
    for words in (
        "Figure 1: Trials, N = 4.",
        "Table 1: A caption.",
        "Table 2: A caption.",
        "The routes stand in Figure 1, the facts in 1 and see 2, the method in Section"
        " 2. Write to a@b.org or to @someone.",
        "Of 4 trials, 2 are old.",
        "Data to 30 June 2026",
    ):
        assert words in printed["embedded"]
        assert words in printed["quarto"]


def test_the_same_notebook_gives_the_same_bytes(quarto, tmp_path):
    hostile = title(title=HOSTILE, facts={"Note": HOSTILE})
    nb = prepare(notebook(code("show_title()", hostile), markdown("# A\n\nB.")))
    first, second = (
        quarto.render(nb, ("html", "pdf"), folder=tmp_path) for _ in range(2)
    )

    assert first == second


def test_a_high_figure_stands_upright_among_pages_on_their_side(quarto, tmp_path):
    high = SVG.replace('height="120pt" viewBox="0 0 360 120"', 'height="560pt"')
    nb = notebook(
        code("show_title()", title(orientation="landscape")),
        code("show()", figure("fig-low")),
        code("show()", figure("fig-high", svg=high)),
    )
    made = quarto.render(prepare(nb), ("pdf",), folder=tmp_path)
    document = read_print(made["pdf"], tmp_path / "r.pdf")

    sizes = [float(page.get("width")) for page in document.iter("page")]
    assert [round(size) for size in sizes] == [842, 595]


def test_a_reference_to_nothing_is_an_error_that_names_it(quarto, tmp_path):
    nb = notebook(markdown("# A\n\nSee @fig-gone."))
    with pytest.raises(ReportError, match="fig-gone"):
        quarto.render(prepare(nb), ("html",), folder=tmp_path)
