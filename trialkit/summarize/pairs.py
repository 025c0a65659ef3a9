"""Label ids of arms, the values of one product in one row."""

from __future__ import annotations

from collections import defaultdict
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
    frame = frame.reset_index(drop=True)
    fixed = _by_product(frame[is_several], rows, axes)
    every = pd.concat([frame[~is_several], fixed]).sort_index(kind="stable")
    return every.reset_index(drop=True)


def _by_product(
    arms: pd.DataFrame, rows: pd.DataFrame, axes: Sequence[str]
) -> pd.DataFrame:
    """Return the rows of arms, product by product, where the first of each stands."""
    values = _values(rows, axes)
    places: list[int] = []
    found: list[tuple[str, ...]] = []
    for place, *key in arms.drop_duplicates(ARM_KEY)[ARM_KEY].itertuples():
        own = values[tuple(key)]
        for combined in dict.fromkeys(_combined({axis: own[axis] for axis in axes})):
            places.append(place)
            found.append((*key, *combined))
    frame = pd.DataFrame(found, places, [*ARM_KEY, *axes], dtype="string")
    return frame.astype(arms.dtypes.to_dict())


def _values(
    rows: pd.DataFrame, axes: Sequence[str]
) -> dict[tuple[str, ...], dict[str, _Values]]:
    """Return the stated values of each arm, by axis."""
    values: dict[tuple[str, ...], dict[str, _Values]] = defaultdict(
        lambda: defaultdict(list)
    )
    rows = rows[rows["axis"].isin(list(axes)) & rows["value"].ne(UNSTATED)]
    numbers = rows["product"].astype("string").fillna("")
    cells = rows[[*ARM_KEY, "axis", "value"]].itertuples(index=False)
    for (*key, axis, value), told in zip(cells, numbers, strict=True):
        own = frozenset(filter(None, told.split("; ")))
        values[tuple(key)][axis].append((value, own))
    return values


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
