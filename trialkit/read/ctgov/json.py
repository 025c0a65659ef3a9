"""ClinicalTrials.gov API v2 JSON to Records.

One study, a list (the website's download), API pages (`{"studies": [...]}`), one study
per line, R's boxed scalars, and records cut down with `fields=`. A block of studies is
decoded at once; only if that fails, study by study.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, BinaryIO

import msgspec
import re2

from trialkit.read.contacts import screen
from trialkit.read.ctgov import wire
from trialkit.read.ctgov.lenient import convert, without_blanks
from trialkit.read.ctgov.record import to_record, trial_id_of
from trialkit.read.ctgov.versions import with_history
from trialkit.read.document import SourceFacts
from trialkit.read.encoding import decode
from trialkit.read.paging import Ends, paging_of
from trialkit.read.privacy import without_contacts
from trialkit.read.values.markup import ENTITY, without_entities
from trialkit.record import Excluded, Record, Remark

SHAPE = "ctgov_v2_json"

#: Bytes that are decoded at once: they fit into the processor's cache.
BLOCK = 1 << 20


class _Document(wire.Study, frozen=True):
    """A study, or an API page object that holds many."""

    studies: tuple[wire.Study, ...] | None = None


_DOCUMENT = msgspec.json.Decoder(_Document)
_RAW = msgspec.json.Decoder(msgspec.Raw)


class _Page(msgspec.Struct, frozen=True):
    """A page object whose studies may be anything."""

    studies: list[msgspec.Raw]


_LIST = msgspec.json.Decoder(list[msgspec.Raw] | _Page)

#: Python refuses to convert numbers of many more digits.
_LONGEST_NUMBER = 1000

_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

#: Fields of a Record that state nothing of the trial.
_NO_FACTS = frozenset(
    ("trial_id", "source_id", "registry", "basis", "data_date", "remarks")
)

_KEYS = (
    *(b"protocolSection", b"resultsSection", b"annotationSection"),
    *(b"documentSection", b"derivedSection", b"hasResults"),
)
# A quote inside a JSON string is escaped: these bytes can only stand between studies.
_BETWEEN = re.compile(rb'[,}]\s*(?=\{\s*"(?:' + b"|".join(_KEYS) + rb')"\s*:)')
_OPENED = re.compile(rb"\}\s*,?\s*(\{)\s*$")
_OPENING = re.compile(rb'\s*(?:\[|\{[^{}]*?"studies"\s*:\s*\[)')
_CLOSING = re.compile(rb"\]\s*+(?:,[^{}]*+)?(?:\}\s*+)?$")
# Where one answer page ends and the next begins.
_SEAM = re.compile(rb'\]\s*(?:,[^{}\]]*)?\}\s*\{[^{}]*?"studies"\s*:\s*\[')
# A line that is a study, or a value by itself where one should be.
_LINE = re.compile(rb'\s*(?:\{|(?:null|true|false|-?[\d.eE+-]+|"[^"]*"|\[\s*\])\s*$)')
_STRING_OR_BRACE = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}]', re.DOTALL)
# An empty text; quotes inside a text are escaped.
_BLANK = r'[:\[,][\s\v]*"(?:[\s\v]|\\[nrt]|\\u(?:00[aA]|300)0|\x{a0}|\x{3000})*"'
_ENTITY = re.compile(ENTITY.encode())
_has_blank = re2.compile(_BLANK.encode()).search
#: Stands in each old version that ctrdata keeps inside a study.
_OF_HISTORY = b'"history_version"'
_TOO_DEEP = "JSON that is nested too deeply"
_ID = re.compile(rb'"nctId"\s*:\s*(?:\[\s*)?"([^"]{1,40})"')
_HEAD = re.compile(
    rb'\s*[\[{].*?"(?:protocolSection|studies)"\s*:|\s*\[\s*\]\s*$', re.S
)


def sniff(head: bytes) -> bool:
    """Return whether the first bytes of a file look like v2 studies."""
    return _HEAD.match(_utf8(head)) is not None


def stream(
    handle: BinaryIO,
    source_id: str,
    facts: SourceFacts | None = None,
    *,
    block: int = BLOCK,
) -> Iterator[Record | Excluded]:
    """Yield the Record of each study, holding one block of bytes at a time.

    Contacts are masked: where the bytes of a study hold none, no Record is looked at.
    """
    facts = facts or SourceFacts()
    position = 0
    ends = Ends(handle)
    days: set[str | None] = set()
    for piece in _blocks(ends, block):
        for study, remarks, raw, is_plain in _studies(piece):
            position += 1
            if isinstance(study, str):
                yield _excluded(study, raw, position, source_id)
                continue
            trial_id = trial_id_of(study)
            if trial_id is None:
                raw = raw or msgspec.json.encode(study)
                yield _excluded(_why_no_id(study), raw, position, source_id)
                continue
            record = to_record(study, trial_id, source_id, remarks)
            days.add(record.data_date)
            if study.trialkit:
                facts.add_retold(study.trialkit)
                if study.trialkit.kind == "lay":
                    record.basis = _lay_basis(record)
            if study.history or study.history_version:
                yield from map(without_contacts, with_history(study, record))
            else:
                yield record if is_plain else without_contacts(record)
    facts.n_total, facts.has_next_page = paging_of(ends)
    if len(days) == 1:  # studies of several days have no day in common
        facts.source_date = days.pop()


def _lay_basis(record: Record) -> dict[str, str]:
    """Return the basis of the facts of a lay page: a third party's."""
    names = sorted(set(Record.__struct_fields__) - _NO_FACTS)
    return {name: "stated-lay" for name in names if getattr(record, name)}


