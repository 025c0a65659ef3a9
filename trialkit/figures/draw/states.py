"""States of fields: a bar per field, its trials counted by state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from trialkit.figures.draw import axis, page, parts


def draw_states(
    frame: pd.DataFrame,
    fields: Mapping[str, str],
    ax: page.Axes | None,
    *,
    looks: Mapping[str, parts.Part],
    sums: Mapping[str, int],
) -> page.Axes:
    """Draw a frame of field, trial_id and state; a bar ends with its number in `sums`.

    `fields` are in their order, with their names; `looks` are the states in theirs.
    """
    n = frame["trial_id"].nunique()
    state = axis.stated(frame["state"]).str.lower()
    counts: dict[Any, int] = (
        frame.groupby([axis.stated(frame["field"]), state]).size().to_dict()
    )
    tails = {field: f"{sums[field]:,} of {n:,}" for field in fields}
    return parts.draw_parts(
        ax, list(fields), counts, looks, names=fields, tails=tails, is_bars=True
    )
