"""The strip: a row per trial with its words and dates, or per route and source."""

import csv
import statistics
from collections import Counter

import matplotlib.dates as mdates
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from tests.examples import example_cell_trials, example_trials
from tests.figure_frames import many_trials, trial_row, trials_frame, words_of
from tests.figures.labels import faults_of
from tests.trials_by_hand import many
from trialkit import brand, figures, summarize
from trialkit.figures.draw.families import hue_of, pale
from trialkit.figures.draw.route_rows import lines_of
from trialkit.files import data_text
from trialkit.summarize.wording import counted

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]

DAYS = {"start": "2024-01-10", "completion": "2028-01-10"}
PV = "Into the liver's own vessels"
AS_OF = "2025-12-31"


def families_by_hand(data):
    """Return the only family of each trial from its labels and the vocabulary."""
    rows = csv.DictReader(data_text("vocabulary/route.csv").splitlines())
    family_of = {row["id"]: row["family"] for row in rows}
    found = {trial: set() for trial in data.trials["trial_id"]}
    labels = data.labels[data.labels["axis"] == "route"]
    for trial, value in zip(labels["trial_id"], labels["value"], strict=True):
        if family_of[value]:
            found[trial].add(family_of[value])
    told = {trial: own - {"Not stated"} for trial, own in found.items()}
    return {
        trial: "Several routes" if len(own) > 1 else next(iter(own), "Not stated")
        for trial, own in told.items()
    }


def texts_at(ax, y):
    """Return the words of the row at a height, from left to right."""
    found = [t for t in ax.texts if abs(t.get_position()[1] - y) < 0.01]
    return [t.get_text() for t in sorted(found, key=lambda t: t.get_position()[0])]


def height_of(ax, trial):
    (text,) = [t for t in ax.texts if t.get_text() == trial]
    return text.get_position()[1]


def bars_at(ax, y):
    """Return (left, right, face, edge) of the bars of the row at a height."""
    return [
        (
            p.get_x(),
            p.get_x() + p.get_width(),
            to_hex(p.get_facecolor()),
            to_hex(p.get_edgecolor()) if p.get_linewidth() else None,
        )
        for p in ax.artists + ax.patches
        if isinstance(p, Rectangle)
        and p.get_width() < 100
        and p.get_y() < y < p.get_y() + p.get_height()
    ]


def days_of(ax):
    """Return what turns a place into a day, from the years above the rows."""
    years = {
        text.get_position()[0]: mdates.date2num(
            pd.Timestamp(f"{text.get_text()}-01-01")
        )
        for text in ax.texts
        if text.get_text().isdecimal() and len(text.get_text()) == 4
    }
    (x0, d0), *_, (x1, d1) = sorted(years.items())
    return lambda x: d0 + (x - x0) / (x1 - x0) * (d1 - d0)


def cut_off_of(ax):
    """Return the place of the black line."""
    ink = brand.color("ink")
    (line,) = [c for c in ax.collections if to_hex(c.get_color()[0]) == ink]
    return line.get_segments()[0][0][0]


def test_each_trial_of_the_examples_has_its_words_under_its_family():
    data = example_cell_trials()
    ax = figures.landscape_strip(data, as_of=AS_OF)
    table = data.trials.set_index("trial_id")
    heads = {t.get_text() for t in ax.texts if t.get_weight() == "bold"}
    expected = Counter(families_by_hand(data).values())
    assert len(heads) == len(expected) + len(set(expected.values()))
    for family, n in expected.items():
        name = "Route not stated" if family == "Not stated" else family
        counted = f"{n} trial" if n == 1 else f"{n} trials"
        assert texts_at(ax, height_of(ax, name)) == [name, counted]
    for trial, row in table.iterrows():
        words = texts_at(ax, height_of(ax, trial))
        assert f"{row['enrollment']:,}" in words
        status = row["overall_status"]
        told = (
            "Not stated" if pd.isna(status) else status.replace("_", " ").capitalize()
        )
        assert words[-1].replace(",", "") == told
    assert faults_of(ax) == []


