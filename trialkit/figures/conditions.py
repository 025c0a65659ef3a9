"""What trials treat: conditions by trials and participants, by route and over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from trialkit import brand, summarize
from trialkit.codewords import NOT_STATED, short_word
from trialkit.dates import as_day
from trialkit.figures.draw import page
from trialkit.figures.draw.axis import groups_of, stated
from trialkit.figures.draw.pairs import MOST_COLUMNS
from trialkit.figures.draw.phrases import (
    MOST_NAMED,
    pairs_in_words,
    some,
    years_between,
)
from trialkit.figures.draw.scales import year_ticks
from trialkit.figures.draw.sheet import (
    LINE,
    ROW,
    Bars,
    draw_bars,
    draw_labels,
    draw_matrix,
    heads_of,
    height_of_heads,
    label_width,
    middle_of,
    sheet,
)
from trialkit.figures.draw.years import counts_by_year
from trialkit.figures.figure import Figure
from trialkit.summarize.conditions import OTHERS
from trialkit.summarize.statistics import MOST_ONE_BY_ONE
from trialkit.summarize.timelines import middle
from trialkit.summarize.wording import counted, stating_no

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROUTE = "route_family"
#: More pairs with one number than this are no largest one.
_MOST_MARKED = 3
#: The trials that stand out by their size.
_LARGEST = 4
_BARS = 22.0  # mm
#: Routes that come last: the rest, those of several, and those without.
_LAST = ("Other route", "Several routes", NOT_STATED)
_RADIUS = 2.7
_EACH = (
    "A trial counts in each of its groups; of a general and a closer one only in the "
    "closer."
)


def _rows_of(values: pd.Series) -> list[str]:
    return groups_of(values, only_used=True)


def _draw_conditions(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw how many trials and participants there are of each group of conditions.

    A trial that names two conditions counts whole in both. Participants are the numbers
    that trials state; the accent marks the group with most trials.
    """
    frame = frame[frame["n"] > 0]
    rows = _rows_of(frame["condition"])
    trials = _by_row(frame, "n")
    people = _by_row(frame, "participants")
    left = label_width(rows)
    half = (brand.load().width_mm - left) / 2
    ax = sheet(ax, len(rows) * ROW, top=LINE + 2)
    draw_labels(ax, rows)
    named = {row: n for row, n in trials.items() if row not in (OTHERS, NOT_STATED)}
    marked = _largest(named)
    draw_bars(
        ax, rows, Bars("Trials", trials), left=left, width=half - 4, marked=marked
    )
    draw_bars(ax, rows, Bars("Participants", people), left=left + half, width=half - 4)
    return ax


def _by_row(frame: pd.DataFrame, column: str) -> dict[str, int | None]:
    """Return the number of each condition, None where it is missing."""
    pairs = zip(stated(frame["condition"]), frame[column], strict=True)
    return {row: None if pd.isna(n) else int(n) for row, n in pairs}


def _largest(numbers: Mapping[Any, int | None]) -> list[Any]:
    """Return the keys of the largest number, none where many share it."""
    largest = max((n for n in numbers.values() if n), default=0)
    keys = [key for key, n in numbers.items() if n == largest and n]
    return keys if len(keys) <= _MOST_MARKED and len(keys) < len(numbers) else []


def _conditions_in_words(frame: pd.DataFrame) -> str:
    frame = frame[frame["n"] > 0]
    people = _by_row(frame, "participants")
    parts = [
        f"{row} {n:,} ({_people(people[row])})"
        for row, n in _by_row(frame, "n").items()
        if n
    ]
    return f"Trials by condition: {'; '.join(parts)}."


def _people(n: int | None) -> str:
    return "participants not stated" if n is None else counted(n, "participant")


def _others(frame: pd.DataFrame) -> str:
    """Return what "Other conditions" holds, where it is drawn."""
    others = frame.attrs.get("others", ())
    if OTHERS not in set(stated(frame["condition"])) or not others:
        return ""
    return f"{OTHERS}: {some(list(others))}."


conditions = Figure(
    name="conditions",
    question="Which conditions are treated, and with how many participants?",
    summary=summarize.conditions,
    columns=("condition", "n", "participants"),
    drawing=_draw_conditions,
    caption="Trials, and the participants that they state, by condition; planned and "
    f"actual together. {_EACH} N = {{n}}.",
    alt_text=_conditions_in_words,
    minimum=1,
    caption_note=_others,
)


