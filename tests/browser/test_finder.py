"""The list of trials on the page, searched in a real browser without a network."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe

import trialkit as tk
from tests.trials_by_hand import made
from trialkit.report.render.finder import with_finder
from trialkit.report.render.html import page as page_of
from trialkit.tidy.csv import csv_text

pytestmark = pytest.mark.slow

LINK = '<p>Data: <a href="r-data/tbl-trial-lines.csv">tbl-trial-lines.csv</a>.</p>'
HOSTILE = '=1+1 <img src=x onerror="alert(1)"> </script><script>alert(2)</script>'


FIGURE = (
    '<figure id="fig-routes"><svg role="img" aria-label="Routes" viewBox="0 0 200 40">'
    '<text x="0" y="15">Portal vein</text><text x="0" y="35">6</text></svg></figure>'
)


def written(data, folder):
    """Return the address of a page with the list of some trials."""
    listed = csv_text(tk.summarize.trial_lines(data)).encode("utf-8-sig")
    plain = page_of(title="Trials", cover="<h1>Trials</h1>", body=FIGURE + LINK)
    file = folder / "r.html"
    files = {"r-data/tbl-trial-lines.csv": listed}
    file.write_bytes(with_finder(plain.encode(), files))
    return file.as_uri()


@pytest.fixture(scope="module")
def data():
    return tk.load_example().select(cell_trials=True).counted()


@pytest.fixture(scope="module")
def address(data, tmp_path_factory):
    return written(data, tmp_path_factory.mktemp("finder"))


def status(page):
    return page.inner_text(".finder-status")


def shown(page):
    return page.locator("table.finder tbody tr").count()


def pick(page, legend, value):
    field = page.locator("fieldset", has=page.locator("legend", has_text=legend))
    field.locator("label", has=page.locator(f'text="{value}"')).locator("input").check()


def test_a_route_leaves_as_many_trials_as_are_counted(look, address, data):
    page, trouble = look(address)
    counts = tk.count(data, by="route_group").set_index("route_group")["n"]
    for route in ("Vein", "Portal vein", "Not stated"):
        page.click("text=Clear")
        pick(page, "Route", route)
        assert status(page).startswith(f"{counts[route]} of 38 trials")
        assert shown(page) == counts[route]
    assert trouble == []


def test_a_row_of_a_figure_chooses_what_it_counts(look, address):
    page, trouble = look(address)
    page.click("#fig-routes >> text=Portal vein")
    assert status(page).startswith("6 of 38 trials")
    assert "Route=Portal+vein" in page.url
    assert page.locator(".finder-pick").count() == 1
    assert trouble == []


def test_participants_are_those_of_the_trials_that_are_left(look, address, data):
    page, _ = look(f"{address}#?Route=Vein")
    own = data.select(route="Vein", cell_trials=True)
    total = int(own.trials["enrollment"].sum())
    assert status(page) == f"{len(own)} of 38 trials, {total:,} participants"


def test_counts_of_a_filter_follow_the_other_filters_and_not_itself(look, address):
    page, _ = look(f"{address}#?Route=Vein")
    row = "fieldset:has(legend:text-is('{}')) label:has(.v:text-is('{}')) .n"
    assert page.inner_text(row.format("Cell source", "Umbilical cord")) == "13"
    assert page.inner_text(row.format("Route", "Portal vein")) == "6"


def test_of_a_long_list_the_first_are_shown_and_all_are_saved(look, tmp_path):
    many = [{"trial_id": f"NCT{n:08d}"} for n in range(130)]
    page, _ = look(written(made(trials=many), tmp_path))
    assert (status(page).split(",")[0], shown(page)) == ("130 of 130 trials", 100)
    assert len(saved(page, "CSV").splitlines()) == 131
    page.click("text=Show all 130")
    assert shown(page) == 130


def test_words_are_searched_together_in_any_order(look, address):
    page, _ = look(address)
    page.fill("#finder-words", "cirrhosis umbilical")
    rows = page.locator("table.finder tbody tr").all_inner_texts()
    assert rows
    assert all("cirrhosis" in r.lower() and "umbilical" in r.lower() for r in rows)


def test_a_head_sorts_numbers_as_numbers_and_turns_round(look, address):
    page, _ = look(address)
    page.click("th >> text=Participants")
    texts = page.locator("table.finder td.n").all_inner_texts()
    numbers = [int(text) for text in texts if text != "Not stated"]
    assert numbers == sorted(numbers)
    page.click("th >> text=Participants")
    assert page.locator("table.finder td.n").first.inner_text() == str(numbers[-1])
    assert (
        page.get_attribute("th:has-text('Participants')", "aria-sort") == "descending"
    )


def test_the_address_holds_what_was_chosen(look, address):
    page, _ = look(address)
    pick(page, "Cell source", "Bone marrow")
    page.fill("#finder-words", "cirrhosis")
    before, link = status(page), page.url
    again, _ = look(link)
    assert status(again) == before
    again.click("text=Clear")
    assert "#?" not in again.url
    assert status(again).startswith("38 of 38")


def saved(page, button):
    with page.expect_download() as waiting:
        page.click(f".finder-bar >> text={button}")
    return waiting.value.path().read_bytes()


def test_the_selection_is_saved_as_csv_and_as_a_workbook(look, address):
    import csv

    from python_calamine import CalamineWorkbook

    page, _ = look(f"{address}#?Route=Hepatic+artery")
    lines = list(csv.reader(io.StringIO(saved(page, "CSV").decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(saved(page, "XLSX")))
    cells = book.get_sheet_by_index(0).to_python()
    assert len(lines) == len(cells) == 6
    assert lines[0] == cells[0]
    assert [row[0] for row in lines] == [row[0] for row in cells]
    assert all("Hepatic artery" in row[3] for row in lines[1:])


def test_words_of_a_record_are_words(look, tmp_path):
    trial = {"trial_id": "NCT1", "brief_title": HOSTILE, "countries": HOSTILE}
    page, trouble = look(written(made(trials=[trial]), tmp_path))
    assert trouble == []
    assert "<img src=x" in page.inner_text("table.finder tbody")
    assert page.locator("table.finder img, table.finder script").count() == 0
    assert saved(page, "CSV").decode("utf-8-sig").splitlines()[1].count("\"'=1+1") == 2


def test_without_the_script_every_trial_is_there(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("table.finder tbody tr").count() == 38
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_is_accessible(look, address, scheme):
    page, _ = look(f"{address}#?Route=Vein", scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in found] == []


def test_a_telephone_scrolls_down_only(look, address):
    page, _ = look(address, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
