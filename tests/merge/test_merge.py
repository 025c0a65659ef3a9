"""One trial from several sources: authority, then date; every value is kept."""

import msgspec
import pytest

from trialkit.label.study import Study
from trialkit.merge import merge
from trialkit.merge.choice import Statement
from trialkit.record import (
    Arm,
    Identifier,
    Intervention,
    LaySummary,
    Outcome,
    PartialDate,
    Record,
    RelatedTrial,
    Remark,
    Site,
    Source,
    Sponsor,
)

MIRROR = Source(source_id="m", path="m.txt", kind="mirror", source_date="2025-04-01")
LAY = Source(source_id="l", path="l.txt", kind="lay", source_date="2026-06-27")
API = Source(source_id="a", path="a.json", kind="registry", source_date="2024-01-01")


def record(source_id, trial_id="NCT00000001", **fields):
    return Record(trial_id=trial_id, source_id=source_id, **fields)


def statements(merged, field):
    return [
        (s.value, s.source_id, s.is_chosen)
        for s in merged.statements
        if s.field == field
    ]


def test_merge_keeps_a_single_record_as_it_is():
    only = record("m", phase="NA", enrollment=0)
    (merged,) = merge([only], [MIRROR])
    assert merged.record is only
    assert merged.statements == []


def test_merge_lets_the_registry_win_over_a_newer_mirror():
    (merged,) = merge(
        [record("m", enrollment=12), record("a", enrollment=24)], [MIRROR, API]
    )
    assert merged.record.enrollment == 24
    assert statements(merged, "enrollment") == [("24", "a", True), ("12", "m", False)]


def test_merge_lets_a_lay_source_fill_but_never_override():
    lay = record(
        "l",
        phase="PHASE1",
        sex="ALL",
        basis={"phase": "stated-lay", "sex": "stated-lay"},
    )
    (merged,) = merge([lay, record("m", phase="NA")], [MIRROR, LAY])
    assert (merged.record.phase, merged.record.sex) == ("NA", "ALL")
    assert merged.record.basis["sex"] == "stated-lay"
    assert "phase" not in merged.record.basis


def test_merge_prefers_the_newer_of_two_records_of_one_kind():
    older = record("m", enrollment=24, last_updated_date="2025-12-11")
    newer = record("m2", enrollment=12, last_updated_date="2026-06-01")
    other = Source(source_id="m2", path="m2.txt", kind="mirror")
    (merged,) = merge([older, newer], [MIRROR, other])
    assert merged.record.enrollment == 12


def test_merge_prefers_labelled_over_positional_values_of_one_kind():
    lost = record(
        "m",
        phase="PHASE1",
        last_updated_date="2026-01-01",
        basis={"phase": "positional"},
    )
    kept = record("m2", phase="PHASE2", last_updated_date="2025-01-01")
    other = Source(source_id="m2", path="m2.txt", kind="mirror")
    (merged,) = merge([lost, kept], [MIRROR, other])
    assert merged.record.phase == "PHASE2"


def test_merge_counts_equal_values_as_no_conflict():
    (merged,) = merge(
        [
            record("m", brief_title="Cells  in LIVER"),
            record("a", brief_title="Cells in liver"),
        ],
        [MIRROR, API],
    )
    assert all(statement.is_chosen for statement in merged.statements)


def test_merge_joins_the_terms_of_title_and_lay_page_where_no_list_is_registered():
    mirror = record("m", conditions=("Liver Failure",), basis={"conditions": "derived"})
    lay = record(
        "l",
        conditions=("acute liver failure", "liver failure"),
        basis={"conditions": "stated-lay"},
    )
    (merged,) = merge([lay, mirror], [MIRROR, LAY])
    assert merged.record.conditions == ("Liver Failure", "acute liver failure")
    assert statements(merged, "conditions") == [
        ("Liver Failure", "m", True),
        ("acute liver failure; liver failure", "l", False),
    ]


def test_merge_keeps_a_registered_list_of_conditions_untouched():
    mirror = record("m", conditions=("Cirrhosis",))
    lay = record("l", conditions=("liver failure",), basis={"conditions": "stated-lay"})
    (merged,) = merge([mirror, lay], [MIRROR, LAY])
    assert merged.record.conditions == ("Cirrhosis",)


