"""What a report says of sources whose sentences are not their own: example records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialkit.summarize.wording import counted, is_rewritten

if TYPE_CHECKING:
    from trialkit.tidy.trials import Trials


def rewritten_share(data: Trials) -> str:
    """Return how many of the documents are example records; "" where none is.

    Parameters
    ----------
    data
        The trials of the report.

    Returns
    -------
    str
        Words for the cover: no Markdown.

    Examples
    --------
    >>> import trialkit as tk
    >>> rewritten_share(tk.load_example())
    '40 of 40 documents: facts as in the source, sentences rewritten'
    """
    n = int(is_rewritten(data.sources["wording"]).sum())
    documents = counted(len(data.sources), "document")
    told = "facts as in the source, sentences rewritten"
    return f"{n:,} of {documents}: {told}" if n else ""


def rewritten_note(data: Trials) -> str:
    """Return the sentence that tells readers what example records are; "" without any.

    Parameters
    ----------
    data
        The trials of the report.

    Returns
    -------
    str
        Markdown.
    """
    n = int(is_rewritten(data.sources["wording"]).sum())
    if not n:
        return ""
    some = "They are" if n == len(data.sources) else f"{n:,} of them are"
    return (
        f"{some} example records: the facts are those of the source, every sentence is "
        "rewritten, and no passage of them is the wording of a register. Such words "
        "are marked as rewritten and never stand between quotation marks."
    )
