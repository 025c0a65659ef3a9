"""How a landscape was made, in half a page."""

from __future__ import annotations

from trialkit import summarize
from trialkit.escape import markdown_text
from trialkit.prose.searches import search_sentence
from trialkit.prose.subject import rewritten_note, store_note
from trialkit.summarize.flow import filter_words, source_groups
from trialkit.summarize.subject import gives_cells
from trialkit.summarize.wording import counted, report_words, sentence_list, was_were
from trialkit.tables.accuracy import accuracy_sentence
from trialkit.tidy.trials import Trials


def how_made(data: Trials, *, search: str = "") -> str:
    """Return how the report was made: records, counting rules, labels and limits.

    Parameters
    ----------
    data
        The trials of the report.
    search
        The search that found the records, in the words of who made it: where, what,
        on which day, and how many it found. That of a download is told without it.

    Returns
    -------
    str
        Markdown: a paragraph per subject, its word in front.
    """
    registers = sorted(data.trials["registry"].dropna().unique())
    named = sentence_list([markdown_text(name) for name in registers])
    notes = store_note(data), rewritten_note(data)
    on_cells = gives_cells(data)
    which = "with_cells" if on_cells else "without_cells"
    numbers = {
        "several": report_words()["several"][which],
        "documents": counted(len(data.sources), "document"),
        "files": f" ({_files(data)})" if len(data.sources) else "",
        "registers": f" Trials kept are those of {named}." if named else "",
        "search": search_sentence(data, search),
        "rewritten": "".join(f" {note}" for note in notes if note),
        "steps": "; ".join(_steps(data)),
        "accuracy": accuracy_sentence(data),
        "held": report_words()["held"][which],
    }
    told = {
        word: text.format_map(numbers)
        for word, text in report_words()["made"].items()
        if word != "Labels" or on_cells
    }
    return "\n\n".join(f"**{word}.** {text}" for word, text in told.items())


def _files(data: Trials) -> str:
    """Return what kinds of files were read: "38 ClinicalTrials.gov JSON"."""
    groups = source_groups(data)
    named = groups["shape"].where(groups["shape"].ne(""), groups["source"])
    kinds = [(markdown_text(kind), n) for kind, n in named.value_counts().items()]
    return "; ".join(kind if len(kinds) == 1 else f"{kind} {n:,}" for kind, n in kinds)


def _steps(data: Trials) -> list[str]:
    """Return what reading, merging and each filter left out."""
    flow = summarize.record_flow(data).set_index("step")["n"]
    aside = int(data.excluded["source_id"].notna().sum())
    merged = int(flow["merged"])
    steps = [counted(int(flow["records"]), "record")]
    if merged:
        steps.append(
            f"{was_were(merged, 'record')} merged into another of the same trial"
        )
    if aside:
        steps.append(f"{was_were(aside, 'record')} set aside while reading")
    columns = ["filter", "n_before", "n_kept"]
    for name, before, kept in data.selection[columns].to_numpy():
        filtered = markdown_text(filter_words(name, data.terms))
        steps.append(f"“{filtered}” left {int(kept):,} of {int(before):,}")
    return steps
