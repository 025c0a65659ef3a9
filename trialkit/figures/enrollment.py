"""Participants per trial, and how few trials hold most of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import (
    axis,
    families,
    levels,
    page,
    phrases,
)
from trialkit.figures.draw.intervals import TOO_FEW
from trialkit.figures.draw.segments import Segment, draw_segments
from trialkit.figures.draw.sizes import Row, draw_sizes
from trialkit.figures.figure import Figure
from trialkit.plural import capital
from trialkit.summarize.enrollment import LARGEST, MOST_SEGMENTS, lower_half
from trialkit.summarize.statistics import MOST_ONE_BY_ONE, median_from
from trialkit.summarize.wording import counted, stating_no, word

_FIXED = ("trial_id", "enrollment", "enrollment_type")
#: Groups with a row of their own; what comes after them has none.
_MOST_ROWS = 24


def _group_of(frame: pd.DataFrame) -> str:
    """Return the column of groups, which a frame has beside its fixed columns.

    Routes are shown as families that exclude each other, where the frame has them.
    """
    if "route_family" in frame:
        return "route_family"
    return next(str(name) for name in frame if name not in _FIXED)


def _draw_enrollment(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw each trial's number of participants by route or other group, on a log axis.

    Up to 60 trials have a dot each, and a median from four trials on; of more, a bar
    spans the middle half of each group, from ten trials on. At the right stand the
    trials of each group, their median and all their participants. A number of 0 (a
    withdrawn trial) has a place apart and no part in a median.
    """
    rows = _rows_of(frame)
    trials = frame.drop_duplicates("trial_id")
    labels = {group: _label(group, _group_of(frame)) for group in rows}
    hues = dict.fromkeys(rows, brand.color("bar"))
    if "route_family" in frame:
        hues = families.hues_of(rows)
    hues.pop(NOT_STATED, None)
    total = Row(len(trials), _numbers(trials))
    return draw_sizes(ax, rows, total, labels, hues)


def _rows_of(frame: pd.DataFrame) -> dict[str, Row]:
    """Return the groups that have room, in the frame's order, with their numbers."""
    name = _group_of(frame)
    frame = frame.assign(group=axis.stated(frame[name]))
    frame = frame.drop_duplicates(["trial_id", "group"])
    groups = axis.groups_of(frame[name], only_used=True)
    if len(groups) > _MOST_ROWS:
        sizes = frame["group"].value_counts()
        least = sorted(groups, key=lambda g: -sizes[g])[_MOST_ROWS:]
        groups = [group for group in groups if group not in least]
    own = {group: frame[frame["group"] == group] for group in groups}
    return {group: Row(len(rows), _numbers(rows)) for group, rows in own.items()}


def _numbers(rows: pd.DataFrame) -> tuple[float, ...]:
    return tuple(rows["enrollment"].dropna().astype(float))


def _label(group: str, name: str) -> str:
    if group == NOT_STATED:
        return "Route not stated" if name == "route_family" else NOT_STATED
    return word(group, name) if name == "phase_group" else group


def _enrollment_in_words(frame: pd.DataFrame) -> str:
    name = _group_of(frame)
    trials = frame.drop_duplicates("trial_id")
    all_trials = Row(len(trials), _numbers(trials))
    least = median_from(len(trials))
    told = []
    for group, own in _rows_of(frame).items():
        median = own.middle(least)
        middle = "" if median == TOO_FEW else f", median {median}"
        told.append(
            f"{_label(group, name)}: {counted(own.n, 'trial')}{middle},"
            f" {counted(int(own.total), 'participant')}"
        )
    spread = phrases.spread_in_words(pd.Series(all_trials.sizes))
    named = phrases.some_of(told)
    return f"Participants per trial, one row per group: {spread}. {named}."


def _enrollment_note(frame: pd.DataFrame) -> str:
    trials = frame.drop_duplicates("trial_id")
    numbers = trials["enrollment"].astype("Float64")
    n_zero, n_missing = int(numbers.eq(0).sum()), int(numbers.isna().sum())
    parts = []
    if n_zero:
        has = "has 0 and counts" if n_zero == 1 else "have 0 and count"
        parts.append(f"{counted(n_zero, 'trial')} {has}, but not in a median")
    if n_missing:
        parts.append(stating_no(n_missing, "number"))
    n_groups = len(set(axis.stated(frame[_group_of(frame)])))
    if n_groups > _MOST_ROWS:
        parts.append(f"of {n_groups} groups the {_MOST_ROWS} with most trials")
    text = "; ".join(parts)
    return f"{capital(text)}." if text else ""


enrollment = Figure(
    name="enrollment",
    question="How many people take part in a trial, by route?",
    summary=summarize.enrollment,
    columns=_FIXED,
    drawing=_draw_enrollment,
    caption="Participants per trial by route, log scale; each trial in one group. "
    "Totals: planned and actual together. N = {n}.",
    is_dense=lambda frame: frame["trial_id"].nunique() > MOST_ONE_BY_ONE,
    dense_caption="Median and middle half of participants by route, log scale; each "
    "trial in one group. Totals: planned and actual together. N = {n}.",
    alt_text=_enrollment_in_words,
    caption_note=_enrollment_note,
    minimum=2,
    without_cells="enrollment_by_phase",
)

