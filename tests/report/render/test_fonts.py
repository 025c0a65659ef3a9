"""The page's fonts are cut once, and kept only as what they would be cut to again."""

import pytest

from trialkit import brand
from trialkit.brand import FontFile
from trialkit.report.render import fonts, glyphs


@pytest.fixture
def faces(tmp_path, monkeypatch):
    """Ask for the faces with a cache folder of the test's own; count the cuts."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def faces():
        # Another cutter each time: what this process has cut before is not known.
        return fonts.font_faces(lambda _: faces.cuts.append(1) or "@font-face{}")

    faces.cuts = []
    return faces


def test_fonts_are_cut_once(faces, tmp_path):
    assert faces() == faces() == "@font-face{}"
    assert len(faces.cuts) == 1
    assert len(list((tmp_path / "cache" / "trialkit").iterdir())) == 1


def test_another_cutter_or_font_cuts_anew(faces, monkeypatch):
    faces()
    monkeypatch.setattr(fonts, "version", lambda name: "0")
    faces()
    monkeypatch.setattr(fonts, "symbol_files", list)
    faces()
    assert len(faces.cuts) == 3


def test_a_cache_that_cannot_be_used_is_done_without(faces, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert faces() == faces() == "@font-face{}"
    assert len(faces.cuts) == 2


def test_each_brand_of_a_process_has_the_faces_of_its_own_fonts(tmp_path, monkeypatch):
    def weight(files):
        return str(files[0].weight)

    text = (brand.reports_dir() / "_brand.yml").read_text(encoding="utf-8")
    named = tmp_path / "_brand.yml"
    named.write_text(text.replace("weight: 400", "weight: 300"), encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(brand.VARIABLE, raising=False)
    assert fonts.font_faces(weight) == "400"
    monkeypatch.setenv(brand.VARIABLE, str(named))
    assert fonts.font_faces(weight) == "300"


def test_what_the_typeface_shows_follows_from_its_files(monkeypatch):
    assert glyphs.symbols() < glyphs.typeface()
    (symbols,) = fonts.symbol_files()
    only = (FontFile(symbols, fonts.SYMBOLS, 400, "normal"),)
    monkeypatch.setattr(glyphs, "font_files", lambda: only)
    assert glyphs.symbols() == frozenset()
