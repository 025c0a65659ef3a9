"""The trials at a glance: key facts, characteristics, one row per trial."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trialkit.codebook import levels_of
from trialkit.codewords import NO_PRODUCT
from trialkit.dates import as_day
from trialkit.summarize.cells import donor_by_source, donor_words, product_words
from trialkit.summarize.conditions import conditions
from trialkit.summarize.count import count, only_family, values_by
from trialkit.summarize.counted import Day, of_counted
from trialkit.summarize.enrollment import by_type, enrollment_by_route
from trialkit.summarize.groups import (
    SEVERAL,
    arm_labels,
    by_start,
    joined_by,
    order_of,
    ordered,
    trials_by_start,
    words_or_none,
)
from trialkit.summarize.lines import short_titles
from trialkit.summarize.places import sponsor_classes
from trialkit.summarize.quality import conflicts
from trialkit.summarize.routes import route_words
from trialkit.summarize.statistics import PERCENT_FROM, QUARTILES_FROM, number, wilson
from trialkit.summarize.subject import gives_cells, has_whole_records
from trialkit.summarize.wording import NOT_STATED, field_name, for_armless, words
from trialkit.tidy.trials import Trials

#: Blocks of the characteristics table, in order.
_BLOCKS = (
    "study_type phase_group allocation intervention_model masking primary_purpose "
    "overall_status condition country lead_sponsor_class enrollment_group "
    "start_year has_results"
).split()
#: Blocks whose levels are those of a figure.
_COUNTED_BY = {"condition": conditions, "lead_sponsor_class": sponsor_classes}
#: Countries with a row of their own; the rest are pooled.
_MOST_COUNTRIES = 10
#: Start years with a row of their own; more are pooled in periods of five years.
_MOST_YEARS = 8
#: What stands between route and source of a pair.
GIVES = " ← "


@of_counted
def key_facts(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return the report's key facts, each a count with its denominator.

    Where no trial gives living cells, routes are not assessed, and nothing is said of
    cells, donors and doses.

    Returns
    -------
    pandas.DataFrame
        fact (id), label, value (text), n and total (where the fact is "n of total").
        `attrs` hold n_inferred, the trials whose donor only a rule infers, and
        is_whole, as `has_whole_records` tells it.

    Raises
    ------
    ParameterError
        If `as_of` is not a day.
    """
    cut_off = as_day(as_of)
    rows = [*_size_facts(data), *_design_facts(data)]
    if gives_cells(data):
        rows += _label_facts(data)
    else:
        rows = [row for row in rows if row[0] != "product_arms"]
        rows.append(("routes", "Routes", "Not assessed", pd.NA, pd.NA))
    rows += _quality_facts(data)
    frame = pd.DataFrame(rows, columns=["fact", "label", "value", "n", "total"])
    frame = frame.astype(dict.fromkeys(("fact", "label", "value"), "string"))
    frame = frame.astype({"n": "Int64", "total": "Int64"})
    frame.attrs |= {"as_of": f"{cut_off:%Y-%m-%d}", "n_trials": len(data.trials)}
    frame.attrs["is_whole"] = has_whole_records(data)
    if gives_cells(data):
        frame.attrs["n_inferred"] = donor_by_source(data).attrs["n_inferred"]
    return frame


Fact = tuple[str, str, Any, Any, Any]


