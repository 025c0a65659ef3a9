"""Records of one trial to its labels and doses, each with its quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from trialkit.label.cells import Cells
from trialkit.label.choose import Choice, Evidence
from trialkit.label.combinations import products_of
from trialkit.label.doses import doses_of
from trialkit.label.gate import names_no_cells
from trialkit.label.matcher import Matcher
from trialkit.label.products import Products
from trialkit.label.result import Label, LabelResult
from trialkit.label.routes import Routes
from trialkit.label.scope import verdict_of
from trialkit.label.study import Study
from trialkit.label.vocabulary import NONE, NOT_STATED, code_of, is_extracorporeal
from trialkit.merge.choice import arm_record
from trialkit.record import Arm, Record, arms_of


def label_records(
    records: Sequence[Record], *, matcher: Matcher | None = None
) -> LabelResult:
    """Return the labels that the records of ONE trial support, best authority first.

    Labels are made per arm, and only for arms that get a cell product; every other arm
    gets route NONE. A lay page fills what the register leaves open and never overrides
    it. A trial that names no cells anywhere costs one scan of its text.
    """
    if matcher is None and names_no_cells(records):
        return _without_cells(records)
    study = Study(records, matcher)
    if not study.names_cells:
        return _without_cells(records)
    products = Products(study)
    verdict = verdict_of(study, products)
    result = LabelResult(trial_id=records[0].trial_id, **verdict._asdict())
    if not verdict.is_cell_trial:
        result.labels = _no_product(study.base, study.arms)
    else:
        labeller = _Labeller(study, products)
        result.labels = labeller.rows()
        result.doses = doses_of(labeller.evidence, labeller.devices)
    return result


def _without_cells(records: Sequence[Record]) -> LabelResult:
    """Return the result of a trial that names no cells."""
    base = arm_record(records) or records[0]
    return LabelResult(
        trial_id=base.trial_id,
        is_cell_trial=False,
        reason="no cell product is named",
        labels=_no_product(base, arms_of(base)),
    )


def _no_product(base: Record, arms: Iterable[tuple[str, Arm]]) -> list[Label]:
    """Return route NONE and delivery none for arms of a record."""
    return [
        Label(
            trial_id=base.trial_id,
            arm_id=arm_id,
            axis=axis,
            value=value,
            code=code_of(axis, value),
            basis="derived",
            rule_id="arm.no_cell_product",
        )
        for arm_id, _ in arms
        for axis, value in (("delivery_mode", "none"), ("route", NONE))
    ]


class _Labeller:
    """Makes the label rows of one trial."""

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
        routed = self.ways.routes(arm, types)
        is_device = any(is_extracorporeal(c.id) for c in routed.choices)
        if is_device:
            self.devices.add(arm)
        sources, donors = self.cells.sources(arm), self.cells.donors(arm)
        products = products_of(
            self.evidence,
            arm,
            {"cell_type": types, "cell_source": sources, "donor": donors},
        )
        rows = [self._delivery(arm, routed.choices, is_device)]
        rows += self._all(arm, "route", routed.choices, routed.relation)
        rows += self._all(arm, "cell_type", types)
        rows += self._all(arm, "cell_source", sources)
        rows += self._all(arm, "donor", donors)
        rows += self._inferred(arm, sources, donors, products)
        rows += [self._enters(arm, routed.choices, is_device)]
        for axis in ("access", "perfusate") if is_device else ("access",):
            rows += self._all(arm, axis, self._details(axis, arm, routed.choices))
        if not is_device:
            rows += self._all(arm, "site", self.ways.details("site", arm))
        for axis in ("species", "processing"):
            rows += self._all(arm, axis, self.cells.simple(axis, arm))
        for row in rows:
            row.product = row.product or _listed(
                products.get((row.axis, row.value), ())
            )
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
        free = [s for s in sources if not donors or numbers_of[s.id]]
        free = [s for s in free if taken.isdisjoint(numbers_of[s.id])]
        implied = self.cells.donors_implied(free)
        rows = [self._made(arm, "donor_inferred", c) for _, c in implied[:1]]
        for row in rows:
            row.product = _listed({n for i, _ in implied for n in numbers_of[i]})
        return rows

    def _details(self, axis: str, arm: int, routes: list[Choice]) -> list[Choice]:
        """Return access without the words that are the route itself."""
        return [
            c for c in self.ways.details(axis, arm) if not any(map(c.overlaps, routes))
        ]

    def _delivery(self, arm: int, routes: list[Choice], is_device: bool) -> Label:
        value = "extracorporeal" if is_device else "in_body"
        if not routes:
            return self._plain(
                arm, "delivery_mode", value, "derived", "delivery.cells_given"
            )
        row = self._made(arm, "delivery_mode", routes[0]._replace(id=value))
        row.rule_id, row.basis = "delivery.from_route", "derived"
        return row

    def _enters(self, arm: int, routes: list[Choice], is_device: bool) -> Label:
        if not routes:
            return self._plain(
                arm, "cells_enter_body", NOT_STATED, "not_stated", "enters.not_stated"
            )
        told = routes[0]._replace(
            id="true", basis="derived", rule_id="enters.given_in_body"
        )
        if is_device:
            told = self.ways.stated_outside() or routes[0]._replace(
                id="false", basis="inferred", rule_id="enters.device_keeps_cells"
            )
        return self._made(arm, "cells_enter_body", told)

    def _all(
        self, arm: int, axis: str, choices: list[Choice], relation: str | None = None
    ) -> list[Label]:
        if not choices:
            return [self._plain(arm, axis, NOT_STATED, "not_stated", "none.found")]
        return [self._made(arm, axis, choice, relation) for choice in choices]

    def _plain(
        self, arm: int, axis: str, value: str, basis: str, rule_id: str
    ) -> Label:
        searched = "; ".join(self.study.sections) if basis == "not_stated" else None
        return Label(
            trial_id=self.study.base.trial_id,
            arm_id=self.study.arms[arm][0],
            axis=axis,
            value=value,
            code=code_of(axis, value),
            basis=basis,
            section=searched,
            rule_id=rule_id,
        )

    def _made(
        self, arm: int, axis: str, choice: Choice, relation: str | None = None
    ) -> Label:
        return Label(
            trial_id=self.study.base.trial_id,
            arm_id=self.study.arms[arm][0],
            axis=axis,
            value=choice.id,
            code=code_of(axis, choice.id),
            basis=choice.basis,
            relation=relation,
            rule_id=choice.rule_id,
            **self.study.cited(choice.text, choice.start, choice.end),
        )


def _listed(numbers: Iterable[int]) -> str | None:
    return "; ".join(map(str, sorted(numbers))) or None
