"""What a message names without saying it of a patient: therapies, facts, reference numbers; and how it is meant."""

from __future__ import annotations

import re
from functools import cache

from knowledge.loading import load_knowledge
from knowledge.models.base import Model
from knowledge.nlu.lexicon import load_lexicon
from knowledge.nlu.message import Message
from knowledge.nlu.pipeline import Vocabulary

_NUMBER = r"(\d{1,3})"
_JOINT = r"(?: ?(?:[,、和与及]|and|&) ?)"
_REFERENCE = re.compile(
    rf"(?:文献|引文|引用|references?|refs?\.?|citations?) ?(?:第|no\.?|number|#|n)? ?"
    rf"\[?((?:{_NUMBER}\]?{_JOINT}\[?){{0,9}}{_NUMBER})"
    rf"|第 ?{_NUMBER} ?(?:篇|条|号文献|号参考|文献|参考文献|引文|号引文)|\[(\d{{1,3}}(?:[,、-] ?\d{{1,3}}){{0,9}})\]",
    re.IGNORECASE,
)


class Concepts(Model):
    """What a message names, each once, in the order of first mention.

    Attributes:
        therapies: contract ids.
        facts: fact ids, whether with or without a value.
        references: the review's reference numbers.
        question: whether something is asked.
        hypothetical: whether something is only supposed.
    """

    therapies: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    references: tuple[int, ...] = ()
    question: bool = False
    hypothetical: bool = False


def find_concepts(text: str) -> Concepts:
    """What `text` names; the longest name wins at each place, English names only as whole words."""
    document = _names().read(text)
    named: dict[str, list[str]] = {"therapy": [], "fact": []}
    for term in document.terms:
        for kind, names in named.items():
            names.extend(_first(term.kind(kind)))
    frames = Message.read(text).frames
    return Concepts(
        therapies=tuple(dict.fromkeys(named["therapy"])),
        facts=tuple(dict.fromkeys(named["fact"])),
        references=_references(document.source.text),
        question=frames.asks,
        hypothetical=any(frames.hypothesis),
    )


def _first(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


@cache
def _names() -> Vocabulary:
    """The names of therapies and facts, indexed at the first use."""
    terms = [
        (name, f"therapy.{therapy.id}")
        for therapy in load_knowledge().therapies.values()
        for text in (therapy.name, therapy.short)
        for name in (*therapy.aliases.zh, *therapy.aliases.en, text.zh, text.en)
    ]
    for name, words in load_lexicon().names.items():
        terms.extend((word, "none" if name == "none" else f"fact.{name}") for word in words.all)
    terms.extend(
        (text, f"fact.{fact.id}") for fact in load_knowledge().facts.values() for text in (fact.label.zh, fact.label.en)
    )
    return Vocabulary(terms)


def _references(text: str) -> tuple[int, ...]:
    """Reference numbers: in square brackets, after words such as 文献 or "ref", and in 第14篇."""
    found = (number for match in _REFERENCE.finditer(text) for number in re.findall(r"\d{1,3}", match.group()))
    return tuple(dict.fromkeys(int(number) for number in found))
