"""The colors, the typeface and the sizes of everything drawn (`reports/_brand.yml`).

Figures, the HTML page and the PDF read the same file, so that a change of color there
changes all three. Nothing here touches a user's matplotlib settings: `style` is a
context.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from trialkit.errors import MissingExtraError, TrialDataError
from trialkit.extras import need
from trialkit.files import text_of, yaml_fault
from trialkit.workspace import reports_dir

#: Environment variable that names a workspace's own brand file.
VARIABLE = "TRIALKIT_BRAND"

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")

# The family of the package that carries the typeface.
_CARRIED = "Source Sans Pro"

#: How every figure and table writes a value that no source gives.
NOT_STATED = "Not stated"


@dataclass(frozen=True)
class FontFile:
    """One file of the typeface, and the weight and style it is for."""

    path: Path
    family: str
    weight: int
    style: str


@dataclass(frozen=True)
class Mark:
    """How one group is drawn: the marker and the hatch double what the color says."""

    color: str
    edge: str
    marker: str | tuple[int, ...]
    hatch: str | None


@dataclass(frozen=True)
class Brand:
    """What the brand file says; colors are `#rrggbb`, sizes points or millimetres."""

    colors: Mapping[str, str]
    family: str
    base_size: str
    line_height: float
    heading_weight: int
    heading_color: str
    width_mm: float
    max_height_mm: float
    font_size: float
    small_size: float
    routes: Mapping[str, Mark]
    families: Mapping[str, str]
    fonts: tuple[FontFile, ...]


def find(settings: Path | None = None) -> Path:
    """Return the brand file to follow."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    own = settings / "_brand.yml" if settings else None
    return own if own and own.is_file() else _own_file()


@contextmanager
def follow(settings: Path) -> Iterator[None]:
    """Let all that is made inside the `with` block follow the brand of some settings.

    The environment tells it to the processes that are started there too, such as the
    kernel of a notebook.
    """
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
    except (TypeError, AttributeError) as error:
        raise TrialDataError(
            f"{path.name}: a section is missing or of another kind; compare it with "
            "the reports/_brand.yml of a new workspace"
        ) from error
    if brand.family not in {font.family for font in brand.fonts}:
        raise TrialDataError(
            f"{path.name}: typography has no fonts of its base family {brand.family}"
        )
    return brand


def _brand(raw: dict[str, Any]) -> Brand:
    colors = _colors(raw["color"])
    type_, ours = raw["typography"], raw["defaults"]["trialkit"]
    figure = ours["figure"]
    return Brand(
        colors=colors,
        family=type_["base"]["family"],
        base_size=str(type_["base"]["size"]),
        line_height=float(type_["base"]["line-height"]),
        heading_weight=int(type_["headings"]["weight"]),
        heading_color=colors[type_["headings"]["color"]],
        width_mm=float(figure["width-mm"]),
        max_height_mm=float(figure["max-height-mm"]),
        font_size=float(figure["font-size-pt"]),
        small_size=float(figure["small-size-pt"]),
        routes={name: _mark(spec, colors) for name, spec in ours["routes"].items()},
        families={name: colors[hue] for name, hue in ours["families"].items()},
        fonts=tuple(
            FontFile(
                Path(file["path"]), font["family"], int(file["weight"]), file["style"]
            )
            for font in type_["fonts"]
            for file in font["files"]
        ),
    )


def _colors(section: dict[str, Any]) -> dict[str, str]:
    """Return palette and theme colors by name, references followed."""
    palette = dict(section["palette"])
    theme = {key: value for key, value in section.items() if key != "palette"}
    colors = palette | {
        k: v if v.startswith("#") else palette[v] for k, v in theme.items()
    }
    for name, value in colors.items():
        if not _COLOR.fullmatch(value):
            raise ValueError(f"the color {name} must be #rrggbb, not {value!r}")
    return colors


def _mark(spec: dict[str, Any], colors: Mapping[str, str]) -> Mark:
    marker, color = spec["marker"], colors[spec["color"]]
    return Mark(
        color=color,
        # Pale fills need a dark outline to stand out from the page.
        edge=colors["slate"] if luminance(color) > 0.45 else color,
        marker=tuple(marker) if isinstance(marker, list) else marker,
        hatch=spec.get("hatch"),
    )


