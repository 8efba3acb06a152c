"""CEA, APRI and MELD, with their units; APRI also from AST, its upper limit of normal and platelets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.models.understanding import FactMention
from knowledge.nlu.context import Context
from knowledge.nlu.quantities import Quantity, quantities
from knowledge.nlu.readers.mention import mention, quantity_mention, token_at

_NAMES = {
    "cea_ng_ml": re.compile(r"CEA|癌胚抗原", re.I),
    "apri": re.compile(r"APRI", re.I),
    "meld": re.compile(r"MELD(?:[- ]?Na)?(?:评分)?(?: score)?", re.I),
}
_GAP = re.compile(
    r"[\s:=]*(?:level|值|水平|评分|score|was|is|of|为|约|大约|about|approximately|~|≈|now|目前|现|术前|升高|elevated|at|\(|,)*[\s:=]*",
    re.I,
)
_CHANGE = re.compile(
    r"[^\d\n;。]{0,12}?(?:降至|降到|升至|升到|→|->|down to|up to|fell to|dropped to|rose to|to|至|到)\s*", re.I
)
_OTHER_UNIT = re.compile(r"\s*(?:U|IU|kU)/m?L", re.I)
_NANOGRAM = re.compile(r"\s*(?:ng/ml|ug/l|ng/mL)?", re.I)
_MICROGRAM = re.compile(r"\s*ug/ml|\s*mg/l", re.I)
_NORMAL = re.compile(r"[\s:=]*(?:正常|不高|未升高|normal|within normal)", re.I)
_APRI_PARTS = {
    "ast": re.compile(r"(?:AST|谷草转氨酶|天冬氨酸转氨酶|GOT)[^\d,;。\n(]{0,8}(\d+(?:\.\d+)?)", re.I),
    "limit": re.compile(r"(?:ULN|正常上限|上限|upper limit(?: of normal)?)[^\d,;。\n]{0,8}(\d+(?:\.\d+)?)", re.I),
    "platelets": re.compile(r"(?:PLT|platelets?|血小板)[^\d,;。\n]{0,8}(\d+(?:\.\d+)?)", re.I),
}


def read_laboratory(context: Context) -> Iterator[FactMention]:
    """The laboratory values told."""
    text = context.doc.source.text
    for fact, name in _NAMES.items():
        for match in name.finditer(text):
            if _NORMAL.match(text, match.end()) or context.uncertain(
                token_at(context, match.start()), token_at(context, match.end() - 1) + 1
            ):
                where = (token_at(context, match.start()), token_at(context, match.end() - 1) + 1)
                yield mention(context, fact, None, where, "unknown")
                continue
            gap = _GAP.match(text, match.end())
            found = _value(text, fact, gap.end() if gap else match.end())
            if found:
                yield quantity_mention(context, fact, found, (match.start(), found.end))
    yield from _computed_apri(context)


def _value(text: str, fact: str, position: int) -> Quantity | None:
    """The number that begins here; after "from 120 to 15" the later one."""
    number = _number_at(text, position)
    if number is None:
        return None
    change = _CHANGE.match(text, number.end)
    later = _number_at(text, change.end()) if change else None
    number = later or number
    if fact != "cea_ng_ml":
        return number
    if _OTHER_UNIT.match(text, number.end):
        return None
    if match := _MICROGRAM.match(text, number.end):
        scaled = number.scaled(1000)
        return Quantity(scaled.low, scaled.high, number.start, match.end())
    unit = _NANOGRAM.match(text, number.end)
    return Quantity(number.low, number.high, number.start, unit.end() if unit else number.end)


def _number_at(text: str, position: int) -> Quantity | None:
    found = next(quantities(text[position : position + 40]), None)
    if found is None or found.start > 3:
        return None
    return Quantity(found.low, found.high, position + found.start, position + found.end)


def _computed_apri(context: Context) -> Iterator[FactMention]:
    text = context.doc.source.text
    if _NAMES["apri"].search(text):
        return
    parts = {name: pattern.search(text) for name, pattern in _APRI_PARTS.items()}
    ast, limit, platelets = parts["ast"], parts["limit"], parts["platelets"]
    if not (ast and limit and platelets) or not float(limit[1]) or not float(platelets[1]):
        return
    value = round(float(ast[1]) / float(limit[1]) * 100 / float(platelets[1]), 2)
    start = min(match.start() for match in (ast, limit, platelets))
    end = max(match.end() for match in (ast, limit, platelets))
    yield quantity_mention(context, "apri", Quantity(value, value, start, end), (start, end))
