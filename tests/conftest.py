"""What all tests share."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real files beside the project, or skip the test."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("TRIALKIT_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("the folder of real files is not here")
    return folder


@pytest.fixture
def close_figures() -> Iterator[None]:
    """Draw without a window, and close what a test has drawn."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


@pytest.fixture(scope="session")
def as_html() -> Callable[[str], str]:
    """Return what makes a text page HTML: blocks, and the frame of a site around."""

    def convert(text: str) -> str:
        blocks = "\n".join(
            f"<div><p>{html.escape(line.strip())}</p></div>"
            for line in text.splitlines()
            if line.strip()
        )
        return (
            "<!DOCTYPE html><html><head><title>Page</title><style>p{color:red}</style>"
            "</head><body><nav><a href='/'>Home</a></nav><script>var NCT = 1;</script>"
            f"<main>{blocks}</main><footer>About us</footer></body></html>"
        )

    return convert
