"""The list of trials on the page, searched in a real browser without a network."""

import io
import re
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe

import trialkit as tk
from tests.examples import example_cell_trials
from tests.trials_by_hand import labelled, made
from trialkit.codewords import code_word, short_word
from trialkit.report.render.finder import with_finder
from trialkit.report.render.html import page as page_of
from trialkit.tables.details import trial_details
from trialkit.tidy.csv import csv_text
from trialkit.workspace import reports_dir

pytestmark = pytest.mark.slow

LINK = '<p>Data: <a href="r-data/tbl-trial-lines.csv">tbl-trial-lines.csv</a>.</p>'
HOSTILE = '=1+1 <img src=x onerror="alert(1)"> </script><script>alert(2)</script>'


FIGURE = (
    '<figure id="fig-routes"><svg role="img" aria-label="Routes" viewBox="0 0 200 40">'
    '<text x="0" y="15">Portal vein</text><text x="0" y="35">6</text></svg></figure>'
    '<figure id="fig-phases"><svg role="img" aria-label="Phases" viewBox="0 0 200 40">'
    '<text x="60" y="15">Phase 1/2</text><text x="60" y="35">19</text></svg></figure>'
)


def written(data, folder, contents="", **options):
    """Return the address of a page with the list of some trials."""
    listed = csv_text(tk.summarize.trial_lines(data)).encode("utf-8-sig")
    details = csv_text(trial_details(data)).encode("utf-8-sig")
    contents = contents and f'<nav class="contents">{contents}</nav>'
    body = FIGURE + LINK
    plain = page_of(
        title="Trials", cover="<h1>Trials</h1>", body=body, contents=contents
    )
    file = folder / "r.html"
    files = {
        "r-data/tbl-trial-lines.csv": listed,
        "r-data/tbl-trial-lines-details.csv": details,
    }
    file.write_bytes(with_finder(plain.encode(), files, **options))
    return file.as_uri()


@pytest.fixture(scope="module")
def data():
    return example_cell_trials().counted()


