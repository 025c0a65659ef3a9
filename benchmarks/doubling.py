"""Double the length of texts that are made to be slow: linear work takes twice as long.

A sentence that repeats one phrase asks every question of the rules in every word.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.measure import Comparison
from trialkit.label.engine import label_records
from trialkit.record import Arm, Intervention, Record

#: What a hostile text repeats: phrases, amounts, ends of sentences, odd letters.
PIECES = (
    *(
        "intravenous ",
        "intravenous. ",
        "intravenous placebo ",
        "no intravenous ",
        "iv ",
    ),
    *(
        "hepatic artery ",
        "into the liver ",
        "injected into the liver ",
        "静脉",
        "不经静脉",
    ),
    *("into the artery of the leg ", "cells injected into the joint ", "infusion "),
    *(
        "infusion of cells. ",
        "autologous ",
        "umbilical cord ",
        "cultured ",
        "fat ",
        "ic ",
    ),
    *("mesenchymal stem cells ", "stem cell transplantation ", "cd34 cd133 ", "干细胞"),
    *("bioartificial liver ", "hollow fiber bioreactor of hepatocytes ", "X-1 cells "),
    *(
        "1x106 cells ",
        "1x10 ",
        "10 million ",
        "1, ",
        "5 and ",
        "single dose or two doses ",
    ),
    *(
        "every 2 weeks ",
        "3 hours per session ",
        "harvested from the iliac crest ",
        "x ",
    ),
    *(
        "e.g. ",
        ". ",
        "\n",
        "(",
        "-",
        "Aa",
        "\u00ad",
        "\u200b",
        "ﬁ",
        "Ａ",
        "e\u0301",
        "\u0345\u0301",
    ),
)
FIELDS = ("brief_title", "detailed_description", "arm_label", "description")
_LENGTH = 10_000
_TARGET = 2.3
#: Times below this many seconds are mostly noise, and short enough.
_SHORTEST = 0.05


def record_of(field: str, text: str) -> Record:
    """Return a trial of cells with a text in one field."""
    arm = {"arm_label": "Cells", "interventions": ("MSC",)}
    item = {"name": "MSC", "description": "Stem cells are given by vein."}
    rest = {}
    if field in {"arm_label", "arm_description"}:
        arm[field.replace("arm_description", "description")] = text
    elif field in item:
        item[field] = text
        arm["interventions"] = (item["name"],)
    else:
        rest[field] = text
    return Record(
        trial_id="NCT00000001",
        arms=(Arm(**arm), Arm(arm_label="Other", arm_type="NO_INTERVENTION")),
        interventions=(Intervention(**item),),
        **rest,
    )


def label_seconds(field: str, piece: str, length: int) -> float:
    """Return the CPU seconds of labelling a text that repeats a piece; least of 2."""
    record = record_of(field, piece * (length // len(piece)))
    return min(_seconds(lambda: label_records([record])) for _ in range(2))


def growth(seconds: Callable[[int], float], length: int, times: int = 2) -> float:
    """Return by what a text of so many times the length takes longer."""
    longer = seconds(times * length)
    return longer / max(seconds(length), _SHORTEST)


def label_growths(length: int = _LENGTH) -> Iterator[tuple[float, str, str]]:
    """Yield by what labelling takes longer when each hostile text is doubled.

    What looks too slow is measured again: another process may have had the core.
    """
    for field in FIELDS:
        for piece in PIECES:
            seconds = partial(label_seconds, field, piece)
            ratio = growth(seconds, length)
            for _ in range(2):
                if ratio > _TARGET:
                    ratio = min(ratio, growth(seconds, length))
            yield ratio, field, piece


def label_doubling() -> Comparison:
    """Return the worst growth of labelling when a hostile text is doubled."""
    ratios = sorted(label_growths())
    worst, field, piece = ratios[-1]
    return Comparison(
        name=f"labels of a hostile text, doubled ({piece!r} in {field})",
        ratio=worst,
        low=ratios[0][0],
        high=worst,
        seconds=label_seconds(field, piece, 2 * _LENGTH),
        baseline_seconds=label_seconds(field, piece, _LENGTH),
        peak_mib=float("nan"),
        target=_TARGET,
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
