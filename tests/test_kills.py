"""Whatever kills a writer, the tables of before or of now are there, never a mix.

A child is killed before one of its steps in the file system, another child before the
next, and so on to the end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from trialkit.atomic import scratch_folder, write_file

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork"),
]

#: Ends a process without a word at its nth step; `steps` counts them.
KILLED = """
import os, signal

def killed_at(last):
    steps = 0
    for name in ("mkdir", "rename", "replace", "rmdir", "unlink"):
        def step(*args, _real=getattr(os, name), **kwargs):
            nonlocal steps
            steps += 1
            if steps == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return _real(*args, **kwargs)
        setattr(os, name, step)

def died(work, last):
    child = os.fork()
    if not child:
        try:
            killed_at(last)
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
"""

TABLES = """
import json, shutil, sys
from pathlib import Path
import trialkit as tk
from trialkit.tidy.csv import save_csv
from trialkit.record import Record, Source
from trialkit.tidy.load import from_records, open_store
from trialkit.tidy.store import save

def trials(*numbers):
    records = [
        Record(trial_id=f"NCT0000000{n}", brief_title="new" if n > 1 else "old")
        for n in numbers
    ]
    return from_records(records, [Source(source_id="a", path="a")], labels=False)

def state(target):
    data = open_store(target)
    return [{*frame.get("trial_id", [])} for _, frame in data.tables() if len(frame)]

old, new = trials(1), trials(2, 3)

def states(here, write, is_there):
    wanted = {}
    for name, data in (("old", old), ("new", new)):
        wanted[name] = state(write(data, here / name))
    seen, last = [], 0
    while True:
        # Files that are moved one after the other are all alike.
        last += 1 if last < 5 else 60
        place = here / f"{last}"
        place.mkdir()
        target = place / "st"
        if is_there:
            shutil.copytree(here / "old", target)
        is_dead = died(lambda: write(new, target), last)
        try:
            found = state(target)
            now = next((n for n, made in wanted.items() if made == found), "mixed")
        except tk.TrialDataError as error:
            now = "nothing" if not target.exists() else str(error)
        if not is_dead:
            return [*seen, now]
        seen.append(now)
        if last in (2, 65):
            write(new, target)
            left = [p.name for p in place.rglob("*") if p.name.endswith(".trialkit")]
            assert not left, (last, left)
        shutil.rmtree(place)

seen = {}
for kind, write in (("parquet", save), ("csv", save_csv)):
    for is_there in (True, False):
        here = Path(sys.argv[1]) / f"{kind} {is_there}"
        here.mkdir()
        seen[here.name] = states(here, write, is_there)
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """What was found after each killed writer, by kind of tables and target."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED + TABLES, tmp_path_factory.mktemp("killed")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_killed_writer_leaves_the_old_tables_or_the_new(states, kind, is_there):
    seen = states[f"{kind} {is_there}"]
    before = "old" if is_there else "nothing"
    turn = seen.index("new")
    assert set(seen[:turn]) == {before}
    assert set(seen[turn:]) == {"new"}
    assert len(seen) > 2


REPORT = """
import json, sys
from pathlib import Path
from trialkit.report.manifest import read_manifest
from trialkit.report.outputs import write_together

folder, seen, last = Path(sys.argv[1]), [], 0

def files(run):
    facts = {"report": "a", "inputs": run, "outputs": []}
    return {
        "a.html": run.encode(),
        "data/a.csv": run.encode(),
        "report.json": json.dumps(facts).encode(),
    }

while True:
    last += 1
    write_together(folder, files("old"))
    is_dead = died(lambda: write_together(folder, files("new")), last)
    told = read_manifest(folder)["inputs"]
    found = {told, (folder / "a.html").read_text(), (folder / "data/a.csv").read_text()}
    seen.append(sorted(found))
    if not is_dead:
        break
print(json.dumps(seen))
"""


def test_a_killed_report_leaves_the_files_of_one_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", KILLED + REPORT, tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    turn = seen.index(["new"])
    assert all(found == ["old"] for found in seen[:turn])
    assert all(found == ["new"] for found in seen[turn:])
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a.html", "data", "report.json"]


WAITING = """
import sys, time
from pathlib import Path
from trialkit.atomic import scratch_folder, write_file
with write_file(Path(sys.argv[1]) / "a.txt") as part, scratch_folder("kernel"):
    part.write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_process_leaves_is_cleared_and_what_a_living_one_has_stays(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    others = [
        subprocess.Popen(
            [sys.executable, "-c", WAITING, tmp_path],
            stdout=subprocess.PIPE,
            env=environment,
        )
        for _ in range(2)
    ]
    dead, alive = others
    try:
        for other in others:
            assert other.stdout is not None
            assert other.stdout.readline() == b"ready\n"
        its_own = {*tmp_path.iterdir()}
        assert len(its_own) == 4
        (tmp_path / ".a.txt.1a2b3c4d").mkdir()  # of who knows whom
        dead.send_signal(signal.SIGKILL)
        dead.wait()

        with write_file(tmp_path / "a.txt") as part, scratch_folder("kernel"):
            part.write_text("whole")

        left = {path.name for path in tmp_path.iterdir()}
        assert {"a.txt", ".a.txt.1a2b3c4d"} <= left
        assert len(left) == 4  # and the two folders of the living one
        assert alive.poll() is None
    finally:
        for other in others:
            other.kill()
            other.wait()
            assert other.stdout is not None
            other.stdout.close()


def test_a_kernel_folder_goes_with_the_next_run():
    # Its path is short enough for a socket to lie in it.
    with tempfile.TemporaryDirectory() as name:
        _kill_a_kernel(Path(name))


def _kill_a_kernel(folder):
    environment = {**os.environ, "TMPDIR": str(folder)}
    code = (
        "from trialkit.report.execute import _kernel\n"
        "with _kernel(): print('ready', flush=True); import time; time.sleep(60)"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"ready\n"
    # A kernel that has not begun to listen makes its folder anew.
    until = time.monotonic() + 60
    while not list(folder.glob("*/k-5")) and time.monotonic() < until:
        time.sleep(0.1)
    killed.kill()
    killed.wait()
    killed.stdout.close()
    assert len(list(folder.glob("trialkit-kernel*"))) == 1

    subprocess.run(
        [
            sys.executable,
            "-c",
            "from trialkit.report.execute import _kernel\nwith _kernel(): 1",
        ],
        env=environment,
        check=True,
    )

    assert not list(folder.glob("trialkit-kernel*"))
