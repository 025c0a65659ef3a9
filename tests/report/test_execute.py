"""A run is one run, in this Python, and its end leaves nothing behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.sample_report import PARAMETERS, code, notebook
from trialkit.errors import CellFailure, ReportError
from trialkit.report import forks
from trialkit.report.execute import execute

pytestmark = pytest.mark.slow


def start(*cells):
    return notebook(code(PARAMETERS, tags=["parameters"]), *cells)


def said(executed):
    return [
        "".join(output["text"])
        for cell in executed["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "stream"
    ]


@pytest.fixture(params=[True, False] if forks.CAN_FORK else [False])
def forked(request, monkeypatch):
    """Whether the kernel is a fork, in turn, where both can be."""
    monkeypatch.setattr("trialkit.report.execute.CAN_FORK", request.param)
    return request.param


def children(pid, command):
    done = subprocess.run(
        ["pgrep", "-P", str(pid), "-f", command],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()


def kernels_of(pid):
    forked = (
        kernel
        for host in children(pid, "trialkit.report.forks")
        for kernel in children(host, ".")
    )
    return [*children(pid, "ipykernel_launcher"), *forked]


def test_it_runs_in_this_python_and_folder_with_the_given_values(
    tmp_path, monkeypatch, forked
):
    monkeypatch.chdir(tmp_path)
    seen = []
    nb = start(
        code(
            "import os, sys, warnings\n"
            "print(sys.executable, os.getcwd(), n_rows, title)\n"
            "warnings.warn('careful')\nprint(hash('a'))"
        )
    )
    nb["metadata"]["kernelspec"]["name"] = "a-kernel-nobody-has"
    before = json.dumps(nb)
    executed = execute(
        nb, {"n_rows": 7}, name="demo", progress=lambda *step: seen.append(step)
    )

    assert json.dumps(nb) == before
    words = " ".join(said(executed))
    assert words.startswith(f"{sys.executable} {tmp_path} 7 Sample: a landscape\n")
    assert seen == [("cells", number, 3) for number in range(3)]
    assert executed["cells"][1]["metadata"] == {"tags": ["injected-parameters"]}
    # Nothing of this run but its results: no time, no process id, no temporary path.
    assert "careful" in words
    assert "ipykernel_" not in words
    assert executed["metadata"]["papermill"] == {"parameters": {"n_rows": 7}}
    assert kernels_of(os.getpid()) == []
    assert executed == execute(nb, {"n_rows": 7}, name="demo")


@pytest.mark.parametrize("given", [{}, {"n_rows": 7}])
def test_values_that_an_earlier_run_left_are_not_taken(given):
    earlier = code("n_rows = 5\ntitle = 'old'", tags=["injected-parameters"])
    nb = start(code("print(n_rows, title)"))
    nb["cells"].insert(0, earlier)
    nb["cells"].insert(2, earlier)

    shown = said(execute(nb, given, name="demo"))
    assert shown == [f"{given.get('n_rows', 3)} Sample: a landscape\n"]


def test_a_failing_cell_is_named_and_the_rest_is_kept():
    nb = start(
        code("print('before')"),
        code("#| echo: false\n# why\n\nmore = 2\nvalue = 1 / 0\nmore = 3"),
        code("print('after')"),
    )
    with pytest.raises(CellFailure) as caught:
        execute(nb, {"n_rows": 7}, name="demo")

    assert str(caught.value).splitlines() == [
        "cell 3 of demo failed: ZeroDivisionError: division by zero",
        "  in: value = 1 / 0",
    ]
    partial = caught.value.partial
    assert said(partial) == ["before\n"]
    assert partial["cells"][-1]["source"] == "print('after')"
    assert len(partial["cells"]) == 5
    assert kernels_of(os.getpid()) == []


def test_what_trialkit_itself_finds_wrong_is_told_without_code():
    nb = start(code("import trialkit as tk\ntk.load('nowhere')"))
    with pytest.raises(ReportError) as caught:
        execute(nb, {}, name="demo")

    assert str(caught.value) == "no such file or folder: nowhere (cell 2 of demo)"


def test_it_runs_where_an_event_loop_runs_already():
    async def within():
        return execute(start(code("print(n_rows)")), {}, name="demo")

    assert said(asyncio.run(within())) == ["3\n"]


def test_cells_of_an_older_format_get_ids_and_all_what_a_hand_left_out():
    nb = start(code("print(n_rows)"), code("print(5)"), code("print(6)"))
    nb["nbformat_minor"] = 2
    del nb["metadata"]
    for cell in nb["cells"]:
        del cell["id"]
    nb["cells"][1] = {"cell_type": "code", "source": "print(n_rows)", "id": "same"}
    nb["cells"][2]["id"] = "same"
    executed = execute(nb, {"n_rows": 4}, name="demo")

    assert said(executed) == ["4\n", "5\n", "6\n"]
    ids = [cell["id"] for cell in executed["cells"]]
    assert ids == ["cell-1", "injected-parameters", "same", "cell-3", "cell-4"]


def test_a_killed_kernel_is_a_failing_cell(forked):
    nb = start(code("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"))
    with pytest.raises(CellFailure, match="cell 2 of demo failed: kernel died"):
        execute(nb, {}, name="demo")


def test_a_kernel_that_cannot_start_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr("trialkit.report.execute.CAN_FORK", False)
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit('no such luck')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ReportError, match="the kernel did not start: no such luck"):
        execute(start(), {}, name="demo")


@pytest.mark.skipif(not forks.CAN_FORK, reason="kernels are not forked here")
def test_a_fork_that_cannot_start_says_why(monkeypatch, tmp_path):
    (tmp_path / "ipykernel").mkdir()
    (tmp_path / "ipykernel" / "__init__.py").write_text("")
    bad = "raise ValueError('no such luck')"
    (tmp_path / "ipykernel" / "kernelapp.py").write_text(bad)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ReportError, match="did not start: ValueError: no such luck"):
        execute(start(), {}, name="demo")


@pytest.mark.skipif(not forks.CAN_FORK, reason="kernels are not forked here")
def test_a_fork_knows_nothing_of_the_run_before_it(tmp_path, monkeypatch):
    look = (
        "import os, sys, builtins\n"
        "print(os.getcwd(), os.environ.get('NEW'), hasattr(builtins, 'left'),"
        " 'colorsys' in sys.modules)\n"
        "builtins.left = os.environ['NEW'] = 'x'; import colorsys"
    )
    told = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        monkeypatch.setenv("NEW", name)
        told += said(execute(start(code(look)), {}, name="demo"))
        monkeypatch.delenv("NEW")
    assert told == [f"{tmp_path / name} {name} False False\n" for name in "ab"]
    assert len(forks._HOSTS) == 1


@pytest.mark.skipif(not forks.CAN_FORK, reason="kernels are not forked here")
def test_a_host_that_was_killed_is_started_anew():
    execute(start(), {}, name="demo")
    (host,) = forks._HOSTS.values()
    host.process.kill()
    host.process.wait()
    assert said(execute(start(code("print(n_rows)")), {}, name="demo")) == ["3\n"]


@pytest.mark.parametrize(
    ("signum", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_the_kernel_ends_with_its_run(tmp_path, signum, status):
    flag = tmp_path / "started"
    script = (
        "import json, signal, sys\n"
        # A suite that runs in the background has it ignored, and so have its children.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from trialkit.report import execute\n"
        "execute._PRELOAD = ()\n"
        "try:\n"
        "    execute.execute(json.loads(sys.argv[1]), {}, name='demo')\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(130)\n"
    )
    wait = f"import time, pathlib\npathlib.Path({str(flag)!r}).touch()\ntime.sleep(60)"
    run = subprocess.Popen(
        [sys.executable, "-c", script, json.dumps(start(code(wait)))],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while not flag.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        kernels = kernels_of(run.pid)
        assert len(kernels) == 1
        run.send_signal(signum)
        _, errors = run.communicate(timeout=30)
    finally:
        run.kill()
    assert (run.returncode, errors) == (status, "")
    # After a SIGKILL the kernel itself finds out, within a second or two.
    while os.path.exists(f"/proc/{kernels[0]}"):
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="only there it is told how")
def test_a_kernel_gives_back_memory_unless_a_user_says_otherwise(forked, monkeypatch):
    told = "import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    assert said(execute(start(code(told)), {}, name="x")) == ["jemalloc\n"]
    forks._end_hosts()  # which took the environment that they began with
    monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", "system")
    assert said(execute(start(code(told)), {}, name="x")) == ["system\n"]
    forks._end_hosts()
