"""Files of every shape with one hostile text in one field, and the texts themselves."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import msgspec

from tests.every_text import CLASSIC, ICTRP, NEW, XML, filled, with_text
from trialkit.label.vocabulary import AXES, shipped
from trialkit.read import records_file
from trialkit.read.ctgov.wire import Study
from trialkit.record import Record, Source

ID = "NCT01234567"
_PAGES = Path(__file__).parents[1] / "tests" / "data" / "pages"
#: A list of many parts stands in the place of one text of so many characters.
_PART = 20

#: What a hostile text repeats: what the readers, rules and patterns look for.
PIECES = (
    *("a", "1", " ", "\n", "\t", "(", ")", ";", ":", ",", ".", "|", "-", "/", "<", "@"),
    *('"', "'", "\\", "&", "•", "\r\n", "\u3000", "\u00ad", "e\u0301", "\u0301"),
    *("a ", "Aa", "a:b;", "group :1;", "a, ", "a. ", "a-", "a/", "a|", "a\n", " \n"),
    *("1 ", "1,", "1-", "1.", "1/", "01", "0 ", "9", "1 a ", "10 10 ", "2020-01-01 "),
    *("1 Year ", "Phase 1/", "phase ", "phase 1 or 2 ", "IV ", "I", "3 arms ", "x 10"),
    *("10^", "1x10^6 ", "1 x 10^6 /kg ", "10 million cells per kg ", "1-2x10^6, "),
    *("<a ", "<a>", "<br>", "<!--", "</", "&lt;", "&amp;amp;", "[at]", "(", "[](", "`"),
    *("a@", "@a.", "a.b@c.org ", "a at b dot c ", "+86 ", "0571-", "(010) ", "tel: "),
    *(
        "call me on ",
        "13812345678",
        "http://",
        "www.a.",
        "EUCTR2019-",
        "NCT0000",
        "NCT",
    ),
    *("NCT01234567 ", "ChiCTR", "ISRCTN 1", "2019-001234-", "U1111-"),
    *("not ", "without ", "no ", "or ", "and ", "and/or ", "of the ", "into ", "the "),
    *("mesenchymal ", "stem cells ", "mesenchymal stem cells ", "intravenous ", "MSC "),
    *("into the vein ", "intravenous or intraportal ", "autologous umbilical cord "),
    *("cells were injected into the hepatic artery. ", "the patients will receive "),
    *("single dose or ", "once a week for 4 weeks, ", "[Intervention 1]", "Arm A: "),
    *(
        "臍帯",
        "静脉",
        "不经静脉",
        "第",
        "期",
        "间充质干细胞",
        "한국",
        "ـ",
        "ﬁ",
        "ＭＳＣ",
        "١",
    ),
    *("China, ", "Korea, Republic of", "South ", "Lyon, 69000, France|", "0,", "$x$"),
    *("MedDRA Term: ", "Female: yes ", "Masking: DOUBLE (", "Allocation: a|", "::: "),
)


class Shape(NamedTuple):
    """A shape of file: its suffix, its fields, and how one with a text is made."""

    suffix: str
    fields: tuple[Any, ...]
    made: Callable[[Any, str], bytes]


def repeated(piece: str, size: int) -> str:
    """Return a text of `size` characters that repeats a piece."""
    return (piece * (size // len(piece) + 1))[:size]


def phrases() -> list[str]:
    """Return a piece for each id of the vocabularies, its first phrase and the last."""
    texts = (
        phrase.strip("~=*") + " "
        for axis in AXES
        for entry in shipped()[axis].values()
        for phrase in (entry.phrases[:1] + entry.phrases[-1:] + entry.not_phrases[:1])
    )
    return list(dict.fromkeys(texts))


@cache
def _paths(kind: type) -> tuple[tuple[str | int, ...], ...]:
    """Return the places of the texts of a Struct, then those of its lists."""
    texts = [path for path, _ in filled(kind) if path[-1] not in _KEYS]
    lists = {path[: path.index(0) + 1] for path in texts if 0 in path}
    return (*texts, *((*path, "*") for path in sorted(lists, key=str)))


#: Texts without which nothing of the file is read.
_KEYS = frozenset({"nctId", "trial_id", "source_id"})


def _data(kind: type, path: tuple[str | int, ...], text: str) -> dict[str, Any]:
    """Return a Struct as plain data; `*` stands for a list of many different parts."""
    if path[-1] != "*":
        return with_text(kind, path, text)
    made = with_text(kind, next(p for p in _paths(kind) if p[-1] != "*"), "word")
    *steps, last = path[:-2]
    holder: Any = made
    for step in steps:
        holder = holder[step]
    one = json.dumps(holder[last][0])
    many = range(len(text) // _PART)
    holder[last] = [json.loads(one.replace("word", f"word {n}")) for n in many]
    return made


def _study(path: tuple[str | int, ...], text: str) -> bytes:
    study = _data(Study, path, text)
    study["protocolSection"]["identificationModule"]["nctId"] = ID
    return json.dumps(study, ensure_ascii=False).encode("utf-8", "replace")


def _two_lines(path: tuple[str | int, ...], text: str) -> bytes:
    other = _study(path, "word").replace(ID.encode(), b"NCT01234568")
    return b"\n".join((_study(path, text), other))


def _records(path: tuple[str | int, ...], text: str) -> bytes:
    record = msgspec.convert(_data(Record, path, text), Record)
    record.trial_id, record.source_id = ID, "a"
    source = Source(source_id="a", path="a.json")
    return b"".join(records_file.encode([record], [source]))


def _csv(header: Sequence[str], id_column: str, column: str, text: str) -> bytes:
    file = io.StringIO()
    rows = csv.DictWriter(file, header)
    rows.writeheader()
    plain = {"Public_title": "Cells", "Study Title": "Cells", "Title": "Cells"}
    row = dict.fromkeys(header, "") | {n: t for n, t in plain.items() if n in header}
    rows.writerow({**row, id_column: ID, column: text})
    return file.getvalue().encode("utf-8", "replace")


def _legacy_xml(path: str, text: str) -> bytes:
    is_many = path.endswith("*")
    names = path.removesuffix("*").split("/")
    before = "".join(f"<{name}>" for name in names)
    after = "".join(f"</{name}>" for name in reversed(names))
    texts = [f"word {n}" for n in range(len(text) // _PART)] if is_many else [text]
    inside = "".join(before + _xml_text(one) + after for one in texts)
    own = f"<id_info><nct_id>{ID}</nct_id></id_info><brief_title>Cells</brief_title>"
    return f"<clinical_study>{own}{inside}</clinical_study>".encode()


def _ictrp_xml(column: str, text: str) -> bytes:
    row = {"TrialID": ID, "Public_title": "Cells", column: text}
    cells = "".join(f"<{name}>{_xml_text(t)}</{name}>" for name, t in row.items())
    root = "Trials_downloaded_from_ICTRP"
    return f"<{root}><Trial>{cells}</Trial></{root}>".encode()


def _xml_text(text: str) -> str:
    return escape(text).encode("utf-8", "replace").decode()


def _page(name: str) -> Shape:
    """Return a page whose fields are its lines: the text stands after one and below."""
    lines = (_PAGES / name).read_text(encoding="utf-8").splitlines()

    def made(number: int, text: str) -> bytes:
        here = f"{lines[number]} {text}"
        page = [*lines[:number], here, text, *lines[number + 1 :]]
        return "\n".join(page).encode("utf-8", "replace")

    places = tuple(number for number, line in enumerate(lines) if line.strip())
    return Shape(Path(name).suffix, places, made)


#: Lists that the legacy XML repeats.
_REPEATED = (
    *("condition*", "keyword*", "arm_group*", "intervention*", "location*", "link*"),
    *("primary_outcome/measure*", "arm_group/arm_group_label*", "reference/citation*"),
    *("intervention/arm_group_label*", "id_info/secondary_id*", "a*", "a/b/c*"),
    *("intervention/intervention_name*", "location/facility/address/country*"),
)
_XML_FIELDS = tuple(path for path in XML if path != "id_info/nct_id")


def shapes() -> Mapping[str, Shape]:
    """Return the shapes that are measured, by name."""
    new, classic = tuple(NEW), tuple(CLASSIC)
    ictrp = tuple(ICTRP)
    return {
        "json": Shape(".json", _paths(Study), _study),
        "ndjson": Shape(".ndjson", _paths(Study), _two_lines),
        "csv": Shape(".csv", new, partial(_csv, new, "NCT Number")),
        "classic-csv": Shape(".csv", classic, partial(_csv, classic, "NCT Number")),
        "xml": Shape(".xml", (*_XML_FIELDS, *_REPEATED), _legacy_xml),
        "ictrp-csv": Shape(".csv", ictrp, partial(_csv, ictrp, "TrialID")),
        "ictrp-xml": Shape(".xml", ictrp, _ictrp_xml),
        "records": Shape(".ndjson", _paths(Record), _records),
        "mirror": _page("mirror.txt"),
        "mirror-html": _page("mirror.html"),
        "mirror-lost": _page("mirror_labels_lost.txt"),
        "lay": _page("lay_flat.txt"),
    }
