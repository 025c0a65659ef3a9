#!/usr/bin/env bash
# idutils: the number of a European trial is taken for a key of Germany's authority file
# (GND), and the trials of one year become one identifier.
#
# Guess before running: a trial's number is told as such or as unknown, and what is
# normalised still tells two trials apart.
# Seen (idutils 1.7.1): the pattern of a GND key is not held to the end of the text, so
# "2006-000001-11" (EudraCT) is ["gnd"] for its first letters, "2006-0". Normalised it is
# "gnd:2006-0", as are all of 2006 that begin so; its address is a page of the German
# National Library. Numbers of CTIS, the register since 2022, fare alike; NCT and ISRCTN
# numbers are unknown, and those of India and Sri Lanka are a "handle".
# Met where a trial's ids in other registers were to be told apart: a list that is cleaned
# by the normalised form keeps one trial a year.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check idutils==1.7.1
cat > "$work/run.py" <<'PY'
import idutils

SEEN = {
    "2006-000001-11": ["gnd"],
    "2006-000002-22": ["gnd"],
    "2022-500001-12-00": ["gnd"],
    "CTRI/2020/01/022345": ["handle"],
    "SLCTR/2010/008": ["handle"],
    "NCT00000001": [],
    "ISRCTN12345674": [],
}
for number, schemes in SEEN.items():
    found = idutils.detect_identifier_schemes(number)
    forms = [idutils.normalize_pid(number, scheme) for scheme in found]
    print(f"{number}: {found} {forms}")
    assert found == schemes

trials = ["2006-000001-11", "2006-000002-22", "2006-000003-33"]
left = {idutils.normalize_pid(number, "gnd") for number in trials}
print(f"{len(trials)} trials of 2006 normalised: {left}")
print("address:", idutils.to_url(trials[0], "gnd"))
assert left == {"gnd:2006-0"}
assert idutils.to_url(trials[0], "gnd").endswith("d-nb.info/gnd/2006-0")
PY
"$work/venv/bin/python" "$work/run.py"
