"""How many liver metastases there are and how large the largest is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.models.understanding import FactMention
from knowledge.nlu.context import Context
from knowledge.nlu.quantities import LENGTH_UNIT, NUMBER, Quantity, parse, quantities
from knowledge.nlu.readers.mention import mention, quantity_mention, token_at
from knowledge.nlu.readers.relevance import LESION, corrected, relevant

_COUNTED = re.compile(
    rf"\s*(?:(?:个|枚|处|颗|粒)(?!月|星期|小时|疗程|周期|淋巴|肺|骨|脑)|灶(?!性)|\s+of\s+(?:them|these)\b|\s*(?:(?!patient|case|with|who|of\b)[a-z][a-z-]*\s+|of\s+(?:the|them|these|which)\s+){{0,4}}?{LESION})",
    re.I,
)
_LABELLED = re.compile(
    r"(?:病灶数目?|病灶个数|转移灶数目?|转移数目?|肝转移灶?|肝转移瘤|number of (?:liver )?(?:lesions|metastases|mets)"
    r"|lesion count|lesions|mets|liver mets|liver metastases)\s*(?:为|是|共|:|=|x|×|is|are)?\s*$",
    re.I,
)
_SOLITARY = re.compile(
    rf"单发|孤立性?|单个|唯一|(?:solitary|single)(?=\s+(?:[a-z][a-z-]*\s+){{0,3}}?(?:{LESION}|liver|hepatic))", re.I
)
_JOINT = re.compile(r"\s*(?:cm|mm|厘米|毫米)?\s*(?:、|,|/|和|及|与|;|and|&|,\s*and)\s*", re.I)
_TIMES = re.compile(r"\s*(?:cm|mm)?\s*[x×*]\s*", re.I)
_RESPECTIVELY = re.compile(r"分别|各为|依次|respectively|measuring|各径", re.I)
_CHANGED = re.compile(
    r"→|->|缩小|缩至|缩到|降至|减少|减至|增大|增至|变为|down to|shr[aiu]nk|to\b|到|至|now|目前|现", re.I
)
_FROM = re.compile(r"(?:从|由|from)\s*$", re.I)
_LONGEST_LIST = 20
_DENIED = re.compile(r"(?:不是|而非|并非|not|rather than)\s*$", re.I)
_TIME = re.compile(r"\s*(?:个月|个星期|个疗程|个周期|年|月|周|天|岁|months?|weeks?|years?|days?|cycles?|yrs?|%)", re.I)
_SEGMENT = re.compile(r"(?:\bsegments?|\bsegs?|\b[cpy]*[TNS]|段|第)\s*$", re.I)
_LARGEST = re.compile(r"最大|大者|最长|largest|biggest|max|greatest|dominant", re.I)
_SMALLEST = re.compile(r"最小|小者|smallest|min(?:imum)?\b", re.I)
_LEFT_RIGHT = (
    re.compile(r"左(?:肝|叶|半肝|外叶)|left (?:lobe|liver)", re.I),
    re.compile(r"右(?:肝|叶|半肝)|right (?:lobe|liver)", re.I),
)
_ONE_OF_THEM = re.compile(r"(?:最大的?|较大的?|最小的?|其中的?|每|这|那|另外?|第|the|each)\s*$", re.I)
_OTHER_THINGS = re.compile(
    r"(?:[^,;。\n]{0,8}的|新的?|的)?\s*(?:病例|病人|患者|病患|问题|例|人|方案|医院|医生|老师|同事|疗程|周期|月|星期|礼拜|小时|基因|位点|case|patient)",
    re.I,
)
_ANY_MEASURE = re.compile(r"\s*(?:个|处|颗|粒)")
_LESIONS_NAMED = re.compile(rf"肝|转移|灶|结节|占位|瘤|{LESION}|liver|hepatic", re.I)
_NOTHING_ELSE = re.compile(
    r"(?:[\W_]|是|有|共|一共|就|只|还|剩|大概|约|左右|应为|应该|改为|目前|现在|数目|数量|不对|更正|了|吧)*"
)


@dataclass(frozen=True)
class Size:
    """One diameter in centimetres; `joined` counts the sizes of the list it stands in."""

    quantity: Quantity
    start: int
    end: int
    largest: bool
    smallest: bool
    joined: int


def read_lesions(context: Context) -> Iterator[FactMention]:
    """Number and largest diameter of the liver metastases."""
    counts = list(_counts(context))
    sizes = list(_sizes(context))
    told = _number(context, counts)
    count = told.value if told and told.status == "known" else None
    listed = max((size.joined for size in sizes), default=1)
    if listed > 1:
        joined = [size for size in sizes if size.joined == listed]
        start, end = min(size.start for size in joined), max(size.end for size in joined)
        where = (token_at(context, start), token_at(context, end - 1) + 1)
        if isinstance(count, int) and listed > count:
            told = mention(context, "lesion_count", None, where, "conflict")
        elif told is None and not counts and _RESPECTIVELY.search(context.doc.source.text):
            told = mention(context, "lesion_count", listed, where)
    if told:
        yield told
    yield from _largest(context, sizes)


def _number(context: Context, counts: Sequence[Quantity]) -> FactMention | None:
    """The number told: two lobes are added up, other differing numbers contradict each other."""
    if not counts:
        return _solitary(context)
    text = context.doc.source.text
    if len(counts) == 2 and _two_lobes(text, counts) and all(count.value is not None for count in counts):
        total = sum(int(count.value or 0) for count in counts)
        span = (counts[0].start, counts[1].end)
        return quantity_mention(context, "lesion_count", Quantity(total, total, *span), span, whole=True)
    asserted = [count for count in counts if context.asserted(token_at(context, count.start))] or list(counts)
    last = asserted[-1]
    if len({(count.low, count.high) for count in asserted}) > 1 and not _replaced(context, asserted[0], last):
        where = (token_at(context, asserted[0].start), token_at(context, last.end - 1) + 1)
        return mention(context, "lesion_count", None, where, "conflict")
    return quantity_mention(context, "lesion_count", last, (last.start, last.end), whole=True)


def _solitary(context: Context) -> FactMention | None:
    match = _SOLITARY.search(context.doc.source.text)
    if match is None or not relevant(context, match.start()):
        return None
    where = (token_at(context, match.start()), token_at(context, match.end() - 1) + 1)
    return None if context.negated(*where) else mention(context, "lesion_count", 1, where)


def _counts(context: Context) -> Iterator[Quantity]:
    text = context.doc.source.text
    for quantity in quantities(text, whole=True):
        counted = _COUNTED.match(text, quantity.end) or (
            _COUNTED.match(text, _number_end(text, quantity)) if quantity.value is None else None
        )
        clause_before = text[max(0, quantity.start - 40) : quantity.start]
        labelled = _LABELLED.search(clause_before) and not LENGTH_UNIT.match(text, quantity.end)
        if (not counted and not labelled) or _ONE_OF_THEM.search(clause_before) or _DENIED.search(clause_before):
            continue
        if _TIME.match(text, quantity.end):
            continue
        if quantity.low is not None and quantity.low != int(quantity.low):
            continue
        end = max(quantity.end, counted.end()) if counted else quantity.end
        index = token_at(context, quantity.start)
        if context.planned(index) or context.of_somebody_else(index) or context.uncertain(index, index + 1):
            continue
        phrase = text[quantity.end : end + 6]
        if _OTHER_THINGS.match(text, end):
            continue
        if re.search(r"lung|pulmon|lymph|node|bone|brain|polyp|肺|淋巴|骨|息肉|cyst|囊", phrase, re.I):
            continue
        if not relevant(context, quantity.start) or not _of_lesions(context, quantity, end):
            continue
        yield Quantity(quantity.low, quantity.high, quantity.start, end)


def _of_lesions(context: Context, quantity: Quantity, end: int) -> bool:
    """Whether a number with a measure word that counts anything (一个, 两处) counts lesions: the sentence speaks of
    some, or the clause says nothing else."""
    text = context.doc.source.text
    if not _ANY_MEASURE.match(text, quantity.end):
        return True
    index = token_at(context, quantity.start)
    tokens = context.doc.tokens
    first, last = context.sentence(index)
    if _LESIONS_NAMED.search(text[tokens[first].start : tokens[last - 1].end]):
        return True
    clause_first, clause_last = context.clause(index)
    before = text[tokens[clause_first].start : quantity.start]
    behind = text[end : tokens[clause_last - 1].end]
    return bool(_NOTHING_ELSE.fullmatch(before) and _NOTHING_ELSE.fullmatch(behind))


def _number_end(text: str, quantity: Quantity) -> int:
    """Where the digits of "at least 4个以上" end, so that the measure word behind them is seen."""
    match = NUMBER.search(text, quantity.start)
    return match.end() if match else quantity.end


def _sizes(context: Context) -> list[Size]:
    """All diameters of liver lesions, in order."""
    text = context.doc.source.text
    found: list[Size] = []
    position = 0
    for quantity in quantities(text):
        if quantity.start < position:
            continue
        group = _list(text, quantity)
        if not group:
            continue
        numbers, factor, end = group
        position = end
        index = token_at(context, quantity.start)
        if _DENIED.search(text[max(0, quantity.start - 12) : quantity.start]):
            continue
        if (
            not relevant(context, quantity.start, size=True)
            or context.planned(index)
            or context.of_somebody_else(index)
        ):
            continue
        first, _ = context.clause(index)
        before = text[context.doc.tokens[first].start : quantity.start]
        after = text[end : end + 12]
        largest = bool(_LARGEST.search(before[-14:]) or re.match(r"\s*(?:the )?(?:largest|biggest|max)", after, re.I))
        smallest = bool(_SMALLEST.search(before[-8:])) and not largest
        found += [
            Size(number.scaled(factor), quantity.start, end, largest, smallest, len(numbers)) for number in numbers
        ]
    return _without_former(context, found)


def _list(text: str, first: Quantity) -> tuple[list[Quantity], float, int] | None:
    """The numbers that share a unit from here on ("3.1、2.4、1.8cm", "3×2 cm"), the unit in cm, and their end."""
    if _SEGMENT.search(text[max(0, first.start - 10) : first.start]):
        return None
    numbers, end, product, links = [first], first.end, False, 0
    while links < _LONGEST_LIST and (not (unit := LENGTH_UNIT.match(text, end)) or _more(text, unit.end())):
        times, joint = _TIMES.match(text, end), _JOINT.match(text, end)
        link = times or joint
        if link is None or link.end() == end:
            break
        match = NUMBER.match(text, link.end())
        if match is None:
            break
        value = parse(match.group())
        number = Quantity(value, value, match.start(), match.end())
        links += 1
        if times:
            product = True
            numbers[-1] = max(numbers[-1], number, key=lambda q: q.high or 0)
        else:
            numbers.append(number)
        end = match.end()
    unit = LENGTH_UNIT.match(text, end)
    if unit is None:
        return None
    if product and len(numbers) > 1:
        numbers = [max(numbers, key=lambda q: q.high or 0)]
    factor = 0.1 if unit[1][0] in "m毫" else 1.0
    if text.startswith("半", unit.end()) and numbers[-1].value is not None:
        half = numbers[-1].value + 0.5
        numbers[-1] = Quantity(half, half, numbers[-1].start, unit.end() + 1)
    return numbers, factor, unit.end()


def _more(text: str, end: int) -> bool:
    """Whether the list goes on behind a unit: "3cm、2cm", "3cm×2cm"."""
    link = _TIMES.match(text, end) or re.match(r"\s*(?:、|/|和|及|and|&)\s*", text[end:])
    if link is None:
        return False
    start = link.end() if link.re is _TIMES else end + link.end()
    match = NUMBER.match(text, start)
    return bool(match and LENGTH_UNIT.match(text, match.end()))


def _without_former(context: Context, sizes: list[Size]) -> list[Size]:
    """Without the sizes that have been replaced: "from 4.5 to 2.8 cm", "4cm缩小到2cm", "was 4 cm, now 2 cm"."""
    text = context.doc.source.text
    kept = list(sizes)
    for former, later in pairwise(sizes):
        between = text[former.end : later.start]
        if former.start != later.start and len(between) < 25 and _CHANGED.search(between) and former in kept:
            kept.remove(former)
    return kept


def _largest(context: Context, sizes: list[Size]) -> Iterator[FactMention]:
    chosen = [size for size in sizes if size.largest] or [size for size in sizes if not size.smallest]
    if not chosen:
        return
    asserted = [s for s in chosen if context.asserted(token_at(context, s.start))]
    candidates = asserted or chosen
    labelled = [s for s in candidates if s.largest]
    if len(labelled) > 1 and corrected(context, labelled[-2].end, labelled[-1].start):
        candidates = labelled[-1:]
    elif len(candidates) > 1 and corrected(context, candidates[-2].end, candidates[-1].start):
        candidates = candidates[-1:]
    size = max(candidates, key=lambda s: s.quantity.high or s.quantity.low or 0)
    index = token_at(context, size.start)
    if context.uncertain(index, token_at(context, size.end - 1) + 1) and "?" not in context.doc.source.text:
        return
    yield quantity_mention(context, "largest_lesion_cm", size.quantity, (size.start, size.end))


def _replaced(context: Context, first: Quantity, last: Quantity) -> bool:
    """Whether the later number takes the place of the earlier: a change over time, or a correction."""
    text = context.doc.source.text
    index = token_at(context, first.start)
    return bool(
        _CHANGED.search(text[first.end : last.start])
        or _FROM.search(text[: first.start])
        or corrected(context, first.end, last.start)
        or context.past(index)
    )


def _two_lobes(text: str, counts: Sequence[Quantity]) -> bool:
    pieces = (text[max(0, counts[0].start - 12) : counts[0].start], text[counts[0].end : counts[1].start])
    left, right = _LEFT_RIGHT
    return bool(
        (left.search(pieces[0]) and right.search(pieces[1])) or (right.search(pieces[0]) and left.search(pieces[1]))
    )
