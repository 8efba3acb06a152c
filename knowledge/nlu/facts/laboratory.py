"""CEA, APRI and MELD."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.nlu.document import Term
from knowledge.nlu.facts.changes import starts_a_change
from knowledge.nlu.message import Found, Message
from knowledge.nlu.numerals import MONTHS
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_FACTS = {"cea": "cea_ng_ml", "apri": "apri", "meld": "meld"}
_CEA_UNITS = {None: 1.0, "ng_ml": 1.0, "pg_ml": 0.001, "ug_ml": 1000.0, "ng_dl": 0.01, "other": 1.0}
_LIMITS = {"cea_ng_ml": (0.0, 200_000.0), "apri": (0.0, 100.0), "meld": (-20.0, 60.0)}
_AST = ("lab.ast", "lab.got")
_TIMES = ("past", "present_words", "before", "month", "other_noun")
_AND = words("and & 和 、 ,")
_FORMERLY = words("was were been 曾 原")
_REACH = 12


def read(message: Message) -> Iterator[Found | None]:
    """Laboratory values and scores."""
    given = False
    for term in message.document.find("lab.cea", "lab.apri", "lab.meld"):
        found = list(_value_of(message, term, _FACTS[term.kind("lab") or ""]))
        given = given or (term.any("lab.apri") and any(f is not None and f.mention.status == "known" for f in found))
        yield from found
    if not given:
        yield _computed_apri(message)


def _value_of(message: Message, term: Term, fact: str) -> Iterator[Found | None]:
    numbers = _numbers_after(message, term)
    if term.any("lab.meld") and len(numbers) > 1 and numbers[0].decimal and numbers[0].value == 3.0:
        numbers = numbers[1:]
    if not numbers and term.any("lab.cea"):
        numbers = _number_before(message, term)
    if term.any("lab.cea") and len(course := _course(message, term)) > 1:
        numbers = list(course[-1:])
    if numbers:
        for number in numbers:
            yield _one_value(message, term, number, fact)
        return
    open_cue = message.context.cue(term.start, term.end, "untested")
    if open_cue is not None:
        yield message.found(fact, *message.cover(term, open_cue), status="unknown")
        return
    following = _quality_after(message, term)
    if following is not None:
        yield message.found(fact, *message.cover(term, following), status="unknown")


def _numbers_after(message: Message, term: Term) -> list[Quantity]:
    """The numbers said of a value: one, or several when it changed."""
    found: list[Quantity] = []
    reach = term.end
    for quantity in message.from_token(term.end):
        if quantity.start - reach > _REACH or not _connected(message, reach, quantity.start, first=not found):
            break
        if quantity.unit == "other" and message.document.word(quantity.end - 1) not in ("分",):
            if message.document.word(quantity.end - 1) in ("倍", "uln"):
                break
            continue
        if quantity.glued or (quantity.unit in ("cm", "mm", "count")):
            break
        if found and _of_before(message, quantity):
            continue
        if found and not _goes_on(message, term, quantity, reach):
            break
        found.append(quantity)
        reach = quantity.end
    return found


def _connected(message: Message, start: int, end: int, *, first: bool) -> bool:
    """Whether nothing between a name and a number speaks of anything else."""
    for term in message.document.between(start, end):
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
        message.clauses.before[i] < 2 or "(" in (message.document.word(i), message.document.word(i - 1))
        for i in range(start, end + 1)
        if i < len(message.clauses.before)
    )


def _goes_on(message: Message, term: Term, quantity: Quantity, reach: int) -> bool:
    """Whether a further number is still a value of the same thing: it changed, or the unit says so."""
    if term.any("lab.cea") and quantity.unit == "ng_ml":
        return True
    document = message.document
    gap = {document.word(i) for i in range(reach, quantity.number)}
    words = document.between(reach, min(quantity.end + 3, message.clauses.of(quantity.number).end))
    changed = bool(gap & {"→", "to", "到", "至", "now"}) or any(
        t.any("shrinkage", "present_words", "correction") for t in words
    )
    return changed and quantity.unit is None and not _is_reference(message, quantity)


def _is_reference(message: Message, quantity: Quantity) -> bool:
    """Whether a number in brackets is a limit of normal."""
    return message.document.word(quantity.start - 1) == "(" and quantity.value is None


def _course(message: Message, term: Term) -> Sequence[Quantity]:
    """The values of a CEA that is told over time ("1月560，4月120，7月34.6", "CEA 1.4, then 6.8, today 23 ng/mL")."""
    found: list[Quantity] = []
    timed = former = False
    reach = term.end
    for quantity in message.from_token(term.end):
        if quantity.start >= message.clauses.sentence_end(term.start) or quantity.start - reach > _REACH:
            break
        if not _connected(message, reach, quantity.start, first=False) or quantity.glued or quantity.value is None:
            break
        between = list(message.document.between(reach, quantity.start))
        timed = (
            timed
            or any(t.any(*_TIMES, "surgery", "hepatectomy", "chemotherapy") for t in between)
            or message.document.word(quantity.start - 1) == "then"
            or any(message.document.word(i) in MONTHS for i in range(reach, quantity.start))
        )
        reach = quantity.end
        if quantity.unit == "other":
            timed = timed or message.document.word(quantity.end - 1) in ("月", "年", "日")
        elif quantity.unit in (None, "ng_ml") and not _is_reference(message, quantity):
            former = bool(found) and (_of_before(message, quantity) or (former and _joined(message, quantity)))
            if not former:
                found.append(quantity)
        else:
            break
    today = [q for q in found if _of_today(message, q)]
    return (*found, today[0]) if timed and today else found if timed else []


def _joined(message: Message, quantity: Quantity) -> bool:
    """Whether a value is listed with the one before ("from 19 in March and 7 in January")."""
    return message.document.word(quantity.start - 1) in _AND and not _of_today(message, quantity)


def _of_today(message: Message, quantity: Quantity) -> bool:
    """Whether a value is said to be that of now right behind it ("55 (today)")."""
    index = quantity.end + (message.document.word(quantity.end) == "(")
    behind = message.document.term_at(index)
    return behind is not None and behind.any("present_words")


def _of_before(message: Message, quantity: Quantity) -> bool:
    """Whether a value is told behind the newest one, for comparison (今天CEA 36.5，上个月还是128; "(it was 96)")."""
    document = message.document
    last = message.before(quantity)
    while last is not None and last.unit == "other":
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
        or any(t.any("past", "before", "last_time") for t in between)
        or any(t.any("from") or document.word(t.end - 1) == "from" for t in between)
        or (behind is not None and behind.any("past", "before", "last_time") and document.word(behind.end - 1) != "at")
    )


def _number_before(message: Message, term: Term) -> list[Quantity]:
    """A value that stands before its name ("35 ng/mL CEA")."""
    return [q for q in message.quantities if q.unit in ("ng_ml", "ug_ml", "pg_ml") and 0 <= term.start - q.end <= 1]


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
    if message.context.cue_before(number.start, "uncertainty") is not None:
        return message.found(fact, start, end, status="unknown")
    factor = _CEA_UNITS.get(number.unit) if fact == "cea_ng_ml" else 1.0
    if factor is None:
        return message.found(fact, start, end, status="implausible")
    rank = (
        0
        if starts_a_change(message, number)
        else max(message.rank(number.start, number.end), _reached(message, number))
    )
    low, high = (None if v is None else round(v * factor, 6) for v in (number.low, number.high))
    if low is None or low != high:
        return message.found(fact, start, end, status="bound", low=low, high=high, rank=rank)
    value = -low if number.negative else low
    least, most = _LIMITS[fact]
    if not least <= value <= most:
        return message.found(fact, start, end, status="implausible", rank=rank)
    return message.found(fact, start, end, value=value, rank=rank)


def _reached(message: Message, number: Quantity) -> int:
    """2 where a value is what a change has led to."""
    before = message.document.term_at(number.start - 1)
    arrow = message.document.word(number.start - 1) in ("→", ">")
    return 2 if arrow or (before is not None and before.any("shrinkage") and not before.any("from")) else 0


def _computed_apri(message: Message) -> Found | None:
    """APRI from AST, its upper limit and the platelets, when all three are given exactly."""
    ast = _labelled(message, *_AST)
    platelets = _labelled(message, "lab.platelets")
    limit = _upper_limit(message, ast)
    limit = None if limit is platelets else limit
    if ast is None or limit is None or platelets is None:
        return None
    count = _per_nanolitre(platelets)
    values = (ast.value, limit.high, count)
    if any(v is None or v <= 0 for v in values):
        return None
    value = round((ast.value or 0) / (limit.high or 1) * 100 / (count or 1), 2)
    start = min(ast.start, limit.start, platelets.start)
    end = max(ast.end, limit.end, platelets.end)
    first = min(t.start for t in message.document.find(*_AST, "lab.platelets"))
    if not 0 <= value <= 100:
        return message.found("apri", min(first, start), end, status="implausible")
    return message.found("apri", min(first, start), end, value=value)


def _labelled(message: Message, *names: str) -> Quantity | None:
    for term in message.document.find(*names):
        numbers = _numbers_after(message, term)
        if numbers and numbers[-1].value is not None:
            return numbers[-1]
    return None


def _upper_limit(message: Message, ast: Quantity | None) -> Quantity | None:
    """The upper limit of normal: named, or given as a range in brackets after the AST."""
    if ast is None:
        return None
    sentence = message.clauses.sentence_end(ast.number)
    for term in message.document.find("lab.upper_limit"):
        others = [t for t in message.document.between(0, term.start) if t.any("lab") and not t.any("lab.upper_limit")]
        if others and not others[-1].any(*_AST, "lab.platelets"):
            continue
        for quantity in message.quantities:
            if term.end <= quantity.number <= term.end + 6 and quantity is not ast:
                return quantity if quantity.high is not None else None
        for quantity in message.quantities:
            if 0 <= term.start - quantity.end <= 1 and quantity is not ast and quantity.start > ast.end:
                return quantity
    for quantity in message.quantities:
        if ast.end <= quantity.start < min(sentence, ast.end + 4) and message.document.word(quantity.start - 1) == "(":
            return quantity if quantity.high is not None else None
    return None


def _per_nanolitre(quantity: Quantity) -> float | None:
    """Platelets in 10⁹/L from 210×10⁹/L, 210, 210k, 21万 or 210000/µL."""
    value = quantity.value
    if value is None:
        return None
    if quantity.unit == "ten_thousand":
        return value * 10
    if quantity.unit != "thousand" and (quantity.unit == "per_microlitre" or value >= 5000):
        return value / 1000
    return value
