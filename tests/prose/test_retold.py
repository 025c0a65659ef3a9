"""Words that are not a source's own never stand between quotation marks."""

import io
import json
import re
from csv import DictReader
from importlib.resources import files

import pytest
from rich.console import Console

import trialkit as tk
from tests.examples import example_trials
from trialkit import prose, summarize, tables
from trialkit.explorer.card import card
from trialkit.explorer.undecided import undecided
from trialkit.report.display import collect
from trialkit.report.exhibits import present

pytestmark = pytest.mark.slow

DAY = "2026-06-30"
STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT00000001",
            "briefTitle": "Mesenchymal stem cells by vein in cirrhosis",
        },
        "statusModule": {"lastUpdatePostDateStruct": {"date": "2026-01-02"}},
        "armsInterventionsModule": {
            "interventions": [
                {
                    "type": "BIOLOGICAL",
                    "name": "1x10^6 MSC/kg given by intravenous drip",
                }
            ]
        },
    }
}
SAYS = {"kind": "mirror", "wording": "rewritten"}


def loaded(folder, **says):
    """Return the trial as its JSON says it: with the words its own, or retold."""
    study = STUDY | ({"trialkit": says} if says else {})
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(study))
    return tk.load(folder)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    root = tmp_path_factory.mktemp("pair")
    return loaded(root / "own"), loaded(root / "retold", **SAYS)


def shown(data):
    """Return all that is read of the trial, by where it is read."""
    console = Console(file=io.StringIO(), width=200)
    tk.show_trial(data, "NCT00000001", console=console)
    with collect() as pieces:
        for name in ("regimens", "evidence"):
            present(name, data, as_of=DAY)
    return {
        "show": console.file.getvalue(),
        "card": card(data, "NCT00000001")._repr_html_(),
        "card in Markdown": card(data, "NCT00000001")._repr_markdown_(),
        "cards": tables.cards(data, as_of=DAY),
        "tables": "\n".join(piece.data["text/markdown"] for piece in pieces),
        "reason": data.trials["cell_trial_reason"].iloc[0],
    }


def test_own_words_are_quoted_and_rewritten_ones_never(pair):
    own, retold = map(shown, pair)
    for place, text in own.items():
        assert re.search("“[^”]*(MSC|esenchymal)", text), place
        assert "rewritten" not in text, place
    for place, text in retold.items():
        marked = text.replace("“Course”", "")
        assert "“" not in marked, place
        assert place == "reason" or re.search(r"rewritten\\?: ", text), place


def test_the_source_says_its_kind_and_wording(pair):
    own, retold = (data.sources.iloc[0] for data in pair)
    assert (own["kind"], own["wording"]) == ("registry", "verbatim")
    assert (retold["kind"], retold["wording"]) == ("mirror", "rewritten")
    (row,) = summarize.sources(pair[1]).itertuples()
    assert (row.source, row.kind, row.wording) == (
        "Example records",
        "mirror",
        "rewritten",
    )


def test_cover_methods_and_limits_tell_readers(pair):
    own, retold = pair
    facts = prose.cover(retold, as_of=DAY)["facts"]
    words = "1 of 1 document: facts as in the source, sentences rewritten"
    assert facts["Example records"] == words
    assert "Example records" not in prose.cover(own, as_of=DAY)["facts"]
    for text in (prose.methods, prose.limits):
        assert "They are example records" in text(retold, as_of=DAY)
        assert "example records" not in text(own, as_of=DAY)
    assert "1 with facts of a mirror, sentences rewritten" in prose.methods(
        retold, as_of=DAY
    )


def test_open_questions_say_whose_words_a_sentence_is(pair):
    for data, wording in zip(pair, ("verbatim", "rewritten"), strict=True):
        said = undecided(data).dropna(subset="sentence")
        assert set(said["wording"]) <= {wording}


def test_one_retold_record_marks_the_file_and_odd_words_are_no_licence(tmp_path):
    other = json.loads(json.dumps(STUDY).replace("00000001", "00000002"))
    odd = other | {"trialkit": {"kind": "gossip", "wording": "mine"}}
    (tmp_path / "a.json").write_text(json.dumps([STUDY, odd]))

    (source,) = tk.load(tmp_path).sources.itertuples()
    assert (source.kind, source.wording) == ("registry", "rewritten")


def test_a_record_in_its_own_words_outranks_a_newer_retold_one(tmp_path):
    newer = json.loads(json.dumps(STUDY).replace("2026-01-02", "2026-05-05"))
    newer["protocolSection"]["identificationModule"]["briefTitle"] = "Retold"
    (tmp_path / "b.json").write_text(json.dumps(newer | {"trialkit": SAYS}))
    (tmp_path / "c.json").write_text(json.dumps(STUDY))

    title = tk.load(tmp_path).trials["brief_title"].iloc[0]
    assert title == "Mesenchymal stem cells by vein in cirrhosis"


def test_facts_of_a_lay_page_are_a_lay_sources(tmp_path):
    data = loaded(tmp_path / "x", kind="lay", wording="rewritten")
    states = summarize.completeness(data).set_index("field")["state"]
    assert states["Interventions"] == "Lay source only"


def test_wording_survives_the_records_file(pair, tmp_path):
    tk.save_records(pair[1], tmp_path / "x.jsonl")
    again = tk.load(tmp_path / "x.jsonl")
    assert list(again.sources["wording"]) == ["rewritten"]
    assert list(again.sources["kind"]) == ["mirror"]


def test_each_example_record_says_what_it_is_as_its_provenance_does():
    text = files("trialkit").joinpath("data/examples_provenance.csv").read_text("utf-8")
    kinds = {row["trial_id"]: row["kind"] for row in DictReader(text.splitlines())}
    data = example_trials()
    sources = data.sources.set_index(data.sources["source_id"].str[:11])

    assert sources["kind"].astype(str).to_dict() == kinds
    assert set(sources["wording"]) == {"rewritten"}
    assert sorted(kinds.values()).count("registry") == 29
