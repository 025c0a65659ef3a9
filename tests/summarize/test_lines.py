"""One short line per trial: its title without "A study of", years, first of lists."""

import pandas as pd
import pytest

from tests.trials_by_hand import empty, labelled, made, many
from trialkit import summarize
from trialkit.summarize.lines import one_spelling, short_title, years_of


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("A Phase 2 Study of Cells in Liver Failure", "Cells in Liver Failure"),
        ("Study on the Use of Cells for Cirrhosis", "Use of Cells for Cirrhosis"),
        ("Safety and Efficacy of cells in ACLF", "Cells in ACLF"),
        ("Mesenchymal Stem Cells in Cirrhosis",) * 2,
        ("A Study of HepaX", "A Study of HepaX"),
        ("Trial", "Trial"),
        ("Studying Cells  in\nCirrhosis", "Studying Cells in Cirrhosis"),
        (None, None),
        (pd.NA, None),
    ],
)
def test_a_title_loses_what_says_only_that_it_is_a_study(title, short):
    assert short_title(title) == short


def test_an_acronym_stands_for_the_title_and_a_blank_one_does_not():
    assert short_title("A Study of Cells in Cirrhosis", " STEM  LIVER ") == "STEM LIVER"
    for blank in ("", "  ", None, pd.NA):
        assert short_title("Hepatocytes in Mice", blank) == "Hepatocytes in Mice"


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2019-04-01", "2021-03-31", "2019–21"),
        ("2019-04-01", "2019-12-31", "2019"),
        ("1999-01-01", "2001-01-01", "1999–01"),
        ("2019-04-01", None, "from 2019"),
        (None, "2021-01-01", "to 2021"),
        (None, None, None),
        (pd.NaT, pd.NaT, None),
    ],
)
def test_two_days_become_years(start, end, years):
    assert years_of(start, end) == years


def test_a_trial_is_one_line_that_tells_the_first_of_each_list():
    data = made(
        trials=[
            {
                "trial_id": "NCT2",
                "brief_title": "A Study of Cells in Cirrhosis",
                "enrollment": 12,
                "start_date": "2020-05",
                "completion_date": "2021-06",
                "countries": "Japan; China; Peru",
                "overall_status": "NOT_YET_RECRUITING",
                "phase": "PHASE1/PHASE2",
            },
            {"trial_id": "NCT1", "is_cell_trial": False, "start_date": "2019"},
        ],
        arms=[{"trial_id": "NCT2", "arm_id": "A1"}],
        conditions=[
            {"trial_id": "NCT2", "condition": name}
            for name in ("Cirrhosis", "Cirrhosis", "Fibrosis")
        ],
        labels=labelled("NCT2", route="IV|PV", cell_source="UC"),
    )
    frame = summarize.trial_lines(data)

    assert frame["trial_id"].tolist() == ["NCT1", "NCT2"]
    first, line = frame.astype(object).where(frame.notna(), None).to_dict("records")
    assert line["short_title"] == "Cells in Cirrhosis"
    assert line["condition"] == "Cirrhosis +1"
    assert line["routes"] == "Vein; Portal vein"
    assert line["cell_sources"] == "Umbilical cord"
    assert (line["cell_types"], line["phase"]) == ("Not stated", "Phase 1/2")
    assert (line["enrollment"], line["years"]) == (12, "2020–21")
    assert (line["country"], line["status"]) == ("Japan +2", "Not yet recruiting")
    assert first["routes"] == first["cell_sources"] == "No cell product"
    assert first["condition"] is first["country"] is first["short_title"] is None
    assert frame.attrs["n_trials"] == 2


def test_interventions_are_counted_by_trial_and_comparators_left_out():
    given = [
        ("NCT1", "I1", "Aspirin"),
        ("NCT1", "I2", "Placebo tablets"),
        ("NCT2", "I1", "aspirin "),
        ("NCT2", "I2", "Aspirin"),
        ("NCT2", "I3", "Zinc"),
        ("NCT3", "I1", "Sham procedure"),
        ("NCT4", "I1", "Aspirin 1,000 mg Oral Tablet"),
        ("NCT5", "I1", "Aspirin sodium as needed [A(PRN)]"),
        ("NCT6", "I1", "Vitamin B 12"),
        ("NCT6", "I2", "(Oral)"),
    ]
    names = ("trial_id", "intervention_id", "name")
    data = made(
        trials=[{"trial_id": f"NCT{n}"} for n in range(1, 7)],
        interventions=[dict(zip(names, row, strict=True)) for row in given],
    )
    frame = summarize.interventions(data)
    assert frame.to_numpy().tolist() == [
        ["Aspirin", 4],
        *([name, 1] for name in ("(Oral)", "Vitamin B 12", "Zinc", "Not stated")),
    ]
    lines = summarize.trial_lines(data).set_index("trial_id")["interventions"]
    assert lines["NCT1"] == "Aspirin"
    assert lines.isna()["NCT3"]


def test_a_substance_and_its_brand_count_together_where_both_say_so():
    given = [
        ("NCT1", "Omalizumab", "Xolair; IGE025"),
        ("NCT2", "omalizumab 75 mg", None),
        ("NCT3", "Xolair", "OMALIZUMAB"),
        ("NCT4", "Sildenafil", "Viagra"),
        ("NCT5", "Viagra", None),
        ("NCT6", "Cells", "Fludarabine"),  # a part of the regimen
        ("NCT6", "Fludarabine", "Cells"),
        ("NCT7", "IGE025", "omalizumab; Xolair"),
    ]
    names = ("trial_id", "intervention_id", "name", "other_names")
    data = made(
        trials=[{"trial_id": f"NCT{n}"} for n in range(1, 8)],
        interventions=[
            dict(zip(names, (trial, f"I{n}", *row), strict=True))
            for n, (trial, *row) in enumerate(given)
        ],
    )
    assert summarize.interventions(data).to_numpy().tolist() == [
        ["Omalizumab", 4],
        *([name, 1] for name in ("Cells", "Fludarabine", "Sildenafil", "Viagra")),
    ]


@pytest.mark.parametrize("n", [0, 7, 50])
def test_every_trial_has_one_line(n):
    data = many(n) if n else empty()
    frame = summarize.trial_lines(data)

    assert sorted(frame["trial_id"]) == sorted(data.trials["trial_id"])
    assert frame.attrs["n_trials"] == n


def test_an_intervention_written_in_two_ways_is_listed_once():
    names = ("Omalizumab", "Placebo for omalizumab", "omalizumab", "Saline")
    rows = [
        {"trial_id": "NCT00000001", "intervention_id": f"I{n}", "name": name}
        for n, name in enumerate(names)
    ]
    data = made(trials=[{"trial_id": "NCT00000001"}], interventions=rows)
    (told,) = summarize.trial_lines(data)["interventions"]
    assert told == "Omalizumab; Saline"


def test_of_several_spellings_the_commonest_stands_and_of_two_the_first():
    texts = ["b C", "B  c", "b C", "z", "Z", None, "z\u00a0"]
    told = one_spelling(pd.Series(texts, index=range(7, 0, -1)))
    assert told.tolist() == ["b C", "b C", "b C", "Z", "Z", pd.NA, "Z"]
    assert told.index.tolist() == [*range(7, 0, -1)]
