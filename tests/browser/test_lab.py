"""Notebooks in a real JupyterLab: they run, and the widgets change what is shown.

One server and one browser for all: `trialkit new`, `trialkit lab`, then the landscape
and the explorer are opened and run from first cell to last. Nothing outside may be
asked for. The cells of the other reports run in `tests/report/test_notebooks.py` and
`tests/test_recount.py`; what they show is of the kinds that the landscape shows.
"""

import shutil

import pytest

from tests.browser.laboratory import ROOT, laboratory, run_all, trialkit

pytestmark = pytest.mark.slow

EXAMPLES = ROOT / "trialkit" / "data" / "examples"
#: How a line of the parameters cell begins, and once a user has named records.
SHIPPED, RECORDS = "records: list[str] = []", "records: list[str] = ['../records']"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A new workspace with a few records of its own, which the notebooks read."""
    folder = tmp_path_factory.mktemp("lab") / "mine"
    trialkit("new", folder)
    for path in sorted(EXAMPLES.glob("*.json"))[::12]:
        shutil.copy(path, folder / "records")
    for path in (folder / "notebooks").glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert SHIPPED in text
        path.write_text(text.replace(SHIPPED, RECORDS), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(workspace, tmp_path_factory):
    """A JupyterLab that `trialkit lab` started, with settings of its own."""
    with laboratory(workspace, tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="module")
def opened(chromium, address):
    """Open a notebook, run all its cells, and note what it asks of other machines."""
    # One context, so that JupyterLab's scripts are fetched and read once.
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})

    def run(name):
        page = context.new_page()
        outside = []
        page.on("request", lambda request: outside.append(request.url))
        run_all(page, address, name)
        allowed = (address, address.replace("http", "ws"), "data:", "blob:")
        return page, [url for url in outside if not url.startswith(allowed)]

    yield run
    context.close()


@pytest.fixture(scope="module")
def explore(opened):
    """The explorer after one run of all its cells."""
    page, outside = opened("explore")
    assert outside == []
    return page


ERRORS = "[data-mime-type='application/vnd.jupyter.error']"
COMPLAINTS = "[data-mime-type='application/vnd.jupyter.stderr']"


def test_a_report_runs_from_top_to_bottom_and_asks_nobody(opened):
    page, outside = opened("landscape")
    assert page.locator(f"{ERRORS}, {COMPLAINTS}").all_inner_texts() == []
    assert outside == []
    page.close()


def test_a_click_on_a_row_shows_the_card_of_its_trial(explore):
    row = explore.locator("table.dataTable tbody").first.locator("tr").nth(1)
    trial = row.locator("td").first.inner_text()
    row.click()
    explore.get_by_role("article", name=f"Trial {trial}").wait_for()
    assert explore.locator("article mark").count()


def test_a_button_saves_the_selection_where_outputs_go(explore, workspace):
    explore.get_by_role("button", name="Save records").click()
    explore.get_by_text("saved in").wait_for()
    assert (workspace / "output" / "selection.ndjson").is_file()


def test_a_click_on_a_heading_sorts_participants_as_numbers(explore):
    rows = explore.locator("table.dataTable tbody").first.locator("tr")

    def sizes():
        return [row.locator("td").nth(7).inner_text() for row in rows.all()]

    heading = explore.get_by_role("columnheader").filter(has_text="Participants").first
    before = sizes()
    heading.click()
    explore.wait_for_timeout(300)
    assert sizes() == sorted(before, key=int)


def test_a_search_that_cannot_be_read_is_marked_where_it_is_wrong(explore):
    box = explore.get_by_placeholder("ACLF")
    box.fill('("liver')
    box.press("Enter")
    explore.get_by_text("never closed").wait_for()
    box.fill("")
    box.press("Enter")
    explore.get_by_text("never closed").wait_for(state="detached")


def test_a_filter_changes_what_the_table_shows(explore):
    rows = explore.locator("table.dataTable tbody").first.locator("tr")
    before = rows.count()
    phases = explore.locator(".widget-select-multiple", has_text="Phase 1")
    phases.locator("select").select_option(index=0)
    explore.locator("li", has_text="phase: ").wait_for()
    fewer = "n => document.querySelector('table.dataTable tbody').rows.length < n"
    explore.wait_for_function(fewer, arg=before)
    assert rows.count() > 0


def test_the_explorer_ran_and_was_used_without_an_error(explore):
    assert explore.locator(f"{ERRORS}, {COMPLAINTS}").all_inner_texts() == []
