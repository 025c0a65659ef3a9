"""The record of a figure: one record is all that a figure needs."""

import inspect
import pickle
from functools import partial

import pandas as pd
import pytest
from matplotlib.axes import Axes

import trialkit as tk
from tests.figure_frames import routes_frame, words_of
from tests.trials_by_hand import AS_OF, empty, many, seeds
from trialkit import figures, summarize
from trialkit.errors import ParameterError, TrialDataError
from trialkit.figures import FIGURES, Figure, crosstab
from trialkit.figures.draw import page
from trialkit.prose import findings, rules
from trialkit.report.display import collect
from trialkit.report.exhibits import present

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]


def count_sexes(data):
    frame = tk.count(data, by="sex")
    frame.attrs["n_usable"] = len(data)
    return frame


def draw_sexes(frame, ax):
    """Draw the number of trials by sex of the participants."""
    ax = page.axes(ax, body=20, left=10)
    ax.bar(frame["sex"].astype(str), frame["n"])
    return ax


SEXES = Figure(
    name="sexes",
    question="Who can take part?",
    summary=count_sexes,
    columns=("sex", "n"),
    drawing=draw_sexes,
    caption="Trials by sex, one bar each. Unit: trials, N = {n_usable} of {n}.",
    alt_text=lambda frame: f"{len(frame)} bars.",
    caption_note=lambda frame: "Not drawn: *nobody*.",
    minimum=5,
)


def shown(name, data):
    with collect() as found:
        present(name, data, as_of=AS_OF)
    return [item for item in found if item.facts["kind"] != "caption"]


def test_one_record_and_its_finding_make_a_figure_of_the_report(monkeypatch):
    monkeypatch.setitem(FIGURES, "sexes", SEXES)
    said = "counts", partial(rules.counts, axis="sex")
    monkeypatch.setitem(findings._KINDS, "sexes", said)
    (figure,) = shown("sexes", many(9))
    assert figure.facts["label"] == "fig-sexes"
    assert figure.facts["alt"] == f"{len(count_sexes(many(9)))} bars."
    assert figure.facts["caption"] == (
        "**All 9 trials leave out the value** "
        "Trials by sex, one bar each. Unit: trials, N = 9 of 9. "
        r"Not drawn: \*nobody\*."
    )
    assert "svg" in str(figure.data)
    assert figure.facts["data"]["text"].startswith("sex,n")


def test_below_its_minimum_a_record_gives_a_table(monkeypatch):
    monkeypatch.setitem(FIGURES, "sexes", SEXES)
    (table,) = shown("sexes", seeds())
    assert table.facts["label"] == "tbl-sexes"
    told = "Trials by sex, in numbers. Too few trials for a figure; N = 4."
    assert table.facts["caption"].startswith(told)
    assert shown("sexes", empty()) == []


def test_enough_compares_usable_trials_with_the_minimum():
    assert figures.phase_by_route.enough(summarize.phase_by_route(seeds()))
    assert figures.source_by_route.enough(summarize.source_by_route(seeds()))
    durations = figures.durations.frame_of
    assert figures.durations.enough(durations(seeds()))
    assert not figures.durations.enough(durations(empty()))
    assert not figures.routes.enough(figures.routes.frame_of(empty()))
    assert figures.durations.too_few(durations(empty())) == (
        "Too few trials for this figure (N = 0; needed 3)."
    )
    with pytest.raises(ParameterError, match="how many trials"):
        figures.routes.enough(pd.DataFrame({"n": [1]}))


def test_the_namespace_lists_the_figures_and_nothing_else():
    assert dir(figures) == sorted({*FIGURES, "crosstab"})
    for name in dir(figures):
        assert getattr(figures, name).name == name
    assert {figure.label for figure in FIGURES.values()} >= {"fig-routes", "fig-strip"}
    assert len({figure.label for figure in FIGURES.values()}) == len(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_trials_are_drawn_as_their_frame_is(name):
    figure, data = FIGURES[name], many(9)
    known = {"as_of": AS_OF, "earlier": None}
    options = {need: known[need] for need in figure.needs}
    if "earlier" in figure.needs:
        pytest.skip("needs an earlier report")
    ax = figure(data, **options)
    assert isinstance(ax, Axes)
    assert words_of(ax) == words_of(figure(figure.frame_of(data, **known)))


def test_options_of_the_summary_are_taken_with_trials():
    years = figures.starts_by_year(many(9), as_of=AS_OF, by="phase_group")
    assert isinstance(years, Axes)
    assert figures.crosstab(many(9), by=["route_group", "phase_group"]).texts


def test_an_option_that_a_frame_cannot_take_is_an_error():
    with pytest.raises(ParameterError, match="routes takes no by with a frame"):
        figures.routes(routes_frame(), by="route")
    with pytest.raises(ParameterError, match="routes takes no as_of with a frame"):
        figures.routes(routes_frame(), as_of=AS_OF)
    years = summarize.starts_by_year(many(9), as_of=AS_OF)
    with pytest.raises(ParameterError, match="starts_by_year takes no as_of"):
        figures.starts_by_year(years, as_of="2030-01-01")
    with pytest.raises(TrialDataError, match="the frame has none"):
        figures.routes(pd.DataFrame())


@pytest.mark.parametrize("figure", [*FIGURES.values(), crosstab], ids=str)
def test_a_figure_travels_to_other_processes_by_its_name(figure):
    assert pickle.loads(pickle.dumps(figure)) is figure


@pytest.mark.parametrize("figure", [*FIGURES.values(), crosstab], ids=str)
def test_a_figure_is_documented_from_its_record(figure):
    text = inspect.getdoc(figure)
    assert text.startswith("Draw ")
    assert figure.question in text
    assert all(name in text for name in (*figure.columns, *figure.needs))
    for section in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"{section}\n{'-' * len(section)}" in text
    assert figure.question.endswith("?")
