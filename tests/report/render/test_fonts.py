"""The page's fonts are cut once, and kept only as what they would be cut to again."""

from functools import cache

import pytest

from trialkit import brand
from trialkit.brand import FontFile, font_files
from trialkit.report.render import fonts, glyphs


@pytest.fixture
def cuts(tmp_path, monkeypatch):
    """Count how often fonts are cut, with a cache folder of the test's own."""
    done = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(fonts, "_cut_faces", lambda _: done.append(1) or "@font-face{}")
    return done


def faces():
    return fonts._kept_faces.__wrapped__(font_files())


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


def test_each_brand_of_a_process_has_the_faces_of_its_own_fonts(
    cuts, tmp_path, monkeypatch
):
    text = (brand.reports_dir() / "_brand.yml").read_text(encoding="utf-8")
    named = tmp_path / "_brand.yml"
    named.write_text(text.replace("weight: 400", "weight: 300"), encoding="utf-8")
    monkeypatch.setattr(fonts, "_kept_faces", cache(fonts._kept_faces.__wrapped__))
    monkeypatch.setattr(fonts, "_cut_faces", lambda files: str(files[0].weight))
    monkeypatch.delenv(brand.VARIABLE, raising=False)
    assert fonts.font_faces() == "400"
    monkeypatch.setenv(brand.VARIABLE, str(named))
    assert fonts.font_faces() == "300"


def test_what_the_typeface_shows_follows_from_its_files(monkeypatch):
    assert glyphs.symbols() < glyphs.typeface()
    (symbols,) = fonts.symbol_files()
    only = (FontFile(symbols, fonts.SYMBOLS, 400, "normal"),)
    monkeypatch.setattr(glyphs, "font_files", lambda: only)
    assert glyphs.symbols() == frozenset()