def test_merge_fills_gaps_of_a_site_from_the_same_site():
    mirror = record("m", sites=(Site(facility="City Hospital", country="China"),))
    lay = record(
        "l",
        sites=(Site(facility="city hospital", site_status="RECRUITING", zip="510000"),),
    )
    (merged,) = merge([mirror, lay], [MIRROR, LAY])
    assert merged.record.sites == (
        Site(
            facility="City Hospital",
            country="China",
            site_status="RECRUITING",
            zip="510000",
        ),
    )


def test_merge_joins_ids_and_related_trials_of_all_sources():
    one = record("m", identifiers=(Identifier(id="X-1", id_type="org_study_id"),))
    two = record("l", related_trials=(RelatedTrial(related_id="NCT00000009"),))
    (merged,) = merge([one, two], [MIRROR, LAY])
    assert merged.record.identifiers == one.identifiers
    assert merged.record.related_trials == two.related_trials


def test_merge_keeps_the_lay_summary_apart():
    lay = record("l", lay=LaySummary(headline="A headline"))
    (merged,) = merge([record("m", brief_title="Title"), lay], [MIRROR, LAY])
    assert merged.record.brief_title == "Title"
    assert merged.record.lay == LaySummary(headline="A headline")


def test_merge_joins_an_alias_with_the_id_the_registry_uses_now():
    old = record("m", trial_id="NCT00000002", phase="PHASE1")
    new = record("a", identifiers=(Identifier(id="NCT00000002", id_type="nct_alias"),))
    (merged,) = merge([old, new], [MIRROR, API])
    assert merged.trial_id == "NCT00000001"
    assert merged.record.phase == "PHASE1"


def test_merge_never_joins_trials_by_title():
    merged = merge(
        [
            record("m", brief_title="Same"),
            record("m", "NCT00000002", brief_title="Same"),
        ],
        [MIRROR],
    )
    assert [item.trial_id for item in merged] == ["NCT00000001", "NCT00000002"]


def test_merge_lists_a_remark_as_a_value_not_chosen():
    odd = Remark(
        field="site_status",
        value="RECRUITING",
        note="inside the facility name",
        basis="conflict",
    )
    (merged,) = merge([record("m", remarks=(odd,))], [MIRROR])
    assert merged.statements == [
        Statement(
            trial_id="NCT00000001",
            field="site_status",
            value="RECRUITING",
            source_id="m",
            basis="conflict",
            is_chosen=False,
            is_conflict=True,
            note="inside the facility name",
        )
    ]


def test_words_that_could_not_be_read_contradict_nothing():
    odd = Remark(field="maximum_age", value="ND", note="no age")
    (merged,) = merge([record("m", remarks=(odd,))], [MIRROR])
    (said,) = merged.statements
    assert (said.basis, said.is_chosen, said.is_conflict) == ("unread", False, False)


def test_a_month_and_a_day_inside_it_are_one_date_and_the_day_is_taken():
    one = record("a", start_date=PartialDate(date="2024-04", type="ESTIMATED"))
    two = record("m", start_date=PartialDate(date="2024-04-23"))
    (merged,) = merge([two, one], [MIRROR, API])
    assert merged.record.start_date == PartialDate(date="2024-04-23", type="ESTIMATED")
    assert statements(merged, "start_date") == [
        ("2024-04, ESTIMATED", "a", True),
        ("2024-04-23", "m", True),
    ]


def test_a_source_that_says_less_does_not_contradict():
    full = Intervention(intervention_type="DRUG", name="MSC", description="Given once.")
    api = record(
        "a",
        interventions=(full, Intervention(name="Saline")),
        outcomes=(Outcome(measure="Survival", outcome_type="primary"),),
        last_updated_date="2024-01-01",
    )
    export = record(
        "a2",
        interventions=(Intervention(intervention_type="DRUG", name="MSC"),),
        outcomes=(Outcome(measure="Survival"), Outcome(measure="MELD score")),
        last_updated_date="2025-01-01",
    )
    newer = Source(source_id="a2", path="a2.csv", kind="registry")
    (merged,) = merge([api, export], [API, newer])
    assert not any(statement.is_conflict for statement in merged.statements)
    assert merged.record.interventions == (full, Intervention(name="Saline"))
    assert merged.record.outcomes == (
        Outcome(measure="Survival", outcome_type="primary"),
        Outcome(measure="MELD score"),
    )


