"""A contact in any text that any reader takes is in no cell, file or report."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.sax.saxutils import escape

import msgspec
import pytest

import trialkit as tk
from tests.every_text import CLASSIC, ICTRP, NEW, XML, filled, with_text
from trialkit.read import records_file
from trialkit.read.ctgov.wire import Study
from trialkit.record import Record, Source
from trialkit.tidy.csv import save_csv

pytestmark = pytest.mark.slow

CONTACTS = (
    "ask ada.lovelace@example.org, ada [at] lovelace [dot] org, "
    "ａｄａ＠ｌｏｖｅｌａｃｅ．ｏｒｇ, 0571-87236558, (010) 65123456, "
    "T: 020 7946 0001, +86 139 1234 5678, 13812345678"
)
#: What is left of a contact that was not masked, or not to its end.
TRACES = (
    *("ada.", "ada [", "lovelace", "ａｄａ", "ｌｏｖｅｌａｃｅ", "0571-", "87236558"),
    *("65123456", "020 7", "7946 0001", "1234 5678", "13812345678"),
)
PAGES = Path(__file__).parents[1] / "data" / "pages"


def trial_id(number: int) -> str:
    return f"NCT{99_000_000 + number}"


def studies() -> list[dict]:
    """Return one study of the API a text: all its words are plain but one."""
    made = []
    for number, (path, _) in enumerate(filled(Study)):
        study = with_text(Study, path, CONTACTS)
        if path[-1] != "nctId" or "identificationModule" not in path:
            study["protocolSection"]["identificationModule"]["nctId"] = trial_id(number)
        if "history_version" not in path[:1]:
            del study["history_version"]  # a record of today, with old versions
        made.append(study)
    return made


def api_json() -> str:
    return json.dumps({"studies": studies()}, ensure_ascii=False)


def api_ndjson() -> str:
    return "\n".join(json.dumps(study) for study in studies())


def own_records() -> str:
    """Return a records file, which holds what another trialkit has read."""
    records = []
    paths = [p for p, _ in filled(Record) if p[0] not in ("trial_id", "source_id")]
    for number, path in enumerate(paths):
        record = msgspec.convert(with_text(Record, path, CONTACTS), Record)
        record.trial_id, record.source_id = trial_id(number), "a"
        records.append(record)
    source = Source(source_id="a", path="a.json", site=CONTACTS)
    return b"".join(records_file.encode(records, [source])).decode()


def table_of(header: list[str], plain: dict[str, str], id_column: str) -> str:
    """Return a CSV with a row for each column that has the contacts in that column."""
    file = io.StringIO()
    rows = csv.DictWriter(file, header)
    rows.writeheader()
    for number, column in enumerate(header):
        row = dict.fromkeys(header, "") | plain | {id_column: trial_id(number)}
        row[column] = f"{row[column]} {CONTACTS}".strip()
        rows.writerow(row)
    return file.getvalue()


def classic_csv() -> str:
    return table_of(CLASSIC, {"Title": "Cells", "Rank": "1"}, "NCT Number")


def new_csv() -> str:
    return table_of(NEW, {"Study Title": "Cells"}, "NCT Number")


def ictrp_csv() -> str:
    return table_of(ICTRP, {"Public_title": "Cells"}, "TrialID")


def ictrp_xml() -> str:
    trials = []
    for number, column in enumerate(ICTRP):
        row = {"TrialID": trial_id(number), "Public_title": "Cells"}
        row[column] = f"{row.get(column, '')} {CONTACTS}".strip()
        cells = (f"<{name}>{escape(text)}</{name}>" for name, text in row.items())
        trials.append(f"<Trial>{''.join(cells)}</Trial>")
    made = "".join(trials)
    return f"<Trials_downloaded_from_ICTRP>{made}</Trials_downloaded_from_ICTRP>"


def legacy_xml() -> str:
    made = []
    for number, path in enumerate(XML):
        parts = path.split("/")
        inside = "".join(f"<{part}>" for part in parts) + escape(CONTACTS)
        inside += "".join(f"</{part}>" for part in reversed(parts))
        own = f"<id_info><nct_id>{trial_id(number)}</nct_id></id_info>"
        made.append(
            f"<clinical_study>{'' if path == 'id_info/nct_id' else own}{inside}"
            "<brief_title>Cells</brief_title></clinical_study>"
        )
    return f"<all>{''.join(made)}</all>"


SHAPES = {
    "api.json": api_json,
    "api.ndjson": api_ndjson,
    "own.ndjson": own_records,
    "classic.csv": classic_csv,
    "new.csv": new_csv,
    "ictrp.csv": ictrp_csv,
    "ictrp.xml": ictrp_xml,
    "legacy.xml": legacy_xml,
}


def traces(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text]


def cells_with_traces(data: tk.Trials) -> list[str]:
    return [
        f"{table}.{column}: {cell}"
        for table, frame in data.tables()
        for column in frame
        for cell in frame[column].astype("string").dropna().unique()
        if traces(cell)
    ]


@pytest.mark.filterwarnings("ignore:.*known from an old version")
@pytest.mark.parametrize("name", SHAPES)
def test_no_stored_cell_of_any_table_has_a_contact(tmp_path, name):
    (tmp_path / name).write_text(SHAPES[name](), encoding="utf-8")

    data = tk.load(tmp_path)

    assert len(data.trials) > 15
    assert cells_with_traces(data) == []
    if name != "own.ndjson":
        return  # a store and a folder of CSV hold the same tables
    assert cells_with_traces(tk.open(data.save(tmp_path / "store"))) == []
    for file in save_csv(data, tmp_path / "csv").iterdir():
        assert traces(file.read_text(encoding="utf-8")) == [], file.name


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir()))
def test_no_line_of_a_page_brings_a_contact_into_a_table(tmp_path, name):
    lines = (PAGES / name).read_text(encoding="utf-8").splitlines()
    # Four lines of each copy, far apart: hundreds of copies of one trial take long.
    n_copies = -(-len(lines) // 4)
    for copy in range(n_copies):
        here = [
            f"{line} {CONTACTS}\n{CONTACTS}"
            if number % n_copies == copy and line.strip()
            else line
            for number, line in enumerate(lines)
        ]
        file = tmp_path / f"{copy}{Path(name).suffix}"
        file.write_text("\n".join(here), encoding="utf-8")

    data = tk.load(tmp_path)

    assert cells_with_traces(data) == []


@pytest.mark.slow
def test_no_file_of_a_report_has_a_contact(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    for name, made in SHAPES.items():
        short = made().replace(CONTACTS, "ask 0571-87236558, ada.b@lovelace.org")
        (folder / name).write_text(short, encoding="utf-8")

    report = tk.run_report(
        "landscape",
        records=folder,
        out=tmp_path / "out",
        formats="html",
        parameters={"as_of": "2026-06-30", "cell_trials_only": False},
    )

    for file in report.manifest.parent.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")
            assert traces(text) == [], file.name
