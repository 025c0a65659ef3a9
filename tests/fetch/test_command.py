"""`trialkit fetch` as it is typed: what it prints, and the status that it ends with."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.fetch import standin
from trialkit.cli.progress import Pages
from trialkit.errors import TrialDataError
from trialkit.tidy.load import load


@pytest.fixture
def register(httpserver):
    studies = [standin.study(number) for number in range(1, 13)]
    return standin.served(httpserver, studies)


@pytest.fixture
def type_(register, capfd, monkeypatch):
    """Type a command, and return its status, what it printed, and what it told."""
    from trialkit.cli import main

    monkeypatch.setenv("TRIALKIT_CTGOV_URL", register.url)
    monkeypatch.setenv("TRIALKIT_CONTACT", "me@example.org")

    def typed(*words):
        with pytest.raises(SystemExit) as ended:
            main(["fetch", "--pace", "0", *map(str, words)])
        out, err = capfd.readouterr()
        told = [line for line in err.splitlines() if "HTTP/1.1" not in line]
        return ended.value.code, out.splitlines(), told

    return typed


def test_it_tells_what_came_and_where_it_is(register, type_, tmp_path):
    folder = tmp_path / "liver"
    asked = ("--condition", "liver failure", "--intervention", "stem cell")
    assert type_(*asked, "--count") == (0, ["12"], [])
    assert type_(*asked, "--out", folder) == (
        0,
        [str(folder)],
        [
            "5 of 12 studies",
            "10 of 12 studies, 0 s left",
            "12 of 12 studies, data of 2026-08-19T09:00:06",
        ],
    )
    assert {agent.partition(" ")[2] for agent in register.agents} == {
        "(me@example.org)"
    }
    status, out, told = type_("--update", folder)
    assert (status, out) == (0, [str(folder)])
    assert told[0].startswith("the register's data is that of")
    register.day = "2026-08-21"
    register.studies.append(standin.study(13, updated="2026-08-20"))
    status, out, told = type_("--update", folder)
    assert (status, out) == (0, [f"{folder}.2026-08-21"])
    assert told == [
        "13 of 13 studies, data of 2026-08-21T09:00:06",
        "1 new, 0 changed, 0 gone after liver"
        " (what was updated since 2026-08-18 was asked for)",
    ]
    # What the last update brought is not news again.
    _, out, told = type_("--update", folder)
    assert out == [f"{folder}.2026-08-21"]
    assert told[0].startswith("the register's data is that of")
    assert not any("1 new" in line for line in told)


def test_a_study_without_a_history_may_be_in_the_register(register, type_, tmp_path):
    asked = ("--history", "first", "--out", tmp_path / "past")
    status, _, told = type_("--ids", "NCT00000001", *asked)
    assert (status, told[1]) == (1, "no history in the register: NCT00000001")
    status, _, told = type_(*asked)
    assert (status, told[0][:32]) == (1, "error: --history: needs ids, and")


def test_it_tells_what_did_not_come(register, type_, tmp_path):
    register.aliases = {"NCT09999999": "NCT00000003"}
    status, _, told = type_("--ids", "NCT09999999,NCT00000098", "--out", tmp_path / "a")
    assert status == 0
    assert told[-2:] == [
        "NCT09999999 is NCT00000003 today",
        "not in the register: NCT00000098",
    ]
    register.studies, kept = [], register.studies
    status, _, told = type_("--condition", "leprosy", "--out", tmp_path / "none")
    assert (status, told[-1]) == (
        0,
        "the register has no study for this: ask more widely",
    )
    with pytest.raises(
        TrialDataError, match=r"none \(.*leprosy\): the register has no"
    ):
        load(tmp_path / "none")
    register.studies = kept
    register.faults = [None, standin.total(13)]
    status, _, told = type_("--condition", "x", "--out", tmp_path / "b")
    assert status == 1
    assert told[-1].endswith("b is incomplete: 12 of 13 studies")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("--query", "NCT01234567"), 1, "error: --query: registry ids alone"),
        (("--query", "(x"), 1, "error: --query: this bracket is never closed"),
        (("--advanced", "AREA[NotARealField]x"), 1, "error: --advanced: Error parsing"),
        (("--base-url", "x", "--condition", "x"), 1, "error: base_url 'x' is no addr"),
        ((), 1, "error: nothing is asked"),
        (("--update", "none"), 2, "Error: --update makes a dated folder beside"),
    ],
)
def test_a_mistake_is_told_on_its_option(type_, tmp_path, words, status, told):
    ended, out, lines = type_(*words, "--out", tmp_path / "x")
    assert (ended, out) == (status, [])
    assert any(line.startswith(told) for line in lines), lines
    assert not (tmp_path / "x").exists()


def test_what_is_interrupted_says_how_it_goes_on(type_, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Pages, "__call__", interrupt)
        status, _, told = type_("--condition", "x", "--out", tmp_path / "x")
    assert status == 130
    kept = f"5 studies that came are kept in {tmp_path / 'x.part'}"
    assert told[0] == f"{kept}: run the same again to go on"
    assert type_("--condition", "x", "--out", tmp_path / "x")[0] == 0


def test_without_the_extra_it_names_it_and_the_package_stays_light(tmp_path):
    code = (
        "import sys; sys.modules |= dict.fromkeys(['requests', 'tenacity'])\n"
        "import trialkit.cli, trialkit, trialkit.fetch.run\n"
        "assert not {'pandas', 'urllib3'} & set(sys.modules)\n"
        "trialkit.cli.main(['fetch', '--condition', 'x', '--out', 'x'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "error: requests and tenacity are missing; install them with: "
        'pip install "trialkit[fetch]"\n'
    )
    assert not list(tmp_path.iterdir())
