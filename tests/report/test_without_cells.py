"""A report on drugs: it speaks of what was selected, and never of cells."""

import json
import re

import pandas as pd
import pytest

import trialkit as tk
from tests.examples import example_cell_trials, example_trials
from trialkit import prose, tables
from trialkit.figures import FIGURES
from trialkit.report import exhibits
from trialkit.report.without_cells import _STAND_IN, has_section, stand_in
from trialkit.summarize.subject import gives_cells

AS_OF = "2026-06-30"
CELLS = re.compile(r"\bcells?\b|\bdonors?\b|\bdoses?\b|labell?ing", re.I)
#: What may be said of routes: that they are not assessed.
NOT_ASSESSED = re.compile(
    r"[^.|]*\b[Rr]outes of administration are not assessed[^.|]*\.?|"
    r"\| Routes \| Not assessed \|"
)


def study(number, name, **facts):
    section = {
        "identificationModule": {
            "nctId": f"NCT{number:08d}",
            "briefTitle": f"{name} in People With Hypertension",
        },
        "statusModule": {
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": "2020-01-15", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2022-03-01", "type": "ACTUAL"},
            "lastUpdatePostDateStruct": {"date": "2023-01-01"},
        },
        "conditionsModule": {"conditions": ["Hypertension"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2"],
            "enrollmentInfo": {"count": 40, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [{"label": name, "interventionNames": [f"Drug: {name}"]}],
            "interventions": [{"type": "DRUG", "name": f"{name} tablets"}],
        },
    }
    return {"protocolSection": section}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    studies = [study(n, name) for n, name in enumerate(("Aspirin", "Zinc", "Iron"), 1)]
    file = tmp_path_factory.mktemp("drugs") / "drugs.json"
    file.write_text(json.dumps({"studies": studies}))
    return file


@pytest.fixture(scope="module")
def drugs(path):
    return tk.load([path]).counted()


@pytest.fixture
def shown(monkeypatch):
    """Collect what a report shows, without drawing it."""
    labels = []

    def take(*_, label, **__):
        labels.append(label)

    for show in ("show_figure", "show_table"):
        monkeypatch.setattr(exhibits, show, take)
    return labels


def test_trials_of_drugs_give_no_cells_and_those_nobody_could_tell_may(drugs):
    assert not gives_cells(drugs)
    assert gives_cells(example_trials())
    assert gives_cells(drugs.select(ids=["NCT09999999"]))


def test_every_exhibit_that_gives_way_is_known_and_stands_in_for_none_that_does():
    known = {*FIGURES, *tables.TABLES}
    later = {"cell_types", "cell_sources", "gaps"}

    assert set(_STAND_IN) <= known | later
    for other in filter(None, _STAND_IN.values()):
        assert other in known
        assert other not in _STAND_IN


def test_no_sentence_of_a_report_on_drugs_speaks_of_cells(drugs):
    texts = [
        *(
            prose.at_a_glance(drugs, as_of=AS_OF, about=about)
            for about in ("landscape", "routes", "cell_sources", "enrollment")
        ),
        prose.scope(drugs),
        prose.methods(drugs, as_of=AS_OF),
        prose.limits(drugs, as_of=AS_OF),
        prose.attribution(drugs),
        prose.route_box(drugs),
        prose.cell_box(drugs),
        tables.cards(drugs, as_of=AS_OF),
    ]
    told = NOT_ASSESSED.sub("", "\n".join(texts))

    assert not CELLS.findall(told)
    assert not re.findall(r"\broutes?\b", told)


def test_no_table_or_figure_of_a_report_on_drugs_speaks_of_cells(drugs):
    names = [name for name in tables.TABLES if stand_in(name, drugs) == name]
    for name in (n for n in names if n not in ("changes", "overrides")):
        table = tables.TABLES[name](drugs, as_of=AS_OF)
        told = NOT_ASSESSED.sub("", f"{table.caption}\n{table.markdown()}")
        assert not CELLS.findall(told), name
        assert not re.findall(r"\broutes?\b", told, re.I), name
    for name, figure in FIGURES.items():
        if stand_in(name, drugs) == name and "earlier" not in figure.needs:
            frame = figure.frame_of(drugs, as_of=pd.Timestamp(AS_OF))
            told = figure.caption_of(frame) + figure.alt(frame)
            assert not CELLS.findall(told.replace("cells are empty", "")), name
            assert not re.findall(r"\broutes?\b", told), name


def test_key_facts_of_drugs_say_that_routes_are_not_assessed(drugs):
    facts = tk.summarize.key_facts(drugs, as_of=AS_OF).set_index("fact")["value"]

    assert facts["routes"] == "Not assessed"
    assert not {"product_arms", "cell_types", "route_stated", "dose_stated"} & set(
        facts.index
    )


def test_a_card_of_a_drug_trial_tells_what_is_given(drugs):
    card = tables.cards(drugs, as_of=AS_OF)

    assert "| Interventions | Aspirin tablets |" in card
    assert "no cell product" not in card


def test_a_card_of_a_cell_trial_has_its_arms_as_before():
    card = tables.cards(example_cell_trials(), as_of=AS_OF)

    assert "| Interventions |" not in card
    assert "Cell type ← source; donor" in card


def test_an_exhibit_by_route_gives_way_to_one_without(drugs, shown):
    exhibits.present("condition_by_route", drugs, as_of=AS_OF)
    exhibits.present("enrollment_by_route", drugs, as_of=AS_OF)
    exhibits.present("routes", drugs, as_of=AS_OF)
    exhibits.present("products", drugs, as_of=AS_OF)

    assert shown == ["fig-conditions", "tbl-participants-by-phase"]


def test_sections_on_cells_are_left_out_of_a_report_on_drugs_only(drugs):
    assert not has_section("cells", drugs)
    assert has_section("time", drugs)
    assert has_section("cells", example_trials())


def test_conditions_can_be_presented(shown):
    data = example_cell_trials()
    for name in ("conditions", "condition_by_route", "condition_starts"):
        exhibits.present(name, data, as_of=AS_OF)

    assert shown == [
        "fig-conditions",
        "fig-condition-by-route",
        "fig-condition-starts",
    ]


def test_conditions_outside_the_vocabulary_are_characterized_by_area(drugs):
    blocks = tk.summarize.characteristics(drugs)
    own = blocks[blocks["block"] == "condition"]

    assert dict(zip(own["level"], own["n"], strict=True)) == {
        "Heart and vessels": 3,
        "Not stated": 0,
    }
