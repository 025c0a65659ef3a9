#!/usr/bin/env bash
# typst: a term list that a show rule sets as a grid cannot be exported as PDF/UA-1.
#
# Guess before running: a show rule changes the look alone, and the tags of the list stay; or
# the grid takes their place, and the terms are tagged as its cells.
# Seen (typst 0.15.2): both halves stay. The list is still tagged as one while its terms are
# now a grid's cells, so the export stops: "invalid list (L) structure". The same file without
# a PDF standard compiles, and so does the same grid made without a term list.
# Met where the terms of a report's first page were to stand in a column of their own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2
cd "$work"
"$work/env/bin/python" - <<'PY'
import typst

HEAD = '#set document(title: [Trials])\n#set text(lang: "en")\n'
RULE = "#show terms: it => grid(columns: (3cm, 1fr), ..it.children.map(c => (c.term, c.description)).flatten())\n"
LIST = "/ Route: Into a vein.\n/ Cells: Hepatocytes.\n"
GRID = "#grid(columns: (3cm, 1fr), [Route], [Into a vein.], [Cells], [Hepatocytes.])\n"


def made(text, standards):
    """Return the start of the PDF, or why there is none."""
    try:
        pdf = typst.compile(text.encode(), format="pdf", pdf_standards=standards)
        return pdf[:4].decode()
    except typst.TypstError as error:
        return str(error)


for name, text, standards in (
    ("list, PDF/UA-1", HEAD + LIST, ["ua-1"]),
    ("list as a grid, no standard", HEAD + RULE + LIST, []),
    ("grid alone, PDF/UA-1", HEAD + GRID, ["ua-1"]),
):
    print(f"{name}:", made(text, standards))
    assert made(text, standards) == "%PDF", name
told = made(HEAD + RULE + LIST, ["ua-1"])
print("list as a grid, PDF/UA-1:", told)
assert "invalid list (L) structure" in told
PY
