"""The CSV data behind figures and tables: files beside the report, and links to them.

The HTML page is passed on alone, so its links hold the files themselves.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from trialkit.report.display import METADATA_KEY

#: Bytes from which a file goes into the page zipped.
_ZIP_FROM = 30_000
#: The earliest date of a zip: the day of the run has no place in a report.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CAPTION_LINK = re.compile(r" Data: \[[^\]]*\]\([^)]*\)\.\Z")
_LINK = re.compile(rb'href="([^"]*-data/[a-z0-9-]+\.csv)"')


def path_of(name: str, file: str) -> str:
    """Return the path of a data file beside its report."""
    return f"{name}-data/{file}"


def data_files(notebook: Mapping[str, Any], *, name: str) -> dict[str, bytes]:
    """Return the data files of an executed notebook by their path beside the report."""
    files: dict[str, bytes] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            facts = output.get("metadata", {}).get(METADATA_KEY, {})
            for file in filter(None, map(facts.get, ("data", "details"))):
                # A byte-order mark lets spreadsheets read accents.
                content = file["text"].encode("utf-8-sig")
                files[path_of(name, file["file"])] = content
    return files


def data_link(name: str, file: str) -> str:
    """Return the Markdown that ends a caption with a link to the data."""
    return f"Data: [{file}]({quote(path_of(name, file))})."


def without_data_link(caption: str) -> str:
    """Return a caption without the link that `data_link` ends it with."""
    return _CAPTION_LINK.sub("", caption)


def embed(page: bytes, files: Mapping[str, bytes]) -> bytes:
    """Return an HTML page whose links to data files hold the files."""

    def held(found: re.Match[bytes]) -> bytes:
        path = unquote(found[1].decode("utf-8"))
        return _held(path, files[path]) if path in files else found[0]

    return _LINK.sub(held, page)


def _held(path: str, content: bytes) -> bytes:
    name, kind = path.rsplit("/", 1)[-1], "text/csv;charset=utf-8"
    if len(content) > _ZIP_FROM:
        content = _zipped(name, content)
        name, kind = f"{name}.zip", "application/zip"
    text = base64.b64encode(content).decode("ascii")
    return f'download="{name}" href="data:{kind};base64,{text}"'.encode()


def _zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        file.writestr(entry, content)
    return buffer.getvalue()
