"""The subject, scope and sources of a report, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import counted, is_rewritten, report_words, words
from trialkit.tidy.select.selection import CELLS_ONLY
from trialkit.tidy.trials import Trials
from trialkit.version import rules_version


def is_on_cells(data: Trials) -> bool:
    """Return whether every trial of a report gives living cells, or was to.

    Examples
    --------
    >>> import trialkit as tk
    >>> data = tk.load_example()
    >>> is_on_cells(data), is_on_cells(data.select(cell_trials=True))
    (False, True)
    """
    chosen_so = bool(data.selection["filter"].eq(CELLS_ONLY).any())
    return chosen_so or (len(data) > 0 and bool(data.trials["is_cell_trial"].all()))


def scope(data: Trials, *, condition: str = "", query: str = "") -> str:
    """Return which trials the report looks at, and which not.

    Parameters
    ----------
    data
        Trials.
    condition, query
        The searches that trials were chosen by; empty takes all.

    Returns
    -------
    str
        Markdown.
    """
    types = summarize.count(data, by="study_type")
    types = types[types["n"] > 0]
    named = words(types["study_type"], "study_type").astype("string").str.lower()
    pairs = [f"{name} {n:,}" for name, n in zip(named, types["n"], strict=True)]
    studies = f" Study types: {'; '.join(pairs)}." if pairs else ""
    searched = f" **Search:** “{markdown_text(query)}”." if query else ""
    read = ""
    if gives_cells(data):
        read = (
            " **Languages:** the rules read English, and the commonest Chinese terms."
        )
    text = (
        f"**Population:** {_population(condition)}.{searched} **Intervention:** "
        f"{_intervention(data)}. **Comparator:** any, or none. **Setting:** any "
        f"country and sponsor.{read}{studies}"
    )
    return f"{text}\n\n{report_words()['out_of_scope']}" if is_on_cells(data) else text


def _population(condition: str) -> str:
    if not condition:
        return "people with any condition in the records given"
    matching = "trials whose conditions, their MeSH terms, or titles match"
    return f"people in {matching} “{markdown_text(condition)}”"


def _intervention(data: Trials) -> str:
    cells = report_words()["cells"]
    n_cells = int(data.trials["is_cell_trial"].fillna(False).sum())
    if is_on_cells(data):
        return cells
    if not n_cells:
        return "any; routes of administration are not assessed"
    give = f"{n_cells:,} of the {len(data):,} trials give {cells}"
    return f"any; {give}, and only these have routes, cell types, sources and donors"


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
    share = f"{n:,} of {counted(len(data.sources), 'document')}"
    return f"{share}: facts as in the source, sentences rewritten" if n else ""


def rewritten_note(data: Trials) -> str:
    """Return the sentence that tells readers what example records are; "" without."""
    n = int(is_rewritten(data.sources["wording"]).sum())
    some = "They are" if n == len(data.sources) else f"{n:,} of them are"
    return report_words()["rewritten"].format(some=some) if n else ""


def store_note(data: Trials) -> str:
    """Return that the trials and labels were made before; "" where they were not."""
    rules, store, version, _ = data.origin
    if not store:
        return ""
    name = markdown_text(PurePath(store).name)
    which = "the rules of this version"
    if rules != rules_version():
        which = "other rules than those whose accuracy this report tells"
    told = f"They were read earlier, by trialkit {markdown_text(version)}, into the"
    return f"{told} tables “{name}”, with labels by {which}."
