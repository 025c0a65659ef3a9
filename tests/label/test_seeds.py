"""The kinds of trial of the seeds, in our own words, and the seeds themselves."""

import json

import pytest

from trialkit.label.engine import label_records
from trialkit.read import read
from trialkit.record import Arm, Intervention, LaySummary, Passage, Record


def values(result, axis, arm="A1"):
    return {r.value for r in result.labels if r.axis == axis and r.arm_id == arm}


def the(result, axis, arm="A1"):
    (row,) = [r for r in result.labels if r.axis == axis and r.arm_id == arm]
    return row


LIVER_DEVICE = Record(
    trial_id="NCT00000002",
    source_id="mirror",
    brief_title="A new bioartificial liver in liver failure",
    arms=(Arm(arm_label="X-BAL", arm_type="EXPERIMENTAL", interventions=("X liver",)),),
    interventions=(
        Intervention(
            name="X liver",
            description=(
                "Hepatocytes derived from chemically induced pluripotent stem cells "
                "are loaded into the BAL device. The circuit is reached by central "
                "venous access (femoral or jugular vein) for 4-8 hours per session. "
                r"Each patient receives 1.67 × 10\^8 hepatocytes per kg."
            ),
        ),
    ),
    eligibility_criteria="Peripheral vein collapse; autologous transplant before",
)


def test_a_bioartificial_liver_is_extracorporeal_and_its_vein_is_access():
    result = label_records([LIVER_DEVICE])
    assert result.is_cell_trial
    assert values(result, "route") == {"EC.bal"}
    assert values(result, "delivery_mode") == {"extracorporeal"}
    assert values(result, "access") == {"central_venous"}
    assert values(result, "cell_type") == {"HLC"}
    assert values(result, "cell_source") == {"CiPSC"}
    assert values(result, "donor") == {"NOT_STATED"}
    assert values(result, "perfusate") == {"NOT_STATED"}
    row = the(result, "cells_enter_body")
    assert (row.value, row.basis) == ("false", "inferred")
    (dose,) = result.doses
    assert dose.amount == pytest.approx(1.67e8)
    assert (dose.per, dose.basis) == ("kg", "device_loaded")
    assert (dose.session_hours_min, dose.session_hours_max) == (4.0, 8.0)


REACTOR = Record(
    trial_id="NCT00000003",
    source_id="mirror",
    brief_title="Mesenchymal stem cells in blood purification for liver failure",
    arms=(Arm(arm_label="Blood purification with mesenchymal stem cells"),),
    interventions=(
        Intervention(
            name="Loaded mesenchymal stem cells reaction device",
            description="Done with a mesenchymal stem cells reactor.",
        ),
    ),
)
REACTOR_LAY = Record(
    trial_id="NCT00000003",
    source_id="lay",
    lay=LaySummary(headline="Autologous stem cell drip"),
    page_passages=(
        Passage(
            section="lay_summary",
            text="This early study tests a filter. The cells stay outside the body.",
            start=40,
        ),
    ),
)


def test_a_reactor_with_other_cells_is_its_own_route_and_the_lay_page_fills():
    result = label_records([REACTOR, REACTOR_LAY])
    assert values(result, "route") == {"EC.cell"}
    assert values(result, "cell_type") == {"MSC"}
    assert values(result, "cell_source") == {"NOT_STATED"}
    assert values(result, "donor") == {"NOT_STATED"}
    row = the(result, "cells_enter_body")
    assert (row.value, row.basis, row.source_id) == ("false", "stated-lay", "lay")
    assert row.start == 73
    assert result.doses == []


def test_a_lay_page_alone_labels_one_implicit_arm():
    page = Record(
        trial_id="NCT00000004",
        source_id="lay",
        page_passages=(
            Passage(
                section="lay_summary",
                text="This early trial tests whether injecting liver-like cells into "
                "the abdominal muscle can help.",
            ),
            Passage(
                section="active_substance",
                text="Hepatocyte-like cells (from induced pluripotent stem cells)",
            ),
        ),
    )
    result = label_records([page])
    assert values(result, "route") == {"IM"}
    assert the(result, "route").basis == "stated-lay"
    assert values(result, "site") == {"muscle_of_abdomen"}
    assert values(result, "cell_type") == {"HLC"}
    assert values(result, "cell_source") == {"iPSC"}
    assert the(result, "cells_enter_body").basis == "derived"


