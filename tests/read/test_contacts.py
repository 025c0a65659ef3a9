"""What is a contact in a text, and what only looks like one."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.read import contacts
from trialkit.read.contacts import MASK, mask_contacts

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("before", "contact", "after"),
    [
        ("write to ", "ada.place-holder+x@mail.example.org", ", please"),
        ("", "ada@example.org", ""),
        ("请发邮件至", "ada@example.org", "联系"),
        ("", "ada＠example.org", ""),
        ("", "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ", " x"),
        ("ask ", "ada [at] example [dot] org", ", or"),
        ("ask ", "ada(at)example.org", ", or"),
        ("ask ", "ada{at}example{dot}org", ", or"),
        ("ask ", "ada at example dot org", ", or"),
        ("ask ", "ada dot b at uni-x dot ac dot uk", ", or"),
        ("ask ", "ada_at_example.org", ", or"),
        ("ask ", "ada&#64;example.org", ", or"),
        ("ask ", "ada @ example.org", ", or"),
        ("ask ", "ada@ example.org", ", or"),
        ("?to=", "ada%40example.org", "&x=1"),
        ("", '"ada b"@example.org', " x"),
        ("", "иван@пример.рф", " x"),
        ("ask ", "ada@exam\xadple.org", ", or"),
        ("ask ", "ada@\u200bexample.org", ", or"),
        ("E-mail: ", "ada@hospital", ", or"),
        ("email: ", "ada at example.org", ", or"),
        ("call ", "+86 139 1234 5678", " today"),
        ("(", "+44 (0)20 7946 0000", ")"),
        ("phone 24 h: ", "0086-10-12345678", "."),
        ("Phone (24 h): ", "64370045", "."),
        ("or ", "008613912345678", "."),
        ("or ", "(555) 123-4567", "."),
        ("or ", "(555)1234567", "."),
        ("or ", "1(555)123-4567", "."),
        ("or ", "(555)-123-4567", "."),
        ("or ", "1-877-555-4559", ","),
        ("or ", "555-123-4567", " ext. 3"),
        ("or ", "555.123.4567", " today"),
        ("WeChat ", "13912345678", "。"),
        ("微信 ", "１３９１２３４５６７８", "。"),
        ("电话", "13912345678", "，"),
        ("电话：", "010-65123456", "，"),
        ("or ", "8613912345678", "."),
        ("or ", "139 1234 5678", "."),
        ("or ", "0571-87236558", "."),
        ("or ", "0571–87236558", "."),
        ("or ", "0571-87236558-8001", "."),
        ("or ", "0571-8723 6558", "."),
        ("or ", "0571 8723 6558", "."),
        ("or ", "(010) 65123456", "."),
        ("或", "（010）65123456", "。"),
        ("or ", "86-571-87236558", "."),
        ("or ", "(44) 2079460000", "."),
        ("Site Tele: ", "(44)2079460000", ""),
        ("or ", "(86-571) 87236558", "."),
        ("T: ", "020 7946 0000", ""),
        ("or ", "020 7946 0000", "."),
        ("or ", "06 12 34 56 78", "."),
        ("or ", "02-2072-3930", "."),
        ("or ", "09123456789", "."),
        ("or ", "400-820-8820", "."),
        ("or ", "8 (495) 123-45-67", "."),
        ("or ", "(03) 9345 5522", "."),
        ("Tel./Fax: ", "0571-87236558/87236559", "."),
        ("Tel: ", "021 6437 0045", ""),
        ("tel:", "+861065123456", ""),
        ("Fax no. ", "33 1 42 34 56 78", ""),
        ("please call us at ", "64370045", "."),
        ("call Dr. Nobody at ", "6437 0045", "."),
        ("+86\n", "13912345678", "\n2"),
        ("Phone:\n", "64370045", "\n2"),
    ],
)
def test_contacts_are_masked_and_the_words_around_them_stay(before, contact, after):
    masked = mask_contacts(before + contact + after)

    assert masked == before + MASK * len(contact) + after


#: Real-looking texts, each one of a kind, none of them a contact.
NOT_CONTACTS = """
2025-12-01 to 2026-06-30
2019-2020; 01/02/2019 - 03/04/2020; 20190101-20201231; 01.11.2018/01
NCT06904755, ChiCTR2000029953, ChiCTR-TRC-13003260
EudraCT 2014-004349-29, EUCTR2014-004349-29-DE, CTIS 2023-508143-51-00
U1111-1169-2289, 1111-1169-2289
ISRCTN12345678, ACTRN12605000123456, DRKS00012345, UMIN000012345
JPRN-jRCTs031200123, jRCTb030240111, CTRI/2018/01/011281, PACTR201911826634987
IRCT20080901001165N20, RBR-2kx6yp, NL-OMON12345, KCT0001234, SLCTR/2011/004
TCTR20200101001, PER-001-95, RPCEC00000123, LBCTR2019010123
5U01HL123456-01A1, R01DK012345-05, HHSN272201300012C, W81XWH-12-1-0123
grant No. 15411951900; project 18411950500; NSFC 81670561
Science and Technology Committee (18411950500)
BFH20251124001, IRB00001234, 0123-12-SOR, 2012-A00123-40, HREC/12/QRBW/123
2503-041-1621, B-0610-038-004, MP-05-2020-2251, NMRR-11-904-9763
CAAE 25000039812/2005-99, CDR0000064232, PEI 09-008
1.67 × 10\\^8 cells/kg, 200 000 000 cells, 1x106, 5*10^7
15000000000 cells; 13500000000 MSCs/kg; 1 000 000 000; 10,000,000,000
100-200-3000 mL; 100-200-3000; 250-500-1000 mg; 200-300-4000 mL
+1000000000 cells; CD34+ 12345678 cells; 16 096 741 confirmed
2 x 10^6 cells/kg; 10-20-30 mg; 1:1000000; 12 345 678 901
arterial pH 7.35-7.45; pH: 7.25 - 7.40; pH 7.30/7.35; pH 7.25 7.30
ALT 40-200-400 U/L; 60-80-100 bpm; 20-30-400 participants per arm
TBil ≥ 171 μmol/L; PTA 20-40 % (INR 1.5-2.6); age 18-80
120/80 mmHg 110/70; T: 37.5; P: 0.0001234; M: 1000000 cells; F: 12345678
p = 0.0001234567; 0.123456789; 1.5e9
31.2304, 121.4737; +40.712812, -74.006012; -33.8688197
doi: 10.1016/0002-9343(92)90113-p. PMID: 19654548
10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E
doi: 10.1067/mob.2003.379; PMC1234567
Lancet 2014;120(10):1453-61; Am J Obstet. 2003 Jul;189(1):98-101
https://doi.org/10.1000/13912345678
https://x.org/5551234567?a=13912345678, www.x.org/proj.aspx?proj=13912345678
https://medium.com/@user/x
EC 1.14.13.39, CAS 50-00-0, ISBN 978-3-16-148410-0, ISBN 0-306-40615-2
ISSN 0028-4793, GTIN 00312345678906, NDC 50242-040-62, ICD-10 K72.0
ORCID 0000-0002-1825-0097, 0009-0001-2345-6789
MN908947.3, NC_045512.2, GSE12345678
lot 0123456789; Lot No. 13912345678; batch: 0571-87236558
San Juan 00936-7344, Hartford 06102-5037, Sao Paulo 04044-060, Morioka 020-8505
OID 2.16.840.1.113883.3.4424, 192.168.1.100, pkg@1.2.3
mobile phase 10 20 30; call 3 times; faxed in 2019
phone visits 2020-01-15; phone call 12 24 36 48 weeks; visits 01 02 03 04 05
patients @ 4 weeks; p@ss; INTR@PID Trial; Institute @ Providence St. John
tendinopathy (AT) which; measured [at] baseline. The end
available at www.chictr.org.cn; registered at clinicaltrials.gov
a red dot at the site; look at a dot plot
at 09:00-17:00; 1990-01-01/2020-12-31; E.7.1 - E.7.4
""".strip().splitlines()


@pytest.mark.parametrize("text", NOT_CONTACTS)
@pytest.mark.parametrize("frame", ["{}", "see {}, and", "（{}）", "x\n{}\ny"])
def test_what_is_no_contact_stays_as_it_is(text, frame):
    text = frame.format(text)

    assert mask_contacts(text) == text


@pytest.mark.parametrize("text", ["0120060315", "08-1078-0014", "13912345678"])
def test_an_id_that_looks_like_a_telephone_number_stays(text):
    assert mask_contacts(text, is_code=True) == text


@pytest.mark.parametrize("text", ["0571-87236558", "+86 10 6512 3456", "a@b.org"])
def test_an_id_that_can_only_be_a_contact_is_masked(text):
    assert mask_contacts(text, is_code=True) == MASK * len(text)


#: Words and signs before which a number is one of a telephone.
SAID = (
    *(
        "Tel",
        "tel.",
        "phone",
        "PH",
        "T:",
        "F.",
        "M: ",
        "call us at ",
        "dial ",
        "fax no ",
    ),
    *("ring", "text", "contact", "reach us on: ", "mobile", "тел", "Телефон: ", "电话"),
    *(
        "微信号码",
        "전화",
        " (24 h): ",
        "(2):",
        "+86",
        "010-",
        "1391234",
        " at ",
        " dot ",
    ),
)


@given(st.text(alphabet="a1@.+- ()\n:tel＠\u200b", max_size=80))
def test_the_length_never_changes_and_masking_twice_changes_nothing(text):
    masked = mask_contacts(text)

    assert len(masked) == len(text)
    assert masked.count("\n") == text.count("\n")
    assert mask_contacts(masked) == masked


@pytest.mark.parametrize("sign", '\b\f\v\x1f\n\t"\\')
def test_the_first_glance_reads_the_signs_that_json_writes_as_words(sign):
    for contact in ("0571-87236558", "13912345678", "555-123-4567", "Phone 64370045"):
        text = f"ask{sign}{contact}"
        is_masked = mask_contacts(text) != text

        assert contacts.json_may_hold_contacts(msgspec.json.encode(text)) >= is_masked


@pytest.mark.parametrize("sign", "\t\f")
def test_the_first_glance_reads_the_signs_that_json_writes_within_a_number(sign):
    for contact in ("+86 571 8723 6558", "Tel. 555 123 4567", "(0571) 8723 6558"):
        text = contact.replace(" ", sign)
        is_masked = mask_contacts(text) != text

        assert is_masked >= (sign == "\t")
        assert contacts.json_may_hold_contacts(msgspec.json.encode(text)) >= is_masked


@given(
    st.lists(
        st.sampled_from([*"0123456789+-() /.,:@\"'\n１（）：é", *SAID]), max_size=40
    ).map("".join)
)
def test_the_first_glance_overlooks_nothing(text):
    if not contacts.may_hold_contacts(text):
        plain, _ = contacts._folded(text)
        found = [*contacts._emails(plain), *contacts._numbers(plain, is_code=False)]

        assert found == []


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "1 ", "a@", "@", '"@', "@a.", "a@b.cc ", " at a dot ", "[at]", "&#0"),
        *("a\u200b@", "+1 ", "tel 1", "Tel: (", "call ", "1-", "(1", "（", "0 1 2 3 "),
        *("T:(", "電話:", "13912345678 ", "0571-87236558/", "grant 13912345678 ", "\n"),
    ],
)
def test_hostile_text_takes_no_time(unit):
    text = (unit * (200_000 // len(unit))) + " 13912345678"
    started = time.process_time()

    mask_contacts(text)

    assert time.process_time() - started < 2  # some 0.4 s; 1 MB takes 2 s
