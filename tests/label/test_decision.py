"""Is it a trial of cells: the ordered signs, each with its examples, and unsure."""

from __future__ import annotations

import re

import pytest

from tests.examples import example_trials
from trialkit.label.decision import _ASKS, sign_of
from trialkit.label.engine import label_records
from trialkit.label.gate import names_no_cells
from trialkit.label.products import Products
from trialkit.label.rules import SIGNS
from trialkit.label.study import Study
from trialkit.label.vocabulary import shipped
from trialkit.record import Arm, Intervention, Record


def made(*parts: str, **more: object) -> Record:
    """Return a record of parts such as "arm: label | description"."""
    arms, items, fields = [], [], dict(more)
    for part in parts:
        where, _, words = part.partition(": ")
        kind, _, given = where.partition(" ")
        name, _, told = words.partition(" | ")
        if kind == "arm":
            arms.append(Arm(arm_label=name, arm_type="EXPERIMENTAL", description=told))
        elif kind == "intervention":
            item = {"intervention_type": given or "OTHER", "description": told or None}
            items.append(Intervention(name=name, **item))
        else:
            fields[{"title": "brief_title", "summary": "brief_summary"}[kind]] = words
    fields |= {"arms": tuple(arms), "interventions": tuple(items)}
    return Record(trial_id="NCT00000001", source_id="s", **fields)


def sign(*parts: str) -> str:
    study = Study([made(*parts)])
    return sign_of(study, Products(study))[0]


@pytest.mark.parametrize("name", SIGNS)
def test_sign_decides_for_its_example_and_not_for_the_other(name):
    assert sign(*SIGNS[name].accepts) == name
    assert sign(*SIGNS[name].refuses) != name


def test_every_sign_has_a_question_and_the_last_always_holds():
    assert list(SIGNS) == list(_ASKS)
    assert {one.answer for one in SIGNS.values()} == {"yes", "no", "unsure"}


def decided(*parts: str, **more: object) -> bool | None:
    return label_records([made(*parts, **more)]).is_cell_trial


@pytest.mark.parametrize(
    "parts",
    [
        ("title: A drug, NSC 609699, in lymphoma", "intervention DRUG: topotecan"),
        (
            "title: An antiviral drug in HIV",
            "arm: 1 | No drug until counts drop below 250 cells/mm3.",
            "intervention DRUG: abacavir",
        ),
        (
            "title: A test of allergy",
            "intervention DEVICE: T cell activation test with blood",
        ),
        ("title: Spleen size in peripheral blood stem cell donors", "summary: Seen."),
        (
            "title: An inhibitor of hematopoietic progenitor kinase 1",
            "intervention DRUG: CX-1",
        ),
        (
            "title: Sleep of children who have undergone stem cell transplantation",
            "intervention PROCEDURE: management of sleep",
        ),
        (
            "title: Plerixafor in lymphoma",
            "summary: Plerixafor is used to mobilize and collect stem cells.",
        ),
        (
            "title: A tablet in myelodysplasia",
            "intervention DRUG: tablet | It leads to the death of bone marrow cells.",
        ),
    ],
)
def test_cells_as_target_population_test_or_code_are_no_product(parts):
    assert decided(*parts) is False


@pytest.mark.parametrize(
    "name",
    [
        "Lymphocytes, Activated",
        "umbilical cord blood transplantation",
        "CD19 t-haNK",
        "leukocyte transfusions",
        "viable bone matrix",
        "chondrocyte-alginate gel",
    ],
)
def test_cells_of_any_family_are_known_by_the_gate(name):
    assert decided("title: A trial", f"intervention: {name}") is True


def test_every_phrase_of_a_cell_type_passes_the_gate():
    for entry in shipped()["cell_type"].values():
        for phrase in entry.phrases:
            words = re.sub(r"^[~=]+|\*$", "", phrase)
            assert not names_no_cells([made(f"title: On {words} here")]), phrase


def test_unsure_trial_has_no_labels_and_is_told_apart():
    result = label_records([made(*SIGNS["title.unexplained"].accepts)])
    assert result.is_cell_trial is None
    assert result.labels == []
    assert result.reason.startswith(SIGNS["title.unexplained"].says)


@pytest.mark.parametrize(
    "line", ["Sf9 Cells", "CHO cells", "Vero cells", "HEK293 cells"]
)
def test_a_vaccine_made_in_cells_of_a_line_gives_none(line):
    name = f"Recombinant COVID-19 Vaccine ({line})"
    parts = f"title: A trial of {name}", f"intervention BIOLOGICAL: {name}"
    assert decided(*parts, "summary: Antibodies are counted.") is False
    vaccine = "intervention BIOLOGICAL: Dendritic cell vaccine"
    assert decided("title: Glioma", vaccine, "summary: Cells are given.") is True


