"""Which of several sources' values a trial takes, and what each of them says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from trialkit.merge import agreement
from trialkit.merge.identity import each_once
from trialkit.merge.part_lists import Given, combine, is_fuller, lists_agree
from trialkit.record import PartialDate, Record, Source

#: Fields that belong to another one, and say nothing beside another value of it.
_BELONGS_TO = {
    "enrollment_type": "enrollment",
    "who_masked": "masking",
    "why_stopped": "overall_status",
    "last_known_status": "overall_status",
}
#: They tell two versions of a record or of MeSH apart; that they differ is no conflict.
_OF_VERSION = (
    "last_updated_date",
    "verified_date",
    "condition_mesh",
    "condition_mesh_ancestors",
    "condition_branches",
    "intervention_mesh",
)
#: What tells two kinds of parts of one list apart: a CSV may lack the column of one.
_TYPES = {"outcomes": "outcome_type", "sponsors": "role", "identifiers": "id_type"}
#: Shapes in which a download may lack a column, and never half a list.
_TABLES = ("ctgov_csv", "ictrp_csv", "ictrp_xlsx", "ictrp_xml")
#: A register's record that states all of these was not cut to a few fields.
_WHOLE = (
    *("overall_status", "study_type", "first_posted_date", "last_updated_date"),
    *("organization", "sponsors", "brief_summary", "eligibility_criteria"),
    "conditions",
)


# Why a value was not taken.
OUTRANKED = "differs from the source with more authority"
LEVEL = "differs from a record of the same day; which is newer is not known"
FORMER = "of an earlier state of the record"
OTHER_CONDITIONS = "names other conditions"


def is_former(record: Record, newer: Record) -> bool:
    """Whether a record is an earlier state of a newer one; both are whole."""
    return (
        record.registry == newer.registry
        and record.has_results is not None
        and newer.has_results is not None
        and all(getattr(one, name) for one in (record, newer) for name in _WHOLE)
        and _is_earlier(record, newer)
        and "stated-lay" not in (*record.basis.values(), *newer.basis.values())
    )


def _is_earlier(record: Record, other: Record) -> bool:
    """Whether a record was updated earlier, or is of an earlier day of the data."""
    one, two = (r.last_updated_date or r.data_date or "" for r in (record, other))
    if one != two:
        return "" < one < two
    one, two = record.data_date or "", other.data_date or ""
    return "" < one < two


class Statement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One source's value for one field of one trial."""

    trial_id: str
    field: str
    value: str | None
    source_id: str
    basis: str = "stated"
    is_chosen: bool = True
    is_conflict: bool = False
    note: str | None = None


def arm_record(records: Sequence[Record]) -> Record | None:
    """Return the record whose arms a trial has: the first with any, best ones first.

    One that names all arms of a better one, and more, takes its place, unless it is an
    earlier state of that record.
    """
    taken: Record | None = None
    for record in records:
        if taken is None:
            taken = record if record.arms else None
        elif (
            _basis(record, "arms") != "stated-lay"
            and not is_former(record, taken)
            and is_fuller(record.arms, taken.arms)
        ):
            taken = record
    return taken


class _Claim(NamedTuple):
    """A record that states a field, kind and shape of its source, and the value."""

    record: Record
    kind: str
    shape: str
    value: Any


def _holds_types(field: str, newer: _Claim, claim: _Claim) -> bool:
    """Whether a list of the same shape has parts of each type that another has."""
    name = _TYPES.get(field, "")
    ours, theirs = (
        {getattr(part, name, "") for part in one.value} for one in (newer, claim)
    )
    return newer.shape == claim.shape and theirs <= ours


