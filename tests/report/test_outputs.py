"""Files of a report appear together and whole, or the old ones stay."""

import os
from pathlib import Path
from threading import Thread

import pytest

from trialkit.atomic import locked
from trialkit.errors import ReportError
from trialkit.report.outputs import writable, write_together


def test_files_are_written_for_others_to_read(tmp_path):
    write_together(tmp_path, {"a": b"1", "b": b"2"})

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "a": b"1",
        "b": b"2",
    }
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_folder_is_made_and_goes_again_if_nothing_came_into_it(tmp_path):
    with writable(tmp_path / "a" / "b") as folder:
        assert folder.is_dir()
        assert not list(folder.iterdir())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_was_there_stays_and_so_does_what_is_in_it(tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(KeyboardInterrupt), writable(tmp_path / "there"):
        raise KeyboardInterrupt
    with writable(tmp_path / "new" / "b") as folder:
        (folder.parent / "c").write_text("")

    assert (tmp_path / "there").is_dir()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["c"]


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ReportError, match=r"cannot write to .*file: it is no folder"),
        writable(tmp_path / "file"),
    ):
        raise AssertionError


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"old")
    real = Path.write_bytes

    def full(path, data):
        if path.name == "b":
            raise OSError(28, "No space left on device")
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ReportError, match="No space left on device"):
        write_together(tmp_path, {"a": b"new", "data/c": b"new", "b": b"new"})

    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_run_waits_while_another_moves_its_files_there(tmp_path):
    write_together(tmp_path, {"a": b"1", "b": b"1"})
    writer = Thread(target=write_together, args=(tmp_path, {"a": b"2", "b": b"2"}))
    with locked(tmp_path):
        writer.start()
        writer.join(timeout=0.2)
        assert writer.is_alive()
        assert (tmp_path / "a").read_bytes() == b"1"
    writer.join()
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"2"}
