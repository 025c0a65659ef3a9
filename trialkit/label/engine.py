"""Records of one trial to its labels and doses, each with its quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trialkit.label.cells import Cells
from trialkit.label.choose import Choice, Evidence
from trialkit.label.combinations import products_of
from trialkit.label.confidence import rate
from trialkit.label.decision import verdict_by, verdict_of
from trialkit.label.doses import doses_of
from trialkit.label.gate import names_no_cells, tells_of_cells
from trialkit.label.matcher import Matcher
from trialkit.label.products import Products
from trialkit.label.result import Label, LabelResult
from trialkit.label.routes import Routes, relation_of
from trialkit.label.study import Study
from trialkit.label.vocabulary import NONE, NOT_STATED, code_of, is_extracorporeal
from trialkit.merge.choice import arm_record
from trialkit.record import Arm, Record, arms_of


def label_records(
    records: Sequence[Record], *, matcher: Matcher | None = None
) -> LabelResult:
    """Return the labels that the records of one trial support, best authority first.

    Labels are made per arm, and only for arms that get a cell product; every other arm
    gets route NONE. A lay page fills what the register leaves open and never overrides
    it. A trial that names no cells anywhere costs one scan of its text.
    """
    if matcher is None and names_no_cells(records):
        return rate(_without_cells(records), tells_of_cells(records))
    study = Study(records, matcher)
    if not study.names_cells:
        return rate(_without_cells(records), False)
    products = Products(study)
    verdict = verdict_of(study, products)
    result = LabelResult(trial_id=records[0].trial_id, **verdict._asdict())
    if verdict.is_cell_trial is False:
        result.labels = _no_product(study.base, study.arms)
    elif verdict.is_cell_trial:
        labeller = _Labeller(study, products)
        result.labels = labeller.rows()
        result.doses = doses_of(labeller.evidence, labeller.devices)
    return rate(result, study)


def _without_cells(records: Sequence[Record]) -> LabelResult:
    """Return the result of a trial that names no cells."""
    base = arm_record(records) or records[0]
    return LabelResult(
        trial_id=base.trial_id,
        **verdict_by(("words.none", ""))._asdict(),
        labels=_no_product(base, arms_of(base)),
    )


def _no_product(base: Record, arms: Iterable[tuple[str, Arm]]) -> list[Label]:
    """Return route NONE and delivery none for arms of a record."""
    rule = {"basis": "derived", "rule_id": "arm.no_cell_product"}
    return [
        label_row(base, arm_id, axis, value, **rule)
        for arm_id, _ in arms
        for axis, value in (("delivery_mode", "none"), ("route", NONE))
    ]


def label_row(base: Record, arm_id: str, axis: str, value: str, **rest: Any) -> Label:
    """Return a label of an arm of a record, with the standard code of its value."""
    names = {"trial_id": base.trial_id, "arm_id": arm_id, "axis": axis, "value": value}
    return Label(**names, code=code_of(axis, value), **rest)


def not_stated(study: Study, arm_id: str, axis: str, **rest: str) -> Label:
    """Return a `NOT_STATED` label that lists the sections searched."""
    rest = {"rule_id": "none.found", "section": study.sections, **rest}
    return label_row(study.base, arm_id, axis, NOT_STATED, basis="not_stated", **rest)


class _Labeller:
    """The label rows of one trial."""

    def __init__(self, study: Study, products: Products):
        self.study = study
        self.products = products
        self.evidence = Evidence(study, products)
        self.cells = Cells(self.evidence)
        self.ways = Routes(self.evidence)
        self.devices: set[int] = set()

    def rows(self) -> list[Label]:
        """Return all rows, arm by arm."""
        found: list[Label] = []
        for n, arm in enumerate(self.study.arms):
            if n in self.products.arms:
                found += self._with_product(n)
            else:
                found += _no_product(self.study.base, [arm])
        return found

    def _with_product(self, arm: int) -> list[Label]:
        types = self.cells.types(arm)
        routes = self.ways.routes(arm, types)
        is_device = any(is_extracorporeal(c.id) for c in routes)
        if is_device:
            self.devices.add(arm)
        sources, donors = self.cells.sources(arm), self.cells.donors(arm)
        found = {"cell_type": types, "cell_source": sources, "donor": donors}
        products = products_of(self.evidence, arm, found)
        rows = [self._delivery(arm, routes, is_device)]
        rows += self._all(arm, "route", routes, relation_of(routes))
        for axis, choices in found.items():
            rows += self._all(arm, axis, choices)
        rows += self._inferred(arm, sources, donors, products)
        rows += [self._enters(arm, routes, is_device)]
        for axis in ("access", "perfusate") if is_device else ("access",):
            details = self.ways.details(axis, arm)
            # The words of the route itself tell of no access.
            details = [c for c in details if not any(map(c.overlaps, routes))]
            rows += self._all(arm, axis, details)
        if not is_device:
            rows += self._all(arm, "site", self.ways.details("site", arm))
        for axis in ("species", "processing"):
            rows += self._all(arm, axis, self.cells.simple(axis, arm))
        for row in rows:
            numbers = products.get((row.axis, row.value), ())
            row.product = row.product or _listed(numbers)
        return rows

    def _inferred(
        self,
        arm: int,
        sources: list[Choice],
        donors: list[Choice],
        products: Mapping[tuple[str, str], tuple[int, ...]],
    ) -> list[Label]:
        """Return the donor that perinatal sources imply, where none is stated."""
        told = [products.get(("donor", donor.id)) for donor in donors]
        if None in told:  # stated of the one product, or nobody says of which
            return []
        taken = {n for numbers in told if numbers for n in numbers}
        numbers_of = {s.id: products.get(("cell_source", s.id), ()) for s in sources}
        free = [
            s
            for s in sources
            if (numbers_of[s.id] or not donors) and taken.isdisjoint(numbers_of[s.id])
        ]
        implied = self.cells.donors_implied(free)
        rows = [self._row(arm, "donor_inferred", c) for _, c in implied[:1]]
        for row in rows:
            row.product = _listed({n for i, _ in implied for n in numbers_of[i]})
        return rows

    def _delivery(self, arm: int, routes: list[Choice], is_device: bool) -> Label:
        value = "extracorporeal" if is_device else "in_body"
        if not routes:
            rule = {"basis": "derived", "rule_id": "delivery.cells_given"}
            arm_id = self.study.arms[arm][0]
            return label_row(self.study.base, arm_id, "delivery_mode", value, **rule)
        told = routes[0]._replace(
            id=value, basis="derived", rule_id="delivery.from_route"
        )
        return self._row(arm, "delivery_mode", told)

    def _enters(self, arm: int, routes: list[Choice], is_device: bool) -> Label:
        axis, arm_id = "cells_enter_body", self.study.arms[arm][0]
        if not routes:
            return not_stated(self.study, arm_id, axis, rule_id="enters.not_stated")
        told = routes[0]._replace(
            id="true", basis="derived", rule_id="enters.given_in_body"
        )
        if is_device:
            told = self.ways.stated_outside() or routes[0]._replace(
                id="false", basis="inferred", rule_id="enters.device_keeps_cells"
            )
        return self._row(arm, axis, told)

    def _all(
        self, arm: int, axis: str, choices: list[Choice], relation: str | None = None
    ) -> list[Label]:
        if not choices:
            return [not_stated(self.study, self.study.arms[arm][0], axis)]
        return [self._row(arm, axis, choice, relation) for choice in choices]

    def _row(
        self, arm: int, axis: str, choice: Choice, relation: str | None = None
    ) -> Label:
        return label_row(
            self.study.base,
            self.study.arms[arm][0],
            axis,
            choice.id,
            basis=choice.basis,
            relation=relation,
            rule_id=choice.rule_id,
            **self.study.cited(choice.text, choice.start, choice.end),
        )


def _listed(numbers: Iterable[int]) -> str | None:
    return "; ".join(map(str, sorted(numbers))) or None
