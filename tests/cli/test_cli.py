"""The command line: what a user types, reads and gets, mistakes included."""

import errno
import os
import signal
import subprocess
import sys

import pandas as pd
import pytest

from trialkit import brand
from trialkit.cli import main
from trialkit.workspace import example_path

pytestmark = pytest.mark.slow


def run(*arguments):
    """Run the command line and return its exit status."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    return stopped.value.code or 0


@pytest.fixture
def one(tmp_path):
    """A folder with one example record."""
    folder = tmp_path / "records"
    folder.mkdir()
    source = example_path() / "NCT07312864.json"
    (folder / source.name).write_bytes(source.read_bytes())
    return folder


def test_files_of_the_same_bytes_are_told_in_one_line(one, tmp_path, capsys):
    (file,) = one.iterdir()
    for name in ("a.json", "b.json", "c.json"):  # the id in a name counts
        (one / name).write_bytes(file.read_bytes())
    (one / "notes.txt").write_text("nothing")
    assert run("tidy", one, "--out", tmp_path / "tables") == 0
    told = [x for x in capsys.readouterr().err.splitlines() if "set aside" in x]
    assert told[0].startswith(f"set aside: {one}/notes.txt: ")
    assert told[1:] == ["set aside: 2 files with the same bytes as others, read once"]


def test_help_names_every_command_in_a_line_that_is_whole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert run("--help") == 0
    text = capsys.readouterr().out
    for name in ("changes", "fetch", "report", "tidy", "label", "show", "new", "lab"):
        assert f"\n  {name} " in text
    assert "..." not in text.partition("Commands:")[2]


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_tidy_writes_one_file_per_table(one, tmp_path, capsys, file_format):
    out = tmp_path / "tables"
    assert run("tidy", one, "--out", out, "--format", file_format) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert (out / f"trials.{file_format}").is_file()
    assert (out / f"labels.{file_format}").is_file()


def test_tidy_names_what_it_set_aside(one, tmp_path, capsys):
    (one / "broken.json").write_text("{")
    assert run("tidy", one, "--out", tmp_path / "tables") == 0
    told = capsys.readouterr().err
    assert "1 trial from 1 source\n" in told
    assert "set aside: " in told
    assert "broken.json" in told


@pytest.mark.parametrize("command", ["tidy", "label"])
def test_a_wrong_output_is_told_before_anything_is_read(tmp_path, capsys, command):
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" if command == "tidy" else tmp_path
    assert run(command, "no such records", "--out", out) == 1
    assert f"cannot write {out}: a " in capsys.readouterr().err


def test_show_asks_for_an_id(one, capsys):
    assert run("show", " ", "--records", one) == 1
    assert "no trial id was given" in capsys.readouterr().err


def test_label_writes_every_label_with_its_words(one, tmp_path):
    out = tmp_path / "labels.csv"
    assert run("label", one, "--out", out) == 0
    labels = pd.read_csv(out, keep_default_na=False).set_index("axis")
    route = labels.loc["route"].to_dict()
    assert route["value"] == "EC.bal"
    assert "artificial liver" in route["quote"].lower()


def test_show_prints_the_evidence(one, capsys):
    assert run("show", "nct07312864", "--records", one) == 0
    text = capsys.readouterr().out
    assert "NCT07312864" in text
    assert "EXTRACORPOREAL" in text.upper()


def test_what_a_terminal_cannot_write_stops_nothing(one):
    (path,) = one.iterdir()
    path.write_text(path.read_text().replace("Bioartificial", "Bioartificial ≥"))
    done = subprocess.run(
        [sys.executable, "-m", "trialkit", "show", "NCT07312864", "--records", one],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert b"Bioartificial \\u2265" in done.stdout
    assert done.stderr == b""


def test_show_names_known_ids_when_there_is_no_such_trial(one, capsys):
    assert run("show", "NCT99999999", "--records", one) == 1
    assert capsys.readouterr().err == (
        "error: no trial NCT99999999 among 1 records (the first: NCT07312864)\n"
    )


def test_a_missing_path_is_one_line_and_status_1(tmp_path, capsys):
    missing = tmp_path / "nowhere"
    assert run("tidy", missing, "--out", tmp_path / "out") == 1
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("error: ")
    assert str(missing) in told
    assert not (tmp_path / "out").exists()


def test_debug_shows_the_traceback(tmp_path):
    from trialkit.errors import TrialDataError

    with pytest.raises(TrialDataError):
        main(["--debug", "tidy", str(tmp_path / "nowhere"), "--out", str(tmp_path)])


def test_wrong_usage_is_status_2(capsys):
    assert run("tidy") == 2
    assert "Missing argument" in capsys.readouterr().err


def test_an_unwritable_output_is_told_and_nothing_is_left(one, tmp_path, capsys):
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    assert run("label", one, "--out", blocker / "labels.csv") == 1
    assert "cannot write" in capsys.readouterr().err


def test_a_folder_in_the_place_of_a_file_is_told_and_nothing_is_left(
    one, tmp_path, capsys
):
    (tmp_path / "taken").mkdir()
    assert run("label", one, "--out", tmp_path / "taken") == 1
    assert "cannot write" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"records", "taken"}


def test_a_full_disk_is_one_line_and_status_1(one, tmp_path, capsys, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.ParquetWriter.write_table", full)
    assert run("tidy", one, "--out", tmp_path / "tables") == 1
    told = capsys.readouterr().err.splitlines()[-1]
    assert told == f"error: cannot write {tmp_path / 'tables'}: No space left on device"
    assert {path.name for path in tmp_path.iterdir()} == {"records"}


def test_tables_in_csv_appear_together_or_not_at_all(
    one, tmp_path, capsys, monkeypatch
):
    earlier = tmp_path / "tables"
    assert run("tidy", one, "--out", earlier, "--format", "csv") == 0
    before = {path.name: path.read_bytes() for path in earlier.iterdir()}
    (one / "NCT07312864.json").unlink()
    other = example_path() / "NCT00420134.json"
    (one / other.name).write_bytes(other.read_bytes())
    real = pd.DataFrame.to_csv

    def last_is_full(frame, path, **options):
        if "dictionary" in str(path):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(frame, path, **options)

    monkeypatch.setattr("pandas.DataFrame.to_csv", last_is_full)
    assert run("tidy", one, "--out", earlier, "--format", "csv") == 1
    told = f"cannot write {earlier}: No space left on device"
    assert told in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in earlier.iterdir()} == before


@pytest.mark.parametrize("command", ["tidy", "label", "report", "reports", "new"])
def test_an_empty_path_is_not_the_current_folder(one, capsys, command):
    place = [""] if command == "new" else ["--out", ""]
    records = [one] if command in ("tidy", "label") else []
    assert run(command, *records, *place) == 2
    assert "a path is empty; the current folder is written '.'" in (
        capsys.readouterr().err
    )


def test_a_template_with_decisions_is_not_written_over(tmp_path, capsys):
    record = str(example_path() / "NCT01218464.json")
    out, template = tmp_path / "labels.csv", tmp_path / "open.csv"
    words = ("label", record, "--out", out, "--template", template)
    assert run(*words) == 0
    assert run(*words) == 0
    header, first, *_ = template.read_text().splitlines()
    cells = first.split(",")
    cells[header.split(",").index("value")] = "ALLO"
    template.write_text(f"{header}\n{','.join(cells)}\n")
    decided = template.read_bytes()
    capsys.readouterr()
    assert run(*words) == 1
    assert "open.csv: it holds 1 decision; name another file" in capsys.readouterr().err
    template.write_text("cake")
    assert run(*words) == 1
    assert "open.csv: it holds something else" in capsys.readouterr().err
    assert decided != template.read_bytes() == b"cake"


def test_no_command_writes_over_a_file_that_it_reads(tmp_path, capsys):
    record = tmp_path / "NCT01218464.json"
    record.write_bytes((example_path() / record.name).read_bytes())
    own = tmp_path / "own.csv"
    own.write_text("trial_id,arm_id,axis,value,reason,decided_by,date\n")
    again, new = tmp_path / "." / record.name, tmp_path / "new.csv"
    held = {path: path.read_bytes() for path in (record, own)}
    for words in [
        ("label", record, "--out", again),
        ("label", record, "--overrides", own, "--out", own),
        ("label", record, "--overrides", own, "--out", new, "--template", own),
        ("label", record, "--out", new, "--template", new),
        ("changes", own, record, "--out", own),
    ]:
        assert run(*words) == 1
        assert "names it twice; name another file" in capsys.readouterr().err
    assert held == {path: path.read_bytes() for path in held}
    assert not new.exists()


def test_labels_are_written_into_no_workbook(tmp_path, capsys):
    assert run("label", "no records", "--out", tmp_path / "labels.xlsx") == 1
    assert "labels.xlsx: no .xlsx is written; name a" in capsys.readouterr().err


def test_a_template_that_cannot_be_is_told_before_anything_is_read(tmp_path, capsys):
    out = tmp_path / "labels.csv"
    assert run("label", "no records", "--out", out, "--template", tmp_path) == 1
    assert f"cannot write {tmp_path}: a folder" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_leaves_nothing_half_made(one, tmp_path, number):
    code = (
        # A caller in the background may have them ignored, which the command respects.
        f"import os, signal; signal.signal({int(number)}, signal.SIG_DFL);"
        "from trialkit import cli; from trialkit.tidy import stream;"
        f"stream.fill = lambda *_, **__: os.kill(os.getpid(), {int(number)});"
        f"cli.main(['tidy', {str(one)!r}, '--out', {str(tmp_path / 'a' / 'b')!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 128 + number
    assert [path.name for path in tmp_path.iterdir()] == ["records"]


def test_new_makes_a_workspace_that_can_be_edited(tmp_path, capsys):
    assert run("new", tmp_path / "mine") == 0
    made = capsys.readouterr().out.split()
    assert [path.rsplit("/", 1)[1] for path in made] == [
        "notebooks",
        "reports",
        "records",
    ]
    assert (tmp_path / "mine/notebooks/landscape.ipynb").is_file()
    assert (tmp_path / "mine/notebooks/supplement.ipynb").is_file()


def test_lab_says_how_to_make_a_workspace(tmp_path, capsys):
    assert run("lab", tmp_path) == 1
    assert "trialkit new" in capsys.readouterr().err


def test_lab_lets_the_notebooks_follow_the_workspace_s_brand(tmp_path, monkeypatch):
    run("new", tmp_path / "mine")
    started = []

    def start(command, *, env, check):
        started.append(env)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", start)
    monkeypatch.delenv(brand.VARIABLE, raising=False)
    assert run("lab", tmp_path / "mine") == 0
    assert started[0][brand.VARIABLE] == str(tmp_path / "mine/reports/_brand.yml")


def test_report_lists_what_a_notebook_takes(capsys):
    assert run("report", "--list-parameters") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("records: list[str] = []  # files")
    assert 'paper: str = "a4"  # paper size; one of a4, us-letter' in lines


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-p", "paper=a3"], "paper must be a4 or us-letter, not 'a3'"),
        (["-p", "as_of=soon"], "as_of must be a day such as 2026-06-30, not 'soon'"),
        (
            ["-p", "papr=a4"],
            "papr is not a parameter of landscape; did you mean paper?",
        ),
        (["landscap"], "no notebook is called 'landscap'; did you mean landscape?"),
        (["--records", "nowhere"], "no such file or folder: nowhere"),
        (["--records", ""], "a path is empty; the current folder is written '.'"),
        (["--to", "docx"], "formats must be among html, pdf, not docx"),
    ],
)
def test_a_mistake_is_one_line_before_anything_runs(
    arguments, told, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert run("report", *arguments) == 1
    assert capsys.readouterr() == ("", f"error: {told}\n")
    assert list(tmp_path.iterdir()) == []