@pytest.mark.parametrize(
    ("section", "text", "axis", "value"),
    [
        ("active_substance", "Stem cells, given by injection", "route", "PARENTERAL"),
        ("lay_summary", "{} cells into the hip joint.", "route", "IART"),
        ("lay_summary", "{} cells via the femoral artery.", "route", "OTHER"),
        ("lay_summary", "The knee is injected with stem cells.", "route", "IART"),
        (
            "lay_summary",
            "{} cells. Marrow is aspirated from the patients' iliac crest.",
            "donor",
            "AUTO",
        ),
    ],
)
def test_whatever_rule_reads_a_lay_page_says_so(section, text, axis, value):
    text = text.format("In this study patients are injected with stem")
    page = Record(
        trial_id="NCT00000006",
        source_id="lay",
        page_passages=(Passage(section=section, text=text),),
    )
    row = the(label_records([page]), axis)
    assert (row.value, row.basis) == (value, "stated-lay")


def test_two_arms_by_route_keep_their_own_and_background_says_nothing():
    record = Record(
        trial_id="NCT00000005",
        brief_title="Umbilical cord mesenchymal stem cells by two routes",
        brief_summary=(
            "Cells can be given by many ways, of which the portal vein is most used. "
            "Studies have shown that autologous marrow cells help."
        ),
        arms=(
            Arm(arm_label="Peripheral vein group", interventions=("Cells by vein",)),
            Arm(arm_label="Hepatic artery group", interventions=("Cells by artery",)),
        ),
        interventions=(
            Intervention(
                name="Cells by vein",
                description="Umbilical cord mesenchymal stem cells, peripheral vein",
            ),
            Intervention(
                name="Cells by artery",
                description="Umbilical cord mesenchymal stem cells, hepatic artery",
            ),
        ),
    )
    result = label_records([record])
    assert values(result, "route", "A1") == {"IV.peripheral"}
    assert values(result, "route", "A2") == {"IA.hepatic"}
    assert values(result, "cell_source", "A1") == {"UC"}
    assert values(result, "donor", "A1") == {"NOT_STATED"}
    inferred = the(result, "donor_inferred")
    assert (inferred.value, inferred.basis) == ("ALLO", "inferred")


def seed_results(shared):
    collected = read([shared / "seeds"])
    kinds = {s.source_id: s.kind for s in collected.sources}
    found = {}
    for record in sorted(collected.records, key=lambda r: kinds[r.source_id] == "lay"):
        found.setdefault(record.trial_id, []).append(record)
    return {trial: label_records(records) for trial, records in found.items()}


GOLD = {
    "NCT07276568": {"A1": ("IM", "HLC", "iPSC")},
    "NCT06904755": {"A1": ("EC.cell", "MSC", "NOT_STATED")},
    "NCT07312864": {"A1": ("EC.bal", "HLC", "CiPSC")},
    "NCT06984497": {
        "A1": ("IV.peripheral", "MSC", "UC"),
        "A2": ("IA.hepatic", "MSC", "UC"),
    },
}


@pytest.mark.shared
@pytest.mark.parametrize("trial", GOLD)
def test_the_seeds_come_out_right(shared, trial):
    result = seed_results(shared)[trial]
    for arm, (route, cell_type, source) in GOLD[trial].items():
        assert values(result, "route", arm) == {route}
        assert values(result, "cell_type", arm) == {cell_type}
        assert values(result, "cell_source", arm) == {source}
        assert values(result, "donor", arm) == {"NOT_STATED"}
    stated = {
        f["field"] for f in seed_gold(shared)[trial] if f["basis"] != "not_stated"
    }
    assert bool(result.doses) == ("dose" in stated)


def seed_gold(shared):
    trials = json.loads((shared / "gold" / "seeds.json").read_text("utf-8"))
    return {t["nct_id"]: t["labels"] for t in trials}


@pytest.mark.shared
def test_every_quote_of_the_seeds_stands_in_its_file_at_its_place(shared):
    collected = read([shared / "seeds"])
    paths = {s.source_id: s.path for s in collected.sources}
    for result in seed_results(shared).values():
        rows = [*result.labels, *result.doses]
        for row in (r for r in rows if r.quote):
            with open(paths[row.source_id], encoding="utf-8") as file:
                text = file.read()
            assert text[row.start : row.end] == row.quote
            assert len(row.quote) <= 300
