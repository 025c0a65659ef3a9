"""A user's own vocabularies: more phrases, new ids, a new axis of labels."""

import json

import pytest

import trialkit as tk
from trialkit.errors import ParameterError, TrialDataError
from trialkit.label.user_vocabulary import extended, with_terms
from trialkit.label.vocabulary import AXES, COLUMNS, shipped
from trialkit.tables import TABLES
from trialkit.tables.cards import cards
from trialkit.workspace import example_path

pytestmark = pytest.mark.slow

TRIAL = "NCT01218464"


@pytest.fixture
def load(tmp_path):
    """Load one example with vocabularies given as name and text."""

    def loaded(**texts):
        paths = []
        for name, text in texts.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return tk.load(example_path() / f"{TRIAL}.json", vocabularies=paths)

    return loaded


def write_study(path, arms, *, title="MSC"):
    """Write a study that says nothing but its title and arms."""
    section = {
        "identificationModule": {"nctId": "NCT09990003", "briefTitle": title},
        "armsInterventionsModule": {"armGroups": arms},
    }
    path.write_text(json.dumps({"protocolSection": section}))


def test_an_axis_of_ones_own_is_labelled_with_its_words(load):
    data = load(setting="id,label,code,phrases\nACUTE,Liver failure,X1,liver failure\n")
    rows = data.labels[data.labels.axis == "setting"]
    assert rows.arm_id.tolist() == ["A1", "A2"]
    assert set(rows.value) == {"ACUTE"}
    assert set(rows.code) == {"X1"}
    assert rows.quote.str.contains("(?i)liver failure").all()
    assert data.terms.loc[0, ["axis", "id", "label"]].tolist() == [
        "setting",
        "ACUTE",
        "Liver failure",
    ]


def test_an_axis_of_ones_own_is_counted_and_shown(load):
    data = load(setting="id,label,phrases\nACUTE,Acute setting,liver failure\n")
    counted = tk.count(data, by="setting")
    assert counted.setting.tolist() == ["Acute setting", "Not stated"]
    assert counted.n.tolist() == [1, 0]
    assert tk.count(data, by=["setting", "route_group"], unit="arms").n.tolist() == [1]
    found = tk.evidence(data)
    assert set(found.label[found.axis == "setting"]) == {"Acute setting"}
    for table in ("own_labels", "vocabulary", "evidence"):
        assert "Acute setting" in TABLES[table](data, as_of="2026-11-22").markdown()


@pytest.mark.parametrize(
    "phrase",
    [
        "Liver-Failure*",
        " liver  failure ",
        "ＬＩＶＥＲ　ＦＡＩＬＵＲＥ",
        "=Liver Failure|x",
    ],
)
def test_a_phrase_is_folded_as_texts_are(load, phrase):
    data = load(setting=f"id,label,phrases\nACUTE,Acute setting,{phrase}\n")
    rows = data.labels[data.labels.axis == "setting"]
    assert set(rows.value) == {"ACUTE"}
    assert (
        data.terms["phrases"]
        .str.contains(r"^(?:liver failure\*?|=Liver Failure)")
        .all()
    )


def test_a_phrase_as_written_may_hold_a_dash(load):
    path_of = "id,label,phrases\nX,Marked,{}\n".format
    for phrase, value in {"=Uc-Mscs": "NOT_STATED", "=UC-MSCs": "X"}.items():
        data = load(marked=path_of(phrase))
        assert value in set(data.labels[data.labels.axis == "marked"].value)


def test_what_an_own_axis_does_not_find_is_not_stated(load):
    data = load(setting="id,label,phrases\nMARS,On Mars,on mars\n")
    rows = data.labels[data.labels.axis == "setting"]
    assert set(rows.value) == {"NOT_STATED"}
    assert rows.section.str.contains("brief_summary").all()
    assert TABLES["own_labels"](data, as_of="2026-11-22").frame.label.tolist() == [
        "Not stated"
    ]


def test_a_trial_is_not_stated_where_none_of_its_arms_states_an_own_label(tmp_path):
    arms = [{"label": "By pump"}, {"label": "Other"}]
    write_study(tmp_path / "one.json", arms)
    (tmp_path / "device.csv").write_text("id,label,phrases\nP,Pump,by pump\n")
    data = tk.load(tmp_path / "one.json", vocabularies=[tmp_path / "device.csv"])
    frame = TABLES["own_labels"](data, as_of="2026-11-22").frame
    assert frame[["label", "n_trials", "n_arms"]].to_numpy().tolist() == [
        ["Pump", 1, 1],
        ["Not stated", 0, 1],
    ]


