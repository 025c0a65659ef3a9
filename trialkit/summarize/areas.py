"""Areas of disease of trials: heart and vessels, cancer, skin and so on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from trialkit.read.values.areas import area_names, areas_of
from trialkit.summarize.counted import once
from trialkit.tidy.trials import Trials
from trialkit.tidy.value_lists import members

#: The group of trials whose conditions stand in none of the others.
OTHERS = "Other conditions"


def area_order() -> list[str]:
    """Return the areas of disease in the order of their table."""
    return [*area_names(), OTHERS]


class _Condition(NamedTuple):
    """One row of the table `conditions`; what the registry adds is of the trial."""

    condition: str
    mesh_terms: str | None
    mesh_ancestors: str | None
    registry_groups: str | None


def conditions_by_trial(data: Trials) -> dict[str, list[_Condition]]:
    """Return the conditions of each trial that states one."""
    table = data.conditions.dropna(subset=["condition"]).astype(object)
    table = table.where(table.notna(), None)
    made: dict[str, list[_Condition]] = {}
    facts = (table[name] for name in _Condition._fields)
    for trial_id, *own in zip(table["trial_id"], *facts, strict=True):
        made.setdefault(trial_id, []).append(_Condition(*own))
    return made


@once
def condition_areas(data: Trials) -> pd.DataFrame:
    """Return trial_id and condition_area: the areas of disease that each trial names.

    A trial whose conditions speak of none stands under "Other conditions".
    """
    pairs = [
        (trial_id, area)
        for trial_id, rows in conditions_by_trial(data).items()
        for area in _areas(rows) or (OTHERS,)
    ]
    return pd.DataFrame(pairs, columns=["trial_id", "condition_area"], dtype="string")


def _areas(rows: Sequence[_Condition]) -> tuple[str, ...]:
    of_trial = rows[0]
    mesh = *members(of_trial.mesh_terms), *members(of_trial.mesh_ancestors)
    branches = members(of_trial.registry_groups)
    return areas_of((row.condition for row in rows), mesh=mesh, branches=branches)
