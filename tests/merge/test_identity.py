"""Former ids lead to one current id, in whatever order the records are read."""

from itertools import pairwise

import pytest

from trialkit.merge.identity import Identity, identifiers
from trialkit.record import Identifier, Record

A, B, C, D = (f"NCT0000000{n}" for n in (1, 2, 3, 4))


def record(trial_id, *former, others=()):
    ids = [Identifier(id=other, id_type="nct_alias") for other in former]
    return Record(trial_id=trial_id, identifiers=(*ids, *others))


def current(*records):
    """Return the current id of each, whatever the order the records are added in."""
    made = []
    for order in (records, records[::-1]):
        identity = Identity()
        for one in order:
            identity.add(one)
        made.append({one.trial_id: identity.of(one.trial_id) for one in records})
    assert made[0] == made[1]
    return made[0]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([record(A), record(B, A)], {A: B, B: B}, id="one step"),
        pytest.param(
            [record(A), record(B, A), record(C, B)], {A: C, B: C, C: C}, id="chain"
        ),
        pytest.param([record(A, B), record(B, A)], {A: A, B: A}, id="circle"),
        pytest.param(
            [record(A, C), record(B, A), record(C, B)], {A: A, B: A, C: A}, id="three"
        ),
        pytest.param(
            [record(A, B), record(B, A), record(C, A)],
            {A: C, B: C, C: C},
            id="out of a circle",
        ),
        pytest.param(
            [record(A), record(B, A), record(C, A)],
            {A: A, B: B, C: C},
            id="two claimants",
        ),
        pytest.param(
            [record(A), record(B, A), record(C, A), record(D, B, C)],
            {A: D, B: D, C: D, D: D},
            id="two claimants that are one trial",
        ),
        pytest.param([record(A, A)], {A: A}, id="itself"),
    ],
)
def test_a_former_id_leads_to_the_current_one(records, expected):
    assert current(*records) == expected


def test_a_long_chain_is_followed_to_its_end():
    ids = [f"NCT{n:08}" for n in range(5000)]
    chain = [record(to, one) for one, to in pairwise(ids)]
    assert set(current(record(ids[0]), *chain).values()) == {ids[-1]}


def test_one_id_stands_once_however_it_is_written_and_typed():
    def ids(*pairs):
        return record(A, others=[Identifier(id=i, id_type=t) for i, t in pairs])

    one = ids(("HEP-1", "other_id"), ("EudraCT-No.:2006-000284-28", "secondary_id"))
    two = ids(("HEP-1", "org_study_id"), ("2006-000284-28", "EUCTR"), ("N-9", None))
    assert identifiers([one, two], A) == (
        Identifier(id="HEP-1", id_type="org_study_id"),
        Identifier(id="EudraCT-No.:2006-000284-28", id_type="EUCTR"),
        Identifier(id="N-9"),
    )


def test_a_former_id_is_known_as_one_and_no_trial_is_its_own():
    one = record(A, others=[Identifier(id=B, id_type="other_id")])
    assert identifiers([one, record(A, B), record(B, A)], A) == (
        Identifier(id=B, id_type="nct_alias"),
    )
