"""No character of a record becomes a silent box."""

import shutil
import subprocess

import pytest

from tests.sample_report import code, figure, markdown, notebook, raw, table, title
from trialkit.report.render import glyphs
from trialkit.report.render.embedded import Embedded
from trialkit.report.render.glyphs import VARIABLE, Glyphs, find_glyphs, spell_nodes
from trialkit.report.render.prepare import prepare

WORDS = "肝 細胞，간 ● ○ 79 %"


@pytest.fixture
def no_fonts(monkeypatch):
    """A machine without any font of its own."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(glyphs, "FOLDERS", ())


def test_usual_text_needs_no_other_font():
    assert find_glyphs(["Größe ≥ 5 × 10⁶ – „x“ → ✓ ● β", ""]) == Glyphs()


@pytest.mark.usefixtures("no_fonts")
def test_what_no_font_shows_is_missing():
    found = find_glyphs([WORDS])

    assert found.missing == set("肝細胞，간")
    assert found.untold == sorted("肝細胞간")
    assert found.spell("細胞，ok") == "‹U+7D30›‹U+80DE›,ok"


def test_a_folder_of_fonts_is_searched_first(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(glyphs, "FOLDERS", ())
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    shutil.copyfile(glyphs.symbol_files()[0], tmp_path / "mine.ttf")
    monkeypatch.setattr(glyphs, "typeface", frozenset)

    found = find_glyphs(["a●"])
    assert found.families == ("DejaVu Sans",)
    assert [path.name for path in found.files] == ["mine.ttf"]
    assert found.missing == frozenset()


def test_words_are_spelled_and_names_of_places_are_not():
    heading = {"t": "Header", "c": [1, ["肝", [], []], [{"t": "Str", "c": "肝"}]]}
    listing = {"t": "CodeBlock", "c": [["", [], []], "肝"]}
    spelled = spell_nodes([heading, listing], Glyphs(missing=frozenset("肝")).spell)

    assert spelled[0]["c"] == [1, ["肝", [], []], [{"t": "Str", "c": "‹U+809D›"}]]
    assert spelled[1]["c"][1] == "‹U+809D›"
    assert heading["c"][2][0]["c"] == "肝"


def rendered(tmp_path):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="40pt"'
        f' viewBox="0 0 200 40"><text x="5" y="20">{WORDS}</text></svg>'
    )
    cells = [
        raw("---\ntitle: x\n---"),
        code("", title(title=f"A {WORDS}")),
        markdown(f"# Heading {WORDS}\n\nText {WORDS} and `{WORDS}`."),
        code("", figure("fig-a", f"Shows {WORDS}.", f"Alt {WORDS}", svg)),
        code("", table("tbl-a", f"| A |\n|:--|\n| {WORDS} |\n", f"Table {WORDS}.")),
    ]
    made = Embedded().render(
        prepare(notebook(*cells)), ("html", "pdf"), folder=tmp_path
    )
    (tmp_path / "r.pdf").write_bytes(made["pdf"])
    pdf = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "r.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    return made["html"].decode(), pdf.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("no_fonts")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")
def test_a_pdf_says_which_characters_it_could_not_show(tmp_path):
    page, pdf = rendered(tmp_path)

    assert page.count("肝 細胞，간") >= 6
    assert "肝" not in pdf
    # Title, running head, contents, heading, text, code, figure, captions and table.
    assert pdf.count("‹U+809D›") >= 8
    assert "this PDF gives 4 characters by number" in " ".join(pdf.split())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")
def test_a_font_of_the_machine_shows_them(tmp_path):
    if find_glyphs([WORDS]).missing:
        pytest.skip("no font of this machine shows them")
    _, pdf = rendered(tmp_path)

    assert pdf.count("肝") >= 8
    assert "U+" not in pdf


def test_a_combining_mark_that_no_font_shows_is_spelled():
    # Typst stops at one that follows a character of another font.
    glyphs = find_glyphs(["ह\u094d"])

    assert glyphs.missing <= {"ह", "\u094d"}
    if "\u094d" in glyphs.missing:
        assert "‹U+094D›" in glyphs.spell("ह\u094d")


def test_a_variation_selector_is_no_character_to_show():
    assert find_glyphs(["♥\ufe0f"]).missing <= {"♥"}
