#!/usr/bin/env bash
# nbib and rispy: of an article's several trial registrations one is left, by nbib the
# last, by rispy the first.
#
# Guess before running: a tag that is repeated becomes a list, as the authors do; the help
# of `rispy.loads` promises it.
# Seen (nbib 0.3.2, rispy 0.10.0): PubMed's export writes one line `SI` a registration. nbib
# has one `secondary_source`, and each line replaces the one before it. In RIS the first of
# several `AN` stays and the rest are passed over; `enforce_list_tags=False` gives the list.
# Neither says a word.
# Met where articles are linked with trials: of an article on two trials, or on one in two
# registers, the other link is gone, and which one goes hangs on the format.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check nbib==0.3.2 rispy==0.10.0
cat > "$work/run.py" <<'PY'
import nbib
import rispy

PUBMED = """PMID- 1
TI  - Cells for liver failure
SI  - ClinicalTrials.gov/NCT00000001
SI  - ISRCTN/ISRCTN00000002
FAU - Doe, Ann
FAU - Roe, Bo

"""
RIS = """TY  - JOUR
TI  - Cells for liver failure
AN  - NCT00000001
AN  - ISRCTN00000002
AU  - Doe, A
ER  - 
"""
[article] = nbib.read(PUBMED)
print("nbib:", article["secondary_source"], "and", len(article["authors"]), "authors")
assert article["secondary_source"] == "ISRCTN/ISRCTN00000002"
assert len(article["authors"]) == 2

[entry] = rispy.loads(RIS)
print("rispy:", entry["accession_number"], "and", entry["authors"])
assert entry["accession_number"] == "NCT00000001"

[entry] = rispy.loads(RIS, enforce_list_tags=False)
print("rispy, tags not enforced:", entry["accession_number"], "and", entry["authors"])
assert entry["accession_number"] == ["NCT00000001", "ISRCTN00000002"]
PY
"$work/venv/bin/python" "$work/run.py"
