"""A card shows one trial in a notebook: the stored words marked, everything escaped."""

import html
import re
from itertools import pairwise

import pytest

import trialkit as tk
from tests.examples import example_trials
from trialkit.errors import TrialDataError
from trialkit.explorer.card import card
from trialkit.explorer.view import view_of
from trialkit.workspace import example_path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data():
    return example_trials()


@pytest.fixture(scope="module")
def views(data):
    """The views of every fourth trial, by id: one takes a good part of a second."""
    return {each: view_of(data, each) for each in data.trials["trial_id"].iloc[::4]}


def text_of(page):
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_every_quote_of_a_trial_is_marked_in_its_passage(data):
    page = card(data, "NCT06984497")._repr_html_()
    marked = " ".join(map(text_of, re.findall(r"<mark[^>]*>(.*?)</mark>", page)))
    labels = data.labels[data.labels["trial_id"] == "NCT06984497"]
    quotes = labels.loc[labels["axis"] == "route", "quote"].dropna()
    assert len(quotes)
    for quote in quotes:
        assert quote in marked


def test_marked_words_are_the_stored_text_at_the_labels_offsets(data, views):
    for trial_id, view in views.items():
        stored = data.passages.loc[data.passages["trial_id"] == trial_id, "text"]
        for passage in view.passages:
            text = "".join(piece for piece, _ in passage.pieces).strip("…")
            assert stored.str.contains(text, regex=False).any()
            assert any(is_evidence for _, is_evidence in passage.pieces)


def test_a_record_cannot_put_markup_into_the_page(data):
    title = "<img src=x onerror=alert(1)>'\""
    trials = data.trials.assign(display_title=title)
    passages = data.passages.assign(
        text=data.passages["text"].str.replace(" ", " <b> ", n=1)
    )
    tables = {**dict(data.tables()), "trials": trials, "passages": passages}
    hostile = card(type(data)(tables), "NCT06984497")
    page = hostile._repr_html_()
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;img" in page
    assert "<img" not in hostile._repr_markdown_().replace("\\<img", "")


def test_the_markdown_of_a_card_holds_the_quotes_and_what_was_searched(data):
    shown = card(data, "NCT06904755")._repr_markdown_()
    assert "Not stated: " in shown
    assert "searched: " in shown
    assert " rewritten: " in shown
    assert "“" not in shown


def test_spans_that_touch_are_one_mark(views):
    assert len(views) == 10
    for view in views.values():
        for passage in view.passages:
            marks = [is_evidence for _, is_evidence in passage.pieces]
            assert (True, True) not in list(pairwise(marks))
            assert all(piece for piece, _ in passage.pieces)


def test_a_card_of_an_unknown_trial_names_known_ones(data):
    with pytest.raises(TrialDataError, match="no trial X among 40 records"):
        card(data, "X")


def test_a_trial_without_labels_still_has_a_card(data):
    bare = {name: frame for name, frame in data.tables() if name != "labels"}
    page = card(type(data)(bare), "NCT06984497")._repr_html_()
    assert "NCT06984497" in page
    assert "<mark" not in page


def test_a_users_own_ids_are_shown_in_words(tmp_path):
    (tmp_path / "setting.csv").write_text(
        "id,label,phrases\nACUTE,Acute setting,liver failure\n"
    )
    (tmp_path / "route.csv").write_text(
        "id,label,phrases\nDRIP,By drip,peripheral vein of the arm\n"
    )
    (tmp_path / "decided.csv").write_text(
        "trial_id,arm_id,axis,value,reason,decided_by,date\n"
        "NCT01218464,A1,route,DRIP,read the paper,me,2026-11-22\n"
    )
    data = tk.load(
        example_path() / "NCT01218464.json",
        vocabularies=[tmp_path / "setting.csv", tmp_path / "route.csv"],
        overrides=tmp_path / "decided.csv",
    )
    lines = view_of(data, "NCT01218464").arms[0].lines
    words = {line.axis: line.words for line in lines}
    assert words["Setting"] == "Acute setting"
    assert words["Route"] == "By drip"
    (told,) = view_of(data, "NCT01218464").corrections
    assert told.startswith(
        "A1 Route: By drip instead of Intravenous, peripheral vein; read the paper"
    )


def test_what_a_person_decided_is_not_stated_stands_once(tmp_path):
    path = tmp_path / "decided.csv"
    path.write_text(
        "trial_id,arm_id,axis,value,reason,decided_by,date\n"
        "NCT01218464,A1,cell_source,NOT_STATED,read it,me,2026-11-22\n"
    )
    record = example_path() / "NCT01218464.json"
    before = view_of(tk.load(record), "NCT01218464").arms[0]
    after = view_of(tk.load(record, overrides=path), "NCT01218464").arms[0]
    assert [line.words for line in after.lines if line.axis == "Cell source"] == [
        "Not stated"
    ]
    assert "Cell source" not in after.unstated
    assert after.searched == before.searched != "not stated"
