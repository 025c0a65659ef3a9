"""The list of trials on the HTML page: every trial, and a script to search it.

The page is complete without the script. The pages of both engines get it once they are
written: the list is made from the data files that go with the report.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files

from trialkit.files import Paths
from trialkit.report.render.finder_rows import rows_of, searched, table
from trialkit.report.render.finder_terms import search_terms
from trialkit.tidy.select.synonyms import table_of

_FILE = re.compile(r"-data/tbl-trial-lines(-details)?\.csv$")
_LINK = re.compile(r'href="[^"]*-data/tbl-trial-lines\.csv"')
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_SCRIPTS = (
    "finder-search.js",
    "finder-save.js",
    "finder-rows.js",
    "finder-figures.js",
    "finder.js",
)


def with_finder(
    page: bytes,
    data: Mapping[str, bytes],
    *,
    supplement: str = "",
    synonyms: Paths = (),
) -> bytes:
    """Return an HTML page whose list of trials is whole and can be searched.

    Parameters
    ----------
    page
        A page of either engine.
    data
        The report's data files by path; without a list of trials the page stays as it
        is.
    supplement
        Address of the page with the trial cards; empty: there is none.
    synonyms
        CSV files of synonyms that the search knows besides those that ship.
    """
    listed = {
        bool(found[1]): rows_of(text.decode("utf-8-sig"))
        for path, text in data.items()
        if (found := _FILE.search(path))
    }
    text = page.decode("utf-8")
    place = _LINK.search(text)
    rows, details = listed.get(False, []), listed.get(True, [])
    if not rows or place is None:
        return page
    made = table(rows, details, supplement=supplement)
    start = text.rfind('id="tbl-trial-lines"', 0, place.start())
    if start >= 0 and (found := _TABLE.search(text, start)):
        text = text[: found.start()] + made + text[found.end() :]
    else:
        box = '<div class="table-box" role="group" aria-label="Trials" tabindex="0">'
        end = text.index("</p>", place.end()) + len("</p>")
        text = f"{text[:end]}\n{box}{made}</div>{text[end:]}"
    terms = search_terms(searched(rows, details), table_of(synonyms))
    return _with_script(text, terms).encode("utf-8")


def _with_script(text: str, terms: str) -> str:
    """Return a page with style and script, which its content policy lets run."""
    assets = files("trialkit.report.render") / "assets"
    script = "".join((assets / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    style = (assets / "finder.css").read_text(encoding="utf-8")
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    allowed = f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'; "
    text = text.replace(
        "content=\"default-src 'none'; ",
        f"content=\"default-src 'none'; {allowed}",
        1,
    )
    head, mark, rest = text.rpartition("</body>")
    return (
        f"{head}<style>{style}</style>\n"
        f'<script type="application/json" id="finder-terms">{terms}</script>\n'
        f"<script>{script}</script>\n{mark}{rest}"
    )
