"""The documentation site in a real browser, opened from the disk without a network."""

import pytest

pytestmark = pytest.mark.slow

PAGES = ["index", "records", "reference/dictionary", "reference/summarize"]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_a_complaint_or_a_sideways_scroll(look, site, name, width):
    page, trouble = look((site / f"{name}.html").as_uri(), width=width)

    assert trouble == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_links_lead_from_the_start_to_a_function(look, site):
    page, trouble = look((site / "index.html").as_uri())
    page.get_by_role("link", name="Count and summarize").first.click()
    page.wait_for_load_state()
    page.locator("#trialkit\\.summarize\\.routes").scroll_into_view_if_needed()

    assert page.title().startswith("Count and summarize")
    assert "out of" in page.locator("main, article").first.inner_text()
    assert trouble == []


def test_the_search_finds_words_and_functions_without_a_server(look, site):
    page, trouble = look((site / "index.html").as_uri())
    page.get_by_role("textbox", name="Search").first.fill("enrollment")
    page.keyboard.press("Enter")
    found = page.locator("#search-results li a")
    # One result after the other appears.
    found.filter(has_text="cumulative_enrollment").first.wait_for()
    words = " ".join(found.all_inner_texts())

    assert "cumulative_enrollment" in words
    assert trouble == []


@pytest.mark.parametrize(
    ("name", "scheme"), [("select", "dark"), ("reference/tables", "light")]
)
def test_axe_finds_no_violation(look, site, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page, _ = look((site / f"{name}.html").as_uri(), scheme=scheme)
    found = axe.Axe().run(page).response["violations"]

    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []
