"""Trials in several registers are linked by their ids and counted once."""

from __future__ import annotations

import pytest

import trialkit as tk
from trialkit.codebook import conform
from trialkit.merge.registrations import (
    ONE_RECORD_EACH,
    STUDIES_ONLY,
    is_anothers,
    key_of,
)
from trialkit.prose import methods
from trialkit.read.values.ids import registry_of
from trialkit.record import Identifier, Record, Sponsor
from trialkit.tidy.load import from_records

pytestmark = pytest.mark.slow

NCT, NCT2 = "NCT00000001", "NCT00000002"
CHICTR, ISRCTN = "ChiCTR2000029953", "ISRCTN12345678"
IT, DE = "EUCTR2005-003674-14-IT", "EUCTR2005-003674-14-DE"
REGISTRY = {"NCT": "ClinicalTrials.gov", "Chi": "ChiCTR", "ISR": "ISRCTN"}
REGISTRY |= {"EUC": "EUCTR", "JPR": "JPRN"}


def record(trial_id, *others, date=None, kind="secondary_id", **fields):
    ids = tuple(Identifier(id=other, id_type=kind) for other in others)
    return Record(
        trial_id=trial_id,
        registry=REGISTRY[trial_id[:3]],
        identifiers=ids,
        first_posted_date=date,
        **fields,
    )


def counted_as(*records) -> dict[str, str]:
    trials = from_records(records, labels=False).trials
    return dict(zip(trials["trial_id"], trials["counted_as"], strict=True))


def test_a_trial_keeps_the_countries_of_all_its_records():
    data = from_records(
        [
            record(DE, date="2005-02-01", countries=("Germany",)),
            record(IT, date="2005-01-01", countries=("Italy", "Czech Republic")),
            record(NCT2, countries=("Chile",)),
        ],
        labels=False,
    )
    assert data.trials["countries"].tolist() == [
        "Italy; Czechia; Germany",
        "Italy; Czechia; Germany",
        "Chile",
    ]
    made = tk.count(data, by="country").set_index("country")["n"]
    assert made.to_dict() == {
        "Chile": 1,
        "Czechia": 1,
        "Germany": 1,
        "Italy": 1,
        "Not stated": 0,
    }
    assert len(data.select(country="Germany").counted()) == 1


@pytest.mark.parametrize(
    "records",
    [
        (record(CHICTR, NCT), record(NCT)),
        (record(CHICTR), record(NCT, CHICTR.upper())),
        (record(CHICTR), record(NCT, "ChiCTR No. ChiCTR2000029953 (China)")),
        (record(CHICTR, "NCT 00000001"), record(NCT)),
        (record(CHICTR, "ＮＣＴ０００００００１"), record(NCT)),
    ],
    ids=["one way", "other case", "inside a text", "with a blank", "full width"],
)
def test_a_record_that_names_the_others_id_is_the_same_trial(records):
    assert counted_as(*records) == {NCT: NCT, CHICTR: NCT}


@pytest.mark.parametrize(
    ("own", "written"),
    [
        ("JPRN-jRCTb030240111", "jRCTb030240111"),
        ("jRCTa050240112", "JRCTa 050240112"),
        ("JPRN-C000000079", "UMIN C000000079"),
        ("EUCTR2015-000111-22-Outside-EU/EEA", "2015-000111-22"),
        ("CTR20240111", "CDE: CTR20240111"),
    ],
)
def test_ids_of_every_register_link_in_any_dress(own, written):
    one = record(NCT, written)
    two = Record(trial_id=own, registry=registry_of(own))
    assert counted_as(one, two) == {NCT: NCT, own: NCT}


def test_two_ids_of_one_japanese_register_are_two_trials():
    one = record("JPRN-jRCTs031190227", "jRCT2080225171")
    two = record("JPRN-jRCT2080225171", "jRCTs031190227")
    assert set(counted_as(one, two).values()) == {one.trial_id, two.trial_id}


def test_both_sides_of_a_link_are_told_in_the_tables():
    data = from_records([record(CHICTR, NCT, "R01-1"), record(NCT)], labels=False)
    rows = data.identifiers[["id", "points_to", "is_same_trial"]].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        [NCT, NCT, True],
        ["R01-1", None, None],
    ]
    assert data.trials["registered_also_as"].tolist() == [NCT, CHICTR]


def test_without_a_clinicaltrials_gov_record_the_first_registered_stands_for_all():
    made = counted_as(
        record(ISRCTN, CHICTR, date="2021-01-01"), record(CHICTR, date="2020-01-01")
    )
    assert made == {ISRCTN: CHICTR, CHICTR: CHICTR}


def test_the_records_of_one_eu_trial_number_are_one_trial():
    made = counted_as(record(IT), record(DE), record(NCT, "EudraCT2005-003674-14"))
    assert set(made.values()) == {NCT}


@pytest.mark.parametrize(
    "records",
    [
        (record(NCT, "R01-HL-1"), record(CHICTR, "R01-HL-1")),
        (record(NCT, NCT2), record(NCT2, NCT)),
        (record(NCT, ISRCTN), record(CHICTR, ISRCTN)),
        (record(NCT), record(CHICTR, "Extension of NCT00000001")),
        (record(NCT), record(CHICTR, NCT, kind="Parent study")),
        (record(NCT, CHICTR), record(NCT2, CHICTR), record(CHICTR)),
        (record(NCT), record(CHICTR, "NCT000000012")),
    ],
    ids=[
        "a grant that both give",
        "two records of one register",
        "the id of a register that is not read",
        "an extension study",
        "a parent study",
        "an id that two trials of one register give",
        "a longer number",
    ],
)
def test_weak_evidence_links_nothing(records):
    made = counted_as(*records)
    assert all(own == counted for own, counted in made.items())


