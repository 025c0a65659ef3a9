"""Families of cells: each type has one, and trials are told by their labels."""

from collections import Counter

import pytest

from tests.trials_by_hand import made
from trialkit.files import data_rows
from trialkit.label.vocabulary import vocabulary
from trialkit.summarize.families import families_of, families_shown, family_words


def test_each_cell_type_of_the_vocabulary_is_of_one_family():
    rows = list(data_rows("cell_families.csv"))
    put = Counter(id_ for row in rows for id_ in row["cell_types"].split("|"))
    assert put == Counter(vocabulary("cell_type")["id"])
    assert len(set(family_words().values())) == len(rows)


@pytest.mark.parametrize(
    ("types", "families"),
    [
        (["MSC"], ["MSC"]),
        (["MSC", "NOT_STATED"], ["MSC"]),
        (["NOT_STATED"], ["OTHER_CELL"]),
        (["TCELL", "MSC", "TREG"], ["MSC", "T_CELL", "TREG"]),
        (["HSC.CD133", "EPC"], ["CARDIAC_EPC"]),
        (["OTHER:platelets"], ["OTHER_CELL"]),
        (["MSC.mine", "mine"], ["MSC", "OTHER_CELL"]),
        (["NONE", "NK"], ["NK"]),
        (["NONE"], ["NONE"]),
        ([], []),
    ],
)
def test_a_trial_is_of_each_kind_of_its_cells(types, families):
    assert families_of(types) == families


def test_shown_are_the_families_of_trials_that_give_cells():
    def label(trial, arm, value):
        return {"trial_id": trial, "arm_id": arm, "axis": "cell_type", "value": value}

    data = made(
        trials=[
            {"trial_id": "NCT1", "is_cell_trial": True},
            {"trial_id": "NCT2", "is_cell_trial": True},
            {"trial_id": "NCT3", "is_cell_trial": False},
        ],
        labels=[
            label("NCT1", "A1", "NK"),
            label("NCT1", "A2", "NOT_STATED"),
            label("NCT1", "A3", "NONE"),
            label("NCT2", "A1", "MSC"),
            label("NCT2", "A2", "NK"),
            label("NCT3", "A1", "NONE"),
        ],
    )
    assert list(families_shown(data).items()) == [("NK", 2), ("MSC", 1)]
