"""What every record passes, and what whole files give: levels, dates, numbers."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import trialkit as tk
from trialkit import read as sources
from trialkit.read.values.checked import checked
from trialkit.record import Arm, PartialDate, Record, Remark, Site

KEPT = "kept as written: no level is known for it"


def ictrp_csv(*rows):
    """Return an ICTRP CSV of rows given as `{column: cell}`."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(row.get(name, "") for name in names) for row in rows]
    return "\n".join(["TrialID,Public_title," + ",".join(names), *numbered(lines)])


def numbered(lines):
    return [f"ChiCTR240000000{n},A trial,{line}" for n, line in enumerate(lines, 1)]


def study(**modules):
    """Return a v2 study as JSON, with the modules given."""
    names = {"identificationModule": {"nctId": "NCT00000001", "briefTitle": "A trial"}}
    return json.dumps({"protocolSection": names | modules})


def load(tmp_path, text, name="records.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tk.load(tmp_path / name)


def test_words_without_a_level_stay_and_are_told_once():
    sites = tuple(Site(facility=name, site_status="Closing") for name in "ab")
    record = Record(
        trial_id="NCT1",
        overall_status="Not recruiting",
        phase="PHASE3/PHASE4",
        sex="Both",
        arms=(Arm(arm_label="a", arm_type="Active Comparator"),),
        sites=sites,
    )
    made = checked(record)
    assert (made.overall_status, made.phase) == ("Not recruiting", "PHASE3/PHASE4")
    assert (made.sex, made.arms[0].arm_type) == ("ALL", "ACTIVE_COMPARATOR")
    assert made.remarks == (
        Remark(field="overall_status", value="Not recruiting", note=KEPT),
        Remark(field="site_status", value="Closing", note=KEPT),
    )
    assert record.sex == "Both"
    assert checked(made) == made


def test_a_record_of_levels_is_passed_on_as_it_is():
    record = Record(
        trial_id="NCT1",
        overall_status="COMPLETED",
        phase="PHASE1/PHASE2",
        enrollment=0,
        start_date=PartialDate(date="2020-01"),
        last_updated_date="2020-02-03",
    )
    assert checked(record) is record


def test_what_is_no_date_and_no_number_never_reaches_a_table():
    made = checked(
        Record(
            trial_id="NCT1",
            start_date=PartialDate(date="2023-02-30", type="ACTUAL"),
            last_updated_date="soon",
            verified_date="00/00/0000",
            first_posted_date="April 2020",
            enrollment=10**20,
        )
    )
    assert (made.start_date, made.last_updated_date, made.verified_date) == (None,) * 3
    assert (made.first_posted_date, made.enrollment) == ("2020-04", None)
    assert [(r.field, r.value, r.basis) for r in made.remarks] == [
        ("start_date", "2023-02-30", "unread"),
        ("last_updated_date", "soon", "unread"),
        ("verified_date", "00/00/0000", "unread"),
        ("enrollment", str(10**20), "unread"),
    ]


def test_fewer_than_no_participants_are_none():
    made = checked(Record(trial_id="NCT1", enrollment=-5))
    assert made.enrollment is None
    assert [(r.field, r.value) for r in made.remarks] == [("enrollment", "-5")]


def test_statuses_and_sexes_of_other_registers_get_the_level_they_mean(tmp_path):
    status, sex = "Recruitment_Status", "Inclusion_gender"
    data = load(
        tmp_path,
        ictrp_csv(
            {status: "Pending", sex: "M/F"},
            {status: "Ongoing", sex: "Males and females"},
            {status: "Temporary halt", sex: "-"},
            {status: "Not applicable", sex: "Female"},
            {status: "Closed", sex: "Male"},
        ),
    )
    assert data.trials["overall_status"].astype("string").fillna("").tolist() == [
        "NOT_YET_RECRUITING",
        "RECRUITING",
        "SUSPENDED",
        "",
        "Closed",
    ]
    sexes = data.trials["sex"].astype("string").fillna("").tolist()
    assert sexes == ["ALL", "ALL", "", "FEMALE", "MALE"]
    assert not data.trials["has_conflict"].any()


def test_r_writes_na_where_nothing_stands(tmp_path):
    columns = (
        "Phase Target_size Inclusion_agemax Date_enrollement Countries Primary_sponsor "
        "Intervention"
    )
    row = dict.fromkeys(columns.split(), "NA")
    data = load(tmp_path, ictrp_csv(row | {"Condition": "Liver failure"}))
    fields = ["phase", "enrollment", "maximum_age", "start_date", "lead_sponsor"]
    assert data.trials[[*fields, "countries"]].isna().all(axis=None)
    assert data.interventions.empty
    assert not data.statements["basis"].eq("unread").any()


def test_na_of_the_registry_itself_means_not_applicable(tmp_path):
    head = "NCT Number,Study Title,Sponsor,Acronym,Phases,Enrollment\n"
    own = load(tmp_path, f"{head}NCT00000001,A trial,A clinic,,NA,5\n", "own.csv")
    assert own.trials["phase"].tolist() == ["NA"]
    r = load(tmp_path, f"{head}NCT00000001,A trial,NA,NA,NA,NA\n", "r.csv")
    assert r.trials[["phase", "lead_sponsor", "acronym"]].isna().all(axis=None)


def test_dates_of_a_spreadsheet_are_read_as_the_file_shows(tmp_path):
    head = "NCT Number,Study Title,Start Date,Completion Date,First Posted"
    rows = ("NCT00000001,a,4/23/2024,Apr-25,45405", "NCT00000002,b,3/4/2024,,45406")
    data = load(tmp_path, "\n".join([head, *rows]))
    assert data.trials["start_date"].tolist() == ["2024-04-23", "2024-03-04"]
    assert data.trials["completion_date"].fillna("").tolist() == ["2025-04", ""]
    assert data.trials["first_posted_date"].tolist() == ["2024-04-23", "2024-04-24"]
    assert not data.trials["has_conflict"].any()


@pytest.mark.parametrize("text", ["9" * 20, "9" * 5000, "1e400", "12345678901234567"])
def test_one_huge_number_is_missing_with_a_remark(tmp_path, text):
    design = {"enrollmentInfo": {"count": "@", "type": "ACTUAL"}}
    json_text = study(designModule=design).replace('"@"', text)
    xml = (
        "<clinical_study><id_info><nct_id>NCT00000001</nct_id></id_info>"
        f"<enrollment type='Actual'>{text}</enrollment></clinical_study>"
    )
    csv_head = "NCT Number,Study Title,Enrollment"
    row = {"Target_size": text, "Inclusion_agemin": text, "Date_enrollement": text}
    files = {
        "a.json": json_text,
        "a.xml": xml,
        "a.csv": f"{csv_head}\nNCT00000001,t,{text}\n",
        "b.csv": ictrp_csv(row),
        "c.csv": ictrp_csv({"Target_size": f"one:{text};two:{text};"}),
    }
    for name, content in files.items():
        data = load(tmp_path, content, name)
        assert data.trials["enrollment"].isna().tolist() == [True], name
        assert data.trials["minimum_age_years"].isna().all()
        unread = data.statements[data.statements["basis"].eq("unread")]
        assert any("enrollment" in field for field in unread["field"]), name


def test_a_page_and_a_file_read_the_same_words_alike(tmp_path):
    page = "\n".join(
        [
            "A trial",
            "NCT ID NCT00000001",
            "Basic Information",
            "Get a concise snapshot of the study.",
            "Clinical Phase",
            "Phase 0",
            "Total Enrollment",
            "1,200 participants",
            "Brief Summary",
            "Review the sponsor's words.",
            "Cells.",
        ]
    )
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    (record,) = sources.read(tmp_path / "page.txt").records
    assert (record.phase, record.enrollment) == ("EARLY_PHASE1", 1200)


def test_a_day_of_posting_that_is_none_gives_way_to_the_day_of_submission(tmp_path):
    status = {
        "lastUpdatePostDateStruct": {"date": "soon"},
        "lastUpdateSubmitDate": "2024-01-02",
        "startDateStruct": {"date": "April 2020"},
    }
    data = load(tmp_path, study(statusModule=status), "a.json")
    row = data.trials.iloc[0]
    assert (row["last_updated_date"], row["start_date"]) == ("2024-01-02", "2020-04")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("06_ages.xml", "minimum_age_years", [0.5, 0.5, 21, 10, 1, 0.5, 18.5, 18, 0.5]),
        ("07_no_date.xml", "start_date", [None, None, None, "1990-01-01"]),
        ("08_na_from_r.csv", "phase", [None]),
        ("14_sex.xml", "sex", ["ALL", "ALL", "ALL", "ALL", None]),
        ("16_not_a_conflict.xml", "maximum_age", [None]),
        (
            "28_statuses.xml",
            "overall_status",
            [
                "NOT_YET_RECRUITING",
                "RECRUITING",
                "COMPLETED",
                "TERMINATED",
                "SUSPENDED",
                "ACTIVE_NOT_RECRUITING",
                None,
            ],
        ),
    ],
)
def test_small_inputs_that_went_wrong(shared, name, column, values):
    data = tk.load(shared / "cases" / name)
    made = [None if pd.isna(v) else v for v in data.trials[column]]
    if column == "minimum_age_years":
        values = pytest.approx([v / 365.25 if v in (21, 10, 1) else v for v in values])
    assert made == values
    assert not data.trials["has_conflict"].any()
