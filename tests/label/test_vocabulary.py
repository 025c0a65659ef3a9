"""Vocabularies: what ships is whole, and a broken row is an error that says where."""

import re

import pandas as pd
import pytest

from trialkit.errors import TrialDataError
from trialkit.label.entries import most_exact
from trialkit.label.user_vocabulary import extended
from trialkit.label.vocabulary import (
    AXES,
    Vocabulary,
    code_of,
    family_of,
    group_of,
    groups,
    in_order,
    label_of,
    parent_of,
    shipped,
    vocabulary,
)

ROUTE_GROUPS = (
    "Vein",
    "Hepatic artery",
    "Portal vein",
    "Splenic artery",
    "Other vessel",
    "Liver tissue",
    "Spleen",
    "Abdominal cavity",
    "Muscle",
    "Skin",
    "Lymph node",
    "Into or around a lesion",
    "Joint",
    "Bone or disc",
    "Spinal canal or brain",
    "Heart",
    "Eye",
    "Implant or graft",
    "On the surface",
    "Airway or lung",
    "Outside the body",
    "Other route",
    "Not stated",
)
IDS = {
    "route": "IV IV.peripheral IV.central IA IA.hepatic IA.splenic ICOR PV VASC IH IS"
    " ICAR IP IM SC ID ITH ICV ISC IART IDISC IOSS ICAV IVIT SUBRET LN ILES IMPL TOP"
    " NAS ETR EC.bal EC.cell PARENTERAL NOT_STATED OTHER NONE IB IABD ORGAN",
    "cell_type": "MSC HEP HEP.line HLC HLC.msc LPC HSC HSC.CD133 MNC BM-MNC PB-MNC"
    " CB-MNC SVF BMA MAC AEC EPC NSC RPE CM CPC CHON KER FIBRO ISLET TREG TCELL NK DC"
    " OTHER BMSC? STEM? NOT_STATED NONE MSC.immortalised HEP.prolif HEP.porcine",
    "cell_source": "UC WJ CB BM AT PL AM CH MB DP OM LIV PB iPSC CiPSC ESC FIB SKIN"
    " MUSCLE HEART EYE NEURAL LINE XENO FETAL OTHER NOT_STATED NONE",
    "donor": "AUTO ALLO XENO NOT_STATED NONE",
    "delivery_mode": "in_body extracorporeal none unclear",
}


@pytest.mark.parametrize("axis", IDS)
def test_every_id_of_the_labelling_guide_is_in_the_vocabulary(axis):
    assert not set(IDS[axis].split()) - set(shipped()[axis])


def test_route_groups_keep_the_display_order():
    assert groups("route") == ROUTE_GROUPS


def test_every_stated_source_has_a_family():
    families = {e.family for e in shipped()["cell_source"].values() if e.id != "NONE"}
    assert families == {
        "Adult tissue",
        "Perinatal tissue",
        "Pluripotent",
        "Cell line or animal",
        "Other",
        "Not stated",
    }


@pytest.mark.parametrize("axis", AXES)
def test_vocabulary_is_a_table_with_all_columns(axis):
    table = vocabulary(axis)
    assert list(table.columns[:5]) == ["id", "label", "parent", "group", "group_order"]
    assert table["id"].is_unique
    assert table["label"].notna().all()


def test_portal_vein_maps_broadly_because_cdisc_has_no_term_for_it():
    row = vocabulary("route").set_index("id").loc["PV"]
    assert (row["code"], row["match"]) == ("C38276", "broad")


_CODES = {
    "NCI": r"C\d{5,6}",
    "CL": r"CL:\d{7}",
    "UBERON": r"UBERON:\d{7}",
    "EFO": r"EFO:\d{7}",
    "CLO": r"CLO:\d{7}",
    "NCBITaxon": r"NCBITaxon:\d+",
    "Cellosaurus": r"CVCL_[A-Z0-9]{4}",
    "": "",
}


@pytest.mark.parametrize("axis", AXES)
def test_a_code_has_its_systems_form_a_term_a_match_and_what_was_checked(axis):
    for entry in shipped()[axis].values():
        assert re.fullmatch(_CODES[entry.code_system], entry.code), entry
        coded = bool(entry.code)
        assert bool(entry.term) is bool(entry.match) is coded, entry
        if coded:
            assert re.search(r"20\d\d-\d\d-\d\d|seen|checked", entry.source), entry


def test_one_code_has_one_name_on_all_axes():
    names = {}
    for entry in (e for axis in AXES for e in shipped()[axis].values() if e.code):
        assert names.setdefault(entry.code, entry.term) == entry.term


