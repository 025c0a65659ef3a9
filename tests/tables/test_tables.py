"""Tables: readable cells, escaped words, captions with N, notes only where needed."""

import json
import subprocess

import pandas as pd
import pytest

from tests.trials_by_hand import (
    AS_OF,
    BAL,
    MUSCLE,
    REACTOR,
    assert_unchanged,
    copies,
    empty,
    labelled,
    made,
    many,
    seeds,
)
from trialkit import summarize, tables
from trialkit.errors import ParameterError, TrialDataError
from trialkit.tables.content import cell, listed
from trialkit.tables.table import Table, numbers
from trialkit.tables.timelines import course

pytestmark = pytest.mark.slow

NAMES = list(tables.TABLES)


def row_of(table, text):
    """Return the first row whose first cell holds `text`."""
    return next(row for row in table.rows if text in row[0])


@pytest.mark.parametrize(
    "trials", [empty, seeds, lambda: many(25)], ids=["0", "4", "25"]
)
def test_every_table_is_whole_and_changes_nothing(trials):
    data = trials()
    before = copies(data)
    for name in NAMES:
        assert_whole(name, tables.TABLES[name](data, as_of=AS_OF))
    assert_unchanged(data, before)


def assert_whole(name, table):
    assert table.label.startswith("tbl-")
    assert len(table.columns) <= (9 if name == "trial_lines" else 8), name
    assert {len(row) for row in table.rows} <= {len(table.columns)}, name
    assert table.markdown() == table._repr_markdown_()
    cells = [text for row in table.rows for text in row[1:]]
    assert all(isinstance(text, str) and text for text in cells), name
    if not table.rows:
        assert table.markdown() == table.empty_text, name
    elif name not in ("label_accuracy", "accuracy_by_label"):
        assert "N = " in table.caption or "trial" in table.caption, name
        assert AS_OF not in table.caption, name  # the day stands in the header, once


def test_labels_are_unique():
    labels = [tables.TABLES[name](seeds(), as_of=AS_OF).label for name in NAMES]
    assert len(set(labels)) == len(labels)


def parsed(markdown):
    pypandoc = pytest.importorskip("pypandoc")
    run = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "json"],
        input=markdown,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)["blocks"]


def test_pandoc_reads_one_table_with_relative_widths():
    table = tables.trials(seeds(), as_of=AS_OF)
    blocks = parsed(table.markdown())
    assert [block["t"] for block in blocks] == ["Table", "Para"]
    widths = [spec[1].get("c") for spec in blocks[0]["c"][2]]
    assert len(widths) == 8
    assert sum(widths) == pytest.approx(1, abs=0.02)
    assert widths[0] == max(widths)


def test_hostile_words_stay_words_in_every_table():
    evil = "a | b\n| c | <script>alert(1)</script> [x](http://e.example) =1+1 `{=html}`"
    data = made(
        trials=[
            {
                "trial_id": "NCT00000001",
                "brief_title": evil,
                "lead_sponsor": evil,
                "countries": evil,
                "enrollment": 5,
            }
        ],
        arms=[{"trial_id": "NCT00000001", "arm_id": "A1", "arm_label": evil}],
        interventions=[
            {"trial_id": "NCT00000001", "intervention_id": "I1", "name": evil}
        ],
        conditions=[{"trial_id": "NCT00000001", "condition": evil}],
        sources=[{"source_id": "S1", "path": evil, "site": evil, "kind": "mirror"}],
        excluded=[{"source_id": "S1", "record": evil, "reason": evil}],
        labels=[
            {**row, "quote": evil, "section": evil}
            for row in labelled(
                "NCT00000001",
                delivery_mode="extracorporeal",
                route=f"OTHER:{evil}",
                cell_type="MSC",
            )
        ],
        statements=[
            {
                "trial_id": "NCT00000001",
                "field": "phase",
                "value": evil,
                "source_id": "S1",
                "is_chosen": False,
                "is_conflict": True,
            }
        ],
    )
    texts = [tables.TABLES[name](data, as_of=AS_OF).markdown() for name in NAMES]
    for text in [*texts, tables.cards(data, as_of=AS_OF)]:
        found = json.dumps(parsed(text))
        assert '"RawInline"' not in found
        assert '"RawBlock"' not in found
        assert '["http://e.example' not in found
    for name, text in zip(NAMES, texts, strict=True):
        width = len(tables.TABLES[name](data, as_of=AS_OF).columns)
        for line in text.splitlines():
            if line.startswith("| "):
                assert line.replace("\\|", "").count("|") == width + 1


