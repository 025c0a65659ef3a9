"""Every rule accepts its own example and refuses the other."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

import trialkit as tk
from tests.examples import example_trials
from trialkit.label import rules
from trialkit.label.rules import (
    ABBREVIATIONS,
    DERIVED,
    INTO_PLACE,
    MEANINGS,
    RULES,
)
from trialkit.label.vocabulary import shipped


@pytest.mark.parametrize("identifier", RULES)
def test_rule_accepts_and_refuses_its_examples(identifier):
    rule = RULES[identifier]
    assert rule.accepts
    assert rule.refuses
    assert all(map(rule, rule.accepts))
    assert not any(map(rule, rule.refuses))
    assert rule.says.endswith(".")


def test_no_rule_takes_the_name_of_another_or_of_the_module():
    named = {id_: id_.rpartition(".")[2].upper() for id_ in RULES}
    assert len(set(named.values())) == len(named)
    assert all(getattr(rules, named[id_]) is rule for id_, rule in RULES.items())


def test_places_lead_to_routes_of_the_vocabulary():
    assert INTO_PLACE
    assert set(INTO_PLACE) <= set(shipped()["route"])


def test_every_rule_that_made_a_label_has_a_meaning():
    data = example_trials()
    made = {*data.labels["rule_id"], *data.doses["rule_id"]}
    named = {rule for rule in made if not rule.startswith(("vocabulary:", "hint:"))}
    assert "delivery.from_route" in named
    assert named <= set(MEANINGS)


AXES = ("route", "cell_type", "cell_source", "donor")


def test_ids_of_rules_are_ids_of_the_vocabularies():
    known = {identifier for axis in AXES for identifier in shipped()[axis]}
    for rule in (
        *RULES.values(),
        *(SimpleNamespace(**row) for row in DERIVED.values()),
    ):
        named = {*getattr(rule, "ids", ()), *getattr(rule, "becomes", {}).values()}
        assert named <= known, rule
    assert set(ABBREVIATIONS) <= known
    assert {row["family"] for row in DERIVED.values() if "family" in row} <= {
        entry.family for entry in shipped()["cell_source"].values()
    }


def test_the_code_names_rules_that_there_are_and_no_id_of_a_vocabulary():
    ids = {identifier for axis in AXES for identifier in shipped()[axis]}
    ids -= {"NOT_STATED", "NONE", "OTHER"}
    for path in (Path(tk.__file__).parent / "label").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant):
                assert node.value not in ids, f"{path.name}, line {node.lineno}"
            elif isinstance(node, ast.Attribute) and node.attr.isupper():
                of_rules = getattr(node.value, "id", "") == "rules"
                assert not of_rules or hasattr(rules, node.attr), node.attr


def test_rules_without_a_pattern_are_those_that_the_code_names():
    used = set()
    for path in (Path(tk.__file__).parent / "label").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used |= set(re.findall(r"^[a-z_]+\.[a-z_]+$", node.value))
    known = set(MEANINGS) - set(RULES)
    assert known <= used
    named = {name for name in used if name.split(".")[0] in _PREFIXES}
    assert named <= {*MEANINGS, *rules.SIGNS}


_PREFIXES = {name.split(".")[0] for name in MEANINGS}


def test_what_the_first_look_passes_over_holds_no_words():
    texts = {t for rule in RULES.values() for t in (*rule.accepts, *rule.refuses)}
    for rule in RULES.values():
        asked = {text: rule(text) for text in texts}
        assert asked == {text: rule.find(text) is not None for text in texts}
