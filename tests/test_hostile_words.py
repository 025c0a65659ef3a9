"""Whatever a record says, no word of it is markup in a table, a card or a sentence."""

import re

import pandas as pd
import pytest

import trialkit as tk
from tests.examples import example_cell_trials
from trialkit import prose, tables
from trialkit.figures import FIGURES
from trialkit.figures.places import in_which_cities
from trialkit.tables import TABLES
from trialkit.tidy.trials import Trials

pytestmark = pytest.mark.slow

#: An image, a tag, a link, emphasis and a cell's end, none of which may come out raw.
WORD = "![q](q.png)<q>[q](q)*q*|q"
#: Only letters, digits and marks that mean nothing may stand before these signs.
RAW = re.compile(r"(?<!\\)(?:\\\\)*(?:!\[q|<q|\*q|\]\(q|(?<! )\|q)")
KEYS = {
    "trial_id",
    "arm_id",
    "intervention_id",
    "source_id",
    "passage_id",
    "axis",
    "kind",
}
AS_OF = pd.Timestamp("2026-06-30")


def hostile(frame):
    """Return a table whose text columns hold the word in every second row."""
    changes = {}
    for name, values in frame.items():
        is_text = isinstance(values.dtype, pd.CategoricalDtype | pd.StringDtype)
        # Readers let only dates into a column of dates.
        is_date = name.endswith(("_date", "_earliest", "_latest", "_precision"))
        if name in KEYS or is_date or not is_text or values.dropna().empty:
            continue
        text = values.astype("string")
        kind = values.dtype
        text = text.mask(pd.Series(range(len(text)), index=text.index) % 2 == 0, WORD)
        if isinstance(kind, pd.CategoricalDtype):
            kind = pd.CategoricalDtype([*kind.categories, WORD], kind.ordered)
        changes[name] = text.astype(kind)
    return frame.assign(**changes)


@pytest.fixture(scope="module")
def data():
    example = example_cell_trials()
    return Trials({name: hostile(frame) for name, frame in example.tables()})


def raw_in(text):
    return [
        text[max(0, found.start() - 60) : found.end()] for found in RAW.finditer(text)
    ]


@pytest.mark.parametrize("name", TABLES)
def test_no_word_of_a_record_is_markup_in_a_table(name, data):
    if name == "changes":
        pytest.skip("needs an earlier report")
    table = TABLES[name](data, as_of=AS_OF)
    for text in (table.caption, *table.notes, *(c for row in table.rows for c in row)):
        assert not raw_in(text)


@pytest.mark.parametrize(
    "name", [n for n, f in FIGURES.items() if "earlier" not in f.needs]
)
def test_no_word_of_a_record_is_markup_in_a_caption(name, data):
    frame = FIGURES[name].frame_of(data, as_of=AS_OF)
    assert not raw_in(FIGURES[name].caption_of(frame))


SENTENCES = {
    "at a glance": lambda data: prose.at_a_glance(data, as_of=AS_OF),
    "limits": lambda data: prose.limits(data, as_of=AS_OF),
    "methods": lambda data: prose.methods(data, as_of=AS_OF, query=WORD),
    "where": prose.where,
    "cities": in_which_cities,
    "scope": lambda data: prose.scope(data, condition=WORD),
    "cards": lambda data: tables.cards(data, as_of=AS_OF),
    "card": lambda data: tk.card(data, data.trials.trial_id[0])._repr_markdown_(),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_no_word_of_a_record_is_markup_in_a_sentence(name, data):
    assert not raw_in(str(SENTENCES[name](data)))


def test_no_word_of_a_record_is_a_tag_in_a_card(data):
    page = tk.card(data, data.trials.trial_id[0])._repr_html_()
    assert "<q" not in page
    assert "&lt;q" in page
