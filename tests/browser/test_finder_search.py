"""The search of the list of trials finds what the search language finds."""

from functools import cache

import pandas as pd
import pyarrow as pa
import pytest

import trialkit as tk
from tests.browser.test_finder import ids, status, written
from tests.examples import example_cell_trials
from tests.trials_by_hand import labelled, made
from trialkit.report.render.finder_rows import rows_of, searched
from trialkit.report.render.finder_terms import search_terms
from trialkit.tables.details import trial_details
from trialkit.tidy.csv import csv_text
from trialkit.tidy.select import search
from trialkit.tidy.select.search import Field, matcher
from trialkit.tidy.select.synonyms import table_of

pytestmark = pytest.mark.slow

TITLES = {
    "NCT1": "Cells in Acute-on-Chronic Liver Failure",
    "NCT2": "MSCs for Acute Liver Failure",
    "NCT3": "Mesenchymal Stem Cells in Decompensated Cirrhosis",
    "NCT4": "Hepatocytes for HBV-related Cirrhosis (Child-Pugh B)",
    "NCT5": "Stem Cells in Children With Biliary Atresia",
    "NCT6": "Heart Cells, and Failure of the Liver",
    "NCT7": "Pediatric Haemophilia",
    "NCT8": "Study in Patients With ALS",
    "NCT9": "β-Thalassaemia of the Unlived",
    "NCT10": "Non-alcoholic Steatohepatitis in Portuguese – “Fígado”",
}
#: What people type, and what each must find.
QUERIES = {
    "ACLF": {"NCT1"},
    "acute-on-chronic liver failure": {"NCT1"},
    "liver failure": {"NCT1", "NCT2"},
    "failure liver": {"NCT1", "NCT2", "NCT6"},
    "heart failure": set(),
    '"liver failure" acute': {"NCT1", "NCT2"},
    "MSC": {"NCT2", "NCT3"},
    "cirrhotic": {"NCT3", "NCT4"},
    "cirrh": set(),
    "cirrh*": {"NCT3", "NCT4"},
    "child": {"NCT5", "NCT7"},
    "hepatitis B": {"NCT4"},
    "hemophilia": {"NCT7"},
    "ALS": {"NCT8"},
    "beta thalassemia": {"NCT9"},
    "NASH": {"NCT10"},
    "figado": {"NCT10"},
    "MSC OR hepatocyte": {"NCT2", "NCT3", "NCT4"},
    "cirrhosis NOT (MSC OR child)": {"NCT4"},
    "nct5": {"NCT5"},
    "live": set(),
}


#: Searches every row on the page for each query, without drawing.
SEARCH_ALL = """([queries, own]) => {
    const rows = Object.entries(own).map(
        ([id, texts]) => [id, finderSearch.foldAll(texts)]);
    const all = rows.map(([, text]) => text.lower).join(" ");
    return queries.map(query => {
        const tree = finderSearch.parse(query, all);
        return rows.filter(([, text]) => tree.holds(text)).map(([id]) => id).sort();
    });
}"""


def texts_of(data):
    """Return the texts that the page searches, by trial."""
    lines, details = (
        rows_of(csv_text(frame))
        for frame in (tk.summarize.trial_lines(data), trial_details(data))
    )
    pairs = []
    for line in lines:
        own = [row for row in details if row["trial_id"] == line["trial_id"]]
        pairs += [(line["trial_id"], text) for text in searched([line], own)]
    return pd.DataFrame(pairs, columns=["key", "text"])


def found_in_python(query, texts):
    keys, words = (
        pa.chunked_array([texts[name].tolist()], pa.large_string())
        for name in ("key", "text")
    )
    ids = keys.unique()
    found = matcher(query).search(pa.chunked_array([ids]), [Field("list", keys, words)])
    passes = zip(ids.to_pylist(), found.passes.to_pylist(), strict=True)
    return sorted(key for key, is_in in passes if is_in)


@pytest.fixture(scope="module")
def by_hand():
    trials = [{"trial_id": i, "brief_title": title} for i, title in TITLES.items()]
    return made(trials=trials)


@pytest.fixture(scope="module")
def address(by_hand, tmp_path_factory):
    return written(by_hand, tmp_path_factory.mktemp("search"))


def test_the_page_finds_what_the_search_language_finds(look, address, by_hand):
    page, trouble = look(address)
    texts = texts_of(by_hand)
    for query, wanted in QUERIES.items():
        page.fill("#finder-words", query)
        assert ids(page) == sorted(wanted), query
        assert found_in_python(query, texts) == sorted(wanted), query
    assert trouble == []


