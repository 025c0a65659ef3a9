"""A cheap first look: a trial that names no cells costs one scan of its text.

RE2 reads the whole alternation as one automaton, some 250 MB/s whatever the number of
words; the same pattern costs Python's `re` twenty times that, and one substring test
per word five times (`python -m benchmarks label` has the sum).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import re2

from trialkit.label.plain import plain
from trialkit.label.words import brand_words
from trialkit.record import Record

#: Words without which no phrase for a cell product can occur.
_PRODUCT = r"""
\bstem\b|stem ?cell|\bstems\b|stromal|mesench|msc|hepatocyte|bioartificial|marrow
|mononuclear|islet|macrophage|\bfat\b|lipoasp|liposuc|lipofill|lipogems|lipotrans
|nanofat|microfat|adipose|chondrocyte|keratinocyte|fibroblast|progenitor|precursor
|t.cell|killer|dendritic|dc vaccin|cd34|cd133|lymphocyte (?:infus|therap|immuno)
|donor lymph|activated lymph|infiltrating lymph|cytotoxic t|car.t|t.lymph|myoblast
|melanocyte|amnio|retinal pigment|limbal|corneal|epithelial (?:cell|sheet|auto)
|epidermal|cardiosphere|cardiomyocyte|cardiopoietic|myocyte|pluripotent
|cell (?:therapy|trans|inj|infus|product)|cells|autologous cell|allogeneic cell
|cellular ther|mpc|svf|细胞
"""
#: Words by which a summary explains a brand as cells.
_EXPLAINED = r"""
stem ?cell|stromal|mesench|msc|marrow.derived|hepatocyte|islet|progenitor|precursor cell
|cell.based|cell (?:therapy|product)|cellular ther|living cells|t.cells|dendritic cell
|killer cell|mononuclear cell|fibroblasts|keratinocytes|chondrocytes|myoblast
|expanded|allogen|autolog|bioartificial|细胞
"""


@cache
def _compiled(pattern: str):
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    return re2.compile(
        "".join(line.strip("\n") for line in pattern.split("\n")), options
    )


def names_no_cells(records: Sequence[Record]) -> bool:
    """Return whether no record has a word that a cell product must have."""
    return not any(_may_give_cells(record) for record in records)


def _may_give_cells(record: Record) -> bool:
    """Return whether the arms, or a brand that the summary explains, may be cells."""
    told = plain(f"{record.brief_summary or ''}\n{record.detailed_description or ''}")
    names_product = _compiled(_PRODUCT).search
    if names_product(plain("\n".join(_structured(record)))):
        return True
    if record.page_passages or not record.interventions:
        pages = (plain(passage.text) for passage in record.page_passages)
        return names_product("\n".join((told, *pages))) is not None
    if not _compiled(_EXPLAINED).search(told):
        return False
    brands = {w for i in record.interventions for w in brand_words(plain(i.name or ""))}
    folded = told.lower().replace("-", " ")
    return any(brand in folded for brand in brands)


def _structured(record: Record) -> Iterator[str]:
    """Yield the titles and the texts of arms and interventions."""
    yield record.brief_title or ""
    yield record.official_title or ""
    for arm in record.arms:
        yield arm.arm_label or ""
        yield arm.description or ""
    for item in record.interventions:
        yield item.name or ""
        yield item.description or ""
        yield from item.other_names
