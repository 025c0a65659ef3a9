"""What a store is held against is what its columns hold, not how we describe them."""

import pytest

from trialkit import codebook as module
from trialkit.codebook import codebook, codebook_hash


@pytest.mark.parametrize(
    ("given", "is_same"),
    [
        ({"description": "Other words.", "is_derived": True}, True),
        ({"dtype": "Int64"}, False),
        ({"unit": "kg"}, False),
        ({"levels": ("A", "B")}, False),
        ({"column": "other"}, False),
    ],
)
def test_a_column_that_is_described_anew_is_the_same(monkeypatch, given, is_same):
    was, tables = codebook_hash(), codebook()
    changed = tables["trials"] | {
        "acronym": tables["trials"]["acronym"]._replace(**given)
    }
    monkeypatch.setattr(module, "codebook", lambda: {**tables, "trials": changed})
    assert (codebook_hash.__wrapped__() == was) is is_same