def test_title_is_no_answer_where_no_text_tells_what_a_product_is():
    title = "title: Mesenchymal stem cells for Crohn's disease"
    assert (
        decided(title, "intervention DRUG: XCEL-1", "intervention DRUG: Placebo")
        is None
    )
    assert decided(title, "intervention DIETARY_SUPPLEMENT: fisetin") is False
    assert decided(title, "intervention DRUG: XCEL-1", "summary: A study.") is False
    assert (
        decided(title, "intervention DRUG: XCEL-1", study_type="OBSERVATIONAL") is False
    )
    named = "title: Impact of semaglutide on mesenchymal stem cells"
    assert decided(named, "intervention DRUG: Semaglutide") is False
    assert decided("title: Crohn's disease", "intervention DRUG: XCEL-1") is False


def test_listed_transplant_is_a_product_although_patients_undergo_it():
    parts = (
        "title: Prevention of fever in patients undergoing stem cell transplantation",
        "intervention DRUG: cyclosporine",
        "intervention PROCEDURE: peripheral blood stem cell transplantation",
    )
    assert decided(*parts) is True


def test_examples_are_all_decided():
    data = example_trials()
    assert data.trials["cell_decision"].isin(["yes", "no"]).all()


#: Old records without arm rows: only title and summary can tell.
TEXT_ONLY = {
    True: [
        ("title: A clinical research of CD20-targeted CAR-T in lymphoma", "summary: -"),
        (
            "title: Dendritic cells in lung cancer",
            "summary: Vaccination with autologous dendritic cells pulsed with lysate.",
        ),
        (
            "title: A trial in back pain",
            "summary: To examine the safety and efficacy of the use of cellular "
            "stromal vascular fraction.",
        ),
        (
            "title: Gene therapy for raised cholesterol",
            "summary: Patients receive autologous hepatocytes that were transduced.",
            "intervention GENETIC: gene transfer",
        ),
        (
            "title: Immunotherapy of patients who undergo marrow transplantation",
            "summary: Patients receive the first infusion of CMV-specific CTL clones.",
            "intervention PROCEDURE: prevention of infection",
        ),
        (
            "title: Nonmyeloablative allogeneic HSCT for the treatment of lymphoma",
            "summary: A trial.",
        ),
        (
            "title: A vaccine for prostate cancer",
            "summary: These dendritic cells will be harvested and then injected.",
        ),
        ("title: A dermo-epidermal skin substitute for burns", "summary: A trial."),
    ],
    False: [
        (
            "title: Itraconazole prophylaxis in autologous stem cell transplantation",
            "summary: Patients will receive autologous stem cell transplantation.",
        ),
        (
            "title: Vitamin C after chemotherapy",
            "summary: Patients will receive chemotherapy with stem cell rescue.",
        ),
        (
            "title: Hormone's effect on endothelial progenitor cells",
            "summary: The effect of administration of a hormone on endothelial "
            "progenitor cells (EPC) will be measured.",
        ),
        (
            "title: Mobilization of hematopoietic stem cells by a drug",
            "summary: Patients will receive a drug to collect hematopoietic cells.",
        ),
        (
            "title: CART long term follow up (LTFU) study",
            "summary: Patients who have received CAR T cells will be followed.",
        ),
        (
            "title: A first study of AB-108 in tumors",
            "summary: AB-108 is a medicine.",
            "intervention DRUG: AB-108 | It selectively clears regulatory T cells.",
        ),
        (
            "title: An antibody in lymphoma",
            "summary: It will be infused, causing T cells to recognize the tumor.",
        ),
        (
            "title: A drug for psoriasis",
            "summary: Patients will receive tablets and a receptor will be measured "
            "in blood mononuclear cells before the first injection.",
        ),
        (
            "title: A questionnaire on falls",
            "summary: Participants will receive a leaflet of the CDC.",
        ),
        (
            "title: An antibody in germ cell cancer",
            "summary: Patients will receive it after stem cell transplantation.",
        ),
    ],
}


@pytest.mark.parametrize(
    ("answer", "parts"), [(a, parts) for a in TEXT_ONLY for parts in TEXT_ONLY[a]]
)
def test_title_and_summary_alone_tell_whether_cells_are_given(answer, parts):
    assert decided(*parts) is answer


@pytest.mark.parametrize(
    ("description", "answer"),
    [
        ("Archived data of those who received CAR T cells.", False),
        ("Patients who receive CAR T cells.", True),
    ],
)
def test_a_study_that_looks_back_gives_no_cells(description, answer):
    parts = ("title: CD19 and CAR T cells", f"arm: All | {description}")
    assert decided(*parts, study_type="OBSERVATIONAL") is answer
