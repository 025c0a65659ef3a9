"""The filters of select: words that reports print, ranges, ids; what is not found."""

import inspect

import pytest

import trialkit as tk
from tests.examples import example_trials
from tests.trials_by_hand import made
from trialkit.codewords import code_word
from trialkit.errors import ParameterError
from trialkit.label.vocabulary import shipped
from trialkit.read.values.countries import country_of
from trialkit.tidy.select.filters import FILTERS
from trialkit.tidy.trials import Trials

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data():
    return example_trials()


def ids(chosen):
    return set(chosen.trials["trial_id"])


def where(data, told):
    """Return the ids of the trials whose row, as a dict, is as told."""
    return {
        row["trial_id"] for row in data.trials.to_dict("records") if told(row) is True
    }


def labelled(data, axis, *values):
    """Return the ids of the trials that have a label of an axis, from the labels."""
    rows = data.labels.query("axis == @axis and value in @values")
    return set(rows["trial_id"])


def located(data, country):
    """Return the ids of the trials with a site in a country, from the sites."""
    rows = data.sites.itertuples()
    return {row.trial_id for row in rows if country_of(row.country) == country}


def test_every_filter_is_a_parameter_of_select_and_the_other_way_round():
    assert set(inspect.signature(Trials.select).parameters) - {
        "self",
        "synonyms",
    } == set(FILTERS)


@pytest.mark.parametrize("text", ["Phase 1", "PHASE1", "phase-1", "Phase I", "phase 1"])
def test_a_phase_is_exact_in_any_spelling(data, text):
    chosen = data.select(phase=text)
    assert ids(chosen) == where(data, lambda row: row["phase"] == "PHASE1")
    assert len(chosen) == 8


def test_any_phase_takes_all_that_name_it_and_a_list_takes_its_members(data):
    wide = data.select(phase="any phase 1")
    assert set(wide.trials["phase"]) == {"EARLY_PHASE1", "PHASE1", "PHASE1/PHASE2"}
    assert "PHASE2" not in set(wide.trials["phase"])
    some = data.select(phase=["Phase 1", "phase 1/2"])
    assert set(some.trials["phase"]) == {"PHASE1", "PHASE1/PHASE2"}
    assert wide.selection["filter"].tolist() == [
        "phase: EARLY_PHASE1 | PHASE1 | PHASE1/PHASE2"
    ]


@pytest.mark.parametrize(
    ("wanted", "axis", "values"),
    [
        ({"route": "hepatic artery"}, "route", ["IA.hepatic"]),
        ({"route": "IV"}, "route", ["IV", "IV.peripheral", "IV.central"]),
        ({"route": "intravenous"}, "route", ["IV", "IV.peripheral", "IV.central"]),
        ({"route": "IA"}, "route", ["IA", "IA.hepatic", "IA.splenic", "ICOR"]),
        ({"route": "Not stated"}, "route", ["NOT_STATED", "PARENTERAL"]),
        ({"cell_source": "umbilical cord"}, "cell_source", ["UC", "WJ"]),
        ({"cell_source": "Bone-Marrow"}, "cell_source", ["BM"]),
        ({"cell_source": "Pluripotent"}, "cell_source", ["iPSC", "CiPSC"]),
        ({"donor": "autologous"}, "donor", ["AUTO"]),
        ({"donor": "third party"}, "donor", ["ALLO"]),
        ({"cell_type": "mesenchymal stem cells"}, "cell_type", ["MSC"]),
        ({"labels": ["species=human"]}, "species", ["human"]),
    ],
)
def test_words_of_a_vocabulary_choose_what_the_labels_say(data, wanted, axis, values):
    cells = where(data, lambda row: row["is_cell_trial"])
    assert ids(data.select(**wanted)) == labelled(data, axis, *values) & cells


def test_a_group_takes_what_a_figure_counts_under_its_words(data):
    chosen = data.select(route="Vein", cell_trials=True)
    figure = tk.count(data.select(cell_trials=True), by="route_group")
    row = figure[figure["route_group"].eq("Vein")]
    assert len(chosen) == row["n"].item() > 0


@pytest.mark.parametrize("axis", ["route", "cell_type", "cell_source", "donor"])
def test_every_label_that_is_printed_chooses_the_ids_it_is_printed_for(data, axis):
    for entry in shipped()[axis].values():
        if entry.id != "NONE":
            made = ids(data.select(**{axis: entry.label}))
            assert ids(data.select(**{axis: entry.id})) <= made


