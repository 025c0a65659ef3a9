"""Numbers, references, boxes and images are settled once, for both outputs."""

import base64

import pytest

from tests.sample_report import (
    HOSTILE,
    SVG,
    code,
    figure,
    markdown,
    notebook,
    shown,
    text,
)
from trialkit.errors import ReportError
from trialkit.escape import markdown_text
from trialkit.report.render.assemble import assemble
from trialkit.report.render.document import build
from trialkit.report.render.pandoc import text_of, walk
from trialkit.report.render.prepare import prepare

PNG = base64.b64encode(b"\x89PNG").decode()


def tree(*cells, folder=None):
    return build(assemble(prepare(notebook(*cells))), folder=folder)


def words(document):
    return text_of(document.blocks)


def kinds(document):
    return [node["t"] for node in document.blocks]


def plain(*outputs, source="show()"):
    return code(source, *outputs)


def test_figures_tables_and_sections_are_numbered_apart():
    document = tree(
        markdown("# A {#sec-a}\n\n## B {#sec-b}\n\n# C {#sec-c}"),
        plain(figure("fig-a"), figure("fig-b")),
        markdown("| x |\n|---|\n| 1 |\n\n: Facts {#tbl-a}"),
    )

    assert dict(document.numbers) == {
        "sec-a": "1",
        "sec-b": "1.1",
        "sec-c": "2",
        "fig-a": "1",
        "fig-b": "2",
        "tbl-a": "1",
    }


def test_numbering_starts_at_one_where_the_notebook_begins_with_level_two():
    document = tree(markdown("## A {#sec-a}\n\n### B {#sec-b}\n\n## C {#sec-c}"))

    assert list(document.numbers.values()) == ["1", "1.1", "2"]
    assert [n["c"][0] for n in document.blocks] == [1, 2, 1]


def test_a_skipped_level_is_closed():
    document = tree(markdown("# A {#sec-a}\n\n#### B {#sec-b}\n\n## C {#sec-c}"))

    assert list(document.numbers.values()) == ["1", "1.1", "1.2"]


def test_an_unnumbered_heading_takes_no_number_and_is_cited_by_its_words():
    document = tree(
        markdown("# A {#sec-a .unnumbered}\n\nIn [-@sec-a].\n\n# B {#sec-b}")
    )

    assert document.numbers["sec-b"] == "1"
    assert "In A." in words(document)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("@fig-a", "Figure\u00a01"),
        ("[@fig-a]", "Figure\u00a01"),
        ("[-@fig-a]", "1"),
        ("[Fig. @fig-a]", "Fig. 1"),
        ("[@fig-a; @sec-a]", "Figure\u00a01, Section\u00a01"),
        ("someone@example.org, @handle", "someone@example.org, @handle"),
    ],
)
def test_a_reference_reads_as_in_quarto(written, read):
    document = tree(
        markdown(f"# S {{#sec-a}}\n\nSee {written}."), plain(figure("fig-a"))
    )

    assert f"See {read}." in words(document)


def test_references_link_to_their_label():
    document = tree(markdown("See @fig-a."), plain(figure("fig-a")))

    links = [node["c"][2][0] for node in walk(document.blocks) if node["t"] == "Link"]
    assert links == ["#fig-a"]


def test_a_reference_to_nothing_is_named():
    with pytest.raises(ReportError, match=r"@fig-gone refers to nothing.* fig-a"):
        tree(markdown("See @fig-gone."), plain(figure("fig-a")))


def test_a_caption_may_hold_references():
    document = tree(plain(figure("fig-a", "As @fig-b.")), plain(figure("fig-b")))

    assert text_of(document.blocks[0]["caption"]) == "As Figure\u00a02."


def test_callouts_take_their_title_from_attribute_heading_or_kind():
    document = tree(
        markdown(
            '::: {.callout-note title="One"}\nA\n:::\n\n::: {.callout-tip}\n## Two\nB\n'
            ":::\n\n::: {.callout-warning}\nC\n:::"
        )
    )

    assert [(n["kind"], text_of(n["title"])) for n in document.blocks] == [
        ("note", "One"),
        ("tip", "Two"),
        ("warning", "Warning"),
    ]
    assert document.numbers == {}


def test_a_landscape_box_is_a_turned_page():
    document = tree(markdown("::: {.landscape}\nWide.\n:::"))

    assert kinds(document) == ["TkTurned"]


def test_an_empty_box_is_a_box():
    document = tree(
        markdown("::: {.landscape}\n:::\n\nText.\n\n::: {.callout-note}\n:::")
    )

    assert kinds(document) == ["TkTurned", "Para", "TkCallout"]


def test_headings_of_the_same_words_have_ids_of_their_own():
    document = tree(*[markdown(f"# Part\n\n{'word ' * 9}") for _ in range(3)])

    assert dict(document.numbers) == {"part": "1", "part-1": "2", "part-2": "3"}


def test_a_box_over_two_cells_is_one_box():
    document = tree(
        markdown("::: {.callout-note}\n" + "word " * 9),
        plain(text("word " * 9)),
        markdown(":::"),
    )

    assert kinds(document) == ["TkCallout"]


