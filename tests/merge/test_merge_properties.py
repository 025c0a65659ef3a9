"""Adding a source empties nothing, and no order of the records changes a value."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.merge import merge
from trialkit.record import (
    Arm,
    Identifier,
    Intervention,
    Outcome,
    PartialDate,
    Record,
    Reference,
    Site,
    Source,
    Sponsor,
)

pytestmark = pytest.mark.slow

RICH = Record(
    trial_id="NCT00000001",
    source_id="rich",
    brief_title="Cells in livers",
    official_title="Cells in livers: a trial",
    overall_status="TERMINATED",
    why_stopped="No funds",
    phase="PHASE1/PHASE2",
    masking="DOUBLE",
    who_masked=("PARTICIPANT", "INVESTIGATOR"),
    enrollment=24,
    enrollment_type="ACTUAL",
    start_date=PartialDate(date="2020-03-15", type="ACTUAL"),
    completion_date=PartialDate(date="2021-04", type="ESTIMATED"),
    first_posted_date="2020-01-02",
    last_updated_date="2022-01-02",
    minimum_age="18 Years",
    conditions=("Liver failure", "Cirrhosis"),
    keywords=("cells", "liver"),
    countries=("China", "Japan"),
    identifiers=(
        Identifier(id="HEP-1", id_type="org_study_id"),
        Identifier(id="2019-001234-22", id_type="EUCTR"),
    ),
    arms=(
        Arm(arm_label="Cells", arm_type="EXPERIMENTAL", description="Given once"),
        Arm(arm_label="None", arm_type="NO_INTERVENTION"),
    ),
    interventions=(
        Intervention(
            intervention_type="BIOLOGICAL",
            name="MSC",
            description="Sixty million",
            other_names=("Cells X",),
            arm_labels=("Cells",),
        ),
        Intervention(intervention_type="PROCEDURE", name="MSC"),
        Intervention(intervention_type="DRUG", name="Saline"),
    ),
    outcomes=(
        Outcome(
            measure="Survival",
            description="At home",
            time_frame="1 year",
            outcome_type="primary",
        ),
        Outcome(measure="MELD", time_frame="2 years", outcome_type="secondary"),
    ),
    sponsors=(
        Sponsor(name="A clinic", sponsor_class="OTHER"),
        Sponsor(name="A firm", sponsor_class="INDUSTRY", role="collaborator"),
    ),
    sites=(
        Site(facility="Research Site", city="Wuhan", country="China", zip="1"),
        Site(facility="Research Site", city="Kobe", country="Japan"),
        Site(city="Lima", country="Peru", site_status="COMPLETED"),
    ),
    references=(Reference(citation="A paper.", pmid="1"),),
)
#: Without it a part is not the same one any more.
_NEEDED = {"name", "measure", "facility", "city", "country", "arm_label", "citation"}
_NEEDED |= {"role", "id", "date"}
_KEPT = {"trial_id", "source_id", "basis", "enrollment", "overall_status", "masking"}


def thinned(draw, value):
    """Return a value with less in it."""
    if isinstance(value, PartialDate):
        cut = draw(st.sampled_from([4, 7, 10]))
        return PartialDate(date=(value.date or "")[:cut])
    if isinstance(value, msgspec.Struct):
        gone = {
            name: msgspec.structs.fields(type(value))[n].default
            for n, name in enumerate(value.__struct_fields__)
            if name not in _NEEDED and draw(st.booleans())
        }
        return msgspec.structs.replace(value, **gone)
    if isinstance(value, tuple):
        return tuple(thinned(draw, part) for part in value if draw(st.booleans()))
    return value


@st.composite
def poorer(draw):
    fields = {}
    for name in Record.__struct_fields__:
        value = getattr(RICH, name)
        if name in _KEPT or draw(st.booleans()):
            fields[name] = value if name in _KEPT else thinned(draw, value)
    day = draw(st.sampled_from(["2022-01-01", "2022-01-02", "2022-01-03", "2022-01"]))
    return Record(**fields | {"source_id": "poor", "last_updated_date": day})


def filled(record: Record) -> dict[str, int]:
    """Return how many cells each column has that hold something."""
    counts: dict[str, int] = {}
    for field, value in msgspec.to_builtins(record).items():
        for part in value if isinstance(value, (list, tuple)) else [value]:
            cells = part.items() if isinstance(part, dict) else [("", part)]
            for name, cell in cells:
                counts[f"{field}.{name}"] = counts.get(f"{field}.{name}", 0) + bool(
                    cell
                )
    return counts


@given(
    poor=poorer(),
    kind=st.sampled_from(["registry", "export", "mirror"]),
    is_first=st.booleans(),
)
def test_a_source_that_says_less_empties_nothing_and_contradicts_nothing(
    poor, kind, is_first
):
    sources = [
        Source(source_id="rich", path="r", kind="mirror"),
        Source(source_id="poor", path="p", kind=kind),
    ]
    records = [poor, RICH] if is_first else [RICH, poor]
    (merged,) = merge(records, sources)
    alone = filled(RICH)
    both = filled(merged.record)
    lost = {name: n for name, n in alone.items() if both.get(name, 0) < n}
    assert not {name for name in lost if not name.startswith(("basis", "source"))}
    assert not [s for s in merged.statements if s.is_conflict]


IDS = ("NCT00000001", "NCT00000002", "NCT00000003")


@st.composite
def some_records(draw):
    n = draw(st.integers(2, 5))
    made = []
    for number in range(n):
        own = draw(st.sampled_from(IDS))
        former = draw(st.lists(st.sampled_from(IDS), max_size=2, unique=True))
        made.append(
            Record(
                trial_id=own,
                source_id=f"s{number}",
                identifiers=tuple(
                    Identifier(id=other, id_type="nct_alias") for other in former
                ),
                brief_title=draw(st.sampled_from([None, "A", "B", "A b"])),
                enrollment=draw(st.sampled_from([None, 1, 2])),
                enrollment_type=draw(st.sampled_from([None, "ACTUAL", "ESTIMATED"])),
                last_updated_date=draw(
                    st.sampled_from([None, "2020-01", "2020-01-01", "soon"])
                ),
                outcomes=tuple(
                    Outcome(measure=m, time_frame=t)
                    for m, t in draw(
                        st.lists(
                            st.tuples(
                                st.sampled_from(["x", "y", "x y"]),
                                st.sampled_from([None, "1 year"]),
                            ),
                            max_size=3,
                        )
                    )
                ),
            )
        )
    return made


@given(records=some_records(), data=st.data())
def test_no_order_of_the_records_changes_a_value(records, data):
    shuffled = data.draw(st.permutations(records))
    made = [
        {item.trial_id: (item.record, item.statements) for item in merge(order, [])}
        for order in (records, shuffled)
    ]
    assert made[0] == made[1]
