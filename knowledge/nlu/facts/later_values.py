"""Laboratory values told apart from their name: newer ones, and this patient's beside another's."""

from __future__ import annotations

import re

from knowledge.nlu.document import Term
from knowledge.nlu.facts.counting import counted
from knowledge.nlu.message import Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_OPENING = 12
"""The most tokens before such a value in its clause."""
_REACH = 40
"""The most tokens between a name and such a value."""
_MOST = 6
_NEWER = re.compile(
    r"((and|but|while|whereas|then|:) )?"
    r"((the )?(patient )?(ours|hers|mine|this (one|lady|man|patient)|our (patient|man|lady))"
    r"|(the |a )?(current|latest|newest|new|present|most recent|repeat|correct|corrected)"
    r" (one|value|figure|result|level)?"
    r"|today's|today|now|(as of )?this (week|month|morning|afternoon|time)"
    r"|our own (sample|value|test|measurement)( from (today|this (morning|week)))?)?( ?it)?"
    r"( (is|was|has|had|stands at|came (back )?(at|as)|only|just|now|at|:))*"
)
_NEWER_ZH = re.compile(
    r"(.{0,8}后)?(而|但|可)?((咱们?|我们?)?这位|(咱们?|我们?|她|他|患者|病人|本例)(自己)?的?|今天|今日|今早|本周|这周|昨天|现在|目前|最新|最近"
    r"|这次|本次|当前)(的)?(病人|患者)?(只|仅|才)?(的)?(复查|重新|复测)?(算|测|查|抽)?(了|的)?(结果|值|那次)?(只|仅)?(是|为|有|得|到)?"
)
"""What may stand between the beginning of a clause and such a value."""
_BEHIND = words(", ， 。 . ; ! ) and but today now this 分 ( 了 which ? 、") | {""}


def later_value(message: Message, term: Term, numbers: list[Quantity]) -> Quantity | None:
    """The last value that a clause of its own gives of what a name was told of before ("the current one is 9").

    Args:
        message: the message.
        term: the name of the value.
        numbers: the values that stand at the name.
    """
    found = None
    start = numbers[0].end if numbers else term.end
    for quantity in message.from_token(start)[:_MOST]:
        between = message.document.between(term.end, quantity.start)
        if quantity.start - term.end > _REACH or any(t.any("lab", "gene") for t in between):
            break
        if _may_be(message, term, quantity) and _told_apart(message, quantity, start):
            found = quantity
        start = quantity.end
    return found


def _may_be(message: Message, term: Term, quantity: Quantity) -> bool:
    """Whether a number can be a value of that name."""
    if quantity.glued or quantity.value is None or counted(message, quantity) is not None:
        return False
    if quantity.unit == "ng_ml":
        return term.any("lab.cea")
    points = message.document.word(quantity.end - 1) == "分" and term.any("lab.meld")
    return points or (quantity.unit is None and message.document.word(quantity.number) != "one")


def _told_apart(message: Message, quantity: Quantity, floor: int) -> bool:
    """Whether the words before a number in its clause say that it is the newer or the patient's own value."""
    start = max(message.clauses.of(quantity.number).start, floor)
    said = [message.document.word(i) for i in range(start, quantity.start)]
    if not said or len(said) > _OPENING or message.document.word(quantity.end) not in _BEHIND:
        return False
    told = _NEWER.fullmatch(" ".join(said)) is not None or _NEWER_ZH.fullmatch("".join(said)) is not None
    return told and set(said) - {"it", "is", "was", ":", "and"} != set()