def _size_facts(data: Trials) -> list[Fact]:
    n = len(data.trials)
    implicit = int(data.arms["is_implicit"].fillna(False).sum())
    stated = len(data.arms) - implicit
    product = len(arm_labels(data, []))
    people = enrollment_by_route(data, by=None).iloc[0]
    known = n - int(people["n_missing"])
    total = pd.NA if pd.isna(people["total"]) else int(people["total"])
    arms = f"{stated:,} stated{for_armless(implicit)}"
    shown_total = NOT_STATED if pd.isna(total) else f"{total:,}"
    if kinds := by_type(data.trials):
        shown_total += f" ({', '.join(kinds)})"
    return [
        ("trials", "Trials", f"{n:,}", n, pd.NA),
        ("arms", "Arms", f"{len(data.arms):,} ({arms})", len(data.arms), pd.NA),
        ("product_arms", "Arms with a cell product", f"{product:,}", product, pd.NA),
        ("participants", "Participants", shown_total, total, pd.NA),
        ("enrollment", "Trials with enrollment stated", "", known, n),
        ("median", "Median enrollment", _middle(people), pd.NA, pd.NA),
    ]


def _middle(people: pd.Series) -> str:
    if pd.isna(people["median"]):
        return NOT_STATED
    parts = [f"range {number(people['min'])} to {number(people['max'])}"]
    if people["n"] - people["n_missing"] - people["n_zero"] >= QUARTILES_FROM:
        parts.insert(0, f"quartiles {number(people['q1'])} to {number(people['q3'])}")
    if people["n_zero"]:
        parts.append(f"{int(people['n_zero']):,} with 0 left out")
    return f"{number(people['median'])} ({'; '.join(parts)})"


def _design_facts(data: Trials) -> list[Fact]:
    trials, n = data.trials, len(data.trials)
    start = trials.dropna(subset=["start_date_earliest"]).sort_values(
        ["start_date_earliest", "start_date"]
    )["start_date"]
    span = f"{start.iloc[0]} to {start.iloc[-1]}" if len(start) else NOT_STATED
    status = count(data, by="overall_status")
    status["overall_status"] = words(status["overall_status"], "overall_status")
    return [
        ("starts", "First to last start", span, pd.NA, pd.NA),
        ("start_date", "Trials with a start date", "", len(start), n),
        ("status", "Recruitment status", _listed(status), pd.NA, pd.NA),
        ("countries", "Countries", _listed(count(data, by="country")), pd.NA, pd.NA),
    ]


def _listed(frame: pd.DataFrame, most: int = 16) -> str:
    """Return a count frame as words: `Recruiting 2; Not stated 1`, zeros left out.

    Of many values the commonest are named, in display order; what is not stated is
    named always.
    """
    rows = frame[frame["n"] > 0]
    is_stated = rows[rows.columns[0]].astype("string") != NOT_STATED
    common = rows[is_stated].sort_values("n", ascending=False, kind="stable")
    kept = rows.loc[common.head(most).index.sort_values()]
    parts = [f"{word} {n:,}" for word, n in kept.to_numpy()]
    if len(common) > most:
        parts.append(f"{len(common) - most} more")
    parts += [f"{word} {n:,}" for word, n in rows[~is_stated].to_numpy()]
    return "; ".join(parts) or NOT_STATED


def _label_facts(data: Trials) -> list[Fact]:
    labels = {"route_group": "Route", "cell_type": "Cell type"}
    labels |= {"cell_source": "Cell source", "donor": "Donor relation"}
    values: list[Fact] = []
    stated: list[Fact] = []
    for column, label in labels.items():
        frame, name = count(data, by=column), column.removesuffix("_group")
        if name != "donor":
            values.append((f"{name}s", f"{label}s", _listed(frame), pd.NA, pd.NA))
        numbers = frame.attrs["n_usable"], frame.attrs["n_trials"]
        stated.append((f"{name}_stated", f"{label} stated", "", *numbers))
    dosed = data.doses.loc[data.doses["amount"].notna(), "trial_id"].nunique()
    total = stated[0][-1]
    return [*values, *stated, ("dose_stated", "Dose stated", "", int(dosed), total)]


def _quality_facts(data: Trials) -> list[Fact]:
    n = len(data.trials)
    differing = data.trials["has_conflict"].fillna(False).sum()
    posted = int(data.trials["has_results"].eq(True).fillna(False).sum())
    return [
        ("conflicts", "Trials with conflicting values", "", int(differing), n),
        ("results", "Trials with posted results", "", posted, n),
    ]