def test_missing_is_muted_words():
    table = tables.trials(seeds(), as_of=AS_OF)
    row = row_of(table, MUSCLE)
    assert row[2] == "Phase 1; *not stated*"
    assert row[6] == "*not stated* → *not stated*"


def test_cells_of_the_trial_table():
    table = tables.trials(seeds(), as_of=AS_OF)
    assert table.is_wide
    assert row_of(table, BAL) == (
        f"[{BAL}](https://clinicaltrials.gov/study/{BAL}) A new bioartificial liver",
        "Liver Failure; Small-for-Size Syndrome",
        "Phase 1/2; Recruiting",
        "Extracorporeal, bioartificial liver (hepatic cells)",
        "Hepatocyte-like cell, pluripotent-derived ← Chemically induced pluripotent "
        "stem cell; donor *not stated*",
        "12 (type *not stated*)",
        "2025-12-01 → 2028-12-31",
        "China; A hospital",
    )


def test_the_dagger_marks_the_cell_that_differs_and_its_note_comes_with_it():
    table = tables.trials(seeds(), as_of=AS_OF)
    assert row_of(table, REACTOR)[1].endswith("†")
    assert table.notes[0].startswith("†")
    assert not tables.trials(many(3), as_of=AS_OF).notes


def test_a_headline_of_a_lay_page_is_not_passed_off_as_a_registered_title():
    table = tables.trials(seeds(), as_of=AS_OF)
    assert row_of(table, MUSCLE)[0].endswith("(headline of a lay page)")
    assert "(headline" not in row_of(table, BAL)[0]


def test_an_id_of_another_register_is_no_link():
    data = made(trials=[{"trial_id": "ChiCTR1", "is_cell_trial": False}])
    assert tables.trials(data, as_of=AS_OF).rows[0][0] == "ChiCTR1 *title not stated*"


def test_beside_trials_of_cells_the_others_give_no_cell_product():
    trials = [{"trial_id": n, "is_cell_trial": n == "NCT1"} for n in ("NCT1", "NCT2")]
    table = tables.trials(made(trials=trials), as_of=AS_OF)
    assert table.rows[1][4] == "no cell product"


def test_where_no_trial_gives_cells_nothing_is_said_of_them():
    data = made(trials=[{"trial_id": "NCT1", "is_cell_trial": False}])
    table = tables.trials(data, as_of=AS_OF)
    headers = [column.header for column in table.columns]
    assert not {"Route", "Cell type ← source; donor"} & set(headers)
    assert "cell" not in table.caption


def test_a_limit_is_told_in_the_caption():
    table = tables.trials(many(10), as_of=AS_OF, limit=3)
    assert len(table.rows) == 3
    assert len(table.frame) == 10
    assert "N = 10. The first 3 rows are shown; the data file holds" in table.caption


def test_characteristics_give_counts_below_20_and_shares_from_20_on():
    small = tables.characteristics(many(19), as_of=AS_OF)
    assert "%" not in small.markdown()
    assert "5/19" in small.markdown()
    large = tables.characteristics(many(20), as_of=AS_OF)
    assert "25.0 % (11.2–46.9)" in large.markdown()


def test_key_facts_count_out_of_n():
    rows = {name: text for name, text in tables.key_facts(seeds(), as_of=AS_OF).rows}
    assert rows["Cell source stated"] == "3 of 4"
    assert rows["Donor relation stated"] == "0 of 4"
    # Of the cells that are shown, and none of others.
    assert "mesenchymal stromal cells (" in rows["Label accuracy"]
    assert "such trials read, for liver or islet cells" in rows["Label accuracy"]
    assert "CAR-T" not in rows["Label accuracy"]


