"""Contacts in studies: most are told to hold none by their bytes, however written."""

import io
import json

import pytest

from trialkit.read.contacts import mask_contacts
from trialkit.read.ctgov.json import stream
from trialkit.record import Record

TEXTS = (
    *("Call +86 571 8723 6558", "mail a.b@c.org", "電話：０１０ 6512 3456"),
    "Call +86\t571\t8723\t6558",
)


def escaped(text):
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def study(number, summary="Cells are given.", **more):
    names = {"nctId": f"NCT0000000{number}", "briefTitle": "Cells"}
    section = {"descriptionModule": {"briefSummary": summary}}
    return {"protocolSection": {"identificationModule": names, **section}, **more}


def summaries(text):
    found = stream(io.BytesIO(text.encode()), "S1")
    return [one.brief_summary for one in found if isinstance(one, Record)]


def forms(text):
    """Return a list of three studies, of which the second has the text."""
    studies = [study(1), study(2, text), study(3)]
    plain = json.dumps(studies, ensure_ascii=False)
    return {
        "list": plain,
        "ascii": json.dumps(studies),
        "escaped": plain.replace(text, escaped(text)),
        "slashes": plain.replace("/", r"\/"),
        "page": f'{{"studies": {plain}}}',
        "lines": "\n".join(json.dumps(one, ensure_ascii=False) for one in studies),
        "indented": json.dumps(studies, ensure_ascii=False, indent=1),
        "one blank": plain.replace('"Cells"', '" "', 1),
        "one broken": plain.replace('"Cells"', "7", 2),
    }


@pytest.mark.parametrize("form", forms(""))
@pytest.mark.parametrize("text", TEXTS)
def test_a_contact_is_masked_however_its_study_is_written(text, form):
    text = f"{text} or/and"
    clean = "Cells are given."
    assert summaries(forms(text)[form]) == [clean, mask_contacts(text), clean]
    assert mask_contacts(text) != text


def test_contacts_in_old_versions_inside_of_a_study_are_masked():
    past = study(1, "Call &#43;86 571 8723 6558")
    past |= {"history_version": {"version_number": 1, "version_date": "2011"}}
    found = summaries(json.dumps([study(1, history=[past])]))
    assert found == ["Cells are given.", mask_contacts(TEXTS[0])]
