"""The numbers that are said of a laboratory value."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.facts.counting import counted, has_so_many
from knowledge.nlu.message import Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

REACH = 12
"""The most tokens between a name and its number, or between two numbers of one course."""
_JOINT = 3
"""The most tokens between a value and the word that says that it goes on from the last one, or of when it is."""
_FIRST = words("diagnosis presentation dx baseline 诊 线")
_AGO = words("前 ago")
_FORMERLY = words("was were been 曾 原")


def numbers_after(message: Message, term: Term) -> list[Quantity]:
    """The numbers said of a value: one, or several when it changed."""
    found: list[Quantity] = []
    reach = term.end
    for quantity in message.from_token(term.end):
        if quantity.start - reach > REACH or not connected(message, reach, quantity.start, first=not found):
            break
        if quantity.unit == "other" and message.document.word(quantity.end - 1) not in ("分",):
            if message.document.word(quantity.end - 1) in ("倍", "uln"):
                break
            continue
        if quantity.glued or quantity.unit in ("cm", "mm", "count") or counts_lesions(message, quantity):
            break
        if is_year_of(message, quantity) or (quantity.unit is None and message.document.word(quantity.number) == "one"):
            continue  # "the current one is 9"
        if found and of_before(message, quantity):
            if _of_diagnosis(message, found[-1]):
                found = [quantity]  # "410 at diagnosis, 22 last week"
            continue
        if found and not _goes_on(message, term, quantity, reach):
            break
        found.append(quantity)
        reach = quantity.end
    return found


def is_year_of(message: Message, quantity: Quantity) -> bool:
    """Whether a number is the year of a value ("CEA 40 at diagnosis in 2017")."""
    return quantity.can_be_a_year and message.document.word(quantity.start - 1) in ("in", "since")


def connected(message: Message, start: int, end: int, *, first: bool, treated: bool = False) -> bool:
    """Whether nothing between a name and a number speaks of anything else; `treated`: but for what was done since."""
    for term in message.document.between(start, end):
        if treated and term.any("chemotherapy", "hepatectomy"):
            continue
        if term.any(
            "gene",
            "organ",
            "lesion",
            "liver_metastasis",
            "chemotherapy",
            "local_therapy",
            "hepatectomy",
            "ctdna",
            "resectable",
            "unresectable",
            "extrahepatic",
            "number_label",
        ):
            return False
        if term.any("lab") and not term.any("lab.upper_limit"):
            return False
        if term.any("lab.upper_limit", "largest", "size_label"):
            return False
    level = max(message.clauses.before[start + 1 : end + 1], default=0) if end > start else message.clauses.before[end]
    return level < 2 or (not first) or _only_bracket(message, start, end)


def _only_bracket(message: Message, start: int, end: int) -> bool:
    return all(
        message.clauses.before[i] < 2 or {"(", ")"} & {message.document.word(i), message.document.word(i - 1)}
        for i in range(start, end + 1)
        if i < len(message.clauses.before)
    )


def _goes_on(message: Message, term: Term, quantity: Quantity, reach: int) -> bool:
    """Whether a further number is still a value of the same thing: it changed, or the unit says so."""
    if term.any("lab.cea") and quantity.unit == "ng_ml":
        return True
    document = message.document
    gap = {document.word(i) for i in range(max(reach, quantity.start - _JOINT), quantity.number)}
    words = document.between(reach, min(quantity.end + 3, message.clauses.of(quantity.number).end))
    changed = bool(gap & {"→", "to", "到", "至", "now", "算"}) or any(
        t.any("shrinkage", "present_words", "correction", "lately") for t in words
    )
    plain = quantity.unit is None or document.word(quantity.end - 1) == "分"
    return changed and plain and not is_reference(message, quantity)


def counts_lesions(message: Message, quantity: Quantity) -> bool:
    """Whether lesions follow a number ("a rising CEA led to an MRI showing two liver metastases")."""
    span = counted(message, quantity)
    return span is not None and (span[1] > quantity.end or has_so_many(message, quantity))


def _of_diagnosis(message: Message, quantity: Quantity) -> bool:
    """Whether a value is said to be the first one ("410 at diagnosis", 初诊410)."""
    behind = message.document.term_at(quantity.end)
    beside = (
        message.document.word(behind.end - 1) if behind is not None else "",
        message.document.word(quantity.start - 1),
    )
    return not _FIRST.isdisjoint(beside)


def is_reference(message: Message, quantity: Quantity) -> bool:
    """Whether a number in brackets is a limit of normal."""
    return message.document.word(quantity.start - 1) == "(" and quantity.value is None


def of_before(message: Message, quantity: Quantity) -> bool:
    """Whether a value is told behind the newest one, for comparison (今天CEA 36.5，上个月还是128; "(it was 96)")."""
    document = message.document
    last = message.before(quantity)
    while last is not None and last.unit == "other" and document.word(last.end - 1) != "分":
        last = message.before(last)
    start = max(message.clauses.of(quantity.number).start, last.end if last is not None else 0)
    own = next(document.between(start, quantity.start), None)
    if own is not None and last is not None and own.start == last.end and own.any("past", "before", "last_time"):
        start = own.end  # the time of the value before: "410 before treatment and 265 today"
    between = list(document.between(start, quantity.start))
    behind = document.term_at(quantity.end)
    if any(t.any("present_words") for t in (*between, *filter(None, (behind,)))):
        return False
    if last is not None and document.word(start - 1) == "(" and quantity.start > start:
        return True  # 31（1月400）
    return (
        any(document.word(i) in _FORMERLY for i in range(start, quantity.start))
        or any(t.any("past", "before", "last_time") or document.word(t.end - 1) in _AGO for t in between)
        or any(t.any("from") or document.word(t.end - 1) == "from" for t in between)
        or (behind is not None and behind.any("past", "before", "last_time") and document.word(behind.end - 1) != "at")
    )
