"""Versions of a record, as ClinicalTrials.gov, ctrdata and cthist keep them."""

import json
import sqlite3
from contextlib import closing

import pytest

import trialkit as tk
from trialkit.errors import TrialDataError, TrialDataWarning
from trialkit.read.ctgov import cthist, history
from trialkit.summarize.wording import word

ID = "NCT90000101"
LISTED = [
    {"version": 0, "date": "2010-02-01", "status": "NOT_YET_RECRUITING"},
    {"version": 1, "date": "2011-03-02", "status": "RECRUITING", "moduleLabels": ["A"]},
    {
        "version": 2,
        "date": "2014-05-06",
        "status": "TERMINATED",
        "moduleLabels": ["Study Status", "Study Design"],
        "reviewNotPassed": True,
    },
]


def study(trial_id=ID, status="NOT_YET_RECRUITING", n=40, kind=None, day="2010-02-01"):
    """Return a study as its history holds it: HTML, no type, an empty module."""
    number = {"count": n} | ({"type": kind} if kind else {})
    return {
        "protocolSection": {
            "identificationModule": {"nctId": trial_id, "briefTitle": f"As of {day}"},
            "statusModule": {
                "overallStatus": status,
                "startDateStruct": {"date": "2010-06"},
                "completionDateStruct": {"date": "2012-12"},
                "lastUpdateSubmitDate": day,
                "lastUpdatePostDateStruct": {"date": day},
            },
            "descriptionModule": {
                "briefSummary": "<p>Cells and&#x2F;or placebo, n &lt; 9.</p>"
                '<ul><li>in a <mark class="hl-term">vein</mark></li></ul>'
            },
            "designModule": {"enrollmentInfo": number},
            "outcomesModule": {},
        }
    }


def version(number, **facts):
    return {"studyVersion": number, "study": study(**facts)}


def write(folder, **files):
    """Write values as JSON files and return the folder."""
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps(value)
        (folder / f"{name}.json").write_text(text)
    return folder


def today(**facts):
    facts = {"status": "TERMINATED", "n": 9, "kind": "ACTUAL", "day": "2014-05-07"}
    return study(**facts)


def rows(data, *columns):
    """Return the columns of `versions` as lists of plain values."""
    table = data.versions[list(columns)].astype(object)
    return table.where(table.notna(), None).to_numpy().tolist()


EXPECTED = [
    [0, "2010-02-01", "NOT_YET_RECRUITING", 40, None, True],
    [1, "2011-03-02", "RECRUITING", None, None, False],
    [2, "2014-05-06", "TERMINATED", None, None, False],
]
COLUMNS = (
    *("version", "version_date", "overall_status", "enrollment"),
    *("enrollment_type", "has_record"),
)


def test_record_list_and_version_are_one_trial_without_a_conflict(tmp_path):
    """An old version fills no gap: the acronym of then is none of today's."""
    first = version(0)
    first["study"]["protocolSection"]["identificationModule"]["acronym"] = "OLD"
    folder = write(tmp_path, a=first, NCT90000101_list={"changes": LISTED}, z=today())
    data = tk.load(folder, labels=False)
    assert rows(data, *COLUMNS) == EXPECTED
    row = data.trials.iloc[0]
    assert len(data) == 1
    assert (row["brief_title"], row["enrollment"]) == ("As of 2014-05-07", 9)
    assert not row["is_old_version"]
    assert data.trials["acronym"].isna().all()
    assert not row["has_conflict"]
    assert set(data.statements["value"]) & {"OLD", "NOT_YET_RECRUITING"} == set()
    assert data.excluded.empty
    modules = data.versions["changed_modules"].tolist()
    assert modules[1:] == ["A", "Study Status; Study Design"]
    assert len(data.versions["completion_date_latest"].dropna()) == 1


