"""What a word finds: its forms and synonyms, whole words, abbreviations, any script."""

import time

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trialkit as tk
from trialkit.errors import TrialDataError
from trialkit.tidy.select.search import Field, matcher

pytestmark = pytest.mark.slow


def column(*texts):
    return pa.chunked_array([list(texts)], pa.large_string())


def finds(query, *texts, **options):
    return matcher(query, **options).hits(texts)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("liver", "Hepatic Cirrhosis"),
        ("hepatic", "Liver Cirrhosis"),
        ("cirrhosis", "cirrhotic patients"),
        ("cirrhotic", "Cirrhosis"),
        ("injury", "Spinal Cord Injuries"),
        ("diseases", "Crohn's Disease"),
        ("metastasis", "brain metastases"),
        ("ischemia", "Ischaemic stroke"),
        ("leukaemia", "Leukemia"),
        ("nonalcoholic", "Non-alcoholic fatty liver"),
        ("COVID-19", "Covid19 pneumonia"),
        ("ALF", "Acute Liver Failure"),
        ("acute liver failure", "Liver Failure, Acute"),
        ("acute liver failure", "ALF"),
        ("Liver Failure, Acute", "acute liver failure"),
        ("aclf", "Acute-on-Chronic Liver Failure"),
        ("PBC", "Primary Biliary Cirrhosis"),
        ("hepatitis B", "HBV"),
        ("HBV", "Hepatitis B, Chronic"),
        ("HCC", "Hepatocellular carcinoma"),
        ("NASH", "MASH"),
        ("SFSS", "Small for size syndrome"),
        ("OA", "Knee Osteoarthritis"),
        ("MS", "Multiple Sclerosis"),
        ("multiple sclerosis", "RRMS or MS"),
        ("ALS", "Amyotrophic Lateral Sclerosis"),
        ("MI", "Myocardial Infarction"),
        ("copd", "Pulmonary Disease, Chronic Obstructive; COPD"),
        ("DM", "Type 2 Diabetes"),
        ("crohns disease", "Crohn’s disease"),
        ("MSC", "allogeneic MSCs"),
        ("liver", "Small-for-Size syndrome"),
        ("liver cancer", "Hepatic neoplasm"),
        ("ALS", "ALS"),
        ("beta thalassemia", "β-Thalassaemia"),
        ("liver diseases", "Hepatitis C"),
        ("Stem cells", "allogeneic MSC"),
        ("aGVHD", "Graft Versus Host Disease, Acute"),
        ("aGVHD", "Acute or chronic graft-versus-host disease"),
        ("cGVHD", "Acute or chronic graft-versus-host disease"),
        ("GVHD", "aGVHD"),
        ("MS", "Relapsing-remitting MS"),
        ("myocardial infarction", "STEMI"),
        ("stroke", "Cerebral infarction"),
        ("cerebral infarction", "Acute ischemic stroke"),
        ("liver", "Intrahepatic cholangiocarcinoma"),
        ("chronic kidney disease", "CKD 3-4"),
        ("kidney", "CKD 3b, seen in CKD 2019"),
        ("prochymal", "PROCHYMAL™ and placebo"),
        ("cells", "allogeneic cells²"),
        ('"10^6 cells"', "2 x 10⁶ cells"),
        ("AIDS", "HIV/AIDS"),
        ("aids", "AIDS"),
        ("Alzheimer's disease", "Dementia of the Alzheimer's Type"),
        ("Alzheimer's disease", "Alzheimer Dementia"),
    ],
)
def test_a_word_finds_its_forms_synonyms_and_abbreviations(query, found):
    assert finds(query, found) == [True]


