"""Records of one trial from several sources become one, every value and conflict kept.

Identity is the registry id (and its aliases), nothing fuzzier: two records with the
same title and different ids are two trials. Of several values the source with the
higher authority wins, then the newer one; the loser stays in `statements`. A source
that does not carry a field, or says less in it, takes nothing from one that does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from trialkit.dates import date_span, recency
from trialkit.merge.arm_links import arm_links
from trialkit.merge.choice import Choice, Statement
from trialkit.merge.history import History, history_of
from trialkit.merge.identity import Identity, identifiers, related_trials
from trialkit.record import Record, Source, Version

#: Authority of a kind of source; a lay page may fill a gap and never overrides.
AUTHORITY = {"registry": 0, "export": 1, "mirror": 2, "lay": 3}

#: Fields with one value per trial, in the order of the table `trials`.
SCALARS = tuple(
    "brief_title official_title acronym overall_status last_known_status why_stopped "
    "study_type phase allocation intervention_model primary_purpose masking "
    "enrollment enrollment_type start_date primary_completion_date completion_date "
    "first_posted_date last_updated_date verified_date has_results "
    "responsible_party_type sex minimum_age maximum_age healthy_volunteers "
    "brief_summary detailed_description eligibility_criteria".split()
)
#: Fields that only few readers ask for: columns of `trials`, with a row in
#: `statements` only where several sources speak of the trial.
_FIELDS = Record.__struct_fields__
DETAILS = _FIELDS[_FIELDS.index("organization") : _FIELDS.index("lay")]
#: Fields that hold a list: the best source that has any fills the table.
LISTS = tuple(
    "who_masked keywords condition_mesh condition_mesh_ancestors condition_branches "
    "intervention_mesh arms interventions outcomes sponsors countries references "
    "links".split()
)


class Merged(msgspec.Struct, kw_only=True):
    """One trial: the chosen values and the records of all sources.

    `versions` are those known of its record, which `is_old_version` says to be one of
    them itself: no newer one was read.
    """

    trial_id: str
    record: Record
    records: list[Record]
    statements: list[Statement] = []
    versions: tuple[Version, ...] = ()
    is_old_version: bool = False


def merge(
    records: Iterable[Record],
    sources: Iterable[Source],
    *,
    current: Mapping[str, str] | None = None,
) -> list[Merged]:
    """Return one `Merged` per trial id, in the order the ids first appear.

    Its records are ordered best authority first, whatever order they come in. It has
    statements only on several sources and on remarks. `current` maps each trial id to
    its present one, if more records than these decide it. Old versions of a record are
    the trial's `versions`; a list of versions alone makes no trial.
    """
    by_id = {source.source_id: source for source in sources}
    records = list(records)
    if current is None:
        identity = Identity()
        for record in records:
            identity.add(record)
        current = {record.trial_id: identity.of(record.trial_id) for record in records}
    groups: dict[str, list[Record]] = {}
    for record in records:
        key = current.get(record.trial_id, record.trial_id)
        if key != record.trial_id:
            record = msgspec.structs.replace(record, trial_id=key)
        groups.setdefault(key, []).append(record)
    told = ((key, history_of(group, by_id)) for key, group in groups.items())
    return [_merge_one(key, known, by_id) for key, known in told if known.records]


def _merge_one(trial_id: str, known: History, sources: dict[str, Source]) -> Merged:
    group = known.records
    chosen, statements = group[0], []
    if len(group) > 1:
        group = _ordered([_dated(record, sources) for record in group], sources)
        chosen = Record(trial_id=trial_id, source_id=group[0].source_id)
        chosen.registry = next((r.registry for r in group if r.registry), None)
        choice = Choice(group, chosen, [_source(record, sources) for record in group])
        for field in (*SCALARS, *LISTS, *DETAILS):
            statements += choice.of(field)
        statements += choice.of_conditions()
        statements += choice.of("sites")
        chosen.identifiers = identifiers(group, trial_id)
        chosen.related_trials = related_trials(group)
        chosen.lay = next((r.lay for r in group if r.lay), None)
    for record in group:
        for remark in record.remarks:
            statements.append(_not_chosen(record, **msgspec.structs.asdict(remark)))
    statements += _open_links(chosen)
    return Merged(
        trial_id=trial_id,
        record=chosen,
        records=group,
        statements=statements,
        versions=known.versions,
        is_old_version=known.is_old,
    )


def _source(record: Record, sources: Mapping[str, Source]) -> Source:
    key = record.source_id
    return sources.get(key) or Source(source_id=key, path="")


def _dated(record: Record, sources: Mapping[str, Source]) -> Record:
    """Return a record with the day of the register's data, if its source tells one."""
    source = _source(record, sources)
    if record.data_date or source.kind not in ("registry", "export"):
        return record
    return msgspec.structs.replace(record, data_date=source.source_date)


def _ordered(group: Sequence[Record], sources: Mapping[str, Source]) -> list[Record]:
    """Return the records, best first: by kind, labels kept, date, then content.

    A rewritten record gives way to any source in its own words. A record without a date
    ranks last, and a month never above a day in it. Of two of one day that of the later
    data of the register comes first, for it changes records without an update of their
    owners; where a day is not known the fuller one, whatever the order of the files.
    """
    keys = [_rank(record, sources) for record in group]
    if len(set(keys)) < len(keys):
        days = [recency(record.data_date)[0] for record in group]
        no_days = {key for key, day in zip(keys, days, strict=True) if not day}
        keys = [
            (*key, 0 if key in no_days else -day, *_content(record))
            for key, day, record in zip(keys, days, group, strict=True)
        ]
    return [group[n] for n in sorted(range(len(group)), key=keys.__getitem__)]


def _rank(record: Record, sources: Mapping[str, Source]) -> tuple:
    source = _source(record, sources)
    kind = AUTHORITY.get(source.kind, len(AUTHORITY))
    is_positional = "positional" in record.basis.values()
    own = record.last_updated_date
    date = own if date_span(own).precision else source.source_date
    day, precision = recency(date)
    is_retold = source.wording == "rewritten"
    return is_retold, kind, is_positional, -day, -precision


def _content(record: Record) -> tuple[int, bytes, str]:
    bare = msgspec.structs.replace(record, source_id="", data_date=None)
    n_filled = sum(map(bool, msgspec.structs.astuple(bare)))
    return -n_filled, msgspec.json.encode(bare, order="sorted"), record.source_id


def _not_chosen(
    record: Record, field: str, value: str | None, note: str | None, basis: str
) -> Statement:
    return Statement(
        trial_id=record.trial_id,
        field=field,
        value=value,
        source_id=record.source_id,
        basis=basis,
        is_chosen=False,
        is_conflict=basis == "conflict",
        note=note,
    )


def _open_links(record: Record) -> list[Statement]:
    """Return the names by which an arm and an intervention cannot be linked."""
    labels = {arm.arm_label for arm in record.arms}
    names = {item.name for item in record.interventions}
    if len(labels) == len(record.arms) and len(names) == len(record.interventions):
        return []
    return [
        _not_chosen(record, "arm_interventions", item.text, item.note, "unread")
        for item in arm_links(record).unresolved
    ]
