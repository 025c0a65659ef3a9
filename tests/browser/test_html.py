"""The HTML report in a real browser, without a network."""

import copy
import json
from functools import partial

import pytest

import trialkit as tk
from tests import sample_report
from tests.compare.studies import study
from tests.sample_report import executed_sample
from trialkit.compare.page import html_page
from trialkit.escape import markdown_text
from trialkit.report.render.embedded import Embedded
from trialkit.report.render.index import index_row, write_page
from trialkit.report.render.prepare import prepare

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    nb = prepare(executed_sample(markdown_text))
    made = Embedded().render(nb, ("html",), folder=folder)
    (folder / "r.html").write_bytes(made["html"])
    return (folder / "r.html").as_uri()


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    facts = {"Trials": "4", "Registers": "ClinicalTrials.gov", "Made with": "trialkit"}
    rows = [
        index_row(
            "one-of-many",
            {"title": "A title", "cut_off": "2026-06-30", "facts": facts},
            {"html": "r.html"},
            "",
            {"condition": "liver failure"},
        ),
        index_row("two", {}, {}, "cell 2 of two failed", {}),
    ]
    path = tmp_path_factory.mktemp("index") / "index.html"
    path.write_text(write_page(rows))
    return path.as_uri()


@pytest.fixture
def visit(look, address):
    """Open the report in a window of some width, and note what goes wrong."""

    def open_page(width=1280, scheme="light", at=address):
        return look(at, width=width, scheme=scheme)

    return open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_offline_without_a_complaint_or_a_sideways_scroll(
    visit, width, scheme
):
    page, trouble = visit(width, scheme)

    assert trouble == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        "[...document.querySelectorAll('.table-box, .figure-box')]"
        ".filter(box => box.getBoundingClientRect().right > innerWidth).length"
    )
    assert wide == 0


@pytest.mark.parametrize("points", [238, 360])
def test_a_figure_that_a_telephone_cuts_says_so(look, monkeypatch, tmp_path, points):
    own = sample_report.SVG.replace("360pt", f"{points}pt").replace(
        "0 0 360", f"0 0 {points}"
    )
    monkeypatch.setattr(sample_report, "figure", partial(sample_report.figure, svg=own))
    nb = prepare(executed_sample(markdown_text))
    made = Embedded().render(nb, ("html",), folder=tmp_path)
    (tmp_path / "r.html").write_bytes(made["html"])
    for width in (390, 570, 590, 1280):
        page, _ = look((tmp_path / "r.html").as_uri(), width=width)
        seen = page.evaluate(
            "[...document.querySelectorAll('.figure-box')].map(box => ["
            "box.scrollWidth > box.clientWidth,"
            "getComputedStyle(box, '::before').content.includes('swipe')])"
        )
        assert all(is_cut == is_told for is_cut, is_told in seen)
        assert seen[0][0] == (points == 360 and width < 580)


def test_it_is_set_in_its_own_typeface(visit):
    page, _ = visit()
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)"
    )

    assert "Source Sans Pro" in {family.strip('"') for family in loaded}


def test_the_contents_stand_beside_the_text_and_lead_into_it(visit):
    page, _ = visit(1280)
    contents = page.locator("nav.contents").bounding_box()
    text = page.locator("main").bounding_box()
    assert contents["x"] + contents["width"] <= text["x"]

    page.get_by_role("link", name="Timelines").click()
    heading = page.locator("#sec-timelines")
    assert page.url.endswith("#sec-timelines")
    assert 0 <= heading.bounding_box()["y"] < 900


def test_a_reader_in_the_dark_gets_light_text(visit):
    shades = []
    for scheme in ("light", "dark"):
        page, _ = visit(1280, scheme)
        style = "getComputedStyle(document.body)"
        shades.append(page.evaluate(f"[{style}.color, {style}.backgroundColor]"))

    assert shades[0] != shades[1]
    assert shades[0][1] == "rgb(255, 255, 255)"


def test_figures_are_named_for_those_who_cannot_see_them(visit):
    page, _ = visit()

    assert page.get_by_role("img", name="Two bars.").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", ["address", "index"])
def test_axe_finds_no_violation(visit, request, which, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page, trouble = visit(1280, scheme, request.getfixturevalue(which))
    found = axe.Axe().run(page).response

    told = [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]]
    assert told == trouble == []
    # It did look: a page without a rule that applies would pass too.
    assert {"color-contrast", "landmark-one-main"} <= {
        rule["id"] for rule in found["passes"]
    }


def test_what_has_the_focus_is_seen(visit):
    page, _ = visit()
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.bounding_box()["x"] >= 0
    assert skip.evaluate("a => getComputedStyle(a).outlineStyle") == "solid"


def test_the_list_of_reports_fits_a_telephone_and_shows_the_files(visit, index):
    page, _ = visit(390, at=index)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    place = page.get_by_role("link", name="HTML").bounding_box()
    assert place["x"] + place["width"] < 390


def test_a_page_of_changes_fits_a_telephone(look, tmp_path):
    first = study(1, statusModule={"overallStatus": "RECRUITING"})
    title = "Immunomodulating Cholangiopancreatographically Guided Transplantation"
    first["protocolSection"]["identificationModule"]["briefTitle"] = title
    now = copy.deepcopy(first)
    now["protocolSection"]["statusModule"]["overallStatus"] = "COMPLETED"
    sides = (tmp_path / "then.json", tmp_path / "now.json")
    for path, record in zip(sides, (first, now), strict=True):
        path.write_text(json.dumps([record]))
    frame = tk.changes(*(tk.load(path, labels=False) for path in sides))
    assert len(frame)
    (tmp_path / "changes.html").write_text(html_page(frame))
    page, _ = look((tmp_path / "changes.html").as_uri(), width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_without_contents_uses_its_width(visit, index):
    page, _ = visit(1280, at=index)
    assert page.locator("main").bounding_box()["width"] > 600
