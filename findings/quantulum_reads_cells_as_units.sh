#!/usr/bin/env bash
# quantulum3: a dose of cells is read with the cells' name as its unit, and a power of ten
# between spaces as three amounts.
#
# Guess before running: "2 x 10^6 cells/kg" is two million of something, spaces or not, and
# a word that is no unit leaves the number without one.
# Seen (quantulum3 0.10.0, without its classifier): "1x10^8 T cells" is a hundred million
# tesla, "5x10^6 NK cells" newton kelvin, "100 million MSC" millisecond coulomb and
# "5 million PBMC" petabyte millicoulomb: its capitals are taken apart into units.
# "2x10^6 cells/kg" is two million, "2 x 10^6 cells/kg" is 2, 10 and 6, and of
# "1.5 × 10⁶/kg" 1.5 is left.
# Met where a library was looked for that reads doses out of a trial's arms: amounts of the
# usual spelling come out a million times too small, and no error tells.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check quantulum3==0.10.0
cat > "$work/run.py" <<'PY'
import warnings

warnings.simplefilter("ignore")  # that its classifier is not installed
from quantulum3 import parser

NONE = "dimensionless"
SEEN = {
    "1x10^8 T cells": [(1e8, "tesla")],
    "5x10^6 NK cells": [(5e6, "newton kelvin")],
    "100 million MSC": [(1e8, "millisecond coulomb")],
    "5 million PBMC": [(5e6, "petabyte millicoulomb")],
    "2x10^6 cells/kg": [(2e6, NONE)],
    "2 x 10^6 cells/kg": [(2.0, NONE), (10.0, NONE), (6.0, NONE)],
    "1.5 × 10⁶/kg": [(1.5, NONE)],
}
for text, seen in SEEN.items():
    read = [(one.value, one.unit.name) for one in parser.parse(text)]
    print(f"{text!r}: {read}")
    assert read == seen, (text, read)
PY
"$work/venv/bin/python" "$work/run.py"