def test_every_term_of_the_table_finds_the_same(look, tmp_path, monkeypatch):
    # Every query looks into the same texts.
    monkeypatch.setattr(search, "fold", cache(search.fold))
    data = example_cell_trials().counted()
    page, _ = look(written(data, tmp_path))
    texts = texts_of(data)
    table = table_of()
    queries = list(table.terms)
    queries += [f"{one} NOT liver" for one in queries[::9]]
    queries += [f'"{one}" OR cells' for one in queries[::11]]
    queries += [word for text in texts["text"][::9] for word in text.split()[:1]]
    queries = [one for one in queries if one.upper() not in ("AND", "OR", "NOT")]
    own = {key: rows["text"].tolist() for key, rows in texts.groupby("key")}
    seen = page.evaluate(SEARCH_ALL, [queries, own])
    wanted = [found_in_python(query, texts) for query in queries]
    assert sum(map(bool, wanted)) > 100
    assert [q for q, a, b in zip(queries, seen, wanted, strict=True) if a != b] == []


#: Words of the names of our own groups.
OURS = (
    *("liver", "joint", "heart", "blood", "vein", "lesion", "bone", "muscle"),
    *("skin", "spine", "surface", "kidney", "cancer", "vessels", "cord", "completed"),
)


def grouped():
    """Return trials whose groups and labels have names that their records lack."""
    names = ("Crohn Disease", "Knee Osteoarthritis", "Infarction", "Liver Cirrhosis")
    ids = [f"NCT{n}" for n in range(len(names))]
    titles = ("Stromal Product A", "Product B", "Product C", "Cells in Cirrhosis")
    routes, sources = ("IV", "IA.joint", "IC", "PV"), ("UC", "AT", "PB", "BM")
    pairs = zip(ids, titles, strict=True)
    return made(
        arms=[{"trial_id": i, "arm_id": "A1"} for i in ids],
        trials=[
            {"trial_id": i, "brief_title": t, "overall_status": "COMPLETED"}
            for i, t in pairs
        ],
        conditions=[
            {"trial_id": i, "condition": name}
            for i, name in zip(ids, names, strict=True)
        ],
        labels=[
            row
            for i, route, source in zip(ids, routes, sources, strict=True)
            for row in labelled(i, route=route, cell_source=source)
        ],
    )


@pytest.mark.parametrize("which", [grouped, tk.load_example])
def test_names_of_our_groups_are_no_words_of_a_trial(look, tmp_path, which):
    data = which().select(cell_trials=True).counted()
    page, _ = look(written(data, tmp_path))
    for query in OURS:
        page.fill("#finder-words", query)
        chosen = set(data.select(query=query).trials["trial_id"])
        assert set(ids(page)) <= chosen, query


#: A search that cannot be read, and what is said of it.
UNREAD = {
    '"liver': "this quotation mark is never closed",
    "MSC OR": "words must follow",
    "(MSC": "this bracket is never closed",
    "MSC)": "this bracket was never opened",
    "MSC -liver": "write NOT liver to leave it out",
    "AND cells": "words must stand before AND",
    "a*b": "a * stands at the end of a word only",
}


def test_a_search_that_cannot_be_read_finds_nothing_and_says_why(look, address):
    page, trouble = look(address)
    for query, told in UNREAD.items():
        page.fill("#finder-words", query)
        assert told in status(page)
        assert (ids(page), trouble) == ([], [])
        named = told.split(" (")[0].replace("*", ".")
        with pytest.raises(tk.ParameterError, match=named):
            matcher(query)


def test_the_page_holds_only_synonyms_that_its_trials_have():
    held = search_terms(["Cells in Liver Cirrhosis"], table_of())
    assert "acute-on-chronic" not in held
    assert "cirrhosis" in held
    assert "hemophilia" not in held


def test_the_box_says_that_it_searches_less_than_a_query(look, address):
    page, _ = look(address)
    hint = page.get_attribute("#finder-words", "aria-describedby")
    assert "summaries, arms and interventions" in page.inner_text(f"#{hint}")


def test_synonyms_of_a_user_are_found(look, by_hand, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("term,synonym\nLOF,liver failure\n")
    page, _ = look(written(by_hand, tmp_path, synonyms=[str(own)]))
    page.fill("#finder-words", "LOF")
    assert ids(page) == ["NCT1", "NCT2"]
