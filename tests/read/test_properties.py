"""Whatever is done to one field or byte: a row or an excluded entry, never a crash."""

from __future__ import annotations

import io
import json
from copy import deepcopy

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.read.ctgov.test_csv import CLASSIC, NEW, table
from tests.read.ctgov.test_xml import AS_JSON, STUDY
from tests.read.ictrp.test_ictrp import TRIAL, as_csv, as_xml
from trialkit.errors import TrialDataError
from trialkit.read import ictrp
from trialkit.read.ctgov import csv as ctgov_csv
from trialkit.read.ctgov import json as ctgov_json
from trialkit.read.ctgov import xml as ctgov_xml
from trialkit.record import Record

pytestmark = pytest.mark.slow

ANY_SIZE = settings(suppress_health_check=list(HealthCheck))

STREAMS = {
    "json": (ctgov_json.stream, json.dumps([AS_JSON, AS_JSON]).encode()),
    "lines": (ctgov_json.stream, (json.dumps(AS_JSON) + "\n").encode() * 2),
    "csv": (ctgov_csv.stream, table(NEW, NEW)),
    "classic": (ctgov_csv.stream, table(CLASSIC, CLASSIC)),
    "xml": (ctgov_xml.stream, f"<all>{STUDY}{STUDY}</all>".encode()),
    "ictrp csv": (ictrp.stream_csv, as_csv(TRIAL, TRIAL)),
    "ictrp xml": (ictrp.stream_xml, as_xml(TRIAL, TRIAL)),
}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def paths(value, here=()):
    """Yield the path of everything inside a JSON value."""
    steps = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, inner in steps:
        yield (*here, step)
        yield from paths(inner, (*here, step))


def check(items) -> None:
    """Assert that there is a row or an entry, and that rows keep their types."""
    items = list(items)
    assert items
    for item in items:
        if isinstance(item, Record):
            msgspec.convert(msgspec.to_builtins(item), Record)
            assert item.trial_id
        else:
            assert item.reason


@pytest.mark.parametrize("change", ["drop", "null", "box", "retype"])
@ANY_SIZE
@given(data=st.data())
def test_any_field_of_a_json_study_may_be_anything(change, data):
    study = deepcopy(AS_JSON)
    *parents, last = data.draw(st.sampled_from(list(paths(study))))
    place = study
    for step in parents:
        place = place[step]
    if change == "drop":
        del place[last]
    elif change == "null":
        place[last] = None
    elif change == "box":
        place[last] = [place[last]]
    else:
        place[last] = data.draw(json_values)
    check(ctgov_json.stream(io.BytesIO(json.dumps(study).encode()), "S1"))


@ANY_SIZE
@given(column=st.sampled_from(list(NEW)), text=st.text(max_size=60))
def test_any_cell_of_a_new_csv_may_hold_anything(column, text):
    data = table(NEW | {column: text}, NEW)
    check(ctgov_csv.stream(io.BytesIO(data.replace(b"\0", b"")), "S1"))


@ANY_SIZE
@given(column=st.sampled_from(list(CLASSIC)), text=st.text(max_size=60))
def test_any_cell_of_a_classic_csv_may_hold_anything(column, text):
    data = table(CLASSIC | {column: text}, CLASSIC)
    check(ctgov_csv.stream(io.BytesIO(data), "S1"))


@ANY_SIZE
@given(column=st.sampled_from(list(TRIAL)), text=st.text(max_size=60))
def test_any_cell_of_an_ictrp_export_may_hold_anything(column, text):
    data = as_csv(TRIAL | {column: text}, TRIAL)
    check(ictrp.stream_csv(io.BytesIO(data), "S1"))


@ANY_SIZE
@given(data=st.data())
def test_any_line_of_an_xml_study_may_go(data):
    lines = STUDY.splitlines(keepends=True)
    gone = data.draw(st.integers(0, len(lines) - 1))
    text = "".join(line for number, line in enumerate(lines) if number != gone)
    check(ctgov_xml.stream(io.BytesIO(text.encode()), "S1"))


@pytest.mark.parametrize("shape", list(STREAMS))
@ANY_SIZE
@given(data=st.data())
def test_any_bytes_may_be_cut_or_changed(shape, data):
    stream, whole = STREAMS[shape]
    made = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(made) - 1))
        made[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    cut = data.draw(st.integers(0, len(made)))
    kept = bytes(made[:cut] if data.draw(st.booleans()) else made)
    try:
        for item in stream(io.BytesIO(kept), "S1"):
            assert isinstance(item, Record) or item.reason
    except TrialDataError:
        pass  # refused as a whole, with its reason
