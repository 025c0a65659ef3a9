"""One name for a country, whatever a register calls it."""

from __future__ import annotations

import csv
from importlib.resources import files

import pycountry
import pytest

import trialkit as tk
from trialkit.read.values.countries import (
    country_names,
    country_of,
    names_nothing,
    with_countries,
)
from trialkit.record import Record, Site
from trialkit.tidy.load import from_records

SPELLINGS = {
    "Iran": "Iran|IRAN|Iran, Islamic Republic of|Iran (Islamic Republic of)|IR Iran",
    "South Korea": "South Korea|Korea, Republic of|Republic of Korea|Korea (South)"
    "|Korea, South|Korea (Republic of)|Korea",
    "North Korea": "North Korea|Korea, Democratic People's Republic of|DPR Korea",
    "China": "china|CHINA|PR China|P.R. China|P. R. China|P.R.China|中国|ＣＨＩＮＡ"
    "|The People's Republic of China|Beijing|Wuhan",
    "Taiwan": "Taiwan|China (Taiwan)|Taiwan, China|Taiwan, Province of China",
    "Hong Kong": "Hong Kong|Hong Kong SAR|China, Hong Kong SAR|Hong Kong (China)",
    "Netherlands": "Netherlands|The Netherlands|Holland|Netherlands (The)",
    "United States": "USA|U.S.A.|US|United States of America|United States",
    "United Kingdom": "UK|U.K.|England|SCOTLAND|Wales|Northern Ireland|Great Britain"
    "|United Kingdom of Great Britain and Northern Ireland",
    "Türkiye": "Türkiye|Turkiye|Turkey|Turkey (Türkiye)",
    "Vietnam": "Viet Nam|Vietnam|Viet-Nam",
    "Czechia": "Czechia|Czech Republic",
    "Russia": "Russia|Russian Federation",
    "Palestine": "Palestine|State of Palestine|Palestinian Territories, Occupied",
    "Kosovo": "Kosovo",
    "Côte d'Ivoire": "Côte d'Ivoire|Cote D’Ivoire|Ivory Coast",
    "Democratic Republic of the Congo": "Congo, The Democratic Republic of the|Zaire",
    "Congo": "Congo|Republic of the Congo",
    "North Macedonia": "Macedonia, The Former Yugoslav Republic of|Macedonia",
    "Myanmar": "Burma|Myanmar (Burma)",
    "Germany": "Deutschland|East Germany|Federal Republic of Germany|DEU",
    "Former Yugoslavia": "Yugoslavia|Former Yugoslavia",
    "Former Soviet Union": "USSR|U.S.S.R.|Soviet Union",
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_each_spelling_of_a_country_is_one_name(name):
    written = SPELLINGS[name].split("|")
    assert {text: country_of(text) for text in written} == dict.fromkeys(written, name)


@pytest.mark.parametrize(
    "text",
    [
        *("", None, "None", "N/A", "NA", "Europe", "Asia(except Japan)", "Springfield"),
        *("Virgin Islands", "Chin", "Irann", "China and Japan", "XYZ", "per", "CA"),
        *("Georgia, USA", "a" * 100_000),
    ],
)
def test_what_names_no_country_is_none_and_nothing_is_guessed(text):
    assert country_of(text) is None


def test_a_placeholder_is_told_from_words_that_are_not_understood():
    assert [names_nothing(t) for t in ("None", "N/A", "", "Europe")] == [
        True,
        True,
        True,
        False,
    ]


def test_every_name_is_itself_and_in_plain_order():
    assert {name: country_of(name) for name in country_names()} == {
        name: name for name in country_names()
    }
    assert not [name for name in country_names() if "," in name]
    assert {"Iran", "South Korea", "Taiwan", "Laos", "Syria"} <= set(country_names())


def test_every_code_of_the_table_is_isos_and_every_row_is_needed():
    text = files("trialkit").joinpath("data/countries.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    codes = {c.alpha_2 for c in pycountry.countries}
    codes |= {c.alpha_4 for c in pycountry.historic_countries} | {"XK"}
    assert {row["code"] for row in rows} <= codes
    assert {row["kind"] for row in rows} == {
        "name",
        "spelling",
        "part",
        "city",
        "former",
    }
    written = [row["written"].casefold() for row in rows]
    assert len(set(written)) == len(written)


def told(record):
    return [(m.value, m.basis) for m in with_countries(record).remarks]


def test_a_record_names_each_country_once_and_keeps_what_its_register_wrote():
    record = Record(
        trial_id="X1", countries=("Korea, Republic of", "China", "PR China")
    )
    assert with_countries(record).countries == ("South Korea", "China")
    assert told(record) == [
        ("Korea, Republic of", "derived"),
        ("PR China", "derived"),
    ]
    assert with_countries(with_countries(record)) == with_countries(record)


def test_words_that_name_no_country_are_remarked_on_and_counted_nowhere():
    record = Record(trial_id="X1", countries=("Japan", "Europe", "None"))
    assert with_countries(record).countries == ("Japan",)
    assert told(record) == [("Europe", "unread")]


def test_a_site_keeps_the_word_of_its_register():
    site = Site(city="Leeds", country="England")
    record = with_countries(
        Record(trial_id="X1", sites=(site,), countries=("England",))
    )
    assert (record.countries, record.remarks) == (("United Kingdom",), ())
    data = from_records([record], labels=False)
    assert data.sites["country"].tolist() == ["England"]
    assert data.trials["countries"].tolist() == ["United Kingdom"]
    assert tk.summarize.cities(data)["city"].tolist() == [
        "Leeds, United Kingdom",
        "Not stated",
    ]


def test_two_spellings_of_a_country_are_one_in_every_reader(tmp_path):
    (tmp_path / "a.csv").write_text(
        "NCT Number,Study Title,Study Status,Locations\n"
        'NCT00000001,A title,RECRUITING,"A clinic, Seoul, Korea, Republic of"\n'
    )
    (tmp_path / "b.csv").write_text(
        "TrialID,Public title,Source Register,Countries\n"
        "ChiCTR2000000001,A title,ChiCTR,Republic of Korea\n"
    )
    made = tk.count(tk.load(tmp_path, labels=False), by="country")
    assert made.to_numpy().tolist() == [["South Korea", 2], ["Not stated", 0]]