def test_trials_without_cells_are_named_where_rows_leave_them_out():
    data = made(
        trials=[{"trial_id": "NCT1"}, {"trial_id": "NCT2", "is_cell_trial": False}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=labelled("NCT1", route="IV"),
    )
    table = tables.key_facts(data, as_of=AS_OF)
    assert ("Route stated", "1 of 1") in table.rows
    assert "leave out the 1 without a cell product" in table.caption


def test_a_record_with_two_flags_is_one_row():
    trial = {
        "trial_id": "NCT1",
        "overall_status": "RECRUITING",
        "completion_date": "2020-01-01",
        "last_updated_date": "2019-01-01",
    }
    table = tables.stale_records(made(trials=[trial]), as_of=AS_OF)
    assert table.rows[0][1] == "Completion date has passed; Not updated for two years"
    assert table.rows[0][2] == (
        "completion 2020-01-01; status recruiting; last update 2019-01-01"
    )
    assert "1 of 1" in table.caption


def test_of_a_long_list_the_first_are_shown_and_how_many_more():
    assert listed("A; B; C") == "A; B; C"
    assert listed("; ".join("ABCDEFGHIJ")) == "A; B; C; D; E; F; G; H; *2 more*"
    disease = "Recurrent marginal zone lymphoma of the spleen in adults"
    assert listed("; ".join([disease] * 5)) == f"{disease}; {disease}; *3 more*"
    assert listed("; ".join([disease * 4] * 3)) == f"{disease * 4}; *2 more*"


def test_quartiles_need_four_numbers():
    rows = {
        row[0]: row for row in tables.enrollment_by_route(seeds(), as_of=AS_OF).rows
    }
    assert rows["All trials"][2:6] == ("66", "12", "11.5 to 17", "10 to 32")
    assert rows["Outside the body"][4] == "–"
    assert rows["Not stated"][2:6] == ("–", "–", "–", "–")


def test_the_device_table_says_on_what_the_fate_of_the_cells_rests():
    table = tables.devices(seeds(), as_of=AS_OF)
    assert row_of(table, REACTOR)[-1] == "no (stated, lay page)"
    assert row_of(table, BAL)[-1] == "no (inferred)"


def test_conflicts_show_both_values_and_long_ones_cut():
    statement = {
        "trial_id": "NCT1",
        "field": "official_title",
        "value": "word " * 100,
        "source_id": "S1",
        "is_chosen": False,
        "is_conflict": True,
    }
    table = tables.conflicts(
        made(trials=[{"trial_id": "NCT1"}], statements=[statement]), as_of=AS_OF
    )
    assert table.rows[0][3].startswith("word word")
    assert len(table.rows[0][3]) < 200
    assert table.rows[0][3].count("…") == 1
    shown = tables.conflicts(seeds(), as_of=AS_OF).rows[1]
    assert shown[2] == "Not yet recruiting (mirror.example, 2025-08-24)"


def test_long_texts_that_begin_alike_are_shown_where_they_differ():
    said = {"trial_id": "NCT1", "field": "detailed_description"}
    statements = [
        {
            **said,
            "value": f"{'word ' * 100}of the {source} one. {'end ' * 50}",
            "source_id": source,
            "is_chosen": source == "A",
            "is_conflict": source == "B",
        }
        for source in "AB"
    ]
    data = made(trials=[{"trial_id": "NCT1"}], statements=statements)
    (row,) = tables.conflicts(data, as_of=AS_OF).rows
    assert "of the A one." in row[2]
    assert "of the B one." in row[3]
    assert row[2].startswith("… word")
    assert row[4].startswith("word word")


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (2, "C1; C2"),
        (9, "C1; C2; C3; C4; C5; C6; C7; C8; C9"),
        (40, "C1; C2; C3; C4; C5; C6; C7; C8; *32 more*"),
    ],
)
def test_a_long_list_does_not_fill_a_page(n, shown):
    names = [f"C{i}" for i in range(1, n + 1)]
    rows = [{"trial_id": "NCT1", "condition": name} for name in names]
    table = tables.trials(
        made(trials=[{"trial_id": "NCT1"}], conditions=rows), as_of=AS_OF
    )
    assert table.rows[0][1] == shown
    assert table.frame["conditions"].item() == "; ".join(names)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("conditions", "ARDS", "ARDS"),
        ("lead_sponsor", "NIH", "NIH"),
        ("phase", "EARLY_PHASE1", "Early phase 1"),
        ("start_date", "2020-01-31, ACTUAL", "2020-01-31, actual"),
        ("who_masked", "PARTICIPANT; CARE_PROVIDER", "Participant; care provider"),
    ],
)
def test_codes_are_put_in_words_and_abbreviations_of_a_record_stay(field, value, shown):
    said = {"trial_id": "NCT1", "source_id": "S1", "is_conflict": True}
    data = made(
        trials=[{"trial_id": "NCT1"}],
        statements=[{**said, "field": field, "value": value}],
    )
    assert (
        tables.conflicts(data, as_of=AS_OF).rows[0][3]
        == f"{shown} (S1, *date not stated*)"
    )


def test_accuracy_is_not_measured_without_a_score(tmp_path):
    table = tables.label_accuracy(seeds(), as_of=AS_OF, path=tmp_path / "none.json")
    assert table.frame.empty
    assert table.markdown() == "Label accuracy: accuracy not measured."


