#!/usr/bin/env bash
# lazy-loader: a stub that exports a function under another name (`from .core import _open as
# open`) exports it under its old one at run time; type checkers see the new one.
#
# Guess before running: `attach_stub` exports `open`, or refuses a form that it does not know,
# as it refuses a star import.
# Seen (lazy-loader 0.6): it reads the name before `as` alone, without a word: `__all__` is
# ["_open"], and asking for `open` is an AttributeError in code that every checker accepts.
# Met where one stub was to list a library's namespaces (`figures as plot`) for tools and run
# time alike.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check lazy-loader==0.6
mkdir "$work/trials"
cat > "$work/trials/__init__.py" <<'PY'
import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
PY
echo 'from .core import _open as open' > "$work/trials/__init__.pyi"
echo 'def _open(): return "opened"' > "$work/trials/core.py"
cd "$work"
"$work/env/bin/python" - <<'PY'
import trials

print("exported:", trials.__all__)
assert trials.__all__ == ["_open"]
assert trials._open() == "opened"
try:
    trials.open
except AttributeError as error:
    print("asked for open:", error)
else:
    raise SystemExit("attach_stub now honours `as`")
open("trials/__init__.pyi", "w").write("from .core import *\n")
del __import__("sys").modules["trials"]
try:
    import trials
except ValueError as error:
    print("a star import is refused:", error)
else:
    raise SystemExit("a star import is no longer refused")
PY
