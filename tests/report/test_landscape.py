"""Landscape and supplement end to end: what a reader of the HTML and the PDF finds."""

import json
import re
import shutil
import subprocess

import lxml.html
import pytest

from trialkit.errors import ReportError
from trialkit.report.run import run_report
from trialkit.workspace import example_path

pytestmark = pytest.mark.slow

needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed"
)


def words_of_pdf(path):
    """Return the text of a PDF as one line, hyphenation and running heads kept."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


def words_of_html(path):
    page = lxml.html.fromstring(path.read_bytes())
    for furniture in page.xpath("//script | //style | //nav"):
        furniture.drop_tree()
    return " ".join(page.text_content().split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def report(folder):
    return run_report(
        "landscape",
        out=folder,
        engine="embedded",
        parameters={"as_of": "2026-06-30"},
    )


@pytest.fixture(scope="module")
def supplement(folder):
    return run_report(
        "supplement",
        out=folder,
        engine="embedded",
        parameters={"as_of": "2026-06-30"},
    )


def page_of(made):
    return lxml.html.fromstring(made.paths["html"].read_bytes())


def pages_of(made):
    """Return how many pages a PDF has, as it says itself."""
    return len(re.findall(rb"/Type\s*/Page\b", made.paths["pdf"].read_bytes()))


def captions(text, kind):
    return set(re.findall(rf"\b{kind} \d+", text))


@needs_pdftotext
def test_html_and_pdf_hold_the_same_figures_and_tables(report, supplement):
    for made in (report, supplement):
        html = words_of_html(made.paths["html"])
        pdf = words_of_pdf(made.paths["pdf"])
        for kind in ("Figure", "Table"):
            assert captions(html, kind) == captions(pdf, kind) != set()


@needs_pdftotext
def test_html_and_pdf_state_the_same_numbers(report, supplement):
    answers = page_of(report).xpath("//dl//dd")
    facts = page_of(supplement).xpath("//*[@id='tbl-key-facts']//tr/td[last()]")
    assert len(answers) == 5
    assert len(facts) > 10
    for made, texts in ((report, answers), (supplement, facts)):
        pdf = words_of_pdf(made.paths["pdf"]).replace("- ", "-")
        for text in texts:
            for number in re.findall(r"\d[\d,.]*\d|\d", text.text_content()):
                assert number in pdf


def test_each_document_leads_to_the_other_and_a_card_has_an_address(report, supplement):
    assert page_of(report).xpath("//a[@href='supplement.html']")
    page = page_of(supplement)
    assert page.xpath("//a[@href='landscape.html']")
    cards = [f"NCT{n}" for n in re.findall(r'id="NCT(\d{8})"', html_of(supplement))]
    rows = page_of(report).xpath("//*[@id='tbl-trial-lines']//td[1]")
    listed = [row.xpath(".//summary/text()")[0] for row in rows]
    assert len(cards) == 38
    assert sorted(cards) == sorted(listed)
    linked = [row.xpath(".//a[starts-with(@href, 'supplement')]/@href") for row in rows]
    assert linked == [[f"supplement.html#{trial_id}"] for trial_id in listed]


def html_of(made):
    return made.paths["html"].read_text(encoding="utf-8")


def test_the_supplement_has_contents_and_numbered_sections(supplement):
    headings = page_of(supplement).xpath("//main//h2")
    numbers = [h.text_content().split()[0] for h in headings]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert len(numbers) > 10


def test_both_say_where_it_is_read_that_example_records_are_rewritten(
    report, supplement
):
    for made in (report, supplement):
        text = words_of_html(made.paths["html"])
        assert "facts as in the source, sentences rewritten" in text
        assert "every sentence is rewritten" in text


def test_the_landscape_of_the_examples_has_at_most_ten_pages(report):
    assert pages_of(report) <= 10


@pytest.mark.shared
def test_the_landscape_of_four_trials_has_at_most_six_pages(shared, tmp_path):
    made = run_report(
        records=[shared / "seeds"], out=tmp_path, formats=["pdf"], engine="embedded"
    )
    assert pages_of(made) <= 6


def test_the_pages_need_nothing_from_outside(report, supplement):
    for page in map(page_of, (report, supplement)):
        for name in ("src", "href"):
            loaded = page.xpath(f"//link/@{name} | //script/@{name} | //img/@{name}")
            assert all(value.startswith("data:") for value in loaded)


def test_every_figure_has_an_alternative_text(report, supplement):
    for page in map(page_of, (report, supplement)):
        for figure in page.xpath("//figure[.//svg]"):
            named = figure.xpath(".//svg[@role='img'][@aria-label or @aria-labelledby]")
            assert named, figure.get("id")


def test_no_claim_and_no_contact_is_made(report, supplement):
    for made in (report, supplement):
        text = words_of_html(made.paths["html"])
        own = text.partition("Trial cards")[0]
        claim = r"\bp\s*[<=]\s*0\.\d|success rate|most promising"
        assert not re.search(claim, own, re.I)
        assert not re.search(r"[\w.]+@[\w.]+\.\w+", text)


def test_the_manifest_names_every_input_with_its_hash(report):
    manifest = json.loads(report.manifest.read_text())
    assert len(manifest["inputs"]) == len(list(example_path().glob("*.json")))
    assert all(len(item["sha256"]) == 64 for item in manifest["inputs"])
    assert manifest["cut_off"] == "2026-06-30"


def test_records_without_a_cell_trial_give_a_short_report(tmp_path):
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT99999991", "briefTitle": "Tablets"},
            "statusModule": {
                "lastUpdatePostDateStruct": {"date": "2025-12-31", "type": "ACTUAL"}
            },
            "conditionsModule": {"conditions": ["Headache"]},
        }
    }
    (tmp_path / "one.json").write_text(json.dumps(study))
    report = run_report(
        "landscape",
        records=[tmp_path / "one.json"],
        out=tmp_path / "out",
        engine="embedded",
        formats=["html"],
    )
    text = words_of_html(report.paths["html"])
    assert "No trial is in this report." in text
    assert "“cell trials only” left 0 of 1" in text


def test_a_condition_that_no_record_names_is_told_and_the_last_report_stays(report):
    before = report.paths["html"].read_bytes()
    with pytest.raises(ReportError, match=r"condition: no such disease.*\(cell \d"):
        run_report(
            "landscape",
            out=report.paths["html"].parent,
            engine="embedded",
            parameters={"condition": "no such disease"},
        )
    assert report.paths["html"].read_bytes() == before
