"""What labelling gives back: rows with exactly the columns of the codebook."""

from __future__ import annotations

import msgspec


class Label(msgspec.Struct, kw_only=True, gc=False):
    """One value of one axis for one arm, with the words it rests on."""

    trial_id: str
    arm_id: str
    axis: str
    value: str
    code: str | None = None
    basis: str = "stated"
    relation: str | None = None
    product: str | None = None
    source_id: str | None = None
    section: str | None = None
    quote: str | None = None
    start: int | None = None
    end: int | None = None
    rule_id: str | None = None
    confidence: str | None = None
    doubts: str | None = None


class Dose(msgspec.Struct, kw_only=True, gc=False):
    """One stated amount or regimen of one arm; nothing is converted."""

    trial_id: str
    arm_id: str
    amount: float | None = None
    unit: str | None = None
    per: str | None = None
    basis: str | None = None
    n_doses: int | None = None
    interval: str | None = None
    session_hours_min: float | None = None
    session_hours_max: float | None = None
    source_id: str | None = None
    section: str | None = None
    quote: str | None = None
    start: int | None = None
    end: int | None = None
    rule_id: str | None = None


class LabelResult(msgspec.Struct, kw_only=True):
    """The labels of one trial, and whether it is a cell trial at all."""

    trial_id: str
    is_cell_trial: bool | None
    reason: str
    labels: list[Label] = []
    doses: list[Dose] = []
