"""What changed between two sets: each change once, in its kind, and no other."""

import json
from copy import deepcopy

import pytest

import trialkit as tk
from tests.compare.studies import STUDIES, changed, edited, rows
from trialkit.codebook import codebook
from trialkit.compare.change import KINDS
from trialkit.files import data_rows


def stop(one):
    status = one["statusModule"]
    status |= {"overallStatus": "TERMINATED", "whyStopped": "Slow accrual"}
    status.pop("lastKnownStatus", None)


def reword(one):
    one["outcomesModule"]["primaryOutcomes"][0]["measure"] += " or of the kidney"


def restrict(one):
    one["eligibilityModule"]["eligibilityCriteria"] += "\n* No hepatitis C virus"


def delay(one):
    date = one["statusModule"]["primaryCompletionDateStruct"]
    date["date"] = f"{int(date['date'][:4]) + 1}{date['date'][4:]}"


def extend(one):
    place = {"facility": "Hospital", "city": "Santiago", "country": "Chile"}
    one["contactsLocationsModule"]["locations"].append(place)


def widen(one):
    arm = {"label": "Low dose", "type": "OTHER", "description": "Only looked after"}
    one["armsInterventionsModule"]["armGroups"].append(arm)


#: Edits, the module that a study needs for each, and the change that each makes.
EDITS = (
    (stop, "statusModule", ("status", "stopped")),
    (reword, "primaryOutcomes", ("outcomes", "primary outcome reworded")),
    (restrict, "eligibilityCriteria", ("criteria", "reworded")),
    (delay, "primaryCompletionDateStruct", ("dates", "later")),
    (extend, "locations", ("sites", "country added")),
    (widen, "armGroups", ("arms", "arm added")),
)
#: Changes in the order in which they are told.
TOLD = ("results status outcomes sites dates criteria arms trials").split()


def eight_edits(studies):
    """Return an edited copy of studies, and the changes that must be found."""
    copy = deepcopy(studies)
    gone = copy.pop()
    free = [one for one in copy if one["protocolSection"]["statusModule"]]
    free = [
        s
        for s in free
        if s["protocolSection"]["statusModule"]["overallStatus"] != "TERMINATED"
    ]
    wanted = {name_of(gone): ("trials", "not in this download")}
    for edit, needs, change in EDITS:
        one = next(
            s
            for s in free
            if f'"{needs}": ' in json.dumps(s) and f'"{needs}": []' not in json.dumps(s)
        )
        free.remove(one)
        edit(one["protocolSection"])
        wanted[name_of(one)] = change
    one = next(s for s in free if not s["hasResults"])
    one["hasResults"] = True
    wanted[name_of(one)] = ("results", "results posted")
    return copy, wanted


def name_of(one):
    return one["protocolSection"]["identificationModule"]["nctId"]


def assert_found(frame, wanted):
    found = zip(frame["trial_id"], frame["kind"], frame["change"], strict=True)
    assert {trial: (kind, change) for trial, kind, change in found} == wanted
    assert len(frame) == len(wanted) == 8
    assert frame["kind"].tolist() == TOLD
    assert frame["link"].str.startswith("https://clinicaltrials.gov/study/NCT").all()


def test_eight_edits_are_eight_changes_each_in_its_kind(tmp_path):
    studies, wanted = eight_edits(STUDIES)
    frame = changed(tmp_path, studies)
    assert_found(frame, wanted)
    told = frame.set_index("kind")[["old", "new"]].astype(object)
    told = told.where(told.notna(), None)
    assert told.loc["status"].tolist() == ["Recruiting", "Terminated: Slow accrual"]
    assert told.loc["dates"].tolist() == ["2026-06 (planned)", "2027-06 (planned)"]
    assert told.loc["sites"].tolist() == [None, "Hospital, Santiago, Chile"]
    assert told.loc["criteria", "new"].endswith("* No hepatitis C virus")
    assert frame["days"].dropna().tolist() == [365]
    watched = changed(tmp_path, studies, watch="dates, status")
    assert watched["kind"].tolist() == ["status", "dates"]
    assert not len(changed(tmp_path, STUDIES[::-1]))


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore:the download is incomplete")
def test_eight_edits_of_real_records_are_eight_changes(shared, tmp_path):
    page = json.loads((shared / "records" / "ctgov_v2_api_page_1.json").read_text())
    copy, wanted = eight_edits(page["studies"])
    now = page | {"studies": copy}
    assert_found(changed(tmp_path, now, old=page), wanted)
    assert not len(changed(tmp_path, page, old=page))


