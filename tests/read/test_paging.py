"""A search that was not downloaded to its last page says so, everywhere."""

import json
import warnings

import pytest
from click.testing import CliRunner

from trialkit.cli import cli
from trialkit.errors import TrialDataWarning
from trialkit.tidy.load import load


def study(number):
    names = {"nctId": f"NCT{number:08}", "briefTitle": f"Study {number}"}
    return {"protocolSection": {"identificationModule": names}, "hasResults": False}


def page(folder, name, numbers, *, boxed=False, **around):
    if boxed:
        around = {key: [value] for key, value in around.items()}
    studies = {"studies": [study(number) for number in numbers]}
    total = {key: around[key] for key in ("totalCount",) if key in around}
    (folder / name).write_text(json.dumps(total | studies | around), "utf-8")


def told(folder):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load(folder, labels=False)
    assert all(one.category is TrialDataWarning for one in caught)
    return tuple(str(one.message) for one in caught)


@pytest.mark.parametrize("boxed", [False, True])
def test_a_first_page_alone_says_how_much_is_missing(tmp_path, boxed):
    page(tmp_path, "1.json", [1], boxed=boxed, totalCount=2504, nextPageToken="abc")
    assert told(tmp_path) == (
        "the download is incomplete: 1 of 2,504 studies, more pages follow (1.json)",
    )


def test_all_pages_together_are_complete(tmp_path):
    page(tmp_path, "1.json", [1, 2], totalCount=3, nextPageToken="abc")
    page(tmp_path, "2.json", [3])
    assert told(tmp_path) == ()


def test_without_a_total_the_last_page_must_be_there(tmp_path):
    page(tmp_path, "1.json", [1, 2], nextPageToken="abc")
    page(tmp_path, "2.json", [3], nextPageToken="def")
    assert told(tmp_path) == (
        "the download is incomplete: 3 studies, more pages follow (1.json and 1 more)",
    )
    page(tmp_path, "3.json", [4])
    assert told(tmp_path) == ()


def test_a_page_saved_twice_does_not_make_up_for_another(tmp_path):
    for name in ("1.json", "copy.json"):
        page(tmp_path, name, [1, 2], totalCount=4, nextPageToken="abc")
    assert len(told(tmp_path)) == 1


def test_pages_in_one_file_are_complete_where_the_last_one_is(tmp_path):
    page(tmp_path, "1", [1], totalCount=2, nextPageToken="abc")
    page(tmp_path, "2", [2])
    both = (tmp_path / "1").read_text() + "\n" + (tmp_path / "2").read_text()
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "pages.json").write_text(both, "utf-8")
    assert told(tmp_path / "all") == ()


def test_a_study_that_is_set_aside_is_not_missing(tmp_path):
    page(tmp_path, "1.json", [1], totalCount=2)
    data = json.loads((tmp_path / "1.json").read_text())
    data["studies"].append({"protocolSection": {"identificationModule": {}}})
    (tmp_path / "1.json").write_text(json.dumps(data), "utf-8")
    assert told(tmp_path) == ()


@pytest.mark.parametrize("text", [[study(1)], study(1)])
def test_what_is_no_answer_page_is_complete(tmp_path, text):
    (tmp_path / "list.json").write_text(json.dumps(text), "utf-8")
    assert told(tmp_path) == ()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_terminal_warns(tmp_path, form):
    records = tmp_path / "records"
    records.mkdir()
    page(records, "1.json", [1], totalCount=9, nextPageToken="abc")
    made = CliRunner().invoke(
        cli, ["tidy", str(records), "--format", form, "--out", str(tmp_path / "out")]
    )
    assert made.exit_code == 0, made.output
    assert "warning: the download is incomplete: 1 of 9 studies" in made.output


def test_show_warns_and_says_so_after_the_trial(tmp_path):
    page(tmp_path, "1.json", [1], totalCount=9, nextPageToken="abc")
    made = CliRunner().invoke(
        cli, ["show", "NCT00000001", "--records", str(tmp_path / "1.json")]
    )
    assert "warning: the download is incomplete: 1 of 9 studies" in made.output


def test_a_report_begins_with_the_warning(tmp_path, capsys):
    from trialkit.report.opening import open_report

    page(tmp_path, "1.json", [1], totalCount=9, nextPageToken="abc")
    open_report(
        records=tmp_path, as_of="2026-01-01", cell_trials_only=False, title="A title"
    )
    assert "incomplete: 1 of 9 studies, more pages follow" in capsys.readouterr().out
