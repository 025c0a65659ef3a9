"""Quarto prints with the look and the tables of the embedded engine.

Quarto itself is not needed: its filters and its figures are imitated.
"""

import shutil
import subprocess

import pytest

from tests.sample_report import code, markdown, notebook, table, title
from trialkit.report.display import TABLE_TYPE
from trialkit.report.notebook import markdown_of
from trialkit.report.render.cell_options import cell_options
from trialkit.report.render.cover import read_cover
from trialkit.report.render.pandoc import _program
from trialkit.report.render.prepare import prepare, read_front_matter
from trialkit.report.render.quarto_print import for_print, print_files
from trialkit.workspace import reports_dir

HOSTILE = '{{< env HOME >}} ``` #eval("1")'


def form(*rows):
    return {
        "heads": [["Id"], ["Words"]],
        "widths": [0.2, 0.8],
        "aligns": ["left", "right"],
        "rows": [[[cell] for cell in row] for row in rows],
    }


def a_table(label, *rows, classes=()):
    words = "| Id | Words |\n|:---|---:|\n" + "| 1 | told |\n" * len(rows)
    output = table(label, f"{words}\nA note.", caption="Trials.", classes=classes)
    output["data"][TABLE_TYPE] = form(*rows)
    output["metadata"]["trialkit"]["data"] = {"file": f"{label}.csv", "text": ""}
    return output


def printed(*cells):
    nb = prepare(notebook(code("t", title()), *cells), name="r")
    made = for_print(nb, read_cover(read_front_matter(nb)))
    return [cell for cell in made["cells"] if "#| label" in cell["source"]]


def test_a_table_reaches_quarto_once_as_typst_with_its_note():
    (cell,) = printed(code("x", a_table("tbl-x", ("A", HOSTILE), ("B", "b"))))

    words = markdown_of(cell["outputs"][0])
    start = "````{=typst}\n#lead-on[\n#unbroken[\n#table(columns: (20%, 80%,)"
    assert words.startswith(start)
    assert words.count('[#"B";], [#"b";]') == 1
    assert words.endswith("````\n\nA note.")
    assert "told" not in words
    # A shortcode of Quarto's would run, in a raw block too.
    assert "{{<" not in words
    assert '#"{\\u{7b}< env HOME >}} ``` #eval(\\"1\\")";' in words


def test_only_a_table_too_long_for_an_upright_page_turns_it():
    short, long, compact = printed(
        code("x", a_table("tbl-x", ("A", "a"), classes=["landscape"])),
        code("y", a_table("tbl-y", *[("A", "a")] * 60, classes=["landscape"])),
        code("z", a_table("tbl-z", ("A", "a"), classes=["compact"])),
    )
    classes = [cell_options(c, where="")[0]["classes"] for c in (short, long, compact)]

    assert classes == [[], ["landscape"], ["compact"]]
    assert "#compact[\n" in markdown_of(compact["outputs"][0])


def test_a_printed_caption_ends_before_the_link_to_its_data():
    (cell,) = printed(code("x", a_table("tbl-x", ("A", "a"))))

    assert cell_options(cell, where="")[0]["tbl-cap"] == "Trials."


FLOAT = """```{=typst}
#figure([#rect(width: 100%, height: 20pt)], caption: figure.caption(position: top,
[#strong[NAME lead] Trials by route.]), kind: "quarto-float-fig", supplement: "Figure")
<LABEL>
```"""
#: What Quarto's own filters leave of a landscape.
LEFT = f"""
# Routes {{.kicker .unnumbered}}

## One in two {{.finding .unnumbered}}

:::: {{.cell}}
One of 2 trials (50 %).

Vein
:   First answer.

::: {{.pair}}
::: {{.cell}}
{FLOAT.replace("LABEL", "fig-a").replace("NAME", "Veins")}
:::

::: {{.cell .beside}}
Beside it.
:::
:::
::::

::: {{.box kind="note"}}
Notice

No advice.
:::

## Wide

```{{=typst}}
#set page(flipped: true)
```

{FLOAT.replace("LABEL", "fig-b").replace("NAME", "Arteries")}

```{{=typst}}
#set page(flipped: false)
```

## Wider

```{{=typst}}
#set page(flipped: true)
```

Last.
"""


def filtered(text, name, target, folder, *, to="typst"):
    """Return a text as pandoc writes it with a filter that Quarto would run."""
    stub = f"quarto = {{doc = {{is_format = function(n) return n == '{target}' end}}}}"
    rule = (reports_dir() / name).read_text(encoding="utf-8")
    (folder / "f.lua").write_text(f"{stub}\n{rule}", encoding="utf-8")
    arguments = [_program(), "-f", "markdown-smart", "-t", to, "--wrap=none"]
    done = subprocess.run(
        [*arguments, "-L", str(folder / "f.lua")],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("line", ["Words of the sources:", "**A title**"])
def test_a_line_that_leads_on_does_not_end_a_page(line, tmp_path):
    written = filtered(f"{line}\n\n- One.\n", "verbatim.lua", "typst", tmp_path)
    assert written.startswith("#lead-on[")
    assert written.index("]\n") < written.index("One")
    plain = filtered("A sentence.\n\n- One.\n", "verbatim.lua", "typst", tmp_path)
    assert "#lead-on[" not in plain


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The words of each page that Typst makes of `LEFT`, and its size."""
    typst = pytest.importorskip("typst")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    folder = tmp_path_factory.mktemp("print")
    written = filtered(LEFT, "verbatim.lua", "typst", folder)
    nb = prepare(notebook(code("t", title()), markdown("# A\n\nB.")))
    for name, content in print_files(read_cover(read_front_matter(nb))).items():
        (folder / name).write_bytes(content)
    show = (reports_dir() / "typst-show.typ").read_text(encoding="utf-8")
    assert "$" not in show  # which Quarto would take for a value of its own
    (folder / "q.typ").write_text(f"{show}\n{written}", encoding="utf-8")
    (folder / "q.pdf").write_bytes(typst.compile(str(folder / "q.typ")))
    command = ["pdftotext", "-raw", str(folder / "q.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def test_what_quarto_leaves_is_printed_in_our_look(pages):
    first, second = pages

    # The title block is ours, and a finding stands above the number of its figure.
    for words in (
        "Sample: a landscape Routes and cells",
        "ROUTES One in two One of 2 trials (50 %).",
        "Vein First answer.",
        "Veins lead Figure 1: Trials by route.",
        "Beside it.",
        "Notice No advice.",
        "Not medical advice.",
    ):
        assert words in first
    # A heading goes with its turned page, which its neighbor shares.
    assert "Wide" not in first
    order = ("Wide", "Arteries lead Figure 2: Trials by route.", "Wider Last.")
    places = [second.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize("target", ["typst", "html"])
def test_two_columns_are_ours_in_print_and_quartos_on_the_page(target, tmp_path):
    cells = "::: {.cell}\n![](x.png)\n:::\n\n::: {.cell}\nWords.\n:::\n"
    text = f":::: {{.pair layout-ncol=2}}\n{cells}::::"
    made = filtered(text, "report.lua", target, tmp_path, to="html")
    is_print = target == "typst"
    assert ('<div class="pair">' in made) == is_print
    assert ("layout-ncol" in made) != is_print
    assert made.count("beside") == is_print
    assert made.find('class="cell beside"') < made.find("Words.")
