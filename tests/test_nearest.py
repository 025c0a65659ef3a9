"""What somebody may have meant by a word that is not known."""

import pytest

from trialkit.nearest import did_you_mean, nearest

ROUTES = ["Portal vein", "Hepatic artery", "Intravenous", "IV, peripheral vein"]


@pytest.mark.parametrize(
    ("text", "n", "found"),
    [
        ("INTRAVENOS", 1, ["Intravenous"]),
        ("vein", 3, ["Portal vein", "IV, peripheral vein"]),
        ("xyz", 3, []),
        ("", 3, []),
    ],
)
def test_the_nearest_are_spelled_alike_or_share_a_word(text, n, found):
    assert nearest(text, ROUTES, n=n) == found


def test_several_are_named_as_a_choice_and_none_as_told():
    assert did_you_mean("vein", ROUTES, "x", n=3) == (
        "did you mean Portal vein or IV, peripheral vein?"
    )
    assert did_you_mean("xyz", ROUTES, "there are four") == "there are four"