def test_labels_with_few_cases_are_left_out_of_the_accuracy_by_label(tmp_path):
    path = tmp_path / "score.json"
    row = {"axis": "route", "support": 40, "precision": 0.975, "recall": 1, "f1": 0.99}
    few = {"axis": "route", "label": "PV", "support": 9, "precision": 1.0}
    one = {"name": "a", "date": "2026-01-02", "gold_trials": 50, "rules": "r1"}
    path.write_text(json.dumps({"sets": [{**one, "rows": [row, few]}]}))
    table = tables.accuracy_by_label(seeds(), as_of=AS_OF, path=path)
    assert table.rows == (("a", "Route", "all labels", "40", "0.97", "1.00", "0.99"),)
    assert table.frame["support"].tolist() == [40, 9]
    assert not tables.accuracy_by_label(
        seeds(), as_of=AS_OF, path=path, axes=["donor"]
    ).rows
    assert "50 labelled trials" in table.caption


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"rows": []}', "3", '{"sets": 3}', '{"sets": [{"rows": []}]}']
)
def test_a_broken_score_is_told(tmp_path, text):
    path = tmp_path / "score.json"
    path.write_text(text)
    for name in ("label_accuracy", "accuracy_by_label"):
        with pytest.raises(TrialDataError, match="score"):
            tables.TABLES[name](seeds(), as_of=AS_OF, path=path)


def test_the_vocabulary_lists_what_occurs_with_codes():
    table = tables.vocabulary(seeds(), as_of=AS_OF)
    codes = dict(zip(table.frame["id"], table.frame["code"], strict=True))
    assert codes["EC.bal"] == "C38212"
    assert "PV" not in codes


def test_the_small_table_leaves_out_what_counts_nothing():
    table = tables.small_table(summarize.phase_by_route(seeds()), label="fig-phase")
    assert table is not None
    assert table.label == "tbl-phase"
    assert len(table.rows) == 5
    assert ("Not applicable", "Hepatic artery", "1") in table.rows
    assert tables.small_table(summarize.durations(empty()), label="fig-x") is None


def test_years_in_a_small_table_are_no_thousands():
    frame = summarize.starts_by_year(seeds(), as_of=AS_OF)
    table = tables.small_table(frame, label="fig-starts")
    assert table is not None
    assert {row[0] for row in table.rows} == {"2024", "2025"}
    assert table.columns[-1].header == "Trials"
    partial = frame.assign(is_partial=frame["year"].eq(2025))
    partial.attrs = frame.attrs
    table = tables.small_table(partial, label="fig-starts")
    assert table is not None
    assert table.columns[-1].header == "Year not yet over"
    assert [column.header for column in table.columns[:2]] == ["Year", "Route"]


@pytest.mark.parametrize(
    "frame",
    [
        summarize.routes(seeds()),
        summarize.durations(seeds()),
        summarize.enrollment(seeds()),
        summarize.timeline(seeds(), as_of=AS_OF),
        summarize.completeness(seeds()),
        summarize.record_flow(seeds()),
        summarize.source_by_route(seeds()),
    ],
)
def test_the_small_table_takes_every_summary_frame(frame):
    table = tables.small_table(frame, label="fig-x")
    assert table is not None
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_cards_show_arms_quotes_conflicts_and_what_is_not_stated():
    text = tables.cards(seeds(), as_of=AS_OF, ids=[REACTOR, BAL])
    first, second = text.split("### ")[1:]
    assert first.startswith(f"{REACTOR} †")
    assert "† Conflicting values: Conditions." in first
    assert "“our EC.cell words”" in first
    assert second.startswith(BAL)
    assert "1.67 × 10⁸ cells per kg body weight, loaded in the device" in second
    assert "Not stated: " in second
    assert "Read from: mirror.example (mirror, 2025-12-31)." in second


def test_a_card_of_a_record_that_may_be_out_of_date_says_so_of_the_record():
    text = tables.cards(seeds(), as_of=AS_OF, ids=["NCT06984497"])
    assert "Record may be out of date: start 2025-09-30" in text


def test_control_arms_have_no_product_on_a_card():
    text = tables.cards(many(1), as_of=AS_OF)
    assert "| Control (experimental) | no cell product | – | – | – |" in text


def test_a_status_word_in_a_facility_name_is_left_out_of_the_card_only():
    remark = {
        "trial_id": "NCT1",
        "field": "site_status",
        "value": "RECRUITING",
        "basis": "conflict",
        "is_chosen": False,
        "is_conflict": True,
    }
    sites = [
        {"trial_id": "NCT1", "facility": "City Hospital Recruiting"},
        {"trial_id": "NCT2", "facility": "Office for Recruiting"},
    ]
    data = made(
        trials=[{"trial_id": "NCT1"}, {"trial_id": "NCT2"}],
        sites=sites,
        statements=[remark],
    )
    text = tables.cards(data, as_of=AS_OF)
    assert "| City Hospital |" in text
    assert "| Office for Recruiting |" in text
    assert data.sites["facility"].tolist()[0] == "City Hospital Recruiting"


