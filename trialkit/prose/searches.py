"""The search behind the records: as a download recorded it, or as somebody tells it."""

from __future__ import annotations

from trialkit.escape import markdown_text
from trialkit.read.receipt import Receipt
from trialkit.summarize.wording import counted, report_words
from trialkit.tidy.trials import Trials

#: Letters of a question that the foot of the first page has room for.
_ROOM = 150
#: Ids that are named; of more their number says more.
_FEW_IDS = 3
#: What a download of old versions asked for.
_VERSIONS = {
    "first": "versions at registration",
    "previous": "last versions but one",
    "all": "all versions",
}


def search_sentence(data: Trials, search: str = "") -> str:
    """Return the sentences on the search behind the records, or that none is known."""
    texts = report_words()["search"]
    told = markdown_text(search.strip().rstrip("."))
    sentences = [texts["given"].format(words=told)] if told else []
    if data.searches:
        words = "; ".join(markdown_text(_line(receipt)) for receipt in data.searches)
        sentences.append(texts["recorded"].format(words=words))
        known = {page.sha256 for receipt in data.searches for page in receipt.pages}
        n_other = int((~data.sources["sha256"].isin(list(known))).sum())
        if n_other and not told:
            others = counted(n_other, "other document")
            sentences.append(texts["partly"].format(others=others))
    return " ".join(sentences) or texts["missing"]


def search_line(data: Trials) -> str:
    """Return the search in one line for the foot of a page; "" where none is known."""
    if not data.searches:
        return ""
    n_more = len(data.searches) - 1
    more = f", and {counted(n_more, 'more search', 'more searches')}" if n_more else ""
    return f"Search: {_line(data.searches[0], room=_ROOM)}{more}."


def _line(receipt: Receipt, *, room: int = 0) -> str:
    """Return register, question, day of the data and totals."""
    asked = _words(receipt)
    if room and len(asked) > room:
        asked = f"{asked[: room - 1].rstrip()}…"
    came, total = receipt.n_studies, receipt.n_total
    told = counted(came, "study", "studies")
    if total not in (None, came):
        told = f"{came:,} of {counted(total, 'study', 'studies')}"
    day = f"data of {receipt.day}" if receipt.day else "day not known"
    lacks = "" if receipt.is_complete else " (incomplete)"
    return f"{receipt.register}, {asked}, {day}, {told}{lacks}"


def _words(receipt: Receipt) -> str:
    n_ids = receipt.question.get("ids", "").count(",") + 1
    words = receipt.words
    if "ids" in receipt.question and n_ids > _FEW_IDS:
        words = f"{n_ids:,} registry ids"
    elif receipt.history:
        words = receipt.question["ids"].replace(",", ", ")
    return f"{_VERSIONS[receipt.history]} of {words}" if receipt.history else words
