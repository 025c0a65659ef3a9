"""A selection is the same in memory and in a store, and reads of it what it needs."""

import json
import random
import re
import shutil
import subprocess
import sys
import textwrap

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tests.examples import example_trials
from trialkit.errors import ParameterError, TrialDataError
from trialkit.record import LaySummary, Record
from trialkit.summarize.count import count
from trialkit.tidy import store as stores
from trialkit.tidy.batch import build
from trialkit.tidy.load import open_store
from trialkit.tidy.select.candidates import HARMLESS
from trialkit.tidy.select.filters import FILTERS
from trialkit.tidy.select.search import Field, matcher
from trialkit.tidy.select.word_forms import fold
from trialkit.tidy.stored import StoredTable

#: Of each filter a value that some trials of the examples have, and one of few.
ASKED = {
    "ids": ["NCT07312864", "nct 07312864"],
    "query": ["liver AND NOT pediatric", "NOT cells"],
    "condition": ["liver", "cirrh*"],
    "sponsor": ["university", "hospital OR institute"],
    "intervention": ["stem cells", "MSC"],
    "city": ["Beijing", "London"],
    "phase": ["Phase 1", "Not stated"],
    "status": ["Completed", "Unknown status"],
    "study_type": ["Interventional", "Observational"],
    "start": [">=2015", "Not stated"],
    "completion": ["2015..2020", "<2012-06"],
    "enrollment": [">=20", "0..10"],
    "has_results": [True, "no"],
    "country": ["China", "United States"],
    "route": ["IV", "hepatic artery"],
    "cell_type": ["MSC", "Hepatocytes"],
    "cell_source": ["umbilical cord", "liver"],
    "donor": ["allogeneic", "autologous"],
    "labels": ["route=IV", {"donor": "allogeneic"}],
    "cell_trials": [True, False],
}

_TOLD = ["trial_id", "why_included"]


@pytest.fixture(scope="module")
def memory():
    return example_trials()


@pytest.fixture(scope="module")
def folder(memory, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores, "GROUP_BYTES", 20_000)  # several row groups
        patch.setattr(stores, "GROUP_ROWS", 7)
        return stores.save(memory, tmp_path_factory.mktemp("store") / "store")


def assert_same(one, other):
    """Check the tables that a selection makes, and the rows of one that it keeps."""
    assert_frame_equal(*(a.columns("trials", _TOLD) for a in (one, other)))
    for table in ("selection", "excluded"):
        assert_frame_equal(getattr(one, table), getattr(other, table))


def test_every_filter_gives_the_same_in_memory_and_in_a_store(memory, folder):
    assert ASKED.keys() == FILTERS.keys()
    store, n_kept = open_store(folder), 0
    for name, values in ASKED.items():
        for value in values:
            kept = memory.select(**{name: value})
            n_kept += len(kept)
            assert_same(store.select(**{name: value}), kept)
    assert n_kept > 100


def test_filters_after_one_another_give_the_same(memory, folder):
    store = open_store(folder)
    for name, values in list(ASKED.items())[1::3]:
        chosen = {"condition": "liver", name: values[0]}
        assert_same(store.select(**chosen), memory.select(**chosen))
    one, other = (
        data.select("stem cells").select(condition="liver").counted()
        for data in (store, memory)
    )
    assert one.n_rows("labels") == len(other.labels)
    for name, frame in other.tables():
        assert_frame_equal(getattr(one, name), frame)
    for by in ("overall_status", "country", "start_year", "condition_group"):
        assert_frame_equal(count(store, by=by), count(memory, by=by))
    assert not store.__dict__.keys() & {"trials", "arms", "conditions"}


def test_random_searches_give_the_same_in_memory_and_in_a_store(memory, folder):
    draw = random.Random(7)
    titles = " ".join(memory.trials["official_title"].dropna())
    words = sorted(set(re.findall("[A-Za-z]{3,}", titles)) - {"and", "not", "or"})
    store, n_kept = open_store(folder), 0

    def search(depth):
        kind = draw.choice("word phrase open and or not".split() if depth else ["word"])
        if kind in ("and", "or"):
            return f"({search(depth - 1)} {kind.upper()} {search(depth - 1)})"
        if kind == "not":
            return f"NOT {search(depth - 1)}"
        word = draw.choice(words)
        return {"phrase": f'"{word}"', "open": f"{word[:4]}*"}.get(kind, word)

    for _ in range(10):
        query = search(3)
        kept = memory.select(query)
        n_kept += len(kept)
        assert_same(store.select(query), kept)
    assert n_kept > 10


