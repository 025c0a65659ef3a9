"""Rules on words around a phrase: one rule, one id, one example for and one against.

The rules are data (`data/label_rules.toml`). Patterns read FOLDED text (lower case,
blanks for dashes). Every rule's `accepts` and `refuses` are run as tests, so a change
that widens or narrows a rule shows at once. Guide: LANDSCAPE C1 to C3.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import re2


class Rule(NamedTuple):
    """One pattern with its reason, examples it accepts and examples it refuses."""

    id: str
    says: str
    pattern: re.Pattern[str]
    accepts: tuple[str, ...]
    refuses: tuple[str, ...]

    def __call__(self, text: str) -> bool:
        """Return whether the rule's words stand in a folded text."""
        return self.pattern.search(text) is not None

    def may_be_in(self, text: str) -> bool:
        """Return False only where the words cannot stand; cheap on long texts."""
        return _twin(self.pattern.pattern).search(text) is not None


@cache
def _twin(pattern: str) -> Any:
    """Return a verbose pattern without lookarounds, for RE2; it finds no less."""
    plain = re.sub(r"\s+", "", pattern.replace("\\ ", "\x00")).replace("\x00", " ")
    options = re2.Options()
    options.never_capture = True
    return re2.compile(_LOOKAROUND.sub("", plain), options)


#: Lookarounds hold at most one group of alternatives with one more inside.
_LOOKAROUND = re.compile(
    r"\(\?<?[!=](?:[^()\[\]\\]|\\.|\[[^\]]*\]|\((?:[^()\\]|\\.|\([^()]*\))*\))*\)"
)


@cache
def _data() -> dict[str, Any]:
    text = files("trialkit").joinpath("data/label_rules.toml").read_text("utf-8")
    return tomllib.loads(text)


def _load() -> dict[str, Rule]:
    shared = _data()["shared"]
    found: dict[str, Rule] = {}
    for row in _data()["rule"]:
        pattern = row.get("pattern")
        if pattern is None:
            pattern = f"{shared['INTO']}(?:{row['place']}){shared['AFTER']}"
        compiled = re.compile(pattern, re.VERBOSE)
        found[row["id"]] = Rule(
            row["id"],
            row["says"],
            compiled,
            _examples(row["accepts"]),
            _examples(row["refuses"]),
        )
    return found


def _examples(stated: str | list[str]) -> tuple[str, ...]:
    """Return the examples of a rule: one, or one a language."""
    return (stated,) if isinstance(stated, str) else tuple(stated)


RULES: dict[str, Rule] = _load()
#: What every rule says, those among them that follow from other labels.
MEANINGS: dict[str, str] = {
    **{rule.id: rule.says for rule in RULES.values()},
    **{row["id"]: row["says"] for row in _data()["without_pattern"]},
}

THIS_STUDY = RULES["sentence.this_study"]
PROCEDURE = RULES["sentence.procedure"]
BACKGROUND = RULES["sentence.background"]
GENERAL = RULES["sentence.general"]
ANIMAL = RULES["sentence.animal"]
NEGATED_BEFORE = RULES["context.negated"]
SEPARATED = RULES["context.other_drug"]
DRUG_BEFORE = RULES["context.drug_before"]
NOT_CELLS = RULES["product.not_cells"]
NOT_CELLS_AFTER = RULES["product.not_cells_after"]
NOT_CELLS_BEFORE = RULES["product.not_cells_before"]
POPULATION_BEFORE = RULES["context.population_before"]
TRANSPLANT_AFTER = RULES["context.transplant_after"]
OTHER_TREATMENT = RULES["context.other_treatment"]
IMPLANTED = RULES["context.implanted"]
SOURCE_DIRECT = RULES["context.source_direct"]
SOURCE_FROM = RULES["context.source_from"]
NAMED_ARTERY = RULES["route.named_artery"]
HARVEST = RULES["context.harvest"]
OF_DONOR = RULES["context.of_donor"]
DRUG_NAME = RULES["name.drug"]
MEASURED_AFTER = RULES["product.measured_after"]
CONTROL = RULES["arm.control"]
PLACEBO = RULES["arm.placebo"]
LATER_CELLS = RULES["arm.sham_then_cells"]
CROSSOVER = RULES["arm.crossover_later"]
NOTHING_GIVEN = RULES["trial.nothing_given"]
FOLLOW_UP = RULES["trial.follow_up"]
COLLECTION = RULES["trial.collection"]
FOLLOW_UP_ONLY = RULES["arm.follow_up_only"]
GIVEN = RULES["product.given"]
PURPOSE = RULES["title.purpose"]
PARENTERAL = RULES["route.parenteral"]
BIOARTIFICIAL_LIVER = RULES["route.bioartificial_liver"]
CELL_REACTOR = RULES["route.cell_reactor"]
OTHER_CIRCUIT = RULES["context.circuit_without_cells"]
OUTSIDE_BODY = RULES["enters.stated_outside"]
EACH_DOSE = RULES["dose.each_dose"]

