"""Colors, typeface and sizes of figures, HTML page and PDF (`reports/_brand.yml`)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from trialkit.errors import MissingExtraError, TrialDataError
from trialkit.extras import need, package_folder
from trialkit.files import text_of, yaml_fault
from trialkit.workspace import reports_dir

#: Environment variable for the brand file.
VARIABLE = "TRIALKIT_BRAND"

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")

# The family in the package `font-source-sans-pro`.
_CARRIED = "Source Sans Pro"


@dataclass(frozen=True)
class FontFile:
    """One file of the typeface."""

    path: Path
    family: str
    weight: int
    style: str


@dataclass(frozen=True)
class Mark:
    """How a group is drawn; the marker repeats what the color says."""

    color: str
    edge: str
    marker: str | tuple[int, ...]


class _File(msgspec.Struct):
    path: str
    weight: int
    style: str


class _Font(msgspec.Struct):
    family: str
    files: list[_File]


class _Marker(msgspec.Struct):
    color: str
    marker: str | tuple[int, ...]


@dataclass(frozen=True)
class Brand:
    """The brand; colors are `#rrggbb`, sizes points or millimetres."""

    colors: Mapping[str, str]
    family: str
    base_size: str
    heading_weight: int
    heading_color: str
    width_mm: float
    half_width_mm: float
    max_height_mm: float
    font_size: float
    small_size: float
    routes: Mapping[str, Mark]
    route_families: Mapping[str, str]
    fonts: tuple[FontFile, ...]


def find(settings: Path | None = None) -> Path:
    """Return the brand file: of the environment, of the settings, or trialkit's own."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    own = settings / "_brand.yml" if settings else None
    return own if own and own.is_file() else _own_file()


