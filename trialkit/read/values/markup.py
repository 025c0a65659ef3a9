"""HTML that registers leave in their texts."""

from __future__ import annotations

import html
import re

#: A tag's attributes, and its end. `<p or placebo>` and `<upper limit` have neither.
_REST = r"(?:\s+[a-z][a-z:-]{0,30}\s*=[^<>]{0,400}+>|\s*/?>)"
_BLOCKS = "br|p|div|li|ul|ol|tr|table|tbody|hr|h[1-6]|blockquote|dl|dt|dd"
_INLINE = (
    "a|abbr|b|big|center|cite|code|del|em|font|i|img|ins|pre|q|s|small|span|strike"
    r"|strong|sub|sup|td|th|thead|tt|u|var|[a-z]{1,3}\d?:[a-z]{1,30}"
)
_BREAK = re.compile(rf"</?(?:{_BLOCKS}){_REST}", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_INLINE}){_REST}", re.IGNORECASE)
#: A power of ten, which is another number without its mark.
_POWER = re.compile(r"(?<=10)<sup>\s{0,3}(\d{1,2})\s{0,3}</sup>", re.IGNORECASE)
#: Signs that a text holds in HTML's letters, some written so twice over.
ENTITY = r"(?i:&(?:amp;){0,2}(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[\da-f]{1,6});)"
_ENTITY = re.compile(ENTITY)
#: Where one of these stood, words stay apart.
_CELL = re.compile(rf"</?(?:td|th|img){_REST}", re.IGNORECASE)


def without_entities(text: str) -> str:
    """Return text with `'` for `&#39;`, `>` for `&gt;`, and the like."""
    return _ENTITY.sub(_sign, text) if "&" in text else text


def _sign(entity: re.Match[str]) -> str:
    text = entity[0].lower()
    while text != (text := html.unescape(text)):
        pass
    return text.replace("\xa0", " ")


def without_html(text: str) -> str:
    r"""Return text without HTML, each line trimmed, no more than one empty line.

    Only real tags go: `p<0.05`, `<18 years` and `<upper limit` stay.
    """
    if "<" in text or "&" in text:
        # Twice: some exports escape the tags of a register.
        text = html.unescape(_without_tags(text))
        text = _without_tags(text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def breaks(text: str) -> list[str]:
    """Return the pieces of a text between its `<br>`, other tags still in them."""
    return re.split(r"<br\s{0,3}/?>", text, flags=re.IGNORECASE)


def _without_tags(text: str) -> str:
    text = _CELL.sub(" ", _BREAK.sub("\n", _POWER.sub(r"^\1", text)))
    return _TAG.sub("", text)
