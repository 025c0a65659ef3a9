#!/usr/bin/env bash
# pandoc to Typst: `-?`, `-5` and `...` in plain text come out of the PDF as other
# characters, also where pandoc's typographic extension is switched off.
#
# Guess before running: with `-f markdown-smart` the text arrives as written, because
# pandoc's Typst writer escapes what Typst would read.
# Seen (pandoc 3.x of pypandoc-binary 1.17, typst 0.15.2): the writer escapes `---` and
# quotation marks, and leaves `-?`, `-5` and `...` as they are. Typst reads them as a soft
# hyphen, a minus sign and an ellipsis: "grade -?" prints as "grade" with an unseen mark.
# Met in texts of registers ("ECOG 0-?", "change of -5 mmHg"): a search in the PDF does not
# find the record's own words.
set -euo pipefail
command -v pdftotext >/dev/null || { echo "needs pdftotext (poppler-utils)"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  pypandoc-binary==1.17 typst==0.15.2
cd "$work"
cat > run.py <<'PY'
import subprocess

import pypandoc
import typst

SEEN = {
    "grade -? given": "grade \u00ad given",
    "change of -5 mmHg": "change of \u22125 mmHg",
    "and so on... end": "and so on\u2026 end",
    "a---b": "a---b",
    '"as written"': '"as written"',
}
print("pandoc", pypandoc.get_pandoc_version())
for text, seen in SEEN.items():
    source = pypandoc.convert_text(text, "typst", format="markdown-smart")
    with open("page.typ", "w", encoding="utf-8") as page:
        page.write(source)
    typst.compile("page.typ", output="page.pdf")
    done = subprocess.run(
        ["pdftotext", "page.pdf", "-"], capture_output=True, text=True, check=True
    )
    printed = done.stdout.split("\n")[0]
    print(f"{text!r} -> Typst {source.strip()!r} -> PDF {printed!r}")
    assert printed == seen, (text, printed)
PY
"$work/venv/bin/python" run.py
