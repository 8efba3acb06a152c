"""Numbers that no longer hold: rejected ones, and those a change began from."""

from __future__ import annotations

import re

from knowledge.nlu.message import REACH, Message
from knowledge.nlu.quantities import CENTIMETRES, Quantity
from knowledge.nlu.text import words

_REJECTION = 12
_TURN_SOON = 4
_BEFORE = words("before previously earlier prev 前")
_RANGING = words("somewhere anywhere ranges ranged ranging varies varied varying")
_EXCEPT = words("but except")
_TYPED = re.compile(
    r"(typed|wrote|entered|said|told you|thought|assumed)( that)?( there (was|were))?"
    r"( the)?( (largest|biggest|size|diameter))?( one)?( (was|is))?$"
)
"""I typed 3 lesions but it's 4; "I wrote that the largest was 5 cm, it is 3.5"."""
_RATHER = (["it", "is"], ["it's"], ["it", "was"], ["that", "is"], ["actually"], ["really"])
_REJECTED = re.compile(r"(而?不是|not).{0,8}(说|写|记|报|said|told|wrote|typed)")
"""不是我刚才说的3个, "not the 3 I said"."""


def is_denied(message: Message, quantity: Quantity) -> bool:
    """Whether a number is named only to be rejected ("not 3")."""
    before = message.document.term_at(quantity.start - 1)
    denied = message.document.word(before.start) if before is not None and before.any("not") else ""
    if denied in ("不", "非", "not", "并") or (denied in ("没", "无") and quantity.value == 1):
        return True
    excepted = (
        message.document.word(quantity.start - 1) in _EXCEPT and message.document.word(quantity.start - 2) == "all"
    )
    if excepted and message.document.word(quantity.end) not in ("has", "have", "had"):
        return True  # "all but one lesion resectable"; "all but two have vanished" tells how many are left
    start = message.clauses.of(quantity.number).start
    said = "".join(message.document.word(i) for i in range(start, min(quantity.start, start + _REJECTION)))
    if _REJECTED.match(said) is not None:
        return True
    typed = " ".join(message.document.word(i) for i in range(start, min(quantity.start, start + _REJECTION)))
    behind = [message.document.word(i) for i in range(quantity.end, quantity.end + _TURN_SOON)]
    if _TYPED.search(typed) is None:
        return False
    following = behind[1:] if behind[:1] in ([","], [";"], ["."]) else []
    return "but" in behind or any(following[: len(opening)] == opening for opening in _RATHER)


def starts_a_change(message: Message, quantity: Quantity) -> bool:
    """Whether a number is what a change began from ("from 5 to 3", 5→3)."""
    document = message.document
    before = document.term_at(quantity.start - 1)
    following = message.after(quantity)
    if document.word(quantity.end) in ("→", ">") and following is not None and following.start - quantity.end <= 2:
        return True
    if any(t.any("shrinkage") for t in document.between(quantity.end, quantity.end + 4)) and _another_follows(
        message, quantity
    ):
        return True
    if before is None:
        return False
    if message.document.word(before.start - 1) in _RANGING:
        return False  # "MELD somewhere from 7 to 9"
    starts = before.any("from") or (before.any("shrinkage") and document.word(before.end - 1) == "from")
    if not starts:
        return False
    clause_end = message.clauses.sentence_end(quantity.number)
    return any(
        term.any("shrinkage") or document.word(term.start) in ("to", "到", "至")
        for term in message.document.between(quantity.end, min(clause_end, quantity.end + 8))
    ) or before.any("shrinkage")


def is_difference(message: Message, quantity: Quantity) -> bool:
    """Whether a length is by how much something changed ("has grown by 4 mm", 缩小了8mm)."""
    document = message.document
    sign = quantity.start - 1
    by = document.word(sign) == "by"
    change = document.term_at(sign - 1 if by else sign)
    changed = change is not None and change.any("failure.progression", "shrinkage", "regrowth", "response")
    return changed and change is not None and (by or document.word(change.end - 1) == "了")


def was_treated(message: Message, quantity: Quantity) -> bool:
    """Whether a number is that of lesions that something was done for ("hepatectomy in 2023 for 2 CRLM, 25 mm")."""
    if _done_before(message, quantity) or _treated_once(message, quantity):
        return True
    clause = message.clauses.of(quantity.number)
    start = max(clause.start, quantity.start - REACH)
    words = [message.document.word(i) for i in range(start, quantity.start)]
    asked = {"or", ":"}.intersection(words) or "there" in words[-8:]  # "ablation or SBRT for a 4 cm met" asks
    if "for" not in words[-8:] or asked:
        return False
    before = start + len(words) - words[::-1].index("for") - 1
    done = any(t.any("hepatectomy", "local_therapy") for t in message.document.between(start, before))
    done = done and not any(t.any("present_words") for t in message.document.between(before, quantity.start))
    return done and message.context.cue_before(before, "plan") is None and not message.frames.question[quantity.number]


