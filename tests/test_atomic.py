"""A file is there whole or not at all, and nothing is left beside it."""

import pytest

from trialkit.atomic import write_file
from trialkit.errors import TrialDataError


def test_a_file_appears_when_its_block_ends_and_its_folder_with_it(tmp_path):
    target = tmp_path / "new" / "a.txt"
    with write_file(target) as part:
        part.write_text("one")
        assert not target.exists()
    assert target.read_text() == "one"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_whatever_goes_wrong_the_earlier_file_stays_and_nothing_else(tmp_path, error):
    target = tmp_path / "a.txt"
    target.write_text("earlier")

    def stop(part):
        part.write_text("half")
        raise error

    with pytest.raises(error), write_file(target) as part:
        stop(part)
    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


def test_of_two_writers_each_has_its_own_file_and_the_later_one_stays(tmp_path):
    target = tmp_path / "a.txt"
    with write_file(target) as one:
        with write_file(target) as other:
            other.write_text("other")
            one.write_text("one")
        assert target.read_text() == "other"
    assert target.read_text() == "one"


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "file" / "a.txt", tmp_path):
        with (
            pytest.raises(TrialDataError, match="cannot write"),
            write_file(target) as part,
        ):
            part.write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}.*"))


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path):
    target = tmp_path / "new" / "deep" / "a.txt"
    with pytest.raises(KeyboardInterrupt), write_file(target):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())