def test_a_reformat_is_no_change(tmp_path):
    studies, own = edited()
    module = own(0)["eligibilityModule"]
    module["eligibilityCriteria"] = (
        "<p>INCLUSION criteria:</p><p>- Liver failure</p>"
        "<p>- Age over&nbsp;18  years.</p>"
        "Exclusion Criteria:\n1. Cancer"
    )
    own(1)["descriptionModule"]["briefSummary"] = "Cells are  given\ninto a VEIN"
    own(2)["contactsLocationsModule"]["locations"].reverse()
    own(3)["outcomesModule"]["secondaryOutcomes"].reverse()
    own(4)["conditionsModule"]["conditions"].reverse()
    arms = own(5)["armsInterventionsModule"]["armGroups"]
    arms.reverse()
    arms[0]["label"] = "CONTROL"
    own(6)["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2026-05-01"
    assert not len(changed(tmp_path, studies))


def test_the_order_of_two_products_of_one_name_is_no_change(tmp_path):
    own = [
        {"name": "Cells", "description": "Low dose", "otherNames": ["MSC", "UC-MSC"]},
        {"name": "cells", "description": "High dose", "otherNames": ["A", "B"]},
    ]
    sides = []
    for names in (own, [{**x, "otherNames": x["otherNames"][::-1]} for x in own[::-1]]):
        studies, sections = edited()
        sections(0)["armsInterventionsModule"]["interventions"] = names
        sides.append(studies)
    assert not len(changed(tmp_path, sides[1], old=sides[0]))


def test_outcomes_are_paired_whatever_became_of_them(tmp_path):
    studies, own = edited()
    for n in range(6):
        own(n)["outcomesModule"] = deepcopy(own(n)["outcomesModule"])
    first, second = (
        own(0)["outcomesModule"][f"{kind}Outcomes"] for kind in ("primary", "secondary")
    )
    first[0], second[0] = second[0], first[0]
    own(1)["outcomesModule"]["primaryOutcomes"][0]["timeFrame"] = "12 months"
    own(2)["outcomesModule"]["primaryOutcomes"].append({"measure": "Ascites"})
    del own(3)["outcomesModule"]["secondaryOutcomes"][1]
    own(4)["outcomesModule"]["secondaryOutcomes"][0] |= {
        "measure": "Change of the MELD-Na score",
        "timeFrame": "8 weeks",
    }
    own(5)["outcomesModule"]["primaryOutcomes"][0]["measure"] = "Bilirubin in blood"
    assert sorted(rows(changed(tmp_path, studies))) == [
        (1, "outcomes", "primary outcome made secondary"),
        (1, "outcomes", "secondary outcome made primary"),
        (2, "outcomes", "primary outcome other time point"),
        (3, "outcomes", "primary outcome added"),
        (4, "outcomes", "secondary outcome dropped"),
        (5, "outcomes", "secondary outcome reworded, other time point"),
        (6, "outcomes", "primary outcome replaced"),
    ]


def test_outcomes_that_were_replaced_stand_in_the_order_of_the_record(tmp_path):
    old, new = deepcopy(STUDIES), deepcopy(STUDIES)
    types = ("primary", "secondary", "other")
    for studies, words in (
        (old, ("Survival", "Bilirubin", "Costs")),
        (new, ("Encephalopathy grade", "Days at work", "Infections seen")),
    ):
        studies[0]["protocolSection"]["outcomesModule"] = {
            f"{kind}Outcomes": [{"measure": word}]
            for kind, word in zip(types, words, strict=True)
        }
    found = changed(tmp_path, new, old)["change"].tolist()
    assert found == [f"{kind} outcome replaced" for kind in types]


def test_dates_move_as_exactly_as_they_are_known(tmp_path):
    studies, own = edited()
    own(0)["statusModule"]["primaryCompletionDateStruct"]["date"] = "2026-06-15"
    own(1)["statusModule"]["completionDateStruct"]["date"] = "2026-12-01"
    own(2)["statusModule"]["completionDateStruct"]["date"] = "2027-02"
    own(3)["statusModule"]["primaryCompletionDateStruct"]["type"] = "ACTUAL"
    frame = changed(tmp_path, studies)
    found = {
        (trial[-1], change): (None if note is None else note, days)
        for trial, change, note, days in frame[["trial_id", "change", "note", "days"]]
        .astype(object)
        .where(frame[["trial_id", "change", "note", "days"]].notna(), None)
        .to_numpy()
    }
    assert found == {
        ("1", "told to the day"): (None, None),
        ("2", "earlier"): ("30 days earlier", -30),
        ("3", "later"): ("about 45 days later", 45),
        ("4", "now actual"): (None, None),
    }


def test_each_part_of_a_trial_changes_once(tmp_path):
    studies, own = edited()
    own(0)["designModule"]["enrollmentInfo"] = {"count": 31, "type": "ACTUAL"}
    own(1)["sponsorCollaboratorsModule"] = {
        "leadSponsor": {"name": "A university", "class": "OTHER"},
        "collaborators": [{"name": "A company", "class": "INDUSTRY"}],
    }
    own(2)["conditionsModule"]["conditions"].append("Hepatitis B")
    item = own(3)["armsInterventionsModule"]["interventions"][0]
    item["name"] = "Stem cells of cord"
    own(3)["armsInterventionsModule"]["armGroups"][0]["interventionNames"] = [
        "Biological: Stem cells of cord"
    ]
    own(4)["identificationModule"]["orgStudyIdInfo"]["id"] = "ANEW-5"
    own(5)["designModule"]["phases"] = ["PHASE2"]
    own(6)["contactsLocationsModule"]["locations"].pop()
    own(7)["eligibilityModule"]["minimumAge"] = "16 Years"
    own(8)["armsInterventionsModule"]["armGroups"][1]["type"] = "PLACEBO_COMPARATOR"
    frame = changed(tmp_path, studies)
    assert sorted(rows(frame)) == [
        (1, "enrollment", "now actual"),
        (2, "sponsor", "lead sponsor changed"),
        (3, "conditions", "added"),
        (4, "interventions", "intervention renamed"),
        (5, "ids", "changed"),
        (6, "design", "changed"),
        (7, "sites", "site dropped"),
        (8, "criteria", "changed"),
        (9, "arms", "arm changed"),
    ]
    assert "9 participants fewer" in frame["note"].tolist()


def test_sites_of_a_country_that_went_are_told_apart_from_others(tmp_path):
    def at(facility, country):
        return {"facility": facility, "city": "Town", "country": country}

    old, new = deepcopy(STUDIES), deepcopy(STUDIES)
    for studies, sites in (
        (old, [at("A", "China"), at("B", "China"), at("C", "Korea, Republic of")]),
        (new, [at("B", "China"), at("D", "Türkiye"), at("E", "China")]),
    ):
        places = studies[0]["protocolSection"]["contactsLocationsModule"]
        places["locations"] = sites
    frame = changed(tmp_path, new, old)[["change", "old", "new", "note"]]
    told = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    assert sorted(told) == [
        ["country added", None, "D, Town, Türkiye", "new: Türkiye"],
        [
            *("country dropped", "C, Town, Korea, Republic of", None),
            "no longer: South Korea",
        ],
        ["site added", None, "E, Town, China", None],
        ["site dropped", "A, Town, China", None, None],
    ]


def test_a_country_of_another_spelling_moves_no_site(tmp_path):
    old, new = deepcopy(STUDIES), deepcopy(STUDIES)
    for studies, name in ((old, "Turkey"), (new, "Türkiye")):
        for site in studies[0]["protocolSection"]["contactsLocationsModule"][
            "locations"
        ]:
            site["country"] = name
    assert rows(changed(tmp_path, new, old)) == []


def test_the_last_known_status_is_told_of_an_unknown_one_alone(tmp_path):
    studies, own = edited()
    for place, status in enumerate(("UNKNOWN", "COMPLETED", "RECRUITING")):
        known = {"overallStatus": status, "lastKnownStatus": "SUSPENDED"}
        own(place)["statusModule"] |= known
    frame = changed(tmp_path, studies).sort_values("trial_id")
    assert frame["new"].tolist() == ["Unknown (last known: Suspended)", "Completed"]


def test_every_column_of_a_record_is_compared_or_says_why_not():
    listed = {(row["table"], row["column"]): row for row in data_rows("compared.csv")}
    tables = {table for table, _ in listed}
    own = {
        (table, name)
        for table in tables
        for name, column in codebook()[table].items()
        if not column.is_derived and name != "trial_id"
    }
    assert own == listed.keys()
    for row in listed.values():
        assert bool(row["kind"]) != bool(row["why_not"])
        assert row["kind"] in ("", *KINDS)


def test_an_unknown_kind_is_named_with_the_nearest(tmp_path):
    with pytest.raises(tk.ParameterError, match="did you mean outcomes"):
        changed(tmp_path, STUDIES, watch="outcome")
