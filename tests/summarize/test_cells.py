"""Cell types, sources and donors: parts that exclude each other."""

import pytest

from tests.trials_by_hand import AS_OF, labelled, made, seeds, trial
from trialkit import figures, summarize

pytestmark = pytest.mark.slow


def test_an_inferred_donor_has_a_part_of_its_own():
    labels = [
        *labelled("NCT00000001", cell_source="UC", donor="NOT_STATED"),
        *labelled("NCT00000001", donor_inferred="ALLO"),
        *labelled("NCT00000002", cell_source="UC", donor="ALLO"),
    ]
    arms = [{"trial_id": t["trial_id"], "arm_id": "A1"} for t in (trial(1), trial(2))]
    data = made(trials=[trial(1), trial(2)], arms=arms, labels=labels)
    shown = summarize.donor_by_source(data)
    assert dict(zip(shown["relation"].astype(str), shown["n"], strict=True)) == {
        "Allogeneic": 1,
        "Allogeneic (inferred)": 1,
    }
    plain = summarize.donor_by_source(data, inferred=False)
    assert set(plain["relation"].astype(str)) == {"Allogeneic", "Not stated"}


def test_a_trial_is_told_that_states_one_donor_and_lets_another_be_inferred():
    id_ = "NCT00000001"
    rows = [
        *labelled(id_, cell_source="BM", donor="AUTO"),
        *labelled(id_, "A2", cell_source="UC", donor="NOT_STATED"),
        *labelled(id_, "A2", donor_inferred="ALLO"),
        *labelled("NCT00000002", cell_source="UC", donor="NOT_STATED"),
        *labelled("NCT00000002", donor_inferred="ALLO"),
    ]
    arms = [{"trial_id": id_, "arm_id": arm} for arm in ("A1", "A2")]
    arms += [{"trial_id": "NCT00000002", "arm_id": "A1"}]
    data = made(trials=[trial(1), trial(2)], arms=arms, labels=rows)
    shown = summarize.donor_by_source(data)
    assert figures.donor_by_source.note(shown) == (
        "A donor is stated by 1, and for 1 more a rule infers it."
        " In 1 it is stated of one source and inferred of another."
    )


def two_of_all():
    """Trial 1 gives MSC of two sources, donors and routes; trial 2 of one each."""
    twice = {"route": "IV|PV", "cell_type": "MSC", "cell_source": "UC|BM"}
    once = {"route": "IV", "cell_type": "MSC", "cell_source": "UC", "donor": "ALLO"}
    rows = [trial(n, start_date="2020-05-01") for n in (1, 2)]
    return made(
        trials=rows,
        arms=[{"trial_id": row["trial_id"], "arm_id": "A1"} for row in rows],
        labels=[
            *labelled("NCT00000001", donor="ALLO|AUTO", **twice),
            *labelled("NCT00000002", **once),
        ],
    )


def parts(frame, *names):
    rows = frame[frame["n"] > 0].astype(dict.fromkeys(names, "string"))
    return {tuple(row[:-1]): row[-1] for row in rows[[*names, "n"]].to_numpy()}


def test_parts_that_are_stacked_exclude_each_other():
    data = two_of_all()
    starts = summarize.starts_by_year(data, as_of=AS_OF)
    assert parts(starts, "route_group") == {
        ("Several routes",): 1,
        ("Vein",): 1,
    }
    assert parts(summarize.type_by_source(data), "cell_type", "cell_source") == {
        ("Mesenchymal stromal cell (MSC)", "Umbilical cord"): 1,
        ("Mesenchymal stromal cell (MSC)", "Several sources"): 1,
    }
    families = summarize.type_by_source(data)["source_family"]
    assert set(families) == {"Perinatal tissue", "Several families", "Not stated"}
    assert parts(summarize.donor_by_source(data), "cell_source", "relation") == {
        ("Bone marrow", "Several relations"): 1,
        ("Umbilical cord", "Several relations"): 1,
        ("Umbilical cord", "Allogeneic"): 1,
    }


def test_what_stands_at_an_edge_is_what_the_trials_are_counted_as():
    data = two_of_all()
    grid = summarize.source_by_route(data).drop_duplicates("cell_source")
    edges = dict(zip(grid["cell_source"].astype(str), grid["n_of_source"], strict=True))
    alone = summarize.count(data, by="cell_source")
    assert edges == dict(zip(alone["cell_source"].astype(str), alone["n"], strict=True))


def test_a_trial_that_states_a_type_elsewhere_is_no_trial_of_type_not_stated():
    data = made(
        trials=[trial(1)],
        arms=[{"trial_id": "NCT00000001", "arm_id": arm} for arm in ("A1", "A2")],
        labels=[
            *labelled("NCT00000001", "A1", cell_type="MSC", cell_source="UC"),
            *labelled("NCT00000001", "A2", cell_type="NOT_STATED", cell_source="BM"),
        ],
    )
    shown = parts(summarize.type_by_source(data), "cell_type")
    assert shown == {("Mesenchymal stromal cell (MSC)",): 1}


def test_the_seeds_state_no_donor_and_let_one_be_inferred():
    shown = summarize.donor_by_source(seeds())
    assert shown.attrs["n_trials"] == 4
    assert "Allogeneic" not in set(shown["relation"].astype(str))
