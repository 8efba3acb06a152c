"""Words behind a site that say that nothing was found there."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.message import Message
from knowledge.nlu.text import words

LIGHT = words("都 均 也 是 的 is are both look looks")
TURNED_OUT = 14
"""The most tokens between a site and what its lesions turned out to be."""
_DENIAL = 6
"""The most tokens of a clause that only says that nothing was found."""
_LOOKED = words("查 检 看 扫 checked examined scanned looked")


def looked_in_vain(message: Message, end: int) -> Term | None:
    """The clause behind that says no more than that nothing was found (肝外都查了，没有)."""
    clause = message.clauses.of(max(0, end - 1))
    if clause.end - end > TURNED_OUT:
        return None
    looked = {message.document.word(i) for i in range(end, clause.end)} & _LOOKED
    if not looked or clause.end + 1 >= len(message.document.tokens):
        return None
    behind = message.clauses.of(clause.end + 1)
    terms = list(message.document.between(behind.start, behind.end))
    denial = next((t for t in terms if t.any("not", "not_after")), None)
    only = all(t.any("not", "not_after", "each", "filler", "metastasis", "lesion") for t in terms)
    return denial if only and behind.end - behind.start <= _DENIAL else None


def unremarkable(message: Message, end: int) -> Term | None:
    """The word right behind, but for light ones, that says that all is clear."""
    index = end
    while message.document.word(index) in LIGHT or message.document.word(index) in ("all", "both", "everything"):
        index += 1
    said = message.document.term_at(index)
    return said if said is not None and said.any("quality.unremarkable") else None
