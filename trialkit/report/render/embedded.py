"""HTML and PDF by the pandoc and typst that come in wheels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from trialkit.report.render.assemble import assemble
from trialkit.report.render.cover import read_cover
from trialkit.report.render.document import build
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
        from trialkit.report.render.html import write_html
        from trialkit.report.render.pdf import write_pdf

        cover = read_cover(read_front_matter(notebook))
        document = build(assemble(notebook), folder=folder)
        writers = {"html": write_html, "pdf": write_pdf}
        # Both mostly wait for other programs.
        with ThreadPoolExecutor() as pool:
            jobs = {k: pool.submit(writers[k], document, cover) for k in formats}
            return {kind: job.result() for kind, job in jobs.items()}

    def versions(self) -> Mapping[str, str | None]:
        """Return the versions of pandoc, typst and the font cutter."""
        return installed(("pypandoc-binary", "typst", "fonttools"))
