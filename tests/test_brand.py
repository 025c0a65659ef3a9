"""trialkit.brand: one file for colors, type and sizes."""

import os
import shutil
import subprocess
import sys

import pytest

from trialkit import brand
from trialkit.errors import MissingExtraError, TrialDataError
from trialkit.report.render.fonts import symbol_files


def test_route_colors_are_the_guide_s():
    expected = {
        "Vein": "#0072b2",
        "Hepatic artery": "#d55e00",
        "Portal vein": "#009e73",
        "Liver tissue": "#cc79a7",
        "Abdominal cavity": "#f0e442",
        "Muscle": "#56b4e9",
        "Outside the body": "#e69f00",
        "Not stated": "#ffffff",
        "No cell product": "#8d979f",
    }
    assert {group: brand.route_mark(group).color for group in expected} == expected


def test_every_route_differs_in_color_or_marker():
    marks = [m for name, m in brand.load().routes.items() if m.color != "#ffffff"]
    assert len({(mark.color, mark.marker) for mark in marks}) == len(marks)


def test_only_what_is_not_stated_is_white_and_pale_marks_are_outlined():
    marks = brand.load().routes
    assert [k for k, m in marks.items() if m.color == "#ffffff"] == ["Not stated"]
    for mark in brand.load().routes.values():
        assert brand.luminance(mark.edge) < 0.45


def test_an_unlisted_route_is_drawn_as_other():
    assert brand.route_mark("Teleportation") == brand.route_mark("Other route")


def test_text_colors_have_contrast_on_white():
    for name in ("ink", "slate", "accent", "link"):
        assert 1.05 / (brand.luminance(brand.color(name)) + 0.05) >= 4.5


def test_an_unknown_color_is_an_error_that_lists_the_known():
    with pytest.raises(TrialDataError, match="no color 'puce'; it has ink"):
        brand.color("puce")


def test_a_brand_file_without_a_key_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "_brand.yml"
    path.write_text("color: {palette: {}}\n", encoding="utf-8")
    with pytest.raises(TrialDataError, match="typography"):
        brand.load(path)


def test_a_workspace_can_name_its_own_brand_file(tmp_path, monkeypatch):
    text = (brand.reports_dir() / "_brand.yml").read_text(encoding="utf-8")
    path = tmp_path / "_brand.yml"
    path.write_text(text.replace("#0072b2", "#0072b3"), encoding="utf-8")
    monkeypatch.setenv("TRIALKIT_BRAND", str(path))
    assert brand.route_mark("Vein").color == "#0072b3"
    monkeypatch.delenv("TRIALKIT_BRAND")
    assert brand.route_mark("Vein").color == "#0072b2"


def test_the_brand_file_is_the_user_s_then_the_workspace_s_then_ours(
    tmp_path, monkeypatch
):
    monkeypatch.delenv(brand.VARIABLE, raising=False)
    assert brand.find(tmp_path) == brand.find() == brand.reports_dir() / "_brand.yml"
    own = tmp_path / "_brand.yml"
    own.touch()
    assert brand.find(tmp_path) == own
    monkeypatch.setenv(brand.VARIABLE, "named.yml")
    assert brand.find(tmp_path).name == "named.yml"


@pytest.mark.parametrize("before", [{}, {brand.VARIABLE: ""}])
def test_a_brand_is_followed_in_the_block_and_not_after_it(
    before, tmp_path, monkeypatch
):
    (tmp_path / "_brand.yml").touch()
    monkeypatch.setattr(os, "environ", dict(before))
    with brand.follow(tmp_path):
        assert os.environ == {brand.VARIABLE: str(tmp_path / "_brand.yml")}
    assert os.environ == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("color: [", r" is not YAML: line 1: "),
        ("", ": a section is missing or of another kind"),
        ("- a list", ": a section is missing or of another kind"),
        ("color: {palette: {}, ink: 3}", ": a section is missing or of another kind"),
        ("color: {palette: {ink: [1]}}", r".* \(color\.palette\.ink: Expected `str`"),
        ("color: {palette: {}, ink: x}", ": no usable 'x'"),
        ("color: {palette: {ink: '#zzz'}}", ": the color ink must be #rrggbb, not '#z"),
        ("color: {palette: {ink: 'a}</style>'}}", ": the color ink must be #rrggbb"),
    ],
)
def test_a_brand_file_that_is_none_is_an_error(tmp_path, text, told):
    path = tmp_path / "_brand.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrialDataError, match=rf"_brand\.yml{told}[^\n]*$"):
        brand.load(path)


