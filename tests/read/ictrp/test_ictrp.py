"""The reader of WHO ICTRP exports."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter

import pytest

from trialkit.errors import TrialDataError
from trialkit.read import read as read_files
from trialkit.read.ictrp import sniff_csv, sniff_xml, stream_csv, stream_xml
from trialkit.read.ictrp.columns import data_day, groups_of
from trialkit.read.values.design import design_of
from trialkit.read.values.markup import without_html
from trialkit.record import (
    Arm,
    Excluded,
    Identifier,
    Intervention,
    PartialDate,
    Sponsor,
)

pytestmark = pytest.mark.slow

TRIAL = {
    "TrialID": "ChiCTR2000000001",
    "Last Refreshed on": "17 February 2020",
    "Public title": "Invented cells in an invented liver",
    "Scientific title": "A trial of invented cells" + " " * 900,
    "Acronym": "",
    "Primary sponsor": "A hospital",
    "Date registration": "03/04/2020",
    "Date registration3": "20200403",
    "Source Register": "ChiCTR",
    "Recruitment Status": "Not Recruiting",
    "Inclusion agemin": "18",
    "Inclusion agemax": "75 years",
    "Inclusion gender": "<br>Female: yes<br>Male: yes<br>",
    "Date enrollement": "2020/02/01",
    "Target size": "experimental group :30;control group :28;",
    "Study type": "Interventional study",
    "Study design": "Parallel",
    "Phase": "1-2",
    "Countries": "China;Japan",
    "Contact Lastname": "Nobody",
    "Contact Email": "a@b.c",
    "Inclusion Criteria": "Inclusion criteria: <br>1. Adults &amp; others",
    "Exclusion Criteria": "Exclusion criteria: none",
    "Condition": "Liver failure;Cirrhosis <br>Diseases of the liver",
    "Intervention": "experimental group :cells;control group :care;",
    "Primary outcome": "Survival;MELD;",
    "results date completed": "",
}


def as_csv(*rows) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_xml(*rows) -> bytes:
    trials = (
        "".join(
            f"<{k.replace(' ', '_')}>{_escaped(v)}</{k.replace(' ', '_')}>"
            for k, v in row.items()
        )
        for row in rows
    )
    inner = "".join(f"<Trial>{trial}</Trial>" for trial in trials)
    return (
        f"<Trials_downloaded_from_ICTRP>{inner}</Trials_downloaded_from_ICTRP>".encode()
    )


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def one(**changes):
    """Return the only Record of the trial with cells changed."""
    names = {name.lower().replace(" ", "_"): name for name in TRIAL}
    row = TRIAL | {names.get(key, key): text for key, text in changes.items()}
    data = as_csv(row)
    assert sniff_csv(data)
    (record,) = stream_csv(io.BytesIO(data), "S1")
    assert not isinstance(record, Excluded)
    return record


def test_each_column_reaches_its_field():
    record = one()
    assert (record.trial_id, record.registry) == ("ChiCTR2000000001", "ChiCTR")
    assert record.official_title == "A trial of invented cells"
    assert record.sponsors == (Sponsor(name="A hospital"),)
    assert record.first_posted_date == "2020-04-03"
    assert record.last_updated_date is None
    assert record.start_date == PartialDate(date="2020-02-01")
    assert (record.overall_status, record.study_type) == (
        "Not Recruiting",
        "INTERVENTIONAL",
    )
    assert (record.phase, record.intervention_model) == ("PHASE1/PHASE2", "PARALLEL")
    assert (record.sex, record.minimum_age, record.maximum_age) == (
        "ALL",
        "18 Years",
        "75 Years",
    )
    assert record.conditions == ("Liver failure", "Cirrhosis")
    assert record.keywords == ("Diseases of the liver",)
    assert record.countries == ("China", "Japan")
    assert [o.measure for o in record.outcomes] == ["Survival", "MELD"]
    assert record.eligibility_criteria == (
        "Inclusion criteria:\n1. Adults & others\n\nExclusion criteria: none"
    )
    assert record.arms == (
        Arm(arm_label="experimental group", description="cells"),
        Arm(arm_label="control group", description="care"),
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ALT <upper limit of normal; AST >2", "ALT <upper limit of normal; AST >2"),
        ("p<0.05 and <18 years", "p<0.05 and <18 years"),
        ("<p or placebo>", "<p or placebo>"),
        ("A<br/>B<BR />C<p class='x'>D</p>", "A\nB\nC\nD"),
        ("<b>Bold</b>ly <font color=red>red</font>", "Boldly red"),
        ("2x10<sup>6</sup>/kg, m<sup>2</sup>", "2x10^6/kg, m2"),
        ("&lt;br&gt;A &lt;5 &amp; B", "A <5 & B"),
        ("<o:p>Word</o:p> <td>a</td><td>b</td>", "Word a b"),
    ],
)
def test_only_tags_are_taken_for_tags(text, kept):
    assert without_html(text) == kept


def test_a_condition_ends_at_a_break_of_any_form():
    record = one(condition="Liver failure<BR/>K72")
    assert (record.conditions, record.keywords) == (("Liver failure",), ("K72",))


def source_date(tmp_path, data) -> str | None:
    path = tmp_path / f"export-{len(list(tmp_path.iterdir()))}.txt"
    path.write_bytes(data)
    return read_files(path).sources[0].source_date


def test_an_export_is_of_its_newest_day(tmp_path):
    rows = [
        TRIAL | {"Export date": "3/18/2024 6:53:35 PM"},
        TRIAL | {"TrialID": "NCT00000001", "Export date": "3/4/2024 6:53:35 PM"},
    ]
    assert source_date(tmp_path, as_csv(*rows)) == "2024-03-18"
    assert source_date(tmp_path, as_xml(*rows)) == "2024-03-18"


def test_without_a_day_of_export_the_day_of_refreshing_dates_the_file(tmp_path):
    assert source_date(tmp_path, as_csv(TRIAL)) == "2020-02-17"
    bare = {k: v for k, v in TRIAL.items() if k != "Last Refreshed on"}
    assert source_date(tmp_path, as_csv(bare)) is None


@pytest.mark.parametrize(
    ("exported", "refreshed", "day"),
    [
        ("3/4/2024 6:53:35 PM", "", "2024-03-04"),
        ("4/3/2024", "11 March 2024", "2024-04-03"),
        ("3/4/2024", "11 March 2024", "2024-04-03"),
    ],
)
def test_a_day_of_export_before_the_refresh_was_turned_by_a_spreadsheet(
    exported, refreshed, day
):
    assert data_day({"export date": exported, "last refreshed on": refreshed}) == day


def test_the_day_of_an_export_is_no_day_of_a_trial(tmp_path):
    record = one(last_refreshed_on="11 March 2024")
    assert (record.last_updated_date, record.verified_date) == (None, None)


@pytest.mark.parametrize("signs", [".", "_", "  "])
def test_columns_are_known_however_a_program_writes_their_names(signs):
    renamed = {name.replace(" ", signs): text for name, text in TRIAL.items()}
    assert list(stream_csv(io.BytesIO(as_csv(renamed)), "s")) == list(
        stream_csv(io.BytesIO(as_csv(TRIAL)), "s")
    )


def test_columns_of_the_full_download_are_those_of_an_export():
    names = {
        "Date enrollement": "Date_enrollment",
        "Inclusion agemin": "Agemin",
        "Inclusion agemax": "Agemax",
        "Inclusion gender": "Gender",
        "Condition": "Conditions",
        "Intervention": "Interventions",
        "Primary outcome": "Primary_Outcome",
    }
    full = {names.get(name, name): text for name, text in TRIAL.items()}
    assert list(stream_csv(io.BytesIO(as_csv(full)), "s")) == list(
        stream_csv(io.BytesIO(as_csv(TRIAL)), "s")
    )


def test_a_column_that_the_export_does_not_have_is_named():
    row = TRIAL | {"Start of enrolment": "2020-01-01", "url": "", "Ethics_Status": ""}
    made = stream_csv(io.BytesIO(as_csv(row)), "s")
    assert [(m.record, m.reason) for m in made if isinstance(m, Excluded)] == [
        ("column 'Start of enrolment'", "not a column of WHO ICTRP's export")
    ]


def test_a_list_of_ids_is_refused(tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text("trialid,first_seen\nNCT00000001,08/03/2024\n")
    with pytest.raises(TrialDataError, match="a list of ids"):
        read_files(path)


def test_a_trial_of_an_id_alone_is_set_aside():
    bare = dict.fromkeys(TRIAL, "") | {"TrialID": "NCT00000001"}
    for stream, data in ((stream_csv, as_csv(bare)), (stream_xml, as_xml(bare))):
        (excluded,) = stream(io.BytesIO(data), "S1")
        assert (excluded.record, excluded.reason) == (
            "NCT00000001",
            "an id, and nothing that is said of the trial",
        )


def test_blank_rows_are_passed_over():
    blank = dict.fromkeys(TRIAL, "")
    missing = dict.fromkeys(TRIAL, "NA")
    rows = [blank, TRIAL, missing, blank, TRIAL | {"TrialID": "NCT00000001"}]
    for stream, data in (
        (stream_csv, as_csv(*rows) + b",,\r\n\r\n"),
        (stream_xml, as_xml(*rows).replace(b"<TrialID></TrialID>", b" \n")),
    ):
        made = list(stream(io.BytesIO(data), "S1"))
        assert [m.trial_id for m in made] == ["ChiCTR2000000001", "NCT00000001"]


def test_no_person_and_no_way_to_reach_one_is_kept():
    assert "Nobody" not in repr(one())
    assert "a@b.c" not in repr(one())


def test_xml_and_csv_give_the_same_record():
    data = as_xml(TRIAL)
    assert sniff_xml(data)
    (record,) = stream_xml(io.BytesIO(data), "S1")
    assert record == one()


@pytest.mark.parametrize(
    ("trial_id", "registry"),
    [
        ("NCT01234567", "ClinicalTrials.gov"),
        ("EUCTR2015-002340-14-NL", "EUCTR"),
        ("ISRCTN14966673", "ISRCTN"),
        ("CTRI/2020/04/024773", "CTRI"),
        ("JPRN-UMIN000039686", "JPRN"),
        ("ACTRN12620000417987", "ANZCTR"),
        ("IRCT20200128046294N2", "IRCT"),
        ("DRKS00021145", "DRKS"),
        ("NL8490", "NTR"),
        ("KCT0004913", "KCT"),
        ("JPRN-jRCTb030240111", "JPRN"),
        ("EUCTR2015-000111-22-Outside-EU/EEA", "EUCTR"),
        ("CTR20240111", "China CDE"),
    ],
)
def test_an_id_tells_its_register(trial_id, registry):
    assert one(trialid=trial_id).registry == registry


@pytest.mark.parametrize(
    "text", ["ISRCTN 99999902", "isrctn99999902", "ISRCTN99999902."]
)
def test_an_id_is_taken_as_its_register_writes_it(text):
    record = one(trialid=text)
    assert (record.trial_id, record.registry) == ("ISRCTN99999902", "ISRCTN")
    told = [(r.value, r.basis) for r in record.remarks if r.field == "trial_id"]
    assert told == [(text, "derived")]


def test_a_register_nobody_knows_is_named_as_the_export_names_it():
    assert one(trialid="XYZ-12", source_register="A new one").registry == "A new one"


def test_one_european_number_links_its_countries():
    assert one(trialid="EUCTR2015-002340-14-NL").identifiers == (
        Identifier(id="2015-002340-14", id_type="EUCTR"),
    )


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("", None),
        ("N/A", "NA"),
        ("Phase 0", "EARLY_PHASE1"),
        ("1", "PHASE1"),
        ("Phase II/III", "PHASE2/PHASE3"),
        ("2020-03-02", "PHASE2/PHASE3"),
        ("2-Mar", "PHASE2/PHASE3"),
        ("01/02/2021", "PHASE1/PHASE2"),
        ("2-3", "PHASE2/PHASE3"),
        ("0", "0"),
        ("Retrospective study", "Retrospective study"),
        (
            "Human pharmacology (Phase I): yes\nExploratory (Phase II): yes\n"
            "Confirmatory - (Phase III): no\nTherapeutic use (Phase IV): no",
            "PHASE1/PHASE2",
        ),
        ("Human pharmacology (Phase I): no\nTherapeutic use (Phase IV): no", None),
    ],
)
def test_phases_in_figures_and_prose(text, phase):
    assert one(phase=text).phase == phase


@pytest.mark.parametrize(
    ("text", "enrollment", "note"),
    [
        ("200", 200, None),
        ("0", 0, None),
        ("", None, None),
        ("Case series:100;", 100, None),
        ("control group :15;Experimental group :15;", 30, "sum of 2 groups"),
        ("1:14;2:14;", 28, "sum of 2 groups"),
        ("Two groups:16;", None, "groups that cannot be summed with certainty"),
        ("control:30;Control:30;", None, "groups that cannot be summed with certainty"),
        (
            "Target condition:80;Difficult condition:0",
            None,
            "groups that cannot be summed with certainty",
        ),
        ("about forty", None, "not a number"),
        ("99999999", None, "a sign for a number that is not known"),
    ],
)
def test_sizes_are_summed_only_where_they_are_plainly_groups(text, enrollment, note):
    record = one(target_size=text)
    assert record.enrollment == enrollment
    remarks = [r.note for r in record.remarks if r.field == "enrollment"]
    assert remarks == ([note] if note else [])
    assert all(r.value == text for r in record.remarks if r.field == "enrollment")
    # A sum that is sure contradicts nothing.
    is_sum = (note or "").startswith("sum")
    assert {r.basis for r in record.remarks} <= {"derived" if is_sum else "unread"}


def test_groups_are_read_only_where_each_part_has_a_name():
    given = groups_of("control group :15;Experimental group :15;")
    assert given == [("control group", "15"), ("Experimental group", "15")]
    assert groups_of("200") == []


@pytest.mark.parametrize(
    ("low", "high", "ages"),
    [
        ("", "N/A", (None, None)),
        ("6 Months", "No limit", ("6 Months", None)),
        ("1years-old", "Not applicable", ("1 Year", None)),
        (">= 20age old", "80", ("20 Years", "80 Years")),
        ("0", "0", ("0 Years", None)),
        ("18", "999", ("18 Years", None)),
        ("??", "-", (None, None)),
    ],
)
def test_ages_become_bounds_or_none(low, high, ages):
    record = one(inclusion_agemin=low, inclusion_agemax=high)
    assert (record.minimum_age, record.maximum_age) == ages


def test_an_age_that_is_none_is_remarked_on():
    record = one(inclusion_agemax="200", inclusion_agemin="young")
    assert (record.minimum_age, record.maximum_age) == ("young", None)
    assert [(r.field, r.value) for r in record.remarks if "age" in r.field] == [
        ("minimum_age", "young"),
        ("maximum_age", "200"),
    ]
    unbounded = one(inclusion_agemax="??")
    assert [r.field for r in unbounded.remarks] == ["enrollment"]


@pytest.mark.parametrize(
    ("text", "design"),
    [
        (
            "Allocation: Randomized. Intervention model: Parallel Assignment. Primary "
            "purpose: Treatment. Masking: Double (Participant, Investigator). ",
            {
                "allocation": "RANDOMIZED",
                "intervention_model": "PARALLEL",
                "primary_purpose": "TREATMENT",
                "masking": "DOUBLE",
                "who_masked": ("PARTICIPANT", "INVESTIGATOR"),
            },
        ),
        (
            "Controlled: yes\nRandomised: yes\nOpen: no\nSingle blind: no\n"
            "Double blind: yes\nParallel group: yes\nCross over: no",
            {
                "allocation": "RANDOMIZED",
                "masking": "DOUBLE",
                "intervention_model": "PARALLEL",
            },
        ),
        (
            "Randomization: Randomized, Blinding: Not blinded, Placebo: Not used, "
            "Assignment: Parallel, Purpose: Treatment, Randomization description: x",
            {
                "allocation": "RANDOMIZED",
                "masking": "NONE",
                "who_masked": (),
                "intervention_model": "PARALLEL",
                "primary_purpose": "TREATMENT",
            },
        ),
        (
            "Allocation: N/A|Masking: None (Open Label)",
            {"allocation": "NA", "masking": "NONE", "who_masked": ()},
        ),
        ("Single arm", {"intervention_model": "SINGLE_GROUP"}),
        ("Non randomized control", {"allocation": "NON_RANDOMIZED"}),
        ("Cohort study", {}),
        ("Sıngle blind: yes, ſingle blind: yes", {}),
        ("", {}),
    ],
)
def test_designs_in_each_registers_own_way(text, design):
    assert design_of(text) == design


def test_typed_interventions_are_taken_apart_and_prose_is_kept():
    typed = one(intervention="Drug: A;Biological: B cells", target_size="3")
    assert typed.interventions == (
        Intervention(intervention_type="DRUG", name="A"),
        Intervention(intervention_type="BIOLOGICAL", name="B cells"),
    )
    long = "Cells are given. " * 20
    prose = one(intervention=long, target_size="3")
    assert prose.interventions == (Intervention(description=long.strip()),)


def test_a_broken_row_is_named_and_the_rest_are_read():
    good = as_csv(TRIAL, TRIAL | {"TrialID": "NCT00000002"}).decode()
    header, body = good.split("\r\n", 1)
    data = f'{header}\r\nChiCTR2000000009,"never closed,x\r\n{body}'
    made = list(stream_csv(io.BytesIO(data.encode()), "S1"))
    assert [m.trial_id for m in made[1:]] == ["ChiCTR2000000001", "NCT00000002"]
    assert isinstance(made[0], Excluded)
    assert made[0].record == "ChiCTR2000000009"


def test_a_trial_without_an_id_is_set_aside():
    for stream, data in (
        (stream_csv, as_csv(TRIAL | {"TrialID": ""})),
        (stream_xml, as_xml(TRIAL | {"TrialID": ""})),
    ):
        (excluded,) = stream(io.BytesIO(data), "S1")
        assert excluded.reason == "no TrialID"


@pytest.mark.parametrize("data", [b"", b"NCT Number,Title\n", b"<a/>", b"{}"])
def test_other_files_are_not_taken(data):
    assert not sniff_csv(data)
    assert not sniff_xml(data)


@pytest.mark.parametrize(
    "piece",
    ["a word ", "a;", "1 ", "<", "<br", "MedDRA Term: ", ": ", "(phase i): ", "\n"],
)
@pytest.mark.parametrize(
    "column", ["TrialID", "Intervention", "Target size", "Condition", "Phase"]
)
def test_a_long_text_is_read_in_a_moment(column, piece):
    # A pattern that tries each beginning with each end would take minutes.
    row = TRIAL | {column: piece * (20_000 // len(piece))}
    start = time.process_time()
    list(stream_csv(io.BytesIO(as_csv(row)), "S1"))
    assert time.process_time() - start < 2


@pytest.mark.shared
def test_real_exports_are_read_whole(shared):
    table = read_files(shared / "records/ictrp_export.csv")
    tree = read_files(shared / "records/ictrp_export.xml")
    assert (len(table.records), table.excluded) == (475, [])
    assert (len(tree.records), tree.excluded) == (120, [])
    assert table.sources[0].kind == "export"
    assert Counter(r.registry for r in table.records) == {
        "ChiCTR": 255,
        "ClinicalTrials.gov": 173,
        "EUCTR": 29,
        "ISRCTN": 5,
        "ANZCTR": 4,
        "IRCT": 3,
        "JPRN": 3,
        "NTR": 2,
        "TCTR": 1,
    }
    for record in table.records:
        assert record.start_date is not None
        assert record.first_posted_date is not None
        assert "<br" not in repr(record)


@pytest.mark.shared
def test_one_trial_in_both_real_exports_says_the_same(shared):
    table, tree = (
        {
            r.trial_id: r
            for r in read_files(shared / f"records/ictrp_export.{e}").records
        }
        for e in ("csv", "xml")
    )
    both = table.keys() & tree.keys()
    assert len(both) > 50
    fields = (
        "registry official_title study_type phase sex conditions arms countries "
        "start_date first_posted_date"
    ).split()
    differing = [
        (t, f)
        for t in sorted(both)
        for f in fields
        if getattr(table[t], f) != getattr(tree[t], f)
    ]
    # The two files were exported a month apart; registers change in a month.
    assert len(differing) < 0.06 * len(both) * len(fields)
