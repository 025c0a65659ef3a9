"""HTML and PDF by the pandoc and typst that come in wheels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from trialkit.report.render.assemble import assemble
from trialkit.report.render.cover import Cover, read_cover
from trialkit.report.render.document import Document, build
from trialkit.report.render.prepare import read_front_matter
from trialkit.version import installed


class Embedded:
    """The engine that needs nothing but wheels."""

    name = "embedded"

    def render(
        self,
        notebook: Mapping[str, Any],
        formats: Iterable[str],
        *,
        folder: Path,
    ) -> dict[str, bytes]:
        """Return the report as bytes in each format."""
        cover = read_cover(read_front_matter(notebook))
        document = build(assemble(notebook), folder=folder)
        # Both mostly wait for other programs.
        with ThreadPoolExecutor() as pool:
            jobs = {k: pool.submit(_WRITERS[k], document, cover) for k in formats}
            return {kind: job.result() for kind, job in jobs.items()}

    def versions(self) -> Mapping[str, str | None]:
        """Return the versions of pandoc, typst and the font cutter."""
        return installed(("pypandoc-binary", "typst", "fonttools"))


def _html(document: Document, cover: Cover) -> bytes:
    from trialkit.report.render.html import write_html

    return write_html(document, cover).encode("utf-8")


def _pdf(document: Document, cover: Cover) -> bytes:
    from trialkit.report.render.pdf import write_pdf

    return write_pdf(document, cover)


_WRITERS: dict[str, Callable[[Document, Cover], bytes]] = {"html": _html, "pdf": _pdf}
