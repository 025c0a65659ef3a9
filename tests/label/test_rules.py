"""Every rule accepts its own example and refuses the other."""

import ast
import re
from pathlib import Path

import pytest

import trialkit as tk
from trialkit.label.rules import INTO_PLACE, MEANINGS, RULES
from trialkit.label.vocabulary import shipped


@pytest.mark.parametrize("identifier", RULES)
def test_rule_accepts_and_refuses_its_examples(identifier):
    rule = RULES[identifier]
    assert rule.accepts
    assert rule.refuses
    assert all(map(rule, rule.accepts))
    assert not any(map(rule, rule.refuses))
    assert rule.says.endswith(".")


def test_places_lead_to_routes_of_the_vocabulary():
    assert INTO_PLACE
    assert set(INTO_PLACE) <= set(shipped()["route"])


def test_every_rule_that_made_a_label_has_a_meaning():
    data = tk.load_example()
    made = {*data.labels["rule_id"], *data.doses["rule_id"]}
    named = {rule for rule in made if not rule.startswith(("vocabulary:", "hint:"))}
    assert "delivery.from_route" in named
    assert named <= set(MEANINGS)


def test_rules_without_a_pattern_are_those_that_the_code_names():
    used = set()
    for path in (Path(tk.__file__).parent / "label").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used |= set(re.findall(r"^[a-z_]+\.[a-z_]+$", node.value))
    known = set(MEANINGS) - set(RULES)
    assert known <= used
    assert {name for name in used if name.split(".")[0] in _PREFIXES} <= set(MEANINGS)


_PREFIXES = {name.split(".")[0] for name in MEANINGS}
