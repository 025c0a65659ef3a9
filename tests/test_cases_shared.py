"""Every small input that once went wrong, whole: what a user sees of each."""

import pandas as pd
import pytest
from click.testing import CliRunner

import trialkit as tk
from trialkit.cli import cli
from trialkit.errors import TrialDataError, TrialDataWarning

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def case(shared):
    """Return what loads a case by its number."""
    folder = shared / "cases"
    if not folder.is_dir():
        pytest.skip("the folder of cases is not here")

    def load(number):
        (path,) = folder.glob(f"{number}_*")
        return tk.load(path)

    load.folder = folder
    return load


def values(data, column):
    """Return a column of `trials`, missing as None."""
    column = data.trials[column]
    return [None if pd.isna(value) else value for value in column]


def test_a_long_intervention_is_read(case):
    assert len(case("01")) == 1


def test_two_words_for_one_status_are_no_conflict(case):
    data = case("02")
    assert not len(tk.summarize.conflicts(data))
    assert not data.trials["has_conflict"].fillna(False).any()


def test_an_export_dates_its_data(case):
    assert tk.report.newest_date(case("03")) == "2024-03-18"


def test_japanese_ids_are_one_network(case):
    data = case("04")
    registries = dict(
        zip(data.trials["trial_id"], data.trials["registry"], strict=True)
    )
    assert {r for trial, r in registries.items() if "jRCT" in trial} == {"JPRN"}
    assert len(data.counted()) == len(data) - 1


def test_ages_are_years(case):
    right = [0.5, 0.5, 21 / 365.25, 10 / 365.25, 1 / 365.25, 0.5, 18.5, 18, 0.5]
    assert values(case("06"), "minimum_age_years") == pytest.approx(right, rel=1e-3)


def test_a_day_that_means_none_is_missing_with_a_remark(case):
    data = case("07")
    assert values(data, "start_date") == [None, None, None, "1990-01-01"]
    told = data.statements[data.statements["field"] == "start_date"]
    assert {"1900", "1899", "1970"} <= set(told["value"].str[-4:]) | set(
        told["value"].str[:4]
    )


def test_a_day_that_means_none_is_told_by_tidy(case, tmp_path):
    (path,) = case.folder.glob("07_*")
    done = CliRunner().invoke(cli, ["tidy", str(path), "--out", str(tmp_path / "out")])
    assert "left missing: start_date of 3 trials: a sign for no date" in done.output


def test_a_first_page_is_warned_of(case):
    with pytest.warns(TrialDataWarning, match="1 of 2,504 studies, more pages follow"):
        case("12")


def test_na_from_r_is_missing(case):
    data = case("08")
    for column in ("phase", "lead_sponsor", "countries", "overall_status"):
        assert values(data, column) == [None]
    assert not len(tk.summarize.conflicts(data))
    assert "NA" not in set(data.interventions["name"])


def test_a_list_of_ids_is_refused(case):
    with pytest.raises(TrialDataError, match="a list of ids"):
        case("10")


def test_a_trial_counted_once_keeps_all_its_countries(case):
    data = case("11")
    assert len(data.counted()) == 1
    counts = tk.count(data, by="country").set_index("country")["n"]
    assert {c: counts[c] for c in ("Belgium", "Italy", "Netherlands")} == {
        "Belgium": 1,
        "Italy": 1,
        "Netherlands": 1,
    }


def test_expanded_access_is_never_counted(case):
    data = case("13")
    assert values(data, "study_type") == ["EXPANDED_ACCESS"] * 3
    assert len(data.counted()) == 0


def test_sexes_are_levels(case):
    assert values(case("14"), "sex") == ["ALL"] * 4 + [None]


def test_no_maximum_age_is_no_conflict(case):
    data = case("16")
    assert not len(tk.summarize.conflicts(data))
    assert values(data, "maximum_age_years") == [None]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("17", "a WHO trial data set.*ChiCTR2400001001 .ChiCTR"),
        ("19", "EUCTR, the EU Clinical Trials Register"),
        ("20", "CTIS, the EU's Clinical Trials Information System"),
        ("23", "a page of jRCT"),
        ("25", "a RIS file: references, no records.*1 registry id in it: NCT90000125"),
    ],
)
def test_a_file_of_another_kind_is_named(case, number, told):
    with pytest.raises(TrialDataError, match=told) as refused:
        case(number)
    assert "neither registry data" not in str(refused.value)
    assert number == "25" or "WHO ICTRP instead" in str(refused.value)


def test_spaced_and_new_ids_have_a_register(case):
    data = case("27")
    registries = dict(
        zip(data.trials["trial_id"], data.trials["registry"], strict=True)
    )
    assert registries["ISRCTN99999902"] == "ISRCTN"
    assert registries["EUCTR2015-000111-22-Outside-EU/EEA"] == "EUCTR"
    assert registries["CTR20240111"]


def test_statuses_of_other_registers_are_levels(case):
    assert values(case("28"), "overall_status") == [
        "NOT_YET_RECRUITING",
        "RECRUITING",
        "COMPLETED",
        "TERMINATED",
        "SUSPENDED",
        "ACTIVE_NOT_RECRUITING",
        None,
    ]