def test_lists_that_name_other_things_contradict():
    one = record("a", interventions=(Intervention(name="MSC"),))
    two = record("m", interventions=(Intervention(name="Saline"),))
    (merged,) = merge([one, two], [MIRROR, API])
    assert [s.value for s in merged.statements if s.is_conflict] == ["Saline"]


def test_a_name_that_stands_twice_fills_no_gap():
    twice = (Intervention(name="MSC"), Intervention(name="MSC"))
    one = record("a", interventions=twice)
    two = record("m", interventions=(Intervention(name="MSC", description="Once."),))
    (merged,) = merge([one, two], [MIRROR, API])
    assert merged.record.interventions == twice


def test_a_day_of_submission_gives_way_to_the_day_of_posting():
    submitted = record(
        "a", first_posted_date="2020-01-02", basis={"first_posted_date": "derived"}
    )
    posted = record("m", first_posted_date="2020-01-09")
    (merged,) = merge([submitted, posted], [MIRROR, API])
    assert merged.record.first_posted_date == "2020-01-09"
    assert statements(merged, "first_posted_date") == [
        ("2020-01-09", "m", True),
        ("2020-01-02", "a", False),
    ]
    assert not any(statement.is_conflict for statement in merged.statements)


def test_versions_of_one_record_differ_in_their_dates_without_conflict():
    one = record("a", last_updated_date="2020-01-02", verified_date="2020-01")
    two = record("m", last_updated_date="2021-01-02", verified_date="2021-01")
    (merged,) = merge([one, two], [MIRROR, API])
    assert not any(statement.is_conflict for statement in merged.statements)
    assert statements(merged, "verified_date") == [
        ("2020-01", "a", True),
        ("2021-01", "m", False),
    ]


def whole(source_id, day, **fields):
    given = dict.fromkeys(
        ("organization", "brief_summary", "eligibility_criteria"), "A"
    )
    given |= dict.fromkeys(("study_type", "first_posted_date"), "2020-01-02")
    given |= {"overall_status": "RECRUITING", "has_results": False} | fields
    lists = {"conditions": ("Ascites",), "sponsors": (Sponsor(name="A", role="lead"),)}
    return record(source_id, last_updated_date=day, **lists, **given)


def test_what_a_newer_state_of_a_record_dropped_stays_dropped():
    arms, site = (Arm(arm_label="One"), Arm(arm_label="Two")), Site(city="Kyoto")
    told = msgspec.structs.replace(site, site_status="RECRUITING")
    first = Outcome(outcome_type="primary", measure="Survival")
    second = Outcome(outcome_type="secondary", measure="Pain")
    old = whole(
        *("a", "2024-01-02"),
        **{"arms": arms, "sites": (told, Site(city="Osaka")), "enrollment": 30},
        **{"outcomes": (first, second), "acronym": "OLD"},
    )
    new = whole(
        *("b", "2024-06-01"),
        **{"arms": arms[:1], "sites": (site,), "outcomes": (first,), "enrollment": 9},
    )
    for records in ([old, new], [new, old]):
        (merged,) = merge(records, [API])
        assert merged.record.arms == new.arms
        assert merged.record.sites == new.sites
        assert merged.record.outcomes == new.outcomes
        assert [arm for _, arm in Study(merged.records).arms] == [*new.arms]
        assert statements(merged, "enrollment") == [
            ("9", "b", True),
            ("30", "a", False),
        ]
        assert not any(statement.is_conflict for statement in merged.statements)
        assert merged.record.acronym == "OLD"  # the newer one may be cut to fields

    cut = msgspec.structs.replace(new, eligibility_criteria=None)
    (merged,) = merge([old, cut], [API])
    assert merged.record.sites == old.sites
    assert len(merged.record.arms) == 2


def test_of_two_records_of_one_update_that_of_the_later_data_wins():
    fuller = whole("a", "2024-01-02", acronym="CELLS", data_date="2024-05-01")
    lapsed = whole("b", "2024-01-02", data_date="2024-06-01")
    lapsed.overall_status = "UNKNOWN"
    for records in ([fuller, lapsed], [lapsed, fuller]):
        (merged,) = merge(records, [API])
        assert merged.record.overall_status == "UNKNOWN"
        old = next(s for s in merged.statements if s.value == "RECRUITING")
        assert (old.is_chosen, old.is_conflict) == (False, False)
        assert old.note == "of an earlier state of the record"

    received = Source(source_id="a", path="a.json", source_date="2024-07-01")
    bare = msgspec.structs.replace(fuller, data_date=None)
    (merged,) = merge([lapsed, bare], [received])
    assert merged.record.overall_status == "RECRUITING"
    assert not any(s.is_conflict for s in merged.statements)


