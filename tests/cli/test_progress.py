"""Progress is a line that changes on a terminal, and few lines in a log."""

from trialkit.cli.progress import Progress


def test_in_a_log_each_stage_is_one_line(capsys):
    with Progress() as progress:
        for done in range(3):
            progress.stage("cells", done, 3)
        progress.stage("files", 0, 2)
        progress.stage("files", 2, 2)
        progress.stage("cells", 0, 1)
    assert capsys.readouterr().err.splitlines() == [
        "Running the notebook: 3 cells",
        "Writing the files",
        "Running the notebook: 1 cell",
    ]


def test_on_a_terminal_each_step_is_told(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    told = []
    with Progress() as progress:
        monkeypatch.setattr(progress._status, "update", told.append)
        progress.stage("cells", 1, 3)
        progress.stage("files", 0, 2)
        progress.stage("files", 2, 2)
    assert told == ["Running the notebook, cell 2 of 3", "Writing the files"]
