"""Words beside a site that say that nothing was found there."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.message import Message
from knowledge.nlu.text import words

LIGHT = words("都 均 也 是 的 is are both look looks")
TURNED_OUT = 14
"""The most tokens between a site and what its lesions turned out to be."""
_DENIAL = 6
"""The most tokens of a clause that only says that nothing was found."""
_FOUND = words(
    "was were is are has have been there seen found detected identified noted visible shown evident on the ct mri pet "
    "scan imaging"
)
"""What may stand between a site and the denial of disease there ("no lesion was seen on PET outside the liver")."""
_FOUND_BEHIND = _FOUND | words(", :")
_NONE = words("nothing none nil")
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


def nothing_seen(message: Message, start: int, end: int) -> Term | None:
    """The denial before or behind a site that only words of finding stand between.

    "No lesion was seen outside the liver", "outside the liver nothing was found".
    """
    document, index = message.document, start - 1
    while document.word(index) in _FOUND or _is_disease(document.term_at(index)):
        index -= 1
    before = document.term_at(index)
    if before is not None and before.any("not") and message.clauses.sentence_start(start) <= before.start:
        return before
    sentence, index = message.clauses.sentence_end(start), end
    while document.word(index) in _FOUND_BEHIND and index < sentence:
        index += 1
    if index >= sentence or document.word(index) not in _NONE:
        return None
    rest = range(index + 1, message.clauses.of(index).end)
    return document.term_at(index) if all(document.word(i) in _FOUND for i in rest) else None


def _is_disease(term: Term | None) -> bool:
    return term is not None and term.any("metastasis", "lesion") and not term.any("liver_metastasis", "not")
