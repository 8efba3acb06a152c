"""Bare answers to a question: "3", "三个", "没有", "no", "wt", "跳过", the number of a choice."""

from __future__ import annotations

import re
from functools import cache

from knowledge.loading import DATA, load_knowledge, read_yaml, validate_entry
from knowledge.models.base import Model
from knowledge.models.facts import FactDefinition, FactValue, is_value
from knowledge.models.understanding import FactMention
from knowledge.nlu.document import Document
from knowledge.nlu.extraction import FactExtractor
from knowledge.nlu.lexicon import Words
from knowledge.nlu.message import Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import normalise, words

ANSWERS = DATA / "answers.yaml"

LONGEST = 60
SHORT = 40
"""The longest message in which single words are taken for the answer, in characters."""
_DENIAL = words("不 没 未 无 非 not never no isn't ain't isnt wasn't hardly")
_CLOSING = " 。.!！)）、,;~"
_PARTICLES = ("please", "了", "的", "呢", "吧", "呀", "啊", "哦")
_BEFORE_A_NUMBER = words(
    "第 选 择 我 option choice number no # is it it's its just have has that's "
    "就 是 有 共 一 总 大 概 ( 答 案 : only the about around "
    "sorry actually wait no correction , ， 其 实 应 该 为 不 对"
)
_BEHIND_A_NUMBER = words("项 号 的 ) . 。 分 lesions lesion mets metastases tumours tumors nodules please points")
_OPENING = re.compile(r"([^,，。.;；!！]{1,12})[,，。.;；!！]\s*(.+)", re.DOTALL)
_VARIANT = re.compile(r"[a-z]\d{1,4}[a-z]")
_GENES = ("ras", "braf", "tp53")
_PLAIN_UNITS = (None, "count", "cm", "mm", "ng_ml", "other")


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
    within: tuple[FactAnswers, ...]
    unknown_within: Words


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
    plain = normalise(text).text.strip()
    if not plain or len(plain) > LONGEST:
        return None
    if _core(plain) in _unknown():
        return whole(text, fact.id, None, status="unknown")
    value = _meanings(fact.id).get(_core(plain))
    if value is None and fact.id in _GENES and _VARIANT.fullmatch(_core(plain)):
        value = "mutant"
    if value is not None:
        return whole(text, fact.id, value)
    number = the_number(Message.read(text))
    if number is not None:
        return _chosen(text, fact, number) if fact.choices else measured(text, fact.id, number)
    said = _extractor().extract(text)
    own = next((mention for mention in said if mention.fact == fact.id), None)
    if own or any(mention.asserted for mention in said):
        return own
    return _opened(text, plain, fact.id) or _contained(text, fact.id) or _not_known(text, fact.id)


def _not_known(text: str, fact: str) -> FactMention | None:
    """That a short answer says somewhere that it is not known ("can't recall if the lungs are clear", 得回去问问)."""
    return whole(text, fact, None, status="unknown") if _says_unknown(text) else None


def _says_unknown(text: str) -> bool:
    plain = normalise(text).text.lower().strip()
    short = len(text) <= SHORT and not plain.endswith(("?", "吗", "呢"))
    return short and any(word.lower() in plain for word in load_answers().unknown_within.all)


def _opened(text: str, plain: str, fact: str) -> FactMention | None:
    """The yes or no that a longer answer begins with ("yes, the surgeons are happy to operate")."""
    opened = _OPENING.match(plain.lower())
    if opened is None or any(Message.read(opened[2]).document.find("correction")):
        return None
    value = _yes_or_no(fact).get(_core(opened[1]))
    return None if value is None else whole(text, fact, value)


def _contained(text: str, fact: str) -> FactMention | None:
    """What the telling words inside a short answer say, if they all say the same ("shes ok for an op", 肝没切过)."""
    message = Message.read(text)
    if message.frames.asks or len(text) > SHORT:
        return None
    tokens = [token.word for token in message.document.tokens]
    values: set[FactValue] = set()
    index = 0
    while index < len(tokens):
        telling = _longest_at(tokens, index, fact)
        if telling is None:
            index += 1
            continue
        denied = index > 0 and tokens[index - 1] in _DENIAL
        value = _opposite(fact, telling[1]) if denied else telling[1]
        if value is not None:
            values.add(value)
        index += telling[0]
    return whole(text, fact, values.pop()) if len(values) == 1 else None


