"""APRI from the AST, its upper limit of normal and the platelets."""

from __future__ import annotations

from knowledge.nlu.facts.laboratory_numbers import numbers_after
from knowledge.nlu.message import Found, Message
from knowledge.nlu.quantities import Quantity

_AST = ("lab.ast", "lab.got")


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
    for term in message.document.find(*names):
        numbers = numbers_after(message, term)
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
            beside = 0 <= term.start - quantity.end <= 1 and not message.clauses.separated(quantity.number, term.start)
            if beside and quantity is not ast and quantity.start > ast.end:
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
