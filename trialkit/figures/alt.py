"""What a figure says in words, for those who cannot see it, and for its caption."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from trialkit.brand import NOT_STATED
from trialkit.errors import ParameterError
from trialkit.figures.flow import main_line
from trialkit.figures.routes import route_counts
from trialkit.figures.rows import groups_of, routes_of, stated
from trialkit.figures.spans import LANES, latest_rows, spans_of
from trialkit.figures.timeline import DENSE_LANES

_NAMED = 6  # groups or trials named before "and 3 more"


def alt_text(kind: str, frame: pd.DataFrame) -> str:
    """Return one or two sentences that say what a figure shows, with its numbers.

    Plain text, computed from the frame that the figure draws, so that it can never say
    something else. It describes and does not conclude.

    Parameters
    ----------
    kind
        The figure: the name of its function without `plot_`, such as `routes`.
    frame
        The frame that the figure draws.

    Raises
    ------
    ParameterError
        If there is no such figure.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"route_group": ["Portal vein", "Not stated"], "n_trials": [3, 1]}
    >>> alt_text("routes", pd.DataFrame(rows).assign(n_arms=[4, 1], n_total=4))
    'Trials by route, 4 trials in all: Portal vein 3 (4 arms); Not stated 1 (1 arm).'
    """
    if kind not in _SENTENCES:
        raise ParameterError(f"no figure {kind!r}; there are {', '.join(_SENTENCES)}")
    if frame.empty:
        return "An empty figure: there are no trials to show."
    return _SENTENCES[kind](frame)


def caption_note(kind: str, frame: pd.DataFrame) -> str:
    """Return what a caption must add: which trials a figure cannot draw, and why.

    Plain text, empty where everything is drawn. Ids are those of the records: escape
    them before the text goes into Markdown.

    Parameters
    ----------
    kind
        The figure: the name of its function without `plot_`.
    frame
        The frame that the figure draws.

    Raises
    ------
    ParameterError
        If there is no such figure.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"trial_id": ["NCT1", "NCT2"], "route_group": "Portal vein"}
    >>> frame = pd.DataFrame(rows).assign(enrollment=[0, 20], enrollment_type="ACTUAL")
    >>> caption_note("enrollment", frame)
    'Not drawn: NCT1 (0 participants).'
    """
    if kind not in _SENTENCES:
        raise ParameterError(f"no figure {kind!r}; there are {', '.join(_SENTENCES)}")
    note = _NOTES.get(kind)
    return note(frame) if note and not frame.empty else ""


def _routes(frame: pd.DataFrame) -> str:
    parts = [
        f"{group} {trials:,} ({_counted(arms, 'arm')})"
        for group, (trials, arms) in route_counts(frame).items()
    ]
    in_all = ""
    if "n_total" in frame.columns and frame["n_total"].notna().any():
        in_all = f", {_counted(int(frame['n_total'].max()), 'trial')} in all"
    return f"Trials by route{in_all}: {'; '.join(parts)}."


def _phase_by_route(frame: pd.DataFrame) -> str:
    return _grid(frame, "phase_group", "route_group", "n", "phase and route")


def _source_by_route(frame: pd.DataFrame) -> str:
    return _grid(
        frame, "cell_source", "route_group", "n_trials", "cell source and route"
    )


def _type_by_source(frame: pd.DataFrame) -> str:
    return _grid(frame, "cell_type", "cell_source", "n", "cell type and cell source")


def _grid(frame: pd.DataFrame, first: str, second: str, n: str, words: str) -> str:
    filled = frame[frame[n].fillna(0) > 0]
    if filled.empty:
        return f"Trials by {words}: all cells are empty."
    top = filled.sort_values(n, ascending=False, kind="stable").head(_NAMED)
    pairs = zip(stated(top[first]), stated(top[second]), top[n], strict=True)
    named = [f"{_phase(a, first)} and {b} {int(count):,}" for a, b, count in pairs]
    largest = "the largest are " if len(filled) > len(top) else ""
    return (
        f"Trials by {words}, {_counted(len(filled), 'combination')}:"
        f" {largest}{'; '.join(named)}."
    )


def _phase(value: str, column: str) -> str:
    return f"phase {value}" if column == "phase_group" else value


def _enrollment(frame: pd.DataFrame) -> str:
    trials = frame.drop_duplicates("trial_id")
    numbers = trials["enrollment"].dropna().astype(float)
    numbers = numbers[numbers > 0]  # as drawn: a log axis has no 0
    return (
        f"Participants per trial, one dot per trial and route, by"
        f" {_groups(frame['route_group'])}: {_spread(numbers, 'trial')}."
    )


def _durations(frame: pd.DataFrame) -> str:
    months = frame.drop_duplicates("trial_id")["months"].dropna().astype(float)
    spread = _spread(months, "trial")
    return f"Months from start to completion, one dot per trial: {spread}."


def _spread(numbers: pd.Series, noun: str) -> str:
    if numbers.empty:
        return "no trial states a number"
    low, middle, high = numbers.min(), numbers.median(), numbers.max()
    if len(numbers) < 3:
        return f"{_counted(len(numbers), noun)}, {_list(map(_plain, sorted(numbers)))}"
    return (
        f"{_counted(len(numbers), noun)}, from {_plain(low)} to {_plain(high)},"
        f" median {_plain(middle)}"
    )


def _landscape_strip(frame: pd.DataFrame) -> str:
    groups = stated(frame["route_groups"]).str.split("; ").explode()
    counts = groups.value_counts()
    named = [f"{g} {counts[g]:,}" for g in routes_of(groups) if g in counts.index]
    number = _of(len(latest_rows(frame)), len(frame))
    return (
        f"One row per trial for {number}: phase, routes, cell source, participants,"
        f" dates and status. Trials by route: {'; '.join(named)}."
    )


def _timeline(frame: pd.DataFrame) -> str:
    spans = [span for span in spans_of(frame) if not span.is_undated]
    cut_off = frame.attrs.get("as_of")
    number = _of(len(spans), len(frame))
    parts = [f"Lanes from start to completion for {number}"]
    for name, words in (("start", "starts"), ("completion", "completions")):
        years = pd.to_datetime(frame[f"{name}_earliest"]).dropna().dt.year
        if len(years):
            parts.append(f"{words} {_between(years.min(), years.max())}")
    text = "; ".join(parts)
    return f"{text}; data cut-off {cut_off}." if cut_off else f"{text}."


def _record_flow(frame: pd.DataFrame) -> str:
    chain = main_line(frame)
    columns = ("step", "label", "n")
    said = {
        str(step): f"{label} {int(n):,}"
        for step, label, n in zip(*(frame[c] for c in columns), strict=True)
    }
    beside = [text for step, text in said.items() if step not in chain]
    text = f"Flow diagram: {'; '.join(said[step] for step in chain)}."
    return f"{text} Beside it: {'; '.join(beside[:_NAMED])}." if beside else text


def _completeness(frame: pd.DataFrame) -> str:
    counts = stated(frame["state"]).str.lower().value_counts()
    named = [f"{state} {int(n):,}" for state, n in counts.items()]
    fields = _counted(frame["field"].nunique(), "field")
    trials = _counted(frame["trial_id"].nunique(), "trial")
    order = frame.drop_duplicates("field").sort_values("n_stated", kind="stable")
    least = [
        f"{field} ({int(n):,})"
        for field, n in zip(order["field"], order["n_stated"], strict=True)
    ]
    return (
        f"{fields} in {trials}: {', '.join(named)}."
        f" Stated by the fewest trials: {_list(least[:3])}."
    )


def _enrollment_note(frame: pd.DataFrame) -> str:
    trials = frame.drop_duplicates("trial_id")
    numbers = trials["enrollment"].astype("Float64")
    zero = trials.loc[numbers.eq(0).fillna(False), "trial_id"].astype(str).tolist()
    missing = trials.loc[numbers.isna(), "trial_id"].astype(str).tolist()
    parts = []
    if zero:
        parts.append(f"{_some(zero)} (0 participants)")
    if missing:
        parts.append(f"{_some(missing)} (no number stated)")
    return f"Not drawn: {'; '.join(parts)}." if parts else ""


def _timeline_note(frame: pd.DataFrame) -> str:
    undated = [span.is_undated for span in spans_of(frame)]
    names = frame.loc[undated, "trial_id"].astype(str).tolist()
    drawn = len(frame) - len(names)
    parts = [f"No dates in the sources: {_some(names)}."] if names else []
    if drawn > DENSE_LANES:
        parts.append(f"Of {drawn:,} dated trials the {DENSE_LANES} that start last.")
    return " ".join(parts)


def _strip_note(frame: pd.DataFrame) -> str:
    if len(frame) <= LANES:
        return ""
    return f"Of {len(frame):,} trials the {LANES} that start last are drawn."


def _durations_note(frame: pd.DataFrame) -> str:
    n = int(frame.attrs.get("n_reversed", 0))
    return (
        f"Not drawn: {_counted(n, 'trial')} with a completion before the start."
        if n
        else ""
    )


def _groups(values: pd.Series) -> str:
    groups = [group for group in groups_of(values) if group != NOT_STATED]
    return f"{_counted(len(groups), 'route group')}"


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun if n == 1 else noun + 's'}"


def _of(part: int, whole: int) -> str:
    if part == whole:
        return _counted(whole, "trial")
    return f"{part:,} of {_counted(whole, 'trial')}"


def _plain(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _between(low: int, high: int) -> str:
    return f"in {low}" if low == high else f"{low} to {high}"


def _list(items: Iterable[str]) -> str:
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _some(names: list[str]) -> str:
    if len(names) <= _NAMED:
        return _list(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} more"


_SENTENCES: dict[str, Callable[[pd.DataFrame], str]] = {
    "landscape_strip": _landscape_strip,
    "record_flow": _record_flow,
    "routes": _routes,
    "phase_by_route": _phase_by_route,
    "source_by_route": _source_by_route,
    "type_by_source": _type_by_source,
    "enrollment": _enrollment,
    "timeline": _timeline,
    "durations": _durations,
    "completeness": _completeness,
}

_NOTES: dict[str, Callable[[pd.DataFrame], str]] = {
    "landscape_strip": _strip_note,
    "timeline": _timeline_note,
    "enrollment": _enrollment_note,
    "durations": _durations_note,
}
