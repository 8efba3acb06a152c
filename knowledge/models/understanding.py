"""What is read out of a message: facts with the words they came from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from knowledge.models.base import Model
from knowledge.models.facts import FactValue

MentionStatus = Literal["known", "unknown", "implausible", "bound", "conflict"]


class FactMention(Model):
    """One fact found in a message.

    Attributes:
        fact: the contract's fact id.
        value: the normalised value (contract values, centimetres, ng/mL); None unless `known`.
        status: `known`; `unknown` (said to be pending, untested or suspected); `implausible` (a number no
            patient can have, kept as text only); `bound` (only a limit or a range is given, e.g. "more than 5",
            see `low` and `high`); `conflict` (the message contradicts itself, e.g. a count that differs from
            the sizes listed, or two values for one fact).
        low, high: inclusive limits of a `bound`; None means open.
        start, end: where the words stand in the message as it was typed (code points, end exclusive).
        text: those words, as typed.
        asserted: whether it is said of this patient now; False inside a question ("is SBRT useful in RAS
            mutants?"), a hypothesis ("if RAS were mutant") or a general population ("for patients with …").
    """

    fact: str
    value: FactValue | None = None
    status: MentionStatus = "known"
    low: float | None = None
    high: float | None = None
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    text: str
    asserted: bool = True
