"""Of one trial the sentences and captions say "trial"."""

import re

import pytest

from tests.examples import example_trials
from tests.trials_by_hand import AS_OF
from trialkit import prose, tables


@pytest.fixture(scope="module")
def one():
    return example_trials().select(ids="NCT01220492")


def test_captions_and_sentences_on_one_trial_have_its_singular(one):
    told = [prose.at_a_glance(one, as_of=AS_OF), prose.where(one)]
    told += [
        make(one, as_of=AS_OF).caption
        for make in (tables.regimens, tables.conflicts, tables.unread)
    ]
    assert not re.findall(r"\b1 trials", " ".join(told))
    assert "1 of 1 trial" in " ".join(told)
