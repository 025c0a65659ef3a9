"""Text, figures and tables that a notebook shows, captioned at run time.

A caption with a number is known only after its notebook cell has run. So label,
caption, alt text and data go into the output's metadata, from which
`report.render.prepare` makes ordinary Quarto options for both engines.

Rules for a notebook:

* A label is written once, in the call; `if`/`else` around a call needs nothing more.
* `@fig-x` refers to a figure that is always there, `refer` to one that may be missing.
* Text and captions are Markdown; the caller escapes text of records
  (`trialkit.escape`). Alt text is plain text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

from trialkit import brand
from trialkit.errors import ParameterError
from trialkit.escape import markdown_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from trialkit.tables.table import Table

#: Key of our facts in an output's metadata.
METADATA_KEY = "trialkit"

#: Type of a table as data (`tables.pieces.Form`), which only our own writers read.
TABLE_TYPE = "application/vnd.trialkit.table+json"

#: Class of a reference that disappears with its target.
IF_SHOWN = "if-shown"

_KINDS = {"fig": "figure", "tbl": "table", "sec": "section"}
_CALLOUT = re.compile(
    r'^::: \{\.callout-\w+ title="([^"\n]*)"\}\n(.*?)\n:::$', re.DOTALL | re.MULTILINE
)
_IF_SHOWN = re.compile(r"\[([^\[\]]*)\]\{\." + IF_SHOWN + r"\}")
#: Label and classes of a heading.
_ATTRIBUTES = re.compile(r"(?m)^(#{1,6} .*\S) \{[#.][^{}\n]*\}$")
_REFERENCE = re.compile(r"(?<![\w\\@.])@(fig|tbl|sec)-([a-z0-9]+(?:-[a-z0-9]+)*)")
_LABEL = re.compile(r"(?:fig|tbl|sec)-[a-z0-9]+(?:-[a-z0-9]+)*")


class Shown(NamedTuple):
    """Something shown: its forms by MIME type, and the facts for the renderers."""

    data: dict[str, Any]
    facts: dict[str, Any]


#: A text of half width in the Markdown of the renderers.
_HALF = ":::::: {{.half}}\n\n{text}\n\n::::::"

_COLLECTED: ContextVar[list[Shown] | None] = ContextVar("collected", default=None)


def show_title(
    title: str,
    *,
    subtitle: str = "",
    kicker: str = "",
    as_of: str = "",
    facts: Mapping[str, str] | None = None,
    notice: str = "",
    keywords: Iterable[str] = (),
    warnings: Iterable[str] = (),
    paper: str = "a4",
    orientation: str = "portrait",
    lang: str = "en",
    contents: bool = False,
) -> None:
    """Set the report's title, first lines and page format from computed values.

    The values become the executed copy's front matter, so one call near the top of the
    notebook stands for it; in JupyterLab they show as a heading.

    Parameters
    ----------
    title, subtitle
        Plain text; the title is also the document title of the HTML page and the PDF.
    kicker
        What kind of report it is, above the title.
    as_of
        The data cut-off, an ISO date. It is the report's only date.
    facts
        Name and value of what `report.json` states, such as the number of trials.
    notice
        A paragraph at the foot of the first page.
    keywords
        Subject words of the PDF and the HTML page.
    warnings
        Plain sentences that whoever makes or reads the report must know first. Each
        stands in a box before the first section, in `report.json`, and in the terminal.
    paper
        `a4` or `us-letter`.
    orientation
        `portrait` or `landscape`.
    lang
        Language of the text, as in BCP 47.
    contents
        Whether the PDF has a page of contents.

    Raises
    ------
    ParameterError
        If the paper or the orientation is unknown, or `as_of` is not an ISO date.
    """
    _check_choice("paper", paper, ("a4", "us-letter"))
    _check_choice("orientation", orientation, ("portrait", "landscape"))
    if as_of and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", as_of):
        raise ParameterError(f"as_of must be a date like 2026-06-30, not {as_of!r}")
    front = {
        "title": title,
        "subtitle": subtitle,
        "kicker": kicker,
        "date": as_of,
        "facts": dict(facts or {}),
        "notice": notice,
        "keywords": list(keywords),
        "paper": paper,
        "orientation": orientation,
        "lang": lang,
        "contents": contents,
    }
    if told := list(warnings):
        front["warnings"] = told
    lines = [f"# {title}", subtitle]
    lines += [f"- {name}: {value}" for name, value in front["facts"].items()]
    _publish(_markdown("\n\n".join(filter(None, lines))), kind="title", front=front)
    for text in told:
        show_text(f"::: {{.callout-warning}}\n{markdown_text(text)}\n:::")


def show_text(
    *paragraphs: str,
    label: str = "",
    data: str = "",
    details: str = "",
    is_half: bool = False,
) -> None:
    """Show Markdown, such as a sentence with computed numbers or a heading.

    Parameters
    ----------
    *paragraphs
        Pieces of Markdown; a blank line comes between them, empty ones are left out.
    label, data, details
        Name and content of a CSV file that the text ends with a link to, and of one on
        what stands behind its rows.
    is_half
        Whether the text is half a page wide, and stands beside a figure that is.
    """
    text = "\n\n".join(filter(None, paragraphs))
    if text:
        plain = readable(text)
        facts: dict[str, Any] = {} if plain == text else {"markdown": text}
        if is_half:
            facts = {"markdown": _HALF.format(text=text), "classes": ["half"]}
        _publish(_markdown(plain), kind="text", **facts, **_files(label, data, details))


def show_figure(
    axes: Axes,
    *,
    label: str,
    caption: str,
    alt: str,
    data: str = "",
    title: str = "",
    is_half: bool = False,
) -> None:
    """Show a figure under its title and caption, and close it.

    The figure becomes an SVG whose text stays text, so that it can be searched and
    copied in both outputs; its ids are a function of the label alone, so that two runs
    give the same bytes.

    Parameters
    ----------
    axes
        Any axes of the figure.
    label
        `fig-` and a name: what `@fig-name` refers to.
    caption
        Markdown: what is shown, unit, N, exclusions, cut-off, how missing is shown.
    alt
        Plain text that says what the figure shows, for those who cannot see it.
    data
        What the figure is drawn from, as CSV: a report writes it beside its pages.
    title
        Plain text: what the figure shows, in one finding.
    is_half
        Whether the figure is half a page wide, and stands beside its like.

    Raises
    ------
    ParameterError
        If the label is malformed, or the caption or alt text is empty.
    """
    _check(label, "fig", caption=caption, alt=alt)
    caption = _titled(title, caption)
    _publish(_markdown(readable(caption)), kind="caption")
    _publish(
        {"image/svg+xml": _svg_of(axes, label), "text/plain": alt},
        kind="figure",
        label=label,
        caption=_one_line(caption),
        alt=_one_line(alt),
        classes=["half"] if is_half else [],
        **_files(label, data),
    )


def show_table(
    table: Table | str,
    *,
    label: str,
    caption: str,
    landscape: bool = False,
    compact: bool = False,
    data: str = "",
    details: str = "",
    title: str = "",
) -> None:
    """Show a table with its caption.

    Parameters
    ----------
    table
        A table of `trialkit.tables`, or Markdown.
    label
        `tbl-` and a name: what `@tbl-name` refers to.
    caption
        Markdown.
    landscape, compact
        Whether the table stands on a turned page in the PDF; whether it is set small
        and close there, one line a row.
    data, details
        What the table shows, or more of it, and what stands behind its rows, as CSV.
    title
        Plain text: what the table shows, in one finding.

    Raises
    ------
    ParameterError
        If the label is malformed or the caption is empty.
    """
    _check(label, "tbl", caption=caption)
    caption = _titled(title, caption)
    text = table if isinstance(table, str) else table._repr_markdown_()
    form = getattr(table, "form", lambda: None)()
    _publish(_markdown(readable(caption)), kind="caption")
    _publish(
        _markdown(text) | ({TABLE_TYPE: form} if form else {}),
        kind="table",
        label=label,
        caption=_one_line(caption),
        classes=["landscape"] * landscape + ["compact"] * compact,
        **_files(label, data, details),
    )


def refer(label: str, text: str = "{}") -> str:
    """Return Markdown that refers to a figure, table or section if it is shown.

    Parameters
    ----------
    label
        What is referred to, such as `fig-phase-by-route`.
    text
        The words around the reference, which stands at `{}`. They are left out
        together with it.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> refer("fig-phase", " (see {})")
    '[ (see @fig-phase)]{.if-shown}'
    """
    if not _LABEL.fullmatch(label):
        raise ParameterError(f"{label!r} is not a label such as fig-routes")
    return f"[{text.format('@' + label)}]{{.{IF_SHOWN}}}"


def readable(text: str) -> str:
    r"""Return Markdown for JupyterLab: boxes as quotes, references as words.

    Examples
    --------
    >>> readable("See @fig-phase-by-route.")
    'See figure “phase by route”.'
    >>> print(readable('::: {.callout-note title="Notice"}\nNo advice.\n:::'))
    > **Notice**
    >
    > No advice.
    """
    text = _CALLOUT.sub(_as_quote, text)
    text = _IF_SHOWN.sub(r"\1", _ATTRIBUTES.sub(r"\1", text))
    return _REFERENCE.sub(_in_words, text)


def _as_quote(found: re.Match[str]) -> str:
    lines = [f"**{found[1]}**", "", *found[2].strip().splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _in_words(found: re.Match[str]) -> str:
    return f"{_KINDS[found[1]]} “{found[2].replace('-', ' ')}”"


def _check(label: str, prefix: str, **words: str) -> None:
    if not (_LABEL.fullmatch(label) and label.startswith(prefix + "-")):
        raise ParameterError(
            f"label {label!r} must be {prefix}- and lower-case words joined by hyphens"
        )
    for name, value in words.items():
        if not value.strip():
            raise ParameterError(f"{label} has an empty {name}")


def _check_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ParameterError(f"{name} must be {' or '.join(allowed)}, not {value!r}")


def _titled(title: str, caption: str) -> str:
    """Return a caption that begins with its title in bold."""
    return f"**{markdown_text(title)}** {caption}" if title else caption


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _files(label: str, data: str, details: str = "") -> dict[str, Any]:
    rows = (("data", label, data), ("details", f"{label}-details", details))
    return {kind: {"file": f"{n}.csv", "text": text} for kind, n, text in rows if text}


def _svg_of(axes: Axes, label: str) -> str:
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    figure = axes.get_figure(root=True)
    if figure is None:
        raise ParameterError(f"the axes of {label} belong to no figure")
    buffer = io.StringIO()
    # In the brand's style too: some of the layout is done only now.
    with brand.style(), mpl.rc_context({"svg.hashsalt": label}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    # Jupyter's inline backend would show an open figure a second time.
    plt.close(figure)
    return buffer.getvalue()


def _markdown(text: str) -> dict[str, Any]:
    return {"text/markdown": text, "text/plain": text}


@contextmanager
def collect() -> Iterator[list[Shown]]:
    """Collect what the block shows, for a widget that shows it later.

    Examples
    --------
    >>> with collect() as shown:
    ...     show_text("Two trials.")
    >>> shown[0].data["text/markdown"], shown[0].facts
    ('Two trials.', {'kind': 'text'})
    """
    shown: list[Shown] = []
    token = _COLLECTED.set(shown)
    try:
        yield shown
    finally:
        _COLLECTED.reset(token)


def _publish(bundle: Mapping[str, Any], **facts: Any) -> None:
    collected = _COLLECTED.get()
    if collected is not None:
        collected.append(Shown(dict(bundle), facts))
        return
    from IPython.display import display

    display(dict(bundle), raw=True, metadata={METADATA_KEY: facts})