def test_old_versions_alone_are_loaded_and_say_so(tmp_path):
    folder = write(tmp_path, a=version(0), b=version(3, n=30, day="2012-01-01"))
    with pytest.warns(TrialDataWarning, match=rf"1 trial \({ID}\) known from an old"):
        data = tk.load(folder, labels=False)
    row = data.trials.iloc[0]
    assert (len(data), row["enrollment"], row["is_old_version"]) == (1, 30, True)
    assert row["brief_summary"] == "Cells and/or placebo, n < 9.\n\n* in a vein"
    assert data.versions["version"].tolist() == [0, 3]
    store = data.save(tmp_path.parent / f"{tmp_path.name}-store")
    with pytest.warns(TrialDataWarning, match="known from an old version"):
        assert tk.load(store, labels=False).versions.equals(data.versions)


def test_the_last_version_of_the_list_is_the_record_of_today(tmp_path):
    """And it takes the place of an older download, which is one more version."""
    last = version(2, status="TERMINATED", n=9, kind="ACTUAL", day="2014-05-06")
    older = study(status="RECRUITING", day="2011-03-03", n=41)
    folder = write(tmp_path, NCT90000101={"changes": LISTED}, a=last, z=older)
    data = tk.load(folder, labels=False)
    row = data.trials.iloc[0]
    assert (row["overall_status"], row["enrollment"]) == ("TERMINATED", 9)
    assert not row["is_old_version"]
    assert not row["has_conflict"]
    numbers = rows(data, "version", "version_date", "enrollment")
    assert numbers[2:] == [[2, "2014-05-06", 9], [None, "2011-03-03", 41]]


def test_a_list_of_no_known_trial_is_set_aside_with_its_reason(tmp_path):
    folder = write(
        tmp_path,
        a=today(),
        NCT90000999_history={"changes": LISTED},
        nameless={"changes": LISTED},
        empty_NCT90000101={"changes": []},
    )
    data = tk.load(folder, labels=False)
    assert len(data) == 1
    reasons = sorted(data.excluded["reason"])
    assert "names no study: name the file with its id" in reasons[0]
    assert reasons[1].startswith(f"a list of the versions of {ID} that holds none")
    assert "a list of versions only" in reasons[2]
    with pytest.raises(TrialDataError, match="a list of versions only"):
        tk.load(tmp_path / "NCT90000999_history.json")


def test_two_studies_may_have_the_same_list(tmp_path):
    first, second = {"changes": LISTED[:1]}, study("NCT90000102")
    folder = write(tmp_path, a=today(), b=second, NCT90000101=first, NCT90000102=first)
    data = tk.load(folder, labels=False)
    assert data.versions["trial_id"].tolist() == [ID, "NCT90000102"]
    assert data.excluded.empty


def test_the_nested_answer_tells_what_was_planned_at_registration(tmp_path):
    original = {"enrollmentInfo": {"count": 30, "type": "ESTIMATED"}}
    nested = {"study": today(), "history": {"changes": LISTED}}
    nested["history"]["originalData"] = original
    data = tk.load(write(tmp_path, saved=nested), labels=False)
    assert rows(data, *COLUMNS)[0] == [
        *(0, "2010-02-01", "NOT_YET_RECRUITING"),
        *(30, "ESTIMATED", False),
    ]
    assert not data.trials["is_old_version"].any()
    assert data.trials["brief_summary"].item().startswith("Cells and/or placebo")


def test_what_is_no_version_is_set_aside_beside_those_that_are(tmp_path):
    values = [version(0), {"studyVersion": 1}, version("x"), version(10**30)]
    lines = "\n".join(json.dumps(value) for value in values) + '\n{"studyVersion": 2, '
    with pytest.warns(TrialDataWarning):
        data = tk.load(write(tmp_path, all=lines), labels=False)
    assert data.versions["version"].tolist() == [0]
    reasons = data.excluded["reason"].tolist()
    assert [reason[:24] for reason in reasons] == [
        "neither a version of a s",
        "a version of NCT90000101",
        "a version of NCT90000101",
        "not valid JSON from char",
    ]


def ctrdata(n_past=2):
    """Return a study as ctrdata keeps it: versions from 1 on, inside of the record."""
    past = [
        study(n=40 + number, day=f"201{number}-01-01")
        | {
            "history_version": {
                "version_number": number,
                "version_date": f"201{number}",
            }
        }
        for number in range(1, n_past + 1)
    ]
    return {"_id": ID, "ctrname": "CTGOV2"} | today() | {"history": past}