def test_bars_run_from_start_to_completion_on_one_scale():
    data = example_cell_trials()
    ax = figures.landscape_strip(data, as_of=AS_OF)
    day = days_of(ax)
    assert day(cut_off_of(ax)) == pytest.approx(
        mdates.date2num(pd.Timestamp(AS_OF)), abs=3
    )
    n_checked = 0
    for row in data.trials.itertuples():
        ends = []
        for name in ("start", "completion"):
            low = getattr(row, f"{name}_date_earliest")
            high = getattr(row, f"{name}_date_latest")
            if pd.notna(low):
                ends.append(mdates.date2num(low + (high - low) / 2))
        bars = bars_at(ax, height_of(ax, row.trial_id))
        if len(ends) < 2:
            assert len(bars) == len(ends)
            continue
        assert day(bars[0][0]) == pytest.approx(ends[0], abs=5)
        assert day(bars[-1][1]) == pytest.approx(ends[1], abs=5)
        n_checked += 1
    assert n_checked == 36


def only(**facts):
    row = trial_row(1, **{**DAYS, **facts})
    ax = figures.landscape_strip(trials_frame(row))
    return ax, bars_at(ax, height_of(ax, "NCT00000001"))


def test_a_bar_is_pale_after_the_cut_off():
    ax, bars = only()
    hue = hue_of(PV)
    assert [(face, edge) for *_, face, edge in bars] == [(hue, None), (pale(hue), None)]
    assert bars[0][1] == pytest.approx(cut_off_of(ax)) == bars[1][0]


def test_an_unknown_status_is_pale_and_a_withdrawn_trial_is_an_outline():
    past = {"start": "2020-01-01", "completion": "2021-01-01"}
    hue = hue_of(PV)
    _, bars = only(overall_status="UNKNOWN", **past)
    assert [face for *_, face, _ in bars] == [pale(hue)]
    _, bars = only(overall_status="WITHDRAWN", **past)
    assert [(face, edge) for *_, face, edge in bars] == [("#ffffff", hue)]
    _, bars = only(route_family="Not stated", **past)
    assert [(f, e) for *_, f, e in bars] == [("#ffffff", brand.color("slate"))]


def test_missing_dates_are_said_in_words():
    rows = [
        trial_row(1, start="2020-01-01"),
        trial_row(2, completion="2020-01-01"),
        trial_row(3, enrollment=None, short_title=None, overall_status=None),
    ]
    ax = figures.landscape_strip(trials_frame(*rows))
    assert "end not stated" in texts_at(ax, height_of(ax, "NCT00000001"))
    assert "start not stated" in texts_at(ax, height_of(ax, "NCT00000002"))
    words = texts_at(ax, height_of(ax, "NCT00000003"))
    assert words[1:] == [
        "Title not stated",
        "not stated",
        "no dates stated",
        "Not stated",
    ]


def test_without_a_cut_off_there_is_no_line_and_nothing_is_pale():
    ax = figures.landscape_strip(trials_frame(trial_row(1, **DAYS), as_of=None))
    bars = bars_at(ax, height_of(ax, "NCT00000001"))
    assert [face for *_, face, _ in bars] == [hue_of(PV)]


def test_everything_missing_still_makes_a_row():
    row = dict.fromkeys(trial_row(0)) | {"trial_id": "X1"}
    ax = figures.landscape_strip(trials_frame(row, as_of=None))
    assert {"X1", "Route not stated", "1 trial", "no dates stated"} <= {*words_of(ax)}


@pytest.mark.parametrize("count", [1, 4, 38, 60])
def test_rows_fit_on_a_page_whatever_their_words(count):
    families = [*summarize.routes(example_trials())["route_group"].astype(str)]
    rows = [
        trial_row(
            i,
            **DAYS,
            short_title="A trial of very many words " * 12,
            overall_status="ACTIVE_NOT_RECRUITING",
            enrollment=12_345,
            route_family=families[i % len(families)] + str(i % 30),
        )
        | {"trial_id": f"EUCTR2010-022395-31-{i:02d}"}
        for i in range(count)
    ]
    ax = figures.landscape_strip(trials_frame(*rows))
    assert faults_of(ax) == []
    assert ax.figure.get_figwidth() * 25.4 == pytest.approx(174)
    assert ax.figure.get_figheight() * 25.4 <= 205
    drawn = [w for w in words_of(ax) if w.startswith("EUCTR")]
    assert len(drawn) == count