def test_a_negated_phrase_makes_no_label_of_an_own_axis(tmp_path):
    arm = {"label": "One", "description": "given without a pump"}
    write_study(tmp_path / "one.json", [arm], title="A pump")
    (tmp_path / "device.csv").write_text("id,label,phrases\nP,Pump,a pump\n")
    data = tk.load(tmp_path / "one.json", vocabularies=[tmp_path / "device.csv"])
    assert data.labels[data.labels.axis == "device"].section.tolist() == ["brief_title"]


def test_a_new_id_of_a_known_axis_is_shown_by_its_own_words(tmp_path):
    arm = {"label": "One", "description": "mesenchymal stem cells by slow drip"}
    write_study(tmp_path / "one.json", [arm])
    text = "id,label,group,phrases\nSLOW,Slow drip,Drips,slow drip\n"
    (tmp_path / "route.csv").write_text(text)
    data = tk.load(tmp_path / "one.json", vocabularies=[tmp_path / "route.csv"])
    assert data.trials.routes.item() == "SLOW"
    assert "Slow drip" in tk.count(data, by="route").route.tolist()
    assert "Drips" in tk.count(data, by="route_group").route_group.tolist()


def test_tables_and_cards_show_ids_of_ones_own_in_words(tmp_path):
    told = "Zed cells from zed tissue of a zed donor, given by zed way at the zed spot"
    arm = {"label": "One", "description": told}
    write_study(tmp_path / "one.json", [arm], title="Zed cells")
    axes = {
        "route": "by zed way",
        "cell_type": "zed cells",
        "cell_source": "zed tissue",
        "donor": "zed donor",
        "site": "zed spot",
    }
    paths = [tmp_path / f"{axis}.csv" for axis in axes]
    for path, phrase in zip(paths, axes.values(), strict=True):
        path.write_text(f"id,label,phrases\nZZ{path.stem},My {path.stem},{phrase}\n")
    data = tk.load(tmp_path / "one.json", vocabularies=paths)
    day = "2026-11-22"
    made = {
        "cell_type cell_source": TABLES["products"](data, as_of=day).markdown(),
        "route site": TABLES["delivery_sites"](data, as_of=day).markdown(),
        "cell_source donor": tk.summarize.donor_by_source(data).to_string(),
        "route cell_type cell_source donor": str(cards(data, as_of=day)),
    }
    for axes_shown, text in made.items():
        plain = text.replace("\\", "")
        assert "ZZ" not in plain
        assert all(f"My {axis}" in plain for axis in axes_shown.split())


def test_a_source_of_ones_own_counts_in_the_family_that_it_is_given(load):
    text = "id,label,parent,family,phrases\nZED,Zed,UC,Pluripotent,liver failure\n"
    data = load(cell_source=text)
    assert data.trials.cell_sources.item() == "ZED"
    (product,) = data.labels.loc[data.labels["value"] == "ZED", "product"].unique()
    assert product == "1; 2"  # also that of the umbilical cord, whose place it takes
    made = tk.count(data, by=["cell_type", "cell_source"])
    assert made[["cell_source", "n"]].to_numpy().tolist() == [["Zed", 1]]
    for frame in (
        tk.summarize.source_by_route(data),
        tk.summarize.type_by_source(data),
        tk.summarize.donor_by_source(data),
    ):
        own = frame[frame["cell_source"] == "Zed"]
        assert set(own["source_family"]) == {"Pluripotent"}


def test_an_id_of_ones_own_belongs_to_the_group_and_family_of_its_parent(tmp_path):
    source, route = tmp_path / "cell_source.csv", tmp_path / "route.csv"
    source.write_text(
        "id,label,parent,family,phrases\n"
        "VESSEL,Cord vessel,CORD,,a vessel\nCORD,Cord piece,UC,,a piece\n"
        "MINE,Mine,UC,My family,my own\nALONE,Alone,,,alone\n"
    )
    route.write_text(
        "id,label,parent,phrases\nPORT,Port,IV,a port\nFLAP,Flap,PARENTERAL,a flap\n"
    )
    known = extended([source, route])
    assert {i: known["cell_source"][i].family for i in ("VESSEL", "CORD", "MINE")} == {
        "VESSEL": "Perinatal tissue",
        "CORD": "Perinatal tissue",
        "MINE": "My family",
    }
    assert known["cell_source"]["ALONE"].family == "Other"
    assert known["cell_source"]["VESSEL"].group == "Umbilical cord"
    assert known["route"]["PORT"].group == "Vein"
    assert known["route"]["FLAP"].group == "Other route"
    assert known["route"]["IV"] == shipped()["route"]["IV"]


