"""Progress is a line that changes on a terminal, and few lines in a log."""

from rich.console import Console

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


class Terminal(Console):
    """A terminal that writes down what its spinner says."""

    def __init__(self):
        super().__init__(force_terminal=True)
        self.told = []

    def status(self, status, **options):
        spinner = super().status(status, **options)
        spinner.start = spinner.stop = lambda: None
        spinner.update = self.told.append
        return spinner


def test_on_a_terminal_each_step_is_told():
    terminal = Terminal()
    with Progress(terminal) as progress:
        progress.stage("cells", 1, 3)
        progress.stage("files", 0, 2)
        progress.stage("files", 2, 2)
    assert terminal.told == ["Running the notebook, cell 2 of 3", "Writing the files"]
