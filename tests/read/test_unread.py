"""A file that no reader takes is named for what it is, with the way out."""

import pytest

from trialkit import read as sources
from trialkit.errors import TrialDataError

ICTRP = "not read: export its trials from WHO ICTRP instead"
CTGOV = "ClinicalTrials.gov"

#: What stands in the file, and what the refusal says of it.
KINDS = {
    "CTIS JSON": ('{"ctNumber": "2023-500111-22-00", "ctStatus": "4"}', "CTIS", ICTRP),
    "CTIS CSV": (
        "Trial number,Title of the trial,Overall trial status\n2023-500111-22-00,A,B\n",
        "CTIS",
        ICTRP,
    ),
    "ISRCTN": (
        '<allTrials totalCount="1" xmlns="http://www.67bricks.com/isrctn"/>',
        "ISRCTN",
        ICTRP,
    ),
    "list of results": (
        '<search_results count="1"><study rank="1"><nct_id>NCT90000001</nct_id>'
        "</study></search_results>",
        "ClinicalTrials.gov's list of what a search found",
        "download the same trials from ClinicalTrials.gov as JSON",
    ),
    "EUCTR text": (
        "Summary\nEudraCT Number: 2019-000111-22\n"
        "National Competent Authority: Spain - AEMPS\n",
        "EUCTR",
        ICTRP,
    ),
    "EUCTR page": (
        "<html><title>Clinical Trials register</title><td>EudraCT Number:</td></html>",
        "a page of EUCTR",
        ICTRP,
    ),
    "DRKS CSV": ("drksId;title\nDRKS00000001;A\n", "DRKS", ICTRP),
    "DRKS JSON": ('{"drksId": "DRKS00000001"}', "DRKS", ICTRP),
    "AACT by script": (
        "nct_id;brief_title;start_date\nNCT90000001;A;2020-01-01\n",
        "AACT",
        "download the same trials from ClinicalTrials.gov as JSON",
    ),
    "AACT pipes": ("id|nct_id|name\n1|NCT90000001|A\n", "AACT", "as JSON"),
    "WHO data set": (
        "<trials><trial><main><trial_id>PER-001-24</trial_id></main></trial></trials>",
        "a WHO trial data set",
        ICTRP,
    ),
    "RIS": (
        "TY  - DBASE\nAN  - NCT90000125\nER  - \n",
        "a RIS file: references, no records; not read",
        "1 registry id in it: NCT90000125 (ClinicalTrials.gov)",
    ),
    "jRCT page": (
        "<html><table><tr><th>Trial ID</th><td>jRCTb030240111</td></tr>"
        "<tr><th>Date of First Enrolment</th></tr></table></html>",
        "a page of jRCT",
        ICTRP,
    ),
    "CRIS page": ("<html><a href='http://cris.nih.go.kr/'>x</a></html>", "CRIS", ICTRP),
    "ChiCTR page": (
        "<html><title>中国临床试验注册中心</title></html>",
        "ChiCTR",
        ICTRP,
    ),
    "error of the API": ("NCT number NCT90000001 not found", "an error message", "id"),
    "openapi": ('{"openapi": "3.0.3", "paths": {}}', "the description of an API", ""),
    "README": (
        "# Trials\n\nAll of [ISRCTN](https://www.67bricks.com/isrctn) and EUCTR.\n",
        "a text that is no trial record",
        "no registry id in it",
    ),
    "table of something": (
        "a,b,c,d,e\n1,2,3,4,5\n",
        "a table with the columns 'a', 'b', 'c', 'd' …",
        "neither those of ClinicalTrials.gov (NCT Number) nor those of WHO ICTRP",
    ),
    "prose about XML": (
        "The root is <clinical_study> or <Trials_downloaded_from_ICTRP>.",
        "a text that is no trial record",
        "",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_says_what_the_file_is_and_the_way_out(kind, tmp_path):
    text, what, way_out = KINDS[kind]
    path = tmp_path / "file.dat"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(TrialDataError) as refused:
        sources.read(path)

    said = str(refused.value)
    assert what in said
    assert way_out in said
    assert "neither registry data" not in said


DEEP = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEEP + "]" * DEEP,
        '{"a": ' * DEEP + "1" + "}" * DEEP,
        '{"protocolSection": ' * DEEP + "1" + "}" * DEEP,
        "<clinical_study>" + "<a>" * DEEP + "</a>" * DEEP + "</clinical_study>",
    ],
    ids=["lists", "objects", "study", "XML"],
)
def test_too_deep_nesting_is_told_as_such(text, tmp_path):
    path = tmp_path / "deep.dat"
    path.write_text(text)

    with pytest.raises(TrialDataError, match="nested too deeply"):
        sources.read(path)


def test_a_study_that_mentions_another_register_is_read(tmp_path):
    path = tmp_path / "study.json"
    path.write_text(
        '{"protocolSection": {"identificationModule": {"nctId": "NCT90000001", '
        '"briefTitle": "ctNumber studyVersion study drksId"}}, "drksId": 1}'
    )

    assert [record.trial_id for record in sources.read(path).records] == ["NCT90000001"]


def test_ids_are_counted_as_far_as_the_text_was_looked_at(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("NCT90000001 " + "word " * 14_000 + "NCT90000002")

    with pytest.raises(TrialDataError, match="1 registry id in its first 64 KiB"):
        sources.read(path)