def luminance(color: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, 1.4.3)."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(fill: str) -> str:
    """Return the text color, white or ink, that stands out more on a fill."""
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
    """Return how a route group is drawn, the same in every figure of a report.

    A group that the brand file does not list is drawn as "Other route" rather than
    left out.
    """
    routes = load().routes
    return routes.get(route_group, routes["Other route"])


def font_files(path: Path | None = None) -> tuple[FontFile, ...]:
    """Return the typeface's files: a workspace's own, or those of the package.

    A font that the brand file names is looked for in the folder `fonts` beside it, then
    in the package that carries the usual typeface.
    """
    return fonts_of(path or find())


@cache
def fonts_of(brand: Path) -> tuple[FontFile, ...]:
    """Return the typeface's files of one brand file."""
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
    """Return the family that a font names itself of, nothing if it is no whole font."""
    need("fontTools")
    from fontTools.ttLib import TTFont

    try:
        with file.open("rb") as handle, TTFont(handle, lazy=True) as font:
            if font.flavor:  # a web font, which Typst does not take
                return []
            # Of a file that is cut off a table cannot be read.
            for tag in font.keys():
                if tag != "GlyphOrder":
                    font.getTableData(tag)
            names = (font["name"].getDebugName(code) for code in (16, 1))
            return [name for name in names if name]
    # A file of other content fails in many ways.
    except Exception:
        return []


def _carried_fonts() -> Path:
    spec = find_spec("font_source_sans_pro")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError(
            'the typeface is missing; install it with: pip install "trialkit[report]"'
        )
    return Path(next(iter(spec.submodule_search_locations))) / "files"


@cache
def _register(fonts: tuple[FontFile, ...]) -> None:
    """Let matplotlib measure text with the very files that the reports embed."""
    from matplotlib.font_manager import fontManager

    for font in fonts:
        fontManager.addfont(font.path)


@contextmanager
def style() -> Iterator[None]:
    """Draw in the brand's style inside the `with` block, and nowhere else.

    Text in SVG stays text (`svg.fonttype: none`): it can be selected and searched, and
    the renderers embed each font once per document instead of outlines once per
    figure. That is right only because matplotlib, the HTML page and typst all use the
    same files; hinting is off so that the widths measured are the widths printed.
    """
    need("matplotlib")
    import matplotlib as mpl

    _register(font_files())
    with mpl.rc_context(_settings()):
        yield


def _settings() -> dict[Any, Any]:
    brand = load()
    ink, slate = brand.colors["ink"], brand.colors["slate"]
    return {
        # The second family only catches what the typeface lacks, and a page without it.
        "font.family": [brand.family, "sans-serif"],
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": brand.font_size,
        "text.color": ink,
        "text.hinting": "none",
        "text.parse_math": False,  # a "$" in a record's text is a dollar sign
        "axes.unicode_minus": True,
        "axes.labelsize": brand.font_size,
        "axes.labelcolor": slate,
        "axes.edgecolor": brand.colors["rule"],
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": False,
        "grid.color": brand.colors["grid"],
        "grid.linewidth": 0.6,
        "xtick.color": brand.colors["rule"],
        "ytick.color": brand.colors["rule"],
        "xtick.labelcolor": slate,
        "ytick.labelcolor": ink,
        "xtick.labelsize": brand.small_size,
        "ytick.labelsize": brand.font_size,
        "xtick.major.size": 2.5,
        "ytick.major.size": 0,
        "xtick.major.width": 0.6,
        "legend.frameon": False,
        "legend.fontsize": brand.small_size,
        "hatch.linewidth": 0.5,
        "lines.solid_capstyle": "butt",
        "figure.facecolor": brand.colors["white"],
        "savefig.facecolor": brand.colors["white"],
        "svg.fonttype": "none",
        "svg.hashsalt": "trialkit",
        "pdf.fonttype": 42,
    }