@pytest.mark.parametrize(
    ("name", "column"),
    [("phase", "phase"), ("status", "overall_status"), ("study_type", "study_type")],
)
def test_every_word_that_is_printed_for_a_code_chooses_its_trials(data, name, column):
    for code in data.trials[column].cat.categories:
        chosen = data.select(**{name: code_word(code, column).upper()})
        assert ids(chosen) == where(data, lambda row, c=code: row[column] == c)
    absent = data.select(**{name: "Not stated"})
    assert len(absent) == data.trials[column].isna().sum() == 1
    assert absent.selection["n_missing"].tolist() == [0]


@pytest.mark.parametrize("text", ["china", "PR China", "中国", "CHN"])
def test_a_country_is_found_in_any_spelling(data, text):
    assert ids(data.select(country=text)) == located(data, "China")


@pytest.mark.parametrize("text", ["Iran", "Iran, Islamic Republic of"])
def test_a_country_is_found_however_its_records_spell_it(data, text):
    chosen = data.select(country=text)
    assert ids(chosen) == located(data, "Iran") != set()
    assert chosen.selection["filter"].tolist() == ["country: Iran"]


def test_a_value_that_is_known_and_that_no_trial_has_leaves_none_and_counts_all(data):
    for wanted in ({"country": "Norway"}, {"route": "subretinal or other eye tissue"}):
        [step] = data.select(**wanted).selection.itertuples()
        assert (step.n_kept, step.n_removed + step.n_missing) == (0, 40)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"route": "xyz"}, "route has no 'xyz'; it takes .*Intravenous"),
        ({"route": "hepatic atery"}, "did you mean Hepatic artery"),
        ({"phase": "Phase 9"}, "phase has no 'Phase 9'; did you mean Phase"),
        ({"status": "recruting"}, "did you mean Recruiting"),
        ({"country": "Lyon"}, "country has no 'Lyon'"),
        ({"country": "Chna"}, "did you mean China"),
        ({"donor": "auto logous"}, "did you mean Autologous"),
        ({"cell_type": "No cell product"}, "cell_trials=False chooses"),
        ({"cell_source": "none"}, "cell_trials=False chooses"),
        ({"cell_source": 5}, "cell_source=5 is no text"),
        ({"country": []}, r"country=\[\] is empty"),
        ({"country": [""]}, "is empty"),
        ({"route": "-"}, "route has no '-'"),
        ({"start": "soon"}, "start='soon' is no comparison"),
        ({"enrollment": ""}, "enrollment='' is empty"),
        ({"has_results": "perhaps"}, "has_results must be yes or no"),
        ({"cell_trials": "perhaps"}, "cell_trials must be yes or no"),
        ({"ids": "hello"}, "ids has no 'hello'; an id is written"),
        ({"ids": "NCT0121846"}, "did you mean NCT01218464"),
        ({"labels": {"acess": "vein"}}, "no axis 'acess'; did you mean access"),
        ({"labels": {"access": "xyz"}}, "labels of access has no 'xyz'"),
        ({"labels": "access"}, "not of the form axis=value"),
        ({"labels": {}}, r"labels=\{\} is empty"),
    ],
)
def test_what_is_no_value_is_refused_with_the_nearest(data, wanted, message):
    with pytest.raises(ParameterError, match=message):
        data.select(**wanted)


def test_values_are_refused_without_any_trial_too(data):
    none = Trials({"terms": data.terms})
    assert len(none.select(phase="Phase 1", country="china", ids="nct01234567")) == 0
    with pytest.raises(ParameterError, match="route has no"):
        none.select(route="xyz")


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (
            {"start": ">=2015"},
            lambda row: (
                str(row["start_date"])[:4].isdigit()
                and int(str(row["start_date"])[:4]) >= 2015
            ),
        ),
        (
            {"start": "2015..2020"},
            lambda row: (
                str(row["start_date"])[:4]
                in {"2015", "2016", "2017", "2018", "2019", "2020"}
            ),
        ),
        ({"start": "2010-06"}, lambda row: row["start_date"] == "2010-06"),
        (
            {"completion": "<=2019-06"},
            lambda row: "2000" < str(row["completion_date"])[:7] <= "2019-06",
        ),
        ({"enrollment": ">=50"}, lambda row: bool(row["enrollment"] >= 50)),
        ({"enrollment": "10..50"}, lambda row: row["enrollment"] in range(10, 51)),
        ({"enrollment": 0}, lambda row: row["enrollment"] == 0),
        ({"has_results": True}, lambda row: row["has_results"] is True),
        ({"has_results": "Not posted"}, lambda row: row["has_results"] is False),
    ],
)
def test_ranges_choose_what_a_row_says(data, wanted, told):
    made = ids(data.select(**wanted))
    assert made == where(data, told) != set()