def test_which_of_two_records_of_one_update_is_newer_may_not_be_known():
    fuller = whole("a", "2024-01-02", acronym="CELLS")
    lapsed = whole("b", "2024-01-02", data_date="2024-06-01")
    lapsed.overall_status = "UNKNOWN"
    (merged,) = merge([lapsed, fuller], [])
    told = {s.value: s.note for s in merged.statements if s.field == "overall_status"}
    note = "differs from a record of the same day; which is newer is not known"
    assert told == {"RECRUITING": None, "UNKNOWN": note}


def test_a_later_table_takes_the_lists_of_an_earlier_one_out():
    def table(key, day, more=(), **fields):
        outcomes = tuple(
            Outcome(outcome_type="primary", measure=m) for m in fields.pop("m")
        )
        return record(key, last_updated_date=day, outcomes=(*outcomes, *more), **fields)

    sources = [
        Source(source_id=key, path=key, shape="ctgov_csv") for key in ("old", "new")
    ]
    old = table("old", "2024-01-02", m=("Pain", "Survival"), enrollment=30)
    new = table("new", "2024-06-01", m=("Survival",), enrollment=9)
    (merged,) = merge([old, new], sources)
    assert merged.record.outcomes == new.outcomes
    assert not any(statement.is_conflict for statement in merged.statements)

    more = (Outcome(outcome_type="secondary", measure="Sleep"),)
    old = table("old", "2024-01-02", m=("Survival",), more=more)
    (merged,) = merge([old, new], sources)
    assert merged.record.outcomes == old.outcomes  # the newer may lack that column


def test_the_words_from_which_a_number_was_made_do_not_contradict_it():
    words = Remark(
        field="enrollment", value="A:10;B:5;", note="sum of 2 groups", basis="derived"
    )
    (merged,) = merge([record("m", enrollment=15, remarks=(words,))], [MIRROR])
    (statement,) = merged.statements
    assert (statement.value, statement.basis) == ("A:10;B:5;", "derived")
    assert not statement.is_conflict


def test_merge_lists_two_different_dates_as_a_conflict():
    one = record("a", start_date=PartialDate(date="2024-04"))
    two = record("m", start_date=PartialDate(date="2024-05-01"))
    (merged,) = merge([two, one], [MIRROR, API])
    assert statements(merged, "start_date") == [
        ("2024-04", "a", True),
        ("2024-05-01", "m", False),
    ]


EXPORT = Source(source_id="e", path="e.xml", kind="export")


def conflicts(*records):
    (merged,) = merge(records, [API, EXPORT, MIRROR])
    return [(s.field, s.value) for s in merged.statements if s.is_conflict]


@pytest.mark.parametrize("status", ["COMPLETED", "WITHDRAWN", "UNKNOWN", "SUSPENDED"])
def test_one_of_two_status_words_agrees_with_what_it_covers(status):
    registry = record("a", overall_status=status)
    assert conflicts(registry, record("e", overall_status="NOT_RECRUITING")) == []


def test_one_of_two_status_words_contradicts_what_it_does_not_cover():
    registry = record("a", overall_status="RECRUITING")
    export = record("e", overall_status="NOT_RECRUITING")
    assert conflicts(registry, export) == [("overall_status", "NOT_RECRUITING")]


def test_a_word_that_covers_several_statuses_gives_way_to_one_of_them():
    mirror = record("m", overall_status="COMPLETED")
    export = record("e", overall_status="NOT_RECRUITING")
    (merged,) = merge([export, mirror], [EXPORT, MIRROR])
    assert merged.record.overall_status == "COMPLETED"


def test_a_value_that_could_not_be_read_gives_way_and_contradicts_nothing():
    mirror, api = record("m", phase="PHASE1"), record("a", phase="Pilot study")
    (merged,) = merge([api, mirror], [API, MIRROR])
    assert merged.record.phase == "PHASE1"
    assert not any(s.is_conflict for s in merged.statements)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("maximum_age", "1 Year", "12 Months"),
        ("maximum_age", "75 Years", "no maximum age"),
        ("verified_date", "2024-03", "2024-03-15"),
        ("results_first_posted_date", "2024-03", "2024-03-15"),
        ("brief_title", "Cells in p", "Cells in patients"),
        ("official_title", "Cells: a trial", "Cells \uff1aA TRIAL"),
        ("eligibility_criteria", "1. Adults\n2. No cancer\\>", "* Adults\n* No cancer"),
    ],
)
def test_what_says_the_same_or_less_is_no_conflict(field, one, other):
    assert conflicts(record("a", **{field: one}), record("m", **{field: other})) == []
    assert conflicts(record("a", **{field: other}), record("m", **{field: one})) == []


