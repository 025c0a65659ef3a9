"""Label ids of arms, the values of one product in one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pandas as pd

#: Axes of a product; others, such as the route, are those of the whole arm.
PRODUCT_AXES = ("cell_type", "cell_source", "donor", "donor_inferred")
UNSTATED, UNTOLD = "NOT_STATED", "NOT_TOLD"
ARM_KEY = ["trial_id", "arm_id"]
#: Values of one arm on one axis, each with the numbers of its products (none: untold).
_Values = list[tuple[str, frozenset[str]]]


def paired(arms: pd.DataFrame, rows: pd.DataFrame, axes: Sequence[str]) -> pd.DataFrame:
    """Return arms with one column of ids per axis, one row per combination.

    Of several products, only values of the same one are combined; a value of an
    unstated product stands beside `NOT_TOLD`.
    """
    frame = arms
    for axis in axes:
        own = rows.loc[rows["axis"].eq(axis), [*ARM_KEY, "value"]].drop_duplicates()
        frame = frame.merge(own.rename(columns={"value": axis}), on=ARM_KEY, how="left")
        frame[axis] = frame[axis].fillna(UNSTATED)
    crossed = [axis for axis in axes if axis in PRODUCT_AXES]
    if len(crossed) < 2:
        return frame
    numbered = rows[rows["product"].notna()]
    several = pd.MultiIndex.from_frame(numbered[ARM_KEY].drop_duplicates())
    keys = pd.MultiIndex.from_frame(frame[ARM_KEY])
    is_several = keys.isin(several)
    if not is_several.any():
        return frame
    rest = frame[is_several]
    fixed = [_of_arm(arm, rows, axes) for _, arm in rest.groupby(ARM_KEY, sort=False)]
    order = frame.reset_index(drop=True).index
    kept = frame[~is_several].set_axis(order[~is_several])
    return pd.concat([kept, *fixed]).sort_index(kind="stable").reset_index(drop=True)


def _of_arm(arm: pd.DataFrame, rows: pd.DataFrame, axes: Sequence[str]) -> pd.DataFrame:
    """Return the rows of one arm, product by product."""
    trial_id, arm_id = arm.iloc[0][ARM_KEY]
    own = rows[rows["trial_id"].eq(trial_id) & rows["arm_id"].eq(arm_id)]
    values = {axis: _values(own[own["axis"] == axis]) for axis in axes}
    combined = list(dict.fromkeys(_combined(values)))
    frame = pd.DataFrame(combined, columns=list(axes), dtype="string")
    frame.insert(0, "arm_id", arm_id)
    frame.insert(0, "trial_id", trial_id)
    return frame.astype(arm.dtypes.to_dict()).set_axis([arm.index[0]] * len(frame))


def _values(rows: pd.DataFrame) -> _Values:
    numbers = rows["product"].astype("string").fillna("")
    return [
        (value, frozenset(filter(None, told.split("; "))))
        for value, told in zip(rows["value"], numbers, strict=True)
        if value != UNSTATED
    ]


def _combined(values: dict[str, _Values]) -> Iterator[tuple[str, ...]]:
    numbers = sorted({n for own in values.values() for _, told in own for n in told})
    for number in numbers:
        yield from product(*(_of_product(values, axis, number) for axis in values))
    for axis, own in values.items():
        for value in (v for v, told in own if axis in PRODUCT_AXES and not told):
            others = (
                [value] if other == axis else _beside(values, other) for other in values
            )
            yield from product(*others)


def _of_product(values: dict[str, _Values], axis: str, number: str) -> list[str]:
    """Return the values of one product, or `NOT_TOLD` or `NOT_STATED`."""
    own = values[axis]
    if axis not in PRODUCT_AXES:
        return [value for value, _ in own] or [UNSTATED]
    told = [value for value, numbers in own if number in numbers]
    is_open = any(not numbers for _, numbers in own)
    return told or [UNTOLD if is_open else UNSTATED]


def _beside(values: dict[str, _Values], axis: str) -> list[str]:
    """Return the values beside that of an unstated product."""
    own = values[axis]
    if axis not in PRODUCT_AXES:
        return [value for value, _ in own] or [UNSTATED]
    return [UNTOLD if own else UNSTATED]