def test_an_id_of_ones_own_takes_its_phrases_from_other(tmp_path):
    arm = {"label": "One", "description": "mesenchymal stem cells into the omentum"}
    record, own = tmp_path / "one.json", tmp_path / "route.csv"
    write_study(record, [arm])
    assert tk.load(record).trials.routes.str.startswith("OTHER").all()
    own.write_text("id,label,phrases\nOMENT,Omentum,into the omentum|omentum\n")
    data = tk.load(record, vocabularies=own)
    assert data.trials.routes.tolist() == ["OMENT"]
    assert data.terms["id"].tolist() == ["OMENT"]
    kept = with_terms(data.terms)["route"]["OTHER"].phrases
    assert set(shipped()["route"]["OTHER"].phrases) - set(kept) == {
        "into the omentum",
        "~omentum",
    }
    own.write_text("id,label,phrases\nMINE,Mine,intravenous*\n")
    with pytest.raises(TrialDataError, match="belongs to 'IV' already"):
        tk.load(record, vocabularies=own)


@pytest.mark.parametrize("axis", AXES)
def test_no_shipped_id_takes_a_phrase_from_other(axis):
    assert extended([])[axis] == shipped()[axis]


def test_only_an_id_named_below_ec_is_a_device_outside_the_body(tmp_path):
    arm = {"label": "One", "description": "mesenchymal stem cells by echo"}
    record, own = tmp_path / "one.json", tmp_path / "route.csv"
    write_study(record, [arm])
    own.write_text("id,label,phrases\nECHO,Echo-guided,by echo\n")
    decided = tmp_path / "decided.csv"
    decided.write_text(
        "trial_id,arm_id,axis,value,reason,decided_by,date\n"
        "NCT09990003,A1,route,ECHO,read it,me,2026-11-22\n"
    )
    for overrides in ([], decided):
        labels = tk.load(record, vocabularies=own, overrides=overrides).labels
        found = labels.set_index("axis")["value"]
        assert found[["route", "delivery_mode"]].tolist() == ["ECHO", "in_body"]
    own.write_text("id,label,parent,phrases\nMINE,Mine,EC.bal,my device\n")
    with pytest.raises(TrialDataError, match=r"line 2, id 'MINE': an id below EC\.bal"):
        tk.load(record, vocabularies=own)


def test_starts_by_source_name_a_source_of_ones_own_and_its_family(load):
    data = load(cell_source="id,label,parent,phrases\nZED,Zed,UC,liver failure\n")
    frame = tk.summarize.starts_by_year(data, as_of="2026-11-22", by="cell_source")
    families = frame.set_index("cell_source")["source_family"]
    assert set(families["Zed"]) == {"Perinatal tissue"}
    n = int(frame.loc[frame["cell_source"] == "Zed", "n"].sum())
    shown = [text.get_text() for text in tk.plot.starts_by_year(frame).texts]
    assert f"Zed {n}" in shown


def test_an_id_of_ones_own_takes_the_place_of_its_parent(tmp_path):
    told = {"One": "by vein, through a port", "Two": "intravenously"}
    arms = [
        {"label": label, "description": f"mesenchymal stem cells {words}"}
        for label, words in told.items()
    ]
    write_study(tmp_path / "one.json", arms)
    (tmp_path / "route.csv").write_text(
        "id,label,parent,phrases\nPORT,Port,CVC,a port\nCVC,Line,IV,no such words\n"
    )

    def routes(paths):
        rows = tk.load(tmp_path / "one.json", vocabularies=paths).labels
        rows = rows[rows["axis"] == "route"]
        return rows[["arm_id", "value", "relation"]].to_numpy().tolist()

    assert routes([]) == [["A1", "IV", "single"], ["A2", "IV", "single"]]
    assert routes([tmp_path / "route.csv"]) == [
        ["A1", "PORT", "single"],
        ["A2", "IV", "single"],
    ]


def test_ids_of_ones_own_come_after_the_shipped_ones_by_name(tmp_path):
    arm = {"label": "One", "description": "mesenchymal stem cells by aa, bb and cc"}
    write_study(tmp_path / "one.json", [arm])
    rows = "ZZ,z,by aa\nYY,y,bb\nXX,x,cc\n"
    (tmp_path / "processing.csv").write_text(f"id,label,phrases\n{rows}")
    data = tk.load(tmp_path / "one.json", vocabularies=[tmp_path / "processing.csv"])
    made = data.labels[data.labels.axis == "processing"]
    assert made["value"].tolist() == ["XX", "YY", "ZZ"]


