"""A place on one line, of a CSV or of a page, to its parts."""

from __future__ import annotations

import pytest

from trialkit.read.values.places import place_of, site_of
from trialkit.record import Site


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


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Beijing, , China", ("Beijing", None, None, "China")),
        ("Beijing, Province, 100050, China", ("Beijing", None, "100050", "China")),
        ("Oslo, Norway", ("Oslo", None, None, "Norway")),
        (
            "Toronto, Ontario, M5G 2C4, Canada",
            ("Toronto", "Ontario", "M5G 2C4", "Canada"),
        ),
        ("Paris 13, France", ("Paris 13", None, None, "France")),
        (
            "Ho Chi Minh, District 7, Vietnam",
            ("Ho Chi Minh", "District 7", None, "Vietnam"),
        ),
        ("City, State, Zip, Country", (None, None, None, None)),
        ("Singapore", None),
    ],
)
def test_place_has_no_placeholder(text, place):
    site = place_of(text)
    found = site and (site.city, site.state, site.zip, site.country)
    assert found == place
