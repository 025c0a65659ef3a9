"""E-mail addresses and telephone numbers in a text.

The form of a number, or the words around it, make it a telephone number: doses, dates,
ids, grants and web addresses must survive. The time is linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

import re2

#: Replaces each masked character.
MASK = "•"

Span = tuple[int, int]


def mask_contacts(text: str, *, is_code: bool = False) -> str:
    """Return `text` with a dot for each character of e-mails and telephone numbers.

    Its length and offsets stay. `is_code` marks ids and the like, which may look like a
    telephone number.
    """
    if len(text) >= _OFTEN:
        return _masked(text, is_code)
    return _masked_again(text, is_code) if _HINT.search(text) else text


def _masked(text: str, is_code: bool) -> str:
    if not may_hold_contacts(text):
        return text
    plain, places = _folded(text)
    masked = list(text)
    for first, last in (*_emails(plain), *_numbers(plain, is_code=is_code)):
        start, end = places[first], places[last - 1] + 1
        masked[start:end] = MASK * (end - start)
    result = "".join(masked)
    return text if result == text else result


#: A sponsor's number stands in the name of each of its sites.
_masked_again = lru_cache(maxsize=1024)(_masked)
#: Texts of fewer letters are often the same.
_OFTEN = 300


def may_hold_contacts(text: str) -> bool:
    """Return whether a text needs a closer look."""
    # A quotation mark would end it, as it ends a text of JSON.
    return json_may_hold_contacts(text.replace('"', "'").encode("utf-8", "replace"))


def json_may_hold_contacts(data: bytes) -> bool:
    """Return whether some text of a JSON document needs a closer look."""
    return screen()(data) is not None


#: The least that a contact has; most names of places and people lack it. Of a long text
#: the screen tells the same at less cost.
_HINT = re.compile(
    r"[@＠﹫&%]|at[ _)\]}>）］｝＞]|\d(?:[\W_]{0,3}\d){5}", re.IGNORECASE
)

# Texts are compared with ASCII digits, spaces and dashes, and without invisible signs.
_SPACES = "\t\xa0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"
_DIGITS = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50)
_PLAIN: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{zero + n: str(n) for zero in _DIGITS for n in range(10)},
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    0xFE6B: "@",
}
_UNSEEN = re.compile(r"[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return a text as it is compared, and the offset of each character."""
    plain = text.replace("\t", " ") if text.isascii() else text.translate(_PLAIN)
    if text.isascii() or not _UNSEEN.search(plain):
        return plain, range(len(plain))
    places = [n for n, letter in enumerate(plain) if not _UNSEEN.match(letter)]
    return "".join(plain[n] for n in places), places


# E-mail addresses ---------------------------------------------------------------

