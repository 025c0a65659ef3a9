"""Dots along a line that do not overlap."""

from __future__ import annotations

import numpy as np


def swarm(places: np.ndarray, dot: float) -> np.ndarray:
    """Return offsets that keep dots of width `dot` from overlapping along a line.

    Each dot of the sorted `places` takes the free offset closest to the middle: nothing
    is drawn at random.
    """
    offsets = np.zeros(len(places))
    for i, place in enumerate(places):
        near = np.flatnonzero(np.abs(places[:i] - place) < dot)
        if not len(near):
            continue
        lift = np.sqrt(dot**2 - (places[near] - place) ** 2)
        tries = np.concatenate(([0.0], offsets[near] + lift, offsets[near] - lift))
        gaps = np.abs(tries[:, None] - offsets[near][None, :])
        free = (gaps >= lift[None, :] - 1e-6).all(axis=1)
        best = tries[free]
        offsets[i] = best[np.lexsort((-best, np.abs(best).round(6)))[0]]
    # Groups of dots that touch are centered, so that two of a kind stand level.
    starts = np.flatnonzero(np.diff(places, prepend=-np.inf) >= dot)
    for group in np.split(np.arange(len(places)), starts[1:]):
        if len(group):
            offsets[group] -= (offsets[group].max() + offsets[group].min()) / 2
    return offsets
