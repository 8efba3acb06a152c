"""Bare answers to a question: "3", "三个", "没有", "no", "wt", "跳过", the number of a choice."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

from knowledge.loading import DATA, load_knowledge, read_yaml, validate_entry
from knowledge.models.base import Model
from knowledge.models.facts import FactDefinition, FactValue, is_value
from knowledge.models.understanding import FactMention
from knowledge.nlu.extraction import FactExtractor
from knowledge.nlu.quantities import LENGTH_UNIT, Quantity, quantities
from knowledge.nlu.terms import Words
from knowledge.nlu.text import NormalisedText, normalise

ANSWERS = DATA / "answers.yaml"

_LONGEST = 60
_CLOSING = " 。.!！)）、,;~"
_PARTICLES = ("please", "了", "的", "呢", "吧", "呀", "啊", "哦")
_BEFORE = (
    r"(?:第|选择?|我选?|option|choice|number|no\.|#|大概|大约|约|about|around|approx\.?|~|是|有|it'?s|it is|就|一共|共)"
)
_BEHIND = r"(?:个|枚|处|颗|粒|项|号|lesions?|mets|metastases|cm|mm|厘米|毫米|公分|ng/ml|ug/l|分|的)"
_AROUND_A_NUMBER = re.compile(rf"-?\s*(?:{_BEFORE}\s*)*(?:{_BEHIND}\s*)*", re.IGNORECASE)
_VARIANT = re.compile(r"[a-z]\d{1,4}[a-z]")
_GENES = ("ras", "braf", "tp53")


class FactAnswers(Words):
    """Words that answer the questions for some facts with one value."""

    facts: tuple[str, ...]
    value: str | bool


class Answers(Model):
    """The file of bare answers; its parts are explained there."""

    unknown: Words
    yes: Words
    no: Words
    yes_means: dict[str, str | bool]
    no_means: dict[str, str | bool]
    facts: tuple[FactAnswers, ...]


@cache
def load_answers() -> Answers:
    """The bare answers, read once for the process.

    Raises:
        knowledge.loading.KnowledgeError: the file is missing or malformed.
    """
    return validate_entry(ANSWERS, "(file)", Answers, read_yaml(ANSWERS))


def read_answer(text: str, fact: FactDefinition) -> FactMention | None:
    """What a message means as the answer to the question for `fact`; None when it is no answer to it.

    Args:
        text: the message as typed.
        fact: the fact that was asked for; the order of its choices is that of the numbered answers.
    """
    source = normalise(text)
    plain = source.text.strip()
    if not plain or len(plain) > _LONGEST:
        return None
    if _core(plain) in _unknown():
        return _mention(source, fact.id, None, status="unknown")
    value = _meanings(fact.id).get(_core(plain))
    if value is None and fact.id in _GENES and _VARIANT.fullmatch(_core(plain)):
        value = "mutant"
    if value is not None:
        return _mention(source, fact.id, value)
    number = _number(plain)
    if number is not None:
        return _chosen(source, fact, number) if fact.choices else _measured(source, fact.id, number)
    named = [mention for mention in _extractor().extract(text) if mention.fact == fact.id]
    return named[0] if named else None


def is_bare_answer(text: str) -> bool:
    """Whether a message consists only of something that could answer a question."""
    plain = normalise(text).text.strip()
    if not plain or len(plain) > _LONGEST:
        return False
    core = _core(plain)
    if core in _unknown() or _number(plain) is not None or _VARIANT.fullmatch(core):
        return True
    answers = load_answers()
    return core in {_core(word) for word in (*answers.yes.all, *answers.no.all)} or any(
        core in _meanings(fact) for fact in load_knowledge().facts
    )


@cache
def _unknown() -> frozenset[str]:
    return frozenset(_core(word) for word in load_answers().unknown.all)


@cache
def _meanings(fact: str) -> dict[str, FactValue]:
    """What each whole message means as the answer to one question; its own words go before yes and no."""
    answers = load_answers()
    meanings: dict[str, FactValue] = {}
    for words, means in ((answers.yes, answers.yes_means), (answers.no, answers.no_means)):
        if fact in means:
            meanings.update((_core(word), means[fact]) for word in words.all)
    for entry in answers.facts:
        if fact in entry.facts:
            meanings.update((_core(word), entry.value) for word in entry.all)
    for choice in load_knowledge().facts[fact].choices:
        titles = chain.from_iterable((text.zh, text.en) for text in (choice.label, choice.short))
        meanings.update((_core(normalise(title).text), choice.value) for title in titles)
    return meanings


@cache
def _extractor() -> FactExtractor:
    return FactExtractor.create()


def _core(plain: str) -> str:
    """The words without case, closing punctuation and particles; at least one character stays."""
    core = plain.lower().strip(_CLOSING)
    for particle in _PARTICLES:
        if core.endswith(particle) and len(core) > len(particle) + 1:
            core = core[: -len(particle)].strip(_CLOSING)
    return core


def _number(plain: str) -> Quantity | None:
    """The one number a message consists of, with measure words around it; below zero as a limit without value."""
    found = list(quantities(plain, whole=True))
    if len(found) != 1:
        return None
    number = found[0]
    rest = (plain[: number.start] + " " + plain[number.end :]).strip(_CLOSING)
    if _AROUND_A_NUMBER.fullmatch(rest) is None:
        return None
    if "-" in plain[: number.start] and number.low is not None:
        return Quantity(-number.low, None, number.start, number.end)
    return number


def _chosen(source: NormalisedText, fact: FactDefinition, number: Quantity) -> FactMention | None:
    if number.value is None or number.value != int(number.value):
        return None
    position = int(number.value)
    if 1 <= position <= len(fact.choices):
        return _mention(source, fact.id, fact.choices[position - 1].value)
    return _mention(source, fact.id, None, status="unknown") if position == len(fact.choices) + 1 else None


def _measured(source: NormalisedText, fact: str, number: Quantity) -> FactMention:
    unit = LENGTH_UNIT.match(source.text.strip(), number.end)
    if fact == "largest_lesion_cm" and unit and unit[1][0] in "m毫":
        number = number.scaled(0.1)
    if number.value is None:
        below_zero = number.low is not None and number.low < 0
        limits = {} if below_zero else {"low": number.low, "high": number.high}
        return _mention(source, fact, None, status="implausible" if below_zero else "bound", **limits)
    whole = fact == "lesion_count" and number.value == int(number.value)
    value: FactValue = int(number.value) if whole else number.value
    if not is_value(fact, value):
        return _mention(source, fact, None, status="implausible")
    return _mention(source, fact, value)


def _mention(source: NormalisedText, fact: str, value: FactValue | None, **more: object) -> FactMention:
    text = source.original
    return FactMention.model_validate(
        {"fact": fact, "value": value, "start": 0, "end": len(text), "text": text, **more}
    )