def test_a_date_known_to_the_year_only_is_counted_as_missing_within_the_year():
    dates = {"NCT00000001": "2019", "NCT00000002": "2019-08", "NCT00000003": "2018-02"}
    data = made(trials=[{"trial_id": i, "start_date": d} for i, d in dates.items()])
    chosen = data.select(start=">=2019-06")
    assert ids(chosen) == {"NCT00000002"}
    assert chosen.selection[["n_removed", "n_missing"]].to_numpy().tolist() == [[1, 1]]
    told = dict(chosen.excluded[["record", "reason"]].to_numpy().tolist())
    assert told["NCT00000001"] == "start: >=2019-06: not stated"


REGISTERED = [
    {"trial_id": "NCT00000001", "registered_also_as": "ISRCTN12345678"},
    {"trial_id": "JPRN-UMIN000012345"},
    {"trial_id": "EUCTR2005-003674-14-IT"},
    {"trial_id": "ChiCTR2000029953"},
    {"trial_id": "NCT00000002"},
]
NAMED = [
    {"trial_id": "NCT00000002", "id": "2004-000001-12", "id_type": "EUCTR"},
    {"trial_id": "NCT00000002", "id": "NCT00000009", "id_type": "parent study"},
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nct00000001", "NCT00000001"),
        (" NCT 0000 0001 ", "NCT00000001"),
        ("isrctn 12345678", "NCT00000001"),
        ("ＮＣＴ00000001.", "NCT00000001"),
        ("umin000012345", "JPRN-UMIN000012345"),
        ("JPRN-UMIN000012345", "JPRN-UMIN000012345"),
        ("2005-003674-14", "EUCTR2005-003674-14-IT"),
        ("EUCTR2005-003674-14-DE", "EUCTR2005-003674-14-IT"),
        ("CHICTR2000029953", "ChiCTR2000029953"),
        ("EUCTR2004-000001-12", "NCT00000002"),
    ],
)
def test_an_id_is_found_in_any_spelling_and_where_a_trial_is_also_registered(
    text, found
):
    data = made(trials=REGISTERED, identifiers=NAMED)
    assert ids(data.select(ids=text)) == {found}


def test_an_id_of_another_study_or_of_no_trial_finds_nothing_and_is_told():
    data = made(trials=REGISTERED, identifiers=NAMED)
    chosen = data.select(ids=["NCT00000009", "NCT00000001"])
    assert ids(chosen) == {"NCT00000001"}
    assert chosen.selection["filter"].tolist() == [
        "ids (not among the trials: NCT00000009)"
    ]


def test_a_record_of_its_own_comes_before_one_that_is_registered_under_the_id_too():
    rows = [*REGISTERED, {"trial_id": "ISRCTN12345678"}]
    assert ids(made(trials=rows).select(ids="ISRCTN12345678")) == {"ISRCTN12345678"}


def test_labels_choose_by_an_axis_of_ones_own_and_a_parent_takes_its_children():
    terms = [
        {"axis": "device", "id": "DEV", "label": "A device", "phrases": "gadget*"},
        {"axis": "device", "id": "MARS", "label": "The MARS", "parent": "DEV"},
        {"axis": "device", "id": "ELAD", "label": "The ELAD"},
    ]
    rows = [("NCT00000001", "MARS"), ("NCT00000002", "ELAD"), ("NCT00000003", "NONE")]
    labels = [
        {"trial_id": i, "arm_id": "A1", "axis": "device", "value": v} for i, v in rows
    ]
    trials = [{"trial_id": f"NCT0000000{n}"} for n in range(1, 5)]
    data = made(trials=trials, labels=labels, terms=terms)
    for word in ("DEV", "a device", "gadgets"):
        chosen = data.select(labels={"device": word})
        assert ids(chosen) == {"NCT00000001"}
        assert chosen.selection["n_missing"].tolist() == [2]
    two = data.select(labels={"device": ["MARS", "the elad"]})
    assert ids(two) == {"NCT00000001", "NCT00000002"}
    assert ids(data.select(labels=["device=MARS", "donor=AUTO"])) == set()
    with pytest.raises(ParameterError, match="did you mean The MARS"):
        data.select(labels={"device": "the mar"})


