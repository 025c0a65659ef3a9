"""The same report from both writers of the embedded engine, read back."""

import base64
import re
import shutil
import subprocess

import pytest
from lxml import html

from tests.sample_report import (
    HOSTILE,
    PNG,
    code,
    executed_sample,
    markdown,
    notebook,
    shown,
    table,
    title,
)
from trialkit.errors import ReportError
from trialkit.escape import markdown_text
from trialkit.report.render.assemble import assemble
from trialkit.report.render.cover import Cover
from trialkit.report.render.document import build
from trialkit.report.render.embedded import Embedded
from trialkit.report.render.pdf import write_pdf
from trialkit.report.render.prepare import prepare

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def prepared():
    return prepare(executed_sample(markdown_text))


@pytest.fixture(scope="module")
def made(prepared, tmp_path_factory):
    """The folder with both files, read back by the tests below."""
    folder = tmp_path_factory.mktemp("report")
    made = Embedded().render(prepared, ("html", "pdf"), folder=folder)
    for kind, data in made.items():
        (folder / f"r.{kind}").write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def page(made):
    return html.fromstring((made / "r.html").read_bytes())


def tool(*arguments):
    if not shutil.which(arguments[0]):
        pytest.skip(f"{arguments[0]} is not installed")
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def print_text(made):
    return tool("pdftotext", "-layout", str(made / "r.pdf"), "-")


def flat(words):
    return " ".join(words.split())


def test_captions_and_references_are_the_same_in_both(page, print_text):
    captions = [flat(c.text_content()) for c in page.iter("figcaption")]
    assert captions == [
        "Figure 1: Trials, N = 4.",
        "Table 1: A caption.",
        "Table 2: A caption.",
        "Figure 2: A caption.",
    ]
    printed = flat(print_text)
    for words in [
        *captions,
        "The routes stand in Figure 1, the facts in 1 and see 2, the method in Section"
        " 2. Write to a@b.org or to @someone. <b>Not bold</b> <i>.",
        "Of 4 trials, 2 are old.",
        "See Figure 2.",
    ]:
        assert words in printed
        assert words in flat(page.text_content())


def test_headings_carry_the_same_numbers_in_both(page, print_text):
    headings = [flat(h.text_content()) for h in page.iter("h2", "h3")]
    assert headings == [
        "Contents",
        "1 At a glance",
        "2 Methods",
        "2.1 Sources",
        "Dates",
        "3 Timelines",
    ]
    # Of few headings the page still makes a list, the print does not.
    for heading in headings[1:]:
        assert re.search(rf"^\s*{heading}\s*$", flat_lines(print_text), re.M)


def flat_lines(words):
    return "\n".join(flat(line) for line in words.splitlines())


def test_record_text_is_the_same_characters_in_both(page, print_text):
    assert [flat(cell.text_content()) for cell in page.iter("td")].count(HOSTILE) == 60
    assert flat(print_text).count('alert("x")') == 60
    assert not list(page.iter("script"))
    assert not page.xpath("//a[starts-with(@href, 'javascript')]")


def test_links_within_the_page_lead_somewhere(page):
    targets = {a.get("href")[1:] for a in page.iter("a") if a.get("href")[0] == "#"}
    ids = [e.get("id") for e in page.iter() if isinstance(e.tag, str) and e.get("id")]

    assert targets <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_page_needs_nothing_else(page):
    for element in page.iter():
        if isinstance(element.tag, str):
            for name in ("src", "href", "srcset", "data"):
                value = element.get(name, "")
                assert value.startswith(("data:", "#")) or not value, value
    style = page.find(".//style").text
    assert not re.search(r"url\((?!\"data:)|@import", style)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_page_has_title_language_and_one_top_heading(page):
    assert page.findtext(".//title") == "Sample: a landscape"
    assert page.get("lang") == "en"
    assert [h.text for h in page.iter("h1")] == ["Sample: a landscape"]
    assert page.xpath("//p[@class='kind']/span/text()")[-1] == "Data to 30 June 2026"
    assert page.text_content().count("30 June 2026") == 1
    assert page.xpath("//meta[@name='keywords']/@content") == ["liver, cells"]


def test_figures_stand_in_the_page_with_their_alt_text(page):
    figures = page.xpath("//figure[@class='figure']")
    images = [f.find(".//svg") for f in figures]

    assert [f.get("id") for f in figures] == ["fig-routes", "fig-second"]
    assert [i.get("aria-label") for i in images] == ["Two bars.", "Bars."]
    assert "Portal vein 12" in images[0].text_content()


