"""The page's fonts are cut once, and kept only as what they would be cut to again."""

import pytest

from trialkit.render import fonts


@pytest.fixture
def cuts(tmp_path, monkeypatch):
    """Count how often fonts are cut, with a cache folder of the test's own."""
    done = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(fonts, "_cut_faces", lambda: done.append(1) or "@font-face{}")
    return done


def faces():
    return fonts.font_faces.__wrapped__()


def test_fonts_are_cut_once(cuts, tmp_path):
    assert faces() == faces() == "@font-face{}"
    assert len(cuts) == 1
    assert len(list((tmp_path / "cache" / "trialkit").iterdir())) == 1


def test_another_cutter_or_font_cuts_anew(cuts, monkeypatch):
    faces()
    monkeypatch.setattr(fonts, "version", lambda name: "0")
    faces()
    monkeypatch.setattr(fonts, "symbol_files", list)
    faces()
    assert len(cuts) == 3


def test_a_cache_that_cannot_be_used_is_done_without(cuts, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert faces() == faces() == "@font-face{}"
    assert len(cuts) == 2
