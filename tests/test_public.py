"""The public names: one list, one screen, and the old names for one release."""

from __future__ import annotations

import csv
import inspect
from operator import attrgetter
from pathlib import Path

import pandas as pd
import pytest

import trialkit as tk

DATA = Path(tk.__file__).parent / "data"
with (DATA / "renamed.csv").open(encoding="utf-8") as rows:
    ROWS = {row["old"]: row for row in csv.DictReader(rows)}
RENAMED = {old: row["new"] for old, row in ROWS.items()}
SPACES = ("label", "plot", "report", "score", "summarize", "table")


def test_the_public_names_fit_one_screen():
    assert dir(tk) == sorted(tk.__all__)
    assert len(dir(tk)) <= 32
    assert {name for name in dir(tk) if inspect.ismodule(getattr(tk, name))} == {
        *SPACES
    }


@pytest.mark.parametrize("space", SPACES)
def test_a_namespace_lists_what_it_is_for_and_nothing_else(space):
    names = dir(getattr(tk, space))

    assert names
    for name in names:
        thing = getattr(getattr(tk, space), name)
        assert not inspect.ismodule(thing), f"tk.{space}.{name} is a module"


def test_a_figure_has_the_name_of_the_frame_that_it_draws():
    others = {name for name in dir(tk.plot) if "_by_" in name} | {"crosstab"}
    others |= {"start_years", "gaps"}  # another view of starts, and of completeness

    assert set(dir(tk.plot)) - others <= set(dir(tk.summarize))


@pytest.mark.parametrize("old", RENAMED)
def test_a_name_of_the_last_release_warns_of_the_new_one(old):
    assert old not in dir(tk)
    with pytest.warns(DeprecationWarning, match=f"tk.{old} is now tk.{RENAMED[old]}"):
        found = getattr(tk, old)
    with pytest.warns(DeprecationWarning, match=old):
        assert found is getattr(tk, old)
    if not ROWS[old]["where"]:
        assert found is attrgetter(RENAMED[old])(tk)


def test_what_took_other_arguments_is_kept_beside_the_new_name():
    data = tk.load_example()

    with pytest.warns(DeprecationWarning, match="enrollment_by_route"):
        old = tk.summarize_enrollment(data)
    assert old.equals(tk.summarize.enrollment_by_route(data, by=None))
    with pytest.warns(DeprecationWarning, match=r"tk\.plot\.NAME\.alt"):
        told = tk.alt_text("routes", tk.summarize.routes(data))
    assert told == tk.plot.routes.alt(tk.summarize.routes(data))


@pytest.mark.parametrize("old", [old for old in RENAMED if old.startswith("plot_")])
def test_a_figure_takes_its_frame_by_the_keyword_that_it_had(old):
    with pytest.warns(DeprecationWarning, match=RENAMED[old]):
        draw = getattr(tk, old)
    # This frame is refused for its columns, not for the keyword.
    with pytest.raises(tk.TrialDataError, match="needs the column"):
        draw(frame=pd.DataFrame())


def test_a_name_that_never_was_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'plot_nothing'"):
        _ = tk.plot_nothing


def test_what_moved_out_of_a_namespace_warns_of_its_place():
    for name, new in (("changes", "tk.changes"), ("open_earlier", "tk.report.")):
        with pytest.warns(DeprecationWarning, match=f"{name} is now {new}"):
            assert callable(getattr(tk.summarize, name))
        assert name not in dir(tk.summarize)


def test_python_can_name_the_nearest_of_a_misspelt_name():
    for thing in (tk, tk.plot, tk.report, tk.load_example()):
        with pytest.raises(AttributeError) as error:
            _ = thing.sumarize
        assert (error.value.name, error.value.obj) == ("sumarize", thing)


def test_a_misspelt_figure_is_missed_where_the_user_wrote_it():
    with pytest.raises(AttributeError, match=r"'trialkit\.plot' has no .* 'rout'"):
        _ = tk.plot.rout
