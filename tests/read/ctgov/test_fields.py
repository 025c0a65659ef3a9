"""A new field of the API shows: decoding skips what it does not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

KNOWN = Path(__file__).parents[2] / "data" / "ctgov_v2_fields.csv"


def fields_in(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of each value in JSON; members of a list share theirs."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from fields_in(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from fields_in(inner, path)
    else:
        yield path


@pytest.mark.shared
def test_no_field_of_the_real_answer_pages_is_unknown(shared):
    page = (shared / "records/ctgov_v2_api_page_1.json").read_text(encoding="utf-8")
    found = set(fields_in(json.loads(page)["studies"]))
    assert len(found) > 100
    assert found <= set(KNOWN.read_text(encoding="utf-8").split()[1:])
