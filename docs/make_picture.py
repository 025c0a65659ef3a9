"""Make `docs/report.png`: pages 1 to 3 of the example landscape, for the README.

Run it as `python docs/make_picture.py`; it needs poppler's tools.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from trialkit.report.run import run_report

#: The pages that are shown: the answers, all trials, conditions.
PAGES = 3
DPI = 62
GAP = 12


def pages_of(pdf: Path, folder: Path) -> list[Image.Image]:
    """Return the first pages of a PDF as pictures."""
    stem = folder / "page"
    subprocess.run(  # noqa: S603
        ["pdftoppm", "-png", "-r", str(DPI), "-l", str(PAGES), str(pdf), str(stem)],  # noqa: S607
        check=True,
    )
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("*.png"))]


def main() -> None:
    """Make the report, take its pages, put them side by side."""
    with tempfile.TemporaryDirectory() as folder:
        made = run_report(out=folder, formats=("pdf",), engine="embedded")
        pages = pages_of(made.paths["pdf"], Path(folder))
    width = sum(page.width for page in pages) + GAP * (len(pages) + 1)
    height = max(page.height for page in pages) + 2 * GAP
    sheet = Image.new("RGB", (width, height), "#c9d1d9")
    left = GAP
    for page in pages:
        sheet.paste(page, (left, GAP))
        left += page.width + GAP
    sheet.quantize(256, kmeans=2).save(
        Path(__file__).with_name("report.png"), optimize=True
    )


if __name__ == "__main__":
    main()
