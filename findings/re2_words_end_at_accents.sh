#!/usr/bin/env bash
# google-re2: a word ends at an accent, so a pattern with `\b` finds words inside words.
#
# Guess before running: on a str, `\b` and `\w` of re2 mean what those of `re` mean.
# Seen (google-re2 1.1.20251105): both are ASCII only, and no flag changes that: `\bpital\b` is
# found in "hôpital", `\bhepat\w*` takes "hepat" of "hepatócitos", and a phrase that begins
# with an accented letter, `\bà la\b`, is not found in a text that holds it.
# Met when many words are looked for in one scan: titles in French, Spanish or Portuguese
# match what they should not, and miss what they should.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  google-re2==1.1.20251105
cat > "$work/run.py" <<'PY'
import re

import re2

SEEN = [
    (r"\bpital\b", "un hôpital", ["pital"], []),
    (r"\bhepat\w*", "os hepatócitos", ["hepat"], ["hepatócitos"]),
    (r"\bà la\b", "dose à la sortie", [], ["à la"]),
]
for pattern, text, by_re2, by_re in SEEN:
    found = re2.findall(pattern, text), re.findall(pattern, text)
    print(f"{pattern} in {text!r}: re2 {found[0]}, re {found[1]}")
    assert found == (by_re2, by_re)
PY
"$work/venv/bin/python" "$work/run.py"
