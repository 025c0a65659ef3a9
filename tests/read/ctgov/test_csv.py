"""The reader of ClinicalTrials.gov's CSV downloads."""

from __future__ import annotations

import csv
import io
import random
import re

import pytest

from trialkit.errors import TrialDataError
from trialkit.read import read as read_files
from trialkit.read.ctgov.columns import API_HEADER
from trialkit.read.ctgov.csv import sniff, stream
from trialkit.record import Excluded, Identifier, Intervention, PartialDate, Sponsor

NEW = {
    "NCT Number": "NCT01234567",
    "Study Title": 'Cells, "fresh", in liver',
    "Study URL": "https://clinicaltrials.gov/study/NCT01234567",
    "Acronym": "LIV",
    "Study Status": "ACTIVE_NOT_RECRUITING",
    "Brief Summary": "First line.\n\nSecond line, with a comma.",
    "Study Results": "NO",
    "Conditions": "Liver Failure|Cirrhosis",
    "Interventions": "BIOLOGICAL: cells|DIETARY_SUPPLEMENT: milk: whole",
    "Primary Outcome Measures": "Survival, alive, 1 year|MELD, 6 months",
    "Secondary Outcome Measures": "Cost",
    "Other Outcome Measures": "",
    "Sponsor": "A clinic",
    "Collaborators": "A firm|A fund",
    "Sex": "ALL",
    "Age": "ADULT, OLDER_ADULT",
    "Phases": "PHASE1|PHASE2",
    "Enrollment": "0",
    "Funder Type": "OTHER",
    "Study Type": "INTERVENTIONAL",
    "Study Design": "Allocation: NA|Intervention Model: SINGLE_GROUP|"
    "Masking: DOUBLE (PARTICIPANT, INVESTIGATOR)|Primary Purpose: TREATMENT",
    "Other IDs": "HEP-1|2019-001234-22",
    "Start Date": "2019-03",
    "Primary Completion Date": "2020-01-31",
    "Completion Date": "",
    "First Posted": "2019-01-05",
    "Results First Posted": "",
    "Last Update Posted": "2020-06-01",
    "Locations": "Ward 1, Lyon, 69000, France|Ward 2, Graz, Austria",
    "Study Documents": "",
}
CLASSIC = {
    "Rank": "1",
    "NCT Number": "NCT01234567",
    "Title": "Cells in liver",
    "Status": "Active, not recruiting",
    "Study Results": "Has Results",
    "Conditions": "Liver Failure",
    "Interventions": "Biological: cells|Dietary Supplement: milk",
    "Outcome Measures": "Survival|MELD",
    "Sponsor/Collaborators": "A clinic|A firm",
    "Gender": "All",
    "Age": "28 Days to 75 Years \xa0 (Child, Adult, Older Adult)",
    "Phases": "Phase 1|Phase 2",
    "Enrollment": "20",
    "Funded Bys": "Other|Industry",
    "Study Type": "Expanded Access:Individual Patients",
    "Study Designs": "Allocation: N/A|Intervention Model: Single Group Assignment|"
    "Masking: None (Open Label)|Primary Purpose: Treatment",
    "Start Date": "March 2019",
    "First Posted": "June 15, 2018",
    "URL": "https://ClinicalTrials.gov/show/NCT01234567",
}


