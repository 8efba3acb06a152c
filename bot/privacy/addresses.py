"""Where somebody lives: after words that say so, or as a street with its number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.found import HANZI, Found, matches

_PROVINCE = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|"
    "云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_CHINESE_CUE = re.compile(
    "(?:家庭|现|通信|通讯|联系|户籍|居住|单位|身份证)?(?:住址|地址)|户籍(?:所在)?地?|籍贯|居住地|家住|出生地|"
    rf"(?P<unsure>现居|现住|住在|来自|出生于|(?<![{HANZI}])住(?!院))"
)
_SURELY_A_PLACE = re.compile(rf"(?:{_PROVINCE})|[{HANZI}]{{2,4}}(?:(?<!城)市|县|省)")
"""How a place begins after words that can be followed by anything else as well."""
_AREA = re.compile(
    rf"[{HANZI}]{{1,8}}?(?:特别行政区|自治区|自治州|街道|社区|开发区|新区|省|市|(?<![病院疫])区|县|旗|州|盟|镇|乡|村|屯|庄)"
)
_STREET = re.compile(
    rf"[{HANZI}]{{1,10}}?(?:大道|大街|胡同|路|街|巷|弄|小区|花园|家园|新村|公寓|大厦|广场|园区|苑(?![路街])|村(?![路街])|组)"
)
_HOUSE = re.compile(
    r"[0-9A-Za-z一二三四五六七八九十甲乙-]{1,6}(?:号院|号楼|号|栋|幢|座|单元|层|楼|室|组|弄|队|户|巷)|"
    r"(?<=[号楼栋幢弄元])\d{3,4}"
)
_PLACE = re.compile(rf"(?:{_PROVINCE})(?:省|市)?[{HANZI}]{{0,4}}(?=[,;.。()\s]|$)")
_NATIVE = re.compile(rf"(?:{_PROVINCE})(?:省|市)?(?:[{HANZI}]{{1,4}}[市县区])?(?=人(?:[,;。.\s]|$))")
_START = re.compile(rf"(?<![{HANZI}])(?:{_PROVINCE})|(?<![{HANZI}])(?=[{HANZI}]{{2,4}}(?:市|区|县))")
_MOST_PARTS = 12

_STREET_NAME = (
    r"(?:\d{1,5}[A-Za-z]?,? (?:(?:[A-Z][\w'.-]{1,20}|de|la|du|des|of|the) ){1,5}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard|Blvd|Close|Court|Ct|Way|Place|Square|Terrace|Crescent|"
    r"Gardens|Park|Row|Hill|Highway|Parkway)\b\.?)"
)
_FOREIGN_STREET = (
    r"(?:\d{1,5}[a-z]?,? (?:Rue|Avenue|Via|Calle|Boulevard|Place|Piazza|Plaza)"
    r"(?: [A-Z][\w'.-]{1,20}| (?:de|la|du|des|di)){1,5})"
)
_REST = (
    r"(?:(?:,? (?:Apt|Apartment|Flat|Unit|Suite|Floor)\.? ?\w{1,5})?"
    r"(?:,(?: \d{5})?(?: [A-Z][a-z]{2,15}){1,2}(?=,? [A-Z]{2} \d|,? [A-Z]{1,2}\d|[,.;\n]|$))?"
    r"(?:,? [A-Z]{2} \d{5}(?:-\d{4})?|,? [A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})?)"
)
_ENGLISH = re.compile(f"(?<![\\w.])(?:{_STREET_NAME}|{_FOREIGN_STREET}){_REST}")
_POSTCODE = re.compile(
    r"(?:postcode|post code|zip(?: code)?|邮编|邮政编码)(?:是|为| is)?[:# ]{0,3}"
    r"(?P<value>\d{5,6}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b",
    re.IGNORECASE,
)


def addresses(text: str) -> Iterator[Found]:
    """Addresses in Chinese and English."""
    yield from matches(_ENGLISH, text, "address")
    yield from matches(_POSTCODE, text, "address", "value")
    yield from matches(_NATIVE, text, "address")
    for cue in _CHINESE_CUE.finditer(text):
        start = cue.end()
        while start < len(text) and text[start] in ":是为 " and start < cue.end() + 3:
            start += 1
        if cue["unsure"] and not _SURELY_A_PLACE.match(text, start):
            continue
        end = _chinese(text, start)
        place = _PLACE.match(text, start) if end is None else None
        if end or place:
            yield Found(start, end or place.end(), "address")  # type: ignore[union-attr]
    for begin in _START.finditer(text):
        end = _chinese(text, begin.start(), whole=True)
        if end:
            yield Found(begin.start(), end, "address")


def _chinese(text: str, start: int, whole: bool = False) -> int | None:
    """Where an address ends that begins at `start`, None if there is none.

    Args:
        whole: a street and the number of a house belong to it, because nothing says that it is an address.
    """
    place, street, house = start, None, None
    for _ in range(_MOST_PARTS):
        number = _HOUSE.match(text, place) if place > start else None
        area = None if house or number else _AREA.match(text, place)
        part = number or area or _STREET.match(text, place)
        if part is None or ("科" in part[0] and "科技" not in part[0]):
            break
        house = house or number
        street = street or (None if number or area else part)
        place = part.end()
    complete = bool(street and house) if whole else place > start
    return place if complete else None
