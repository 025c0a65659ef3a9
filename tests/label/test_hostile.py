"""Text made to be slow: every pattern and the whole labelling end on it, and soon.

Time is not measured: a pattern that backtracks over 20,000 characters, or labelling
that asks one question again for every amount, would keep the suite from ending.
"""

import importlib
import json
import pkgutil
import re
from functools import partial

import pytest

from benchmarks.doubling import growth, label_seconds
from tests.label.test_traps import label, trial
from trialkit import label as labels
from trialkit.cli import main
from trialkit.label.rules import RULES
from trialkit.label.vocabulary import shipped

pytestmark = pytest.mark.slow

SIZE = 20_000


def filled(piece, size=SIZE):
    return (piece * (size // len(piece) + 1))[:size]


def compiled(value):
    """Yield the patterns in a module's constant, however they are kept."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from compiled(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from compiled(item)


def patterns():
    found = {rule.id: rule.pattern for rule in RULES.values()}
    for module in pkgutil.iter_modules(labels.__path__):
        for name, value in vars(
            importlib.import_module(f"trialkit.label.{module.name}")
        ).items():
            for number, pattern in enumerate(compiled(value)):
                found[f"{module.name}.{name}.{number}"] = pattern
    return found


PATTERNS = {pattern.pattern: pattern for pattern in patterns().values()}
PLAIN = ("a", "Aa", " ", "a ", "1", "1 ", "1x10 ", "(")


def words_of(pattern):
    plain = re.sub(r"\\[a-zA-Z]", " ", pattern.pattern)
    return list(dict.fromkeys(re.findall(r"[a-z]{3,}", plain)))


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=range(len(PATTERNS)))
def test_a_pattern_ends_on_bait(pattern):
    words = words_of(pattern)
    baits = [*PLAIN, " ".join(words) + " ", *(f"{word} " for word in words[:2])]
    for bait in filter(None, baits):
        assert sum(1 for _ in pattern.finditer(filled(bait))) <= SIZE + 1


@pytest.mark.parametrize(
    "piece",
    [
        "1x10 ",
        "1x106 cells ",
        "10 million ",
        "mesenchymal stem cells injected into ",
        "single dose or ",
        "不经静脉",
        "the patients will ",
        "Aa",
    ],
)
@pytest.mark.parametrize("field", ["brief_title", "brief_summary", "description"])
def test_a_field_of_one_piece_is_labelled(piece, field):
    text = f"Infusion. {filled(piece)}"
    record = trial(text) if field == "description" else trial(None, **{field: text})
    values = {row.value for row in label(record).labels if row.axis == "route"}
    assert values <= {*shipped()["route"]}


@pytest.mark.parametrize("field", ["detailed_description", "description"])
@pytest.mark.parametrize(
    "piece",
    [
        *("intravenous ", "intravenous. ", "into the liver ", "静脉", "autologous "),
        *("cultured ", "cd34 cd133 ", "hepatic artery ", "X-1 cells ", "ic "),
        *("1x106 cells ", "1, ", "e\u0301", "\u0345\u0301", "\u00ad"),
    ],
)
def test_a_text_of_four_times_the_length_takes_no_more_than_nine_times(piece, field):
    """Work that grows with the square takes 16 times; noise is left its room."""
    assert growth(partial(label_seconds, field, piece), 4_000, times=4) < 9


def test_a_regimen_is_read_once_however_many_amounts_there_are():
    from trialkit.label import doses

    doses._regimen.cache_clear()
    label(trial("Infusion of " + filled("3x10^6 cells, ")))
    assert doses._regimen.cache_info().misses < 20


def test_a_megabyte_in_one_field_is_labelled_by_the_command(tmp_path):
    study = {
        "protocolSection": {
            "identificationModule": {
                "nctId": "NCT00000001",
                "briefTitle": "Umbilical cord mesenchymal stem cells",
            },
            "descriptionModule": {
                "detailedDescription": filled("1x10 of the 1x106 cells ", 1_000_000)
            },
            "armsInterventionsModule": {
                "interventions": [
                    {"name": "Cells", "description": "Intravenous infusion of MSC."}
                ]
            },
        }
    }
    record = tmp_path / "big.json"
    record.write_text(json.dumps(study))
    out = tmp_path / "labels.csv"
    with pytest.raises(SystemExit) as ended:
        main(["label", str(record), "--out", str(out)])
    assert ended.value.code == 0
    assert ",route,IV," in out.read_text()
