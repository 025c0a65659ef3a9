#!/usr/bin/env bash
# itables: a table made with `maxBytes=0` (all rows) is cut at the first update.
#
# Guess before running: options given when the widget is made hold until they are changed.
# Seen (itables 2.9.1): `ITable(df, maxBytes=0)` shows 5,000 of 5,000 rows; `update(df)`
# with the same frame shows 4,096, because the update starts from the default of 64 KB. A
# line of small print below the table is all that tells. `update(df, maxBytes=0)` keeps all.
# Met in an explorer whose filters update one table: 172 of 1,039 trials were left.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  itables==2.9.1 anywidget pandas
cat > "$work/run.py" <<'PY'
import json

import pandas as pd
from itables.widget import ITable

frame = pd.DataFrame({"trial": range(5000), "title": ["x" * 40] * 5000})


def rows(table):
    return len(json.loads(table._dt_args["data_json"]))


table = ITable(frame, maxBytes=0)
made = rows(table)
table.update(frame)
updated = rows(table)
table.update(frame, maxBytes=0)
again = rows(table)
print(f"made {made}, after update(frame) {updated}, after update(frame, maxBytes=0) {again}")
assert made == again == 5000
assert updated < 5000
PY
"$work/venv/bin/python" "$work/run.py"