@of_counted
def characteristics(data: Trials) -> pd.DataFrame:
    """Return how many trials have each design, status, country, size and start.

    Every block has a "Not stated" row. A trial in two countries counts in both. The
    conditions are grouped as in `conditions`, the sponsors as in `sponsor_classes`.
    Shares and their Wilson 95 % intervals are given from 20 trials on.

    Returns
    -------
    pandas.DataFrame
        block, field (the block in words), level, n, total, percent, ci_low, ci_high (in
        percent; missing below 20 trials).
    """
    total = len(data.trials)
    blocks = [_block(data, name) for name in _BLOCKS]
    frame = pd.concat(blocks, ignore_index=True)
    frame["total"] = total
    frame["percent"] = pd.array([pd.NA] * len(frame), dtype="Float64")
    frame["ci_low"] = frame["ci_high"] = frame["percent"]
    if total >= PERCENT_FROM:
        limits = [wilson(int(n), total) for n in frame["n"]]
        frame["percent"] = (100 * frame["n"] / total).astype("Float64")
        frame["ci_low"] = pd.array([100 * low for low, _ in limits], dtype="Float64")
        frame["ci_high"] = pd.array([100 * high for _, high in limits], dtype="Float64")
    frame.attrs |= {"n_trials": total}
    return frame


def _block(data: Trials, name: str) -> pd.DataFrame:
    make = _COUNTED_BY.get(name)
    frame = make(data) if make else count(data, by=name)
    if name == "condition":
        frame = frame[frame["n"].gt(0) | frame[name].eq(NOT_STATED)]
    levels = words(frame[name], name).astype("string")
    frame = pd.DataFrame(
        {"block": name, "field": field_name(name), "level": levels, "n": frame["n"]}
    )
    if name == "country" and len(frame) > _MOST_COUNTRIES + 1:
        frame = _pooled_countries(data, frame)
    if name == "start_year" and len(frame) > _MOST_YEARS + 1:
        frame = _periods(frame)
    return frame.astype(dict.fromkeys(("block", "field", "level"), "string"))


def _pooled_countries(data: Trials, frame: pd.DataFrame) -> pd.DataFrame:
    """Pool the rarer countries, a trial in two of them counted once."""
    rare = frame["level"].iloc[_MOST_COUNTRIES:-1]
    lists = data.trials["countries"].str.split("; ").explode()
    n = int(lists[lists.isin(rare)].index.nunique())
    row = frame.iloc[[-1]].assign(level=f"Other ({len(rare)} countries)", n=n)
    return pd.concat(
        [frame.iloc[:_MOST_COUNTRIES], row, frame.iloc[[-1]]], ignore_index=True
    )