def _draw_by_route(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the trials of each group of conditions and of routes as a matrix of numbers.

    Bars at the right tell the trials and the participants of each row. Routes exclude
    each other, so a row's numbers add up to its trials; a trial that names two
    conditions has a number in both rows. The accent marks the largest pair.
    """
    frame = frame[frame["n"] > 0]
    if frame.empty:
        return page.empty_note(ax)
    rows = _rows_of(frame["condition"])
    routes = _with_room(frame)
    groups = _columns_of(routes)
    counts: dict[tuple[str, str], int] = {}
    pairs = zip(stated(frame["condition"]), routes, strict=True)
    for pair, n in zip(pairs, frame["n"].astype(int), strict=True):
        counts[pair] = counts.get(pair, 0) + n
    left = label_width(rows)
    full = brand.load().width_mm
    width = min((full - left - 2 * _BARS) / len(groups), 11.0)
    columns = heads_of({group: short_word(group, _ROUTE) for group in groups}, width)
    ax = sheet(ax, len(rows) * ROW, top=height_of_heads(columns.values()))
    draw_labels(ax, rows)
    rest = {OTHERS, NOT_STATED}
    told = {pair: n for pair, n in counts.items() if rest.isdisjoint(pair)}
    at: dict[str, Any] = {"left": left, "width": width}
    draw_matrix(ax, rows, columns, counts, **at, marked=_largest(told))
    trials = Bars("Trials", _by_row(frame, "n_trials"))
    draw_bars(ax, rows, trials, left=full - 2 * _BARS + 3, width=_BARS - 3)
    people = Bars("Participants", _by_row(frame, "participants"))
    draw_bars(ax, rows, people, left=full - _BARS + 2, width=_BARS - 2)
    return ax


def _with_room(frame: pd.DataFrame) -> pd.Series:
    """Return the routes of pairs; of more than have a column, the least are "Other"."""
    routes = stated(frame[_ROUTE]).astype("string")
    sums = frame["n"].groupby(routes).sum().sort_values(ascending=False, kind="stable")
    told = [route for route in sums.index if route not in _LAST]
    most = MOST_COLUMNS - len(_LAST)
    kept = {*told[:most], *_LAST} if len(told) > most else {*told, *_LAST}
    return routes.where(routes.isin(kept), _LAST[0])


def _columns_of(values: pd.Series) -> list[str]:
    """Return the groups of routes that occur, the rest and "Not stated" last."""
    groups = groups_of(values, only_used=True)
    place = {group: n for n, group in enumerate(_LAST)}
    return sorted(groups, key=lambda group: place.get(group, -1))


condition_by_route = Figure(
    name="condition_by_route",
    question="Which conditions are treated by which route?",
    summary=summarize.condition_by_route,
    columns=("condition", _ROUTE, "n", "n_trials", "participants"),
    drawing=_draw_by_route,
    caption=f"Trials by condition and route. {_EACH} Participants: planned and actual "
    "together. N = {n}.",
    alt_text=pairs_in_words("condition", _ROUTE, "condition and route"),
    minimum=4,
    caption_note=_others,
    without_cells="conditions",
)


def _draw_starts(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw each trial as a circle at its start, one row per group of conditions.

    The area tells the participants; a ring is a trial that states no number, or none
    yet took part in. The largest trials have the accent and their number; starts after
    the cut-off are pale. Above 60 trials the starts of each year are counted instead.
    """
    if frame["trial_id"].nunique() > MOST_ONE_BY_ONE:
        return _draw_years(frame, ax)
    rows = _rows_of(frame["condition"])
    cut_off = as_day(frame.attrs["as_of"])
    frame = frame.assign(start=middle(frame, "start"))
    first = frame["start"].min() - pd.offsets.YearBegin(n=1, normalize=True)
    last = frame["start"].max()
    ticks = year_ticks(first.date(), last.date())
    last = max(last, pd.Timestamp(ticks[-1][0]))
    left = label_width(rows) + _RADIUS
    room = brand.load().width_mm - left - _RADIUS - 2
    days = max((last - first).days, 1)

    def place(day: Any) -> float:
        return left + room * (pd.Timestamp(day) - first).days / days

    ax = sheet(ax, len(rows) * ROW, top=4, bottom=5)
    draw_labels(ax, rows)
    bottom = len(rows) * ROW
    for day, label in ticks:
        look = {"color": brand.color("grid"), "linewidth": 0.6, "zorder": 0.4}
        ax.vlines(place(day), 0, bottom, **look)
        small = page.small_text()
        ax.text(place(day), bottom + 1, label, ha="center", va="top", **small)
    known = frame["enrollment"].dropna()
    scale = _RADIUS / max(float(known.max()) if len(known) else 1.0, 1.0) ** 0.5
    large = _large_trials(frame)
    for y, row in enumerate(rows):
        own = frame[stated(frame["condition"]).eq(row)]
        tagged: list[tuple[float, str]] = []
        for _, trial in own.iterrows():
            x, n = place(trial["start"]), trial["enrollment"]
            is_large = trial["trial_id"] in large
            look = _circle(n, is_large=is_large, is_past=trial["start"] <= cut_off)
            size = 0.8 if pd.isna(n) or not n else max(scale * float(n) ** 0.5, 0.6)
            _draw_circle(ax, x, middle_of(y), size, **look)
            if is_large:
                tagged.append((x, f"{int(n):,}"))
        _draw_tags(ax, tagged, middle_of(y) - _RADIUS - 1.2)
    return ax


def _large_trials(frame: pd.DataFrame) -> set[str]:
    """Return the largest trials, up to four that are larger than all others."""
    sizes = frame.drop_duplicates("trial_id").set_index("trial_id")["enrollment"]
    sizes = sizes.dropna().sort_values(ascending=False)
    if len(sizes) <= 2 * _LARGEST:
        return set()
    return set(sizes[sizes > sizes.iloc[_LARGEST]].index)


def _circle(n: Any, *, is_large: bool, is_past: bool) -> dict[str, Any]:
    hue = brand.color("accent" if is_large else "steel")
    if pd.isna(n) or not n:
        return {"facecolor": "white", "edgecolor": hue, "linewidth": 0.8}
    fill = hue if is_past else brand.tint(hue, 0.35)
    return {"facecolor": fill, "edgecolor": "white", "linewidth": 0.3, "alpha": 0.85}


def _draw_circle(ax: Axes, x: float, y: float, radius: float, **look: Any) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), radius, clip_on=False, zorder=2, **look))


