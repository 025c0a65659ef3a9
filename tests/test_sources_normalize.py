"""A register's own words to the values every table uses."""

from __future__ import annotations

import pytest

from trialkit.codebook import codebook
from trialkit.record import Site
from trialkit.sources.normalize import (
    count,
    iso_date,
    known,
    level,
    masking,
    phase,
)
from trialkit.sources.places import site_of


@pytest.mark.parametrize(
    "column",
    ["overall_status", "study_type", "allocation", "masking", "sex", "arm_type"],
)
def test_every_level_of_the_codebook_names_itself_in_any_dress(column):
    for columns in codebook().values():
        for item in columns.values():
            if item.column == column:
                for name in item.levels:
                    assert level(column, name) == name
                    assert level(column, name.replace("_", " ").title()) == name


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("overall_status", "Active, not recruiting", "ACTIVE_NOT_RECRUITING"),
        ("overall_status", "Unknown status", "UNKNOWN"),
        ("allocation", "N/A", "NA"),
        ("allocation", "Non-Randomized", "NON_RANDOMIZED"),
        ("intervention_model", "Crossover Assignment", "CROSSOVER"),
        ("enrollment_type", "Anticipated", "ESTIMATED"),
        ("sponsor_class", "U.S. Fed", "FED"),
        ("sex", "Both", "ALL"),
        ("study_type", "Interventional study", "INTERVENTIONAL"),
    ],
)
def test_a_registers_word_becomes_the_level(column, text, value):
    assert known(column, text) == value


def test_an_unknown_word_is_kept_and_nothing_stays_nothing():
    assert known("overall_status", " Half  open ") == "Half open"
    assert level("overall_status", "Half open") is None
    assert known("overall_status", "  ") is None
    assert known("overall_status", None) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("NA", "NA"),
        ("Not Applicable", "NA"),
        ("Early Phase 1", "EARLY_PHASE1"),
        ("EARLY_PHASE1", "EARLY_PHASE1"),
        ("Phase 1", "PHASE1"),
        ("PHASE1|PHASE2", "PHASE1/PHASE2"),
        ("Phase II/III", "PHASE2/PHASE3"),
        ("2-3", "PHASE2/PHASE3"),
        ("4", "PHASE4"),
        ("0", None),
        ("Retrospective study", None),
        ("New Treatment Measure Clinical Study", None),
        ("12", None),
    ],
)
def test_phases_are_told_apart(text, value):
    assert phase(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("None (Open Label)", ("NONE", ())),
        ("SINGLE (PARTICIPANT)", ("SINGLE", ("PARTICIPANT",))),
        ("Double", ("DOUBLE", ())),
        (
            "Double Blind (Subject, Caregiver)",
            ("DOUBLE", ("PARTICIPANT", "CARE_PROVIDER")),
        ),
        ("", (None, ())),
    ],
)
def test_masking_and_who_are_told_apart(text, value):
    assert masking(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2020-02-01", "2020-02-01"),
        ("2020/2/1", "2020-02-01"),
        ("2019-03", "2019-03"),
        ("2019", "2019"),
        ("20200216", "2020-02-16"),
        ("April 2020", "2020-04"),
        ("April 1, 2020", "2020-04-01"),
        ("14 April 2020", "2020-04-14"),
        ("03/04/2020", "2020-04-03"),
        ("12/31/2022", "2022-12-31"),
        ("2020-13-01", None),
        ("2020-02-30", None),
        ("00/00/2020", None),
        ("Smarch 2020", None),
        ("", None),
    ],
)
def test_dates_keep_their_precision_in_every_style(text, value):
    assert iso_date(text) == value


def test_a_count_is_a_whole_number_or_nothing():
    assert [count(t) for t in ("0", "1,200", " 7 ", "1.5", "-3", "many", None)] == [
        0,
        1200,
        7,
        None,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("France", Site(country="France")),
        ("Lyon, France", Site(city="Lyon", country="France")),
        (
            "Clinic, Lyon, 69000, France",
            Site(facility="Clinic", city="Lyon", zip="69000", country="France"),
        ),
        (
            "Ward, Clinic, Ames, Iowa, 50010, United States",
            Site(
                facility="Ward, Clinic",
                city="Ames",
                state="Iowa",
                zip="50010",
                country="United States",
            ),
        ),
        (
            "Ward, Clinic, Lyon, France",
            Site(facility="Ward, Clinic, Lyon", country="France"),
        ),
        (
            "Clinic, Seoul, Korea, Republic of",
            Site(facility="Clinic", city="Seoul", country="Korea, Republic of"),
        ),
        ("", Site()),
    ],
)
def test_a_place_is_taken_apart_only_where_it_is_certain(text, site):
    assert site_of(text) == site
