"""What all tests share."""

from __future__ import annotations

import gc
import html
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from trialkit.atomic import locked

# Several hundred processes import the package: without this each compiles it anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# With nbformat comes jsonschema, which would build a grammar of IRIs for some seconds.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# An eighth of the time went into looking for garbage, most of it in what stays.
gc.set_threshold(20_000, 20, 20)

# How many made-up inputs each test of them tries. No deadline, for the first of all is
# slow where the machine is busy.
settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("TRIALKIT_TESTS", "quick"))


def pytest_collection_finish() -> None:
    """Pass over what is imported and collected when garbage is looked for."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real files beside the project, or skip the test."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("TRIALKIT_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("the folder of real files is not here")
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the documentation as `make docs` does, and return its folder."""
    pytest.importorskip("sphinx")
    root = Path(__file__).parents[1]
    temporary = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        temporary = temporary.parent  # one site for all workers
    site, draft = temporary / "site", temporary / "draft"
    command = [sys.executable, "-m", "sphinx", "-qWE", "--keep-going", "-b", "html"]
    with locked(temporary):
        if not site.exists():
            done = subprocess.run(
                [*command, "-d", draft / "doctrees", root / "docs", draft / "html"],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            draft.rename(site)
    return site / "html"


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