def test_code_and_its_outputs_show_only_where_asked():
    stream = {"output_type": "stream", "name": "stdout", "text": "said\n"}
    warned = {"output_type": "stream", "name": "stderr", "text": "warned\n"}
    hidden = tree(plain(stream, warned, source="code()"))
    told = tree(plain(stream, warned, source="#| echo: true\n#| warning: true\ncode()"))
    silent = tree(plain(stream, source="#| output: false\ncode()"))
    removed = tree(code("code()", stream, tags=["remove-cell"]))

    def codes(document):
        return [node["c"][1] for node in document.blocks]

    assert codes(hidden) == ["said"]
    assert codes(told) == ["code()", "said", "warned"]
    assert codes(silent) == codes(removed) == []


def test_the_value_of_a_last_line_that_draws_is_left_out():
    value = shown({"text/plain": "<Axes: xlabel='n'>"})

    assert tree(plain(value)).blocks == []


def test_markup_of_an_output_is_text():
    document = tree(
        markdown("<b>x</b> `<i>`\n\n```{=typst}\n#eval\n```\n\n<div>y</div> \\alpha")
    )

    assert not {"RawInline", "RawBlock", "Div"} & {
        node["t"] for node in walk(document.blocks)
    }
    assert "<b>x</b>" in words(document)


def test_escaped_record_text_comes_out_as_its_characters():
    document = tree(plain(text(f"Title: {markdown_text(HOSTILE)}")))

    assert words(document) == f"Title: {HOSTILE}"
    assert {n["t"] for n in walk(document.blocks)} <= {"Para", "Str", "Space"}


def test_links_that_act_are_text_and_handlers_are_dropped():
    document = tree(
        markdown("[a](javascript:alert(1)) [b](https://x.org){onclick=f} [c](data:x)")
    )

    links = [node["c"] for node in walk(document.blocks) if node["t"] == "Link"]
    assert [(text_of(c[1]), c[0]) for c in links] == [("b", ["", [], []])]
    assert words(document) == "a b c"


def test_a_local_image_is_loaded(tmp_path):
    (tmp_path / "plan.svg").write_text(SVG)
    document = tree(
        markdown("![A plan](plan.svg){#fig-plan fig-alt='Two boxes.'}"), folder=tmp_path
    )

    (image,) = document.images.values()
    assert (image.data.decode(), image.alt) == (SVG, "Two boxes.")
    assert document.numbers == {"fig-plan": "1"}


def test_an_attached_image_is_loaded():
    cell = markdown("![a](attachment:x.png)")
    cell["attachments"] = {"x.png": {"image/png": PNG}}

    image = tree(cell).images["attachment:x.png"]
    assert (image.data[:4], image.alt) == (b"\x89PNG", "a")


def test_an_attached_drawing_may_be_text():
    cell = markdown("![a](attachment:x%20y.svg)")
    cell["attachments"] = {"x y.svg": {"image/svg+xml": [SVG]}}

    assert tree(cell).images["attachment:x%20y.svg"].data.decode() == SVG


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("gone.png", "image gone.png: No such file"),
        ("https://example.org/a.png", "local SVG, PNG or JPEG files only"),
        ("//example.org/a.png", "local SVG, PNG or JPEG files only"),
        ("plan.gif", "local SVG, PNG or JPEG files only"),
    ],
)
def test_an_image_that_is_missing_or_remote_is_named(tmp_path, target, message):
    with pytest.raises(ReportError, match=message):
        tree(markdown(f"![a]({target})"), folder=tmp_path)


@pytest.mark.parametrize(
    ("source", "outputs", "message"),
    [
        ("#| label: fig-a\n1", [figure("")] * 2, "fig-a shows 2 figures or tables"),
        ("#| label: fig-a\n1", [], "fig-a shows 0 figures or tables"),
        ("#| label: fig-a\n1", [shown({"image/png": PNG})], "with a caption"),
        (
            "#| label: abc\n#| fig-cap: C\n1",
            [shown({"image/png": PNG})],
            "no fig- or tbl- label",
        ),
        (
            "#| label: fig-a\n#| fig-cap: C\n1",
            [shown({"text/markdown": "x"})],
            "fig-a holds 0 images",
        ),
        (
            "#| label: tbl-a\n#| tbl-cap: C\n1",
            [shown({"text/markdown": "x"})],
            "tbl-a holds no table",
        ),
    ],
)
def test_a_labelled_cell_shows_what_its_label_says(source, outputs, message):
    for output in outputs:
        output["metadata"] = {}
    with pytest.raises(ReportError, match=message):
        tree(code(source, *outputs))


@pytest.mark.parametrize(
    ("caption", "kind"),
    [("1. First", "OrderedList"), ("- a", "BulletList"), ("# A", "Header")],
)
def test_a_caption_that_begins_like_a_list_is_told(caption, kind):
    cell = code(f'#| label: tbl-a\n#| tbl-cap: "{caption}"\n1')
    cell["outputs"] = [
        {**shown({"text/markdown": "| a |\n|---|\n| 1 |"}), "metadata": {}}
    ]
    with pytest.raises(ReportError, match=f"caption of tbl-a .* a {kind}"):
        tree(cell)


def test_a_box_that_is_not_closed_is_told():
    with pytest.raises(ReportError, match=r"pandoc: .*unclosed"):
        tree(markdown("::: {.callout-note}\nopen"))