def test_a_missing_brand_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(TrialDataError, match=r"brand file .*nowhere\.yml: No such f"):
        brand.load(tmp_path / "nowhere.yml")


def test_font_files_exist_and_cover_the_weights_used():
    files = brand.font_files()
    assert all(file.path.is_file() for file in files)
    assert {(file.weight, file.style) for file in files} >= {
        (400, "normal"),
        (400, "italic"),
        (600, "normal"),
    }


@pytest.fixture
def own(tmp_path):
    """A brand file whose fonts are of the family DejaVu Sans, and beside it."""
    text = (brand.reports_dir() / "_brand.yml").read_text(encoding="utf-8")
    path = tmp_path / "_brand.yml"
    path.write_text(text.replace("Source Sans Pro", "DejaVu Sans"), encoding="utf-8")
    (tmp_path / "fonts").mkdir()
    (dejavu,) = symbol_files()
    for font in brand.load().fonts:
        shutil.copy(dejavu, tmp_path / font.path)
    return path


def test_fonts_beside_the_brand_file_are_taken(own):
    files = brand.font_files(own)
    assert {(file.family, file.path.parent) for file in files} == {
        ("DejaVu Sans", own.parent / "fonts")
    }


@pytest.mark.parametrize("content", [b"", b"<html>", b"OTTO" + b"\xff" * 99, None])
def test_a_font_that_is_none_is_told_with_its_name(own, content):
    font = own.parent / "fonts" / "SourceSansPro-It.ttf"
    # None stands for a download that broke off.
    font.write_bytes(font.read_bytes()[:-999] if content is None else content)
    with pytest.raises(TrialDataError) as told:
        brand.font_files(own)
    assert str(told.value) == (
        f"{own} names fonts/SourceSansPro-It.ttf for the family DejaVu Sans;"
        " it is no whole TTF or OTF file"
    )


def test_a_font_with_an_empty_table_is_whole(own):
    from fontTools.ttLib import TTFont, newTable

    path = own.parent / "fonts" / "SourceSansPro-It.ttf"
    with TTFont(path) as font:
        font["ZZZZ"] = newTable("ZZZZ")
        font["ZZZZ"].data = b""
        font.save(path)
    assert path in {file.path for file in brand.font_files(own)}


def test_a_font_of_another_family_is_told(own):
    # The package's own stands in for one that is not there.
    (own.parent / "fonts" / "SourceSansPro-It.ttf").unlink()
    with pytest.raises(TrialDataError, match="is of the family Source Sans Pro"):
        brand.font_files(own)


def test_a_font_that_is_nowhere_is_told(own):
    own.write_text(own.read_text().replace("SourceSansPro-It", "Mine"))
    with pytest.raises(TrialDataError, match=r"names the font fonts/Mine\.ttf, which"):
        brand.font_files(own)


def test_a_family_without_fonts_is_told(own):
    own.write_text(own.read_text().replace("- family: DejaVu", "- family: Other"))
    with pytest.raises(TrialDataError, match="no fonts of its base family DejaVu Sans"):
        brand.load(own)


def test_a_missing_typeface_says_what_to_install(monkeypatch):
    brand.fonts_of.cache_clear()
    monkeypatch.setattr(brand, "package_folder", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"trialkit\[report\]"):
        brand.font_files()


def test_style_leaves_the_user_s_settings_alone():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with brand.style():
        assert mpl.rcParams["font.family"][0] == "Source Sans Pro"
        assert mpl.rcParams["svg.fonttype"] == "none"
    assert dict(mpl.rcParams) == before


def test_print_is_never_below_8_pt_nor_wider_than_the_text():
    settings = brand.load()
    assert min(settings.font_size, settings.small_size) >= 8
    assert settings.width_mm <= 174  # A4 with margins of 18 mm
    assert settings.half_width_mm == (settings.width_mm - 6) / 2
    assert settings.max_height_mm <= 225


def test_reading_the_brand_needs_no_matplotlib():
    code = (
        "import sys, trialkit.brand as b; b.route_mark('Heart');"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
