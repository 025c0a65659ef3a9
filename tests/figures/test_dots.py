"""Dots along a line: they do not overlap, and nothing is drawn at random."""

import numpy as np
import pytest

from trialkit.figures.draw.dots import swarm


def test_dots_of_one_value_do_not_overlap_and_stand_around_the_middle():
    offsets = swarm(np.full(5, 10.0), 2.0)
    gaps = np.diff(np.sort(offsets))
    assert (gaps >= 2.0 - 1e-6).all()
    assert offsets.max() == pytest.approx(-offsets.min())


def test_distant_dots_stay_in_the_middle():
    assert swarm(np.array([0.0, 5.0, 10.0]), 2.0).tolist() == [0, 0, 0]


def test_the_swarm_depends_on_the_data_alone():
    places = np.sort(np.random.default_rng(7).normal(0, 5, 200))
    one, two = swarm(places, 1.0), swarm(places, 1.0)
    assert (one == two).all()
    distance = np.hypot(*(np.subtract.outer(v, v) for v in (places, one)))
    np.fill_diagonal(distance, np.inf)
    assert distance.min() >= 1.0 - 1e-6