def test_the_alt_text_counts_routes_and_statuses():
    rows = [trial_row(i, **DAYS) for i in range(3)]
    rows.append(trial_row(4, overall_status="COMPLETED", route_family=None))
    text = figures.landscape_strip.alt(trials_frame(*rows))
    assert text == (
        "One row per trial, 4 trials, with a bar from start to completion. Trials by"
        " route: Into the liver's own vessels 3; Not stated 1. By status: recruiting 3;"
        " completed 1."
    )


# Above 60 trials.


def routed(*blocks):
    """Return a frame of (routes, sources of each, how many, the first's size)."""
    rows = []
    for routes, sources, count, size in blocks:
        pairs = [f"{r} ← {s}" for r in routes for s in sources]
        for i in range(count):
            row = trial_row(len(rows), **DAYS, enrollment=size + i)
            row["route_groups"] = "; ".join(routes) or None
            row["route_sources"] = "; ".join(pairs) or None
            rows.append(row)
    return trials_frame(*rows)


FAT, CORD, MARROW = "Adipose tissue", "Umbilical cord", "Bone marrow"
BLOCKS = (
    (["Vein"], [CORD], 30, 10),
    (["Vein"], [FAT], 12, 0),
    (["Vein"], [MARROW], 5, 10),
    (["Vein", "Heart"], [CORD, FAT], 6, 50),
    (["Heart"], ["Not stated"], 7, 1),
    (["Not stated"], [CORD], 9, 5),
)


def test_above_60_trials_each_route_and_its_large_sources_have_a_row():
    lines = [(line.name, line.n, line.is_route) for line in lines_of(routed(*BLOCKS))]
    assert lines == [
        ("Vein", 53, True),
        (CORD, 36, False),
        (FAT, 18, False),
        ("More sources", 5, False),
        ("Heart", 13, True),
        ("Not stated", 9, True),
    ]


def test_rows_have_the_median_of_ten_numbers_above_0():
    frame = routed(*BLOCKS)
    for line in lines_of(frame):
        if line.is_route:
            own = (
                frame["route_groups"].str.split("; ").map(lambda g, n=line.name: n in g)
            )
            sizes = [int(n) for n in frame.loc[own, "enrollment"] if n > 0]
            if len(sizes) < 10:
                assert line.spread is None
            else:
                assert line.spread.median == statistics.median(sizes)
    words = words_of(figures.landscape_strip(frame))
    assert words.count("too few") == 2


def test_numbers_stand_beside_bars_as_long():
    ax = figures.landscape_strip(routed(*BLOCKS))
    for name, n in (("Vein", 53), ("Heart", 13)):
        y = height_of(ax, name)
        assert texts_at(ax, y)[:2] == [name, str(n)]
        ((left, right, *_),) = bars_at(ax, y)
        assert (right - left) / n == pytest.approx(43 / 53)


def test_of_forty_routes_the_smallest_are_together():
    blocks = [([f"Route {i}"], [CORD], 100 - i, 5) for i in range(40)]
    frame = routed(*blocks)
    lines = lines_of(frame)
    assert len(lines) <= 52
    routes = [line for line in lines if line.is_route]
    assert routes[-1].name == "More routes"
    assert sum(line.n for line in routes) == len(frame)
    ax = figures.landscape_strip(frame)
    assert ax.figure.get_figheight() * 25.4 <= 205
    assert faults_of(ax) == []


def test_the_alt_text_of_many_trials_names_routes_with_their_median():
    text = figures.landscape_strip.alt(routed(*BLOCKS))
    assert text.startswith("One row per route and cell source, 69 trials: Vein 53 (med")
    assert text.endswith("Not stated 9.")


def test_a_frame_of_neither_route_nor_number_is_drawn():
    frame = many_trials(70).assign(route_groups=None, route_sources=None)
    frame["enrollment"] = pd.array([pd.NA] * 70, dtype="Int64")
    words = words_of(figures.landscape_strip(frame))
    assert {"Route not stated", "70", "too few"} <= {*words}


@pytest.mark.parametrize("n", [8, 64])
def test_trials_without_cells_stand_by_phase(n):
    frame = summarize.landscape_strip(many(n), as_of=AS_OF)
    ax = figures.strip_by_phase(frame)

    shown = words_of(ax)
    assert {"Phase 1", "Phase 2"} <= set(shown)
    assert shown.count(counted(n // 4, "trial") if n < 60 else str(n // 4)) >= 2
    assert not [text for text in shown if "cell" in text or "Vein" in text]