def test_evidence_has_one_row_per_quote_with_all_labels_that_rest_on_it():
    rows = [
        *labelled("NCT1", "A1", route="IV", cell_type="MSC"),
        *labelled("NCT1", "A2", route="IV"),
    ]
    for row in rows:
        row["quote"] = "MSC by vein"
    rows[0]["code"] = "C38276"
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": arm} for arm in ("A1", "A2")],
        labels=rows,
    )
    table = tables.evidence(data, as_of=AS_OF)
    assert [row[:2] for row in table.rows] == [("NCT1 A1; A2", "“MSC by vein”")]
    assert table.rows[0][3] == (
        "Route: Intravenous (C38276, stated); "
        "Cell type: Mesenchymal stromal cell (MSC) (stated); "
        "Route: Intravenous (stated)"
    )
    assert "N = 1, for 3 labels." in table.caption


def test_above_the_limit_a_sentence_stands_for_the_cards():
    assert tables.cards(many(3), as_of=AS_OF, limit=3).count("### ") == 3
    text = tables.cards(many(5), as_of=AS_OF, limit=3)
    assert text.startswith("The cards of 5 trials are left out")
    assert tables.cards(empty(), as_of=AS_OF) == ""


def dated(start, end, primary=None):
    dates = {"start_date": start, "completion_date": end}
    dates["primary_completion_date"] = primary
    row = {}
    for name, text in dates.items():
        day = None if text is None else pd.Timestamp(text)
        row |= {f"{name}_earliest": day, f"{name}_latest": day}
    return row


@pytest.mark.parametrize(
    ("row", "marks"),
    [
        (dated("2020-01-01", "2022-01-01"), "2020 ■■□□ 2022"),
        (dated("2020-01-01", "2022-01-01", "2020-09-01"), "2020 ■◆□□ 2022"),
        (dated("2020-01-01", "2022-01-01", "2022-01-01"), "2020 ■■□◇ 2022"),
        (dated("2020-01-01", "2020-01-01"), "2020 ■ 2020"),
        (dated("1990-01-01", "2030-01-01"), "1990 " + "■" * 16 + "□" * 4 + " 2030"),
        (dated("2020-01-01", None), None),
        (dated("2021-01-01", "2020-01-01"), None),
    ],
)
def test_a_course_fills_marks_up_to_the_cut_off(row, marks):
    assert course(row, pd.Timestamp("2021-01-01")) == marks


def test_a_card_of_an_unknown_trial_is_an_error():
    with pytest.raises(ParameterError, match="NCT9"):
        tables.cards(seeds(), as_of=AS_OF, ids=["NCT9"])


def test_a_long_quote_is_cut_at_a_word():
    rows = labelled("NCT1", route="IV")
    rows[0]["quote"] = "word " * 200
    data = made(
        trials=[{"trial_id": "NCT1"}],
        arms=[{"trial_id": "NCT1", "arm_id": "A1"}],
        labels=rows,
    )
    line = next(
        line
        for line in tables.cards(data, as_of=AS_OF).splitlines()
        if line.startswith("- “")
    )
    assert len(line) < 400
    assert "word…”" in line


#: Tables whose rows follow from the cut-off.
_ON_A_DAY = ("key_facts", "results_reporting", "stale_records", "build")


@pytest.mark.parametrize("name", _ON_A_DAY)
def test_a_cut_off_is_a_day(name):
    for wrong in ("soon", "2026-06"):
        with pytest.raises(ParameterError, match=f"as_of='{wrong}' is not a day"):
            tables.TABLES[name](seeds(), as_of=wrong)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "*not stated*"),
        ("", "*not stated*"),
        (True, "yes"),
        (1234, "1,234"),
        ("a|b", "a\\|b"),
    ],
)
def test_cells(value, shown):
    assert cell(value) == shown


def test_right_aligned_columns_say_so():
    frame = seeds().trials
    table = Table("tbl-x", "", frame, (numbers("n", 1, "n"),), (("1",),))
    assert table.markdown().splitlines()[1].endswith("-: |")


def test_below_the_scores_each_axis_has_a_sentence_of_its_own():
    table = tables.accuracy_by_label(seeds(), as_of=AS_OF, axes=["cell_type"])
    below = table.notes[0].replace("\\", "")
    assert "Cell type, per trial: exact sets 0." in below
    assert "; coverage 0." in below
    assert below.count("Cell type") == 1