def test_of_three_records_the_two_that_name_each_other_are_one_trial():
    made = counted_as(record(NCT, CHICTR), record(NCT2, CHICTR), record(CHICTR, NCT))
    assert made == {NCT: NCT, NCT2: NCT2, CHICTR: NCT}


def test_the_same_title_merges_nothing_and_is_listed():
    title = "Cells of the Marrow for a Failing Liver"
    data = from_records(
        [record(NCT, brief_title=title), record(CHICTR, brief_title=title + ".")],
        labels=False,
    )
    assert data.trials["counted_as"].tolist() == [NCT, CHICTR]
    twins = tk.summarize.possible_twins(data)
    assert twins.to_numpy().tolist() == [[CHICTR, NCT, "same title", title + "."]]


def test_possible_twins_name_shared_ids_and_are_none_for_none():
    data = from_records([record(NCT, ISRCTN), record(CHICTR, ISRCTN)], labels=False)
    assert tk.summarize.possible_twins(data)["reason"].tolist() == [
        f"both give {ISRCTN}"
    ]
    data = from_records([record(NCT, NCT2), record(NCT2)], labels=False)
    assert tk.summarize.possible_twins(data)["reason"].tolist() == ["names its id"]
    assert tk.summarize.possible_twins(from_records([], labels=False)).empty


def sample(*, labels: bool = False) -> tk.Trials:
    access = record(NCT2, study_type="EXPANDED_ACCESS", enrollment=5, phase="NA")
    sponsor = (Sponsor(name="A Hospital"),)
    return from_records(
        [
            record(CHICTR, NCT, enrollment=30, phase="PHASE1"),
            record(NCT, enrollment=20, phase="PHASE2", sponsors=sponsor),
            access,
            record(ISRCTN, study_type=None),
        ],
        labels=labels,
    )


def test_counts_take_each_trial_once_and_no_expanded_access():
    data = sample()
    assert len(data) == 4, "nothing is deleted"
    made = tk.count(data, by="phase_group")
    assert made.loc[made["n"] > 0, ["phase_group", "n"]].to_numpy().tolist() == [
        ["2", 1],
        ["Not stated", 1],
    ]
    people = tk.summarize.enrollment_by_route(data, by=None).iloc[0]
    assert (people["n"], people["total"]) == (2, 20)


def test_what_counting_leaves_out_has_its_line_and_its_reason():
    data = sample(labels=True).counted()
    assert data.trials["trial_id"].tolist() == [NCT, ISRCTN]
    assert data.selection["filter"].tolist() == [ONE_RECORD_EACH, STUDIES_ONLY]
    assert data.selection["n_removed"].tolist() == [1, 1]
    assert data.excluded["record"].tolist() == [CHICTR, NCT2]
    assert data.excluded["reason"][0] == f"counted once, by another record: {NCT}"
    flow = tk.summarize.record_flow(data).set_index("label")["n"]
    assert flow["Distinct registry ids"] == 4
    assert flow["Further registrations of a trial that is counted"] == 1
    assert flow["Expanded access, which is no study"] == 1
    assert flow["Trials in this report"] == 2
    assert data.counted() is data


def test_a_filter_that_takes_the_counted_record_leaves_the_trial_one_record():
    data = sample().select(ids=[CHICTR, ISRCTN]).counted()
    assert data.trials["trial_id"].tolist() == [CHICTR, ISRCTN]


def test_the_report_states_the_rule():
    text = methods(sample(labels=True).counted(), as_of="2026-01-01")
    assert "by its ClinicalTrials.gov record" in text
    assert "1 further registration was left out" in text


def test_links_survive_a_store_and_an_old_store_counts_every_trial(tmp_path):
    data = sample()
    again = tk.open(data.save(tmp_path / "store"))
    assert again.trials["counted_as"].tolist() == data.trials["counted_as"].tolist()
    tables = dict(data.tables())
    tables["trials"] = data.trials.drop(columns="counted_as")
    tables["trials"] = conform(tables["trials"], "trials")
    assert len(tk.Trials(tables).counted()) == 3


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2005-003674-14", "2005-003674-14"),
        ("EUCTR2005-003674-14-IT", "2005-003674-14"),
        ("ISRCTN 12345678", "ISRCTN12345678"),
        ("actrn12605000000000p", "ACTRN12605000000000"),
        ("CTRI/2020/04/024773", "CTRI202004024773"),
        ("EUCTR2005-003674-14-Outside-EU/EEA", "2005-003674-14"),
        ("CTIS2023-504909-37-00", "2023-504909-37"),
        ("JPRN-jRCTs032200123", "JRCTS032200123"),
        ("UMIN000012345", "UMIN000012345"),
        ("JPRN-C000000079", "C000000079"),
        ("UMIN-C000000079", "C000000079"),
        ("NCT００００００01", "NCT00000001"),
        ("nct 00000001.", "NCT00000001"),
        ("ACTRN012605000057684", "ACTRN12605000057684"),
        ("ChiCTR‐TRC‐12001926", "CHICTRTRC12001926"),
        ("CTRI-2020-04-024773", "CTRI202004024773"),
    ],
)
def test_an_id_is_the_same_in_any_dress(written, key):
    assert key_of(written) == key


def test_an_id_says_in_its_own_words_that_it_is_another_studys():
    assert is_anothers("NCT01234567 parent study")
    assert not is_anothers("NCT01234567")