_PIECES = st.sampled_from(
    [
        *("liver", "Crohn", "disease", "s", "'s", "’s", "-", "_", " ", ". ", "\u00ad"),
        *("MS", "ms", "HCC", "covid", "19", "é", "ﬁ", "ſ", "K", "肝", "µ", "α", "™"),
        *("hepa", "titis", "®", "…", "²", "Ｌｉｖ", "'", ";", ",", "nash", "\u0301"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(_PIECES, min_size=1, max_size=3).map("".join),
    st.booleans(),
    st.lists(st.lists(_PIECES, max_size=8).map("".join), min_size=1, max_size=4),
)
def test_no_text_that_holds_the_words_is_passed_over(words, is_open, texts):
    query = words.replace('"', "") + "*" * is_open
    try:
        search, every = matcher(query), matcher(query)
    except ParameterError:
        return
    every._candidates._pattern = None  # reads each text
    keys = pa.chunked_array([[str(n) for n in range(len(texts))]], pa.large_string())
    field = Field("title", keys, pa.chunked_array([texts], pa.large_string()))
    found, wanted = search.search(keys, [field]), every.search(keys, [field])
    assert found.passes.equals(wanted.passes)
    assert found.why.equals(wanted.why)


def test_signs_that_are_taken_for_harmless_part_words_and_no_more():
    for sign in HARMLESS:
        words = "".join(c if c.isalnum() else " " for c in fold(f"a{sign}b").lower)
        assert words.split() == ["a", "b"]


def test_few_texts_are_read_for_common_words_of_longer_terms():
    texts = pa.chunked_array([["Heart disease", "Failure of kidneys", "Liver disease"]])
    search = matcher("liver")
    assert search._candidates.among(texts).to_pylist() == [False, False, True]


def test_a_selection_reads_the_columns_that_it_needs(folder, monkeypatch):
    asked = set()
    group, read = StoredTable._group, StoredTable.read

    def noted(self, of, names):
        asked.update((self.file.stem, name) for name in names)
        return group(self, of, names)

    def noted_whole(self, names=None):
        asked.update((self.file.stem, name) for name in names or self.names)
        return read(self, names)

    monkeypatch.setattr(StoredTable, "_group", noted)
    monkeypatch.setattr(StoredTable, "read", noted_whole)
    store = open_store(folder)
    assert not asked
    chosen = store.select(phase="Phase 1").select(condition="liver")
    assert len(chosen)
    assert {table for table, _ in asked} == {"trials", "conditions"}
    assert {name for table, name in asked if table == "trials"} == {
        *("trial_id", "phase", "why_included"),
        *("brief_title", "official_title", "display_title", "acronym"),
    }


def test_a_selection_is_counted_without_pandas(folder):
    """Importing it takes longer than most selections."""
    told = """
        import sys, trialkit as tk
        data = tk.open(sys.argv[1])
        chosen = data.select(phase="Phase 1", start=">=2010", country="China")
        print(len(chosen), len(data.select(condition="liver", has_results=False)))
        print("pandas" in sys.modules)
    """
    command = [sys.executable, "-c", textwrap.dedent(told), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    *counts, has_pandas = done.stdout.split()
    assert all(map(int, counts))
    assert has_pandas == "False"


def test_rows_of_a_trial_are_looked_for_where_its_id_can_be(folder, monkeypatch):
    groups = []
    group = StoredTable._group

    def noted(self, of, names):
        groups.append((self.file.stem, of.number))
        return group(self, of, names)

    chosen = open_store(folder).select(ids="NCT07312864")
    monkeypatch.setattr(StoredTable, "_group", noted)
    assert set(chosen.sites["trial_id"]) == {"NCT07312864"}
    assert len({number for table, number in groups if table == "sites"}) == 1


def test_a_filter_on_a_column_that_the_store_lacks_is_told(folder, tmp_path):
    old = shutil.copytree(folder, tmp_path / "old")
    table = pq.read_table(old / "trials.parquet")
    pq.write_table(table.drop_columns(["phase"]), old / "trials.parquet")
    (old / "trialkit.json").write_text(json.dumps({"trialkit": "0.0", "schema": 1}))
    store = open_store(old)
    with pytest.raises(TrialDataError, match=r"has no column phase: .* trialkit 0\.0"):
        store.select(phase="Phase 1")
    assert len(store.select(status="Completed"))
    assert store.trials["phase"].isna().all()


def test_a_title_that_is_shown_is_searched_where_it_is_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "GROUP_BYTES", 1)
    lay = LaySummary(headline="Livers on loan")
    batches = [
        [Record(trial_id="NCT00000001", brief_title="Liver cells")],
        [Record(trial_id="NCT00000002", brief_title="", lay=lay)],
        [Record(trial_id="NCT00000003", official_title="Kidneys", lay=lay)],
        [Record(trial_id="NCT00000004", lay=lay)],
    ]
    with stores.write_store(tmp_path / "store") as store:
        for records in batches:
            store.add(build(records, [], None).tables)
    data = open_store(tmp_path / "store")
    asked = []
    group = StoredTable._group

    def noted(self, of, names):
        asked.extend(of.number for name in names if name == "display_title")
        return group(self, of, names)

    monkeypatch.setattr(StoredTable, "_group", noted)
    chosen = data.select(condition="liver")
    assert asked == [1, 2, 3]
    assert chosen.trials["trial_id"].str[-1].tolist() == ["1", "2", "4"]
