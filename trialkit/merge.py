"""Records of one trial from several sources become one, every value and conflict kept.

Identity is the registry id (and its aliases), nothing fuzzier: two records with the
same title and different ids are two trials. Of several values the source with the
higher authority wins, then the newer one; the loser stays in `statements`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from trialkit.agreement import agree, as_text, fill_gaps, folded
from trialkit.arm_links import arm_links
from trialkit.record import Record, Source

#: Authority of a kind of source; a lay page may fill a gap and never overrides.
AUTHORITY = {"registry": 0, "export": 1, "mirror": 2, "lay": 3}

#: Fields with one value per trial, in the order of the table `trials`.
SCALARS = (
    "brief_title",
    "official_title",
    "acronym",
    "overall_status",
    "last_known_status",
    "why_stopped",
    "study_type",
    "phase",
    "allocation",
    "intervention_model",
    "primary_purpose",
    "masking",
    "enrollment",
    "enrollment_type",
    "start_date",
    "primary_completion_date",
    "completion_date",
    "first_posted_date",
    "last_updated_date",
    "verified_date",
    "has_results",
    "responsible_party_type",
    "sex",
    "minimum_age",
    "maximum_age",
    "healthy_volunteers",
    "brief_summary",
    "detailed_description",
    "eligibility_criteria",
)
#: Fields that only few readers ask for: columns of `trials`, with a row in
#: `statements` only where several sources speak of the trial.
DETAILS = (
    "organization",
    "organization_class",
    "results_first_posted_date",
    "has_expanded_access",
    "delayed_posting",
    "observational_model",
    "time_perspective",
    "intervention_model_description",
    "masking_description",
    "patient_registry",
    "target_duration",
    "bio_spec_retention",
    "bio_spec_description",
    "expanded_access_types",
    "std_ages",
    "gender_based",
    "gender_description",
    "study_population",
    "sampling_method",
    "oversight_has_dmc",
    "is_fda_regulated_drug",
    "is_fda_regulated_device",
    "is_unapproved_device",
    "is_ppsd",
    "is_us_export",
    "fdaaa801_violation",
    "ipd_sharing",
    "ipd_sharing_description",
    "ipd_sharing_info_types",
    "ipd_sharing_time_frame",
    "ipd_sharing_access_criteria",
    "ipd_sharing_url",
)
#: Fields that hold a list: the best source that has any fills the table.
LISTS = (
    "who_masked",
    "keywords",
    "condition_mesh",
    "condition_mesh_ancestors",
    "intervention_mesh",
    "arms",
    "interventions",
    "outcomes",
    "sponsors",
    "countries",
    "references",
    "links",
)
#: Lists whose parts have a name: what one source leaves out of a part, another may say.
_NAMED = {
    "arms": "arm_label",
    "interventions": "name",
    "outcomes": "measure",
    "sponsors": "name",
    "sites": "facility",
}
#: They tell two versions of a record or of MeSH apart; that they differ is no conflict.
_OF_VERSION = (
    "last_updated_date",
    "verified_date",
    "condition_mesh",
    "condition_mesh_ancestors",
    "intervention_mesh",
)


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


class Merged(msgspec.Struct, kw_only=True):
    """One trial: the chosen values, and every source's own record behind them."""

    trial_id: str
    record: Record
    records: list[Record]
    statements: list[Statement] = []


def merge(records: Iterable[Record], sources: Iterable[Source]) -> list[Merged]:
    """Return one `Merged` per trial id, in the order the ids first appear.

    Parameters
    ----------
    records
        Records of any number of sources.
    sources
        Their sources; kind and date decide between two values.

    Returns
    -------
    list of Merged
        `records` of each are ordered best authority first. `statements` are made only
        where they say more than the record itself: for trials with several sources, and
        for remarks.
    """
    by_id = {source.source_id: source for source in sources}
    records = list(records)
    identity = Identity()
    for record in records:
        identity.add(record)
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(identity.of(record.trial_id), []).append(record)
    return [_merge_one(key, group, by_id) for key, group in groups.items()]


class Identity:
    """Which records speak of one trial: its id, and the old ids that led to it.

    An alias (`nct_alias`) leads to the id that the registry uses now. Records are added
    one by one, so that any number of them can pass through.
    """

    def __init__(self) -> None:
        self._current: dict[str, str] = {}
        self._n_records: dict[str, int] = {}
        #: Whether some trial has more than one record.
        self.has_repeats = False

    def add(self, record: Record) -> None:
        """Take note of one more record."""
        key = record.trial_id
        for other in record.identifiers:
            if other.id_type == "nct_alias" and other.id:
                self._current[other.id] = key
                self.has_repeats |= other.id != key and other.id in self._n_records
        self.has_repeats |= key in self._n_records or self.of(key) in self._n_records
        self._n_records[key] = self._n_records.get(key, 0) + 1

    def of(self, trial_id: str) -> str:
        """Return the id that the trial with this id has now."""
        return self._current.get(trial_id, trial_id)

    def repeats(self) -> dict[str, int]:
        """Return how many records speak of a trial, where that is more than one."""
        counts: dict[str, int] = {}
        for trial_id, n in self._n_records.items():
            key = self.of(trial_id)
            counts[key] = counts.get(key, 0) + n
        return {key: n for key, n in counts.items() if n > 1}