@contextmanager
def follow(settings: Path) -> Iterator[None]:
    """Follow the brand of some settings inside the block, in child processes too."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(find(settings).absolute())
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before


def load(path: Path | None = None) -> Brand:
    """Return the brand; each file is read once per process."""
    return _read(path or find())


@cache
def _own_file() -> Path:
    return reports_dir() / "_brand.yml"


@cache
def _read(path: Path) -> Brand:
    need("yaml")
    import yaml

    try:
        raw = yaml.safe_load(text_of(path, "the brand file"))
    except yaml.YAMLError as error:
        raise TrialDataError(f"{path} is not YAML: {yaml_fault(error)}") from None
    try:
        brand = _brand(raw)
    except KeyError as error:
        raise TrialDataError(f"{path.name}: no usable {error.args[0]!r}") from error
    except ValueError as error:
        raise TrialDataError(f"{path.name}: {error}") from error
    if brand.family not in {font.family for font in brand.fonts}:
        raise TrialDataError(
            f"{path.name}: typography has no fonts of its base family {brand.family}"
        )
    return brand


def _brand(raw: Any) -> Brand:
    colors = _colors(raw)
    look = "defaults.trialkit"
    return Brand(
        colors=colors,
        family=_at(raw, "typography.base.family", str),
        base_size=str(_at(raw, "typography.base.size", str | float)),
        heading_weight=_at(raw, "typography.headings.weight", int),
        heading_color=colors[_at(raw, "typography.headings.color", str)],
        width_mm=_at(raw, f"{look}.figure.width-mm", float),
        half_width_mm=_at(raw, f"{look}.figure.half-width-mm", float),
        max_height_mm=_at(raw, f"{look}.figure.max-height-mm", float),
        font_size=_at(raw, f"{look}.figure.font-size-pt", float),
        small_size=_at(raw, f"{look}.figure.small-size-pt", float),
        routes={
            name: _mark(marker, colors)
            for name, marker in _section(raw, f"{look}.routes", _Marker).items()
        },
        route_families={
            name: colors[hue]
            for name, hue in _section(raw, f"{look}.route-families", str).items()
        },
        fonts=tuple(
            FontFile(Path(file.path), font.family, file.weight, file.style)
            for font in _at(raw, "typography.fonts", list[_Font])
            for file in font.files
        ),
    )


def _at(raw: Any, place: str, kind: Any) -> Any:
    """Return the value at `section.key` as the given type."""
    for key in place.split("."):
        raw = _typed(raw, dict[str, Any], place)[key]
    return _typed(raw, kind, place)


def _section(raw: Any, place: str, kind: Any) -> dict[str, Any]:
    """Return the values of a section by key, each as the given type."""
    section = _at(raw, place, dict[str, Any])
    return {key: _typed(v, kind, f"{place}.{key}") for key, v in section.items()}


def _typed(value: Any, kind: Any, place: str) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"a section is missing or of another kind ({place}: {error}); compare it "
            "with the reports/_brand.yml of a new workspace"
        ) from error


def _colors(raw: Any) -> dict[str, str]:
    """Return the colors of palette and theme by name."""
    palette = _section(raw, "color.palette", str)
    theme = _section({"color": {**raw["color"], "palette": ""}}, "color", str)
    del theme["palette"]
    colors = palette | {
        k: v if v.startswith("#") else palette[v] for k, v in theme.items()
    }
    for name, value in colors.items():
        if not _COLOR.fullmatch(value):
            raise ValueError(f"the color {name} must be #rrggbb, not {value!r}")
    return colors


def _mark(marker: _Marker, colors: Mapping[str, str]) -> Mark:
    color = colors[marker.color]
    # A pale fill needs a dark outline.
    edge = colors["slate"] if luminance(color) > 0.45 else color
    return Mark(color, edge, marker.marker)


def luminance(color: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, 1.4.3)."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(fill: str) -> str:
    """Return white or ink, whichever has more contrast on a fill."""
    ink, ground = color("ink"), luminance(fill) + 0.05
    return "#ffffff" if 1.05 / ground > ground / (luminance(ink) + 0.05) else ink


def tint(color: str, weight: float) -> str:
    """Return a color mixed with white; weight 1 is the color itself."""
    mixed = (round(255 + (int(color[i : i + 2], 16) - 255) * weight) for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def color(name: str) -> str:
    """Return a color of the brand as `#rrggbb`."""
    colors = load().colors
    if name not in colors:
        raise TrialDataError(
            f"the brand has no color {name!r}; it has {', '.join(colors)}"
        )
    return colors[name]


def route_mark(route_group: str) -> Mark:
    """Return how a route group is drawn; "Other route" if the brand lacks it."""
    routes = load().routes
    return routes.get(route_group, routes["Other route"])


def font_files(path: Path | None = None) -> tuple[FontFile, ...]:
    """Return the font files: in `fonts` beside the brand file, or of the package."""
    return fonts_of(path or find())


@cache
def fonts_of(brand: Path) -> tuple[FontFile, ...]:
    """Return the font files of a brand file."""
    fonts = load(brand).fonts
    return tuple(replace(font, path=_font_file(font, brand)) for font in fonts)


def _font_file(font: FontFile, brand: Path) -> Path:
    file = brand.parent / "fonts" / font.path.name
    if file.is_file():
        families = _families(file)
    else:
        file, families = _carried_fonts() / font.path.name, [_CARRIED]
    if not file.is_file():
        raise TrialDataError(
            f"{brand} names the font {font.path}, which is neither in the folder fonts "
            "beside it nor in the package font-source-sans-pro"
        )
    if font.family not in families:
        held = (
            f"of the family {families[0]}" if families else "no whole TTF or OTF file"
        )
        raise TrialDataError(
            f"{brand} names {font.path} for the family {font.family}; it is {held}"
        )
    return file


def _families(file: Path) -> list[str]:
    """Return the family names inside a font, none if it is not a whole font."""
    need("fontTools")
    from fontTools.ttLib import TTFont

    try:
        with file.open("rb") as handle, TTFont(handle, lazy=True) as font:
            if font.flavor:  # a web font, which Typst refuses
                return []
            # A truncated file fails here.
            for tag in font.keys():
                if tag != "GlyphOrder":
                    font.getTableData(tag)
            names = (font["name"].getDebugName(code) for code in (16, 1))
            return [name for name in names if name]
    # Other content fails in many ways.
    except Exception:
        return []


def _carried_fonts() -> Path:
    if folder := package_folder("font_source_sans_pro"):
        return folder / "files"
    raise MissingExtraError(
        'the typeface is missing; install it with: pip install "trialkit[report]"'
    )


@cache
def _common_style(fonts: tuple[FontFile, ...]) -> dict[Any, Any]:
    """Let matplotlib measure the reports' fonts; return what all brands share."""
    import matplotlib as mpl
    from matplotlib.font_manager import fontManager

    for font in fonts:
        fontManager.addfont(font.path)
    path = Path(__file__).parent / "data" / "figures.mplstyle"
    return dict(mpl.rc_params_from_file(path, use_default_template=False))


@contextmanager
def style() -> Iterator[None]:
    """Draw in the brand's style inside the block."""
    need("matplotlib")
    import matplotlib as mpl

    brand = load()
    names = ("ink", "slate", "rule", "grid", "white")
    ink, slate, rule, grid, white = (brand.colors[name] for name in names)
    own: dict[Any, Any] = {
        # The second family has what the typeface lacks.
        "font.family": [brand.family, "sans-serif"],
        "font.size": brand.font_size,
        "axes.labelsize": brand.font_size,
        "ytick.labelsize": brand.font_size,
        "xtick.labelsize": brand.small_size,
        "legend.fontsize": brand.small_size,
        **dict.fromkeys(("text.color", "ytick.labelcolor"), ink),
        **dict.fromkeys(("axes.labelcolor", "xtick.labelcolor"), slate),
        **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color"), rule),
        **dict.fromkeys(("figure.facecolor", "savefig.facecolor"), white),
        "grid.color": grid,
    }
    with mpl.rc_context(_common_style(font_files()) | own):
        yield
