"""A cheap first look: a trial that names no cells costs one scan of its text."""

from __future__ import annotations

from collections.abc import Sequence

from trialkit.record import Record

# Word stems without which no phrase for a cell product can occur. Plain substring
# tests on lower-cased text read several GB/s, far more than any pattern.
_STEMS = (
    "stem",
    "stromal",
    "mesench",
    "msc",
    "hepatocyte",
    "bioartificial",
    "marrow",
    "mononuclear",
    "islet",
    "macrophage",
    "fat ",
    "lipoasp",
    "liposuc",
    "lipofill",
    "lipogem",
    "lipotrans",
    "nanofat",
    "microfat",
    "adipose",
    "chondrocyte",
    "keratinocyte",
    "fibroblast",
    "progenitor",
    "precursor",
    "t cell",
    "t-cell",
    "killer",
    "dendritic",
    "cd34",
    "cd133",
    "lymphocyte infus",
    "lymphocyte therap",
    "lymphocyte immuno",
    "donor lymph",
    "activated lymph",
    "infiltrating lymph",
    "cytotoxic t",
    "car-t",
    "car t",
    "t-lymph",
    "t lymph",
    "myoblast",
    "melanocyte",
    "amnio",
    "retinal pigment",
    "limbal",
    "corneal",
    "epithelial cell",
    "epithelial sheet",
    "epithelial auto",
    "epidermal",
    "cardiosphere",
    "cardiomyocyte",
    "cardiopoietic",
    "myocyte",
    "pluripotent",
    "cell therapy",
    "cell trans",
    "cell inj",
    "cell infus",
    "cells",
    "cell product",
    "autologous cell",
    "allogeneic cell",
    "cellular ther",
    "mpc",
    "svf",
    "细胞",
)


def names_no_cells(records: Sequence[Record]) -> bool:
    """Return whether no record has a word that a cell product must have."""
    return not any(_names_cells(record) for record in records)


def _names_cells(record: Record) -> bool:
    parts: list[str] = [
        record.brief_title or "",
        record.official_title or "",
        record.brief_summary or "",
        record.detailed_description or "",
    ]
    for arm in record.arms:
        parts.append(arm.arm_label or "")
        parts.append(arm.description or "")
    for item in record.interventions:
        parts.append(item.name or "")
        parts.append(item.description or "")
        parts.extend(item.other_names)
    parts.extend(passage.text for passage in record.page_passages)
    text = "\n".join(parts).lower()
    return any(stem in text for stem in _STEMS)
