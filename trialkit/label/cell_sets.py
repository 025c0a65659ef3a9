"""Several cell types of one arm: which of them another makes void."""

from __future__ import annotations


def superseded(ids: set[str]) -> set[str]:
    """Return the ids that a more exact one beside them makes void."""
    void: set[str] = set()
    if ids - {"STEM?"}:
        void.add("STEM?")
    if ids & {"MSC", "BM-MNC", "HSC", "HSC.CD133", "MNC", "HLC.msc", "SVF", "EPC"}:
        void.add("BMSC?")
    if ids & {"BM-MNC", "PB-MNC", "CB-MNC"}:
        void.add("MNC")
    if ids & {"HLC", "HLC.direct", "HLC.msc", "HEP.line", "LPC"}:
        void.add("HEP")
    if "HLC.msc" in ids:
        void |= {"MSC", "HLC"}
    if "HLC.direct" in ids:
        void |= {"HLC", "FIBRO"}
    if "TREG" in ids:
        void.add("TCELL")
    if "HSC.CD133" in ids:
        void.add("HSC")
    return void
