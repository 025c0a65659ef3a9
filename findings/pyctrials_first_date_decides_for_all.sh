#!/usr/bin/env bash
# pyctrials: a column of dates keeps those that are as exact as the first one, and empties
# all others without a word.
#
# Guess before running: a start "2024-02" becomes the first of the month, "2024-02-15"
# stays that day, and the order of the studies plays no part.
# Seen (pyctrials 0.1.11, pandas 3.1.1): with the month first, the day is NaT; with the day
# first, the month is NaT. Registers hold both beside each other, months in most old and
# planned dates, so which trials have a start depends on which study came first.
# Met where trialkit is compared with other programs: a date needs its own precision.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  pyctrials==0.1.11 pandas==3.1.1
cat > "$work/run.py" <<'PY'
import json

from pyctrials.pyctrials import ClinicalTrialParser, ClinicalTrialsAPI


def study(number, start):
    name = {"nctId": f"NCT0000000{number}", "briefTitle": "A title"}
    status = {"overallStatus": "COMPLETED", "startDateStruct": {"date": start}}
    sponsor = {"leadSponsor": {"name": "A hospital", "class": "OTHER"}}
    design = {"studyType": "INTERVENTIONAL", "phases": ["NA"]}
    modules = {"identification": name, "status": status, "design": design}
    modules |= {"sponsorCollaborators": sponsor}
    modules |= {"description": {"briefSummary": "A summary."}}
    return {"protocolSection": {f"{key}Module": value for key, value in modules.items()}}


def starts(*days):
    # Its constructor would ask the register; what it does with an answer needs none.
    interface = object.__new__(ClinicalTrialsAPI)
    interface.parser = ClinicalTrialParser()
    answer = {"studies": [study(n, day) for n, day in enumerate(days)]}
    return interface._process_response(json.dumps(answer))["start_date"]


MONTH, DAY = "2024-02", "2024-02-15"
for days in ((MONTH, DAY), (DAY, MONTH)):
    seen = [None if day != day else f"{day:%Y-%m-%d}" for day in starts(*days)]
    print(f"{days}: {seen}")
    assert seen[0] == (DAY if days[0] == DAY else f"{MONTH}-01")
    assert seen[1] is None
PY
"$work/venv/bin/python" "$work/run.py"
