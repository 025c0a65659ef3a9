"""Sentences on the sources of a report: their kinds, and example records."""

from __future__ import annotations

from collections.abc import Iterator

from trialkit.summarize.wording import counted, is_rewritten, report_words
from trialkit.tidy.trials import Trials


def source_kinds(data: Trials) -> Iterator[tuple[str, str, int]]:
    """Yield kind, wording and number of the documents, the commonest first."""
    stated = data.sources[["kind", "wording"]].astype("string")
    kinds = stated.fillna({"wording": "verbatim"}).value_counts()
    yield from kinds.reset_index(name="n").itertuples(index=False, name=None)


def rewritten_share(data: Trials) -> str:
    """Return how many of the documents are example records; "" where none is.

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
    """Return the sentence that tells readers what example records are; "" without."""
    n = int(is_rewritten(data.sources["wording"]).sum())
    some = "They are" if n == len(data.sources) else f"{n:,} of them are"
    return report_words()["rewritten"].format(some=some) if n else ""
