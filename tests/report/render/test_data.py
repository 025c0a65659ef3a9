"""Data files: beside the report, named in captions, held by the page."""

import base64
import io
import zipfile

import pandas as pd
import pytest

from trialkit.report.render.data import data_files, data_link, embed
from trialkit.report.render.prepare import prepare
from trialkit.tidy.csv import csv_text


def shown(label, text):
    facts = {"kind": "table", "label": label, "caption": "A table.", "classes": []}
    facts["data"] = {"file": f"{label}.csv", "text": text}
    output = {"output_type": "display_data", "data": {"text/markdown": "| a |\n|---|"}}
    return {**output, "metadata": {"trialkit": facts}}


def notebook(*outputs):
    cell = {"cell_type": "code", "metadata": {}, "source": "show()"}
    return {"cells": [{**cell, "outputs": list(outputs)}]}


def test_files_lie_in_a_folder_of_the_report_and_open_in_a_spreadsheet():
    files = data_files(notebook(shown("tbl-a", "x\né\n")), name="mine")
    assert files == {"mine-data/tbl-a.csv": b"\xef\xbb\xbfx\n\xc3\xa9\n"}


def test_a_caption_ends_with_its_file_and_the_text_is_gone():
    prepared = prepare(notebook(shown("tbl-a", "x\n1\n")), name="my report")
    cell = prepared["cells"][0]
    assert "A table. Data: [tbl-a.csv](my%20report-data/tbl-a.csv)." in cell["source"]
    assert cell["outputs"][0]["metadata"] == {}


def test_the_page_holds_its_files_and_no_other_link_changes():
    link = '<a href="my%20report-data/tbl-a.csv">tbl-a.csv</a>'
    page = f'{link}<a href="other-data/x.csv">x</a>'.encode()
    made = embed(page, {"my report-data/tbl-a.csv": b"x\n1\n"})
    text = base64.b64encode(b"x\n1\n").decode()
    assert f'href="data:text/csv;charset=utf-8;base64,{text}"'.encode() in made
    assert b'download="tbl-a.csv"' in made
    assert b'<a href="other-data/x.csv">' in made


def test_a_large_file_is_held_zipped_and_twice_the_same():
    page = b'<a href="r-data/tbl-a.csv">'
    content = b"1\n" * 50_000
    made = embed(page, {"r-data/tbl-a.csv": content})
    assert made == embed(page, {"r-data/tbl-a.csv": content})
    assert len(made) < 2_000
    held = base64.b64decode(made.split(b"base64,")[1].split(b'"')[0])
    with zipfile.ZipFile(io.BytesIO(held)) as file:
        assert file.read("tbl-a.csv") == content


@pytest.mark.parametrize("name", ["landscape", "a b"])
def test_a_link_survives_any_report_name(name):
    assert " " not in data_link(name, "fig-a.csv").partition("](")[2]


def test_csv_cannot_start_a_formula_and_missing_is_empty():
    frame = pd.DataFrame({"a": ["=1+1", None], "b": [-1, 2]})
    assert csv_text(frame) == "a,b\n'=1+1,-1\n,2\n"


def test_a_heading_with_nothing_under_it_is_left_out():
    def heading(text):
        return {"cell_type": "markdown", "metadata": {}, "source": text}

    silent = {"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": []}
    cells = [heading("# A"), silent, heading("## B"), heading("# C"), heading("## D")]
    cells += notebook(shown("tbl-a", "x\n"))["cells"]
    cells += [heading("### E"), silent]
    kept = prepare({"cells": cells})["cells"]
    text = [cell["source"] for cell in kept if cell["cell_type"] == "markdown"]
    assert text == ["# C", "## D"]


@pytest.mark.parametrize("says", ["# Methods\n\nWords.", "Words."])
def test_a_heading_before_a_text_with_a_heading_of_its_own_is_left_out(says):
    facts = {"trialkit": {"kind": "text"}}
    output = {"output_type": "display_data", "data": {"text/markdown": says}}
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "# Silent"}]
    cells += notebook(output | {"metadata": facts})["cells"]
    kept = prepare({"cells": cells})["cells"]
    assert (kept[0]["source"] == "# Silent") == (says == "Words.")
