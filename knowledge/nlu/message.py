"""A message with everything the readers of facts share: tokens, clauses, frames, context and numbers."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache

from knowledge.models.facts import FactValue
from knowledge.models.understanding import FactMention, MentionStatus
from knowledge.nlu.clauses import SENTENCE, Clause, Clauses, split
from knowledge.nlu.context import Context
from knowledge.nlu.document import Document, Term
from knowledge.nlu.frames import Frames
from knowledge.nlu.lexicon import Lexicon, load_lexicon
from knowledge.nlu.pipeline import lexicon_vocabulary
from knowledge.nlu.quantities import CENTIMETRES, Quantity, quantities
from knowledge.nlu.text import words

REACH = 60
"""The most tokens over which anything is looked for in a clause or sentence: more than people write, and it keeps
the time in proportion to the length of the message."""

_STILL = words("有 still remaining left")
"""The last words of what says that something was still there, then or now."""
_BEFORE_A_SIDE = words("the on his her far")
_OF_A_SIDE = words("lobe liver lateral side hemiliver hepatic hepatectomy")
_RECENT = words("day days week weeks")
_MOST_NUMBERS = 8

_TIME_AFTER = 4
"""The most tokens between a value and a word of time behind it ("340 at diagnosis")."""


@lru_cache(maxsize=2)
def _read(text: str) -> Message:
    document = lexicon_vocabulary().read(text)
    return Message(document, split(document), load_lexicon())


@dataclass(frozen=True, eq=False)
class Found:
    """A mention that is not settled yet.

    Attributes:
        mention: what was read.
        token: the token it begins at.
        rank: how sure it is to speak of now: 2 said of now, 1 not said, 0 said of then.
        source: what it speaks of more narrowly than the fact (KRAS, NRAS): values of two sources
            do not contradict each other.
    """

    mention: FactMention
    token: int
    rank: int = 1
    source: str = ""


@dataclass(frozen=True, eq=False)
class Message:
    """A message, cut up and looked over once."""

    document: Document
    clauses: Clauses
    lexicon: Lexicon

    @classmethod
    def read(cls, text: str) -> Message:
        """Look a message over; within a turn the same one is asked for several times."""
        return _read(text)

    @cached_property
    def context(self) -> Context:
        """What stands around the terms."""
        return Context(self.document, self.clauses, self.lexicon)

    @cached_property
    def frames(self) -> Frames:
        """What is said of the patient."""
        return Frames(self.document, self.clauses, self.lexicon)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers in order."""
        return quantities(self.document)

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {quantity.number: position for position, quantity in enumerate(self.quantities)}

    def before(self, quantity: Quantity) -> Quantity | None:
        """The number before a number."""
        position = self._positions[quantity.number]
        return self.quantities[position - 1] if position else None

    def after(self, quantity: Quantity) -> Quantity | None:
        """The number after a number."""
        position = self._positions[quantity.number] + 1
        return self.quantities[position] if position < len(self.quantities) else None

    def end_before(self, quantity: Quantity) -> int:
        """Where the number before a number ends; 0 if there is none."""
        last = self.before(quantity)
        return last.end if last is not None else 0

    def from_token(self, token: int) -> tuple[Quantity, ...]:
        """A few numbers from a token on."""
        first = bisect_left(self._numbers, token)
        return self.quantities[first : first + _MOST_NUMBERS]

    @cached_property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(quantity.number for quantity in self.quantities)

    def window(self, quantity: Quantity) -> int:
        """The first token of a number's clause, or of the part of a very long clause that can bear on it."""
        return max(self.clauses.of(quantity.number).start, quantity.start - REACH)

    def found(
        self,
        fact: str,
        start: int,
        end: int,
        *,
        value: FactValue | None = None,
        status: MentionStatus = "known",
        low: float | None = None,
        high: float | None = None,
        source: str = "",
        rank: int | None = None,
    ) -> Found | None:
        """A mention of the tokens `start` to `end` (exclusive); None if they speak of another person."""
        if any(self.frames.other_person[start:end]):
            return None
        first, last, text = self.document.typed(start, end)
        mention = FactMention(
            fact=fact,
            value=value,
            status=status,
            low=low,
            high=high,
            start=first,
            end=last,
            text=text,
            asserted=self.frames.asserted(start, end),
        )
        return Found(mention, start, self.rank(start, end) if rank is None else rank, source)

    def rank(self, start: int, end: int) -> int:
        """2 if a cue says that the tokens speak of now, 0 if of then, 1 if nothing says so."""
        clause = self.clauses.of(start)
        floor = self._time_of_another(max(clause.start, start - REACH), start, end)
        nearest = self._last_time(floor, max(start, clause.start))
        if nearest is None:
            for term in self.document.between(end, min(end + _TIME_AFTER, clause.end)):
                if term.any("removed_part"):
                    return 0
                if term.any("enumerator", "turn"):
                    break
                following = self.document.term_at(term.end)
                if following is not None and following.any("not"):  # 当时没有切: it is still there
                    break
                nearest = nearest or self._time(term)
        nearest = nearest or self._inherited_time(clause)
        return {"past": 0, "present": 2}.get(nearest or "", 1)

    def _time_of_another(self, floor: int, start: int, end: int) -> int:
        """Behind the time of the number before ("5 cm before chemo and 3 cm at restaging"), else `floor`."""
        here = next(iter(self.from_token(start)), None)
        last = self.before(here) if here is not None and here.start < end else None
        if last is None or here is None or last.end < floor or last.unit is None:
            return floor
        lengths = set(CENTIMETRES)
        if last.unit != here.unit and not {last.unit, here.unit} <= lengths:
            return floor
        behind = next(self.document.between(last.end, start), None)
        if behind is None or behind.start - last.end > 1 or self._time(behind) is None:
            return floor
        joints = [t for t in self.document.between(behind.end, start) if t.any("enumerator", "turn")]
        return joints[0].end if joints else floor

    def _last_time(self, start: int, end: int) -> str | None:
        """The time that the last cue between two tokens speaks of."""
        nearest = None
        for term in self.document.between(start, end):
            if term.any("lately"):
                nearest = None  # "taken out six years ago and a scan last week showed two deposits"
                continue
            done_with = self.document.word(term.end) == ":" or (
                self.document.word(term.start) == "ago" and self._just_found(term)
            )
            if nearest == "past" and self.document.word(term.end - 1) in _STILL and term.any("present_words"):
                continue  # 去年肝转移还有6个
            nearest = None if done_with else self._time(term) or nearest
        return nearest

    def _just_found(self, ago: Term) -> bool:
        """Whether it is what was found days or weeks ago, and still holds ("diagnosed 10 days ago with 4 mets")."""
        if self.document.word(ago.start - 1) not in _RECENT:
            return False
        return any(t.any("appearance") for t in self.document.between(max(0, ago.start - 4), ago.start))

    def _inherited_time(self, clause: Clause) -> str | None:
        """The time of the clause before, for a bracket behind it or a diameter that goes on from it.

        "now 3 lesions, largest 1.9 cm" says both of now, "initially unresectable (6 lesions)" both of then.
        """
        article = self.document.word(clause.start) in ("the", "its")
        first = self.document.term_at(clause.start + article)
        bracket = self.document.word(clause.start - 1) == "("
        if not bracket and (first is None or not first.any("largest", "size_label")):
            return None
        index = self.clauses.index(clause.start) - 1
        while index >= 0 and self.clauses.clauses[index].end - self.clauses.clauses[index].start <= 1:
            index -= 1
        if index > 0 and self.clauses.clauses[index].mark == ")" and not bracket:
            index = self._before_bracket(index)
        if index < 0 or self.clauses.separated(self.clauses.clauses[index].start, clause.start, SENTENCE):
            return None
        before = self.clauses.clauses[index]
        return self._last_time(max(before.start, before.end - REACH), before.end)

    def _before_bracket(self, index: int) -> int:
        """The clause before the brackets that end with a clause."""
        while index > 0 and self.clauses.clauses[index - 1].mark != "(":
            index -= 1
        return max(0, index - 1)

    def _time(self, term: Term) -> str | None:
        if self.document.word(term.start) == "left" and self._is_a_side(term):
            return None
        if term.any("shrinkage") and self.document.word(term.end - 1) != "from":
            return "present"
        for name in term.names:
            cue = self.lexicon.cues.get(name)
            if cue is not None and cue.category in ("past", "present") and cue.scope == "clause":
                return cue.category
        return None

    def _is_a_side(self, term: Term) -> bool:
        """Whether "left" is a side and not what remains ("one on the left", "left lobe")."""
        return self.document.word(term.start - 1) in _BEFORE_A_SIDE or self.document.word(term.end) in _OF_A_SIDE

    def cover(self, *terms: Term | None) -> tuple[int, int]:
        """The tokens from the first to the last of some terms."""
        there = [term for term in terms if term is not None]
        return min(term.start for term in there), max(term.end for term in there)
