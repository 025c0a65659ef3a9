"""What a notebook shows carries its caption where the renderers find it."""

import matplotlib as mpl
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt

from trialkit.errors import ParameterError
from trialkit.report import display


@pytest.fixture
def shown(monkeypatch):
    """Every (data, facts) that was displayed."""
    calls = []

    def record(data, *, raw, metadata):
        assert raw
        calls.append((data, metadata["trialkit"]))

    monkeypatch.setattr("IPython.display.display", record)
    return calls


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    axes.barh(["Portal vein", "Not stated"], [2, 1])
    yield axes
    plt.close(figure)


def test_a_figure_carries_label_caption_and_alt(shown, axes):
    display.show_figure(axes, label="fig-routes", caption="Trials:\n by route", alt="A")

    (caption, role), (data, facts) = shown
    assert facts == {
        "kind": "figure",
        "label": "fig-routes",
        "caption": "Trials: by route",
        "alt": "A",
        "classes": [],
    }
    assert role == {"kind": "caption"}
    assert caption["text/markdown"] == "Trials:\n by route"
    assert ">Portal vein</text>" in data["image/svg+xml"]


def test_a_title_is_plain_text_and_begins_the_caption_in_bold(shown, axes):
    look = {"caption": "Trials.", "title": "*Two* of 3", "is_half": True}
    display.show_figure(axes, label="fig-a", alt="A", **look)
    display.show_table("| a |", label="tbl-a", caption="Rows.", title="None <b>")

    captions = [facts["caption"] for _, facts in shown if "caption" in facts]
    assert captions == [r"**\*Two\* of 3** Trials.", r"**None \<b\>** Rows."]
    assert shown[0][0]["text/markdown"] == captions[0]
    assert shown[1][1]["classes"] == ["half"]
    assert shown[3][1]["classes"] == []


def test_a_shown_figure_is_closed(shown, axes):
    display.show_figure(axes, label="fig-a", caption="C", alt="A")

    assert not plt.fignum_exists(axes.figure.number)


def test_the_same_figure_gives_the_same_svg(shown):
    for _ in range(2):
        axes = plt.subplots()[1]
        axes.barh(["a"], [1])
        display.show_figure(axes, label="fig-a", caption="C", alt="A")

    assert shown[1][0]["image/svg+xml"] == shown[3][0]["image/svg+xml"]
    assert "<dc:date>" not in shown[1][0]["image/svg+xml"]


def test_a_table_may_be_an_object_or_markdown(shown):
    class Table:
        def _repr_markdown_(self):
            return "| a |\n|---|\n| 1 |"

    display.show_table(Table(), label="tbl-a", caption="C", landscape=True)
    display.show_table("| b |", label="tbl-b", caption="C")

    assert [data["text/markdown"] for data, _ in shown] == [
        "C",
        "| a |\n|---|\n| 1 |",
        "C",
        "| b |",
    ]
    assert shown[1][1]["classes"] == ["landscape"]
    assert shown[3][1]["classes"] == []


def test_empty_text_shows_nothing(shown):
    display.show_text("", "")
    display.show_text("One.", "", "Two.")

    assert [data["text/markdown"] for data, _ in shown] == ["One.\n\nTwo."]


def test_the_title_holds_the_front_matter(shown):
    display.show_title(
        "Liver", subtitle="Routes", as_of="2026-06-30", facts={"Trials": "4"}
    )

    front = shown[0][1]["front"]
    assert (front["title"], front["date"], front["facts"]) == (
        "Liver",
        "2026-06-30",
        {"Trials": "4"},
    )
    assert shown[0][0]["text/markdown"] == "# Liver\n\nRoutes\n\n- Trials: 4"


@pytest.mark.parametrize(
    "label", ["routes", "tbl-routes", "fig-", "fig-Routes", "fig-a b"]
)
def test_a_malformed_label_is_refused(shown, axes, label):
    with pytest.raises(ParameterError, match="must be fig-"):
        display.show_figure(axes, label=label, caption="C", alt="A")


@pytest.mark.parametrize(("caption", "alt"), [(" ", "A"), ("C", "")])
def test_a_figure_without_words_is_refused(shown, axes, caption, alt):
    with pytest.raises(ParameterError, match="fig-a has an empty"):
        display.show_figure(axes, label="fig-a", caption=caption, alt=alt)


@pytest.mark.parametrize(
    ("option", "value"),
    [("paper", "a5"), ("orientation", "sideways"), ("as_of", "30 June 2026")],
)
def test_an_unknown_page_format_is_refused(shown, option, value):
    with pytest.raises(ParameterError, match=option):
        display.show_title("T", **{option: value})


def test_what_is_collected_is_not_displayed(shown):
    with display.collect() as collected:
        display.show_text("Inside.")
    display.show_text("Outside.")

    assert [item.data["text/markdown"] for item in collected] == ["Inside."]
    assert [data["text/markdown"] for data, _ in shown] == ["Outside."]


def test_collecting_ends_with_an_error_too(shown):
    with pytest.raises(ParameterError), display.collect():
        display.show_title("T", paper="a5")
    display.show_text("Outside.")
    assert len(shown) == 1


def test_jupyter_is_shown_a_box_as_a_quote_and_the_renderers_get_the_box(shown):
    box = '::: {.callout-note title="Routes"}\nFirst.\n\nSecond.\n:::'
    display.show_text("## Devices {#sec-devices}", box, "[ (see @fig-a-b)]{.if-shown}")

    ((data, facts),) = shown
    assert data["text/markdown"] == (
        "## Devices\n\n> **Routes**\n>\n> First.\n>\n> Second.\n\n (see figure “a b”)"
    )
    assert box in facts["markdown"]
    assert "{#sec-devices}" in facts["markdown"]


def test_an_address_of_mail_is_no_reference(shown):
    display.show_text("Write to a@fig-x.org, \\\\@fig-y")

    ((data, facts),) = shown
    assert data["text/markdown"] == "Write to a@fig-x.org, \\\\@fig-y"
    assert facts == {"kind": "text"}