def test_a_text_that_breaks_off_is_the_whole_one():
    cut, whole = record("a", brief_title="Cells in p"), record("m")
    whole.brief_title = "Cells in patients"
    (merged,) = merge([cut, whole], [API, MIRROR])
    assert merged.record.brief_title == "Cells in patients"


def test_a_month_is_known_to_the_day_where_a_source_says_it():
    (merged,) = merge(
        [
            record("a", first_posted_date="2024-03"),
            record("m", first_posted_date="2024-03-15"),
        ],
        [API, MIRROR],
    )
    assert merged.record.first_posted_date == "2024-03-15"


def test_a_type_belongs_to_its_number():
    older = record("a", enrollment=24, enrollment_type="ACTUAL")
    newer = record("b", enrollment=30, last_updated_date="2024-06-01")
    (merged,) = merge([older, newer], [API])
    assert (merged.record.enrollment, merged.record.enrollment_type) == (30, None)
    same = record("b", enrollment=24, last_updated_date="2024-06-01")
    (merged,) = merge([older, same], [API])
    assert merged.record.enrollment_type == "ACTUAL"


@pytest.mark.parametrize("worse", ["soon", "2024-03", None])
def test_what_is_no_day_never_outranks_a_day(worse):
    day = record("b", enrollment=24, last_updated_date="2024-03-15")
    other = record("c", enrollment=30, last_updated_date=worse)
    (merged,) = merge([other, day], [])
    assert merged.record.enrollment == 24


def test_of_two_sources_of_one_day_the_one_that_says_more_comes_first():
    more = record("z", enrollment=24, phase="PHASE1")
    less = record("a", enrollment=30)
    for order in ([more, less], [less, more]):
        (merged,) = merge(order, [])
        assert merged.record.enrollment == 24


def test_the_arms_of_the_table_are_those_that_labels_speak_of():
    newer = record("b", arms=(Arm(arm_label="Two"),), last_updated_date="2024-06-01")
    older = record("c", arms=(Arm(arm_label="One"), Arm(arm_label="two")))
    (merged,) = merge([newer, older], [])
    labels = [arm.arm_label for arm in merged.record.arms]
    assert [arm.arm_label for _, arm in Study(merged.records).arms] == labels
    assert labels == ["One", "two"]


def test_all_of_a_trial_under_a_former_id_comes_under_the_current_one():
    odd = Remark(field="enrollment", value="some", note="not a number")
    old = record("m", trial_id="NCT00000002", phase="PHASE1", remarks=(odd,))
    new = record("l", identifiers=(Identifier(id="NCT00000002", id_type="nct_alias"),))
    (merged,) = merge([old, new], [MIRROR, LAY])
    assert {r.trial_id for r in merged.records} == {"NCT00000001"}
    assert {s.trial_id for s in merged.statements} == {"NCT00000001"}


@pytest.mark.parametrize("first", ["m", "a"])
def test_a_coarser_class_of_a_sponsor_gives_way_and_contradicts_nothing(first):
    classes = {first: "OTHER", {"m": "a", "a": "m"}[first]: "NETWORK"}
    records = [
        record(source, sponsors=(Sponsor(name="A", sponsor_class=kind),))
        for source, kind in classes.items()
    ]
    (merged,) = merge(records, [MIRROR, API])
    assert merged.record.sponsors == (Sponsor(name="A", sponsor_class="NETWORK"),)
    assert not [s for s in merged.statements if s.is_conflict]


def test_two_classes_of_a_sponsor_stay_a_conflict():
    records = [
        record(source, sponsors=(Sponsor(name="A", sponsor_class=kind),))
        for source, kind in (("m", "OTHER"), ("a", "INDUSTRY"))
    ]
    (merged,) = merge(records, [MIRROR, API])
    assert [s.field for s in merged.statements if s.is_conflict] == ["sponsors"]
