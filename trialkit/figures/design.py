"""Which design features the records state."""

from __future__ import annotations

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED
from trialkit.figures.draw import axis, levels, page, parts, phrases, share
from trialkit.figures.draw.states import draw_states
from trialkit.figures.figure import Figure, bars_figure
from trialkit.summarize.design import MASKED, OPEN
from trialkit.summarize.wording import counted, sentence_list, words

_STATES = {"yes": "accent", "no": "rest", "not stated": None}


def _draw_features(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw which trials are randomized, controlled, masked, overseen, at several sites.

    A bar per feature: the accent counts trials that have it, grey those whose record
    denies it, and an outline those that do not say. At the end stands how many have it.
    """
    features = axis.groups_of(frame["feature"])[:-1]
    counts = axis.pair_counts(frame.assign(n=1), "feature", "state")
    sums = {feature: counts.get((feature, "Yes"), 0) for feature in features}
    looks = {
        state: parts.Part(state.capitalize(), hue and brand.color(hue))
        for state, hue in _STATES.items()
    }
    frame = frame.rename(columns={"feature": "field"})
    fields = dict(zip(features, features, strict=True))
    return draw_states(frame, fields, ax, looks=looks, sums=sums)


def _features_in_words(frame: pd.DataFrame) -> str:
    counts = axis.pair_counts(frame.assign(n=1), "feature", "state")
    parts = []
    for feature in axis.groups_of(frame["feature"])[:-1]:
        yes, silent = (counts.get((feature, s), 0) for s in ("Yes", NOT_STATED))
        parts.append(f"{feature} {yes:,} ({silent:,} not stated)")
    number = counted(frame["trial_id"].nunique(), "trial")
    return f"Design features in {number}: {'; '.join(parts)}."


design_features = Figure(
    name="design_features",
    question="Which design features do the records state?",
    summary=summarize.design_features,
    columns=("trial_id", "feature", "state"),
    drawing=_draw_features,
    caption="Trials by design feature; at the end of a bar, those that have it. "
    "N = {n}.",
    alt_text=_features_in_words,
    minimum=4,
)


def _draw_design(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials there are of each allocation, each bar divided by masking.

    The accent marks masked trials; a part has its number in it, and a row its sum at
    the end.
    """
    counts = axis.pair_counts(frame, "allocation", "masking")
    rows = axis.groups_of(frame["allocation"], only_used=True)
    rows = [row for row in rows if any(n for (r, _), n in counts.items() if r == row)]
    looks = {
        MASKED: parts.Part(MASKED, brand.color("accent")),
        OPEN: parts.Part(OPEN, brand.color("rest")),
        NOT_STATED: parts.MISSING,
    }
    half = brand.load().half_width_mm
    return parts.draw_parts(ax, rows, counts, looks, width=half, is_bars=True)


design = Figure(
    name="design",
    question="How many trials are randomized, and masked?",
    summary=summarize.design,
    columns=("allocation", "masking", "n"),
    drawing=_draw_design,
    caption="Trials by allocation and masking. N = {n}.",
    alt_text=phrases.pairs_in_words("allocation", "masking"),
    minimum=1,
    is_half=True,
)


def _draw_phases(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials there are of each phase, as parts of one bar."""
    frame = frame.assign(phase_group=words(frame["phase_group"], "phase_group"))
    counts = levels.counts_by(frame, "phase_group")
    return share.draw_share(ax, counts, marked=levels.marked_in(counts))


phases = Figure(
    name="phases",
    question="Which phases are the trials of?",
    summary=summarize.phases,
    columns=("phase_group", "n"),
    drawing=_draw_phases,
    caption="Trials by phase. N = {n}.",
    alt_text=phrases.counts_in_words("phase_group", "phase"),
    minimum=1,
    is_half=True,
)


endpoints = bars_figure(
    "endpoints",
    "Draw how many trials register an endpoint of each kind.",
    column="domain",
    words="kind of endpoint",
    is_ranked=False,
    question="What do the trials measure?",
    summary=summarize.endpoints,
    caption="Trials by kind of endpoint; a trial counts in each. N = {n}.",
)


def _draw_results(frame: pd.DataFrame, ax: page.Axes | None) -> page.Axes:
    """Draw how many trials have posted results, as parts of one bar."""
    counts = levels.counts_by(frame, "state")
    return share.draw_share(ax, counts, marked={"Posted"})


def _results_note(frame: pd.DataFrame) -> str:
    """Return by which dates results are due that are not posted."""
    rows = frame[frame["state"].eq("Due, not posted")]
    kinds = {
        "n_actual": "an actual date",
        "n_planned": "a planned one",
        "n_untyped": "one of a type not stated",
    }
    n_of = {words: int(rows[name].sum()) for name, words in kinds.items()}
    told = [f"{n:,} by {words}" for words, n in n_of.items() if n]
    return f"Due, not posted: {sentence_list(told)}." if told else ""


results_reporting = Figure(
    name="results_reporting",
    question="Which trials have posted results on the register?",
    summary=summarize.results_reporting,
    columns=("state", "n", "n_actual", "n_planned", "n_untyped"),
    drawing=_draw_results,
    caption="Trials by posted results; due: a year after primary completion, or "
    "completion where no other is stated. N = {n}.",
    caption_note=_results_note,
    alt_text=phrases.counts_in_words("state", "posted results"),
    minimum=1,
    needs=("as_of",),
    own_label="fig-results",
    is_half=True,
)
