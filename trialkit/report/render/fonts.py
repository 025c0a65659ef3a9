"""The typeface of a report: font files for print, cut fonts for the page."""

from __future__ import annotations

import base64
import io
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from trialkit.atomic import write_file
from trialkit.brand import FontFile, font_files
from trialkit.errors import TrialDataError
from trialkit.extras import package_folder

#: Family with the marks and arrows that the typeface lacks.
SYMBOLS = "DejaVu Sans"

# One fixed set for every report, so that the fonts are cut once.
_TEXT_RANGES = (
    range(0x20, 0x7F),  # Basic Latin
    range(0xA0, 0x250),  # Latin-1, Latin Extended-A and -B
    range(0x2B0, 0x300),  # modifier letters
    range(0x370, 0x400),  # Greek
    range(0x1E00, 0x1F00),  # Latin Extended Additional
    range(0x2000, 0x20D0),  # punctuation, superscripts, subscripts, currency
    range(0x2100, 0x2150),  # letterlike
)
_SYMBOL_RANGES = (
    range(0x2150, 0x2300),  # number forms, arrows, mathematical operators
    range(0x25A0, 0x2700),  # geometric shapes, miscellaneous symbols
    range(0x2713, 0x2719),  # ticks and crosses
)


def copy_fonts(folder: Path, more: Iterable[Path] = ()) -> None:
    """Copy the report's fonts into a folder, one file per style."""
    for file in [*(font.path for font in font_files()), *symbol_files(), *more]:
        shutil.copyfile(file, folder / file.name)


def cut_faces(fonts: Iterable[FontFile]) -> str:
    """Return the CSS that embeds fonts, cut to the characters of reports."""
    text = [code for part in _TEXT_RANGES for code in part]
    symbols = [code for part in _SYMBOL_RANGES for code in part]
    faces = [_face(font, [*text, *symbols]) for font in fonts]
    faces += [
        _face(FontFile(path, SYMBOLS, 400, "normal"), symbols)
        for path in symbol_files()
    ]
    return "\n".join(faces)


def font_faces(cut: Callable[[Iterable[FontFile]], str] = cut_faces) -> str:
    """Return the CSS that embeds the report's typeface, from the user's cache."""
    return _kept_faces(font_files(), cut)


@cache
def _kept_faces(
    fonts: tuple[FontFile, ...], cut: Callable[[Iterable[FontFile]], str]
) -> str:
    kept = _kept_file(fonts)
    try:
        return kept.read_text(encoding="ascii")
    except (OSError, ValueError):
        faces = cut(fonts)
    # Without a cache it only takes longer.
    with suppress(TrialDataError), write_file(kept) as part:
        part.write_text(faces, encoding="ascii")
    return faces


def _kept_file(fonts: Iterable[FontFile]) -> Path:
    """Return the cache file, named by a hash of all that determines the cut fonts."""
    digest = sha256(version("fonttools").encode())
    for path in (Path(__file__), *(f.path for f in fonts), *symbol_files()):
        digest.update(path.read_bytes())
    for font in fonts:
        digest.update(f"{font.family} {font.weight} {font.style}".encode())
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "trialkit" / f"fonts-{digest.hexdigest()[:32]}.css"


def symbol_files() -> list[Path]:
    """Return the symbol font of matplotlib, if matplotlib is installed."""
    folder = package_folder("matplotlib")
    file = folder and folder / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    return [file] if file and file.is_file() else []


def _face(font: FontFile, codes: Iterable[int]) -> str:
    data = base64.b64encode(_subset(font.path, codes)).decode("ascii")
    return (
        f'@font-face{{font-family:"{font.family}";font-weight:{font.weight};'
        f"font-style:{font.style};font-display:swap;"
        f'src:url("data:font/woff;base64,{data}") format("woff")}}'
    )


def _subset(path: Path, codes: Iterable[int]) -> bytes:
    from fontTools import subset
    from fontTools.ttLib.tables._n_a_m_e import table__n_a_m_e

    options = subset.Options(
        flavor="woff",
        layout_features=["kern"],
        hinting=False,
        notdef_outline=True,
        recalc_timestamp=False,
    )
    # Digits have one width already; the names would take half the time.
    options.drop_tables += ["GSUB", "name", "FFTM"]
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    # Browsers need this table, be it empty.
    font["name"] = table__n_a_m_e()
    font["name"].names = []
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    font.close()
    return buffer.getvalue()
