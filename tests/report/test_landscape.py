"""The landscape report end to end: what a reader of the HTML and the PDF finds."""

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
def report(tmp_path_factory):
    return run_report(
        "landscape",
        out=tmp_path_factory.mktemp("report"),
        engine="embedded",
        parameters={"as_of": "2026-06-30"},
    )


def captions(text, kind):
    return set(re.findall(rf"\b{kind} \d+", text))


@needs_pdftotext
def test_html_and_pdf_hold_the_same_figures_and_tables(report):
    html = words_of_html(report.paths["html"])
    pdf = words_of_pdf(report.paths["pdf"])
    for kind in ("Figure", "Table"):
        assert captions(html, kind) == captions(pdf, kind) != set()


@needs_pdftotext
def test_html_and_pdf_state_the_same_numbers(report):
    page = lxml.html.fromstring(report.paths["html"].read_bytes())
    facts = page.xpath("//*[@id='tbl-key-facts']//tr/td[last()]")
    pdf = words_of_pdf(report.paths["pdf"]).replace("- ", "-")
    assert len(facts) > 10
    for cell in facts:
        for number in re.findall(r"\d[\d,.]*\d|\d", cell.text_content()):
            assert number in pdf


def test_the_page_needs_nothing_from_outside(report):
    page = lxml.html.fromstring(report.paths["html"].read_bytes())
    for name in ("src", "href"):
        for value in page.xpath(f"//link/@{name} | //script/@{name} | //img/@{name}"):
            assert value.startswith("data:")


def test_every_figure_has_an_alternative_text(report):
    page = lxml.html.fromstring(report.paths["html"].read_bytes())
    for figure in page.xpath("//figure[.//svg]"):
        named = figure.xpath(".//svg[@role='img'][@aria-label or @aria-labelledby]")
        assert named, figure.get("id")


def test_no_claim_and_no_contact_is_made(report):
    text = words_of_html(report.paths["html"])
    own = text.partition("Trial cards")[0]
    assert not re.search(r"\bp\s*[<=]\s*0\.\d|success rate|most promising", own, re.I)
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
    assert "No trial is in this report (data cut-off 2025-12-31)." in text
    assert "“cell trials only” left 0 trials of 1" in text


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
