"""What else a user could read the same studies with: time, memory, traps.

    python -m benchmarks.peers --studies one_per_study.zip

Installs the other programs in an environment of its own, reads one corpus with each as
a whole process, one after the other in several rounds, and asks each for the values of
a few made-up studies. Timing is of their shortest way from JSON to a table, which
differs in how much it gives.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.corpus import write_corpus

PACKAGES = ("pandas", "polars", "duckdb", "ctgov", "ctgforge", "pyctrials")

_IDS, _STATUS = "identificationModule", "statusModule"
_WIRE = {
    "id": f"protocolSection.{_IDS}.nctId",
    "start": f"protocolSection.{_STATUS}.startDateStruct.date",
    "start_type": f"protocolSection.{_STATUS}.startDateStruct.type",
    "last_status": f"protocolSection.{_STATUS}.lastKnownStatus",
    "phase": "protocolSection.designModule.phases",
    "enrollment": "protocolSection.designModule.enrollmentInfo.count",
    "enrollment_type": "protocolSection.designModule.enrollmentInfo.type",
}


class Tool(NamedTuple):
    """How a program makes `rows`, a list of dicts, and what it calls the values."""

    name: str
    read: str
    rows: str
    names: dict[str, str]
    gives: str


_TRIALKIT = {
    **{"id": "trial_id", "start": "start_date", "start_type": "start_date_type"},
    **{"phase": "phase", "last_status": "last_known_status"},
    **{"enrollment": "enrollment", "enrollment_type": "enrollment_type"},
}
TOOLS = (
    Tool(
        "trialkit",
        "import trialkit as tk\n"
        "data = tk.load(path, labels=False)\n"
        "for name, frame in data.tables(): len(frame)",
        "data.trials.astype(object).to_dict('records')",
        _TRIALKIT,
        "all tables",
    ),
    Tool(
        "trialkit, `.trials` alone",
        "import trialkit as tk\ndata = tk.load(path, labels=False)\nlen(data.trials)",
        "data.trials.astype(object).to_dict('records')",
        _TRIALKIT,
        "one frame, 100 columns",
    ),
    Tool(
        "pandas json_normalize",
        "import json, pandas as pd\nframe = pd.json_normalize(json.load(open(path)))",
        "frame.astype(object).to_dict('records')",
        _WIRE,
        "one frame, lists in cells",
    ),
    Tool(
        "polars read_json",
        "import polars as pl\nframe = pl.read_json(path)",
        "frame.to_dicts()",
        _WIRE,
        "one nested frame",
    ),
    Tool(
        "polars, schema of all studies",
        "import polars as pl\nframe = pl.read_json(path, infer_schema_length=None)",
        "frame.to_dicts()",
        _WIRE,
        "one nested frame",
    ),
    Tool(
        "DuckDB read_json",
        "import duckdb\n"
        "made = duckdb.sql(f\"create table t as select * from read_json('{path}')\")",
        "[dict(zip([c[0] for c in q.description], row)) "
        "for q in [duckdb.sql('select * from t')] for row in q.fetchall()]",
        _WIRE,
        "one nested table",
    ),
    Tool(
        "ctgov",
        "import ctgov, json, pandas as pd\n"
        "frame = pd.DataFrame(map(ctgov.study_context, json.load(open(path))))",
        "frame.astype(object).to_dict('records')",
        {
            **{"id": "nct_id", "start": "start_date", "phase": "phase"},
            **{"enrollment": "enrollment_count", "enrollment_type": "enrollment_type"},
        },
        "17 columns",
    ),
    Tool(
        "ctgforge",
        "import json\n"
        "from ctgforge.export.dataframe import to_dataframe\n"
        "from ctgforge.flatten import flatten_core\n"
        "frame = to_dataframe([flatten_core(s) for s in json.load(open(path))])",
        "frame.astype(object).to_dict('records')",
        {"id": "nct_id", "start": "start_date", "phase": "phases"},
        "18 columns",
    ),
    Tool(
        "pyctrials",
        "from pyctrials.pyctrials import ClinicalTrialParser, ClinicalTrialsAPI\n"
        "api = object.__new__(ClinicalTrialsAPI)\n"  # its constructor may go online
        "api.parser = ClinicalTrialParser()\n"
        "text = '{\"studies\":' + open(path).read() + '}'\n"
        "frame = api._process_response(text)",
        "frame.astype(object).to_dict('records')",
        {
            **{"id": "nct_id", "start": "start_date", "phase": "phase"},
            **{"enrollment": "enrollment_count", "last_status": "last_known_status"},
        },
        "15 columns",
    ),
)

_DECODE = "import orjson\norjson.loads(open(path, 'rb').read())"
_VALUES = """
import json, sys
def value(row, name):
    if name in row:
        return row[name]
    for part in name.split("."):
        row = row.get(part) if isinstance(row, dict) else None
    return row