def _draw_tags(ax: Axes, tags: Iterable[tuple[float, str]], y: float) -> None:
    """Write numbers above their circles, the largest first; one without room is not."""
    size = brand.load().small_size
    taken: list[tuple[float, float]] = []
    for x, text in sorted(tags, key=lambda tag: -int(tag[1].replace(",", ""))):
        half = page.text_mm(text, size, "bold") / 2
        for center in (x, x + half, x - half):
            if all(abs(center - other) >= half + wide + 0.8 for other, wide in taken):
                break
        else:
            continue
        taken.append((center, half))
        look: dict[str, Any] = {"ha": "center", "va": "center", "weight": "bold"}
        look |= {"fontsize": size, "color": brand.color("accent"), "zorder": 3}
        ax.text(center, y, text, **look)


def _draw_years(frame: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw how many trials of each group start in each year."""
    rows = _rows_of(frame["condition"])
    heads, found = counts_by_year(frame["condition"], frame["start_earliest"])
    counts = {(group, str(year)): n for (group, year), n in found.items()}
    left = label_width(rows)
    width = min((brand.load().width_mm - left) / len(heads), 11.0)
    ax = sheet(ax, len(rows) * ROW, top=2 * LINE + 2)
    draw_labels(ax, rows)
    named = {
        pair: n for pair, n in counts.items() if {OTHERS, NOT_STATED}.isdisjoint(pair)
    }
    columns = {str(year): head for year, head in heads.items()}
    at: dict[str, Any] = {"left": left, "width": width}
    draw_matrix(ax, rows, columns, counts, **at, marked=_largest(named))
    return ax


def _starts_in_words(frame: pd.DataFrame) -> str:
    trials = frame.drop_duplicates("trial_id")
    first, last = (f(trials["start_earliest"].dt.year) for f in (min, max))
    counts = stated(frame["condition"]).value_counts()
    named = [f"{row} {n:,}" for row, n in counts.head(MOST_NAMED).items()]
    sizes = trials.dropna(subset=["enrollment"]).sort_values(
        "enrollment", ascending=False, kind="stable"
    )
    largest = ""
    if len(sizes) > 1 and sizes["enrollment"].iloc[0] > sizes["enrollment"].iloc[1]:
        top = sizes.iloc[0]
        people = counted(int(top["enrollment"]), "participant")
        year = top["start_earliest"].year
        largest = f" The largest, of {people}, states a start in {year}."
    return (
        f"Starts of {counted(len(trials), 'trial')} by condition,"
        f" {years_between(first, last)}: "
        f"{'; '.join(named)}.{largest}"
    )


def _starts_note(frame: pd.DataFrame) -> str:
    n = frame.attrs.get("n_undated", 0)
    undated = f"{stating_no(n, 'start')}." if n else ""
    is_drawn = frame["trial_id"].nunique() <= MOST_ONE_BY_ONE
    area = "Area: participants, planned or actual." if is_drawn else ""
    has_rings = is_drawn and not frame["enrollment"].fillna(0).gt(0).all()
    rings = "Ring: no participants stated, or none." if has_rings else ""
    return " ".join(filter(None, (area, rings, undated, _others(frame))))


condition_starts = Figure(
    name="condition_starts",
    question="When do the trials of each condition start, and how large are they?",
    summary=summarize.condition_starts,
    columns=(
        *("trial_id", "condition", "start_earliest", "start_latest", "enrollment"),
    ),
    drawing=_draw_starts,
    caption=f"Trials by condition and start. {_EACH} N = {{n}}.",
    is_dense=lambda frame: frame["trial_id"].nunique() > MOST_ONE_BY_ONE,
    dense_caption=f"Trials by condition and year of start. {_EACH} N = {{n}}.",
    alt_text=_starts_in_words,
    minimum=4,
    needs=("as_of",),
    caption_note=_starts_note,
    draws_cut_off=True,
)
