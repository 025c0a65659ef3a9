"""A batch makes what changed, goes on after a failure, and ends with its caller."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest

from tests.documents import ROOT
from tests.report.servers import bare_child
from tests.sample_report import code, source_notebook
from trialkit import brand
from trialkit.errors import MissingExtraError, TrialDataError
from trialkit.report.batch import (
    Outcome,
    RemoteWorker,
    Worker,
    make_apart,
    make_reports,
    write_index,
)
from trialkit.report.catalogue import read_catalogue
from trialkit.report.manifest import identity
from trialkit.report.worker import _make
from trialkit.workspace import reports_dir

SHOW = """\
from trialkit.report.display import show_text, show_title
show_title(title, as_of="2026-06-30", facts={"Files": str(len(records))})
show_text(f"There are **{n_rows}** rows.")
"""

CATALOGUE = """\
reports:
- {name: one, notebook: good, formats: [html], parameters: {title: A & B}}
- {name: bad, notebook: bad, formats: [html]}
- {name: deadly, notebook: deadly, formats: [html]}
- {name: two, notebook: good, formats: [html], parameters: {n_rows: 7}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A workspace with three notebooks and a catalogue."""
    monkeypatch.chdir(tmp_path)
    for name in ("notebooks", "reports"):
        (tmp_path / name).mkdir()
    kill = (
        "import os, pathlib, signal\nfrom trialkit.report.forks import CAN_FORK\n"
        "worker = os.getppid()\n"
        "if CAN_FORK:  # the parent is the host of the forks\n"
        "    facts = pathlib.Path(f'/proc/{worker}/stat').read_text()\n"
        "    worker = int(facts.rpartition(')')[2].split()[1])\n"
        "os.kill(worker, signal.SIGKILL)"
    )
    cells = {"good": SHOW, "bad": "1 / 0", "deadly": kill}
    for name, source in cells.items():
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.write_text(source_notebook(code(source)))
    (tmp_path / "reports" / "reports.yml").write_text(CATALOGUE)
    return tmp_path


@pytest.fixture
def entries(folder):
    return read_catalogue(engine="embedded")


class Stub(Worker):
    """A worker that writes down what is asked of it, and runs nothing."""

    asked: ClassVar[list[str]] = []

    def __init__(self):
        self.is_over = False

    def make(self, entry, out):
        self.asked.append(entry.name)
        if entry.name == "bad":
            return "cell 2 failed"
        out.mkdir(parents=True, exist_ok=True)
        (out / "good.html").write_text("x")
        hashed = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        facts = {
            "fingerprint": identity(entry.plan)["fingerprint"],
            "title": "A & B",
            "cut_off": "2026-06-30",
            "facts": {"Trials": "4"},
            "outputs": [{"file": "good.html", "sha256": hashed}],
        }
        (out / "report.json").write_text(json.dumps(facts))
        return ""

    def end(self): ...

    def close(self): ...


def make(entries, **options):
    return make_reports(entries, out="out", start=Stub, **options)


def test_a_report_is_made_again_only_when_something_changed(folder, entries):
    entries = [entries[0], entries[3]]
    told = []
    assert make(entries, tell=told.append) == told
    assert [str(outcome) for outcome in told] == ["made one", "made two"]

    def statuses(**options):
        done = make(read_catalogue(engine="embedded")[::3], **options)
        return [outcome.status for outcome in done]

    assert statuses() == ["unchanged", "unchanged"]
    assert statuses(force=True) == ["made", "made"]
    (folder / "out" / "one" / "good.html").write_text("edited")
    assert statuses() == ["made", "unchanged"]
    catalogue = folder / "reports" / "reports.yml"
    catalogue.write_text(CATALOGUE.replace("n_rows: 7", "n_rows: 8"))
    assert statuses() == ["unchanged", "made"]
    notebook = folder / "notebooks" / "good.ipynb"
    notebook.write_text(source_notebook(code(SHOW + "# more")))
    assert statuses() == ["made", "made"]


def test_a_report_is_made_again_when_its_brand_or_a_font_changed(folder, monkeypatch):
    def statuses():
        chosen = read_catalogue(engine="embedded")[:1]
        return [outcome.status for outcome in make(chosen)]

    named = folder / "mine.yml"
    shutil.copy(reports_dir() / "_brand.yml", named)
    monkeypatch.setenv(brand.VARIABLE, str(named))
    assert [statuses(), statuses()] == [["made"], ["unchanged"]]
    named.write_text(named.read_text() + "# more")
    assert [statuses(), statuses()] == [["made"], ["unchanged"]]
    (folder / "fonts").mkdir()
    font = shutil.copy(brand.font_files()[0].path, folder / "fonts")
    brand.fonts_of.cache_clear()
    with open(font, "ab") as file:
        file.write(b"\0")
    assert [statuses(), statuses()] == [["made"], ["unchanged"]]


def test_a_font_that_is_missing_is_told_once_for_all_reports(entries, monkeypatch):
    brand.fonts_of.cache_clear()
    monkeypatch.setattr(brand, "package_folder", lambda name: None)
    Stub.asked.clear()
    with pytest.raises(MissingExtraError, match="the typeface is missing"):
        make(entries, force=True)
    assert Stub.asked == []


def test_a_failure_stops_no_other_report(entries):
    done = make([entries[0], entries[1], entries[3]])
    assert [outcome.status for outcome in done] == ["made", "failed", "made"]
    assert str(done[1]) == "failed bad: cell 2 failed"


def test_the_index_leads_to_every_report_and_tells_of_failures(entries, folder):
    outcomes = make([entries[0], entries[1]])
    outcomes += [Outcome("two", "failed", "<b>no</b>")]
    page = write_index(folder / "out", entries, outcomes).read_text()

    assert '<a href="one/good.html">HTML<span class="unseen"> of one</span></a>' in page
    assert (
        "<td>A &amp; B</td><td>2026\u201106\u201130</td><td>none</td><td>Trials: 4</td>"
        in page
    )
    assert "<strong>Failed:</strong> cell 2 failed; not made yet" in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert page.count('<th scope="row">') == 4


def test_the_index_has_the_brand_of_its_workspace(entries, folder, monkeypatch):
    monkeypatch.delenv(brand.VARIABLE, raising=False)
    for name in ("_brand.yml", "_quarto.yml"):
        words = (reports_dir() / name).read_text()
        words = words.replace('accent: "#0b5a8a"', 'accent: "#123456"')
        (folder / "reports" / name).write_text(words)
    page = write_index(folder / "out", entries, make(entries[:1]))

    assert "--accent: #123456" in page.read_text()


@pytest.mark.slow
def test_workers_make_reports_and_outlive_what_kills_one(entries, monkeypatch):
    monkeypatch.setattr("trialkit.report.batch.Child", bare_child)
    done = make_reports(entries, out="out", workers=2)

    assert [outcome.status for outcome in done] == ["made", "failed", "failed", "made"]
    assert "cell 2 of bad failed: ZeroDivisionError" in done[1].message
    assert done[2].message == "its process ended with status -9"


_TOLD = "interrupted; earlier outputs are as they were\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("signals", "statuses", "told"),
    [
        ([signal.SIGINT], {130}, _TOLD),
        # The second may come when all is done.
        ([signal.SIGINT, signal.SIGINT], {130, -signal.SIGINT}, _TOLD),
        ([signal.SIGKILL], {-signal.SIGKILL}, ""),
    ],
)
def test_whatever_ends_it_workers_and_kernels_end_too(folder, signals, statuses, told):
    flag = folder / "started"
    wait = f"import time, pathlib\npathlib.Path({str(flag)!r}).touch()\ntime.sleep(60)"
    (folder / "notebooks" / "good.ipynb").write_text(source_notebook(code(wait)))
    (folder / "reports" / "reports.yml").write_text("reports: [{name: good}]")
    script = (
        "import signal\nfrom tests.report.servers import bare_child\n"
        "from trialkit.cli import main\nfrom trialkit.report import batch\n"
        "batch.Child = bare_child\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "main(['reports', '--engine', 'embedded', '--out', 'out'])"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        deadline = time.monotonic() + 90
        while not flag.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        workers = children_of(run.pid)
        kernels = [kernel for worker in workers for kernel in children_of(worker)]
        for number in signals:
            run.send_signal(number)
            time.sleep(0.2)
        _, errors = run.communicate(timeout=40)
    finally:
        run.kill()
    assert run.returncode in statuses
    assert errors.lstrip() == told
    assert len(workers) == len(kernels) == 1
    # A worker looks every second whether its caller is there, a kernel its worker.
    is_orderly = signals == [signal.SIGINT]
    deadline = time.monotonic() + (0 if is_orderly else 20)
    while any(os.path.exists(f"/proc/{pid}") for pid in (*workers, *kernels)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    if is_orderly:
        assert not (folder / "out").exists()


def children_of(pid):
    done = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.split()


def test_a_worker_is_a_new_process_after_some_reports(folder):
    plan = SimpleNamespace(
        asked="none",
        formats=["html"],
        engine=SimpleNamespace(name="embedded"),
        values={},
        neighbors=None,
    )
    worker, seen = Worker(most=2), []
    try:
        for _ in range(3):
            error = worker.make(SimpleNamespace(plan=plan), folder / "out")
            assert "no notebook is called 'none'" in error
            seen.append(worker.child.process.pid)
    finally:
        worker.end()
        worker.close()
    assert seen[0] == seen[1] != seen[2]


def test_a_report_is_made_on_a_cluster_as_in_this_folder(folder, monkeypatch):
    seen = []

    class Cluster:
        def each(self, function, arguments, names):
            assert function is make_apart
            seen.append(json.loads(arguments[0][0]))
            if names == ["gone"]:
                raise TrialDataError("gone: the workers that made it died")
            yield 0, json.dumps(_make({**seen[-1], "code": "another"})).encode()

    plan = SimpleNamespace(
        asked="landscape", formats=("html",), values={}, neighbors={}
    )
    plan.engine = SimpleNamespace(name="embedded")
    worker = RemoteWorker(Cluster())
    told = worker.make(SimpleNamespace(plan=plan, name="one"), Path("out"))
    assert told == "a worker has another trialkit: install the same everywhere"
    told = worker.make(SimpleNamespace(plan=plan, name="gone"), Path("out"))
    assert told == "gone: the workers that made it died"
    assert seen[0]["folder"] == os.getcwd()
    assert seen[0]["out"] == os.path.abspath("out")
