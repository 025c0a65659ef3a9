"""What all tests of reports share."""

import pytest


@pytest.fixture(autouse=True)
def bare_kernels(monkeypatch):
    """Let kernels import nothing ahead: most notebooks here need no figure."""
    pytest.importorskip("ipykernel")
    monkeypatch.setattr("trialkit.report.execute._PRELOAD", ())