def test_the_table_of_terms_tells_all_that_the_files_tell(tmp_path):
    path = tmp_path / "route.csv"
    path.write_text(
        f"{','.join(COLUMNS)}\n"
        "PORT,Port,IV,My,Veins,NCI,C38276,INTRAVENOUS,broad,a port|of port,no port,I\n"
        "IV,Intravenous,,,,,,,,my drip,,\n"
    )
    terms = tk.load(example_path() / f"{TRIAL}.json", vocabularies=path).terms
    known, said = with_terms(terms), extended([path])
    assert list(known) == list(said)
    for axis in said:
        assert list(known[axis]) == list(said[axis])
        for identifier, entry in said[axis].items():
            assert known[axis][identifier][:-1] == entry[:-1]


def test_without_own_vocabularies_there_are_no_terms(load):
    assert load().terms.empty


@pytest.mark.parametrize(
    "name", ["trials", "condition", "Big", "donor_inferred", "a b"]
)
def test_an_axis_may_not_have_a_name_that_is_taken_or_odd(load, name):
    with pytest.raises(TrialDataError, match="a file is named after its axis"):
        load(**{name: "id,label,phrases\nA,b,c\n"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "id,label,phrases,roles\nA,b,c,hero\n",
            "own.csv, line 2, id 'A': role 'hero' is not known; there are device,",
        ),
        (
            "id,label,phrases,yields_to\nA,b,c,Z\n",
            "own.csv, line 2, id 'A': it yields to 'Z', which does not exist",
        ),
        (
            "id,label,phrases,yields_to\nA,b,c,B\nB,d,e,A\n",
            "own.csv, line 2, id 'A': what it yields to leads back to itself",
        ),
        (
            "id,label,phrases,gate\nA,b,c,drip|_\n",
            "own.csv, line 2, id 'A': phrase '_' holds no letter or digit",
        ),
        ("id,label,phrases\nA,b\n", "own.csv, line 2: more or fewer cells than the"),
        (
            "id,label,phrases,not_phrases\nA,b,c,c\n",
            "own.csv, line 2, id 'A': phrase 'c' belongs",
        ),
        ("id,label,phrases\nA,b,c\nB,d,c\n", "own.csv, line 3, id 'B': phrase 'c'"),
        ("id,label,phrases,parent\nA,b,c,Z\n", "own.csv, line 2, id 'A': parent 'Z'"),
        (
            "id,label,phrases,parent\nA,b,c,B\nB,d,e,A\n",
            "own.csv, line 2, id 'A': its parents lead back to itself",
        ),
        (
            "id,label,phrases,parent\nA,b,c,A\n",
            "own.csv, line 2, id 'A': its parents lead back to itself",
        ),
    ],
)
def test_a_broken_row_is_named_with_file_and_line(load, text, message):
    with pytest.raises(TrialDataError) as caught:
        load(own=text)
    assert message in str(caught.value)


def test_a_vocabulary_that_is_no_csv_is_told_with_its_line(load):
    with pytest.raises(TrialDataError, match=r"own\.csv, line 1: ',' expected"):
        load(own='"id"x,label,phrases\nA,b,c\n')
    with pytest.raises(TrialDataError, match=r"line 3: ',' expected"):
        load(own='id,label,phrases\nA,b,c\nB,"d"e,f\n')


def test_all_broken_rows_of_a_vocabulary_are_told_at_once(load):
    with pytest.raises(TrialDataError, match="line 2: no id; line 3: no label"):
        load(own="id,label,phrases\n,b,c\nB,,d\n")


def test_a_line_separator_inside_a_cell_ends_no_row(load):
    data = load(own="id,label,phrases\nA,one\u2028two\x85three,liver failure\n")
    assert data.terms["label"].tolist() == ["one\u2028two\x85three"]


def test_vocabularies_need_labels():
    with pytest.raises(ParameterError, match="need labels=True"):
        tk.load(example_path(), labels=False, vocabularies=["own.csv"])


@pytest.mark.parametrize("axis", AXES)
def test_a_shipped_vocabulary_is_whole(axis):
    entries = shipped()[axis]
    said = [p for e in entries.values() for p in (*e.phrases, *e.not_phrases)]
    assert len(said) == len(set(said))
    parents = {e.parent for e in entries.values()} - {""}
    assert parents <= set(entries)
    assert all(bool(e.code) == bool(e.code_system) for e in entries.values())
