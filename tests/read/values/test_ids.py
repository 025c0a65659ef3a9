"""Ids of registers: which register issues them, and how it writes them."""

from __future__ import annotations

import pytest

from trialkit.read.values.ids import id_of, identifier_of, registry_of
from trialkit.record import Identifier

IDS = {
    "ClinicalTrials.gov": "NCT07312864",
    "ChiCTR": "ChiCTR2000029953|ChiCTR-TRC-12001926|ChiCTR-TTRCC-14004829",
    "EUCTR": "EUCTR2015-000111-22-Outside-EU/EEA|EUCTR2004-000119-24-GB|2023-000946-41"
    "|2012-004567-89-3rd",
    "CTIS": "CTIS2022-500024-30-00|2022-500024-30-00|2023-503651-10",
    "ISRCTN": "ISRCTN17973604",
    "ANZCTR": "ACTRN12605000057684|ACTRN12605000057684p|ACTRN012605000057684",
    "CTRI": "CTRI/2007/091/000012|CTRI/2020/12/029986",
    "IRCT": "IRCT138706211241N1|IRCT20111224008505N47",
    "JPRN": "JPRN-jRCTs031190227|jRCT2080225171|jRCTa050240112|jRCTb030240111"
    "|jRCTc040240113|JPRN-C000000079|UMINC000000079|JPRN-UMIN000047941"
    "|JapicCTI-132057|JMA-IIA00012",
    "DRKS": "DRKS00031743",
    "NTR": "NTR1234|NL8490|NL-OMON54196",
    "KCT": "KCT0008933",
    "PACTR": "PACTR201006000222401|PACTR2010030001971409",
    "ReBec": "RBR-2b9qf7h|RBR-972497",
    "RPCEC": "RPCEC00000446",
    "REPEC": "PER-002-21",
    "SLCTR": "SLCTR/2018/002",
    "TCTR": "TCTR20110000022|TCTR20241115007",
    "LBCTR": "LBCTR2022074978",
    "ITMCTR": "ITMCTR1900002281|ITMCTR2022000094",
    "China CDE": "CTR20240111",
    "China NHC": "MR-31-20-000323",
    "WHO UTN": "U1111-1131-4384",
}
PAIRS = [(name, one) for name, ids in IDS.items() for one in ids.split("|")]


@pytest.mark.parametrize(("register", "written"), PAIRS)
def test_an_id_names_its_register_and_is_written_as_it_writes_it(register, written):
    wide = written.translate({48 + n: 0xFF10 + n for n in range(10)})
    others = (written, written.lower(), written.upper(), f" {written}. ", wide)
    assert [registry_of(text) for text in others] == [register] * len(others)
    assert [id_of(text) for text in others] == [written] * len(others)


@pytest.mark.parametrize(
    "text",
    [
        "ISRCTN 9999 9902",
        "ISRCTN99999902,",
        "ＩＳＲＣＴＮ９９９９９９０２",
        "isrctn99999902",
    ],
)
def test_who_writes_an_id_down_changes_nothing_of_it(text):
    assert id_of(text) == "ISRCTN99999902"


@pytest.mark.parametrize(
    "text",
    [
        *("", None, "NCT0731286", "NCT073128640", "CTR2024011", "12345", "PER-1-2"),
        *("MR-1", "ChiCTR", "2015-000111", "C123456789", "NCT07312864 and more"),
        "N" * 100_000,
    ],
)
def test_what_is_no_registers_id_is_none(text):
    assert (registry_of(text), id_of(text)) == (None, None)


def test_an_id_after_its_name_is_told_from_a_number_of_the_sponsor():
    eudract = identifier_of("EudraCT Number: 2005-003674-14")
    assert eudract == Identifier(id="2005-003674-14", id_type="EUCTR")
    own = identifier_of("Protocol: A-1", "org_study_id")
    assert own == Identifier(id="Protocol: A-1", id_type="org_study_id")
