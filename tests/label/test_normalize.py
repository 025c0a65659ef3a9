"""Look-alike letters: what a reader takes for the same words gives the same label."""

import unicodedata

import pytest

from trialkit.label.engine import label_records
from trialkit.label.gate import names_no_cells
from trialkit.label.matcher import default_matcher
from trialkit.label.normalize import han_variants, normalize, normalize_mapped
from trialkit.label.text import Text, fold
from trialkit.label.vocabulary import shipped
from trialkit.record import Arm, Intervention, Passage, Record

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
VARIANTS = {}
for variant, simplified in han_variants().items():
    VARIANTS.setdefault(simplified, variant)
WRITTEN = {
    "full-width": lambda phrase: phrase.translate(WIDE),
    "soft hyphens": lambda phrase: phrase.replace("e", "e\u00ad").replace(
        "细", "细\xad"
    ),
    "zero-width": lambda phrase: "\u200b".join(phrase),
    "word joiners": lambda phrase: "\ufeff" + phrase.replace("l", "\u2060l\u200d"),
    "ligatures": lambda phrase: phrase.replace("fi", "ﬁ").replace("fl", "ﬂ"),
    "separate accents": lambda phrase: unicodedata.normalize("NFD", phrase),
    "other Han forms": lambda phrase: "".join(VARIANTS.get(c, c) for c in phrase),
}
PHRASES = sorted(
    {
        phrase.strip("~=*")
        for entries in shipped().values()
        for entry in entries.values()
        for phrase in (*entry.phrases, *entry.not_phrases)
    }
)


def label(words):
    arm = Arm(arm_label="A", interventions=("I",))
    item = Intervention(name="I", description=words)
    record = Record(trial_id="NCT00000001", arms=(arm,), interventions=(item,))
    return label_records([record])


def found(sentence):
    text = Text(Passage(section="brief_title", text=sentence))
    mentions = default_matcher().mentions(text)
    for mention in mentions:
        quote, low, high = text.quote(mention.start, mention.end)
        assert sentence[low:high] == quote
        words = text.stored(mention.start, mention.end)
        assert words
        assert words in quote
    return [(mention.axis, mention.id) for mention in mentions]


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_every_phrase_is_found_however_its_letters_are_written(written):
    missed = {
        phrase
        for phrase in PHRASES
        if found(f"Dose 1: {written(phrase)} (2)") != found(f"Dose 1: {phrase} (2)")
    }
    assert missed == set()


@pytest.mark.parametrize(
    "words",
    [
        "Mesen\u00adchymal stem cells by intra\u200bvenous infusion",
        "Intravenous infusion of ＭＳＣ",
        "Ｉｎｔｒａｖｅｎｏｕｓ infusion of mesenchymal stem cells",
        "間充質幹細胞靜脈輸注",
        "间充质干细胞静脉输注",
        "間葉系幹細胞の静脈内投与",
    ],
)
def test_a_trial_in_look_alike_letters_is_labelled_as_in_plain_ones(words):
    result = label(words)
    rows = {r.axis: r for r in result.labels if r.axis in {"route", "cell_type"}}
    assert {axis: row.value for axis, row in rows.items()} == {
        "route": "IV",
        "cell_type": "MSC",
    }
    assert {words[row.start : row.end] for row in rows.values()} == {
        row.quote for row in rows.values()
    }


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("臍帯由来間葉系幹細胞", "UC"),
        ("臍帶間充質幹細胞", "UC"),
        ("脐带间充质干细胞", "UC"),
        ("骨髄由来間葉系幹細胞", "BM"),
        ("骨髓間充質幹細胞", "BM"),
    ],
)
def test_traditional_and_japanese_forms_name_the_same_source(words, source):
    rows = label(words).labels
    assert {r.value for r in rows if r.axis == "cell_source"} == {source}
    assert {r.value for r in rows if r.axis == "cell_type"} == {"MSC"}


def test_the_first_look_reads_plain_letters_too():
    item = Intervention(name="ＭＳＣ", description="me\u00adsenchymal")
    assert not names_no_cells([Record(trial_id="NCT00000001", interventions=(item,))])


@pytest.mark.parametrize(
    "kept", ["10⁶", "½", "①", "Ⅳ", "CO₂", "；", "X™", "\ufdfa", "´"]
)
def test_what_would_change_in_value_stays(kept):
    assert normalize(kept) == kept


def test_a_place_in_plain_text_leads_back_to_the_stored_one():
    stored = "\ufeffﬁrst mesen\u00adchymal ＭＳＣ, e\u0301nd"
    made, shifts = normalize_mapped(stored)
    assert made == "first mesenchymal MSC, énd"
    for words, there in {
        "first": "ﬁrst",
        "mesenchymal": "mesen\u00adchymal",
        "MSC": "ＭＳＣ",
        "énd": "e\u0301nd",
        "irst": "ﬁrst",
    }.items():
        at = made.index(words)
        low, high = shifts.stored_span(at, at + len(words))
        assert stored[low:high] == there


def test_plain_text_is_plain_already():
    text = " ".join(map(chr, range(0x20, 0x3100))) + "臍帯 ㎏ Å ｶﾞ"
    assert normalize(normalize(text)) == normalize(text)
    assert fold(fold(text)) == fold(text)


def test_a_quote_of_invisible_characters_ends():
    stored = "Infusion of mesen" + "\u00ad" * 5_000 + "chymal stem cells"
    text = Text(Passage(section="brief_title", text=stored))
    (mention,) = default_matcher().mentions(text)
    quote, low, high = text.quote(mention.start, mention.end)
    assert stored[low:high] == quote
    assert len(quote) <= 600