def _periods(frame: pd.DataFrame) -> pd.DataFrame:
    years = pd.to_numeric(frame["level"], errors="coerce")
    first = (years // 5 * 5).astype("Int64")
    name = first.astype("string") + "–" + (first + 4).astype("string")
    pooled = frame.assign(level=name.fillna(NOT_STATED))
    keys = ["block", "field", "level"]
    return pooled.groupby(keys, sort=False)[["n"]].sum().reset_index()


@of_counted
def trials(data: Trials) -> pd.DataFrame:
    """Return one readable row per trial, sorted by start, then id.

    Returns
    -------
    pandas.DataFrame
        trial_id, title, is_lay_title (a third party's headline, not a registered
        title), conditions, phase_group, overall_status, routes (words; `vs`
        between routes that arms compare), products (`cell type ← source` per arm),
        donors, enrollment, enrollment_type, start_date, completion_date, countries,
        lead_sponsor, and differing (fields with conflicting values, for a dagger).
        Missing stays missing.
    """
    trials = by_start(data, data.trials)
    frame = trials[["trial_id"]].assign(title=trials["display_title"])
    registered = trials[["brief_title", "official_title"]].notna().any(axis=1)
    frame["is_lay_title"] = trials["display_title"].notna() & ~registered
    key = ["trial_id"]
    conditions = joined_by(data.conditions, key, "condition")
    frame["conditions"] = frame["trial_id"].map(conditions)
    frame[["phase_group", "overall_status"]] = trials[["phase_group", "overall_status"]]
    frame["routes"] = frame["trial_id"].map(route_words(data))
    frame["products"] = frame["trial_id"].map(product_words(data))
    frame["donors"] = frame["trial_id"].map(donor_words(data))
    plain = ["enrollment", "enrollment_type", "start_date", "completion_date"]
    plain += ["countries", "lead_sponsor"]
    frame[plain] = trials[plain]
    differing = joined_by(conflicts(data), key, "field")
    frame["differing"] = frame["trial_id"].map(differing)
    text = ("conditions", "routes", "products", "donors", "differing")
    frame = frame.astype(dict.fromkeys(text, "string")).reset_index(drop=True)
    frame.attrs |= {"n_trials": len(frame)}
    return frame


#: The columns of `trials` that the landscape is made of.
_TITLES = ("display_title", "acronym")
_ON_STRIP = (
    *("phase_group", "enrollment", "enrollment_type", "overall_status"),
    "has_conflict",
)
_DAYS = tuple(
    f"{date}_date_{end}"
    for date in ("start", "completion")
    for end in ("earliest", "latest")
)


@of_counted
def landscape_strip(data: Trials, *, as_of: Day) -> pd.DataFrame:
    """Return the whole landscape, one row per trial, sorted by start.

    Returns
    -------
    pandas.DataFrame
        trial_id, title, short_title (as in `trial_lines`), phase_group, route_groups
        and cell_sources (words joined by semicolons, "No cell product" where there is
        none), route_family (one, or "Several routes"), route_sources (the pairs of one
        product, such as `Vein ← Bone marrow`), enrollment, enrollment_type,
        start_earliest, start_latest, completion_earliest, completion_latest,
        overall_status, has_conflict.
    """
    cut_off = as_day(as_of)
    trials = trials_by_start(data, (*_TITLES, *_ON_STRIP, *_DAYS))
    frame = trials[["trial_id"]].assign(title=trials["display_title"])
    frame["short_title"] = short_titles(trials)
    frame["phase_group"] = ordered(
        trials["phase_group"], levels_of("trials", "phase_group")
    )
    for name in ("route_group", "cell_source"):
        joined = words_or_none(data, name).set_axis(data.trials["trial_id"])
        frame[f"{name}s"] = frame["trial_id"].map(joined).astype("string")
    family = frame["trial_id"].map(only_family(data)).astype("string")
    family = family.mask(frame["route_groups"].eq(NO_PRODUCT), NO_PRODUCT)
    levels = (*order_of("route_family"), SEVERAL["route_family"], NO_PRODUCT)
    frame["route_family"] = ordered(family, levels)
    pairs = values_by(data, ["route_group", "cell_source"])
    text = pairs[["route_group", "cell_source"]].astype("string")
    pairs["pair"] = text["route_group"] + GIVES + text["cell_source"]
    joined = joined_by(pairs, ["trial_id"], "pair")
    frame["route_sources"] = frame["trial_id"].map(joined).astype("string")
    for name in ("enrollment", "enrollment_type"):
        frame[name] = trials[name]
    for name in _DAYS:
        frame[name.replace("_date_", "_")] = trials[name]
    frame["overall_status"] = trials["overall_status"]
    frame["has_conflict"] = trials["has_conflict"].fillna(False)
    n = len(frame)
    frame.attrs |= {"as_of": f"{cut_off:%Y-%m-%d}", "n_trials": n, "n_usable": n}
    return frame.reset_index(drop=True)
