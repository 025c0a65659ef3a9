"""Chinese wordings, as WHO ICTRP and ChiCTR carry them: no blanks between words."""

import pytest

from tests.label.test_traps import label, values
from trialkit.record import Arm, Intervention, Record


def trial(name, description="", *, title="细胞治疗的临床研究", summary=None):
    return Record(
        trial_id="ChiCTR2000000001",
        brief_title=title,
        brief_summary=summary,
        arms=(Arm(arm_label="试验组", interventions=(name,)),),
        interventions=(Intervention(name=name, description=description),),
    )


def routes(description, name="人脐带间充质干细胞", **more):
    return values(label(trial(name, description, **more)), "route")


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("经静脉滴注", "IV"),
        ("肘正中静脉缓慢回输", "IV.peripheral"),
        ("经锁骨下静脉输入", "IV.central"),
        ("股动脉穿刺，经肝动脉注入", "IA.hepatic"),
        ("经门脉移植", "PV"),
        ("腹腔注射", "IP"),
        ("腹直肌鞘内注射", "IM"),
        ("膝关节腔注射", "IART"),
        ("腰椎穿刺后鞘内注射", "ITH"),
        ("玻璃体腔注射", "IVIT"),
        ("经冠状动脉内输注", "ICOR"),
        ("细胞移植", "PARENTERAL"),
        ("每周一次", "NOT_STATED"),
    ],
)
def test_the_longest_phrase_is_the_route(description, route):
    assert routes(description) == {route}


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("不经外周静脉，经门静脉输注", "PV"),
        ("未采用肝动脉途径，静脉滴注", "IV"),
        ("腹腔注射，而非静脉输注", "IP"),
        ("静脉输注常规药物", "IV"),
    ],
)
def test_a_negated_route_is_none_and_its_scope_ends_with_the_clause(description, route):
    assert routes(description) == {route}


def test_what_others_found_is_no_route_of_this_study():
    summary = "既往研究表明肝动脉输注有效。本研究采用静脉输注。"
    assert routes("每周一次", summary=summary) == {"IV"}


@pytest.mark.parametrize(
    "title",
    ["治疗门静脉高压", "治疗下肢静脉曲张", "治疗动脉粥样硬化", "治疗冠状动脉疾病"],
)
def test_a_disease_of_a_vessel_is_no_route(title):
    assert routes("每周一次", title=title) == {"NOT_STATED"}


def test_a_laparoscopy_is_no_route_into_the_abdomen():
    assert routes("腹腔镜下肝内注射") == {"IH"}


@pytest.mark.parametrize(
    ("name", "kind", "source", "donor"),
    [
        ("自体骨髓单个核细胞", "BM-MNC", "BM", "AUTO"),
        ("异体脐带血间充质干细胞", "MSC", "CB", "ALLO"),
        ("同种异体华通胶间充质干细胞", "MSC", "WJ", "ALLO"),
        ("自体脂肪间充质干细胞", "MSC", "AT", "AUTO"),
        ("人UC-MSC", "MSC", "UC", "NOT_STATED"),
        ("人羊膜上皮细胞", "AEC", "AM", "NOT_STATED"),
        ("牙髓间充质干细胞", "MSC", "DP", "NOT_STATED"),
        ("经血干细胞", "STEM?", "MB", "NOT_STATED"),
        ("干细胞", "STEM?", "NOT_STATED", "NOT_STATED"),
    ],
)
def test_type_source_and_donor_of_a_name(name, kind, source, donor):
    result = label(trial(name, "静脉输注"))
    assert values(result, "cell_type") == {kind}
    assert values(result, "cell_source") == {source}
    assert values(result, "donor") == {donor}


@pytest.mark.parametrize(
    ("title", "axis"),
    [
        ("间充质干细胞治疗自身免疫性肝病", "donor"),
        ("间充质干细胞治疗脂肪肝", "cell_source"),
        ("间充质干细胞治疗骨髓增生异常", "cell_source"),
        ("间充质干细胞经血管输入", "cell_source"),
    ],
)
def test_a_word_that_only_looks_like_it_says_nothing(title, axis):
    result = label(trial("间充质干细胞", "每周一次", title=title))
    assert values(result, axis) == {"NOT_STATED"}


def test_a_denied_donor_and_source_are_not_stated_and_a_healthy_donor_is():
    result = label(
        trial("脐带间充质干细胞", "细胞由健康供者捐献，而非骨髓来源，非自体。")
    )
    assert values(result, "donor") == {"ALLO"}
    assert values(result, "cell_source") == {"UC"}


def test_vesicles_of_cells_are_no_cells():
    result = label(trial("间充质干细胞来源的外泌体", "雾化吸入"))
    assert values(result, "delivery_mode") == {"none"}


def test_every_quote_stands_in_the_text():
    text = "超声引导下，经门静脉输注；不经外周静脉。"
    result = label(trial("脐带间充质干细胞", text))
    quotes = {r.quote for r in result.labels if r.axis == "route"}
    assert all(quote in text for quote in quotes)
