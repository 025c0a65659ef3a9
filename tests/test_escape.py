"""Record text must come out as the characters a reader sees, and as nothing else."""

import json
import subprocess

import pytest
import yaml

from trialkit.escape import (
    csv_safe,
    html_text,
    markdown_text,
    plain_text,
    typst_string,
    yaml_string,
)

HOSTILE = [
    "a|b",
    "# head",
    "1. one",
    "(1) one",
    "(@eg) one",
    "b) two",
    "iv. four",
    "- item",
    "+ item",
    "* item",
    "% title",
    "--- x",
    "---",
    "* * *",
    "wait...",
    "{{< include secret.md >}}",
    "http://example.org/x",
    "@smith2020 and [@sec-x]",
    "<script>alert(1)</script>",
    "[text](javascript:x)",
    "![picture](http://example.org/x.png)",
    "`code`{=html}",
    "two\n\nparagraphs  \nbreak",
    "$x^2$ and H~2~O",
    "~~struck~~",
    "^[note] and [^1]",
    ": definition",
    "Since 2026: :smile: and a :smile: or word:smile: too: x",
    "TABLE: caption",
    "term:: x",
    "[^n]: note",
    "https: //example.org",
    "=====",
    "\\newpage and a\\",
    "**strong** _emphasis_",
    "'single' \"double\"",
    "a -- b",
    "5 > 3 & 4 &lt;b&gt;",
    "::: {.panel}",
    "~~~ fence",
    "[span]{.red}",
    "#| label: fig-x",
    "Table: caption",
    "10^8 cells/kg",
    '#let x = 1; #read("/etc/passwd")',
]
MARKUP = {
    "Link", "Image", "RawInline", "RawBlock", "Math", "Code", "CodeBlock", "Cite",
    "Emph", "Strong", "Note", "Superscript", "Subscript", "Strikeout", "Quoted", "Span",
    "BulletList", "OrderedList", "DefinitionList", "HorizontalRule", "LineBreak",
    "BlockQuote", "Div",
}  # fmt: skip


def parsed(markdown: str) -> dict:
    pypandoc = pytest.importorskip("pypandoc")
    run = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "markdown-smart+emoji+mark", "-t", "json"],
        input=markdown,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def kinds(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["t"]} if "t" in node else set()
        return own.union(*(kinds(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(kinds(value) for value in node))
    return set()


def words(node: object) -> str:
    if isinstance(node, dict):
        if node.get("t") == "Str":
            return node["c"]
        return " " if node.get("t") == "Space" else words(node.get("c", []))
    return "".join(map(words, node)) if isinstance(node, list) else ""


def test_markdown_text_shows_every_character_and_makes_no_markup_in_a_paragraph():
    document = parsed("\n\n".join(markdown_text(text) for text in HOSTILE))
    assert not kinds(document["blocks"]) & MARKUP
    shown = [words(block) for block in document["blocks"]]
    assert shown == [plain_text(t) for t in HOSTILE]


def test_markdown_text_stays_in_one_cell_of_a_pipe_table():
    rows = "".join(f"| {markdown_text(text)} | end |\n" for text in HOSTILE)
    document = parsed("| a | b |\n|---|---|\n" + rows)
    assert len(document["blocks"]) == 1
    assert not kinds(document["blocks"]) & MARKUP
    body = document["blocks"][0]["c"][4][0][3]
    assert [words(row[1][0]) for row in body] == [plain_text(t) for t in HOSTILE]
    assert {words(row[1][1]) for row in body} == {"end"}


def test_plain_text_drops_what_hides_or_reorders():
    assert plain_text("a\u202eb\u200bc\x00d\ufeff") == "abcd"


@pytest.mark.parametrize("text", HOSTILE)
def test_yaml_string_reads_back_as_the_same_text(text):
    assert yaml.safe_load(f"title: {yaml_string(text)}") == {"title": plain_text(text)}


def test_html_text_leaves_no_tag_and_no_quote():
    assert html_text("<b a='1' c=\"2\">&") == (
        "&lt;b a=&#x27;1&#x27; c=&quot;2&quot;&gt;&amp;"
    )


def test_typst_string_cannot_be_left():
    assert typst_string('x\\" + read("f")') == '"x\\\\\\" + read(\\"f\\")"'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_csv_safe_disarms_formulas(text):
    assert csv_safe(text) == "'" + text


@pytest.mark.parametrize("value", ["IV", "2024-04-23", -1, 0.5, None])
def test_csv_safe_leaves_the_rest(value):
    assert csv_safe(value) is value