def test_every_route_has_a_plain_group_and_stands_in_one_family():
    entries = [e for e in shipped()["route"].values() if e.id != "NONE"]
    assert all(entry.group and entry.family for entry in entries)
    assert {entry.family for entry in entries} == {
        "Into a vein",
        "Into the liver's own vessels",
        "Into another vessel",
        "Into tissue or a body cavity",
        "On a surface",
        "Outside the body",
        "Other route",
        "Not stated",
    }


def test_lookups_give_label_group_code_and_order():
    assert label_of("route", "IM") == "Intramuscular"
    assert label_of("route", "no such id") == "no such id"
    assert group_of("route", "IV.peripheral") == "Vein"
    assert group_of("route", "NONE") is None
    assert family_of("cell_source", "UC") == "Perinatal tissue"
    assert code_of("route", "EC.bal") == "C38212"
    assert code_of("no such axis", "EC.bal") is None
    assert in_order("route", ["ZZ", "PV", "AA", "IV"]) == [
        "IV",
        "PV",
        "AA",
        "ZZ",
    ]


@pytest.mark.parametrize(
    ("axis", "identifier", "parent"),
    [
        ("route", "IV.peripheral", "IV"),
        ("route", "IV", "IV"),
        ("route", "PV", "PV"),
        ("cell_source", "CiPSC", "iPSC"),
        ("cell_source", "iPSC", "iPSC"),
        ("cell_type", "BM-MNC", "MNC"),
        ("cell_type", "HEP.porcine", "HEP"),
        ("route", "NAS", "NAS"),
        ("route", "IB", "OTHER"),
    ],
)
def test_parent_is_one_level_up_and_never_an_umbrella(axis, identifier, parent):
    assert parent_of(axis, identifier) == parent


@pytest.mark.parametrize(
    ("axis", "ids", "kept"),
    [
        ("route", "IV IV.peripheral VASC", "IV.peripheral"),
        ("route", "IA IH PV", "PV"),
        ("route", "VASC", "VASC"),
        ("cell_type", "STEM? BMSC?", "BMSC?"),
        ("cell_type", "STEM? OTHER", "OTHER"),
        ("cell_type", "BMSC? MNC PB-MNC", "PB-MNC"),
        ("cell_source", "CiPSC iPSC FIB", "CiPSC FIB"),
        ("cell_source", "iPSC FIB PB", "iPSC"),
        ("cell_source", "UC my_id", "UC my_id"),
    ],
)
def test_an_id_yields_to_a_more_exact_one_that_stays(axis, ids, kept):
    assert most_exact(ids.split(), shipped()[axis]) == set(kept.split())


def test_unknown_axis_names_the_axes():
    with pytest.raises(TrialDataError, match="no axis 'colour'; there are route"):
        vocabulary("colour")


def test_a_users_file_adds_phrases_and_a_new_axis(tmp_path):
    (tmp_path / "route.csv").write_text(
        "id,label,phrases\nIV,Intravenous,venipunctio\n"
    )
    (tmp_path / "device.csv").write_text("id,label,phrases\nD1,A device,spiral pump\n")
    made = extended([tmp_path / "route.csv", tmp_path / "device.csv"])
    assert "venipunctio" in made["route"]["IV"].phrases
    assert made["route"]["IV"].label == "Intravenous"
    assert made["device"]["D1"].phrases == ("spiral pump",)
    assert "venipunctio" not in shipped()["route"]["IV"].phrases


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,label\nA,b\n", "no column phrases"),
        ("id,label,phrases,color\nA,b,c,d\n", "unknown column color"),
        ("id,label,phrases\n,b,c\n", "line 2: no id"),
        ("id,label,phrases\nA,b,c\nA,b,d\n", "line 3: id 'A' stands twice"),
        ("id,label,phrases\nA,b,c\nB,b,c\n", "phrase 'c' belongs to 'A' already"),
        ("id,label,phrases,parent\nA,b,c,Z\n", "parent 'Z' does not exist"),
        ("id,label,phrases,match\nA,b,c,near\n", "match 'near' is not known"),
        ("id,label,phrases\nA,b,big word\nB,d,Big-Word\n", "'big word' belongs to 'A'"),
        ("id,label,phrases\nA,b,—\n", "phrase '—' holds no letter or digit"),
        (
            "id,label,phrases,code_system,code,term\nA,b,c,NCI,C1,NOWHERE\n",
            "not in the CDISC ROUTE rows",
        ),
    ],
)
def test_a_broken_row_is_an_error_that_says_where(tmp_path, text, message):
    path = tmp_path / "own.csv"
    path.write_text(text)
    with pytest.raises(TrialDataError, match=message):
        extended([path])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TrialDataError, match=r"cannot read vocabulary .*none\.csv"):
        extended([tmp_path / "none.csv"])


def test_shipped_vocabularies_pass_their_own_checks():
    again = Vocabulary({axis: shipped()[axis] for axis in shipped()})
    assert len(again) == len(AXES)
    assert isinstance(vocabulary("donor"), pd.DataFrame)
