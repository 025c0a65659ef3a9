"""Scores: counted by hand on a few arms, and clear where files do not fit."""

import json

import pandas as pd
import pytest

import trialkit as tk
from trialkit.cli import main
from trialkit.errors import TrialDataError
from trialkit.label.vocabulary import shipped
from trialkit.score.gold import read_gold
from trialkit.score.measure import Row, Sampler, by_label, f1, figures
from trialkit.workspace import example_path

pytestmark = pytest.mark.slow

IDS = ("NCT00000001", "NCT00000002")


def gold_line(trial_id, *arms, scope="cell", **axes):
    rows = [
        {"arm": n, "product": routes != "NONE", "routes": routes.split("; ")}
        for n, routes in enumerate(arms)
    ]
    given = {"routes": ["IV"], "delivery": "in_body", "cell_type": ["MSC"]}
    given |= {"cell_source": ["UC"], "donor": ["NOT_STATED"], **axes}
    return json.dumps({"id": trial_id, "scope": scope, "arms": rows, **given})


def label_frame(*rows):
    columns = ["trial_id", "arm_id", "axis", "value"]
    return pd.DataFrame([row.split() for row in rows], columns=columns)


@pytest.fixture
def gold(tmp_path):
    def write(*lines):
        path = tmp_path / "gold.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def figure(score, unit, axis, name, level="leaf", method="rules"):
    rows = score.figures
    mask = (rows.unit == unit) & (rows.axis == axis) & (rows.figure == name)
    mask &= (rows.level == level) & (rows.method == method)
    return rows[mask].iloc[0]


def sets(*pairs):
    return [
        Row(n, frozenset(gold.split()), frozenset(said.split()))
        for n, (gold, said) in enumerate(pairs)
    ]


def measured(axis, *pairs, unit="trial"):
    rows = sets(*pairs)
    sampler, entries = Sampler(len(rows)), shipped()[axis]
    found = figures(axis, unit, rows, sampler, entries, is_brief=False)
    return {one.figure: (one.n, one.total) for one in found}


def test_shares_count_what_their_names_say():
    found = measured(
        "route",
        ("IV", "IV"),
        ("IV.peripheral", "IV"),
        ("IV", "IV.peripheral"),
        ("PV IM", "PV"),
        ("NOT_STATED", "IV"),
        ("NOT_STATED", "NOT_STATED"),
        ("PARENTERAL", "NOT_STATED"),
        ("IH", "PARENTERAL"),
        ("NONE", "NONE"),
    )
    assert found["precision"] == (4, 9)
    assert found["recall"] == (4, 10)
    assert found["f1"] == (8, 19)
    assert found["f1_stated"] == (4, 11)
    assert found["exact"] == (3, 9)
    assert found["coverage"] == (4, 5)
    assert found["selective_precision"] == (2, 5)
    assert found["abstention_correct"] == (2, 3)
    assert found["false_claim_rate"] == (1, 2)
    assert found["over_claim_rate"] == (1, 9)


def test_macro_leaves_out_labels_with_few_cases_and_says_how_many_it_takes():
    pairs = [("AUTO", "AUTO")] * 4 + [("AUTO", "ALLO")] + [("ALLO", "ALLO")]
    assert measured("donor", *pairs)["macro_f1_from_5"] == (1, 2)
    assert measured("donor", *pairs)["macro_f1_from_10"] == (0, 2)


def test_each_label_has_its_own_hits_and_errors():
    rows = sets(("UC", "UC"), ("UC", "BM"), ("AT UC", "AT UC"))
    lines = {line["label"]: line for line in by_label(rows, Sampler(3))}
    counts = {k: tuple(v[n] for n in ("tp", "fp", "fn")) for k, v in lines.items()}
    assert counts == {"AT": (1, 0, 0), "BM": (0, 1, 0), "UC": (2, 0, 1)}
    assert lines["UC"]["recall"] == pytest.approx(2 / 3)
    assert str(lines["BM"]["recall"]) == "nan"


def test_an_interval_is_the_same_each_time_and_wide_where_all_are_right():
    rows = sets(*[("IV", "IV")] * 10)
    share = Sampler(10).share("exact", rows, lambda row: (row.gold == row.said, 1))
    assert (share.value, share.high) == pytest.approx((1, 1))
    assert share.low == pytest.approx(0.722, abs=0.001)
    mixed = sets(*[("IV", "IV")] * 8, *[("IV", "PV")] * 2)
    first, again = (
        Sampler(10).share("exact", mixed, lambda row: (row.gold == row.said, 1))
        for _ in range(2)
    )
    assert first == again
    assert 0 < first.low < 0.8 < first.high <= 1


def test_arms_of_one_trial_count_as_one_case():
    arms = [Row(0, frozenset(["IV"]), frozenset(["IV"]))] * 50
    share = Sampler(1).share("exact", arms, lambda row: (row.gold == row.said, 1))
    assert share.low == pytest.approx(0.207, abs=0.001)


