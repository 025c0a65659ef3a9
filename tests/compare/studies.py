"""Studies of our own in the register's form, and edits of copies of them."""

import json
from copy import deepcopy
from pathlib import Path

import trialkit as tk

OLD_DAY, NEW_DAY = "2026-03-01", "2026-06-01"


def study(number, **sections):
    """Return a whole study; `sections` are merged into those of its protocol."""
    made = {
        "identificationModule": {
            "nctId": f"NCT{number:08d}",
            "orgStudyIdInfo": {"id": f"ORG-{number}"},
            "briefTitle": f"Cells for the liver, study {number}",
        },
        "statusModule": {
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2024-04-23", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2026-06", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2026-12-31", "type": "ESTIMATED"},
            "studyFirstPostDateStruct": {"date": "2024-01-02", "type": "ACTUAL"},
            "lastUpdatePostDateStruct": {"date": "2026-02-01", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "A hospital", "class": "OTHER"},
            "collaborators": [{"name": "A company", "class": "INDUSTRY"}],
        },
        "descriptionModule": {"briefSummary": "Cells are given into a vein."},
        "conditionsModule": {"conditions": ["Liver Failure", "Cirrhosis"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1"],
            "enrollmentInfo": {"count": 40, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Cells",
                    "type": "EXPERIMENTAL",
                    "description": "Mesenchymal stem cells of the umbilical cord by "
                    "intravenous infusion",
                    "interventionNames": ["Biological: Stem cells"],
                },
                {"label": "Control", "type": "NO_INTERVENTION"},
            ],
            "interventions": [
                {
                    "type": "BIOLOGICAL",
                    "name": "Stem cells",
                    "description": "Umbilical cord mesenchymal stem cells",
                    "armGroupLabels": ["Cells"],
                }
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [
                {"measure": "Survival without transplant", "timeFrame": "6 months"}
            ],
            "secondaryOutcomes": [
                {"measure": "Change of the MELD score", "timeFrame": "4 weeks"},
                {"measure": "Serious adverse events", "timeFrame": "1 year"},
            ],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Age over 18 years\n"
            "* Liver failure\n\nExclusion Criteria:\n\n* Cancer",
            "sex": "ALL",
            "minimumAge": "18 Years",
        },
        "contactsLocationsModule": {
            "locations": [
                {"facility": "Clinic One", "city": "Beijing", "country": "China"},
                {"facility": "Clinic Two", "city": "Wuhan", "country": "China"},
            ]
        },
    }
    for name, values in sections.items():
        made[name] = made.get(name, {}) | values
    return {"protocolSection": made, "hasResults": False}


STUDIES = [study(number) for number in range(1, 11)]


def edited():
    """Return a copy of the studies, and what gives the sections of one by its place."""
    copy = deepcopy(STUDIES)
    return copy, lambda n: copy[n]["protocolSection"]


def written(folder: Path, name: str, studies) -> Path:
    """Return a file that holds studies."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps(studies), encoding="utf-8")
    return path


def changed(tmp_path, studies, old=None, **options):
    """Return what changed from the studies to others, by way of two files."""
    then = written(tmp_path, "old", STUDIES if old is None else old)
    now = written(tmp_path, "new", studies)
    return tk.changes(*(tk.load(x, labels=False) for x in (then, now)), **options)


def rows(frame):
    """Return trial number, kind and change of each row."""
    return [
        (int(trial_id[3:]), kind, change)
        for trial_id, kind, change in zip(
            frame["trial_id"], frame["kind"], frame["change"], strict=True
        )
    ]
