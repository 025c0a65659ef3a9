"""An SVG in a page keeps to itself."""

import pytest
from lxml import etree

from tests.sample_report import SVG
from trialkit.errors import ReportError
from trialkit.report.render.svg import inline_svg, svg_size

HREF = "{http://www.w3.org/1999/xlink}href"


def svg(inner):
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</svg>'
    ).encode()


def test_ids_and_what_refers_to_them_get_the_prefix():
    root = etree.fromstring(inline_svg(SVG.encode(), prefix="fig-a", alt="Bars"))

    ids = {e.get("id") for e in root.iter() if e.get("id")}
    assert ids == {"fig-a-clip", "fig-a-bar"}
    assert root.find(".//{*}g").get("clip-path") == "url(#fig-a-clip)"
    assert root.find(".//{*}use").get(HREF) == "#fig-a-bar"


def test_what_draws_nothing_is_left_out_and_what_draws_stays():
    font = "font-family: 'Source Sans Pro', sans-serif; "
    drawn = svg(
        f'<g id="x"> <text style="{font}fill: #1b2733" x="0.123456" y="7"'
        ' transform="rotate(-0 0.123456 7)">A b</text> </g>'
        f'<text style="{font}fill: red" transform="rotate(-90 1 2)">C</text>'
        '<path d="M 1.006 143.149606 L 10.0001 0"/>'
    )
    root = etree.fromstring(inline_svg(drawn, prefix="a", alt=""))
    first, turned = root.iter("{*}text")
    assert dict(first.attrib) == {"style": "fill: #1b2733", "x": "0.12", "y": "7"}
    assert turned.get("transform") == "rotate(-90 1 2)"
    assert root.get("style") == font
    assert root.find(".//{*}path").get("d") == "M 1.01 143.15 L 10 0"
    assert root.find(".//{*}g").attrib == {}
    assert "".join(root.itertext()) == "A bC"


def test_it_has_a_name_for_those_who_cannot_see_it():
    root = etree.fromstring(inline_svg(SVG.encode(), prefix="a", alt='Two "bars" <'))

    assert (root.get("role"), root.get("aria-label")) == ("img", 'Two "bars" <')


def test_a_style_for_everything_becomes_the_roots_own():
    root = etree.fromstring(inline_svg(SVG.encode(), prefix="a", alt=""))

    assert root.get("style") == "stroke-linejoin: round"
    assert root.find(".//{*}style") is None


def test_what_could_act_or_leave_the_page_is_taken_out():
    hostile = svg(
        '<script>alert(1)</script><g onload="alert(1)"><text>kept</text></g>'
        "<foreignObject><p/></foreignObject><style>@import url(x.css)</style>"
        '<a xlink:href="javascript:alert(1)"/><image href="https://x.org/a.png"/>'
        '<image href="data:image/png;base64,AA"/><?php x?><!-- c -->'
    )
    out = inline_svg(hostile, prefix="a", alt="")

    for word in ("script", "onload", "foreignObject", "style", "x.org", "php", "<!--"):
        assert word not in out
    assert "kept" in out
    assert "data:image/png" in out


def test_an_entity_is_not_resolved():
    bomb = b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + svg("&a;")

    assert "DOCTYPE" not in inline_svg(bomb, prefix="a", alt="")


@pytest.mark.parametrize("data", [b"", b"not xml", b"<html/>", b"\x89PNG"])
def test_what_is_no_svg_is_refused(data):
    with pytest.raises(ReportError, match="the image a is no SVG"):
        inline_svg(data, prefix="a", alt="")


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        ('width="360pt"', 'height="3pt"', (360, 3)),
        ('width="96px"', 'height="96"', (72, 72)),
        ('width="96"', "", None),
        ("", 'height="3"', None),
    ],
)
def test_the_size_is_in_points(width, height, size):
    assert svg_size(f"<svg {width} {height}/>".encode()) == size
