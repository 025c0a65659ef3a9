"""Record text made safe for the place it goes to: Markdown, HTML, Typst, YAML, CSV.

Registry text may hold markup, formulas or control characters. It comes out as the
characters a reader sees, at every border and nowhere else.
"""

from __future__ import annotations

import html
import json
import re

#: Classes of an HTML element whose dollar signs MathJax leaves alone, in JupyterLab and
#: in the classic notebook.
NO_MATH = "mathjax_ignore tex2jax_ignore"
#: How tables write a value that no source states; muted where the renderer can.
MISSING = "*not stated*"

# Controls, zero-width and bidirectional marks: invisible, and able to reorder a line.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")
_STEERING = re.compile(f"{_INVISIBLE.pattern}|[\x0b-\x0d]")
# Pandoc reads a backslash before any ASCII punctuation as that character; so does the
# Markdown of JupyterLab. Hyphen, period and parenthesis matter in few places only, and
# dates stay readable in the source where they are left alone, as is a colon between a
# word and a blank, unless the word is what begins the caption of a table.
_MARKUP = re.compile(
    r"[\\`*_{}\[\]<>#|~^$@&\"'=+]|(?<=-)-|-(?=-)|(?<=\.)\.|\.(?=\.)"
    r"|:(?! )|(?<!\w):|(?<=^[Tt][Aa][Bb][Ll][Ee]):"
)
_LIST_START = re.compile(r"^(\(?\w{1,4})([.)])(?=\s|$)|^([-%(])")
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def plain_text(text: object) -> str:
    r"""Return a value as one line of visible text, nothing escaped.

    Examples
    --------
    >>> plain_text("two\n lines\x07 ")
    'two lines'
    """
    return _SPACE.sub(" ", _INVISIBLE.sub("", str(text))).strip()


def terminal_text(text: object) -> str:
    r"""Return a value with a blank for every character that could steer a terminal.

    Line ends stay, and so does the place of every other character: marks that were
    counted in the text still fit.

    Examples
    --------
    >>> terminal_text("a\x1b[31m\nb")
    'a [31m\nb'
    """
    return _STEERING.sub(" ", str(text))


def markdown_text(text: object) -> str:
    r"""Return a value as Markdown that shows exactly its characters, on one line.

    Safe in a paragraph, a heading, a link text and a cell of a pipe table, for pandoc,
    Quarto and JupyterLab alike: no markup, link, citation, shortcode or math comes out.

    Examples
    --------
    >>> print(markdown_text("*1.67 x 10^8* | <b>"))
    \*1.67 x 10\^8\* \| \<b\>
    >>> print(markdown_text("2024-04-23"))
    2024-04-23
    """
    line = _MARKUP.sub(r"\\\g<0>", plain_text(text))
    return _LIST_START.sub(_escape_list_start, line)


def _escape_list_start(found: re.Match[str]) -> str:
    """Break what would open a list, a title block or an example at a line's start."""
    if found[3]:
        return "\\" + found[3]
    return f"{found[1]}\\{found[2]}"


def html_text(text: object) -> str:
    """Return a value as HTML text, safe between tags and in a quoted attribute.

    Examples
    --------
    >>> html_text('<script>"x"</script>')
    '&lt;script&gt;&quot;x&quot;&lt;/script&gt;'
    """
    return html.escape(plain_text(text), quote=True)


def typst_string(text: object) -> str:
    r"""Return a value as a Typst string literal, with its quotation marks.

    Examples
    --------
    >>> print(typst_string('a "b" #c'))
    "a \"b\" #c"
    """
    inner = plain_text(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def yaml_string(text: object) -> str:
    """Return a value as a double-quoted YAML scalar, whatever it looks like.

    Examples
    --------
    >>> yaml_string("title: yes")
    '"title: yes"'
    """
    return json.dumps(plain_text(text), ensure_ascii=False)


def csv_safe(value: object) -> object:
    """Return a value that a spreadsheet cannot take for a formula.

    Text that begins like a formula gets an apostrophe in front, as OWASP advises, and
    so does text that looks as if it had got one: `csv_original` gives every text back.
    Numbers stay numbers, minus sign and all.

    Examples
    --------
    >>> csv_safe("=1+1"), csv_safe("'=1+1"), csv_safe(-5), csv_safe("IV")
    ("'=1+1", "''=1+1", -5, 'IV')
    """
    if isinstance(value, str) and _is_formula(value):
        return "'" + value
    return value


def csv_original(value: str) -> str:
    """Return the text that `csv_safe` made safe.

    Examples
    --------
    >>> csv_original("'=1+1"), csv_original("''=1+1"), csv_original("IV")
    ('=1+1', "'=1+1", 'IV')
    """
    is_marked = value.startswith("'") and _is_formula(value[1:])
    return value[1:] if is_marked else value


def _is_formula(text: str) -> bool:
    """Whether a text begins like a formula, after blanks or after apostrophes."""
    begins = text.lstrip("' ") if text.startswith("'") else text.lstrip(" ")
    return begins.startswith(_FORMULA)