def plain(value):
    return None if value is None or value != value or str(value) == "<NA>" else value
rows = [{k: plain(value(r, n)) for k, n in names.items()} for r in rows]
print(json.dumps(rows, default=str))
"""
_TIMED = (
    "import resource, subprocess, sys, time;"
    "start = time.perf_counter();"
    "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
    "wall = time.perf_counter() - start;"
    "cpu = used.ru_utime + used.ru_stime;"
    "print(cpu, wall, used.ru_maxrss / 1024, done.returncode)"
)


def study(number: int, **modules: Any) -> dict[str, Any]:
    """Return a made-up study with what nearly every real one has."""
    names = {"nctId": f"NCT{number:08d}", "briefTitle": "Cells"}
    usual = {
        _IDS: {**names, "officialTitle": "Cells", "orgStudyIdInfo": {"id": "1"}},
        _STATUS: {"overallStatus": "COMPLETED"},
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "A", "class": "OTHER"}},
        "descriptionModule": {"briefSummary": "Cells."},
        "conditionsModule": {"conditions": ["Cirrhosis"]},
        "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": "A"}]},
        "eligibilityModule": {"sex": "ALL"},
        "designModule": {"studyType": "INTERVENTIONAL"},
    }
    return {
        "protocolSection": {k: {**v, **modules.get(k, {})} for k, v in usual.items()}
    }


def _design(phases: list[str], **enrollment: Any) -> dict[str, Any]:
    return {"designModule": {"phases": phases, "enrollmentInfo": enrollment}}


_FULL = study(
    1,
    statusModule={
        "overallStatus": "UNKNOWN",
        "lastKnownStatus": "RECRUITING",
        "startDateStruct": {"date": "2024-02", "type": "ACTUAL"},
    },
    **_design(["PHASE1", "PHASE2"], count=0, type="ACTUAL"),
)
_SILENT = study(
    2,
    statusModule={"startDateStruct": {"date": "2024-03-05"}},
    designModule={"enrollmentInfo": {"count": 20}},
)
_NO_NUMBER = study(3, **_design(["NA"], count=99_999_999, type="ESTIMATED"))
_OTHERS = [study(n, **_design([p])) for n, p in ((4, "EARLY_PHASE1"), (5, "PHASE1"))]
_BARE = {"protocolSection": {_IDS: {"nctId": "NCT00000006"}}}
_BROKEN = study(7) | {"protocolSection": {_IDS: {"nctId": 7}, _STATUS: 7}}
FILES = {
    "values": [_FULL, _SILENT, _NO_NUMBER, *_OTHERS],
    "bare": [_FULL, _BARE],
    "broken": [_FULL, _BROKEN, _SILENT],
    "twice": [_FULL, _FULL],
}


def traps(found: dict[str, list[dict[str, Any]]]) -> dict[str, bool]:
    """Return which traps a program does not fall into, by what it gave for `FILES`."""
    rows = {row["id"]: row for row in found["values"]}
    full, silent, third = (rows.get(f"NCT0000000{n}", {}) for n in (1, 2, 3))
    phases = {json.dumps(row.get("phase")) for row in rows.values()}
    return {
        "a month stays a month": full.get("start") == "2024-02",
        "a date's type, or none": _told(full, silent, "start_type"),
        "five kinds of phase": len(phases) == len(FILES["values"]),
        "0 enrolled is 0": full.get("enrollment") == 0,
        "99999999 is no number": "enrollment" in third and third["enrollment"] is None,
        "a count's type, or none": _told(full, silent, "enrollment_type"),
        "UNKNOWN: last status": full.get("last_status") == "RECRUITING",
        "an id alone is a row": len(found["bare"]) == 2,
        "a broken study costs itself": len(found["broken"]) == 2,
        "one row per trial": len(found["twice"]) == 1,
    }


def _told(full: dict[str, Any], silent: dict[str, Any], name: str) -> bool:
    return full.get(name) == "ACTUAL" and name in silent and silent[name] is None


def _python(folder: Path) -> str:
    """Make an environment with the other programs; return its Python."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin/python")
    quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([python, *quiet, *PACKAGES], check=True)
    return python


