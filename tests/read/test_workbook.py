"""WHO ICTRP's list as an Excel workbook, and what other office files are told to be."""

from __future__ import annotations

import zipfile
from datetime import date
from xml.sax.saxutils import escape

import pytest

from tests.read.ictrp.test_ictrp import TRIAL, as_csv
from trialkit import read as sources
from trialkit.errors import TrialDataError

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/></Types>"""
_STYLES = f"""<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/>
<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"""


def cell(value) -> str:
    if isinstance(value, date):
        days = (value - date(1899, 12, 30)).days
        return f'<c s="1"><v>{days}</v></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else "<c/>"


def sheet(rows) -> str:
    inner = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{inner}</sheetData></worksheet>'


def workbook(path, *sheets):
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers
    )
    ties = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    ties += f'<Relationship Id="rId99" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    members = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f"{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">{ties}'
        "</Relationships>",
        "xl/styles.xml": _STYLES,
    }
    members |= {
        f"xl/worksheets/sheet{n}.xml": sheet(rows)
        for n, rows in zip(numbers, sheets, strict=True)
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def table(*trials) -> list[list]:
    return [list(TRIAL), *([trial[name] for name in TRIAL] for trial in trials)]


def record_of(path):
    (record,) = sources.read(path).records
    return record


def test_a_workbook_says_what_the_csv_of_the_same_list_says(tmp_path):
    (tmp_path / "list.csv").write_bytes(as_csv(TRIAL))
    as_cells = TRIAL | {
        "Date registration": date(2020, 4, 3),
        "Date registration3": 20200403,
        "Date enrollement": date(2020, 2, 1),
        "Last Refreshed on": date(2020, 2, 17),
        "Inclusion agemin": 18.0,
    }
    path = workbook(tmp_path / "list.xlsx", table(as_cells))
    one, two = record_of(tmp_path / "list.csv"), record_of(path)
    two.source_id = one.source_id
    assert two == one


def test_the_source_of_a_workbook_is_the_file_itself(tmp_path):
    import hashlib

    path = workbook(tmp_path / "list.xlsx", table(TRIAL))
    (source,) = sources.read(path).sources
    assert (source.shape, source.kind) == ("ictrp_xlsx", "export")
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.source_date == "2020-02-17"


@pytest.mark.parametrize(
    ("written", "phase"),
    [
        (date(2020, 3, 2), "PHASE2/PHASE3"),
        (date(2020, 2, 1), "PHASE1/PHASE2"),
        (date(2020, 1, 2), "PHASE1/PHASE2"),
        ("2-3", "PHASE2/PHASE3"),
        (2, "PHASE2"),
        (date(2020, 5, 6), "2020-05-06"),
        (date(2020, 2, 2), "2020-02-02"),
    ],
)
def test_phases_that_became_days_are_phases_again(tmp_path, written, phase):
    path = workbook(tmp_path / "list.xlsx", table(TRIAL | {"Phase": written}))
    record = record_of(path)
    assert record.phase == phase
    told = [
        m.value for m in record.remarks if m.basis == "derived" and m.field == "phase"
    ]
    is_mended = isinstance(written, date) and phase.startswith("PHASE")
    assert told == ([str(written)] if is_mended else [])


@pytest.mark.parametrize("text", ["2-Mar", "3-Feb", "02-Mar", "Feb-03", "3/2/2020"])
def test_phases_that_a_csv_keeps_as_days_are_phases_again(tmp_path, text):
    (tmp_path / "list.csv").write_bytes(as_csv(TRIAL | {"Phase": text}))
    assert record_of(tmp_path / "list.csv").phase == "PHASE2/PHASE3"


def test_blank_rows_a_title_and_other_sheets_are_passed_over(tmp_path):
    rows = table(TRIAL, dict.fromkeys(TRIAL, ""), TRIAL | {"TrialID": "NCT00000001"})
    path = workbook(tmp_path / "a.xlsx", [["Notes"]], [["WHO list"], [], *rows])
    found = sources.read(path)
    assert [r.trial_id for r in found.records] == ["ChiCTR2000000001", "NCT00000001"]
    assert found.excluded == []


def test_lists_on_several_sheets_are_one_and_never_half_read(tmp_path):
    other = TRIAL | {"TrialID": "NCT00000001"}
    path = workbook(tmp_path / "a.xlsx", table(TRIAL), table(other))
    assert len(sources.read(path).records) == 2
    path = workbook(
        tmp_path / "b.xlsx", table(TRIAL), [["TrialID", "Phase"], ["N1", 1]]
    )
    with pytest.raises(TrialDataError, match="their columns not the same"):
        sources.read(path)


def test_a_cell_far_off_is_refused_before_all_cells_before_it_are_made(tmp_path):
    path = workbook(tmp_path / "a.xlsx", table(TRIAL))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    members[name] = members[name].replace(b"</sheetData>", far)
    packed(path, **members)
    with pytest.raises(TrialDataError, match="17,179,869,184 cells"):
        sources.read(path)


def test_a_workbook_in_an_archive_is_read(tmp_path):
    path = workbook(tmp_path / "list.xlsx", table(TRIAL))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(path, "list.xlsx")
    assert record_of(tmp_path / "all.zip").trial_id == "ChiCTR2000000001"


def packed(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (
            lambda p: workbook(p, [["Patient", "Dose"], ["1", 2]]),
            "'Patient', 'Dose': no",
        ),
        (
            lambda p: workbook(p, [["NCT Number"], ["NCT00000001"]]),
            "ClinicalTrials.gov",
        ),
        (lambda p: workbook(p, []), "an Excel workbook with nothing in it"),
        (
            lambda p: workbook(p, [["TrialID", "Seen"], ["NCT00000001", "yes"]]),
            "a list of ids",
        ),
        (
            lambda p: packed(p, **{"[Content_Types].xml": "", "word/document.xml": ""}),
            "a Word document",
        ),
        (
            lambda p: packed(p, **{"[Content_Types].xml": "", "xl/workbook.xml": "<"}),
            "an Excel workbook that cannot be read",
        ),
        (
            lambda p: packed(
                p, mimetype="application/vnd.oasis.opendocument.spreadsheet"
            ),
            "an OpenDocument file",
        ),
        (lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 99), "of the old kind"),
    ],
    ids=["own", "ctgov", "empty", "ids", "word", "broken", "opendocument", "old"],
)
def test_other_office_files_are_refused_by_what_they_are(tmp_path, made, told):
    made(tmp_path / "file.xlsx")
    with pytest.raises(TrialDataError) as error:
        sources.read(tmp_path / "file.xlsx")
    assert told in str(error.value)


@pytest.mark.shared
def test_a_real_workbook_and_a_real_csv_agree(shared):
    book = sources.read(shared / "registers/ictrp_xlsx/covid_list_25_rows.xlsx")
    assert (len(book.records), book.excluded) == (25, [])
    assert book.sources[0].source_date == "2020-06-19"
    table = sources.read(shared / "records/ictrp_export.csv").records
    ours = {r.trial_id: r for r in book.records}
    both = [r for r in table if r.trial_id in ours]
    assert len(both) == 8
    fields = "phase enrollment minimum_age start_date first_posted_date arms".split()
    for record in both:
        for field in fields:
            assert getattr(record, field) == getattr(ours[record.trial_id], field)