@pytest.mark.parametrize(
    ("query", "passed"),
    [
        ("liver", "Time to delivery of the placenta"),
        ("MS", "10 ms after the items of LC-MS/MS"),
        ("ALS", "Als Kontrolle; also"),
        ("OA", "oat, oa and Goal"),
        ("ear", "Clear years of early hearing"),
        ("ALF", "half an alfalfa"),
        ("ALF", "Acute-on-Chronic Liver Failure"),
        ("acute liver failure", "Acute-on-Chronic Liver Failure"),
        ("cGVHD", "Acute graft-versus-host disease"),
        ("aGVHD", "Graft versus host disease"),
        ("RRMS", "Primary progressive multiple sclerosis"),
        ("STEMI", "Myocardial infarction (NSTEMI)"),
        ("PBMC", "bone marrow mononuclear cells"),
        ("gonarthrosis", "Hip osteoarthritis"),
        ("cerebral infarction", "Hemorrhagic stroke"),
        ("multiple sclerosis", "after 20 ms"),
        ("child", "Child-Pugh score B"),
        ("pediatric", "Child-Turcotte-Pugh class C"),
        ("hepatitis", "Liver Cirrhosis"),
        ("cirrhosis", "Hepatitis B"),
        ("HBV", "Hepatitis C"),
        ("heart failure", "Liver failure; heart transplant"),
        ("liver", "PSC-01, a product of fat cells"),
        ("als", "et al."),
        ("MI", "MIS surgery"),
        ("liver disease", "Liver meridian; median nerve disease"),
        ("cart*", "go kart"),
        ("UC", "UC-MSCs for psoriasis"),
        ("ulcerative colitis", "UC-MSC infusion; umbilical cord (UC) derived cells"),
        ("inflammatory bowel disease", "UC-MSCs, UC-MMSCs"),
        ("Alzheimer's disease", "AD-MSCs plus calcipotriol in psoriasis"),
        ("Parkinson's disease", "PD-1 and PD-L1 inhibitors"),
        ("multiple sclerosis", "measured by LC-MS"),
        ("diabetes", "ALLO-ASC-DFU in burns"),
        ("chronic kidney disease", "CKD-314 for pneumonia"),
        ("AIDS", "hearing aids; a decision aid"),
    ],
)
def test_what_only_looks_like_a_word_is_not_found(query, passed):
    assert finds(query, passed) == [False]


def test_capitals_find_capitals_and_small_letters_find_any():
    assert finds("EAR", "EAR", "ear") == [True, False]
    assert finds("ear", "EAR", "ear") == [True, True]
    assert finds("LIVER LUNG", "liver and lung") == [True]


def test_text_without_word_breaks_is_found_anywhere():
    assert finds("肝硬化", "失代偿期肝硬化患者", "肝衰竭", "肝 硬化") == [
        True,
        False,
        False,
    ]
    assert finds("幹細胞", "臍帯由来幹細胞の投与") == [True]
    assert finds("MSC", "人MSC移植") == [True]
    assert finds("간경변", "간경변증의") == [True]


def test_width_case_accents_and_invisible_signs_do_not_matter():
    texts = (
        "ＭＳＣ",
        "mesen\u00adchymal",
        "Menière",
        "menie\u0300re",
        "STRASSE",
        "ﬁbrosis",
    )
    assert finds("msc", *texts)[0]
    assert finds("mesenchymal", *texts)[1]
    assert finds("meniere", *texts)[2:4] == [True, True]
    assert finds("straße", *texts)[4]
    assert finds("fibrosis", *texts)[5]
    assert finds("ｌｉｖｅｒ", "liver") == [True]


def test_a_narrower_term_finds_topics_and_not_long_text():
    ids = column("A", "B")
    text = column("hepatitis serology", "liver")
    found = matcher("liver").search(ids, [Field("text", ids, text, is_topic=False)])
    assert found.passes.to_pylist() == [False, True]
    found = matcher("liver").search(ids, [Field("condition", ids, text)])
    assert found.passes.to_pylist() == [True, True]
    assert found.why.tolist() == [
        'condition: "hepatitis serology" (liver > hepatitis)',
        'condition: "liver"',
    ]


def own(tmp_path, text):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_synonyms_of_a_user_hold_in_both_directions(tmp_path):
    path = own(tmp_path, "term,synonym\nfoo,bar baz\nALF,hyperacute failure\n")
    assert finds("foo", "bar baz", synonyms=path) == [True]
    assert finds("bar baz", "a foo", synonyms=[path]) == [True]
    assert finds("foo", "bar baz") == [False]
    # A row on an abbreviation adds to what it stands for.
    assert finds("acute liver failure", "hyperacute failure", synonyms=path) == [True]
    # So does one whose synonym the table knows.
    other = own(tmp_path, "term,synonym\nfoo,PBC\n")
    assert finds("foo", "primary biliary cirrhosis", synonyms=other) == [True]
    path = own(tmp_path, "term,synonym\nfoo,bar baz\n")
    assert "foo" in set(tk.synonyms(path).term)
    assert "foo" not in set(tk.synonyms().term)


