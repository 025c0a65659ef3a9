"""Counts of one column for figures of half width, each counted again in a loop."""

from collections import Counter

import pytest

from tests.trials_by_hand import empty, labelled, made, many, seeds
from trialkit import load_example, summarize

DATA = {"0": empty, "4": seeds, "40": lambda: many(40), "example": load_example}


def counts(frame, name):
    return {
        str(level): n for level, n in zip(frame[name], frame["n"], strict=True) if n
    }


@pytest.fixture(params=DATA, name="data")
def _data(request):
    return DATA[request.param]().counted()


@pytest.mark.parametrize("name", ["cell_type", "cell_source"])
def test_types_and_sources_count_trials_of_each(data, name):
    frame = getattr(summarize, f"{name}s")(data)
    given = data.trials.loc[data.trials["is_cell_trial"].fillna(True).astype(bool)]
    listed = dict(given[["trial_id", f"{name}s"]].fillna("").to_numpy())
    sets = {key: set(filter(None, text.split("; "))) for key, text in listed.items()}
    missing = sum(not (values - {"NOT_STATED"}) for values in sets.values())

    assert counts(frame, name).get("Not stated", 0) == missing
    stated = [n for level, n in counts(frame, name).items() if level != "Not stated"]
    codes = Counter(code for v in sets.values() for code in v - {"NOT_STATED"})
    assert sorted(stated) == sorted(codes.values())
    assert frame[name].cat.categories[-1] == "Not stated"


def test_a_trial_with_two_sources_counts_for_both_and_once_in_each():
    arms = [{"trial_id": "NCT1", "arm_id": arm} for arm in ("A1", "A2")]
    labels = [
        *labelled("NCT1", "A1", cell_source="UC|BM", cell_type="MSC"),
        *labelled("NCT1", "A2", cell_source="UC", cell_type="MSC"),
    ]
    data = made(trials=[{"trial_id": "NCT1"}], arms=arms, labels=labels)

    sources = counts(summarize.cell_sources(data), "cell_source")
    assert sources == {"Umbilical cord": 1, "Bone marrow": 1}
    assert list(counts(summarize.cell_types(data), "cell_type").values()) == [1]


CLASSES = [(0, "0"), (10, "1–10"), (20, "11–20"), (50, "21–50"), (100, "51–100")]


def class_of(n):
    for highest, name in [*CLASSES, (500, "101–500")]:
        if n <= highest:
            return name
    return "over 500"


def test_classes_of_participants_are_those_of_the_numbers(data):
    frame = summarize.enrollment_classes(data)
    numbers = (
        data.trials["enrollment"]
        .astype(object)
        .where(data.trials["enrollment"].notna(), None)
    )
    expected = Counter("Not stated" if n is None else class_of(n) for n in numbers)

    assert counts(frame, "enrollment_group") == expected


def test_every_trial_has_one_phase_and_one_status(data):
    phases, statuses = summarize.phases(data), summarize.statuses(data)

    assert counts(phases, "phase_group") == Counter(
        data.trials["phase_group"].astype(str)
    )
    assert statuses["n"].sum() == len(data.trials)
    missing = int(data.trials["overall_status"].isna().sum())
    assert counts(statuses, "status").get("Not stated", 0) == missing


def test_statuses_are_words_in_the_order_of_a_trials_life():
    given = ["COMPLETED", "RECRUITING", None, "NOT_YET_RECRUITING", "COMPLETED"]
    given += ["AVAILABLE", "NO_LONGER_AVAILABLE"]
    trials = [
        {"trial_id": f"NCT{i}", "overall_status": status}
        for i, status in enumerate(given)
    ]
    found = counts(summarize.statuses(made(trials=trials)), "status")

    assert found == {
        "Not yet recruiting": 1,
        "Recruiting": 1,
        "Completed": 2,
        "Expanded access": 2,
        "Not stated": 1,
    }
    assert list(found)[:3] == ["Not yet recruiting", "Recruiting", "Completed"]
    assert list(found)[-1] == "Not stated"