def test_pictures_of_points_are_in_both(tmp_path):
    (tmp_path / "local.png").write_bytes(base64.b64decode(PNG))
    attached = markdown("![b](attachment:b.png)")
    attached["attachments"] = {"b.png": {"image/png": PNG}}
    plotted = code(
        '#| label: fig-a\n#| fig-cap: "One point."\n#| fig-alt: "Alt."\nplot()',
        shown({"image/png": PNG, "text/plain": "<Figure>"}),
    )
    nb = notebook(markdown("# A\n\n![c](local.png)"), attached, plotted)
    made = Embedded().render(prepare(nb), ("html", "pdf"), folder=tmp_path)
    (tmp_path / "r.pdf").write_bytes(made["pdf"])

    assert made["html"].count(b"data:image/png;base64,") == 3
    listed = tool("pdfimages", "-list", str(tmp_path / "r.pdf"))
    assert len(re.findall(r"^ +\d+ +\d+ image ", listed, re.M)) == 3


def test_hidden_code_and_warnings_are_in_neither(page, print_text):
    for words in ("show_figure", "a warning", "gone"):
        assert words not in page.text_content()
        assert words not in print_text
    assert "printed" in page.text_content()
    assert "printed" in print_text


def test_boxes_and_footnotes_are_in_both(page, print_text):
    titles = [flat(p.text_content()) for p in page.find_class("callout-title")]
    assert titles == ["What route means", "Few trials"]
    for words in [*titles, "Inside the box.", "No percentages.", "A footnote."]:
        assert words in print_text
        assert words in page.text_content()


def test_the_figures_words_are_words_in_print(print_text):
    assert print_text.count("Portal vein 12") == 2


def test_pages_are_numbered_under_a_running_header(print_text):
    pages = print_text.rstrip("\f").split("\f")
    total = len(pages)

    assert "Sample: a landscape" in pages[0]
    assert "Not medical advice." in flat(pages[0])
    for number, words in enumerate(pages, 1):
        header = flat(words.lstrip().splitlines()[0])
        title = "Sample: a landscape" if number > 1 else ""
        assert header == f"{title} Data to 30 June 2026".strip()
        assert re.search(rf" {number} ?/ ?{total}$", words.rstrip())
    assert "Contents" not in print_text


@pytest.mark.parametrize("wanted", [True, False])
def test_a_report_has_contents_where_its_title_asks_for_them(tmp_path, wanted):
    more = [markdown(f"# Part {n}\n\nText.") for n in range(5)]
    nb = prepare(notebook(code("t", title(contents=wanted)), *more))
    made = Embedded().render(nb, ["pdf"], folder=tmp_path)
    (tmp_path / "r.pdf").write_bytes(made["pdf"])

    words = tool("pdftotext", "-layout", str(tmp_path / "r.pdf"), "-")
    assert ("Contents" in words.split("\f")[0]) == wanted


def test_contents_on_a_page_on_its_side_stand_in_two_columns(tmp_path):
    text = "\n\n".join(f"# Part {n}\n\nText." for n in range(30))
    document = build(assemble(prepare(notebook(markdown(text)))), folder=tmp_path)
    made = write_pdf(document, Cover(title="A", landscape=True, contents=True))
    (tmp_path / "r.pdf").write_bytes(made)

    words = tool("pdftotext", "-layout", str(tmp_path / "r.pdf"), "-")
    contents = words.split("\f")[0]
    assert {f"Part {n}" for n in (0, 29)} <= set(re.findall(r"Part \d+", contents))


@pytest.mark.parametrize("word", ["cells for liver failure, ", "Wgh"])
def test_a_title_of_three_hundred_letters_stays_on_its_page(tmp_path, word):
    title = (word * 100)[:299] + "Z"
    document = build(assemble(prepare(notebook(markdown("Text.")))), folder=tmp_path)
    (tmp_path / "r.pdf").write_bytes(write_pdf(document, Cover(title=title)))

    boxes = tool("pdftotext", "-bbox", str(tmp_path / "r.pdf"), "-")
    ends = re.findall(r'xMax="([\d.]+)" yMax="([\d.]+)"', boxes)
    assert max(float(x) for x, _ in ends) < 595 - 40
    # But for the page number.
    assert sorted(float(y) for _, y in ends)[-4] < 250
    assert "Z</word>" in boxes