def test_a_narrower_row_holds_in_one_direction(tmp_path):
    path = own(tmp_path, "term,synonym,relation\nfoo,bar,narrower\nbaz,big baz,not\n")
    assert finds("foo", "bar", synonyms=path) == [True]
    assert finds("bar", "foo", synonyms=path) == [False]
    assert finds("baz", "a baz", "a big baz", synonyms=path) == [True, False]
    path = own(tmp_path, "term,synonym,relation\nfoo,bar,narrower\nbar,big bar,not\n")
    assert finds("foo", "a bar", "big bar", "big bars", synonyms=path) == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "line 1: no column term, synonym"),
        ("term,synonym\nfoo,\n", "line 2: a row needs a term and a synonym"),
        (
            "term,synonym,relation\nfoo,bar,broader\n",
            "line 2: relation 'broader' is not",
        ),
        ("term,synonym\nfoo\n", "line 2: more or fewer cells"),
    ],
)
def test_a_wrong_row_of_synonyms_is_told_with_its_line(tmp_path, text, told):
    with pytest.raises(TrialDataError, match=r"own\.csv") as error:
        matcher("foo", synonyms=own(tmp_path, text))
    assert told in str(error.value)


def test_the_table_of_synonyms_has_no_row_twice_and_none_on_itself():
    table = tk.synonyms()
    assert list(table) == ["term", "synonym", "relation"]
    folded = table.apply(lambda column: column.str.casefold())
    assert not table.duplicated().any()
    assert not (folded.term == folded.synonym).any()
    assert set(table.relation) == {"same", "narrower", "not"}
    same = folded[folded.relation == "same"]
    assert not same.synonym.duplicated().any()
    assert not set(same.synonym) & set(same.term)


WORDS = (
    "liver",
    "hepatic",
    "MS",
    "ALS",
    "Child-Pugh",
    "肝硬化",
    "zinc",
    "delivery",
    "",
)
texts_of_trials = st.lists(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), max_size=3),
    min_size=1,
    max_size=6,
)
words = st.sampled_from(["liver", "MS", "zinc", "肝", '"liver zinc"', "ALS", "del*"])
queries = st.recursive(
    words,
    lambda part: st.one_of(
        part.map("NOT ({})".format),
        st.tuples(part, part).map("({0[0]} AND {0[1]})".format),
        st.tuples(part, part).map("({0[0]} OR {0[1]})".format),
    ),
    max_leaves=5,
)


def passing(query, trials):
    ids = [f"T{i}" for i in range(len(trials))]
    keys = column(*(f"T{i}" for i, own in enumerate(trials) for _ in own))
    texts = column(*(text for own in trials for text in own))
    found = matcher(query).search(column(*ids), [Field("text", keys, texts)])
    passes = zip(ids, found.passes.to_pylist(), strict=True)
    return {key for key, is_in in passes if is_in}, set(ids)


@given(texts_of_trials, queries, queries)
def test_not_is_the_exact_complement_and_and_or_are_those_of_sets(trials, one, other):
    first, everything = passing(one, trials)
    second, _ = passing(other, trials)
    assert passing(f"NOT ({one})", trials)[0] == everything - first
    assert passing(f"({one}) AND ({other})", trials)[0] == first & second
    assert passing(f"({one}) OR ({other})", trials)[0] == first | second
    assert passing(f"({one}) ({other})", trials)[0] == first & second


def test_a_trial_without_text_is_missing_unless_it_passes():
    ids = column("A", "B")
    fields = [Field("condition", ids, column("liver", None))]
    assert matcher("knee").search(ids, fields).passes.to_pylist() == [False, None]
    assert matcher("NOT knee").search(ids, fields).passes.to_pylist() == [True, True]


def test_the_time_grows_with_the_text_and_no_faster():
    search = matcher("liver OR (knee NOT MS) OR del*")

    def seconds(text):
        runs = []
        for _ in range(3):
            start = time.process_time()
            search.hits([text])
            runs.append(time.process_time() - start)
        return min(runs)

    # Eight times the text may take three times what is linear, not the square.
    for piece in ("liver ", "live", "'s", "， é", "MS-", "(,", "\u0301", "del"):
        few, many = seconds(piece * 2_000), seconds(piece * 16_000)
        assert many < 24 * max(few, 0.004), piece
