"""What the examples in docstrings share."""

import pytest

from tests.examples import example_trials


@pytest.fixture(autouse=True)
def _examples_are_read_once(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Give docstrings the trials that ship as they were read first."""
    if isinstance(request.node, pytest.DoctestItem):
        data = example_trials()
        monkeypatch.setattr("trialkit.load_example", lambda: data)