def test_an_id_of_ones_own_is_a_child_of_a_shipped_one():
    terms = [{"axis": "route", "id": "ZED", "label": "By Zed", "parent": "IV"}]
    trials = [{"trial_id": "NCT00000001"}, {"trial_id": "NCT00000002"}]
    labels = [
        {"trial_id": i, "arm_id": "A1", "axis": "route", "value": v}
        for i, v in [("NCT00000001", "ZED"), ("NCT00000002", "OTHER:by a wick")]
    ]
    data = made(trials=trials, labels=labels, terms=terms)
    assert ids(data.select(route="IV")) == {"NCT00000001"}
    assert ids(data.select(route="By a wick")) == {"NCT00000002"}
    assert ids(data.select(route="OTHER")) == {"NCT00000002"}


@pytest.mark.parametrize(
    ("wanted", "table", "columns", "pattern"),
    [
        ({"city": "beijing"}, "sites", ["city"], r"\bBeijing\b"),
        ({"city": "jing"}, "sites", ["city"], r"\bjing\b"),
        ({"city": "Beijing OR Shenzhen"}, "sites", ["city"], "Beijing|Shenzhen"),
        ({"city": "Bei*"}, "sites", ["city"], r"\bBei"),
        (
            {"sponsor": "universities"},
            "sponsors",
            ["name"],
            r"(?i)\buniversit(?:y|ies)\b",
        ),
        (
            {"sponsor": '"Technology Company"'},
            "sponsors",
            ["name"],
            "(?i)technology Compan",
        ),
        (
            {"intervention": "hepatocyte"},
            "interventions",
            ["name", "other_names"],
            r"(?i)\bhepatocytes?\b",
        ),
    ],
)
def test_a_search_in_names_finds_whole_words_of_them(
    data, wanted, table, columns, pattern
):
    frame = getattr(data, table)
    hits = frame[columns].apply(lambda text: text.str.contains(pattern, na=False))
    chosen = data.select(**wanted)
    assert ids(chosen) == set(frame.loc[hits.any(axis=1), "trial_id"])
    if pattern != r"\bjing\b":
        assert len(chosen)


def test_a_trial_without_a_city_is_missing_and_not_removed(data):
    [step] = data.select(city="Beijing").selection.itertuples()
    stated = set(data.sites.dropna(subset=["city"])["trial_id"])
    assert step.n_missing == len(data) - len(stated) > 0


EXAMPLES = [
    {"ids": ["NCT01218464", "nct01661842"]},
    {"sponsor": "NOT university"},
    {"intervention": "cell"},
    {"city": "Beijing"},
    {"phase": "any phase 2"},
    {"status": ["Recruiting", "Not stated"]},
    {"study_type": "interventional"},
    {"start": ["<2010", "2015-03..2020"]},
    {"completion": ">=2020-06-15"},
    {"enrollment": ["<10", ">=100"]},
    {"has_results": False},
    {"country": ["Japan", "usa"]},
    {"route": "portal vein"},
    {"cell_type": "MSC"},
    {"cell_source": "Not stated"},
    {"donor": "ALLO"},
    {"labels": {"species": "human", "donor": ["AUTO", "ALLO"]}},
    {"cell_trials": True},
]


@pytest.mark.parametrize("wanted", EXAMPLES, ids=lambda wanted: next(iter(wanted)))
def test_what_a_filter_keeps_removes_and_misses_is_every_trial(data, wanted):
    chosen = data.select(**wanted)
    [step] = chosen.selection.itertuples()
    assert step.n_before == 40 == step.n_kept + step.n_removed + step.n_missing
    assert step.n_kept == len(chosen) > 0
    gone = set(chosen.excluded["record"]) - set(data.excluded["record"].dropna())
    assert gone == ids(data) - ids(chosen)


@pytest.mark.parametrize("name", ["route", "donor", "cell_source", "cell_type"])
def test_not_stated_is_the_same_in_every_spelling(data, name):
    kept = [
        ids(data.select(**{name: text}))
        for text in ("Not stated", "not_stated", "NOT STATED", "NOT_STATED")
    ]
    assert all(one == kept[0] for one in kept)


@pytest.mark.parametrize(("text", "asked"), [("yes", True), ("No", False)])
def test_a_yes_in_words_is_a_yes(data, text, asked):
    assert ids(data.select(cell_trials=text)) == ids(data.select(cell_trials=asked))
