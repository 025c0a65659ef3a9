"""What opens under an id of the list: title, conditions, arms and labels."""

from tests.examples import example_cell_trials
from tests.trials_by_hand import labelled, made
from trialkit.tables.details import trial_details

TITLE = "A Phase 2 Study of Hepatocytes in Acute Liver Failure"


def small(**more):
    return made(
        trials=[{"trial_id": "NCT1", "brief_title": TITLE, "start_date": "2019"}],
        arms=[
            {"trial_id": "NCT1", "arm_id": f"A{n}", "arm_label": f"Arm {n}"}
            for n in (1, 2, 3)
        ],
        conditions=[
            {"trial_id": "NCT1", "condition": name} for name in ("ALF", "ALF", "Shock")
        ],
        labels=[
            *labelled("NCT1", "A1", route="PV", cell_source="LIVER"),
            *labelled("NCT1", "A2", route="PV", cell_source="LIVER"),
            *labelled("NCT1", "A3", route="NONE", delivery_mode="none"),
        ],
        **more,
    )


def test_title_and_conditions_are_whole_and_stand_once():
    rows = trial_details(small())
    told = rows[rows["kind"].isin(["title", "condition"])]
    assert told["text"].tolist() == [TITLE, "ALF", "Shock"]


def test_arms_that_are_given_the_same_stand_together():
    rows = trial_details(small())
    arms = rows[rows["kind"] == "arm"]
    assert arms["name"].tolist() == ["Arm 1; Arm 2", "Arm 3"]
    assert "Portal vein" in arms["text"].iloc[0]
    assert arms["text"].iloc[1] == "no cell product"


def test_a_title_that_the_line_shows_does_not_stand_twice():
    data = made(trials=[{"trial_id": "NCT1", "brief_title": "Cells in Shock"}])
    assert trial_details(data).empty


def test_every_quoted_label_of_route_cell_source_and_donor_is_told():
    data = example_cell_trials().counted()
    rows = trial_details(data)
    told = rows[rows["kind"] == "label"].groupby("trial_id").size()
    axes = ("route", "cell_type", "cell_source", "donor")
    quoted, seen = {}, set()
    for label in data.labels.to_dict("records"):
        key = (label["trial_id"], label["axis"], label["value"])
        is_new = label["axis"] in axes and key not in seen
        if is_new and isinstance(label["quote"], str):
            seen.add(key)  # one quote for each label
            quoted.setdefault(label["trial_id"], set()).add(label["quote"])
    assert told.to_dict() == {key: min(8, len(own)) for key, own in quoted.items()}
