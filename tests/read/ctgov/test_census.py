"""Which fields the JSON holds, and which of them no table keeps."""

from __future__ import annotations

import json

import pytest

from tests.read.ctgov.test_json import STUDY, study
from trialkit.read.ctgov.census import FieldCount, census


def test_a_field_never_heard_of_comes_first(tmp_path):
    new = study(designModule__quantumPhase="Q1")
    (tmp_path / "a.json").write_text(json.dumps([STUDY, new]))
    counts = census(tmp_path)
    assert counts[0] == FieldCount(
        "protocolSection.designModule.quantumPhase", 1, "unseen"
    )
    assert counts[1].use == "skipped"
    by_field = {count.field: count for count in counts}
    kept = "protocolSection.identificationModule.nctId"
    assert by_field[kept] == FieldCount(kept, 2, "kept")
    contact = "protocolSection.contactsLocationsModule.locations.contacts.email"
    assert by_field[contact].use == "skipped"


@pytest.mark.parametrize("form", ["list", "page", "lines", "one"])
def test_every_form_is_counted(tmp_path, form):
    text = json.dumps(STUDY)
    (tmp_path / "a.json").write_text(
        {
            "list": f"[{text}]",
            "page": f'{{"studies": [{text}], "nextPageToken": "x"}}',
            "lines": f"{text}\n{text}\n",
            "one": text,
        }[form]
    )
    counts = {count.field: count.n_studies for count in census(tmp_path)}
    n_studies = 2 if form == "lines" else 1
    assert counts["protocolSection.identificationModule.nctId"] == n_studies


def test_other_shapes_and_broken_files_are_passed_over(tmp_path):
    (tmp_path / "a.csv").write_text("NCT Number,Sex\nNCT01234567,ALL\n")
    (tmp_path / "b.json").write_text('[{"protocolSection": {')
    assert census(tmp_path) == []


@pytest.mark.shared
def test_no_field_of_the_real_answer_pages_is_unseen(shared):
    counts = census(shared / "records/ctgov_v2_api_page_1.json")
    assert [count.field for count in counts if count.use == "unseen"] == []
    assert len(counts) > 100
