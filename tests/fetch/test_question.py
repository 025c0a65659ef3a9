"""What is asked becomes the register's parameters, or is refused with its reason."""

from __future__ import annotations

import pytest

from trialkit.errors import ParameterError, TrialDataError
from trialkit.fetch.language import since
from trialkit.fetch.question import option_at_fault, question
from trialkit.fetch.translate import translated

ORDER = {"format": "json", "sort": "StudyFirstPostDate,EnrollmentCount"}
SITE = "https://clinicaltrials.gov/search?"


def asked(**options):
    (request,) = question(**options).requests
    assert {name: request.pop(name) for name in ORDER} == ORDER
    return request


def test_options_go_to_the_fields_of_the_register():
    assert asked(condition="liver failure", intervention="stem cell OR hepatocyte") == {
        "query.cond": "liver failure",
        "query.intr": "stem cell OR hepatocyte",
    }
    assert asked(advanced="AREA[Phase]PHASE2", query="liver NOT pediatric") == {
        "query.term": "liver AND NOT pediatric",
        "filter.advanced": "AREA[Phase]PHASE2",
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("liver", "liver"),
        ("knee cartilage", "knee AND cartilage"),
        ("acute liver failure", "acute liver failure"),
        ('"knee cartilage"', '"knee cartilage"'),
        ("liver and (kidney or heart)", "liver AND (kidney OR heart)"),
        ("NOT knee cartilage", "NOT (knee AND cartilage)"),
        ("NOT NOT liver", "liver"),
        ("ALL OR MISSING", '"ALL" OR "MISSING"'),
        ("liver, failure", "liver AND failure"),
    ],
)
def test_the_search_language_is_translated(ours, theirs):
    assert translated(ours) == theirs


def test_a_star_inside_a_word_is_of_the_word():
    assert question(condition="HLA-A*02 positive").asked == {
        "condition": "HLA-A*02 positive"
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "nothing is asked: give condition"),
        ({"condition": " "}, "nothing is asked"),
        ({"condition": "liver", "ids": "NCT01234567"}, "too much is asked"),
        ({"query": "cirrho*"}, r"no words cut short: write cirrho\* out"),
        (
            {"condition": "liver OR cirrho*"},
            r"^condition: .* cut short: write cirrho\* ",
        ),
        ({"intervention": "cell-*"}, r"intervention: the register knows no words cut"),
        ({"query": "(liver"}, "this bracket is never closed"),
        ({"query": "AREA[Phase]PHASE2"}, "give it as advanced"),
        ({"query": "NCT01234567"}, "query: registry ids alone, .* give them as ids"),
        ({"condition": "nct01234567, NCT07654321"}, "condition: registry ids alone"),
        ({"url": f"{SITE}term=NCT01234567+OR+NCT07654321"}, "url: registry ids alone"),
        ({"ids": "NCT01234567,ISRCTN12345678"}, "'ISRCTN12345678' is no id of Cl"),
        ({"ids": "NCT0123456"}, "'NCT0123456'"),
        ({"ids": ["liver"]}, "'liver' is no id"),
        ({"ids": "NCT00000001 NCT123456"}, "'NCT123456' is no id"),
        ({"ids": "NCT00000001 NCTO0000002"}, "'NCTO0000002' is no id"),
        ({"ids": "NCT00000001 NCT000000023"}, "'NCT000000023' is no id"),
        ({"url": "https://example.org/search?cond=x"}, "no search of clinicaltrials"),
        ({"url": f"{SITE}cond=x&ageRange=1y_2y"}, "ageRange cannot be translated"),
        ({"url": f"{SITE}cond=x&cond=y"}, "cond stands twice"),
        ({"url": f"{SITE}start=soon_"}, "start=soon_ is no range"),
        ({"url": f"{SITE}page=2"}, "holds no search"),
    ],
)
def test_what_cannot_be_asked_is_said(options, told):
    with pytest.raises(ParameterError, match=told):
        question(**options)