_LETTERS = r"A-Za-z\u00c0-\u024f\u0370-\u04ff"
_BEFORE_AT = re.compile(
    # Read backwards: words that stand for dots are turned round too.
    rf"""(?:[{_LETTERS}0-9._%+'-]{{1,64}}+
            (?:(?:[ ]?[\])}}][ ]?tod[ ]?[\[({{][ ]?|[ ]tod[ ])
               [{_LETTERS}0-9_-]{{1,64}}+){{0,4}}
          | "[^"\n]{{1,64}}"
          | [\u4e00-\u9fff]{{1,4}})""",
    re.VERBOSE | re.IGNORECASE,
)
_AT = re.compile(
    r"""(?P<spaced>[ ]@[ ]?|@[ ])
      | (?P<plain>@|&\#0{0,4}64;|&\#x0{0,4}40;|&commat;|%40
          |[ ]?[\[({<][ ]?(?:at|@)[ ]?[\])}>][ ]?|_at_)
      | (?P<word>[ ]at[ ])""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = rf"[{_LETTERS}0-9_-]{{1,63}}+"
_DOT = r"(?:\.|[ ]?[\[({<][ ]?(?:dot|\.)[ ]?[\])}>][ ]?|[ ]dot[ ])"
_DOMAIN = re.compile(
    rf"""(?:{_LABEL}{_DOT}){{1,8}}(?:[{_LETTERS}]{{2,24}}|xn--[a-z0-9-]{{2,59}})
      | [\u4e00-\u9fff]{{1,20}}\.(?:中国|公司|网络|网址|香港|台湾|集团)""",
    re.VERBOSE | re.IGNORECASE,
)
#: Ends of a domain after an `@` that is a word or stands apart, as in prose.
_ENDINGS = (
    r"(?:com|org|net|edu|gov|int|mil|info|biz|eu"
    r"|(?:(?:ac|co|com|edu|gov|org|net)%s)[a-z]{2}"
    r"|c[nhlzoa]|uk|de|fr|jp|kr|ru|ir|br|tw|hk|se|dk|fi|pl|pt|gr|tr|il|eg|mx|ar|nl|nz"
    r"|za|th|vn|sg|pk|sa|ua|hu|ro|cl|ie|ca)(?![A-Za-z0-9])"
)
_APART = re.compile(
    rf"(?:[A-Za-z0-9-]{{1,63}}+\.){{1,8}}?{_ENDINGS % r'[.]'}", re.IGNORECASE
)
_SPELT = re.compile(
    rf"(?:[A-Za-z0-9-]{{2,63}}+(?:[ ]dot[ ]|\.)){{0,6}}?"
    rf"[A-Za-z0-9-]{{2,63}}+[ ]dot[ ]{_ENDINGS % '(?:[ ]dot[ ]|[.])'}",
    re.IGNORECASE,
)
_DOMAINS = {"plain": _DOMAIN, "spaced": _APART, "word": _SPELT}
_SAID_MAIL = re.compile(
    r"(?:e-?mail|mailto|邮箱|邮件|メール|이메일)(?:[ ]address)?[ ]?[:：=(<]{0,2}[ ]?"
    rf"(?P<address>[{_LETTERS}0-9._%+-]{{1,64}}+(?:@|[ ]at[ ])"
    r"[A-Za-z0-9-]{1,63}+(?:\.[A-Za-z0-9-]{1,63}+){0,8})",
    re.IGNORECASE,
)
_IS_MAIL = re.compile(r"@|[ ]at[ ](?!www\.)[^ ]+\.[A-Za-z]", re.IGNORECASE)


def _emails(text: str) -> Iterator[Span]:
    backwards = ""
    for at in _AT.finditer(text):
        found = _DOMAINS[at.lastgroup or ""].match(text, at.end())
        if not found:
            continue
        backwards = backwards or text[::-1]
        before = _BEFORE_AT.match(backwards, len(text) - at.start())
        if before:
            yield len(text) - before.end(), found.end()
    for said in _SAID_MAIL.finditer(text):
        if _IS_MAIL.search(said["address"]):
            yield said.span("address")


# Telephone numbers --------------------------------------------------------------

#: Country codes of two and three digits.
_CODE = (
    r"(?:2[07]|2[1-69]\d|3[0-469]|3[578]\d|4[013-9]|42\d|5[1-8]|5[09]\d|6[0-6]|6[789]\d"
    r"|8[1246]|8[0578]\d|9[0-58]|9[679]\d)"
)
_START = rf"(?<![0-9A-Za-z_.+/\\-])(?<!{MASK}{MASK})"
_END = rf"(?![0-9A-Za-z_]|[-.][0-9]|{MASK}{MASK})"
#: A second number after a slash.
_MORE = r"(?:[ ]?[/、][ ]?(?:0\d{2,3}-)?\d{7,11}(?![\d-]))*+"
_NUMBER = re.compile(
    rf"""{_START}(?:
      (?P<abroad>\+\(?[1-9]\d{{0,2}}(?:[ .()/-]{{0,3}}\d){{6,13}})  # +86 139 1234 5678
    | 00(?:{_CODE}|[17])[ ().-]{{1,2}}\d{{1,4}}
        (?:[ ().-]{{1,2}}\d{{2,8}}){{1,4}}                  # 0086-10-12345678
    | 00{_CODE}[ ().-]?\d{{8,11}}                           # 008613912345678
    | (?:\d[ .-]?)?\(0\d{{1,4}}\)[ -]?\d{{3,4}}[ -]?\d{{3,4}}
        (?:-\d{{1,5}})?                                     # (010) 65123456
    | \(0\)[ ]?\d{{2,4}}(?:[ -]?\d{{2,4}}){{2,4}}           # (0)20 7946 0000
    | \({_CODE}(?:[ -]\d{{1,4}})?\)[ -]?\d{{1,4}}[ -]?
        \d{{3,8}}(?:[ -]\d{{3,4}})?                         # (86-571) 87236558
    | (?:1[ .-]?)?\([2-9]\d\d\)[ ]?-?\d{{3}}[ .-]?\d{{4}}    # (555) 123-4567
    | 8[ -]?\(\d{{3,4}}\)[ -]?\d{{2,3}}-?\d\d-?\d\d         # 8 (495) 123-45-67
    | (?P<groups>(?:1[ .-])?(?:[2-9]\d\d(?P<sign>[-.])\d{{3}}(?P=sign)\d{{4}}
        | [2-9]\d\d[ ][2-9]\d\d[ ]\d{{4}}                   # 555-123-4567
        | 400-\d{{4}}-\d{{3}}))
    | (?:86[ -]?)?1(?:3\d|4[5-9]|5[0-35-9]|6[25-7]|7[0-8]|8\d|9[0-35-9])
        (?:\d{{8}}|[ -]\d{{4}}[ -]\d{{4}})                  # 13912345678
    | 0[1-9]\d{{0,2}}[- ]\d{{7,8}}(?:-\d{{1,5}})?           # 0571-87236558
    | (?:0120|0800)-\d{{3}}-\d{{3}}
    | (?P<loose>0[1-9]\d{{0,2}}-\d{{3,4}}[- ]\d{{4}}        # 02-2072-3930
      | (?P<spaced>0[1-9]\d{{0,3}}(?P<gap>[ .])\d{{2,4}}
          (?:(?P=gap)\d{{2,4}}){{1,3}})                     # 06 12 34 56 78
      | 0[1-9]\d{{8,9}}                                     # 0612345678
      # Ten digits at least: "60-80-100" is a list of amounts.
      | (?=(?:\d-?){{10}}){_CODE}-\d{{1,4}}-\d{{3,8}}
        (?:-\d{{3,4}})?)                                   # 86-571-87236558
    ){_MORE}{_END}""",
    re.VERBOSE,
)
_WORDS = (
    r"telephone|telefon[eo]?|t[ée]l[ée]fono|t[ée]l[ée]phone|t[ée]l|phones?|ph|fax|faks"
    r"|mobile|mob|cell[ -]?phone|cellular|celular|handy|hotline|helpline|whats[ ]?app"
    r"|wechat|viber|telegram|qq|sms|contact[ ](?:no|number|tel)"
)
_CYRILLIC = "тел|телефон|факс|моб"
_VERBS = "call|text|ring|dial|contact|reach|phone"
_SIGNS = (
    "电话|手机|传真|联系方式|热线|微信|電話|傳真|手機|携帯|ファックス|전화|휴대폰|팩스"
    "|연락처|โทร|تلفن|موبایل|هاتف|فاکس"
)
_SAID = re.compile(
    rf"""(?:
      (?:(?<![\w./])(?:{_WORDS}|{_CYRILLIC})\b|{_SIGNS})
        (?:[ ]?[/&,][ ]?(?:tel|fax|phone|mobile|whatsapp|传真|手机))?
        (?:[.]?[ ](?:no|nr|number|numbers|at|us[ ]at|on|is))?
        (?:[ ]?\([^()\n]{{1,20}}\)(?=:)|[ ]?\([^()\d\n]{{1,20}}\)
          |号码|號碼|番号|号|번호)?[ .:,()\#\n-]{{0,6}}
    | (?<![\w./])(?:{_VERBS})\b
        (?:[^\d\n;@]{{0,40}}?[ ](?:at|on|:))?[ .:()\n]{{0,4}}
    | (?<![\w./])[TPMFtpmf](?:el)?[.:][ ]{{0,2}}(?=[+(]|0[1-9])
    )
    (?P<number>\+?\(?\d(?:[ .()/-]{{0,3}}\d){{5,14}}){_MORE}{_END}""",
    re.VERBOSE | re.IGNORECASE,
)

# What surrounds numbers that are no telephone numbers.
_COUNTED = re.compile(
    r"""[ ]?(?:[×*^%°]|x[ ]?10
      |(?:(?:±|/|per[ ])?[ ]?
       (?:cells?|mscs?|hepatocytes|platelets|leu[ck]ocytes|lymphocytes|nucleated|viable
         |total|mononuclear|copies|cop(?:y|ies)|vg|gc|vp|cfu|pfu|tu|particles|exosomes
         |vesicles|[mµμnd]?l|[mµμnk]?g|[mki]?iu|units?|mol|mmol|[µμn]mol|bp|kb|reads
         |usd|eur|rmb|cny|yuan|dollars|euros?|million|billion|participants|patients
         |subjects|people|cases|days|weeks|months|years|hours|minutes|min|h|wks?|mo
         |nm|mm|cm|m2|steps|kcal|cgy|gy|mbq)(?![A-Za-z]))
      |个|個|万|亿|元|例|人)""",
    re.VERBOSE | re.IGNORECASE,
)
_NAMED = re.compile(
    r"""(?:\b(?:grants?|awards?|funds?|fund(?:ed|ing)|foundation|committee|commission
        |project|program(?:me)?|contract|lot|batch|pmids?|pmcid|isbn|issn|doi|irb|irc
        |protocol|regist(?:ration|ry)|accession|ref(?:erence)?|ids?|identifiers?|catalog
        |catalogue|cat|code|gtin|udi|ndc|serial|version|approval|licen[cs]e|patent
        |ethics|study|trial|case|file|orcid|isni|cas|euct|eudract|n[or°º]|num|numbers?)
      |[#№]|批号|编号|号|項目|项目|基金)
      [ ]?[.:#(\[]{0,3}[ ]?(?:(?:n[or]|number|numbers|id|code|№)[.:]?[ ]?)?[(\[]?$
      |\(01\)$""",
    re.VERBOSE | re.IGNORECASE,
)
#: A web address or DOI that contains the number.
_ADDRESS = re.compile(r"://|www\.|doi|10\.\d{4}|[a-z]\.[a-z]{2,6}/", re.IGNORECASE)
#: The beginnings of toll-free numbers.
_FREE = ("400", "800", "1-8", "1 8", "1.8")
_YEAR = r"(?:19|20)\d\d"
_DATES = re.compile(
    rf"""(?:{_YEAR}[ ./-]\d\d?[ ./-]\d\d?(?!\d) | \d\d?[ ./-]\d\d?[ ./-]{_YEAR}(?!\d)
      | {_YEAR}(?:[ /-]{{1,3}}{_YEAR})+$
      | {_YEAR}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$)""",
    re.VERBOSE,
)
#: The pH of blood, `7.35-7.45`: letters before it may also mean a phone.
_DECIMALS = re.compile(r"\d{1,2}\.\d{1,2}(?:[ /-]{1,3}\d{1,2}\.\d{1,2})*")
_DECIMAL = re.compile(r"\+?\d+\.\d+$")


def _numbers(text: str, *, is_code: bool) -> Iterator[Span]:
    for said in _SAID.finditer(text):
        start = said.start("number")
        number = text[start : said.end()]
        is_other = (
            _DATES.match(number) or _are_round(number) or _DECIMALS.fullmatch(number)
        )
        if not is_other and not _COUNTED.match(text, said.end()):
            yield start, said.end()
    is_short = len(text.split()) < 3
    for found in _NUMBER.finditer(text):
        is_id = is_code and is_short and (found["loose"] or found[0].isdigit())
        if not is_id and _is_telephone(text, found):
            yield found.span()


def _is_telephone(text: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    number = found[0]
    if _COUNTED.match(text, end) or _is_round(found) or _DATES.match(number):
        return False
    if found["abroad"]:
        return not _DECIMAL.match(number)
    if found["spaced"]:
        parts = re.split(r"[ .]", number)
        if not 9 <= len("".join(parts)) <= 12 or all(p[0] == "0" for p in parts):
            return False
    before = text[max(0, start - 200) : start]
    return not _NAMED.search(before[-40:]) and not _ADDRESS.search(
        before[before.rfind(" ") + 1 :]
    )


def _is_round(found: re.Match[str]) -> bool:
    """Return whether a number is an amount or several: 15000000000, 100-200-3000."""
    if found["groups"] and not found["groups"].startswith(_FREE):
        return _are_round(found[0])
    return found[0].endswith("00000")


def _are_round(number: str) -> bool:
    parts = re.split(r"[ .-]", number)
    return len(parts) > 2 and all(part.endswith("0") for part in parts)


# Screening ---------------------------------------------------------------------


@cache
def screen(more: str = "") -> Callable[[bytes], object]:
    """Return a search that finds every text with a contact, and few others.

    It also reads JSON, in which more characters stand for the end of a line and the
    like, but not escapes of letters and signs. It finds what the pattern `more` does in
    the same pass.
    """
    digit, zero = r"[0-9０-９٠-٩۰-۹०-९০-৯๐-๙]", "[0０٠۰]"
    gap = r"(?:[ \t().+/\\-]|[^\x00-\x7f]|\\[bft])"
    escaped = r"\\(?:[bfnrt]|u00[01][0-9a-f])"
    edge = rf"(?:^|[^0-9a-z_.+/-]|{escaped})"
    then = rf"(?:{gap}{{0,3}}{digit})"
    forms = (
        r"[@＠﹫]|&#0*64;|&#x0*40;|&commat;|%40|_at_| dot |mail.{0,48} at ",
        r"[\[({<（［｛＜] ?(?:at|@) ?[\])}>）］｝＞]",
        rf"[+＋]{then}{{7}}",
        rf"{edge}{zero}{then}{{8}}|[(（]{zero}{then}{{6}}",
        rf"{edge}(?:86{gap}?)?[1１][3-9３-９](?:{gap}?{digit}){{9}}",
        rf"{edge}(?:[1１]{gap}{{1,2}})?{digit}{{3}}{gap}{{1,2}}{digit}{{3}}{gap}{digit}{{4}}",
        rf"[(（]{digit}{{3}}[)）]{then}{{7}}",
        rf"400{gap}{digit}{{4}}{gap}{digit}{{3}}|8{gap}?[(（]{digit}{{3,4}}[)）]",
        rf"{edge}[(（]?{_CODE}{gap}{{1,2}}{digit}{{1,4}}{gap}{{1,2}}{digit}{{3}}",
        rf"[(（]{_CODE}(?:{gap}{digit}{{1,4}})?[)）]{gap}{{0,2}}{digit}{{7}}",
    )
    # A quotation mark ends a text; within one it stands behind a backslash.
    within = rf'(?:[^0-9"\\]|{escaped}|\\.)'
    begin = rf"(?:^|[^0-9a-z_./]|{escaped})"
    said = rf"(?:{begin}(?:(?:{_WORDS}|{_VERBS})\b|{_CYRILLIC})|{_SIGNS})"
    words = (
        rf"{said}{within}{{0,48}}{digit}{then}{{5}}"
        rf"|{said}{within}{{0,24}}[(（][^()（）\"]{{1,24}}[)）][:：]"
        rf"{within}{{0,12}}{digit}{then}{{5}}"
        rf"|{begin}[tpmf](?:el)?[.:：．](?:[ \t]|[^\x00-\x7f]){{0,3}}"
        rf"(?:[+(＋（]|{zero}){then}{{5}}"
    )
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    # With RE2's own limit its automaton would be made again and again.
    options.max_mem = 1 << 26
    return re2.compile("|".join((*forms, words, *filter(None, [more]))), options).search