def _values(python: str, tool: Tool, path: Path) -> list[dict[str, Any]]:
    code = f"path = {str(path)!r}\n{tool.read}\nrows = {tool.rows}\n"
    code += f"names = {tool.names!r}\n{_VALUES}"
    done = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=False
    )
    return [] if done.returncode else json.loads(done.stdout)


class _Cost(NamedTuple):
    """What one run takes."""

    cpu: float
    wall: float
    mib: float
    status: int


def _cost(python: str, read: str, path: Path) -> _Cost:
    """Return the seconds and MiB of one run."""
    code = f"path = {str(path)!r}\n{read}"
    told = subprocess.run(
        [sys.executable, "-c", _TIMED, python, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return _Cost(*map(float, told[:3]), int(told[3]))


def _costs(pythons: dict[str, str], path: Path, rounds: int) -> dict[str, _Cost]:
    """Return the medians of some rounds, in each of which every program runs once."""
    reads = {"orjson": _DECODE, **{tool.name: tool.read for tool in TOOLS}}
    runs: dict[str, list[_Cost]] = {name: [] for name in reads}
    for _ in range(rounds):
        for name, read in reads.items():
            runs[name].append(_cost(pythons[name], read, path))
    return {
        name: _Cost(*map(median, list(zip(*own, strict=True))[:3]), own[0].status)
        for name, own in runs.items()
    }


def _line(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def _shown(cost: _Cost, base: _Cost) -> tuple[str, ...]:
    if cost.status:
        return ("stops", "", "", "")
    ratio = f"{cost.cpu / base.cpu:.1f}"
    return (f"{cost.cpu:.1f}", ratio, f"{cost.wall:.1f}", f"{cost.mib:.0f}")


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--studies", type=Path, help="zip of one JSON file per study")
    parser.add_argument("-n", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", help="with the other programs; else one is made")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = given.python or _python(folder / "peers")
        # trialkit is run by the Python that has it.
        pythons = {"orjson": sys.executable} | {
            tool.name: sys.executable if tool.name.startswith("trialkit") else python
            for tool in TOOLS
        }
        corpus = folder / "corpus.json"
        write_corpus(corpus, given.n, given.studies)
        for file, studies in FILES.items():
            (folder / f"{file}.json").write_text(json.dumps(studies))
        costs = _costs(pythons, corpus, given.rounds)
        loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
        print(f"load {loads} on {os.cpu_count()} processors")
        _line("", "gives", "CPU s", "/ orjson", "wall s", "MiB", "traps", "falls into")
        _line(*["---"] * 8)
        base = costs["orjson"]
        _line("orjson.loads, nothing more", "", *_shown(base, base), "", "")
        for tool in TOOLS:
            own = pythons[tool.name]
            found = {f: _values(own, tool, folder / f"{f}.json") for f in FILES}
            held = traps(found)
            fails = "; ".join(trap for trap, is_held in held.items() if not is_held)
            score = f"{sum(held.values())} of {len(held)}"
            shown = _shown(costs[tool.name], base)
            _line(tool.name, tool.gives, *shown, score, fails)


if __name__ == "__main__":
    main()
