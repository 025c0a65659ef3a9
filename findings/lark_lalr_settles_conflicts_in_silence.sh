#!/usr/bin/env bash
# lark: an ambiguous grammar is built by the LALR parser without a word, and the tree it
# gives may be the reading that nobody meant.
#
# Guess before running: LALR refuses a grammar with a conflict, as yacc at least reports it.
# Seen (lark 1.3.1): shift/reduce conflicts are settled as "shift" and told only in the
# debug log. Where adjacent words mean AND, `a OR b c` is read as `a OR (b c)` by accident
# of that choice. `strict=True` refuses the grammar and names the conflict.
# Met in a search language for trials: which trials a query finds hung on it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check lark==1.3.1 interegular
cat > "$work/run.py" <<'PY'
from lark import Lark
from lark.exceptions import GrammarError

GRAMMAR = r"""
start: either
?either: either either -> both | either "OR" either -> any | WORD -> word
WORD: /[a-z]+/
%ignore " "
"""
tree = Lark(GRAMMAR, parser="lalr").parse("a OR b c")
top = tree.children[0]
print("built without a warning; top of `a OR b c`:", top.data)
assert top.data == "any"
try:
    Lark(GRAMMAR, parser="lalr", strict=True)
except GrammarError as error:
    print("strict:", str(error).splitlines()[0])
    assert "Shift/Reduce conflict" in str(error)
else:
    raise AssertionError("strict accepted the grammar")
PY
"$work/venv/bin/python" "$work/run.py"
