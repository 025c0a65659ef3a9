"""What is said of changes: numbers counted a second time, in plain loops."""

import json
from pathlib import Path

import pytest

import trialkit as tk
from tests.compare.studies import STUDIES, edited, study, written
from trialkit.cli import main
from trialkit.compare.told import headline
from trialkit.report.display import collect

pytestmark = pytest.mark.slow
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def later():
    """Return ten studies some months later, two of them new and one not there."""
    studies, own = edited()
    for n, status in (
        (0, "COMPLETED"),
        (1, "COMPLETED"),
        (2, "WITHDRAWN"),
        (3, "TERMINATED"),
    ):
        own(n)["statusModule"]["overallStatus"] = status
    own(1)["designModule"]["enrollmentInfo"] = {"count": 12, "type": "ACTUAL"}
    own(4)["outcomesModule"]["primaryOutcomes"][0]["timeFrame"] = "9 months"
    own(5)["eligibilityModule"]["eligibilityCriteria"] += "\n* A <b>| new | one"
    own(5)["statusModule"]["completionDateStruct"]["date"] = "2027-01-30"
    studies[6]["hasResults"] = True
    status = dict(own(0)["statusModule"])
    status["studyFirstPostDateStruct"] = {"date": "2026-04-02"}
    return [
        *studies[:9],
        study(21, statusModule=status),
        study(22, statusModule=status),
    ]


def counted_again(old, new):
    """Return the numbers of the first sentence, from the studies as they are."""

    def by_id(studies):
        own = (one["protocolSection"] for one in studies)
        return {one["identificationModule"]["nctId"]: one for one in own}

    before, after = by_id(old), by_id(new)
    both = before.keys() & after.keys()
    moved = {i for i in both if _status(before[i]) != _status(after[i])}
    posted = [s for s in new if s["hasResults"]]
    return {
        "new": len(after.keys() - before.keys()),
        "completed": sum(_status(after[i]) == "COMPLETED" for i in moved),
        "stopped": sum(_status(after[i]) in ("TERMINATED", "WITHDRAWN") for i in moved),
        "with results posted": len(posted),
        "not in this download": len(before.keys() - after.keys()),
    }


def _status(one):
    return one["statusModule"]["overallStatus"]


def test_the_first_sentence_counts_what_the_studies_say(tmp_path):
    new = later()
    n = counted_again(STUDIES, new)
    frame = tk.changes(written(tmp_path, "old", STUDIES), written(tmp_path, "new", new))
    # Enrollment, outcome, criteria, date: of three trials.
    assert headline(frame) == (
        f"Since 2026-02-01: {n['new']} new, {n['completed']} completed, "
        f"{n['stopped']} stopped, {n['with results posted']} with results posted; "
        "4 other changes in 3 trials. "
        f"Besides: {n['not in this download']} not in this download."
    )
    for form in ("html", "md", "csv"):
        out = tmp_path / f"changes.{form}"
        with pytest.raises(SystemExit) as stopped:
            main(
                [
                    "changes",
                    *(str(tmp_path / f"{n}.json") for n in ("old", "new")),
                    "--out",
                    str(out),
                ]
            )
        assert not stopped.value.code
        text = out.read_text(encoding="utf-8")
        assert all(trial_id in text for trial_id in frame["trial_id"])
        assert form == "csv" or headline(frame) in text.replace("\\", "")
        if form == "md":
            told = [line.split(" | ") for line in text.splitlines() if "| New" in line]
            fresh = frame[frame["change"].eq("new")]
            # What is new is told where the new value stands.
            assert [row[3].removesuffix(" |") for row in told] == list(fresh["title"])
    page = (tmp_path / "changes.html").read_text(encoding="utf-8")
    assert "<ins>* A | new | one</ins>" in page


@pytest.mark.parametrize("name", ["landscape", "changes"])
@pytest.mark.usefixtures("close_figures")
def test_a_report_tells_what_changed_since_an_earlier_state(tmp_path, name):
    new, scope = later(), {}
    content = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(c["source"]) for c in content["cells"] if c["cell_type"] == "code"]
    opening = cells.index(next(cell for cell in cells if "tk.report.open(" in cell))
    (since,) = (cell for cell in cells if "show_since" in cell)
    with collect() as shown:
        exec(cells[0], scope)
        scope["records"] = [str(written(tmp_path, "new", new))]
        scope["previous"] = str(written(tmp_path, "old", STUDIES))
        exec(cells[opening], scope)
        exec(since, scope)
    n = counted_again(STUDIES, new)
    text = "\n".join(str(piece.data["text/markdown"]) for piece in shown)
    told = f"Since 2026-02-01: {n['new']} new, {n['completed']} completed, "
    assert f"{told}{n['stopped']} stopped" in text
    # In the landscape it is a page of its own, and it begins the report on changes.
    marked = "".join(p.facts.get("markdown", "") for p in shown)
    assert (".new-page}" in marked) == (name == "landscape")
    assert f"({len(new)}) are compared with" in text
    assert f"pass its filters ({len(STUDIES)})" in text
    assert "**4 other changes** in **3 trials**" in text
    (table,) = (p for p in shown if p.facts.get("label", "").startswith("tbl-changes"))
    data = table.facts["data"]["text"].splitlines()
    # Two new, five told, four others, one not there; or five kinds and their head.
    assert len(data) == 1 + (12 if name == "landscape" else 7)


def test_a_report_on_changes_needs_something_to_compare_with():
    with pytest.raises(tk.ParameterError, match="previous=PATH"):
        tk.report.open_earlier("", is_needed=True)
