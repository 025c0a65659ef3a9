"""Families of routes: one color each, wherever routes are told apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trialkit import brand
from trialkit.codewords import NOT_STATED

#: Hues of groups that are no families, the largest first; further groups are one.
_OTHERS = ("accent", "brown", "mauve", "pine", "bar")
#: Least contrast of a text on white.
_READABLE = 4.5


def hue_of(family: str) -> str:
    """Return the color of a family; a rest, and what is not known, is light grey."""
    return brand.load().route_families.get(family) or brand.color("rest")


def hues_of(groups: Iterable[str]) -> dict[str, str]:
    """Return the color of each group: a family's own, of others the next in line.

    Those that come first are to stand out, and the rest is light grey.
    """
    told = [group for group in groups if group != NOT_STATED]
    if are_families(told):
        return {group: hue_of(group) for group in told}
    names = (*_OTHERS, *["rest"] * len(told))
    return {group: brand.color(hue) for group, hue in zip(told, names, strict=False)}


def are_families(groups: Iterable[str]) -> bool:
    """Return whether all groups are families of routes, each with its own color."""
    return brand.load().route_families.keys() >= {*groups}


def ink_of(hue: str) -> str:
    """Return a color for text: the hue itself where it can be read on white."""
    contrast = 1.05 / (brand.luminance(hue) + 0.05)
    return hue if contrast >= _READABLE else brand.color("slate")


def fill(hue: str | None) -> dict[str, Any]:
    """Return the settings of a mark of a color; without one it is an outline.

    An outline is what no source states, in every figure.
    """
    if hue is None:
        edge = brand.color("slate")
        return {"facecolor": brand.color("white"), "edgecolor": edge, "linewidth": 0.8}
    return {"facecolor": hue, "edgecolor": brand.color("white"), "linewidth": 0.0}


def no_date() -> dict[str, Any]:
    """Return the settings of a trial without a date: an outline in dashes."""
    return fill(None) | {"linestyle": (0, (2.2, 1.6))}


def pale(hue: str) -> str:
    """Return a color mixed with white: what is planned, or not known."""
    return brand.tint(hue, 0.38)
