"""Whatever a record says, every figure can be drawn and written."""

import io

import pandas as pd
import pytest

from tests.examples import example_trials
from trialkit.figures import FIGURES
from trialkit.figures.draw.legible import legible

pytestmark = pytest.mark.slow

#: Words a record may hold where a figure expects a short one.
WORDS = {
    "one long word": "Q" * 200,
    "a long sentence": "words of a register " * 100,
    "letters no font has": "ᚠᛇᚻ ᛒᛦ",
    "mathematics": r"$\frac{1$ \alpha$ ^",
    "nothing to see": "\u200b\u2060",
    "lines": "a\rb\nc\x0bd",
    "right to left": "\u202eعربي",
}


#: Figures that need no earlier report.
NAMES = [name for name, figure in FIGURES.items() if "earlier" not in figure.needs]


@pytest.fixture(scope="module")
def frames():
    data = example_trials()
    as_of = pd.Timestamp("2026-06-30")
    return {name: FIGURES[name].frame_of(data, as_of=as_of) for name in NAMES}


def spoiled(frame):
    """Return a frame whose text columns each hold every one of the words."""
    changes = {}
    for name, values in frame.items():
        is_text = isinstance(values.dtype, pd.CategoricalDtype | pd.StringDtype)
        if not is_text or name.endswith("_type"):
            continue
        text = values.astype("string")
        worse = dict(zip(text.dropna().unique(), WORDS.values(), strict=False))
        changes[name] = text.replace(worse)
    made = frame.assign(**changes)
    made.attrs = frame.attrs
    return made


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.usefixtures("close_figures")
@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_drawn_whatever_the_words(name, frames):
    ax = FIGURES[name](spoiled(frames[name]))
    ax.figure.savefig(io.BytesIO(), format="svg")

    assert ax.get_position().width > 0.05


def test_long_words_stay_different_groups():
    frame = pd.DataFrame({"status": ["Q" * 200 + "a", "Q" * 200 + "b", "Known"]})

    shown = legible(frame)["status"]

    assert shown.nunique() == 3
    assert shown.str.len().max() < 70


def test_a_set_is_cut_member_by_member():
    frame = pd.DataFrame({"sources": ["Bone marrow; " + "Q" * 90 + "; Blood"]})

    parts = legible(frame)["sources"].item().split("; ")

    assert parts[0] == "Bone marrow"
    assert parts[1] == "Q" * 59 + "…"
    assert parts[2] == "Blood"
