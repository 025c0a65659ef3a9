#!/usr/bin/env bash
# pycountry: the exact look-up knows some of the names that registers write, lacks others
# of the same kind, and takes "Congo" for one of the two.
#
# Guess before running: `countries.lookup` takes the usual English name of every country,
# in any case, and refuses what could be two.
# Seen (pycountry 26.2.16): "Vietnam", "Laos", "Iran", "South Korea" and "Czech Republic"
# are found; "Russia", "Turkey", "Brunei", "Ivory Coast", "UK", "Holland" and "The
# Netherlands" are a LookupError; "Congo" is the Republic of the Congo without a word of
# the other; "turkiye" without its accent is not found.
# Met in exports of a dozen registers: a table of their spellings must stand beside it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pycountry==26.2.16
cat > "$work/run.py" <<'PY'
import pycountry


def code(name):
    try:
        return pycountry.countries.lookup(name).alpha_2
    except LookupError:
        return None


FOUND = {"Vietnam": "VN", "Laos": "LA", "Iran": "IR", "South Korea": "KR"}
FOUND |= {"Czech Republic": "CZ", "Congo": "CG", "Türkiye": "TR"}
LACKING = ["Russia", "Turkey", "Brunei", "Ivory Coast", "UK", "Holland"]
LACKING += ["The Netherlands", "turkiye"]
for name in (*FOUND, *LACKING):
    print(f"{name}: {code(name)}")
assert {name: code(name) for name in FOUND} == FOUND
assert not any(map(code, LACKING))
PY
"$work/venv/bin/python" "$work/run.py"