def _treated_once(message: Message, quantity: Quantity) -> bool:
    """Whether lesions are those of an earlier treatment ("ablation of one met in 2020", 另一处转移灶的射频)."""
    word, document = message.document.word, message.document
    clause = message.clauses.of(quantity.number)
    noun = document.first(quantity.end, quantity.end + _TURN_SOON, "lesion", "liver_metastasis")
    if word(quantity.start - 1) == "另" and noun is not None and word(noun.end) == "的":
        therapy = document.term_at(noun.end + 1)
        return therapy is not None and therapy.any("local_therapy")
    therapy = document.last(
        max(clause.start, quantity.start - _TURN_SOON), quantity.start, but=("filler", "light", "done")
    )
    if (
        word(quantity.start - 1) != "of"
        or therapy is None
        or not therapy.any("local_therapy", "hepatectomy", "surgery")
    ):
        return False
    past = any(t.any("past", "last_time") for t in document.between(clause.start, clause.end))
    years = (q for q in message.from_token(quantity.end) if q.number < clause.end)
    return past or any(year.can_be_a_year for year in years)


def _done_before(message: Message, quantity: Quantity) -> bool:
    """Whether lesions are those whose treatment was over before what follows (消融3枚后剩2枚)."""
    word = message.document.word
    end = quantity.start - (word(quantity.start - 1) in ("了", "掉"))
    treatment = message.document.term_at(end - 1)
    treated = treatment is not None and treatment.any("local_therapy", "surgery", "removed_part", "hepatectomy")
    return treated and quantity.unit == "count" and word(quantity.end) in ("后", "以", "之", "剩", "还")


def _another_follows(message: Message, quantity: Quantity) -> bool:
    """Whether the next number stands in the same clause."""
    following = message.after(quantity)
    return following is not None and following.number < message.clauses.of(quantity.number).end


def rank_of_size(message: Message, quantity: Quantity) -> int:
    """Whether a diameter is one of now: not what a change began from, nor that of something treated."""
    gone = starts_a_change(message, quantity) or was_treated(message, quantity) or _bracketed_then(message, quantity)
    gone = gone or _was(message, quantity)
    if not gone and _reached_by_shrinking(message, quantity):
        return 2
    return 0 if gone else message.rank(quantity.start, quantity.end)


def _reached_by_shrinking(message: Message, quantity: Quantity) -> bool:
    """Whether a diameter is what a change ended at ("shrank from 78 to 45 mm on pre-op chemo")."""
    if message.document.word(quantity.start - 1) not in ("to", "→", "到", "至"):
        return False
    last = message.before(quantity)
    return last is not None and last.end == quantity.start - 1 and starts_a_change(message, last)


def _was(message: Message, quantity: Quantity) -> bool:
    """Whether a clause says no more than what a diameter was, and the next one what it is ("was 35 mm, is 18 mm")."""
    clause = message.clauses.of(quantity.number)
    opening = [message.document.word(i) for i in range(clause.start, quantity.start)]
    following = message.after(quantity)
    newer = following is not None and following.unit in CENTIMETRES
    newer = newer and following is not None and following.number < message.clauses.sentence_end(quantity.number)
    told_before = message.document.word(quantity.end) in _BEFORE and clause.end == quantity.end + 1
    told_before = told_before or _and_after(message, quantity)
    return (newer and told_before) or (newer and opening in (["was"], ["were"], ["it", "was"], ["原"], ["曾"]))


def _and_after(message: Message, quantity: Quantity) -> bool:
    """Whether "before" and a diameter that is that of after follow ("3 cm before and 2 cm after")."""
    clause = message.clauses.of(quantity.number)
    following = message.after(quantity)
    behind = range(following.end, clause.end) if following is not None else ()
    return message.document.word(quantity.end) in _BEFORE and any(message.document.word(i) == "after" for i in behind)


def _bracketed_then(message: Message, quantity: Quantity) -> bool:
    """Whether a diameter stands in brackets behind a time that is past (较2月前（52mm）缩小)."""
    time = message.document.term_at(quantity.start - 2) if message.document.word(quantity.start - 1) == "(" else None
    return time is not None and message.document.word(time.end - 1) in ("前", "ago", "previously", "次")
