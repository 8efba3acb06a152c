"""Numbers that are put right by a clause that names nothing else ("I wrote 2.9 cm; it is 3.9", 核对后是3枚)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.nlu.message import Found, Message
from knowledge.nlu.quantities import CENTIMETRES, Quantity
from knowledge.nlu.retractions import recounts
from knowledge.nlu.text import words

_UNITS: dict[str, tuple[str | None, ...]] = {
    "lesion_count": (None, "count"),
    "largest_lesion_cm": (None, "cm", "mm"),
    "cea_ng_ml": (None, "ng_ml"),
    "apri": (None,),
    "meld": (None,),
}
"""The numbers that may be put right, with the units in which the right one may be given."""
_OPENING = words(
    "it it's its that that's this is was should be read have been has actually now really in fact rather of course "
    "the correct right real true value number figure one and but sorry oops - : , make "
    "是 应 该 为 实 际 上 其 核 对 片 查 后 过 重 新 数 算 看 了 的 下 一 值 数 目 正 确 更 改 成 写 而 现 在 今 天 "
    "复 才 共 有 总"
)
"""The words that may stand before the right number in its clause."""
_CORRECTED_TO = re.compile(
    r"\b(corrected|changed|revised|amended)( this| it| that)? to$|(更 正|改|纠 正|修 正) (为|成)$"
)
"""By which a clause puts a number right whoever did it ("the radiologist has since corrected this to 3.6 cm")."""
_BEHIND = words("of them of course though instead not 才 对 。 . , ; ! ) cm mm ng ml")
_LONGEST = 9
"""The most tokens before the right number in its clause."""
_REACH = 30
"""The most tokens between the wrong number and the right one."""


def read(message: Message, found: Sequence[Found]) -> Iterator[Found | None]:
    """The right numbers in the place of what was told before and of what is called wrong.

    Args:
        message: the message.
        found: what the other readers have found.
    """
    told = [item for item in found if item.mention.fact in _UNITS and item.mention.status == "known"]
    if not told:
        return
    read_already = {(item.mention.start, item.mention.end) for item in told}
    for number in message.quantities:
        wrong = _put_right(message, number, told)
        first, last, _ = message.document.typed(number.start, number.end)
        if wrong is None or any(start < last and first < end for start, end in read_already):
            continue
        yield _instead(message, wrong, number)


def _put_right(message: Message, number: Quantity, told: Sequence[Found]) -> Found | None:
    """The number told before that a bare number takes the place of; None unless it is one."""
    clause = message.clauses.of(number.number)
    opening = [message.document.word(i) for i in range(clause.start, number.start)]
    behind = message.document.word(number.end)
    corrected_to = _CORRECTED_TO.search(" ".join(opening)) is not None
    if number.glued or number.value is None or len(opening) > _LONGEST:
        return None
    if not corrected_to and not set(opening) <= _OPENING:
        return None
    if number.end < clause.end and behind not in _BEHIND:
        return None
    of_them = behind == "of" and message.document.word(number.end + 1) == "them"
    near = [i for i in told if 0 < clause.start - i.token <= _REACH and number.unit in _UNITS[i.mention.fact]]
    near = [i for i in near if not of_them or i.mention.fact == "lesion_count"]
    recounted = [i for i in near if recounts(message.document, message.clauses.of(i.token))]
    if recounted:
        return recounted[-1] if len({i.mention.fact for i in recounted}) == 1 else None
    corrected = [i for i in near if message.document.first(i.token, number.start, "correction") is not None]
    return corrected[-1] if len({i.mention.fact for i in corrected}) == 1 else None


def _instead(message: Message, wrong: Found, number: Quantity) -> Found | None:
    """A bare number as the value of the fact whose wrong value it replaces."""
    fact, value = wrong.mention.fact, number.value
    if value is None or (fact == "lesion_count" and (value != int(value) or value < 1)):
        return None
    unit = number.unit
    if fact == "largest_lesion_cm":
        unit = unit or ("mm" if "mm" in wrong.mention.text.lower() or "毫米" in wrong.mention.text else "cm")
        value = round(value * CENTIMETRES[unit], 4)
    elif fact == "lesion_count":
        value = int(value)
    return message.found(fact, number.start, number.end, value=value, rank=max(wrong.rank, 1))
