#!/usr/bin/env bash
# ctgov: the horizon of an outcome is read from "12 weeks" and not from "Week 12"; where
# both forms stand, the other number is the horizon, at the highest confidence.
#
# Guess before running: both ways of writing a time point count, the latest of all is the
# horizon, and what cannot be read lowers the confidence.
# Seen (ctgov 0.1.1): a number counts only before its unit. "Baseline, Week 12, Week 24" has
# no horizon; "Baseline to Week 52, plus 30 days of follow-up" has one of 30 days, and
# confidence 0.9, which the package keeps for a single clean time point.
# Met where trialkit is compared with other programs: of 4,555 time frames of 600 studies of
# ClinicalTrials.gov 864 hold a unit before its number, and 785 of these have no horizon.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ctgov==0.1.1
cat > "$work/run.py" <<'PY'
from ctgov import parse_timeframe

SEEN = {
    "52 weeks": (364.0, 0.9),
    "Week 52": (None, 0.0),
    "Baseline, Week 12, Week 24": (None, 0.0),
    "Months 1, 3 and 6": (None, 0.0),
    "Baseline to Week 52, plus 30 days of follow-up": (30.0, 0.9),
    "7 days after infusion, then Month 12": (7.0, 0.9),
}
for text, seen in SEEN.items():
    told = parse_timeframe(text)
    read = told["horizon_days"], told["timeframe_confidence"]
    print(f"{text!r}: {read[0]} days, confidence {read[1]}")
    assert read == seen, (text, read)
PY
"$work/venv/bin/python" "$work/run.py"