def table(*rows, header=True, **dialect) -> bytes:
    """Return dicts of equal keys as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), **dialect)
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def items(data: bytes):
    return list(stream(io.BytesIO(data), "S1"))


def one(data: bytes):
    """Return the only Record of a file; nothing may be set aside."""
    assert sniff(data)
    (record,) = items(data)
    assert not isinstance(record, Excluded)
    return record


def test_each_new_column_reaches_its_field():
    record = one(table(NEW))
    assert (record.trial_id, record.registry) == ("NCT01234567", "ClinicalTrials.gov")
    assert record.brief_title == 'Cells, "fresh", in liver'
    assert record.brief_summary == "First line.\n\nSecond line, with a comma."
    assert record.overall_status == "ACTIVE_NOT_RECRUITING"
    assert record.has_results is False
    assert record.conditions == ("Liver Failure", "Cirrhosis")
    assert record.interventions == (
        Intervention(intervention_type="BIOLOGICAL", name="cells"),
        Intervention(intervention_type="DIETARY_SUPPLEMENT", name="milk: whole"),
    )
    assert [(o.outcome_type, o.measure) for o in record.outcomes] == [
        ("primary", "Survival, alive, 1 year"),
        ("primary", "MELD, 6 months"),
        ("secondary", "Cost"),
    ]
    assert record.sponsors == (
        Sponsor(name="A clinic", sponsor_class="OTHER"),
        Sponsor(name="A firm", role="collaborator"),
        Sponsor(name="A fund", role="collaborator"),
    )
    assert (record.phase, record.enrollment, record.enrollment_type) == (
        "PHASE1/PHASE2",
        0,
        None,
    )
    assert (record.allocation, record.intervention_model, record.primary_purpose) == (
        "NA",
        "SINGLE_GROUP",
        "TREATMENT",
    )
    assert record.masking == "DOUBLE"
    assert record.who_masked == ("PARTICIPANT", "INVESTIGATOR")
    assert record.identifiers == (
        Identifier(id="HEP-1", id_type="other_id"),
        Identifier(id="2019-001234-22", id_type="EUCTR"),
    )
    assert record.start_date == PartialDate(date="2019-03")
    assert record.primary_completion_date == PartialDate(date="2020-01-31")
    assert record.completion_date is None
    assert record.countries == ("France", "Austria")
    assert (record.minimum_age, record.maximum_age) == (None, None)
    assert (record.arms, record.remarks, record.basis) == ((), (), {})


def test_each_classic_column_reaches_its_field():
    record = one(table(CLASSIC))
    assert record.overall_status == "ACTIVE_NOT_RECRUITING"
    assert record.has_results is True
    assert [i.intervention_type for i in record.interventions] == [
        "BIOLOGICAL",
        "DIETARY_SUPPLEMENT",
    ]
    assert [(s.name, s.role, s.sponsor_class) for s in record.sponsors] == [
        ("A clinic", "lead", None),
        ("A firm", "collaborator", None),
    ]
    assert [o.outcome_type for o in record.outcomes] == [None, None]
    assert (record.sex, record.minimum_age, record.maximum_age) == (
        "ALL",
        "28 Days",
        "75 Years",
    )
    assert (record.study_type, record.phase, record.masking) == (
        "EXPANDED_ACCESS",
        "PHASE1/PHASE2",
        "NONE",
    )
    assert record.expanded_access_types == ("INDIVIDUAL",)
    assert record.start_date == PartialDate(date="2019-03")
    assert record.first_posted_date == "2018-06-15"
    assert record.remarks == ()


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("", None),
        ("NA", "NA"),
        ("EARLY_PHASE1", "EARLY_PHASE1"),
        ("PHASE1", "PHASE1"),
        ("PHASE1|PHASE2", "PHASE1/PHASE2"),
    ],
)
def test_five_phases_are_five_things(text, phase):
    assert one(table(NEW | {"Phases": text})).phase == phase


@pytest.mark.parametrize("seed", range(5))
def test_columns_in_any_subset_and_order_give_the_same_values(seed):
    whole = one(table(NEW))
    names = list(NEW)
    chosen = [*random.Random(seed).sample(names, k=8), "NCT Number"]
    record = one(table({name: NEW[name] for name in dict.fromkeys(chosen)}))
    for field in record.__struct_fields__:
        value = getattr(record, field)
        if value and field not in ("sponsors", "outcomes"):
            assert value == getattr(whole, field), field


def test_a_file_with_only_the_url_has_its_id_from_there():
    row = {name: CLASSIC[name] for name in ("Rank", "Title", "Status", "URL")}
    assert one(table(row)).trial_id == "NCT01234567"


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_other_delimiters_are_seen(delimiter):
    assert one(table(NEW, delimiter=delimiter)) == one(table(NEW))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "cp1252"])
def test_encodings_are_seen(tmp_path, encoding):
    title = "肝衰竭干细胞" if encoding == "gb18030" else "Étude sur le foie"
    text = table(NEW | {"Study Title": title}).decode()
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (record,) = read_files(tmp_path / "a.csv").records
    assert record.brief_title == title


def test_a_page_without_a_header_is_read_by_position():
    record = one(table(NEW, header=False))
    expected = one(table(NEW))
    assert set(record.basis.values()) == {"positional"}
    record.basis = {}
    assert record == expected
    assert tuple(name.lower() for name in NEW) == API_HEADER


def test_a_short_page_without_a_header_is_read_by_its_values():
    names = ["NCT Number", "Study Title", "Study Status", "Sex", "Phases"]
    rows = [
        {name: NEW[name] for name in names},
        {name: NEW[name] for name in names} | {"NCT Number": "NCT00000002"},
    ]
    first, second, unread = sorted(items(table(*rows, header=False)), key=repr)[::-1]
    assert isinstance(unread, Excluded)
    assert unread.record == "column 2"
    assert (first.overall_status, first.sex, first.phase) == (
        "ACTIVE_NOT_RECRUITING",
        "ALL",
        "PHASE1/PHASE2",
    )
    assert {first.trial_id, second.trial_id} == {"NCT01234567", "NCT00000002"}


@pytest.mark.parametrize("sign", [".", "_"])
@pytest.mark.parametrize("columns", [NEW, CLASSIC])
def test_columns_are_known_however_a_program_writes_their_names(columns, sign):
    renamed = {re.sub("[ /]", sign, name): text for name, text in columns.items()}
    assert sniff(table(renamed))
    assert items(table(renamed)) == items(table(columns))


def test_entities_of_html_are_read_as_their_signs():
    record = one(table(NEW | {"Conditions": "Crohn&#39;s Disease|Pain &amp; Fever"}))
    assert record.conditions == ("Crohn's Disease", "Pain & Fever")


def test_an_unknown_column_is_named():
    made = items(table(NEW | {"My note": "x"}))
    assert [(m.record, m.reason) for m in made if isinstance(m, Excluded)] == [
        ("column 'my note'", "not a column of ClinicalTrials.gov's CSV")
    ]


def test_a_value_that_cannot_be_is_remarked_on():
    record = one(table(NEW | {"Enrollment": "many", "Start Date": "soon"}))
    assert (record.enrollment, record.start_date) == (None, None)
    assert [(r.field, r.value) for r in record.remarks] == [
        ("enrollment", "many"),
        ("start_date", "soon"),
    ]


def test_a_quote_never_closed_costs_one_row():
    whole = table(NEW, NEW | {"NCT Number": "NCT00000003"}).decode()
    header, body = whole.split("\r\n", 1)
    broken = 'NCT01111111,"A title never closed,https://clinicaltrials.gov/study/x'
    data = f"{header}\r\n{broken}\r\n{body}"
    made = items(data.encode())
    assert [m.trial_id for m in made if not isinstance(m, Excluded)] == [
        "NCT01234567",
        "NCT00000003",
    ]
    (excluded,) = (m for m in made if isinstance(m, Excluded))
    assert excluded.record == "NCT01111111"
    assert "cells for 30 columns" in excluded.reason


def test_the_number_goes_before_the_url_of_the_row():
    record = one(table(NEW | {"NCT Number": "NCT00000003"}))
    assert record.trial_id == "NCT00000003"
    assert [(r.field, r.value) for r in record.remarks] == [("trial_id", "NCT01234567")]


def test_a_row_without_a_number_is_set_aside():
    (excluded,) = items(table(NEW | {"NCT Number": "", "Study URL": ""}))
    assert (excluded.record, excluded.reason) == ("row 1", "no NCT number in the row")


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"Title,Notes\nx,y\n", b"[]"])
def test_other_tables_are_not_taken(data):
    assert not sniff(data)


@pytest.mark.parametrize("header", ["NCT Number", "Rank,NCT Number,URL,my notes"])
def test_a_list_of_ids_is_no_record(tmp_path, header):
    row = ",".join("NCT01234567" for _ in header.split(","))
    (tmp_path / "ids.csv").write_text(f"{header}\n{row}\n")
    with pytest.raises(
        TrialDataError, match=r"ids\.csv: a list of ids: .* fetch --ids"
    ):
        read_files(tmp_path / "ids.csv")


def test_a_table_of_no_trials_is_an_error_that_names_it(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(TrialDataError, match=r"a\.csv"):
        read_files(tmp_path / "a.csv")


@pytest.mark.shared
def test_real_files_are_read_whole(shared):
    counts = {
        "ctgov_csv_new_30_columns.csv": 200,
        "ctgov_csv_new_few_columns.csv": 43,
        "ctgov_csv_new_a.csv": 300,
        "ctgov_csv_classic_msc.csv": 400,
        "ctgov_csv_classic_url_only.csv": 100,
    }
    for name, count in counts.items():
        collected = read_files(shared / "records" / name)
        assert (len(collected.records), collected.excluded) == (count, []), name
        remarks = [m for record in collected.records for m in record.remarks]
        # One site holds the bar that parts sites: its last word is no country.
        assert [m.value for m in remarks] == ["Roth"] * (
            name == "ctgov_csv_new_30_columns.csv"
        )


@pytest.mark.shared
def test_323_real_trials_say_the_same_in_json_and_in_csv(shared):
    folder = shared / "records"
    trials = [
        {r.trial_id: r for r in read_files(folder / name).records}
        for name in ("cell_therapy_ctgov.ndjson.gz", "ctgov_csv_classic_msc.csv")
    ]
    both = trials[0].keys() & trials[1].keys()
    assert len(both) == 323
    fields = (
        "brief_title overall_status study_type phase allocation intervention_model "
        "primary_purpose masking who_masked enrollment has_results conditions sex "
        "minimum_age maximum_age countries"
    ).split()
    for trial_id in both:
        ours, theirs = (side[trial_id] for side in trials)
        for field in fields:
            assert getattr(ours, field) == getattr(theirs, field), (trial_id, field)
        for field in ("start_date", "primary_completion_date", "completion_date"):
            dates = [getattr(r, field) or PartialDate() for r in (ours, theirs)]
            assert dates[0].date == dates[1].date, (trial_id, field)
        assert len(ours.sites) == len(theirs.sites)
        assert ours.sponsors[0].name == theirs.sponsors[0].name


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Expanded Access", ()),
        ("Expanded Access:Treatment IND/Protocol", ("TREATMENT",)),
        (
            "Expanded Access:Individual Patients|Treatment IND/Protocol",
            ("INDIVIDUAL", "TREATMENT"),
        ),
        ("Expanded Access:Intermediate-size Population", ("INTERMEDIATE",)),
        ("Expanded Access: a kind to come", ()),
    ],
)
def test_every_kind_of_expanded_access_is_no_study(text, types):
    (record,) = items(table(CLASSIC | {"Study Type": text}))
    assert record.study_type == "EXPANDED_ACCESS"
    assert record.expanded_access_types == types
    assert record.remarks == ()
