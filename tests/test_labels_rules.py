"""Every rule accepts its own example and refuses the other."""

import pytest

from trialkit.labels.rules import INTO_PLACE, RULES
from trialkit.labels.vocabulary import shipped


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