def test_a_long_table_repeats_its_head(print_text):
    pages = [p for p in print_text.split("\f") if "NCT0000" in p]

    assert len(pages) > 1
    assert all(re.search(r"Trial +n +Title", page) for page in pages)


def test_a_long_table_with_notes_begins_below_its_heading(tmp_path):
    rows = "| A | B |\n|---|---|\n" + "| 1 | word |\n" * 90
    text = markdown("Words.\n\n" * 20 + "# Products")
    cells = text, code("show()", table("tbl-a", f"{rows}\nA note."))
    made = Embedded().render(prepare(notebook(*cells)), ["pdf"], folder=tmp_path)
    (tmp_path / "r.pdf").write_bytes(made["pdf"])

    words = tool("pdftotext", "-layout", str(tmp_path / "r.pdf"), "-")
    (page,) = (page for page in words.split("\f") if "Products" in page)
    assert "Table 1" in page


def test_a_wide_table_turns_its_pages(made):
    sizes = tool("pdfinfo", "-l", "20", str(made / "r.pdf"))
    widths = re.findall(r"Page +\d+ size: +([\d.]+) x", sizes)

    assert set(widths) == {"595.276", "841.89"}


def test_the_pdf_says_what_it_is_and_is_tagged(made):
    facts = tool("pdfinfo", str(made / "r.pdf"))

    assert re.search(r"Title: +Sample: a landscape", facts)
    assert re.search(r"Keywords: +liver, cells", facts)
    assert re.search(r"Tagged: +yes", facts)
    assert "CreationDate:    Tue Jun 30" in facts
    data = (made / "r.pdf").read_bytes()
    assert b"pdfuaid" in data
    assert re.search(rb"/Lang ?\(en\)", data)


def test_every_font_of_the_pdf_is_embedded(made):
    lines = tool("pdffonts", str(made / "r.pdf")).splitlines()[2:]

    assert any("SourceSansPro" in line for line in lines)
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)


def test_figures_are_vectors(made):
    assert len(tool("pdfimages", "-list", str(made / "r.pdf")).splitlines()) == 2


def test_made_again_it_is_the_same(prepared, made):
    again = Embedded().render(prepared, ("html", "pdf"), folder=made)

    assert again["html"] == (made / "r.html").read_bytes()
    assert again["pdf"] == (made / "r.pdf").read_bytes()


def test_page_format_follows_the_title(tmp_path):
    nb = prepare(
        notebook(
            code("t", title(paper="us-letter", orientation="landscape", date="")),
        )
    )
    made = Embedded().render(nb, ("pdf",), folder=tmp_path)
    (tmp_path / "r.pdf").write_bytes(made["pdf"])

    facts = tool("pdfinfo", str(tmp_path / "r.pdf"))
    assert "792 x 612 pts (letter)" in facts
    assert "CreationDate" not in facts


def test_a_notebook_without_title_makes_a_report(tmp_path):
    made = Embedded().render(notebook(), ("html", "pdf"), folder=tmp_path)

    assert b"<h1>Report</h1>" in made["html"]
    assert made["pdf"].startswith(b"%PDF")


@pytest.mark.parametrize(
    ("front", "message"),
    [({"date": "30 June"}, "is not like 2026-06-30"), ({"paper": "a5"}, "a4 or us-")],
)
def test_a_wrong_page_format_is_named(front, message):
    with pytest.raises(ReportError, match=message):
        prepare(notebook(code("t", title(**front))))


def test_the_notes_of_a_short_table_stand_at_equal_distances(tmp_path):
    words = "| A |\n|---|\n| 1 |\n\nFirst note.\n\nSecond note.\n\nThird note."
    nb = prepare(notebook(code("t", title()), code("x", table("tbl-x", words))))
    made = Embedded().render(nb, ("pdf",), folder=tmp_path)
    (tmp_path / "r.pdf").write_bytes(made["pdf"])
    page = html.fromstring(tool("pdftotext", "-bbox", str(tmp_path / "r.pdf"), "-"))
    tops = {word.text: float(word.get("ymin")) for word in page.iter("word")}
    gap = tops["Second"] - tops["First"]
    assert gap == pytest.approx(tops["Third"] - tops["Second"], abs=0.1)