@pytest.mark.parametrize("form", ["object", "list", "lines", "long list"])
def test_the_histories_of_ctrdata_are_versions_of_their_trials(tmp_path, form):
    """A long list is read block by block, which must not cut a study in two."""
    others = [study(f"NCT9000{n:04d}") for n in range(9)]
    value = {
        "object": json.dumps(ctrdata()),
        "list": json.dumps([others[0], ctrdata(), others[1]]),
        "lines": "\n".join(map(json.dumps, [others[0], ctrdata(), others[1]])),
        "long list": json.dumps([*others, ctrdata(2500), ctrdata(0)]),
    }[form]
    data = tk.load(write(tmp_path, saved=value), labels=False)
    assert len(data) == {"object": 1, "long list": 10}.get(form, 3)
    first = data.versions.iloc[0]
    assert (first["version"], first["enrollment"], first["trial_id"]) == (0, 41, ID)
    assert len(data.versions) == (2500 if form == "long list" else 2)
    row = data.trials.set_index("trial_id").loc[ID]
    assert (row["enrollment"], row["is_old_version"]) == (9, False)
    assert not data.trials["has_conflict"].any()


def database(folder, *rows, create="CREATE TABLE trials (_id TEXT, json JSON)"):
    """Return an SQLite file with a table as ctrdata makes it."""
    path = folder / "ctrdata.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode = WAL")  # a mark that stays in the file
        made.execute(create)
        made.executemany(
            f"INSERT INTO trials VALUES ({', '.join('?' * len(rows[0]))})", rows
        )
        made.commit()
    return path


def test_the_database_of_ctrdata_is_read_as_it_is(tmp_path):
    other = {"_id": "2010-019224-31-DE", "ctrname": "EUCTR", "a2_eudract_number": "1"}
    text = json.dumps(ctrdata(), indent=1)
    rows = [("2010-019224-31-DE", json.dumps(other)), (ID, text.encode()), (ID, text)]
    path = database(tmp_path, *rows[:2])
    data = tk.load(path, labels=False)
    assert data.trials["trial_id"].tolist() == [ID]
    assert len(data.versions) == 2
    assert data.excluded["reason"].tolist() == [
        "no protocolSection: not a study of the API's version 2"
    ]
    assert data.sources["shape"].tolist() == ["ctgov_v2_json"]
    (tmp_path / "ctrdata.sqlite-wal").write_bytes(b"more")
    with pytest.raises(tk.TrialDataError, match="close the program that writes it"):
        tk.load(path, labels=False)


def test_another_database_is_named_for_what_it_is(tmp_path):
    path = database(tmp_path, ("a",), create="CREATE TABLE trials (nctid TEXT)")
    with pytest.raises(tk.TrialDataError, match="without records as ctrdata keeps"):
        tk.load(path, labels=False)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(tk.TrialDataError, match="SQLite database that is damaged"):
        tk.load(path, labels=False)
    path.unlink()
    path = database(tmp_path, (ID, b"\xcc\x0f\x17"))
    is_known = sqlite3.sqlite_version_info >= (3, 45)
    found = "no trial record found" if is_known else "in its binary form"
    with pytest.raises(tk.TrialDataError, match=found):
        tk.load(path, labels=False)


def test_a_record_of_a_database_that_is_no_text_is_set_aside_alone(tmp_path):
    create = "CREATE TABLE trials (_id TEXT, json)"
    path = database(tmp_path, (ID, json.dumps(ctrdata())), ("a", 7), create=create)
    with closing(sqlite3.connect(path)) as made:
        made.execute("INSERT INTO trials VALUES ('b', CAST(x'7B22FC227D' AS TEXT))")
        made.commit()
    data = tk.load(path, labels=False)
    assert data.trials["trial_id"].tolist() == [ID]
    assert [reason.split(":")[0] for reason in data.excluded["reason"]] == [
        "not a JSON object",
        "not valid JSON",
    ]