def test_ids_come_from_a_file_a_text_or_a_list_each_once(tmp_path):
    file = tmp_path / "ids.csv"
    file.write_text("NCT Number,Title\nNCT00000002,Liver\nnct00000001,\nNCT00000002,\n")
    assert question(ids=file).ids == ("NCT00000002", "NCT00000001")
    assert question(ids=str(file)).ids == question(ids=file).ids
    # However an id is written, it is asked for: a trial that is left out is not missed.
    file.write_text(
        "NCT Number\nnct 00000001\nhttps://clinicaltrials.gov/study/NCT00000002?a=b\n"
        "(NCT00000003)\nＮＣＴ００００００04.\nNCT-00000005\n# NCT00000006, liver\n",
        encoding="utf-8",
    )
    assert question(ids=file).ids == tuple(f"NCT0000000{n}" for n in range(1, 7))
    many = [f"NCT{number:08}" for number in range(250)]
    requests = question(ids=many).requests
    assert [len(part["filter.ids"].split(",")) for part in requests] == [100, 100, 50]
    with pytest.raises(TrialDataError, match=r"cannot read the ids .*none\.txt"):
        question(ids=str(tmp_path / "none.txt"))


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        (
            "cond=liver%20failure&intr=stem+cell&aggFilters=phase:2%203,results:with"
            "&rank=3&page=2&limit=100&viewType=Table&sort=%40relevance",
            {
                "aggFilters": "phase:2 3,results:with",
                "query.cond": "liver failure",
                "query.intr": "stem cell",
            },
        ),
        (
            "term=MSC&start=2020-01-01_2021-12-31&lastUpdPost=_2026-01-01",
            {
                "query.term": "MSC",
                "filter.advanced": "(AREA[StartDate]RANGE[2020-01-01,2021-12-31]) AND "
                "(AREA[LastUpdatePostDate]RANGE[MIN,2026-01-01])",
            },
        ),
        (
            "cond=x&locStr=China&country=China&distance=50&lat=35&lng=103",
            {"query.cond": "x", "query.locn": 'AREA[LocationCountry]"China"'},
        ),
        (
            "cond=x&locStr=Leiden,%20Netherlands&country=Netherlands&city=Leiden"
            "&lat=52.1&lng=4.5",
            {"query.cond": "x", "filter.geo": "distance(52.1,4.5,50mi)"},
        ),
        (
            "cond=x&city=Leiden&country=Netherlands",
            {
                "query.cond": "x",
                "query.locn": 'AREA[LocationCity]"Leiden" AND '
                'AREA[LocationCountry]"Netherlands"',
            },
        ),
        ("cond=x&locStr=Leiden", {"query.cond": "x", "query.locn": "Leiden"}),
    ],
)
def test_a_search_pasted_from_the_website_is_the_same_search(pasted, found):
    assert asked(url=SITE + pasted) == found


def test_an_address_of_the_interface_and_of_a_study_are_taken_too():
    address = "https://clinicaltrials.gov/api/v2/studies?query.cond=x&pageSize=5&pageTo"
    assert asked(url=f"{address}ken=abc&format=csv") == {"query.cond": "x"}
    study = question(url="https://www.clinicaltrials.gov/study/nct01234567?cond=x")
    assert study.ids == ("NCT01234567",)


def test_an_order_of_the_register_is_told_to_be_one():
    (note,) = question(condition="ALL").notes
    assert note.startswith("condition: ALL is an order of the register's")
    assert question(condition='"ALL" OR leukemia').notes == ()
    (note,) = question(query="liver").notes
    assert "select again after loading" in note


@pytest.mark.parametrize(
    ("sentence", "option"),
    [
        ("Error parsing query in advanced filter: Unknown area", "advanced"),
        ("Error parsing query in x: Unknown area name: `Foo`", "condition"),
        ("Too complex", "condition, advanced"),
    ],
)
def test_the_option_at_fault_is_named(sentence, option):
    options = {"condition": "AREA[Foo]x", "advanced": "AREA[Phase]PHASE2"}
    assert option_at_fault(options, sentence) == option


def test_an_update_asks_for_what_is_newer_of_the_same():
    assert since({"query.cond": "x"}, "2026-08-18") == {
        "query.cond": "x",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-08-18,MAX]",
    }
    assert since({"filter.advanced": "a OR b"}, "d")["filter.advanced"] == (
        "(a OR b) AND (AREA[LastUpdatePostDate]RANGE[d,MAX])"
    )