def _longest_at(tokens: list[str], index: int, fact: str) -> tuple[int, FactValue] | None:
    """How many tokens the longest telling phrase takes from a token on, and what it says."""
    for phrase, value in _telling(fact):
        if tuple(tokens[index : index + len(phrase)]) == phrase:
            return len(phrase), value
    return None


@cache
def _telling(fact: str) -> tuple[tuple[tuple[str, ...], FactValue], ...]:
    """The phrases that answer the question for a fact inside a message, in tokens, the longest first."""
    phrases = [
        (tuple(token.word for token in Message.read(word).document.tokens), entry.value)
        for entry in load_answers().within
        if fact in entry.facts
        for word in entry.all
    ]
    return tuple(sorted(phrases, key=lambda phrase: -len(phrase[0])))


def _opposite(fact: str, value: FactValue) -> FactValue | None:
    """The other of the two things that yes and no mean; None where there are more."""
    answers = load_answers()
    yes, no = answers.yes_means.get(fact), answers.no_means.get(fact)
    other: dict[FactValue | None, FactValue | None] = {yes: no, no: yes}
    return other.get(value)


def is_bare_answer(text: str) -> bool:
    """Whether a message consists only of something that could answer a question."""
    plain = normalise(text).text.strip()
    if not plain or len(plain) > LONGEST:
        return False
    core = _core(plain)
    if (
        core in _unknown()
        or _says_unknown(text)
        or _VARIANT.fullmatch(core)
        or the_number(Message.read(text)) is not None
    ):
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
    meanings = dict(_yes_or_no(fact))
    for entry in load_answers().facts:
        if fact in entry.facts:
            meanings.update((_core(word), entry.value) for word in entry.all)
    for choice in load_knowledge().facts[fact].choices:
        titles = (choice.label.zh, choice.label.en, choice.short.zh, choice.short.en)
        meanings.update((_core(normalise(title).text), choice.value) for title in titles)
    return meanings


@cache
def _yes_or_no(fact: str) -> dict[str, FactValue]:
    """What yes and no mean as the answer to one question, by the words for them."""
    answers = load_answers()
    return {
        _core(word): means[fact]
        for said, means in ((answers.yes, answers.yes_means), (answers.no, answers.no_means))
        if fact in means
        for word in said.all
    }


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


def the_number(message: Message) -> Quantity | None:
    """The one number a message consists of, with measure words around it."""
    if len(message.quantities) != 1:
        return None
    number, document = message.quantities[0], message.document
    ordinal = document.word(number.start - 1) == "第"
    if (
        (number.glued and not ordinal)
        or number.unit not in _PLAIN_UNITS
        or (number.unit == "other" and not _points(document, number))
    ):
        return None
    before = all(document.word(i) in _BEFORE_A_NUMBER for i in range(number.start))
    behind = all(document.word(i) in _BEHIND_A_NUMBER for i in range(number.end, len(document.tokens)))
    return number if before and behind else None


def _points(document: Document, number: Quantity) -> bool:
    return document.word(number.end - 1) in ("分", "points")


def _chosen(text: str, fact: FactDefinition, number: Quantity) -> FactMention | None:
    if number.value is None or number.negative or number.value != int(number.value) or number.unit in ("cm", "mm"):
        return None
    position = int(number.value)
    if 1 <= position <= len(fact.choices):
        return whole(text, fact.id, fact.choices[position - 1].value)
    return whole(text, fact.id, None, status="unknown") if position == len(fact.choices) + 1 else None


def measured(text: str, fact: str, number: Quantity) -> FactMention:
    factor = 0.1 if fact == "largest_lesion_cm" and number.unit == "mm" else 1.0
    if number.negative and fact != "meld":
        return whole(text, fact, None, status="implausible")
    low, high = (None if v is None else round(v * factor, 4) for v in (number.low, number.high))
    if low is None or low != high:
        if fact == "lesion_count" and number.strict:
            low, high = (None if v is None else v + step for v, step in ((low, 1), (high, -1)))
        return whole(text, fact, None, status="bound", low=low, high=high)
    low = -low if number.negative else low
    value: FactValue = int(low) if fact == "lesion_count" and low == int(low) else low
    return whole(text, fact, value) if is_value(fact, value) else whole(text, fact, None, status="implausible")


def whole(text: str, fact: str, value: FactValue | None, **more: object) -> FactMention:
    """A mention that is the whole message."""
    return FactMention.model_validate(
        {"fact": fact, "value": value, "start": 0, "end": len(text), "text": text, **more}
    )
