"""APRI from the AST, its upper limit of normal and the platelets."""

from __future__ import annotations

from knowledge.nlu.clauses import SENTENCE
from knowledge.nlu.document import Term
from knowledge.nlu.facts.counting import counted
from knowledge.nlu.facts.laboratory_numbers import numbers_after
from knowledge.nlu.lexicon import CueCategory
from knowledge.nlu.message import Found, Message
from knowledge.nlu.quantities import Quantity

_AST = ("lab.ast", "lab.got")
_WHOSE = ("for", "of", "的")
_NOT_GIVEN: tuple[CueCategory, ...] = ("negation", "untested")


def computed_apri(message: Message) -> Found | None:
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
    terms = list(message.document.find(*names))
    corrected = len(terms) > 1 and message.document.first(terms[0].end, terms[-1].start, "correction") is not None
    for term in reversed(terms) if corrected else terms:
        if _names_the_limit(message, term):
            continue
        numbers = numbers_after(message, term)
        if numbers and numbers[-1].value is not None:
            return numbers[-1]
    return None


def _names_the_limit(message: Message, term: Term) -> bool:
    """Whether a name only says whose limit is told ("ULN for AST in our lab is 50")."""
    limit = message.document.term_at(term.start - 2) if message.document.word(term.start - 1) in _WHOSE else None
    return limit is not None and limit.any("lab.upper_limit")


def _upper_limit(message: Message, ast: Quantity | None) -> Quantity | None:
    """The upper limit of normal: named, or given as a range in brackets after the AST."""
    if ast is None:
        return None
    named = (_named_limit(message, term, ast) for term in message.document.find("lab.upper_limit"))
    limit = next((limit for limit in named if limit is not None), None)
    if limit is not None:
        return limit if limit.high is not None else None
    sentence = message.clauses.sentence_end(ast.number)
    for quantity in message.quantities:
        if ast.end <= quantity.start < min(sentence, ast.end + 4) and message.document.word(quantity.start - 1) == "(":
            return quantity if quantity.high is not None else None
    return None


def _named_limit(message: Message, term: Term, ast: Quantity) -> Quantity | None:
    """The number beside "upper limit", unless it is that of another value, or there is none."""
    others = [t for t in message.document.between(0, term.start) if t.any("lab") and not t.any("lab.upper_limit")]
    if others and not others[-1].any(*_AST, "lab.platelets"):
        return None
    if any(message.context.cue(term.start, term.end, kind) is not None for kind in _NOT_GIVEN):
        return None  # "no upper limit on the printout"
    for quantity in message.quantities:
        near = term.end <= quantity.number <= term.end + 6 and quantity is not ast
        if near and _of_the_limit(message, term, quantity):
            return quantity
    for quantity in message.quantities:
        beside = 0 <= term.start - quantity.end <= 1 and not message.clauses.separated(quantity.number, term.start)
        if beside and quantity is not ast and quantity.start > ast.end:
            return quantity
    return None


def _of_the_limit(message: Message, term: Term, quantity: Quantity) -> bool:
    """Whether a number behind "upper limit" is that limit: nothing else is named or counted in between."""
    if message.clauses.separated(term.end - 1, quantity.number, SENTENCE) or counted(message, quantity) is not None:
        return False
    between = message.document.between(term.end, quantity.number)
    named = (t for t in between if t.any("lab") and not t.any("lab.upper_limit"))
    return all(t.any(*_AST) and _names_the_limit(message, t) for t in named)


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
