"""Make `docs/report.png`: three pages of the example landscape, for the README.

Run it as `python docs/make_picture.py`; it needs poppler's tools.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from trialkit.report.run import run_report

#: Words of the captions whose pages are shown: the strip, the sources, the years.
CAPTIONS = (
    "The landscape: one row per trial",
    "Trials by cell source and route",
    "Trials that started per year",
)
DPI = 62
GAP = 12


def page_of(pdf: Path, caption: str, folder: Path) -> Image.Image:
    """Return the page of a PDF that holds a caption, as a picture."""
    done = subprocess.run(  # noqa: S603
        ["pdftotext", "-layout", str(pdf), "-"],  # noqa: S607
        capture_output=True,
        check=True,
    )
    texts = done.stdout.decode().split("\f")
    number = next(n for n, text in enumerate(texts, 1) if caption in text)
    stem = folder / f"page-{number}"
    pages = ["-f", str(number), "-l", str(number), "-singlefile"]
    subprocess.run(  # noqa: S603
        ["pdftoppm", "-png", "-r", str(DPI), *pages, str(pdf), str(stem)],  # noqa: S607
        check=True,
    )
    return Image.open(stem.with_suffix(".png")).convert("RGB")


def main() -> None:
    """Make the report, take its pages, put them side by side."""
    with tempfile.TemporaryDirectory() as folder:
        made = run_report(out=folder, formats=("pdf",), engine="embedded")
        pages = [
            page_of(made.paths["pdf"], caption, Path(folder)) for caption in CAPTIONS
        ]
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
