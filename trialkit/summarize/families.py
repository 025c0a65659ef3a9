"""Kinds of cell therapy by the cells that are labelled: the families of a score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

from trialkit.files import data_rows
from trialkit.label.vocabulary import NO_CELLS
from trialkit.tidy.trials import Trials

#: Cells that no other family has, and trials that give none.
OTHER, NO_PRODUCT = "OTHER_CELL", "NONE"
_UNSTATED = "NOT_STATED"


@cache
def family_words() -> dict[str, str]:
    """Return the words of each family of cells, in display order."""
    return {row["family"]: row["words"] for row in data_rows("cell_families.csv")}


@cache
def _family_by_type() -> dict[str, str]:
    rows = data_rows("cell_families.csv")
    return {id_: row["family"] for row in rows for id_ in row["cell_types"].split("|")}


def families_of(cell_types: Iterable[str]) -> list[str]:
    """Return the families of one trial's cell types, in display order.

    Labels made by rules and by readers are told alike, so that a score of a family
    speaks of the trials that a report shows under it. A trial with several kinds of
    cells is of each; "not stated" counts where nothing else does. A user's own id is
    of the family of the id that it is named after (`MSC.mine`).

    Examples
    --------
    >>> families_of(["TCELL", "NOT_STATED", "HSC"])
    ['HSCT', 'T_CELL']
    >>> families_of(["NONE"])
    ['NONE']
    """
    told = set(cell_types)
    stated = told - {_UNSTATED, *NO_CELLS} or told - set(NO_CELLS) or told
    found = {_family(cell_type) for cell_type in stated}
    return [family for family in family_words() if family in found]


def _family(cell_type: str) -> str:
    known = _family_by_type()
    name = cell_type.partition(":")[0]
    while name not in known and "." in name:
        name = name.rpartition(".")[0]
    return known.get(name, OTHER)


def families_shown(data: Trials) -> dict[str, int]:
    """Return how many trials give cells of each family, the commonest first."""
    data = data.counted()
    gives = data.trials["is_cell_trial"].ne(False).fillna(True)
    trial_ids = set(data.trials.loc[gives, "trial_id"])
    types: dict[str, set[str]] = {}
    rows = data.labels[data.labels["axis"] == "cell_type"]
    for trial_id, value in rows[["trial_id", "value"]].to_numpy():
        if trial_id in trial_ids:
            types.setdefault(trial_id, set()).add(value)
    found = Counter(f for own in types.values() for f in families_of(own))
    found.pop(NO_PRODUCT, None)
    order = list(family_words())
    return dict(sorted(found.items(), key=lambda kv: (-kv[1], order.index(kv[0]))))