@pytest.fixture(scope="module")
def address(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finder")
    return written(data, folder, supplement="supplement.html")


def status(page):
    return page.inner_text(".finder-status")


def shown(page):
    return page.locator("table.finder tbody tr").count()


def ids(page):
    return sorted(page.locator("table.finder summary").all_inner_texts())


def pick(page, legend, value):
    field = page.locator("fieldset", has=page.locator("legend", has_text=legend))
    field.locator("label", has=page.locator(f'text="{value}"')).locator("input").check()


def test_a_value_leaves_as_many_trials_as_are_counted(look, address, data):
    page, trouble = look(address)
    words = {
        "Route": ("route_group", short_word),
        "Cell type": ("cell_type", short_word),
        "Phase": ("phase", code_word),
    }
    for legend, (axis, word) in words.items():
        for value, n in tk.count(data, by=axis)[[axis, "n"]].to_numpy():
            if not n:
                continue
            page.goto(f"{address}#?{urlencode({legend: word(value, axis)})}")
            assert status(page).startswith(f"{n} of 38 trials"), (legend, value)
            assert shown(page) == n
    page.click("button:text-is('Clear')")
    pick(page, "Phase", "Phase 1/2")
    assert status(page).startswith("19 of 38 trials")
    assert page.locator("table.finder td[hidden]").first.is_hidden()
    assert trouble == []


def test_an_empty_list_says_which_choice_emptied_it(look, address, data):
    page, _ = look(address)
    chosen = {"Route": "Portal vein", "find": "cirrhosis", "Participants": "100000.."}
    page.goto(f"{address}#?{urlencode(chosen)}")
    n = len(data.select(route="portal vein", query="cirrhosis").trials)
    told = status(page)
    assert told.startswith("0 of 38 trials"), told
    assert n
    assert told.endswith(f". There would be {n} without Participants."), told
    never = urlencode(chosen | {"Start year": "2100.."})
    page.goto(f"{address}#?{never}")
    assert status(page).endswith("none either without any one of these choices.")


def test_no_button_stands_for_one_value_more(look, address):
    page, _ = look(address)
    buttons = page.locator(".finder-facets button").all_inner_texts()
    assert buttons
    assert "1 more" not in buttons


def test_a_row_of_a_figure_chooses_what_it_counts(look, address):
    page, trouble = look(address)
    for place in (0.05, 0.9):
        page.click("button:text-is('Clear')")
        page.mouse.wheel(0, -10000)
        page.locator("#fig-routes").scroll_into_view_if_needed()
        row = page.locator("#fig-routes svg").bounding_box()
        page.mouse.click(
            row["x"] + place * row["width"], row["y"] + row["height"] * 0.3
        )
        assert status(page).startswith("6 of 38 trials")
        assert "Route=Portal+vein" in page.url
    assert page.locator("#fig-routes .finder-pick").count() == 1
    # A divided bar has words, not rows.
    page.click("button:text-is('Clear')")
    page.click("#fig-phases .finder-pick")
    assert status(page).startswith("19 of 38 trials")
    assert page.locator("#fig-phases .finder-pick").bounding_box()["width"] < 600
    assert trouble == []


def test_a_row_of_a_figure_is_reached_and_chosen_by_the_keyboard(look, address):
    page, _ = look(address)
    page.focus(".finder-pick")
    page.keyboard.press("Enter")
    assert status(page).startswith("6 of 38 trials")
    assert page.evaluate("document.activeElement.className") == "finder-status"
    found = Axe().run(page, "#fig-routes").response["violations"]
    assert [rule["id"] for rule in found] == []


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
    again.click('text="Clear"')
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
    page.click("summary:text-is('NCT1')")
    assert page.locator("table.finder img, table.finder script").count() == 0
    assert saved(page, "CSV").decode("utf-8-sig").splitlines()[1].count("\"'=1+1") == 2


def test_without_the_script_every_trial_is_there(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("table.finder tbody tr").count() == 38
    page.click("summary:text-is('NCT00420134')")
    told = page.inner_text("table.finder tbody tr:first-child details")
    for words in ("Arms:", "Portal vein (intraportal)", "Register", "led towards"):
        assert words in told
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_list_is_accessible(look, address, scheme, width):
    link = f"{address}#?Route=Vein&Start+year=2010..2030&find=cirrhosis"
    page, _ = look(link, scheme=scheme, width=width)
    page.evaluate(
        "for (const one of document.querySelectorAll('details')) one.open = true"
    )
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in found] == []


def test_a_telephone_scrolls_down_only(look, address):
    page, _ = look(address, width=390)
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = "document.querySelector('.table-box')"
        assert page.evaluate(f"{box}.scrollWidth <= {box}.clientWidth")
        page.evaluate(
            "for (const one of document.querySelectorAll('details')) one.open = true"
        )


def test_on_a_telephone_the_list_begins_within_one_screen(look, address):
    page, _ = look(address, width=390)
    top = "document.querySelector('{}').getBoundingClientRect().top"
    page.evaluate("document.querySelector('.finder-whole').scrollIntoView()")
    assert page.evaluate(top.format("table.finder tbody tr")) < 500
    assert not page.locator(".finder-fold fieldset").first.is_visible()
    page.click(".finder-fold > summary")
    assert page.locator(".finder-fold fieldset").first.is_visible()


def test_a_card_names_its_values_and_is_sorted_by_a_list(look, address):
    page, _ = look(address, width=390)
    named = page.evaluate(
        "[...document.querySelectorAll('table.finder tbody tr:first-child td')]"
        ".map(cell => getComputedStyle(cell, '::before').content)"
    )
    heads = ["Condition", "Route", "Cell source", "Cell type", "Phase", "Participants"]
    heads += ["Years", "Country", "Status"]
    assert named == ["none", "none", *(f'"{head}"' for head in heads)]
    hidden = page.locator("table.finder tr:first-child td[hidden]")
    assert [cell.is_visible() for cell in hidden.all()] == [False, False]
    page.select_option(".finder-order select", "-Participants")
    assert page.locator("table.finder td.n").first.inner_text() == "266"
    assert "sort=-Participants" in page.url


def test_an_id_opens_arms_labels_and_links(look, address, data):
    page, trouble = look(address)
    page.click("summary:text-is('NCT01013194')")
    told = page.locator("tr.finder-behind")
    text = told.inner_text()
    assert told.count() == 1
    for words in ("Fetal tissue", "splenic artery", "5 × 10⁸", "femoral artery"):
        assert words in text
    links = [a.get_attribute("href") for a in told.locator("a").all()]
    assert links == [
        "https://clinicaltrials.gov/study/NCT01013194",
        "supplement.html#NCT01013194",
    ]
    assert saved(page, "CSV").decode("utf-8-sig").count("femoral") == 0
    page.click("summary:text-is('NCT01013194')")
    told.wait_for(state="detached")
    assert shown(page) == 38
    assert trouble == []


def test_an_open_trial_goes_with_its_line(look, address):
    page, _ = look(address)
    page.click("summary:text-is('NCT01013194')")
    page.click("th >> text=Registry id")
    line = page.locator("tr:has(summary:text-is('NCT01013194')) + tr")
    assert "finder-behind" in line.get_attribute("class")
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.locator("tr.finder-behind").count() == 0
    assert page.locator("details[open] >> text=femoral artery").is_visible()
    page.fill("#finder-words", "zebra")
    assert shown(page) == 0


def test_of_many_trials_there_is_no_card_to_link(look, tmp_path):
    many = [{"trial_id": f"NCT{n:08d}"} for n in range(61)]
    page, _ = look(written(made(trials=many), tmp_path, supplement="supplement.html"))
    assert page.locator("table.finder a[href^='supplement']").count() == 0
    assert page.locator("table.finder a[href*='clinicaltrials.gov']").count() == 61


STARTS = (
    "2014-12",
    "2015",
    "2015-01-01",
    "2018-06",
    "2020-12-31",
    "2020",
    None,
    "2021",
)
SIZES = (0, 10, 11, 49, 50, 51, None, 1200)


@pytest.mark.parametrize(
    ("first", "last"), [("2015", "2020"), ("", "2015"), ("2020", ""), ("2030", "")]
)
def test_a_range_of_start_years_is_that_of_select(look, tmp_path, first, last):
    trials = [
        {"trial_id": f"NCT{n:08d}", "start_date": start, "enrollment": size}
        for n, (start, size) in enumerate(zip(STARTS, SIZES, strict=True))
    ]
    data = made(trials=trials)
    page, _ = look(written(data, tmp_path))
    for end, text in (("from", first), ("to", last)):
        page.fill(f"[aria-label='Start year {end}']", text)
        page.press(f"[aria-label='Start year {end}']", "Enter")
    chosen = data.select(start=f"{first}..{last}")
    assert ids(page) == sorted(chosen.trials["trial_id"])
    assert "Leaves out what states none: 1 of the list." in page.inner_text("form")
    again, _ = look(page.url)
    assert ids(again) == ids(page)
    assert f"Start+year={first}..{last}" in page.url


@pytest.mark.parametrize(
    ("low", "high"), [("10", "50"), ("", "0"), ("51", ""), ("50", "10")]
)
def test_a_range_of_participants_is_that_of_select(look, tmp_path, low, high):
    trials = [
        {"trial_id": f"NCT{n:08d}", "enrollment": size} for n, size in enumerate(SIZES)
    ]
    data = made(trials=trials)
    page, _ = look(f"{written(data, tmp_path)}#?Participants={low}..{high}")
    if low and high and int(low) > int(high):
        assert (ids(page), status(page)[:9]) == ([], "0 of 8 tr")
        assert "It ends before it begins." in page.inner_text("form")
        return
    chosen = data.select(enrollment=f"{low}..{high}")
    assert ids(page) == sorted(chosen.trials["trial_id"])
    page.click(".finder-chips button")
    assert status(page).startswith("8 of 8")


def test_a_number_counts_while_it_is_typed(look, address, data):
    page, _ = look(address)
    field = page.locator("[aria-label='Participants from']")
    field.press_sequentially("100")
    chosen = data.select(enrollment="100..").trials
    page.wait_for_selector(f".finder-status >> text=/^{len(chosen)} of 38/")
    assert field.input_value() == "100"
    assert page.evaluate("document.activeElement.ariaLabel") == "Participants from"


@pytest.mark.parametrize("kind", ["WJ", "CB"])
def test_a_source_says_which_kinds_of_it_stand_beside_it(look, tmp_path, kind):
    ids = ("NCT1", "NCT2")
    trials = [{"trial_id": one} for one in ids]
    labels = [
        row
        for one, source in zip(ids, ("UC", kind), strict=True)
        for row in labelled(one, cell_source=source)
    ]
    arms = [{"trial_id": one, "arm_id": "A1"} for one in ids]
    data = made(trials=trials, arms=arms, labels=labels)
    page, _ = look(written(data, tmp_path))
    field = page.locator("fieldset", has=page.locator("legend", has_text="Cell source"))
    is_told = "Umbilical cord is without Wharton's jelly" in field.inner_text()
    chosen = data.select(cell_source="umbilical cord").trials
    assert is_told == (kind == "WJ") == (len(chosen) == 2)


def test_the_filters_leave_the_contents_in_sight(look, data, tmp_path):
    page, _ = look(written(data, tmp_path, contents="<p>Contents</p>"))
    page.evaluate("document.querySelector('.finder-whole').scrollIntoView()")
    boxes = [
        page.locator(one).bounding_box() for one in ("nav.contents", ".finder-whole")
    ]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    table = page.locator(".finder-list .table-box")
    assert table.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_ranges_and_other_filters_count_together(look, address, data):
    page, _ = look(f"{address}#?Start+year=2015..2020&Participants=10..100")
    chosen = data.select(start="2015..2020", enrollment="10..100")
    counts = tk.count(chosen, by="route_group").set_index("route_group")["n"]
    row = "fieldset:has(legend:text-is('Route')) label:has(.v:text-is('{}')) .n"
    for route in ("Vein", "Portal vein", "Not stated"):
        own = page.inner_text(row.format(route))
        assert int(own) == counts.get(route, 0)


def test_the_keyboard_chooses_and_opens_and_shows_where_it_is(look, address, data):
    page, _ = look(address)
    page.focus("#finder-words")
    where = "document.activeElement"
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate(f"{where}.type") == "checkbox":
            break
    assert page.evaluate(f"getComputedStyle({where}).outlineStyle") != "none"
    page.keyboard.press("Space")
    assert page.locator(".finder-chips button").count() == 1
    page.focus("table.finder summary >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.finder-behind")  # the browser opens it in its own time
    assert page.evaluate(f"getComputedStyle({where}).outlineStyle") != "none"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{where}.closest('tr').className") == "finder-behind"


def test_print_holds_every_chosen_trial_and_says_what_was_chosen(look, tmp_path):
    many = [{"trial_id": f"NCT{n:08d}", "enrollment": n} for n in range(130)]
    page, _ = look(f"{written(made(trials=many), tmp_path)}#?Participants=10..129")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown(page) == 120
    assert page.locator(".finder-status").is_visible()
    assert not page.locator("#finder-words").is_visible()


def test_a_page_of_quarto_gets_the_same_list(look, data, tmp_path):
    listed = csv_text(tk.summarize.trial_lines(data)).encode("utf-8-sig")
    table = (
        '<table class="caption-top table"><tbody><tr><td>NCT1</td></tr></tbody></table>'
    )
    rules = (reports_dir() / "report.scss").read_text(encoding="utf-8")
    rules = re.sub(r"^\s*//.*$", "", rules, flags=re.MULTILINE)
    plain = (
        f'<!DOCTYPE html><html lang="en"><head><title>Trials</title><style>{rules}'
        '</style></head><body><main class="content">'
        f'<h1>Trials</h1><div id="tbl-trial-lines"><figure><figcaption>{LINK}'
        f"</figcaption><div>{table}</div></figure></div></main></body></html>"
    )
    file = tmp_path / "q.html"
    files = {"r-data/tbl-trial-lines.csv": listed}
    file.write_bytes(with_finder(plain.encode(), files))
    page, trouble = look(file.as_uri(), scheme="dark")
    pick(page, "Route", "Portal vein")
    page.fill("#finder-words", "cirrhosis")
    assert status(page).endswith(" participants")
    assert 0 < shown(page) < 6
    # Quarto's page is dark as well, and the list has its full width.
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(21, 28, 36)"
    width = "document.querySelector('{}').getBoundingClientRect().width"
    widths = [
        page.evaluate(width.format(name)) for name in (".finder-list", ".finder-whole")
    ]
    assert widths[0] == widths[1]
    found = Axe().run(page, ".finder-whole").response["violations"]
    assert [rule["id"] for rule in found] == []
    assert trouble == []
