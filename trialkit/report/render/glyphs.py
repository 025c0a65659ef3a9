"""Characters that the report's typeface lacks.

Fonts of this machine show them in the PDF (CJK fonts are too large to ship). A letter
without a font stands by its number, and a note at the end lists it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trialkit.brand import font_files
from trialkit.plural import counted
from trialkit.report.render.fonts import symbol_files
from trialkit.report.render.pandoc import Node, rewrite

#: Environment variable for a folder of further fonts.
VARIABLE = "TRIALKIT_FONTS"

#: Font folders of the operating systems.
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    r"C:\Windows\Fonts",
)
# Fonts for the scripts of registers, upright and of regular weight.
_NAMES = re.compile(
    r"(Noto ?Sans ?(Mono)?(CJK|SC|TC|JP|KR|HK)|SourceHanSans|wqy|PingFang|Hiragino Sans"
    r"|AppleSDGothic|msyh|msjh|malgun|YuGoth|meiryo|ipag|Droid ?Sans ?Fallback|unifont"
    r"|NotoSans-|NotoSans(Arabic|Hebrew|Thai|Devanagari)|DejaVuSans\.|Arial ?Unicode)",
    re.IGNORECASE,
)
_OTHER_STYLES = re.compile(
    r"bold|black|light|thin|medium|italic|oblique|mono|serif", re.IGNORECASE
)

# Layout to Typst and browsers. A combining mark is drawn; a variation selector is not.
_INVISIBLE = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))


@dataclass(frozen=True)
class Glyphs:
    """Fonts beyond the typeface, and the characters that no font has."""

    families: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    missing: frozenset[str] = frozenset()

    def spell(self, text: str) -> str:
        """Return a text with its missing characters spelled out.

        Examples
        --------
        >>> Glyphs(missing=frozenset("中，")).spell("肝 中，b")
        '肝 ‹U+4E2D›,b'
        """
        return "".join(map(self._spelled, text)) if self.missing else text

    def _spelled(self, character: str) -> str:
        if character not in self.missing:
            return character
        # A full-width comma is a comma.
        usual = unicodedata.normalize("NFKC", character)
        known = usual != character and not any(c in self.missing for c in usual)
        if known and usual.isascii():
            return usual
        return f"‹U+{ord(character):04X}›"

    @property
    def untold(self) -> list[str]:
        """The missing characters that stand by their number, in order."""
        return sorted(c for c in self.missing if self._spelled(c).startswith("‹U+"))


def find_glyphs(texts: Iterable[str]) -> Glyphs:
    """Return what texts need beyond the report's typeface."""
    shown = typeface()
    missing = {
        character
        for character in set().union(*map(set, texts))
        if ord(character) > 0x7F
        and unicodedata.category(character) not in _INVISIBLE
        and character not in _SELECTORS
        and ord(character) not in shown
    }
    families: list[str] = []
    files: list[Path] = []
    candidates = _candidates() if missing else ()
    # One at a time: a Chinese font takes a hundred megabytes.
    for path, (family, codes) in ((p, face) for p in candidates for face in _faces(p)):
        found = {character for character in missing if ord(character) in codes}
        if found:
            families.append(family)
            files.append(path)
            missing -= found
        if not missing:
            break
    return Glyphs(tuple(families), tuple(files), frozenset(missing))


def typeface() -> frozenset[int]:
    """Return the code points of the report's fonts."""
    return _shown_by(font_files()[0].path, *symbol_files())


def symbols() -> frozenset[int]:
    """Return the code points of the symbol font alone."""
    return typeface() - _shown_by(font_files()[0].path)


@cache
def _shown_by(*fonts: Path) -> frozenset[int]:
    faces = (face for path in fonts for face in _faces(path))
    return frozenset(code for _, codes in faces for code in codes)


def spell_nodes(nodes: list[Any], spell: Callable[[str], str]) -> list[Any]:
    """Return a tree with every text spelled out."""

    def spelled(node: Node) -> list[Node] | None:
        kind: str = node["t"]
        content: Any = node.get("c")
        if kind == "Str":
            return [{"t": kind, "c": spell(content)}]
        if kind in ("Code", "CodeBlock", "Math"):
            return [{"t": kind, "c": [content[0], spell(content[1])]}]
        return None

    return rewrite(nodes, spelled, words=True)


def note_on(characters: list[str]) -> Node:
    """Return the box that lists what the PDF could not show."""
    codes = ", ".join(f"U+{ord(character):04X}" for character in characters)
    words = (
        f"For want of a font this PDF gives {counted(len(characters), 'character')} "
        f"by number: {codes}. The HTML page holds all as they are. Fonts that show "
        "them, such as Noto Sans CJK, are used where they are installed or lie in the "
        f"folder that the environment variable {VARIABLE} names."
    )
    inlines: list[Node] = []
    for word in words.split():
        inlines += [{"t": "Str", "c": word}, {"t": "Space"}]
    title = [{"t": "Str", "c": "Characters that could not be shown"}]
    content = [{"t": "Para", "c": inlines[:-1]}]
    return {"t": "TkCallout", "kind": "note", "title": title, "content": content}


def _candidates() -> Iterator[Path]:
    """Yield fonts of this machine in a fixed order."""
    if named := os.environ.get(VARIABLE):
        yield from _fonts_in(Path(named))
    found = [
        path
        for folder in FOLDERS
        for path in _fonts_in(Path(folder).expanduser())
        if _NAMES.search(path.name) and not _OTHER_STYLES.search(path.name)
    ]
    yield from sorted(found, key=lambda path: ("CJK" not in path.name, path.name))


def _fonts_in(folder: Path) -> list[Path]:
    kinds = (".ttf", ".otf", ".ttc", ".otc")
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in kinds)


def _faces(path: Path) -> Iterator[tuple[str, Collection[int]]]:
    """Yield family and code points of each font in a file."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        with path.open("rb") as file:
            if path.suffix.lower() in (".ttc", ".otc"):
                fonts = list(TTCollection(file, lazy=True))
            else:
                fonts = [TTFont(file, lazy=True)]
            while fonts:
                font = fonts.pop(0)
                family = font["name"].getBestFamilyName() or path.stem
                yield family, font.getBestCmap() or {}
    except (TTLibError, OSError, KeyError, AssertionError):
        return
