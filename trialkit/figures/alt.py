"""What a figure says in words, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from trialkit.brand import NOT_STATED
from trialkit.errors import ParameterError
from trialkit.figures.draw.rows import groups_of, routes_of, stated
from trialkit.figures.draw.spans import latest_rows, spans_of
from trialkit.figures.flow import main_line
from trialkit.figures.routes import route_counts
from trialkit.summarize.wording import counted

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

    Returns
    -------
    str
        One or two sentences of plain text.

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


def _routes(frame: pd.DataFrame) -> str:
    parts = [
        f"{group} {trials:,} ({counted(arms, 'arm')})"
        for group, (trials, arms) in route_counts(frame).items()
    ]
    in_all = ""
    if "n_total" in frame.columns and frame["n_total"].notna().any():
        in_all = f", {counted(int(frame['n_total'].max()), 'trial')} in all"
    return f"Trials by route{in_all}: {'; '.join(parts)}."


def _crosstab(frame: pd.DataFrame) -> str:
    first, second = map(str, frame.columns[:2])
    words = (name.removesuffix("_group").replace("_", " ") for name in (first, second))
    return _grid(frame, first, second, "n", " and ".join(words))


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
    named = [
        f"{_phase(a, first)} and {_phase(b, second)} {int(count):,}"
        for a, b, count in pairs
    ]
    largest = "the largest are " if len(filled) > len(top) else ""
    return (
        f"Trials by {words}, {counted(len(filled), 'combination')}:"
        f" {largest}{'; '.join(named)}."
    )


def _phase(value: str, column: str) -> str:
    return f"phase {value}" if column == "phase_group" else value


def _enrollment(frame: pd.DataFrame) -> str:
    trials = frame.drop_duplicates("trial_id")
    numbers = trials["enrollment"].dropna().astype(float)
    numbers = numbers[numbers > 0]  # as drawn: a log axis has no 0
    columns = ("trial_id", "enrollment", "enrollment_type")
    name = next(column for column in frame if column not in columns)
    words = "route" if name == "route_group" else "group"
    return (
        f"Participants per trial, one dot per trial and {words}, by"
        f" {_groups(frame[name], words)}: {_spread(numbers, 'trial')}."
    )


def _durations(frame: pd.DataFrame) -> str:
    months = frame.drop_duplicates("trial_id")["months"].dropna().astype(float)
    spread = _spread(months, "trial")
    return f"Months from start to completion, one dot per trial and route: {spread}."


def _spread(numbers: pd.Series, noun: str) -> str:
    if numbers.empty:
        return "no trial states a number"
    low, middle, high = numbers.min(), numbers.median(), numbers.max()
    if len(numbers) < 3:
        return f"{counted(len(numbers), noun)}, {_list(map(_plain, sorted(numbers)))}"
    return (
        f"{counted(len(numbers), noun)}, from {_plain(low)} to {_plain(high)},"
        f" median {_plain(middle)}"
    )


def _landscape_strip(frame: pd.DataFrame) -> str:
    groups = stated(frame["route_groups"]).str.split("; ").explode()
    counts = groups.value_counts()
    used = routes_of(groups, only_used=True)
    named = [f"{group} {counts[group]:,}" for group in used]
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


def _donor_by_source(frame: pd.DataFrame) -> str:
    words = "cell source and donor relation"
    return _grid(frame, "cell_source", "relation", "n", words)


def _status_by_route(frame: pd.DataFrame) -> str:
    return _grid(frame, "route_group", "status", "n", "route and recruitment status")


def _countries(frame: pd.DataFrame) -> str:
    return _bars(frame, "country", "country of a site")


def _cities(frame: pd.DataFrame) -> str:
    return _bars(frame, "city", "city of a site")


def _sponsor_classes(frame: pd.DataFrame) -> str:
    return _bars(frame, "lead_sponsor_class", "class of the lead sponsor")


def _bars(frame: pd.DataFrame, name: str, words: str) -> str:
    rows = frame[frame["n"].fillna(0) > 0]
    is_known = stated(rows[name]).ne(NOT_STATED)
    known = rows[is_known].sort_values("n", ascending=False, kind="stable")
    head = known.head(_NAMED)
    named = [
        f"{word} {int(n):,}"
        for word, n in zip(head[name].astype("string"), head["n"], strict=True)
    ]
    if len(known) > len(head):
        named.append(f"{len(known) - len(head):,} more")
    missing = int(rows.loc[~is_known, "n"].sum())
    return f"Trials by {words}: {'; '.join([*named, f'not stated {missing:,}'])}."


def _starts_by_year(frame: pd.DataFrame) -> str:
    years = frame.groupby("year")["n"].sum()
    most = int(years.max())
    peak = _list([str(year) for year in years.index[years == most]][:3])
    partial = frame.loc[frame["is_partial"].astype(bool), "year"]
    span = _between(years.index.min(), years.index.max())
    text = (
        f"Trials that started per year, {span}:"
        f" the highest bar counts {most:,} ({peak})"
    )
    if partial.empty:
        return text + "."
    last = int(years.loc[partial.max()])
    return f"{text}; {last:,} in {partial.max()}, which is not over at the cut-off."


def _cumulative_enrollment(frame: pd.DataFrame) -> str:
    totals = frame.groupby(stated(frame["route_group"]))["total"].max()
    totals = totals.sort_values(ascending=False)
    named = [f"{group} {int(n):,}" for group, n in totals.head(_NAMED).items()]
    first, last = frame["start"].min().year, frame["start"].max().year
    return (
        f"Participants of trials added up by start date, {_between(first, last)}, one"
        f" line per route: {'; '.join(named)} at the end."
    )


def _doses(frame: pd.DataFrame) -> str:
    parts = []
    for panel, rows in frame.groupby("panel", observed=True):
        low, high = rows["amount"].min(), rows["amount"].max()
        number = counted(rows["trial_id"].nunique(), "trial")
        parts.append(f"{panel}: {number}, from {low:.3g} to {high:.3g}")
    return f"Doses, one dot per arm and dose level. {'; '.join(parts)}."


def _planned_actual(frame: pd.DataFrame) -> str:
    more = int(frame["difference"].gt(0).sum())
    fewer = int(frame["difference"].lt(0).sum())
    return (
        f"Participants planned and actual in {counted(len(frame), 'trial')}: more than"
        f" planned in {more:,}, fewer in {fewer:,}."
    )


def _schedule_changes(frame: pd.DataFrame) -> str:
    later = int(frame["days"].gt(0).sum())
    middle = float(frame["days"].median())
    return (
        f"Completion dates that moved in {counted(len(frame), 'trial')}: later in"
        f" {later:,}, earlier in {len(frame) - later:,}, median {_plain(middle)} days."
    )


def _design(frame: pd.DataFrame) -> str:
    rows = frame.assign(state=stated(frame["state"]))
    parts = []
    for feature in groups_of(frame["feature"])[:-1]:
        states = rows.loc[rows["feature"] == feature, "state"].value_counts()
        silent = int(states.get(NOT_STATED, 0))
        parts.append(f"{feature} {int(states.get('Yes', 0)):,} ({silent:,} not stated)")
    number = counted(frame["trial_id"].nunique(), "trial")
    return f"Design features in {number}: {'; '.join(parts)}."


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
    fields = counted(frame["field"].nunique(), "field")
    trials = counted(frame["trial_id"].nunique(), "trial")
    order = frame.drop_duplicates("field").sort_values("n_stated", kind="stable")
    least = [
        f"{field} ({int(n):,})"
        for field, n in zip(order["field"], order["n_stated"], strict=True)
    ]
    return (
        f"{fields} in {trials}: {', '.join(named)}."
        f" Stated by the fewest trials: {_list(least[:3])}."
    )


def _groups(values: pd.Series, words: str) -> str:
    groups = [group for group in groups_of(values) if group != NOT_STATED]
    noun = "route group" if words == "route" else "group"
    return f"{counted(len(groups), noun)}"


def _of(part: int, whole: int) -> str:
    if part == whole:
        return counted(whole, "trial")
    return f"{part:,} of {counted(whole, 'trial')}"


def _plain(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _between(low: int, high: int) -> str:
    return f"in {low}" if low == high else f"{low} to {high}"


def _list(items: Iterable[str]) -> str:
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def some(names: list[str]) -> str:
    """Return names as a list, of many the first and how many more."""
    if len(names) <= _NAMED:
        return _list(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} more"


_SENTENCES: dict[str, Callable[[pd.DataFrame], str]] = {
    "landscape_strip": _landscape_strip,
    "record_flow": _record_flow,
    "routes": _routes,
    "phase_by_route": _phase_by_route,
    "crosstab": _crosstab,
    "source_by_route": _source_by_route,
    "type_by_source": _type_by_source,
    "enrollment": _enrollment,
    "timeline": _timeline,
    "durations": _durations,
    "completeness": _completeness,
    "donor_by_source": _donor_by_source,
    "planned_actual": _planned_actual,
    "cumulative_enrollment": _cumulative_enrollment,
    "doses": _doses,
    "starts_by_year": _starts_by_year,
    "status_by_route": _status_by_route,
    "schedule_changes": _schedule_changes,
    "countries": _countries,
    "cities": _cities,
    "sponsor_classes": _sponsor_classes,
    "design": _design,
}

#: Every figure that has an alt text.
FIGURES = tuple(_SENTENCES)
