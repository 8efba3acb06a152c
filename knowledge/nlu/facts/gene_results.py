"""Of several results on a gene those that hold: of the liver rather than the primary, of both RAS genes."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.facts.gene_parts import REACH, Part, find_parts
from knowledge.nlu.message import Found, Message
from knowledge.nlu.text import words

_FIRST = words("first 1st initial initially original originally 初检 初测 初次 首检 首测 首次 一次")
_BUT = 3
"""The most tokens from a "but" to the gene it leads to."""
_AGAIN = words("second 2nd repeat repeated retest retesting 复检 复测 复查 重检 重测 再检 再测 再次 二次")
"""Words of a first test and of another; the Chinese ones are two tokens."""


def of_the_liver(message: Message, found: list[Found]) -> list[Found]:
    """Without what is said of the primary where that of the metastases is awaited (原发灶KRAS突变，转移灶的还没出)."""
    awaited = {f.mention.fact for f in found if f.mention.status == "unknown" and f.mention.asserted}
    return [f for f in found if not (f.mention.fact in awaited and f.mention.value and _of_the_primary(message, f))]


def _of_the_primary(message: Message, found: Found) -> bool:
    """Whether the primary is named in a clause before a result."""
    start = message.clauses.of(found.token).start
    return message.document.first(max(start, found.token - REACH), found.token + 1, "primary") is not None


def without_half(message: Message, found: list[Found]) -> Iterator[Found]:
    """Without a RAS gene that is wild type where the other one is open: the status is that of both.

    It is open too where it is named behind a "but" and nothing is read of it ("no KRAS mutation but an NRAS one").
    """
    open_ = {f.source for f in found if f.mention.status == "unknown" and f.mention.asserted}
    told = {f.source for f in found}
    open_ |= {part.value for part in find_parts(message) if part.value not in told and _behind_but(message, part)}
    for f in found:
        other = {"kras": "nras", "nras": "kras"}.get(f.source)
        if not (f.mention.value == "wild_type" and other in open_):
            yield f


def _behind_but(message: Message, part: Part) -> bool:
    """Whether a turn such as "but" stands right before a gene."""
    return message.document.first(max(0, part.start - _BUT), part.start, "turn") is not None


def disagreement(message: Message, found: list[Found]) -> tuple[int, int] | None:
    """The tokens that say that results disagree: in such words, or by telling a first and a second test in turn.

    A mutation that the second test finds counts.
    """
    term = next(iter(message.document.find("discordant")), None)
    if term is not None:
        return term.start, term.end
    first, again = (_places(message, cues) for cues in (_FIRST, _AGAIN))
    again = [i for i in again if any(i - REACH <= place < i for place in first)]
    mutant = [f for f in found if f.mention.value == "mutant"]
    found_again = bool(again and mutant) and mutant[-1].token > again[0]
    return (again[0], again[0] + 1) if again and not found_again else None


def _places(message: Message, cues: frozenset[str]) -> list[int]:
    """Where one of these words begins, be it one token or two."""
    word = message.document.word
    places = range(len(message.document.tokens))
    return [i for i in places if word(i) in cues or word(i) + word(i + 1) in cues]


def two_results(message: Message, token: int, disagree: int) -> bool:
    """Whether both is told of one gene, mutant and not (院外说突变，我院说野生).

    It may take from the sentence of a result at `token` to that of the word at `disagree` that tells of another one.
    """
    start, end = message.clauses.sentence_start(token), message.clauses.sentence_end(max(token, disagree))
    parts = [part for part in find_parts(message) if start <= part.start < end]
    genes = {part.value for part in parts if part.kind == "gene"}
    return len(genes) == 1 and {"wild", "mutant"} <= {part.kind for part in parts}