GIVEN_BEFORE = RULES["route.given_before"]
CORD_INJURY = RULES["disease.cord_injury"]
CARTILAGE = RULES["disease.cartilage"]
SKIN_WOUND = RULES["disease.skin_wound"]
JOINT_INJECTED = RULES["route.joint_injected"]
OTHER_OBJECT = RULES["context.other_object"]
COMPOSITION = RULES["context.composition"]
INVESTIGATIONAL = RULES["context.investigational"]
REVERSED = RULES["arm.treatments_reversed"]
CELLS_OR_PLACEBO = RULES["arm.cells_or_placebo"]
AFTER_THEM = RULES["context.after_them"]
ADDED_TO = RULES["context.added_to"]
RECEIVED = RULES["product.received"]
CELL_FREE_BEFORE = RULES["context.cell_free_before"]
SHAM_BEFORE = RULES["context.sham_before"]
FOLLOWS_EARLIER = RULES["trial.follows_earlier"]
DOSED = RULES["product.dosed"]
LABORATORY = RULES["trial.laboratory"]
COMPARED = RULES["context.compared"]
BLOOD_TEST = RULES["context.blood_test"]
OTHER_GRAFT = RULES["context.other_graft"]
ROUTINE_TRANSPLANT = RULES["context.routine_transplant"]
PRODUCT_WORD = RULES["context.product_word"]
ROMAN = RULES["context.roman_numeral"]
TAKEN = RULES["context.taken_before"]
TAKEN_AFTER = RULES["context.taken_after"]
BMSC_CULTURED = RULES["cell_type.bmsc_cultured"]
EXPANDED = RULES["product.expanded"]
PREPARED = RULES["product.prepared"]
MADE_FROM = RULES["context.made_from"]
CONCENTRATE = RULES["product.concentrate"]
FRESH_FAT = RULES["product.fresh_fat"]
CELL_MARKER = RULES["product.cell_marker"]
PLAIN_CELLS = RULES["product.plain_cells"]
OTHER_CELLS_BEFORE = RULES["context.other_cells_before"]
LACKING_BEFORE = RULES["context.lacking_before"]
DENSITY = RULES["dose.density"]
ORGAN_BEFORE = RULES["context.organ_before"]
CELL_WORD = RULES["context.cell_word"]
CELLS_NEXT = RULES["context.cells_next"]
NAMES_CELL_THERAPY = RULES["record.names_cell_therapy"]
NAMES_CARTILAGE = RULES["record.names_cartilage"]
NAMES_FAT = RULES["record.names_fat"]
NAMES_HEART = RULES["record.names_heart"]
TISSUE_IS_CELLS = RULES["context.tissue_is_cells"]
OF_PATIENT = RULES["context.of_patient"]
FOR_TAKING = RULES["context.for_taking"]
IN_SALINE = RULES["context.in_saline"]
LAID_ON = RULES["route.laid_on"]
PUT_IN = RULES["route.put_in"]
OR_BETWEEN = RULES["route.or_between"]
INSTEAD = RULES["route.instead"]

_INTO = "route.into."
#: Routes by the place that cells are given into; used where no route word stands.
INTO_PLACE: dict[str, Rule] = {
    identifier.removeprefix(_INTO): rule
    for identifier, rule in RULES.items()
    if identifier.startswith(_INTO)
}


def _any_place() -> re.Pattern[str]:
    """Return all places in one pattern; the group that matched is the route."""
    rows = _data()
    middle = "|".join(
        f"(?P<{row['id'].removeprefix(_INTO)}>{row['place']})"
        for row in rows["rule"]
        if row["id"].startswith(_INTO)
    )
    shared = rows["shared"]
    return re.compile(f"{shared['INTO']}(?:{middle}){shared['AFTER']}", re.VERBOSE)


ANY_PLACE = _any_place()


def may_have_place(text: str) -> bool:
    """Return False only where no place can be given into; cheap on long texts."""
    return _twin(ANY_PLACE.pattern).search(text) is not None