class Choice:
    """Chooses the values of one trial, and tells what every source says."""

    def __init__(
        self, ordered: Sequence[Record], chosen: Record, sources: Sequence[Source]
    ) -> None:
        self._all = list(zip(ordered, sources, strict=True))
        self._chosen = chosen
        #: Records of which a newer state was read too, by identity.
        self._former = {
            id(record)
            for n, record in enumerate(ordered)
            if any(is_former(record, better) for better in ordered[:n])
        }
        #: Records in a table or export of which a later one was read, by identity.
        self._earlier = {
            id(record)
            for n, (record, source) in enumerate(self._all)
            if source.shape in _TABLES
            and any(
                (other.kind, other.shape) == (source.kind, source.shape)
                and _is_earlier(record, better)
                for better, other in self._all[:n]
            )
        }
        #: Records of which another one of the same day was taken, by identity.
        self._level = {
            id(record)
            for n, (record, source) in enumerate(self._all)
            if record.last_updated_date
            and any(
                other.kind == source.kind
                and better.last_updated_date == record.last_updated_date
                and not _is_earlier(record, better)
                for better, other in self._all[:n]
            )
        }
        #: Kind of the source of the chosen status: ICTRP has two words for it.
        self._status_kind = ""

    def of(self, field: str) -> list[Statement]:
        """Take a field's value, and return what every source says of it."""
        claims = self._claims(field)
        if not claims:
            return []
        able = self._able(field, claims)
        if able:
            setattr(self._chosen, field, self._taken(field, able))
            basis = _basis(able[0].record, field)
            if basis != "stated":
                self._chosen.basis = {**self._chosen.basis, field: basis}
        rest = [claim for claim in claims if claim not in able]
        return [self._statement(field, claim) for claim in (*able, *rest)]

    def _claims(self, field: str) -> list[_Claim]:
        return [
            _Claim(record, source.kind, source.shape, getattr(record, field))
            for record, source in self._all
            if getattr(record, field) not in (None, "", ())
        ]

    def _able(self, field: str, claims: list[_Claim]) -> list[_Claim]:
        """Return the sources that may give the value, best first.

        Words that could not be read come last, and so do a day of submission in place
        of the day of posting and ICTRP's word for a status.
        """
        main = _BELONGS_TO.get(field)
        if main:
            claims = [
                claim
                for claim in claims
                if (value := getattr(claim.record, main)) in (None, "")
                or self._agrees(main, value, claim.kind)
            ]
        claims = self._present(field, claims) if claims else []
        claims.sort(
            key=lambda claim: (
                not _is_read(field, claim.value),
                _basis(claim.record, field) == "derived",
            )
        )
        if field == "overall_status" and claims:
            finer = [
                claim
                for claim in claims
                if claims[0].kind == "export"
                and claim.kind in ("registry", "mirror")
                and agreement.statuses_agree(claims[0].value, claim.value)
            ]
            claims.sort(key=lambda claim: not (finer and claim is finer[0]))
            self._status_kind = claims[0].kind
        return claims

    def _present(self, field: str, claims: list[_Claim]) -> list[_Claim]:
        """Leave out what an earlier state of a record says, if any other says it."""
        present = [claim for claim in claims if id(claim.record) not in self._former]
        present = present or list(claims)
        if not isinstance(present[0].value, tuple):
            return present
        return [
            claim
            for n, claim in enumerate(present)
            if id(claim.record) not in self._earlier
            or not any(_holds_types(field, one, claim) for one in present[:n])
        ]

    def _taken(self, field: str, able: list[_Claim]) -> Any:
        taken = able[0].value
        if all(claim.value == taken for claim in able):
            return taken
        if isinstance(taken, tuple):
            if field == "arms":  # labels speak of the arms of one record
                best = arm_record([claim.record for claim in able])
                lists = [best.arms if best else taken, *(c.value for c in able)]
                return combine([Given(parts, may_extend=False) for parts in lists])
            return combine(
                [Given(c.value, c.kind != "lay", c.shape == "ctgov_csv") for c in able]
            )
        for claim in able[1:]:
            taken = _finer(field, taken, claim.value)
        return taken

    def _agrees(self, field: str, value: Any, kind: str) -> bool:
        taken = getattr(self._chosen, field)
        if value == taken:
            return True
        if isinstance(value, tuple):
            return lists_agree(value, taken)
        if field == "overall_status" and "export" in (kind, self._status_kind):
            pair = (value, taken) if kind == "export" else (taken, value)
            return agreement.statuses_agree(*pair)
        return agreement.agree(value, taken, field)

    def _statement(self, field: str, claim: _Claim) -> Statement:
        taken = getattr(self._chosen, field)
        agrees = self._agrees(field, claim.value, claim.kind)
        bases = _basis(claim.record, field), _basis(self._chosen, field)
        is_conflict = not agrees and (
            taken not in (None, ())
            and id(claim.record) not in self._former | self._earlier
            and field not in _OF_VERSION
            and "derived" not in bases
            and _is_read(field, claim.value)
            and _is_read(field, taken)
        )
        note = LEVEL if id(claim.record) in self._level else OUTRANKED
        return self._stated(field, claim, agrees, note if is_conflict else None)

    def _stated(
        self, field: str, claim: _Claim, is_chosen: bool, conflict: str | None
    ) -> Statement:
        return Statement(
            trial_id=self._chosen.trial_id,
            field=field,
            value=agreement.as_text(claim.value),
            source_id=claim.record.source_id,
            basis=_basis(claim.record, field),
            is_chosen=is_chosen,
            is_conflict=conflict is not None,
            note=conflict or self._note_on(claim, is_chosen),
        )

    def _note_on(self, claim: _Claim, is_chosen: bool) -> str | None:
        is_former = id(claim.record) in self._former | self._earlier
        return FORMER if is_former and not is_chosen else None

    def of_conditions(self) -> list[Statement]:
        """Take the registrant's list, else the conditions that title and lay page name.

        A lay page's terms are added to those of a title, each with its own basis, and
        the difference is a conflict.
        """
        claims = self._claims("conditions")
        if not claims:
            return []
        first = _basis(claims[0].record, "conditions")
        listed = [
            claim
            for claim in self._present("conditions", claims)
            if _is_listed(claim.record)
        ]
        if _is_listed(claims[0].record):
            terms = combine([Given(claim.value) for claim in listed])
            is_same = [lists_agree(claim.value, terms) for claim in claims]
        else:
            terms = each_once((claim.value for claim in claims), agreement.folded)
            own = {*map(agreement.folded, claims[0].value)}
            is_same = [{*map(agreement.folded, claim.value)} == own for claim in claims]
        self._chosen.conditions = terms
        self._chosen.basis = {**self._chosen.basis, "conditions": first}
        notes = (
            None
            if same or id(c.record) in self._former | self._earlier
            else OTHER_CONDITIONS
            for c, same in zip(claims, is_same, strict=True)
        )
        stated = zip(claims, is_same, notes, strict=True)
        return [self._stated("conditions", *item) for item in stated]


def _is_listed(record: Record) -> bool:
    """Whether conditions are the registrant's list, and not read from other words."""
    return _basis(record, "conditions") in ("stated", "positional")


def _basis(record: Record, field: str) -> str:
    return record.basis.get(field, "stated")


def _is_read(field: str, value: Any) -> bool:
    return not isinstance(value, str) or agreement.is_read(field, value)


def _finer(field: str, taken: Any, other: Any) -> Any:
    """Return a value with what another source that agrees knows more exactly."""
    if isinstance(taken, PartialDate):
        if not agreement.same_day(taken.date, other.date):
            return taken
        date = max(taken.date or "", other.date or "", key=len)
        return PartialDate(date=date, type=taken.type or other.type)
    if field in agreement.DAYS:
        return max(taken, other, key=len) if agreement.same_day(taken, other) else taken
    is_prose = field in agreement.PROSE
    return other if is_prose and agreement.is_cut(taken, other) else taken
