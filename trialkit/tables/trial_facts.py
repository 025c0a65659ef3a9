"""The arms of each trial, and the quotes behind its labels, for cards and details."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from trialkit.summarize.cells import arm_values, donor_words, product_words, take
from trialkit.summarize.doses import dose_words
from trialkit.summarize.flow import of_source
from trialkit.summarize.groups import arm_labels, axis_words, label_words
from trialkit.summarize.pairs import ARM_KEY
from trialkit.summarize.wording import field_name, words
from trialkit.tables.content import Row, by_trial
from trialkit.tidy.trials import Trials

#: What stands for the one arm of a record that describes none.
NO_ARM = "(no arm in the record)"
#: Most quotes of one trial.
_MOST_QUOTES = 8
#: Axes in the order in which a card shows their evidence.
_EVIDENCE = (
    "route cell_type cell_source donor delivery_mode cells_enter_body access site "
    "perfusate donor_inferred"
).split()


def arm_names(data: Trials, rows: pd.DataFrame) -> pd.Series:
    """Return what the arm of each row is called: its label, or that there is none."""
    arms = data.arms.set_index(ARM_KEY)
    is_none = arms["is_implicit"].fillna(False).astype(bool)
    names = arms["arm_label"].astype("string").mask(is_none, NO_ARM)
    named = take(names, pd.MultiIndex.from_frame(rows[ARM_KEY]))
    return named.set_axis(rows.index).fillna(rows["arm_id"].astype("string"))


def arms(data: Trials) -> dict[str, list[Row]]:
    """Return the arms of each trial, with what each of them gives."""
    rows = data.arms[[*ARM_KEY, "arm_label", "arm_type", "is_implicit"]].copy()
    pairs = pd.MultiIndex.from_frame(rows[ARM_KEY])
    product_arms = pd.MultiIndex.from_frame(arm_labels(data, [])[ARM_KEY])
    rows["has_cells"] = pairs.isin(product_arms)
    routes = label_words(data, ["route"], unit="arms").groupby(ARM_KEY)["route"]
    dose = dose_words(data)
    for name, values in (
        ("cells", product_words(data, unit="arms")),
        ("routes", routes.agg("; ".join)),
        ("donors", donor_words(data, unit="arms")),
        ("site", arm_values(data, "site")),
        ("access", arm_values(data, "access")),
        ("dose", dose["dose"]),
        ("sessions", dose["sessions"]),
    ):
        rows[name] = take(values, pairs).to_numpy()
    return by_trial(rows)


def quotes(data: Trials, *, axes: Sequence[str] = _EVIDENCE) -> dict[str, list[Row]]:
    """Return up to eight quotes per trial with the labels that rest on each."""
    rows = data.labels[data.labels["quote"].notna()]
    rows = rows[rows["axis"].isin(axes)]
    rows = rows.drop_duplicates(["trial_id", "axis", "value"])
    rank = rows["axis"].astype("string").map(list(axes).index)
    rows = rows.loc[rank.sort_values(kind="stable").index]
    name = rows["axis"].astype("string").map(field_name)
    rows = rows.assign(label=name + ": " + axis_words(rows, terms=data.terms))
    by_quote = rows.groupby(["trial_id", "quote"], sort=False)
    first = by_quote[["source_id", "section"]].first()
    first["labels"] = by_quote["label"].agg("; ".join)
    first = first.reset_index().groupby("trial_id", sort=False).head(_MOST_QUOTES)
    kind = of_source(data, first["source_id"], "kind")
    first["kind"] = words(kind, "source_kind").mask(kind.isna())
    first["wording"] = of_source(data, first["source_id"], "wording")
    return by_trial(first)
