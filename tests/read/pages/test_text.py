"""Saved pages as one stream of lines with offsets, from .txt and from .html."""

from __future__ import annotations

import pytest

from trialkit.errors import TrialDataError
from trialkit.read.pages.text import is_html, page_of


def lines(text: str) -> list[str]:
    return [line.text for line in page_of(text).lines]


def test_lines_of_a_text_are_stripped_and_know_their_place():
    page = page_of("  Title \r\n\r\n\tNCT ID: x\r\n• last")

    assert [line.text for line in page.lines] == ["Title", "NCT ID: x", "• last"]
    assert page.text == "  Title \r\n\r\n\tNCT ID: x\r\n• last"
    for line in page.lines:
        assert page.text[line.start : line.end] == line.text


def test_html_becomes_one_line_per_block_without_the_frame():
    page = page_of(
        "<!doctype html><html><head><title>no</title><style>no</style></head><body>"
        "<nav>no</nav><script>no</script><h1>A &amp; B</h1>tail<p>one<br>two <b>x</b>"
        "<ul><li>three</li><li> </li></ul><table><tr><th>k</th><td>v</td></tr></table>"
        "<button>no</button><template>no</template><i aria-hidden=true>no</i>"
        "<p>four<!-- no --> five</p><footer>no</footer></body></html>"
    )

    expected = ["A & B", "tail", "one", "two x", "three", "k", "v", "four five"]
    assert [line.text for line in page.lines] == expected
    assert page.text == "\n".join(expected)
    for line in page.lines:
        assert page.text[line.start : line.end] == line.text


def test_badges_stay_apart_words_stay_whole_and_powers_stay_powers():
    page = (
        "<html><body><p><span>Liver Failure</span><span>Stroke</span></p>"
        "<p><b>NCT ID</b><a href=x>NCT09900001</a></p>"
        "<p>CiPS<b>-BAL</b> 1 × 10<sup>8</sup>/m<sup>2</sup></p></body></html>"
    )

    assert lines(page) == [
        "Liver Failure Stroke",
        "NCT ID NCT09900001",
        "CiPS-BAL 1 × 10^8/m2",
    ]


def test_markup_in_text_is_text():
    page = "<html><body><p>&lt;script&gt;alert(1)&lt;/script&gt; #let x = 1</p></body>"

    assert lines(page) == ["<script>alert(1)</script> #let x = 1"]


@pytest.mark.parametrize(
    ("head", "site"),
    [
        ('<link rel="canonical" href="https://www.a.org/x">', "a.org"),
        ('<meta property="og:url" content="http://b.org/x">', "b.org"),
        ('<link rel="canonical" href="/relative">', None),
        ('<link rel="canonical" href="http://[broken">', None),
        ("", None),
    ],
)
def test_the_site_is_what_the_html_says(head, site):
    assert page_of(f"<html><head>{head}</head><body>x</body></html>").site == site


def test_the_site_of_a_page_saved_by_a_browser():
    text = "<!-- saved from url=(0023)https://www.c.org/a/b --><html><body>x</body>"

    assert page_of(text).site == "c.org"


def test_html_that_is_cut_is_read_and_said_to_be_cut():
    page = page_of("<html><body><p>one</p><p>tw")

    assert [line.text for line in page.lines] == ["one", "tw"]
    assert page.is_cut
    assert not page_of("<html><body>x</body></html>\n").is_cut


def test_what_is_html():
    assert is_html("\n<!-- x -->\n<!DOCTYPE html><p>")
    assert is_html('<?xml version="1.0" encoding="utf-8"?><html xmlns="x">')
    assert not is_html("Title\n<html> is a word")
    assert not is_html("")


def test_declared_xml_encoding_does_not_break_the_parser():
    text = '<?xml version="1.0" encoding="latin-1"?><html><body>é</body></html>'

    assert lines(text) == ["é"]


def test_contacts_are_masked_in_place():
    page = page_of("Title\nWrite to a.b@c.org now\nNCT")

    assert page.text == "Title\nWrite to ••••••••• now\nNCT"
    assert page.lines[2].start == 29


def test_empty_html_and_huge_text_are_errors(monkeypatch):
    monkeypatch.setattr("trialkit.read.pages.text.MAX_PAGE_CHARACTERS", 10)
    with pytest.raises(TrialDataError, match="too large for a page"):
        page_of("x" * 11)