enrollment_by_type = replace(
    enrollment,
    name="enrollment_by_type",
    question="How many people take part in a trial, by cell type?",
    summary=partial(summarize.enrollment, by="cell_type"),
    caption="Participants per trial by cell type, log scale; a trial with two types "
    "counts in both. Totals: planned and actual together. N = {n}.",
    dense_caption="Median and middle half of participants by cell type, log scale; a "
    "trial with two types counts in both. Totals: planned and actual together. "
    "N = {n}.",
    without_cells="",
)

enrollment_by_phase = replace(
    enrollment,
    name="enrollment_by_phase",
    question="How many people take part in a trial, by phase?",
    summary=partial(summarize.enrollment, by="phase_group"),
    caption="Participants per trial by phase, log scale. Totals: planned and actual "
    "together. N = {n}.",
    dense_caption="Median and middle half of participants by phase, log scale. "
    "Totals: planned and actual together. N = {n}.",
    without_cells=None,
)


def _draw_classes(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials there are in each class of participant numbers.

    The classes that hold nearest half of the trials with participants, from the
    smallest, have the accent.
    """
    counts = levels.counts_by(frame, "enrollment_group")
    classes = [name for name in counts if name != NOT_STATED]
    lower = lower_half(counts)
    is_part = lower != [name for name in classes if counts[name] and name != "0"]
    marked = set(lower) if is_part else set()
    return levels.draw_columns(ax, counts, marked=marked, ticks=classes)


enrollment_classes = Figure(
    name="enrollment_classes",
    question="How many participants do trials have?",
    summary=summarize.enrollment_classes,
    columns=("enrollment_group", "n"),
    drawing=_draw_classes,
    caption="Trials by number of participants, planned or actual. N = {n}.",
    alt_text=phrases.counts_in_words("enrollment_group", "number of participants"),
    minimum=1,
    is_half=True,
)


def _draw_concentration(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw one bar of all participants, a segment per trial, the largest first.

    The fewest trials that hold half of them have the accent. Above 100 trials the ten
    largest have a segment each, and the rest is one.
    """
    parts = _segments(frame)
    rest = [segment for segment in parts if not segment.is_marked]
    n_marked = len(parts) - len(rest)
    n_rest = len(frame) - n_marked
    people = [sum(s.n for s in own) for own in (parts[:n_marked], rest)]
    names = (
        f"{counted(n_marked, 'trial')}: {counted(people[0], 'participant')}",
        f"Other {counted(n_rest, 'trial')}: {counted(people[1], 'participant')}",
    )
    return draw_segments(ax, parts, names if n_rest else (names[0], ""))


def _segments(frame: pd.DataFrame) -> list[Segment]:
    numbers = frame["enrollment"].astype(int)
    if len(frame) <= MOST_SEGMENTS:
        return list(map(Segment, numbers, frame["is_in_half"].astype(bool)))
    first = [Segment(n, True) for n in numbers.head(LARGEST)]
    return [*first, Segment(int(numbers.iloc[LARGEST:].sum()), False)]


def _concentration_in_words(frame: pd.DataFrame) -> str:
    parts = _segments(frame)
    marked = [segment.n for segment in parts if segment.is_marked]
    total = sum(segment.n for segment in parts)
    each = phrases.some(list(map("{:,}".format, marked)))
    largest = f"the largest {len(marked)} have {sum(marked):,} together ({each})"
    if len(marked) == 1:
        largest = f"the largest has {each}"
    return (
        f"One bar of {counted(total, 'participant')} in {counted(len(frame), 'trial')}:"
        f" {largest}."
    )


def _concentration_note(frame: pd.DataFrame) -> str:
    parts = []
    if n := frame.attrs["n_zero"]:
        parts.append(f"{counted(n, 'trial')} {'has' if n == 1 else 'have'} 0")
    if n := frame.attrs["n_missing"]:
        parts.append(stating_no(n, "number"))
    text = "; ".join(parts)
    return f"Not drawn: {text}." if text else ""


concentration = Figure(
    name="concentration",
    question="How many trials hold most of the participants?",
    summary=summarize.concentration,
    columns=("trial_id", "enrollment", "is_in_half"),
    drawing=_draw_concentration,
    caption="Participants, planned and actual together, by trial, largest first. "
    "N = {n_usable} of {n} with participants.",
    caption_note=_concentration_note,
    is_dense=lambda frame: len(frame) > MOST_SEGMENTS,
    dense_caption="Participants, planned and actual together: the ten largest trials, "
    "and all others as one. N = {n_usable} of {n} with participants.",
    alt_text=_concentration_in_words,
    minimum=2,
)