def test_a_database_that_was_left_half_written_is_not_read(tmp_path):
    path = database(tmp_path, *[(ID, json.dumps(ctrdata()))] * 20)
    half = tmp_path / "half"
    half.mkdir()
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode = DELETE")
        made.execute("PRAGMA cache_size = 1")
        made.execute("UPDATE trials SET json = replace(json, 'A', 'B')")
        for file in tmp_path.glob("ctrdata.*"):
            (half / file.name).write_bytes(file.read_bytes())
    assert len(tk.load(path, labels=False)) == 1
    with pytest.raises(tk.TrialDataError, match="undoes what was half written"):
        tk.load(half / path.name, labels=False)


def test_a_database_of_which_pages_are_lost_is_not_read(tmp_path):
    path = database(tmp_path, *[(ID, json.dumps(ctrdata()))] * 20)
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(tk.TrialDataError, match="SQLite database that is damaged"):
        tk.load(path, labels=False)


OLD_TABLE = """nctid,version_number,total_versions,version_date,overall_status,\
study_start_date,study_start_date_precision,primary_completion_date,\
primary_completion_date_precision,primary_completion_date_type,enrolment,\
enrolment_type,min_age,criteria,outcome_measures,contacts,sponsor_collaborators
NCT90000101,1,2,2011-05-11,Not yet recruiting,2011-05-01,month,2012-02-01,month,\
Anticipated,70,Anticipated,18,"[""Adults""]","[{""section"":""Primary Outcome \
Measures:"",""label"":""1."",""content"":""Death\\n[ Time Frame: 2 d ]\\n\\nAny""}]",\
"[{""label"":""Contact:"",""content"":""A Person""}]",NA
NCT90000101,2,2,2015-02-04,Terminated,2011-05-01,month,2014-05-12,day,Actual,46,Actual,\
18,NA,NA,NA,"[{""label"":""Sponsor:"",""content"":""A University""}]"
NCT90000102,1,1,Error,Error,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA
"""
NEW_TABLE = """nctid,version_number,total_versions,version_date,overall_status,enrolment
NCT90000101,0,3,2011-05-11,NOT_YET_RECRUITING,70
NCT90000101,1,3,2013-05-11,RECRUITING,NA
NCT90000101,99999999999999999999,3,2013-05-11,RECRUITING,NA
"""


def test_a_table_of_cthist_counts_versions_from_one_or_from_zero(tmp_path):
    (tmp_path / "old.csv").write_text(OLD_TABLE)
    data = tk.load(tmp_path / "old.csv", labels=False)
    found = rows(data, *COLUMNS, "start_date", "primary_completion_date")
    first = [0, "2011-05-11", "NOT_YET_RECRUITING", 70, "ESTIMATED", True]
    last = [1, "2015-02-04", "TERMINATED", 46, "ACTUAL", True]
    days = [["2011-05", "2012-02"], ["2011-05", "2014-05-12"]]
    assert found == [[*first, *days[0]], [*last, *days[1]]]
    outcomes = data.outcomes[["outcome_type", "measure", "time_frame"]]
    assert outcomes.empty  # the newest row states none
    assert data.sponsors["name"].tolist() == ["A University"]
    assert not data.trials["is_old_version"].item()
    assert data.excluded["reason"].tolist() == [
        "NCT90000102: cthist could not download this version"
    ]
    (tmp_path / "new.csv").write_text(NEW_TABLE)
    with pytest.warns(TrialDataWarning, match="an old version"):
        data = tk.load(tmp_path / "new.csv", labels=False)
    assert data.versions["version"].tolist() == [0, 1]
    assert data.sources["kind"].tolist() == ["export"]


def test_a_version_of_the_register_says_more_than_a_row_of_cthist(tmp_path):
    (tmp_path / "new.csv").write_text(NEW_TABLE)
    folder = write(tmp_path, first=version(0, n=71), z=today())
    data = tk.load(folder, labels=False)
    assert rows(data, "version", "enrollment") == [[0, 71], [1, None]]
    assert data.trials["enrollment"].item() == 9


def test_reports_have_words_for_both_forms():
    assert word(history.SHAPE, "shape") == "ClinicalTrials.gov history"
    assert word(cthist.SHAPE, "shape") == "cthist table"
