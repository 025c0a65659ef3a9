"""Stacked bars, trends, doses, design and history: what is drawn, and what is said."""

import pandas as pd
import pytest

from tests.figure_frames import rows_of, words_of
from tests.figures.labels import faults_of
from trialkit import figures

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("close_figures")]


def donors():
    rows = [
        ("Umbilical cord", "Perinatal tissue", "Allogeneic", 2),
        ("Umbilical cord", "Perinatal tissue", "Allogeneic (inferred)", 5),
        ("Not stated", "Not stated", "Not stated", 3),
    ]
    return pd.DataFrame(rows, columns=["cell_source", "source_family", "relation", "n"])


def statuses():
    rows = [("Portal vein", "Recruiting", 3), ("Portal vein", "Completed", 1)]
    rows += [("Not stated", "Not stated", 2)]
    return pd.DataFrame(rows, columns=["route_group", "status", "n"])


def countries(n=3):
    rows = [(f"Country {i}", 40 - i) for i in range(n)] + [("Not stated", 4)]
    return pd.DataFrame(rows, columns=["country", "n"])


def cities(n=3):
    rows = [(f"City {i}, Chile", 40 - i) for i in range(n)] + [("Not stated", 4)]
    return pd.DataFrame(rows, columns=["city", "n"])


def classes():
    rows = [("Industry", 6), ("Other", 3), ("Not stated", 0)]
    return pd.DataFrame(rows, columns=["lead_sponsor_class", "n"])


def starts():
    rows = [(2021, "Portal vein", 2), (2021, "Not stated", 0)]
    rows += [(2022, "Portal vein", 0), (2022, "Not stated", 0)]
    rows += [(2023, "Portal vein", 1), (2023, "Not stated", 3)]
    made = pd.DataFrame(rows, columns=["year", "route_group", "n"])
    made["is_partial"] = made["year"] == 2023
    made.attrs |= {"as_of": "2023-06-30", "n_planned": 2, "n_undated": 1}
    return made


def cumulative():
    rows = [
        ("NCT1", "Portal vein", "2020-01-01", 10, 10),
        ("NCT2", "Portal vein", "2024-01-01", 5, 15),
        ("NCT3", "Not stated", "2021-01-01", 7, 7),
    ]
    columns = ["trial_id", "route_group", "start", "enrollment", "total"]
    made = pd.DataFrame(rows, columns=columns)
    day = pd.to_datetime(made.pop("start")).astype("datetime64[s]")
    made = made.assign(start_earliest=day, start_latest=day)
    made.attrs["as_of"] = "2022-06-30"
    return made