def _excluded(reason: str, raw: bytes, position: int, source_id: str) -> Excluded:
    found = _ID.search(raw)
    name = found[1].decode("utf-8", "replace") if found else f"study {position}"
    return Excluded(source_id=source_id, record=name, reason=reason)


def _why_no_id(study: wire.Study) -> str:
    if study.protocol_section is None:
        return "no protocolSection: not a study of the API's version 2"
    nct_id = study.protocol_section.identification_module.nct_id
    return f"nctId {nct_id!r} is not a registry id" if nct_id else "no nctId"


def is_list(head: bytes) -> bool:
    """Return whether a document is one JSON array of studies, as far as is seen."""
    return head.lstrip()[:1] == b"[" and sniff(head)


def first_start(data: bytes) -> int | None:
    """Return where the first study begins after the one that `data` begins in."""
    found = _BETWEEN.search(data)
    return found.end() if found else None


def _utf8(data: bytes) -> bytes:
    """Return `data` without a byte order mark, and in UTF-8 if it was UTF-16."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:1] == b"\0":
        return decode(data).encode()
    return data.removeprefix(b"\xef\xbb\xbf")


def _blocks(handle: Ends, size: int) -> Iterator[bytes]:
    """Yield a document in pieces of whole studies: JSON arrays or lines."""
    data = handle.read(size)
    is_all = len(data) < size
    lines = not is_all and _is_lines(data)
    opening = None if is_all or lines else _OPENING.match(data)
    if not opening and not lines:
        yield _utf8(data if is_all else data + handle.read())
        return
    rest = data[opening.end() :] if opening else data.removeprefix(b"\xef\xbb\xbf")
    is_page = bool(opening) and b"{" in opening[0]
    while data:
        cut = _last_start(rest) if opening else rest.rfind(b"\n") + 1
        if opening and _is_in_history(rest, cut):
            rest += handle.read()
            break
        if cut:
            yield _array(rest, cut, is_page=is_page) if opening else rest[:cut]
        data = handle.read(size)
        rest = rest[cut:] + data
    end = _CLOSING.match(rest, max(rest.rfind(b"]"), 0)) if opening else None
    yield _array(rest, end.start(), is_page=is_page) if end else rest


def _array(data: bytes, end: int, *, is_page: bool) -> bytes:
    """Return `data[:end]`, studies between commas, as a JSON array.

    In a file of answer pages another one may begin in it.
    """
    if is_page and data.find(b'"studies"', 0, end) >= 0:
        data = _SEAM.sub(b",", data[:end])
        end = len(data)
    while end and data[end - 1] in b", \r\n\t":
        end -= 1
    return b"".join((b"[", memoryview(data)[:end], b"]"))


def _is_lines(data: bytes) -> bool:
    """Return whether the first line is a JSON value by itself."""
    try:
        msgspec.json.decode(data[: data.find(b"\n")], type=dict[str, msgspec.Raw])
    except _UNDECODABLE:
        return False
    return True


def _last_start(data: bytes, end: int | None = None) -> int:
    """Return where the last study before `end` begins, or 0 if only one does."""
    for key in _KEYS:
        quoted = b'"' + key + b'"'
        at = data.rfind(quoted, 0, end)
        while at > 0:
            opened = _OPENED.search(data, max(at - 200, 0), at)
            if opened:
                return opened.start(1)
            at = data.rfind(quoted, 0, at)
    return 0


def _is_in_history(data: bytes, start: int) -> bool:
    """Return whether what begins at `start` may be an old version inside a study.

    Then what ends there is one, or a study with such versions, and says so.
    """
    return data.rfind(_OF_HISTORY, _last_start(data, start), start) >= 0


#: A study, or why there is none; remarks; its bytes; and whether it holds no contact.
_Found = tuple[wire.Study | str, tuple[Remark, ...], bytes, bool]


def _studies(piece: bytes) -> Iterator[_Found]:
    """Yield the studies of a piece; a broken one is a text that says why."""
    found = _members(piece)
    if found is None:
        found = _lines(piece)
    for raw in _candidates(piece) if found is None else found:
        yield from _looked_at(raw)


def _members(piece: bytes) -> list[bytes] | None:
    """Return the members of a list that is sound JSON, studies or not."""
    try:
        found = _LIST.decode(piece)
    except _UNDECODABLE:
        return None
    return [bytes(raw) for raw in (found if isinstance(found, list) else found.studies)]


def _lines(piece: bytes) -> list[bytes] | None:
    """Return documents that are sound JSON, one after the other."""
    try:
        return [bytes(raw) for raw in _RAW.decode_lines(piece)]
    except _UNDECODABLE:
        return None


def _looked_at(raw: bytes) -> Iterator[_Found]:
    """Yield the studies of a document, read once if nothing in it asks for more."""
    if not _look()(raw):
        try:
            for study in _flat(_DOCUMENT.decode(raw)):
                yield study, (), b"", True
            return
        except _UNDECODABLE:
            pass
    yield from _mended(raw)


@cache
def _look() -> Callable[[bytes], object]:
    """Return a search for an empty text, an entity, a contact, or what may hide one."""
    return screen(rf"{_BLANK}|\\[u/]|{ENTITY}")


def _flat(document: _Document) -> tuple[wire.Study, ...]:
    return (document,) if document.studies is None else document.studies


def _candidates(piece: bytes) -> list[bytes]:
    """Return the pieces of a broken document that may each be a study."""
    opening = _OPENING.match(piece)
    body = piece[opening.end() if opening else 0 :]
    end = _CLOSING.match(body, max(body.rfind(b"]"), 0)) if opening else None
    body = body[: end.start()] if end else body
    lines = [] if opening else [line for line in body.splitlines() if line.strip()]
    if len(lines) > 1 and all(map(_LINE.match, lines)):
        return lines
    starts = [found.end() for found in _BETWEEN.finditer(body)] or _top_level(body)
    edges = [0, *starts, len(body)]
    pieces = (body[a:b].strip(b", \r\n\t") for a, b in itertools.pairwise(edges))
    return list(filter(None, pieces))


def _top_level(body: bytes) -> list[int]:
    """Return where the second and later top-level objects begin."""
    starts, depth = [], 0
    for token in _STRING_OR_BRACE.finditer(body):
        if token[0] == b"{":
            if depth == 0:
                starts.append(token.start())
            depth += 1
        elif token[0] == b"}":
            depth = max(depth - 1, 0)
    return starts[1:]


def _mended(raw: bytes) -> Iterator[_Found]:
    raw = _ENTITY.sub(_sign, raw)
    if _has_blank(raw):
        yield from _converted(raw)
        return
    try:
        for study in _flat(_DOCUMENT.decode(raw)):
            yield study, (), raw, False
    except _UNDECODABLE:
        yield from _converted(raw)


def _sign(entity: re.Match[bytes]) -> bytes:
    """Return the sign of an entity as it stands in JSON."""
    return json.dumps(without_entities(entity[0].decode()))[1:-1].encode()


def _integer(digits: str) -> int | str:
    """Return an integer, or one that no field can hold as text."""
    return int(digits) if len(digits) < _LONGEST_NUMBER else digits


def _converted(raw: bytes) -> Iterator[_Found]:
    try:
        value: Any = json.loads(decode(raw), parse_int=_integer)
        # Half a surrogate pair, which only an escape can write, is no text.
        clean = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        value = without_blanks(json.loads(clean, parse_int=_integer))
    except (ValueError, RecursionError) as error:
        too_deep = isinstance(error, RecursionError)
        yield _TOO_DEEP if too_deep else f"not valid JSON: {error}", (), raw, False
        return
    inner = value.get("studies") if isinstance(value, dict) else None
    for item in inner if isinstance(inner, list) else [value]:
        try:
            study, remarks = convert(item, wire.Study)
        except RecursionError:
            study, remarks = _TOO_DEEP, ()
        study = study or "not a JSON object"
        yield study, remarks, raw if item is value else b"", False