def test_arms_align_by_place_and_parents_forgive_the_leaf(gold):
    path = gold(gold_line(IDS[0], "IV", "NONE", routes=["IV"]))
    labels = label_frame(
        f"{IDS[0]} A1 route IV.peripheral",
        f"{IDS[0]} A1 cell_type MSC",
        f"{IDS[0]} A1 cell_source UC",
        f"{IDS[0]} A1 delivery_mode in_body",
        f"{IDS[0]} A2 route NONE",
    )
    score = tk.score.score_labels(labels, path)
    assert figure(score, "arm", "route", "exact")[["n", "total"]].tolist() == [1, 2]
    parent = figure(score, "arm", "route", "exact", level="parent")
    assert parent[["n", "total"]].tolist() == [2, 2]
    assert figure(score, "trial", "donor", "exact").value == 1
    assert score.misses[["arm_id", "gold", "labelled"]].to_numpy().tolist() == [
        ["A1", "IV", "IV.peripheral"],
        ["", "IV", "IV.peripheral"],
    ]
    assert score.amiss == ()


def test_a_score_that_cannot_be_written_is_told_and_leaves_no_part(gold, tmp_path):
    path = gold(gold_line(IDS[0], "IV"))
    score = tk.score.score_labels(label_frame(f"{IDS[0]} A1 route IV"), path)
    out = tmp_path / "out"
    assert score.save(out) == out
    names = ["families.csv", "figures.json", "labels.csv", "misses.csv", "slices.csv"]
    assert sorted(file.name for file in out.iterdir()) == names
    (out / "figures.json").unlink()
    (out / "figures.json").mkdir()
    with pytest.raises(TrialDataError, match=r"cannot write .*figures\.json"):
        score.save(out)
    assert sorted(file.name for file in out.iterdir()) == names


def test_other_with_words_is_scored_as_other(gold):
    path = gold(gold_line(IDS[0], "OTHER:ear", routes=["OTHER:ear"]))
    score = tk.score.score_labels(label_frame(f"{IDS[0]} A1 route OTHER:nose"), path)
    assert figure(score, "trial", "route", "exact").value == 1


def test_trials_and_arms_that_do_not_align_are_listed_and_missed(gold):
    path = gold(gold_line(IDS[0], "IV", "IV"), gold_line(IDS[1], "IV"))
    score = tk.score.score_labels(
        label_frame(f"{IDS[0]} A1 route IV", f"{IDS[0]} A3 route IV"), path
    )
    assert figure(score, "arm", "route", "recall")[["n", "total"]].tolist() == [1, 3]
    assert figure(score, "arm", "route", "precision").total == 2
    assert score.amiss == (
        f"{IDS[0]}: arms do not align: "
        "A1, A2 in the gold file, A1, A3 among the labels",
        f"{IDS[1]}: in the gold file, not among the labels",
    )
    assert "arms do not align" in str(score)


def test_labels_of_other_trials_are_no_score_of_nought(gold):
    path = gold(gold_line(IDS[0], "IV"))
    with pytest.raises(TrialDataError, match="which are of 1 other trial"):
        tk.score.score_labels(label_frame(f"{IDS[1]} A1 route IV"), path)


def test_labels_made_without_the_vocabulary_are_not_called_not_stated(gold, tmp_path):
    (tmp_path / "vector.csv").write_text("id,label,phrases\nAAV,AAV,=AAV*\n")
    path = gold(json.dumps({"id": IDS[0], "vector": ["AAV"]}))
    own = {"vocabularies": tmp_path / "vector.csv"}
    with pytest.raises(TrialDataError, match="the labels have no axis vector: label"):
        tk.score.score_labels(label_frame(f"{IDS[0]} A1 route IV"), path, **own)
    score = tk.score.score_labels(label_frame(f"{IDS[0]} A1 vector AAV"), path, **own)
    assert figure(score, "trial", "vector", "exact").value == 1


def test_a_trial_without_cells_is_right_where_all_its_arms_get_none(gold):
    path = gold(
        gold_line(IDS[0], "NONE", scope="not_cell", routes=["NONE"], delivery="none")
    )
    score = tk.score.score_labels(label_frame(f"{IDS[0]} A1 route NONE"), path)
    assert figure(score, "trial", "is_cell_trial", "exact").value == 1
    assert figure(score, "trial", "all", "exact").value == 1


