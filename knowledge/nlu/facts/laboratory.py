"""CEA, APRI and MELD."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.nlu.document import Term
from knowledge.nlu.facts.apri import computed_apri
from knowledge.nlu.facts.changes import is_denied, starts_a_change
from knowledge.nlu.facts.laboratory_numbers import (
    REACH,
    connected,
    counts_lesions,
    is_reference,
    is_year_of,
    numbers_after,
    of_before,
)
from knowledge.nlu.facts.later_values import later_value
from knowledge.nlu.message import Found, Message
from knowledge.nlu.numerals import MONTHS
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_FACTS = {"cea": "cea_ng_ml", "apri": "apri", "meld": "meld"}
_CEA_UNITS = {None: 1.0, "ng_ml": 1.0, "pg_ml": 0.001, "ug_ml": 1000.0, "ug_dl": 10.0, "ng_dl": 0.01, "other": 1.0}
_LIMITS = {"cea_ng_ml": (0.0, 200_000.0), "apri": (0.0, 100.0), "meld": (-20.0, 60.0)}
_TIMES = ("past", "present_words", "before", "month", "other_noun")
_IS = words("是 应 为 it's its it is now today this 今 天 现 在 目 前 最 新 次 的 值 该 复 核 重 算 查 过 后")
"""What may stand before a value that makes up the clause behind its name (CEA更新了，今天是22)."""
_OPENING = 6
"""The most of these."""
_CURRENT = re.compile(
    r"[,，(]?(which|this|that|and)?(is|being)?(the|my)?(current|latest|newest)|[,，(]?(这|此)?(是|为)(最新|目前|现在)"
)
_NUMBERED = words("cycle cycles course line")
_ANNOUNCED = re.compile(
    r"(的?(结果|值|数值))?(刚|已经?|今天)?(出来|回来|出|回|拿到|查到|报|更新|复查)了?"
    r"|(is|has|came|just|was|been)*(back|in|updated|repeated)(now)?"
)
"""What is said of a value that follows as the next clause (CEA出来了，46)."""
_AFTER = words("after post following 后")
_AND = words("and & 和 、 ,")


def read(message: Message) -> Iterator[Found | None]:
    """Laboratory values and scores."""
    given = False
    for term in message.document.find("lab.cea", "lab.apri", "lab.meld"):
        found = list(_value_of(message, term, _FACTS[term.kind("lab") or ""]))
        given = given or (term.any("lab.apri") and any(f is not None and f.mention.status == "known" for f in found))
        yield from found
    if not given:
        yield computed_apri(message)


def _value_of(message: Message, term: Term, fact: str) -> Iterator[Found | None]:
    numbers = _numbers(message, term)
    later = later_value(message, term, numbers)
    if later is not None:
        yield _one_value(message, Term(later.start, later.end, term.names), later, fact)
        return
    numbers = _of_last_time(message, term, numbers)
    newer = _newer_open(message, numbers[-1]) if numbers else None
    if newer is not None:
        yield message.found(fact, term.start, newer.end, status="unknown")
        return
    denied = [number for number in numbers if is_denied(message, number)]
    numbers = [n for n in numbers if n not in denied] or _instead_of(message, denied) or numbers
    if numbers:
        for number in numbers:
            yield _one_value(message, term, number, fact)
        return
    open_ = message.context.cue(term.start, term.end, "untested") or _quality_after(message, term)
    if open_ is not None:
        yield message.found(fact, *message.cover(term, open_), status="unknown")


def _numbers(message: Message, term: Term) -> list[Quantity]:
    """The numbers that are told at the name of a value, the newest ones of a course."""
    numbers = numbers_after(message, term)
    if term.any("lab.meld") and len(numbers) > 1 and numbers[0].decimal and numbers[0].value == 3.0:
        numbers = numbers[1:]
    if not numbers and term.any("lab.cea"):
        numbers = _number_before(message, term)
    if term.any("lab.cea") and len(course := _course(message, term)) > 1:
        numbers = list(course[-1:])
    return numbers or _alone_behind(message, term)


def _instead_of(message: Message, denied: list[Quantity]) -> list[Quantity]:
    """The value of the clause behind one that is denied (MELD不是16，是6)."""
    number = message.after(denied[-1]) if denied else None
    if number is None or number.value is None:
        return []
    opening = [message.document.word(i) for i in range(message.clauses.of(number.number).start, number.start)]
    return [number] if opening and set(opening) <= _IS and number.start - denied[-1].end <= REACH else []


def _of_last_time(message: Message, term: Term, numbers: list[Quantity]) -> list[Quantity]:
    """The values without the first one, where that is told as one of before (MELD上个月是14，昨天重新算是8)."""
    if len(numbers) < 2:
        return numbers
    former = message.document.first(term.start, numbers[0].start, "last_time")
    former = former or message.document.first(
        numbers[0].end, numbers[0].end + 1, "last_time"
    )  # "7 last year and 13 now"
    return numbers if former is None else numbers[1:]


def _newer_open(message: Message, number: Quantity) -> Term | None:
    """The words by which the value of today is still to come (上个月CEA 320，今天的还没出)."""
    end = message.clauses.sentence_end(number.number)
    found = _open_until(message, number, min(end, number.end + 2 * REACH))
    if found is None and message.document.word(end) == ";" and end + 1 < len(message.document.tokens):
        end = message.clauses.sentence_end(end + 1)  # "64 ng/mL from 2020; a current one has been requested"
        found = _open_until(message, number, min(end, number.end + 2 * REACH))
    return found


def _open_until(message: Message, number: Quantity, end: int) -> Term | None:
    behind = list(message.document.between(number.end, end))
    today = next((t for t in behind if t.any("present_words") and _is_today(message, t)), None)
    if today is None or any(t.any("lab", "gene", "lesion", "liver_metastasis") for t in behind):
        return None
    return message.document.first(today.end, end, "untested", "untested_before")


def _is_today(message: Message, term: Term) -> bool:
    return message.document.word(term.start) in (
        "today",
        "today's",
        "今",
        "本",
        "这",
        "now",
        "current",
        "newest",
        "new",
    )


def _course(message: Message, term: Term) -> Sequence[Quantity]:
    """The values of a CEA that is told over time ("1月560，4月120，7月34.6", "CEA 1.4, then 6.8, today 23 ng/mL")."""
    found: list[Quantity] = []
    timed = former = False
    reach = term.end
    for quantity in message.from_token(term.end):
        if quantity.start >= message.clauses.sentence_end(term.start) or quantity.start - reach > REACH:
            break
        if message.document.word(quantity.start - 1) in _NUMBERED:
            continue  # "160 after cycle 4"
        own = quantity.unit == "ng_ml" or _reached(message, quantity) > 0 or _of_today(message, quantity)
        cycles = message.document.first(quantity.start, quantity.end, "chemotherapy") is not None
        own = own or cycles or _is_later(message, quantity)
        if not connected(message, reach, quantity.start, first=False, treated=own):
            break
        if quantity.glued or quantity.value is None or counts_lesions(message, quantity):
            break
        if is_year_of(message, quantity):
            continue
        between = list(message.document.between(reach, quantity.start))
        timed = (
            timed
            or _of_today(message, quantity)
            or any(t.any(*_TIMES, "surgery", "hepatectomy", "chemotherapy") for t in between)
            or message.document.word(quantity.start - 1) == "then"
            or any(message.document.word(i) in MONTHS for i in range(reach, quantity.start))
        )
        reach = quantity.end
        if quantity.unit == "other":
            timed = timed or cycles or message.document.word(quantity.end - 1) in ("月", "年", "日")
        elif quantity.unit in (None, "ng_ml") and not is_reference(message, quantity):
            former = bool(found) and (of_before(message, quantity) or (former and _joined(message, quantity)))
            if not former:
                found.append(quantity)
        else:
            break
    today = [q for q in found if _of_today(message, q)]
    return (*found, today[0]) if timed and today else found if timed else []


def _is_later(message: Message, quantity: Quantity) -> bool:
    """Whether a clause ends with a bare number and tells of now or of a treatment done (四疗程后160, 目前46)."""
    clause = message.clauses.of(quantity.number)
    said = [message.document.word(i) for i in range(clause.start, quantity.start)]
    before = message.document.term_at(quantity.start - 1)
    later = not _AFTER.isdisjoint(said) or (before is not None and before.any("present_words"))
    return quantity.unit is None and clause.end == quantity.end and later


def _joined(message: Message, quantity: Quantity) -> bool:
    """Whether a value is listed with the one before ("from 19 in March and 7 in January")."""
    return message.document.word(quantity.start - 1) in _AND and not _of_today(message, quantity)


def _of_today(message: Message, quantity: Quantity) -> bool:
    """Whether a value is said to be that of now right behind it ("55 (today)")."""
    index = quantity.end + (message.document.word(quantity.end) == "(")
    behind = message.document.term_at(index)
    return behind is not None and behind.any("present_words")


def _number_before(message: Message, term: Term) -> list[Quantity]:
    """A value that stands before its name ("35 ng/mL CEA")."""
    return [q for q in message.quantities if q.unit in ("ng_ml", "ug_ml", "pg_ml") and 0 <= term.start - q.end <= 1]


def _alone_behind(message: Message, term: Term) -> list[Quantity]:
    """A value that makes up the next clause (APRI他们直接给了，0.7), where nothing else is said of the name."""
    clause = message.clauses.of(term.start)
    number = next(iter(message.from_token(term.end)), None)
    if number is None or clause.mark not in (",", "，"):
        return []
    opening = [message.document.word(i) for i in range(clause.end + 1, number.start)]
    if not set(opening) <= _IS or len(opening) > _OPENING:  # MELD写错了，是12; CEA更新了，今天是22
        return []
    others = any(
        t.any("lab", "gene", "organ", "lesion", "chemotherapy")
        for t in message.document.between(term.end, min(clause.end, term.end + REACH))
    )
    open_ = message.context.cue(term.start, term.end, "untested") or message.context.cue(
        term.start, term.end, "negation"
    )
    whole = message.clauses.of(number.number).end == number.end
    told = "".join(message.document.word(i) for i in range(term.end, clause.end))
    announced = number.decimal or term.any("lab.meld") or _ANNOUNCED.fullmatch(told) is not None
    plain = number.unit is None or message.document.word(number.end - 1) == "分"
    fits = number.unit == "ng_ml" or (plain and announced)
    return [number] if whole and fits and not others and open_ is None else []


def _quality_after(message: Message, term: Term) -> Term | None:
    clause = message.clauses.of(term.start)
    for other in message.document.between(term.end, min(clause.end, term.end + 5)):
        if other.any("quality.normal", "quality.raised"):
            return other
        if not other.any("filler", "gene_filler", "not", "multiple"):
            return None
    return None


def _one_value(message: Message, term: Term, number: Quantity, fact: str) -> Found | None:
    start, end = min(term.start, number.start), max(term.end, number.end)
    if not message.frames.asserted(start, end) and message.frames.asserted(number.start, number.end):
        start = number.start  # 误将CEA写成320，实际是32
    if message.context.cue_before(number.start, "uncertainty") is not None:
        return message.found(fact, start, end, status="unknown")
    factor = _CEA_UNITS.get(number.unit) if fact == "cea_ng_ml" else 1.0
    if factor is None:
        return message.found(fact, start, end, status="implausible")
    rank = (
        0
        if starts_a_change(message, number)
        else max(message.rank(number.start, number.end), _reached(message, number), _called_current(message, number))
    )
    low, high = (None if v is None else round(v * factor, 6) for v in (number.low, number.high))
    if low is None and (message.document.word(number.start), message.document.word(number.start + 1)) == ("up", "to"):
        low = high  # "CEA is up to 22"
    if low is None or low != high:
        return message.found(fact, start, end, status="bound", low=low, high=high, rank=rank)
    value = -low if number.negative else low
    least, most = _LIMITS[fact]
    if not least <= value <= most:
        return message.found(fact, start, end, status="implausible", rank=rank)
    return message.found(fact, start, end, value=value, rank=rank)


def _called_current(message: Message, number: Quantity) -> int:
    """2 where a value is called the current one behind it ("145 ng/mL, which is the current value")."""
    behind = "".join(message.document.word(i) for i in range(number.end, number.end + _OPENING))
    return 2 if _CURRENT.match(behind) is not None else 0


def _reached(message: Message, number: Quantity) -> int:
    """2 where a value is what a change has led to."""
    before = message.document.term_at(number.start - 1)
    arrow = message.document.word(number.start - 1) in ("→", ">")
    return 2 if arrow or (before is not None and before.any("shrinkage") and not before.any("from")) else 0
