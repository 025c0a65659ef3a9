#!/usr/bin/env bash
# pyarrow.dataset: of the CSV pages of ClinicalTrials.gov's API, each page after the first
# loses a trial, and its other trials are rows without a value.
#
# Guess before running: the API names the columns on its first page alone, so a reader of
# several files takes them by place, or stops at a file without those names.
# Seen (pyarrow 26.0.1): each file's first line is its header. The first trial of page 2 is
# taken for names, which are none of the dataset's; the columns of the dataset are missing
# in page 2, and what is missing is null. No error and no warning. Names that are given in
# `ReadOptions` read such a page whole.
# Met where the pages of a download were to be one table: the number of rows looks right,
# and every count by status or phase is that of page 1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1
cd "$work"
mkdir pages
cat > pages/1.csv <<'CSV'
NCT Number,Study Status,Phases,Enrollment
NCT00000001,COMPLETED,PHASE1,10
NCT00000002,RECRUITING,NA,20
CSV
cat > pages/2.csv <<'CSV'
NCT00000003,COMPLETED,PHASE2,30
NCT00000004,WITHDRAWN,PHASE1|PHASE2,0
NCT00000005,COMPLETED,PHASE1,50
CSV
cat > run.py <<'PY'
from pyarrow import csv, dataset

read = dataset.dataset("pages", format="csv").to_table().to_pydict()
print("five trials as a dataset:", read)
assert read["NCT Number"] == ["NCT00000001", "NCT00000002", None, None]
assert read["Study Status"] == ["COMPLETED", "RECRUITING", None, None]
assert read["Enrollment"] == [10, 20, None, None]

names = csv.read_csv("pages/2.csv").column_names
print("page 2 alone has the columns:", names)
assert names == ["NCT00000003", "COMPLETED", "PHASE2", "30"]

options = csv.ReadOptions(column_names=list(read))
page = csv.read_csv("pages/2.csv", read_options=options)
print("page 2 with names given:", page["NCT Number"].to_pylist())
assert page["NCT Number"].to_pylist()[0] == "NCT00000003" and page.num_rows == 3
PY
"$work/venv/bin/python" run.py
