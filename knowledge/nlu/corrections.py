"""Numbers that are put right by a few words: "4 not 3", "其实是150", "one of the three is a cyst"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.models.facts import PatientFacts
from knowledge.models.understanding import FactMention
from knowledge.nlu.answers import LONGEST, SHORT, measured, the_number, whole
from knowledge.nlu.facts import ctdna
from knowledge.nlu.facts.changes import is_denied
from knowledge.nlu.lexicon import CueCategory
from knowledge.nlu.message import Message
from knowledge.nlu.quantities import Quantity

_ONE_OF = re.compile(
    r"one(of(the|them|these|those)|turnedout|is|was)|其中(有)?[一1][个枚颗处]|有[一1][个枚颗处](其实|实际|原来)?是"
)
_OPEN: tuple[CueCategory, ...] = ("negation", "uncertainty", "untested")


def read_replacement(text: str, facts: PatientFacts) -> FactMention | None:
    """The number put in the place of one that is known ("4 not 3", 不是3是4); None unless just one fact has it.

    Args:
        text: the message as typed.
        facts: what is known; the number that is replaced says which fact is meant.
    """
    message = Message.read(text)
    if len(message.quantities) != 2 or len(text) > LONGEST:
        return None
    first, second = message.quantities
    replaced = [_denied(message, first), _denied(message, second)]
    if replaced.count(True) != 1:
        return None
    old, new = (first, second) if replaced[0] else (second, first)
    known = {fact: value for fact, value in facts.known().items() if type(value) in (int, float)}
    meant = [fact for fact, value in known.items() if value == old.value]
    return measured(text, meant[0], new) if len(meant) == 1 else None


def read_amendment(text: str, told: Sequence[str], facts: PatientFacts, words: Mapping[str, str]) -> FactMention | None:
    """What a short correction gives instead of what was told before ("sorry, largest 6", 不对，ctDNA是阳性).

    Args:
        text: the message as typed.
        told: the facts that the latest message with any facts told.
        facts: what is known.
        words: the words that each fact was read from; they say in which unit the number was given.
    """
    message = Message.read(text)
    if len(text) > LONGEST or message.frames.asks:
        return None
    turned = ctdna.result(message) if facts.ctdna_after_chemotherapy is not None else None
    return turned or _number(message, text, told, facts, words)


def read_recurrence(text: str, facts: PatientFacts) -> FactMention | None:
    """A recurrence in the liver of a patient whose metastases were resected (肝内又复发了); None if none is told.

    Args:
        text: the message as typed.
        facts: what is known; only with the resection known is a recurrence one after it.
    """
    if facts.resection_status != "resected":
        return None
    message = Message.read(text)
    for term in message.document.find("failure.recurrence"):
        clause = message.clauses.of(term.start)
        places = [t for t in message.document.between(clause.start, clause.end) if t.any("organ", "liver_metastasis")]
        liver = not places or any(t.any("organ.liver", "liver_metastasis") for t in places)
        open_ = any(message.context.cue(term.start, term.end, kind) for kind in _OPEN)
        if liver and not open_ and message.frames.asserted(term.start, term.end):
            found = message.found("resection_status", term.start, term.end, value="recurred")
            return found.mention if found is not None else None
    return None


def _number(
    message: Message, text: str, told: Sequence[str], facts: PatientFacts, words: Mapping[str, str]
) -> FactMention | None:
    """The number that is given instead of one told before."""
    if facts.lesion_count is not None and _one_is_none(message):
        return whole(text, "lesion_count", facts.lesion_count - 1) if facts.lesion_count > 1 else None
    if len(message.quantities) != 1 or len(text) > SHORT:
        return None
    number = message.quantities[0]
    if number.glued or number.value is None or number.unit not in (None, "count"):
        return None
    if any(message.document.find("smallest")):
        return None
    if any(message.document.find("largest")):
        meant = ["largest_lesion_cm"] if facts.largest_lesion_cm is not None else []
    elif any(message.document.find("correction")) and number.unit is None and the_number(message) is not None:
        meant = [fact for fact in told if type(getattr(facts, fact)) in (int, float)]
    else:
        meant = []
    if len(meant) != 1:
        return None
    given = Message.read(words.get(meant[0], ""))
    unit = "mm" if any(given.document.find("unit.mm")) and not number.decimal else number.unit
    return measured(text, meant[0], replace(number, unit=unit))


def _one_is_none(message: Message) -> bool:
    """Whether one of the lesions is said to be something else ("one of the three turned out to be a cyst")."""
    for other in message.document.find("other_lesion"):
        said = "".join(message.document.word(i) for i in range(max(0, other.start - SHORT), other.start))
        if _ONE_OF.search(said) and not any(message.context.cue(other.start, other.end, kind) for kind in _OPEN):
            return True
    return False


def _denied(message: Message, number: Quantity) -> bool:
    """Whether a word right before a number says that it is wrong."""
    before = " ".join(message.document.word(i) for i in range(max(0, number.start - 3), number.start))
    return is_denied(message, number) or before.endswith(("rather than", "instead of", "不 是 有"))
