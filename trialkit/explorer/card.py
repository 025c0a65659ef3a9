"""One trial as a card in a notebook."""

from __future__ import annotations

import html
from collections.abc import Callable

from trialkit.escape import html_text, markdown_text, terminal_text
from trialkit.explorer.view import ArmView, LabelLine, MarkedPassage, TrialView, view_of
from trialkit.tidy.trials import Trials

# Inline, as a notebook may drop a style sheet; see-through, for light and dark pages.
_CARD = (
    "border:1px solid rgba(128,128,128,.5);border-radius:6px;padding:.8em 1em;"
    "margin:.4em 0;max-width:60em;line-height:1.45"
)
_MARK = (
    "background:rgba(240,190,0,.35);color:inherit;"
    "border-bottom:2px solid rgb(200,140,0);padding:0 .1em"
)
_SECTION = "font-size:85%;opacity:.8;margin:.6em 0 .1em"
#: Heading of passages that are not in the words of a source.
REWRITTEN = "Evidence in the example record, its sentences rewritten"
_QUOTE = "margin:0 0 .2em 1.2em"


class Card:
    """One trial, shown as HTML in a notebook and as Markdown where that is printed.

    Made by `trialkit.card`. Every text of the record is escaped; nothing is loaded from
    elsewhere.
    """

    def __init__(self, view: TrialView) -> None:
        self._view = view

    def __repr__(self) -> str:
        return f"Card of {self._view.trial_id}: {self._view.title}"

    def _repr_html_(self) -> str:
        view = self._view
        head = f"<strong>{html_text(view.trial_id)}</strong> {html_text(view.title)}"
        parts = [f"<p style='margin:0'>{head}</p>"]
        facts = " · ".join(
            f"{html_text(name)}: {html_text(value)}" for name, value in view.facts
        )
        parts.append(f"<p style='{_SECTION}'>{facts}</p>")
        parts += map(_arm_html, view.arms)
        if view.corrections:
            rows = "".join(f"<li>{html_text(line)}</li>" for line in view.corrections)
            parts.append(f"<p style='{_SECTION}'>Corrections</p><ul>{rows}</ul>")
        if view.passages and view.is_rewritten:
            parts.append(f"<p style='{_SECTION}'>{html_text(REWRITTEN)}</p>")
        parts += map(_passage_html, view.passages)
        name = html_text(f"Trial {view.trial_id}")
        body = "\n".join(parts)
        return f"<article aria-label='{name}' style='{_CARD}'>\n{body}\n</article>"

    def _repr_markdown_(self) -> str:
        view = self._view
        blocks = [f"**{view.trial_id}** {markdown_text(view.title)}"]
        blocks += [f"{markdown_text(n)}: {markdown_text(v)}" for n, v in view.facts]
        for arm in view.arms:
            blocks.append(f"**{arm.arm_id}** {markdown_text(arm.name)}")
            blocks += [f"- {_line_markdown(line)}" for line in arm.lines]
            if arm.unstated:
                blocks.append(f"- {_unstated(arm, markdown_text)}")
        blocks += [f"- correction: {markdown_text(line)}" for line in view.corrections]
        return "\n\n".join(blocks)


def card(data: Trials, trial_id: str) -> Card:
    """Return a card of one trial: facts, labels per arm, and its marked sentences.

    As the last line of a notebook's cell it shows itself. The marked words are the
    stored text at the label's own offsets, never a repetition of the quote.

    Parameters
    ----------
    data
        Trials with labels.
    trial_id
        A registry id, in any case, or another id of the same trial.

    Returns
    -------
    Card
        Shows itself as HTML with the words of evidence highlighted, or as Markdown with
        the quotes.

    Raises
    ------
    TrialDataError
        If no trial has the id; up to five known ids are named.

    See Also
    --------
    trialkit.evidence : the same quotes as a table.

    Examples
    --------
    >>> import trialkit as tk
    >>> tk.card(tk.load_example(), "NCT07312864")
    Card of NCT07312864: ...
    """
    return Card(view_of(data, trial_id))


def _arm_html(arm: ArmView) -> str:
    rows = [f"<li>{_line_html(line)}</li>" for line in arm.lines]
    if arm.unstated:
        rows.append(f"<li style='opacity:.8'>{_unstated(arm, html_text)}</li>")
    name = f"<strong>{html_text(arm.arm_id)}</strong> {html_text(arm.name)}"
    items = f"<ul style='margin:.1em 0'>{''.join(rows)}</ul>" if rows else ""
    return f"<p style='margin:.6em 0 0'>{name}</p>{items}"


def _line_html(line: LabelLine) -> str:
    said = f"{html_text(line.axis)}: <strong>{html_text(line.words)}</strong>"
    quote = f" {html_text(line.quote)}" if line.quote is not None else ""
    return f"{said}{quote} <small style='opacity:.8'>({html_text(line.origin)})</small>"


def _line_markdown(line: LabelLine) -> str:
    quote = f" {markdown_text(line.quote)}" if line.quote is not None else ""
    return f"{markdown_text(line.axis)}: **{markdown_text(line.words)}**{quote}"


def _unstated(arm: ArmView, escape: Callable[[str], str]) -> str:
    axes = escape(", ".join(arm.unstated))
    return f"Not stated: {axes} (searched: {escape(arm.searched)})"


def _passage_html(passage: MarkedPassage) -> str:
    """Return a passage with the words of evidence marked."""
    marked = ""
    for piece, is_evidence in passage.pieces:
        text = html.escape(terminal_text(piece))
        marked += f"<mark style='{_MARK}'>{text}</mark>" if is_evidence else text
    section = html_text(passage.section.replace("_", " "))
    return f"<p style='{_SECTION}'>{section}</p><p style='{_QUOTE}'>{marked}</p>"
