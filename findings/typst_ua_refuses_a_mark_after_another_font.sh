#!/usr/bin/env bash
# Typst: a combining mark that no font has makes a PDF/UA fail and blames the letter
# before it, which the font does have; without the standard nothing is said.
#
# Guess before running: the message names the character that lacks a glyph.
# Seen (typst 0.15.2): "●" followed by a Devanagari sign stops a PDF/UA-1 with "the text
# `●` could not be displayed with font DejaVu Sans"; the same text without the standard
# compiles, and "hep" with the sign apart passes the standard too.
# Met in a report whose missing characters were spelled out by number: the marks, which
# most lists of "things to draw" leave out, stayed behind.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2
cd "$work"
cat > run.py <<'PY'
import typst

MARK = "\u094d"


def outcome(text, standard):
    with open("page.typ", "w", encoding="utf-8") as page:
        page.write(
            "#set document(title: [Page])\n"
            f'#set text(font: "DejaVu Sans Mono")\n= Page\n{text}'
        )
    try:
        typst.compile("page.typ", output="page.pdf", pdf_standards=standard)
    except typst.TypstError as error:
        return str(error)
    return "compiled"


for text in ("●", "●" + MARK):
    for standard in (None, "ua-1"):
        print(f"{text!a} {standard}: {outcome(text, standard)}")
assert outcome("●", "ua-1") == outcome("●" + MARK, None) == "compiled"
refused = outcome("●" + MARK, "ua-1")
assert "could not be displayed" in refused and "●" in refused and MARK not in refused
PY
"$work/venv/bin/python" run.py
