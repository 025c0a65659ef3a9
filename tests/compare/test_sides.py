"""What is compared, and which trials stand on one side alone."""

import csv
import json
from copy import deepcopy
from hashlib import sha256

import pytest

import trialkit as tk
from tests.compare.studies import STUDIES, edited, rows, study, written
from trialkit import report
from trialkit.compare.searches import Searches
from trialkit.compare.sides import open_side
from trialkit.read.receipt import Page, Receipt, Update, Version, encode
from trialkit.tidy.csv import save_csv


def loaded(tmp_path, studies, name="records"):
    return tk.load(written(tmp_path, name, studies), labels=False)


def download(folder, studies, *, words="liver", day="2026-03-01", **facts):
    """Return a folder with studies and the receipt of the search that found them."""
    folder.mkdir()
    page = written(folder, "page-1", studies).read_bytes()
    names = [one["protocolSection"]["identificationModule"]["nctId"] for one in studies]
    receipt = Receipt(
        question={"condition": words},
        version_after=Version(data=f"{day}T09:00:05"),
        pages=(Page("page-1.json", sha256(page).hexdigest(), tuple(names)),),
        n_total=len(studies),
        is_complete=True,
        **facts,
    )
    (folder / "search.json").write_bytes(encode(receipt))
    return tk.load(folder, labels=False)


def test_what_filters_leave_out_is_neither_new_nor_gone(tmp_path):
    studies, own = edited()
    own(0)["conditionsModule"]["conditions"] = ["Ascites"]
    data = loaded(tmp_path, studies)
    some, others = data.select(condition="ascites"), data.select(condition="cirrhosis")
    assert (len(some), len(others)) == (1, 9)
    there = tk.changes(some, others)
    assert set(there["change"]) == {"left out by a filter here", "let in by a filter"}
    assert len(there) == 10
    assert "condition" in there["note"].iloc[0]


def test_what_a_filter_leaves_out_of_an_earlier_store_is_not_gone(tmp_path):
    studies, own = edited()
    for n in range(5):
        own(n)["designModule"]["phases"] = ["PHASE2"]
    store = loaded(tmp_path, studies).save(tmp_path / "store")
    own(0)["statusModule"]["overallStatus"] = "COMPLETED"
    own(9)["designModule"]["phases"] = ["PHASE2"]
    now = loaded(tmp_path, studies, "now").select(phase="Phase 2")
    # As a store, all of it is the earlier state: only what the filter let in there.
    earlier = report.open_earlier(store, phase=["Phase 2"])
    assert rows(tk.changes(earlier, now)) == [
        (1, "status", "completed"),
        (10, "trials", "let in by a filter"),
    ]


def test_searches_say_what_became_of_a_trial(tmp_path):
    old = download(tmp_path / "old", STUDIES[:8])
    fresh = study(11, statusModule=STUDIES[0]["protocolSection"]["statusModule"])
    status = dict(fresh["protocolSection"]["statusModule"])
    status["studyFirstPostDateStruct"] = {"date": "2026-05-01"}
    fresh = study(11, statusModule=status)
    status = {"overallStatus": "RECRUITING"}
    undated = study(12)
    undated["protocolSection"]["statusModule"] = status
    ids = ("NCT00000001", "NCT00000002")
    update = Update("old", "2026-02-28", gone=ids, left=ids[:1])
    new = download(
        tmp_path / "new",
        [*STUDIES[2:9], fresh, undated],
        day="2026-06-01",
        update=update,
    )
    assert rows(tk.changes(old, new)) == [
        (11, "trials", "new"),
        (2, "trials", "gone from the register"),
        (1, "trials", "left the search"),
        (9, "trials", "came into the search"),
        (12, "trials", "came into the search"),
    ]
    other = download(
        tmp_path / "other",
        [*STUDIES[2:9], fresh, undated],
        words="kidney",
        day="2026-06-01",
    )
    frame = tk.changes(old, other)
    assert rows(frame) == [
        (11, "trials", "new"),
        (1, "trials", "not in this download"),
        (2, "trials", "not in this download"),
        (9, "trials", "not in the earlier download"),
        (12, "trials", "not in the earlier download"),
    ]
    (note,) = (note for note in frame.attrs["notes"] if "searches differ" in note)
    assert "“liver” (2026-03-01)" in note
    assert "“kidney” (2026-06-01)" in note
    with pytest.raises(tk.ParameterError, match="the older one comes first"):
        tk.changes(new, old)


