"""A record's text arrives on the page and on paper character for character."""

import re
import shutil
import subprocess

import pytest
from lxml import html

from tests.sample_report import code, notebook, table, text, title
from trialkit.escape import markdown_text
from trialkit.report.render.embedded import Embedded
from trialkit.report.render.pandoc import READER, _program
from trialkit.report.render.prepare import prepare
from trialkit.workspace import reports_dir

pytestmark = pytest.mark.slow

#: What Markdown, pandoc's smart typography or Typst would turn into something else.
HOSTILE = (
    "-?",
    "-5",
    "a -5 b",
    "x-?y",
    "...",
    "a...b",
    "--",
    "---",
    "2010--2012",
    '"q"',
    "'q'",
    "the patient's",
    "“q” ‘q’ ’s",
    "5' 6\"",
    "vs. 5",
    "e.g. 5",
    "Dr. X",
    "1/2",
    "(c)",
    "(r) (tm)",
    "@x",
    "#x",
    "#1.",
    "$x$",
    "*x*",
    "_x_",
    "~x",
    "a~b",
    "<x>",
    "<-> => <=",
    "[x](y)",
    "![x](y)",
    ":smile:",
    "^2^",
    "H~2~O",
    "~~x~~",
    "end\\",
    "\\n \\u{41}",
    "//x /*y*/",
    "https://x.org/a--b",
    "{{< x >}}",
    "– — −5 …",
    "5 % and 5%",
    "a-very-long-word_with.many/parts-and--two-dashes",
)


def tool(*arguments):
    if not shutil.which(arguments[0]):
        pytest.skip(f"{arguments[0]} is not installed")
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout


def flat(words):
    return " ".join(words.split())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a report that shows each text in a paragraph, list and table."""
    lines = [f"Text {n}: {markdown_text(t)} :end" for n, t in enumerate(HOSTILE)]
    items = "\n".join(f"- Item {n}: {markdown_text(t)} :end" for n, t in _numbered())
    rows = "".join(f"| Row {n} | {markdown_text(t)} :end |\n" for n, t in _numbered())
    prepared = prepare(
        notebook(
            code("t", title(title=f"Title {' '.join(HOSTILE)} :end")),
            code("x", text("\n\n".join([*lines, items]))),
            code("y", table("tbl-x", f"| N | Text |\n|:--|:--------|\n{rows}")),
        )
    )
    folder = tmp_path_factory.mktemp("report")
    for kind, data in (
        Embedded().render(prepared, ("html", "pdf"), folder=folder).items()
    ):
        (folder / f"r.{kind}").write_bytes(data)
    return folder


def _numbered():
    return list(enumerate(HOSTILE))


def found(words):
    """Return what stands in each place, by its name."""
    texts = re.findall(r"(Text|Item|Row) (\d+):? (.*?) ?:end", flat(words))
    return {f"{place} {n}": shown for place, n, shown in texts}


def expected():
    return {
        f"{place} {n}": flat(t)
        for place in ("Text", "Item", "Row")
        for n, t in _numbered()
    }


def test_the_page_shows_each_text_as_it_is(made):
    page = html.fromstring((made / "r.html").read_bytes())
    for cell in page.iter("td"):
        cell.tail = "\n"  # a cell ends like a line

    assert found(page.text_content()) == expected()
    heading = page.find(".//h1").text_content()
    assert heading == f"Title {' '.join(HOSTILE)} :end"


def test_the_print_holds_each_text_as_it_is(made):
    assert found(tool("pdftotext", "-raw", str(made / "r.pdf"), "-")) == expected()


def test_the_filter_for_quarto_hands_typst_each_text_as_a_string(made, tmp_path):
    typst = pytest.importorskip("typst")
    stub = "quarto = {doc = {is_format = function(n) return n == 'typst' end}}\n"
    rule = (reports_dir() / "verbatim.lua").read_text(encoding="utf-8")
    (tmp_path / "f.lua").write_text(stub + rule, encoding="utf-8")
    # Quarto writes its own values, as this number, between quotes.
    (tmp_path / "m.yml").write_text("{title: 'A -?', section-numbering: 1.1.a}")
    (tmp_path / "t.typ").write_text(
        '#set heading(numbering: "$section-numbering$")\n= $title$\n$body$'
    )
    lines = [f"Text {n}: {markdown_text(t)} :end" for n, t in _numbered()]
    done = subprocess.run(
        # As Quarto calls it: reading without, writing with shorthands.
        [
            *(_program(), "-f", READER, "-t", "typst", "-L", str(tmp_path / "f.lua")),
            *("--metadata-file", str(tmp_path / "m.yml")),
            *("--template", str(tmp_path / "t.typ")),
        ],
        input="\n\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "q.typ").write_text(done.stdout, encoding="utf-8")
    (tmp_path / "q.pdf").write_bytes(typst.compile(str(tmp_path / "q.typ")))

    words = tool("pdftotext", "-raw", str(tmp_path / "q.pdf"), "-")
    assert found(words) == {f"Text {n}": flat(t) for n, t in _numbered()}
    assert words.startswith("1 A -?\n")
