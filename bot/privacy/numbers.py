"""Numbers that stand for a person: identity cards, telephones, e-mail, and what a hospital files a person under.

All repetitions have an upper bound, so the time grows with the length of the text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import phonenumbers

from bot.privacy.found import Found, matches

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9](?:[ -]?\d){16}[ -]?[\dXx](?![0-9A-Za-z])")
_NAMED_IDENTITY = re.compile(
    r"(?:身份证|身份证明|证件|身份号)(?:号码?|号)?(?:为|是)?[:# ]{0,3}"
    r"(?P<value>\d(?:[ -]?\d){13,16}[ -]?[\dXx]?)(?![0-9A-Za-z])"
)
_SOCIAL_SECURITY = re.compile(r"(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])")

_MOBILE = re.compile(r"(?<![\dA-Za-z.])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z]|\.\d)")
_LANDLINE = re.compile(
    r"(?<![\dA-Za-z.+-])(?P<number>\(?0\d{2,3}\)?[ -]?\d{3,4}[ -]?\d{4})"
    r"(?:(?: ?转 ?| ?ext\.? ?|-)\d{1,6})?(?![\dA-Za-z]|\.\d)"
)
_INTERNATIONAL = re.compile(r"(?<![\dA-Za-z])\+\d{1,3}(?:[ .()-]{0,2}\d){6,13}(?![\dA-Za-z])")
_AMERICAN = re.compile(r"(?<![\dA-Za-z.-])(?:1[ -])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?![\dA-Za-z-])")
_SERVICE = re.compile(r"(?<![\dA-Za-z.-])[48]00-\d{3,4}-?\d{3,4}(?![\dA-Za-z-])")
_NAMED_PHONE = re.compile(
    r"(?:电话|手机|联系方式|座机|固话|传真|微信|(?<![A-Za-z])(?:tele?(?:phone)?|phone|mobile|cell|fax|call|text|"
    r"contact|(?:his|her|my|their) number))(?:号码|号|同手机)?\.?(?: (?:no|number|me|is|at|on|him|her)\b\.?){0,3}"
    r"(?:为|是)?[:# ]{0,3}(?P<value>[+(]?\d(?:[ ().-]{0,2}\d){6,14}(?: ?(?:转|ext\.?) ?\d{1,6})?)(?![\dA-Za-z])",
    re.IGNORECASE,
)
_REGIONS = ("CN", "GB")
"""Whose ways of writing a number with its area code are known again."""

_LOCAL_PART = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
_LONGEST_LOCAL_PART = 64
_DOMAIN = re.compile(r"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")

_VALUE = r"(?P<value>[A-Za-z]{0,6}-?\d[\dA-Za-z/-]{2,22})(?![\dA-Za-z])"
_CHINESE_RECORD = re.compile(
    r"(?:(?:住院|病案|病历|门诊|急诊|就诊|登记|影像|检查|放射|病理|标本|医保|社保|体检|挂号|超声|条码|诊疗|护照|军官证|"
    r"申请单|驾驶证|流水|CT|MR)(?:卡|编|序|证)?(?:号码|号|ID)|(?:病人|患者|住院|门诊) ?ID|(?<![A-Za-z])ID号)"
    r"(?:为|是)?[:# ]{0,3}" + _VALUE
)
_ENGLISH_RECORD = re.compile(
    r"(?<![A-Za-z])(?:(?:MRN|NHS|CHI|SSN|social security)(?: ?(?:no|number|nr|id|#)\b\.?)?|"
    r"(?:medical record|hospital|hosp|patient|pt|record|admission|chart|accession|case|unit|episode|encounter|visit|"
    r"specimen|insurance|policy|passport|account|health card|file|study id|registration|lab)\.? ?"
    r"(?:no\b|number\b|nr\b|id\b|#)\.?|ID(?: ?(?:no|number)\b\.?)?)(?: is)?[:#= ]{1,3}"
    r"(?P<value>\d{3} \d{3} \d{4}|[A-Za-z]{0,6}-?\d[\dA-Za-z/-]{2,22})(?![\dA-Za-z])",
    re.IGNORECASE,
)
_FEWEST_DIGITS = 4
_PUBLIC = re.compile(r"(?:NCT|ISRCTN|ChiCTR|PMID|PMC|DOI)", re.IGNORECASE)
"""Registers of studies and of papers: their numbers stand for no person."""


def identity_numbers(text: str) -> Iterator[Found]:
    """Chinese identity numbers, with blanks or not; with a wrong check digit too if all else fits or they are named."""
    yield from matches(_NAMED_IDENTITY, text, "id_number", "value")
    yield from matches(_SOCIAL_SECURITY, text, "id_number")
    for found in _IDENTITY.finditer(text):
        digits = re.sub("[ -]", "", found[0]).upper()
        together = len(found[0]) - len(digits) <= 2
        if _is_born(digits[6:14]) and (together or _check_digit(digits) == digits[-1]):
            yield Found(found.start(), found.end(), "id_number")


def phones(text: str) -> Iterator[Found]:
    """Telephone numbers: mobile and with area code, international, and whatever is called one."""
    for pattern in (_MOBILE, _AMERICAN, _SERVICE):
        yield from matches(pattern, text, "phone")
    yield from matches(_NAMED_PHONE, text, "phone", "value")
    for found in _INTERNATIONAL.finditer(text):
        if _exists(found[0], (None,)):
            yield Found(found.start(), found.end(), "phone")
    for found in _LANDLINE.finditer(text):
        if _exists(found["number"], _REGIONS):
            yield Found(found.start(), found.end(), "phone")


def addresses_of_mail(text: str) -> Iterator[Found]:
    """E-mail addresses."""
    for found in _DOMAIN.finditer(text):
        start = found.start()
        while start and found.start() - start < _LONGEST_LOCAL_PART and text[start - 1] in _LOCAL_PART:
            start -= 1
        if start < found.start():
            yield Found(start, found.end(), "email")


def record_numbers(text: str) -> Iterator[Found]:
    """What a hospital or an insurance files a person under; known by what it is called."""
    for pattern in (_CHINESE_RECORD, _ENGLISH_RECORD):
        for found in pattern.finditer(text):
            value = found["value"]
            if sum(character.isdigit() for character in value) >= _FEWEST_DIGITS and not _PUBLIC.match(value):
                yield Found(found.start("value"), found.end("value"), "record_number")


def _check_digit(digits: str) -> str:
    """What the first seventeen digits ask for at the end (GB 11643, ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11]


def _is_born(digits: str) -> bool:
    """Whether eight digits are a day on which somebody living may have been born."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= born.year < 2100


def _exists(number: str, regions: tuple[str | None, ...]) -> bool:
    for region in regions:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False