def test_no_trial_is_new_since_a_day_that_is_not_known(tmp_path):
    undated = deepcopy(STUDIES[:9])
    for one in undated:
        del one["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]
    frame = tk.changes(
        loaded(tmp_path, undated, "old"), loaded(tmp_path, STUDIES, "new")
    )
    assert (10, "trials", "not in the earlier download") in rows(frame)
    assert frame.attrs["since"] == "“the trials given”"


def test_old_versions_are_not_of_the_day_on_which_they_were_downloaded(tmp_path):
    late = {"day": "2026-07-01", "history": "first"}
    old = download(tmp_path / "old", STUDIES[:8], words="ids", **late)
    new = download(tmp_path / "new", STUDIES, day="2026-06-01")
    frame = tk.changes(old, new)
    assert frame.attrs["since"] == "“the trials given”"
    assert set(frame["change"]) == {"not in the earlier download"}


def test_older_records_come_first(tmp_path):
    studies, own = edited()
    own(0)["statusModule"] |= {"lastUpdatePostDateStruct": {"date": "2026-05-01"}}
    new, old = loaded(tmp_path, studies, "new"), loaded(tmp_path, STUDIES, "old")
    assert not len(tk.changes(old, new))
    with pytest.raises(tk.ParameterError, match="1 record last updated later"):
        tk.changes(new, old)


def test_a_former_id_is_the_same_trial(tmp_path):
    studies, own = edited()
    own(0)["identificationModule"] |= {
        "nctId": "NCT00000099",
        "nctIdAliases": ["NCT00000001"],
    }
    frame = tk.changes(
        loaded(tmp_path, STUDIES, "old"), loaded(tmp_path, studies, "new")
    )
    assert set(rows(frame)) == {(99, "ids", "new id"), (99, "ids", "added")}
    # One that two trials claim leads to neither.
    other = deepcopy(studies[0])
    other["protocolSection"]["identificationModule"]["nctId"] = "NCT00000098"
    frame = tk.changes(
        loaded(tmp_path, STUDIES, "old"), loaded(tmp_path, [*studies, other], "both")
    )
    assert {(number, kind) for number, kind, _ in rows(frame)} == {
        (1, "trials"),
        (98, "trials"),
        (99, "trials"),
    }


def test_what_could_not_be_read_is_not_gone(tmp_path):
    studies, own = edited()
    own(0)["statusModule"]["startDateStruct"]["date"] = "soon"
    own(1)["identificationModule"] = "broken"
    then = loaded(tmp_path, STUDIES, "old")
    frame = tk.changes(then, loaded(tmp_path, studies, "new"))
    assert rows(frame) == [
        (1, "dates", "could not be read"),
        (2, "trials", "not in this download"),
    ]
    (note,) = frame.attrs["notes"][:1]
    assert note.startswith("1 record was set aside while reading now")


def test_a_trial_without_a_history_is_not_gone_from_the_register():
    given = {"question": {"ids": "NCT00000001"}, "missing": ("NCT00000001",)}
    for history, is_gone in (("", True), ("first", False)):
        searches = Searches(None, Receipt(history=history, **given))
        assert searches.is_gone("NCT00000001") is is_gone


def test_tables_as_csv_keep_the_receipts_of_their_downloads(tmp_path):
    old = download(tmp_path / "old", STUDIES)
    new = download(tmp_path / "new", STUDIES[1:], day="2026-06-01")
    sides = [save_csv(data, tmp_path / f"csv-{n}") for n, data in enumerate((old, new))]
    assert tk.open(sides[0]).searches == old.searches
    assert rows(tk.changes(*sides)) == [(1, "trials", "left the search")]
    assert not (save_csv(tk.load_example(), tmp_path / "c") / "searches.json").exists()


def test_only_what_an_unread_part_holds_could_not_be_read(tmp_path):
    studies, own = edited()
    own(0)["designModule"]["enrollmentInfo"]["count"] = "some"
    own(0)["armsInterventionsModule"] = "broken"
    del own(0)["eligibilityModule"]["sex"]
    own(0)["outcomesModule"]["secondaryOutcomes"].pop()
    own(1)["designModule"] = "broken"
    del own(1)["statusModule"]["startDateStruct"]
    old, new = (loaded(tmp_path, s, n) for n, s in (("old", STUDIES), ("n", studies)))
    told = tk.changes(old, new)[["trial_id", "kind", "field", "change"]]
    unread = told[told["change"] == "could not be read"]
    assert {(int(i[3:]), kind) for i, kind, *_ in unread.to_numpy()} == {
        *((1, "enrollment"), (1, "arms"), (1, "interventions")),
        *((2, "enrollment"), (2, "design")),
    }
    others = told[told["change"] != "could not be read"].drop(columns="trial_id")
    assert sorted(map(tuple, others.to_numpy())) == [
        ("criteria", "sex", "no longer stated"),
        ("dates", "start_date", "no longer stated"),
        ("outcomes", "outcomes", "secondary outcome dropped"),
    ]


def test_what_a_form_cannot_hold_was_not_dropped(tmp_path):
    names = {
        "NCT Number": "nctId",
        "Study Title": "briefTitle",
        "Study Status": "status",
    }
    with (tmp_path / "trials.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(names)
        for one in STUDIES:
            own = one["protocolSection"]
            title = own["identificationModule"]["briefTitle"]
            number = own["identificationModule"]["nctId"]
            table.writerow(
                [number, title, "COMPLETED" if number.endswith("1") else "RECRUITING"]
            )
    data = tk.load(tmp_path / "trials.csv", labels=False)
    frame = tk.changes(loaded(tmp_path, STUDIES), data)
    assert rows(frame) == [(1, "status", "completed")]
    assert "read from another kind of file" in frame["note"].iloc[0]
    (note,) = (note for note in frame.attrs["notes"] if note.startswith("not compared"))
    assert {"arms", "outcomes", "eligibility_criteria"} <= set(
        note.split(": ")[1].split(", ")
    )


def test_a_report_that_kept_no_records_is_compared_by_its_table(tmp_path):
    kept = tmp_path / "landscape-data"
    kept.mkdir()
    (tmp_path / "report.json").write_text(
        '{"report": "landscape", "cut_off": "2026-03-01"}'
    )
    text = (
        "trial_id,title,overall_status\nNCT00000001,One,RECRUITING\nNCT00000099,Old,\n"
    )
    (kept / "tbl-trials.csv").write_text(text)
    studies, own = edited()
    own(0)["statusModule"]["overallStatus"] = "WITHDRAWN"
    frame = tk.changes(tmp_path, loaded(tmp_path, studies[:1]))
    assert rows(frame) == [
        (1, "status", "stopped"),
        (99, "trials", "not in this download"),
    ]
    assert frame.attrs["since"] == "2026-03-01"
    assert "kept no records" in frame.attrs["notes"][0]


def test_files_that_are_no_records_are_told(tmp_path):
    (tmp_path / "notes.txt").write_text("Nothing of the kind.")
    with pytest.raises(tk.TrialDataError, match="to compare, give a download"):
        open_side(tmp_path / "notes.txt")
    with pytest.raises(tk.TrialDataError, match="no such file"):
        open_side(tmp_path / "nowhere")


def test_labels_of_ones_own_change_in_the_words_of_their_vocabulary(tmp_path):
    own = tmp_path / "route.csv"
    own.write_text("id,label,phrases\nWICK,Along a wick,along a wick\n")
    mended = tmp_path / "overrides.csv"
    mended.write_text(
        "trial_id,arm_id,axis,value,reason,decided_by,date\n"
        "NCT00000002,A1,route,OTHER:by a spoon,read,me,2026-03-01\n"
    )
    studies, of = edited()
    given = of(0)["armsInterventionsModule"]["armGroups"][0]
    given["description"] = "Mesenchymal stem cells along a wick"
    old = tk.load(written(tmp_path, "old", STUDIES))
    new = tk.load(
        written(tmp_path, "new", studies), vocabularies=[own], overrides=[mended]
    )
    found = tk.changes(old, new, watch="labels")
    routes = found[found["field"] == "routes"].set_index("trial_id")[["old", "new"]]
    assert routes.T.to_dict("list") == {
        "NCT00000001": ["Intravenous", "Along a wick"],
        "NCT00000002": ["Intravenous", "by a spoon"],
    }


def test_a_label_changes_because_of_the_record_or_of_the_rules(tmp_path):
    studies, own = edited()
    given = own(0)["armsInterventionsModule"]["armGroups"][0]
    given["description"] = given["description"].replace("intravenous", "intraportal")
    old, new = (
        tk.load(written(tmp_path, n, s)) for n, s in (("o", STUDIES), ("n", studies))
    )
    found = tk.changes(old, new, watch="labels")
    assert found[["field", "because"]].to_numpy().tolist() == [["routes", "the record"]]
    assert found.iloc[0][["old", "new"]].tolist() == [
        "Intravenous",
        "Portal vein (intraportal)",
    ]
    store = old.save(tmp_path / "store")
    facts = json.loads((store / "trialkit.json").read_text())
    (store / "trialkit.json").write_text(json.dumps(facts | {"rules": "older"}))
    trials = old.trials.assign(
        routes=old.trials["routes"].mask(old.trials.index == 1, "IP")
    )
    tables = dict(old.tables()) | {"trials": trials}
    by_older = tk.Trials(tables, tk.open(store).origin)
    reasons = tk.changes(by_older, new, watch="labels").set_index("trial_id")["because"]
    assert reasons.to_dict() == {
        "NCT00000001": "the record or the rules",
        "NCT00000002": "the rules",
    }
