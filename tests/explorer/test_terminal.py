"""`show_trial` prints facts, labels and the sentences behind them, marked."""

import io

import pytest
from rich.console import Console

from tests.examples import example_trials
from trialkit.errors import TrialDataError
from trialkit.explorer.terminal import show_trial


@pytest.fixture(scope="module")
def data():
    return example_trials()


def printed(data, trial_id, **options):
    out = io.StringIO()
    show_trial(data, trial_id, console=Console(file=out, width=200, **options))
    return out.getvalue()


def test_show_prints_every_arm_with_route_and_words(data):
    text = printed(data, "NCT06984497")
    labels = data.labels[data.labels["trial_id"] == "NCT06984497"]
    for quote in labels.loc[labels["axis"] == "route", "quote"]:
        assert quote in text
    assert "A1  " in text
    assert "A2  " in text


def test_show_marks_the_words_of_evidence(data):
    plain = printed(data, "NCT06984497")
    marked = printed(data, "NCT06984497", force_terminal=True, color_system="standard")
    assert "\x1b[1;7m" not in plain
    assert "\x1b[1;7m" in marked


def test_show_says_where_it_searched_when_nothing_is_stated(data):
    assert "searched: " in printed(data, "NCT06904755")


def test_show_finds_a_trial_by_another_of_its_ids(data):
    row = data.identifiers.iloc[0]
    assert row["trial_id"] in printed(data, row["id"])


def test_show_refuses_an_unknown_id_and_names_known_ones(data):
    with pytest.raises(TrialDataError, match="no trial X among 40 records"):
        show_trial(data, "X")


def test_show_prints_markup_in_a_record_as_it_stands(data):
    trials = data.trials.assign(display_title="[bold]x[/bold]")
    hostile = type(data)({**dict(data.tables()), "trials": trials})
    assert "[bold]x[/bold]" in printed(hostile, "NCT06984497")


def test_show_sends_no_control_character_of_a_record_to_the_terminal(data):
    key = "NCT06984497"
    own = dict(data.tables())
    # As long as what it replaces, so that the places of the quotes still hold.
    steer = str.maketrans({"e": "\x1b", "a": "\x9b", "i": "\r", "o": "\u202e"})

    def hostile(name, *columns):
        changed = {c: own[name][c].str.translate(steer) for c in columns}
        return own[name].assign(**changed)

    own |= {
        "trials": hostile("trials", "display_title", "lead_sponsor", "countries"),
        "arms": hostile("arms", "arm_label"),
        "labels": hostile("labels", "quote"),
        "passages": hostile("passages", "text"),
    }
    plain = printed(type(data)(own), key)
    assert not set(plain) & set("\x1b\x9b\r\u202e")
    marked = printed(type(data)(own), key, force_terminal=True, color_system="standard")
    assert "\x1b[1;7m" in marked