def test_a_csv_gives_the_same_gold_labels_arm_by_arm(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text(
        "trial_id,arm,product,routes,cell_type,cell_source,donor\n"
        f"{IDS[0]},0,yes,IV; PV,MSC,UC,NOT_STATED\n"
        f"{IDS[0]},A2,no,NONE,NONE,NONE,NONE\n"
        f"{IDS[1]},-1,no,,,,\n"
    )
    trials = read_gold(path)
    assert trials[IDS[0]].arms["A2"]["route"] == {"NONE"}
    assert trials[IDS[0]].axes["route"] == {"IV", "PV"}
    assert not trials[IDS[1]].is_cell_trial


def test_a_product_is_no_product_in_words_too(gold):
    arms = [
        {"arm": n, "product": said, "routes": ["IV"]}
        for n, said in enumerate(["yes", "no"])
    ]
    one = read_gold(gold(gold_line(IDS[0], "IV", arms=arms)))[IDS[0]]
    assert one.arms == {"A1": {"route": {"IV"}}, "A2": {"route": {"NONE"}}}


def test_a_line_separator_in_a_doubt_ends_no_line(gold):
    line = json.dumps(
        {"id": IDS[0], "routes": ["IV"], "doubt": "a\u2028b\x85c"}, ensure_ascii=False
    )
    assert read_gold(gold(line))[IDS[0]].doubt == "a\u2028b\x85c"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["{"], "line 1: not JSON"),
        (["[]"], "no column arm, product, trial_id"),
        (['{"a": 1}'], "line 1: no trial with an id"),
        ([gold_line(IDS[0], "IV", routes=["VIA"])], "no label 'VIA' on axis route"),
        ([gold_line(IDS[0], "IV"), gold_line(IDS[0], "IV")], "line 2: .* stands twice"),
        ([gold_line(IDS[0], "IV", scope="some")], "scope 'some'"),
        ([gold_line(IDS[0], "IV", donor=7)], "7 is no list"),
        ([""], "line 1: no column"),
        (['"trial_id"x,arm'], "line 1: ',' expected"),
        ([gold_line(IDS[0], "IV", arms=[{"arm": 0, "product": "maybe"}])], "'maybe'"),
    ],
)
def test_a_wrong_gold_file_is_an_error_with_its_line(gold, lines, message):
    with pytest.raises(TrialDataError, match=message):
        read_gold(gold(*lines))


def test_a_file_that_is_no_table_of_labels_is_an_error(gold, tmp_path):
    path = gold(gold_line(IDS[0], "IV"))
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    with pytest.raises(TrialDataError, match="no column trial_id, arm_id"):
        tk.score.score_labels(tmp_path / "bad.csv", path)
    with pytest.raises(TrialDataError, match=r"cannot read labels .*: No such file"):
        tk.score.score_labels(tmp_path / "none.csv", path)
    for content, told in ((b"\xff", "not UTF-8 text"), (b"", "No columns")):
        (tmp_path / "none.csv").write_bytes(content)
        with pytest.raises(TrialDataError, match=f"cannot read labels .*: {told}"):
            tk.score.score_labels(tmp_path / "none.csv", path)
    with pytest.raises(TrialDataError, match="cannot read gold labels"):
        tk.score.score_labels(tmp_path / "bad.csv", tmp_path / "none.jsonl")


def test_the_command_scores_what_the_label_command_wrote(tmp_path, capsys):
    record = example_path() / "NCT01218464.json"
    rows = tmp_path / "labels.csv"
    path = tmp_path / "gold.jsonl"
    routes = ["IV.peripheral"]
    path.write_text(gold_line("NCT01218464", "IV.peripheral", "NONE", routes=routes))
    for command in (
        ["label", str(record), "--out", str(rows)],
        ["score", str(rows), str(path), "--records", str(record)],
        ["score", str(rows), str(path), "--out", str(tmp_path / "out")],
    ):
        with pytest.raises(SystemExit) as stopped:
            main(command)
        assert not stopped.value.code
    text = capsys.readouterr().out
    assert "cell trial or not: 1 of 1" in text
    assert "evidence verbatim" in text
    assert "route: keywords" in text
    figures = json.loads((tmp_path / "out/figures.json").read_text())["figures"]
    assert {"method", "value", "low", "high"} <= set(figures[0])
    assert (tmp_path / "out/misses.csv").is_file()


def test_a_quote_that_was_changed_is_not_verbatim(gold):
    record = example_path() / "NCT01218464.json"
    data = tk.load(record)
    path = gold(gold_line("NCT01218464", "IV.peripheral", "NONE"))
    changed = data.labels.assign(quote=data.labels.quote.str.upper())
    for labels, share in ((data, 1), (changed, 0)):
        rows = tk.score.score_labels(labels, path, records=data).figures
        assert rows[rows.figure == "evidence_verbatim"].value.item() == share


def test_dev_labels_are_scored_whole(shared):
    folder = shared / "gold"
    data = tk.load(folder / "dev_records.ndjson")
    score = tk.score.score_labels(data, folder / "dev_labels.jsonl")
    assert score.amiss == ()
    assert figure(score, "trial", "route", "f1").value >= 0.95
    rows = score.figures.set_index("figure").value
    assert rows["evidence_verbatim"] == 1
    assert rows["evidence_quoted"] == 1


def test_one_trial_that_is_partly_right_has_no_interval():
    half = Sampler(1).share("f1", sets(("IV PV", "IV")), f1)
    assert (half.value, half.n) == (pytest.approx(2 / 3), 2)
    assert pd.isna(half.low)
    assert pd.isna(half.high)