def _merge_one(
    trial_id: str, group: list[Record], sources: dict[str, Source]
) -> Merged:
    if len(group) == 1:
        record = group[0]
        return Merged(
            trial_id=trial_id,
            record=record,
            records=group,
            statements=[*_remarks(record), *_open_links(record)],
        )
    ordered = sorted(group, key=lambda record: _rank(record, sources))
    chosen = Record(trial_id=trial_id, source_id=ordered[0].source_id)
    chosen.registry = next((r.registry for r in ordered if r.registry), None)
    statements: list[Statement] = []
    for field in (*SCALARS, *LISTS, *DETAILS):
        statements += _choose(field, ordered, chosen)
    statements += _choose_conditions(ordered, chosen)
    statements += _choose("sites", ordered, chosen)
    chosen.identifiers = _union(ordered, "identifiers")
    chosen.related_trials = _union(ordered, "related_trials")
    chosen.lay = next((r.lay for r in ordered if r.lay), None)
    for record in ordered:
        statements += _remarks(record)
    statements += _open_links(chosen)
    return Merged(
        trial_id=trial_id, record=chosen, records=ordered, statements=statements
    )


def _rank(record: Record, sources: dict[str, Source]) -> tuple:
    """Order: kind, then labelled before positional, then the newest, then the id."""
    source = sources.get(record.source_id)
    kind = AUTHORITY.get(source.kind if source else "registry", len(AUTHORITY))
    is_positional = "positional" in record.basis.values()
    date = record.last_updated_date or (source and source.source_date) or ""
    return kind, is_positional, _newest_first(date), record.source_id


def _newest_first(date: str) -> tuple[int, ...]:
    return tuple(-ord(character) for character in date) or (1,)


def _choose(field: str, ordered: list[Record], chosen: Record) -> list[Statement]:
    """Take the first value by authority and return what every source says."""
    stating = [r for r in ordered if as_text(getattr(r, field)) is not None]
    # A day of submission that stands for the day of posting gives way to a real one.
    stating.sort(key=lambda record: _basis(record, field) == "derived")
    if not stating:
        return []
    taken, basis = getattr(stating[0], field), _basis(stating[0], field)
    if field in _NAMED:
        taken = fill_gaps([getattr(r, field) for r in stating], _NAMED[field])
    setattr(chosen, field, taken)
    if basis != "stated":
        chosen.basis = {**chosen.basis, field: basis}
    return [_said(field, record, chosen) for record in stating]


def _said(field: str, record: Record, chosen: Record) -> Statement:
    value, basis = getattr(record, field), _basis(record, field)
    agrees = agree(value, getattr(chosen, field))
    is_same_kind = (basis == "derived") == (_basis(chosen, field) == "derived")
    is_conflict = not agrees and field not in _OF_VERSION and is_same_kind
    return Statement(
        trial_id=chosen.trial_id,
        field=field,
        value=as_text(value),
        source_id=record.source_id,
        basis=basis,
        is_chosen=agrees,
        is_conflict=is_conflict,
        note="differs from the source with more authority" if is_conflict else None,
    )


def _basis(record: Record, field: str) -> str:
    return record.basis.get(field, "stated")


def _choose_conditions(ordered: list[Record], chosen: Record) -> list[Statement]:
    """Take the registrant's list; where that is empty, what title and lay page name.

    A term read from a title is not the registrant's list, so a lay page's terms are
    added to it, each with its own basis, and the difference stands as a conflict.
    """
    stating = [record for record in ordered if record.conditions]
    if not stating:
        return []
    first = stating[0]
    terms = list(first.conditions)
    is_stated = _basis(first, "conditions") in ("stated", "positional")
    if not is_stated:
        known = {folded(term) for term in terms}
        for record in stating[1:]:
            fresh = [t for t in record.conditions if folded(t) not in known]
            terms += fresh
            known.update(map(folded, fresh))
    chosen.conditions = tuple(terms)
    chosen.basis = {
        **chosen.basis,
        "conditions": _basis(first, "conditions"),
    }
    taken = {folded(term) for term in first.conditions}
    rows = []
    for record in stating:
        same = {folded(term) for term in record.conditions} == taken
        rows.append(
            Statement(
                trial_id=chosen.trial_id,
                field="conditions",
                value=as_text(record.conditions),
                source_id=record.source_id,
                basis=_basis(record, "conditions"),
                is_chosen=same,
                is_conflict=not same,
                note=None if same else "names other conditions",
            )
        )
    return rows


def _union(ordered: Sequence[Record], field: str) -> tuple:
    return tuple(
        dict.fromkeys(item for record in ordered for item in getattr(record, field))
    )


def _remarks(record: Record) -> list[Statement]:
    """Return what a reader found odd in a record, as values that were not chosen."""
    return [
        Statement(
            trial_id=record.trial_id,
            field=remark.field,
            value=remark.value,
            source_id=record.source_id,
            basis=remark.basis,
            is_chosen=False,
            is_conflict=remark.basis == "conflict",
            note=remark.note,
        )
        for remark in record.remarks
    ]


def _open_links(record: Record) -> list[Statement]:
    """Return the names by which an arm and an intervention cannot be linked."""
    labels = {arm.arm_label for arm in record.arms}
    names = {item.name for item in record.interventions}
    if len(labels) == len(record.arms) and len(names) == len(record.interventions):
        return []
    return [
        Statement(
            trial_id=record.trial_id,
            field="arm_interventions",
            value=item.text,
            source_id=record.source_id,
            basis="unread",
            is_chosen=False,
            note=item.note,
        )
        for item in arm_links(record).unresolved
    ]