def doses():
    rows = [
        (f"NCT{i}", "A1", "Given, cells per kg body weight", "Portal vein", 1e6 * i)
        for i in range(1, 6)
    ]
    columns = ["trial_id", "arm_id", "panel", "route_group", "amount"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(short_title="A trial", route_family="Into a vein", per="kg")


def design(n=3):
    states = ["Yes", "No", "Not stated"]
    rows = [
        (f"NCT{i}", feature, states[i % 3])
        for feature in ("Randomized", "Several sites")
        for i in range(n)
    ]
    return pd.DataFrame(rows, columns=["trial_id", "feature", "state"])


def pairs():
    rows = [("NCT1", 40, 0, -40), ("NCT2", 10, 12, 2), ("NCT3", 5, 5, 0)]
    columns = ["trial_id", "planned", "actual", "difference"]
    return pd.DataFrame(rows, columns=columns)


def moves():
    rows = [("NCT1", "2020-01-31", "2021-06-30", 516), ("NCT2", "2023-01-01", None, -9)]
    made = pd.DataFrame(rows, columns=["trial_id", "before", "now", "days"])
    made.loc[1, "now"] = "2022-12-23"
    for name in ("before", "now"):
        made[name] = pd.to_datetime(made[name]).astype("datetime64[s]")
    return made


def runs():
    rows = [
        ("NCT1", "RECRUITING", "Recruiting", "2020-01-01", "2021-01-01", False, False),
        ("NCT1", "COMPLETED", "Completed", "2021-01-01", None, True, False),
        ("NCT2", "RECRUITING", "Recruiting", "2019-01-01", None, True, True),
    ]
    names = "trial_id overall_status status begins ends is_last is_unconfirmed".split()
    made = pd.DataFrame(rows, columns=names)
    for name in ("begins", "ends"):
        made[name] = pd.to_datetime(made[name]).astype("datetime64[s]")
    made["days"] = (made["ends"] - made["begins"]).dt.days.astype("Int64")
    made.attrs |= {"as_of": "2022-06-30", "n_trials": 3, "n_usable": 2}
    return made


FRAMES = {
    "donor_by_source": donors,
    "status_by_route": statuses,
    "countries": countries,
    "cities": cities,
    "sponsor_classes": classes,
    "starts_by_year": starts,
    "cumulative_enrollment": cumulative,
    "doses": doses,
    "design_features": design,
    "planned_actual": pairs,
    "schedule_changes": moves,
    "status_runs": runs,
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_stay_and_nothing_is_an_empty_figure(name):
    frame = FRAMES[name]()
    before = frame.copy()
    plot = figures.FIGURES[name]
    plot(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert words_of(plot(frame.head(0))) == ["No trials to show"]
    assert figures.FIGURES[name].alt(frame.head(0)).startswith("An empty figure")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("donor_by_source", "Umbilical cord and Another person’s, inferred 5"),
        ("status_by_route", "Portal vein and Recruiting 3"),
        ("countries", "Country 0 40; Country 1 39; Country 2 38; not stated 4"),
        (
            "cities",
            "City 0, Chile 40; City 1, Chile 39; City 2, Chile 38",
        ),
        ("sponsor_classes", "Industry 6; Other 3; not stated 0"),
        ("starts_by_year", "the highest bar counts 4 (2023); 4 in 2023, which is"),
        ("cumulative_enrollment", "Portal vein 15; Not stated 7 at the end"),
        ("doses", "5 trials, 1 to 5 million"),
        ("design_features", "3 trials: Randomized 1 (1 not stated)"),
        ("planned_actual", "more than planned in 1, fewer in 1"),
        ("schedule_changes", "later in 1, earlier in 1, median 253.5 days"),
        (
            "status_runs",
            "2 trials over time: 3 runs since 2019-01-01, up to 2022-06-30",
        ),
    ],
)
def test_alt_texts_say_the_numbers(name, words):
    assert words in figures.FIGURES[name].alt(FRAMES[name]())


def test_of_many_countries_the_commonest_are_drawn_and_the_others_are_one_row():
    words = words_of(figures.countries(countries(40)))
    assert len(words[::2]) == 13
    assert words[-4:-1:2] == ["29 more countries", "Not stated"]
    assert figures.countries.note(countries(40)) == ""


def test_of_many_cities_the_commonest_have_a_bar_and_a_note_says_so():
    ax = figures.cities(cities(40))
    assert len([w for w in words_of(ax) if "Chile" in w]) == 25
    assert {"40", "16", "4"} <= set(words_of(ax))
    assert "15" not in words_of(ax)
    assert figures.cities.note(cities(40)) == "Of 40 cities the 25 commonest."


def test_steps_after_the_cut_off_are_dashed_and_lines_are_named_at_their_end():
    ax = figures.cumulative_enrollment(cumulative())
    dashed = [line for line in ax.lines if line.is_dashed()]
    assert len(dashed) >= 2
    assert {"Portal vein 15", "Not stated 7"} <= set(words_of(ax))


def test_lines_that_end_together_have_their_names_inside_the_figure():
    frame = pd.concat(
        [cumulative().head(2).assign(route_group=f"Route {i}") for i in range(12)]
    )
    frame.attrs["as_of"] = "2022-06-30"
    ax = figures.cumulative_enrollment(frame)
    assert faults_of(ax) == []
    assert sum(word.startswith("Route") for word in words_of(ax)) == 5
    note = figures.cumulative_enrollment.note(frame)
    assert note == "Thin: 7 routes with fewer participants."


@pytest.mark.parametrize("n", [3, 60])
def test_a_design_counts_those_that_have_it(n):
    ax = figures.design_features(design(n))
    assert f"{n // 3} of {n}" in words_of(ax)


def test_of_many_changes_the_largest_are_drawn():
    many = pd.DataFrame({"trial_id": [f"NCT{i}" for i in range(50)]})
    many["planned"], many["actual"] = 100, range(50)
    many["difference"] = many["actual"] - many["planned"]
    ax = figures.planned_actual(many)
    assert len(rows_of(ax)) == 40
    assert "NCT49" not in rows_of(ax)
    assert figures.planned_actual.note(many) == (
        "Of 50 trials the 40 that changed most. 0 is at the left edge."
    )


def test_a_status_that_is_unknown_since_is_a_thin_line_and_an_end_is_a_mark():
    ax = figures.status_runs(runs())
    lines = [float(part.get_linewidths()[0]) for part in ax.collections]
    wide = sorted(width for width in lines if width)
    assert rows_of(ax) == ["NCT1", "NCT2"]
    assert {"Recruiting", "completed", "data cut-off 2022-06-30"} <= set(words_of(ax))
    assert wide[0] < 1 < wide[-1]
    assert figures.status_runs.note(runs()) == (
        "Median days of runs that ended (runs): Recruiting 366 (1). "
        "Thin: 1 trial of unknown status since."
    )
