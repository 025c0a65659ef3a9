"""`python -m benchmarks.downloads [--pages N] [--size N] [--bytes N]`: memory and pace.

A server on 127.0.0.1 makes up pages of studies; `trialkit fetch` downloads them without
a pause, in a process of its own, of which the peak memory is measured. A download is
limited by the pace of one request a second as long as a page takes less than that.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from benchmarks.measure import measured

_DAY = "2026-08-19"
_VERSION = b'{"apiVersion":"2.0.5","dataTimestamp":"%sT09:00:06"}' % _DAY.encode()
#: Random text packs as badly as a record's: it is cut from this at other places.
_NOISE = os.urandom(1 << 20).hex().encode()


def _study(number: int, n_bytes: int) -> bytes:
    at = number * 7919 % (len(_NOISE) - n_bytes)
    return (
        b'{"protocolSection":{"identificationModule":{"nctId":"NCT%08d"},'
        b'"descriptionModule":{"detailedDescription":"%s"}},"derivedSection":'
        b'{"miscInfoModule":{"versionHolder":"%s"}},"hasResults":false}'
    ) % (number, _NOISE[at : at + n_bytes], _DAY.encode())


def _server(n_pages: int, size: int, n_bytes: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = _VERSION if parts.path.endswith("version") else self._page(parts)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _page(self, parts) -> bytes:
            token = parse_qs(parts.query).get("pageToken", ["0"])[0]
            page = int(token)
            numbers = range(page * size, (page + 1) * size)
            studies = b",".join(_study(number, n_bytes) for number in numbers)
            total = b'"totalCount":%d,' % (n_pages * size) if page == 0 else b""
            more = page + 1 < n_pages
            after = b',"nextPageToken":"%d"' % (page + 1) if more else b""
            return b'{%s"studies":[%s]%s}' % (total, studies, after)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def main() -> None:
    """Download, and print what it took."""
    parser = argparse.ArgumentParser(prog="benchmarks.downloads", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--size", type=int, default=600, help="studies a page")
    parser.add_argument("--bytes", type=int, default=17_000, help="a study")
    given = parser.parse_args()
    server = _server(given.pages, given.size, given.bytes)
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}/api/v2"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "made"
        options = ["--advanced", "ALL", "--yes", "--pace", "0", "--base-url", base]
        command = [sys.executable, "-m", "trialkit", "fetch", *options, "--out", out]
        seconds, peak_mib = measured([*map(str, command)])
        n_bytes = sum(file.stat().st_size for file in out.iterdir())
    n, each = given.pages * given.size, seconds / given.pages
    print(f"{n:,} studies on {given.pages:,} pages, {n * given.bytes / 1e9:.1f} GB")
    print(f"{seconds:,.0f} s, {each:.2f} s a page with the server's own share")
    print(f"peak {peak_mib:.0f} MiB; on disk {n_bytes / 1e9:.1f} GB")


if __name__ == "__main__":
    main()
