"""Findings that are said of the primary tumour or of an organ outside the liver."""

from __future__ import annotations

from knowledge.nlu.clauses import SENTENCE
from knowledge.nlu.document import Term
from knowledge.nlu.message import Message

_NOT_THE_LIVER = ("primary", "primary_site", "organ.lung", "organ.other", "organ.regional")
_OTHER_SYNCHRONOUS = ("organ.lung", "organ.other", "primary", "primary_site")


def about_another_organ(message: Message, term: Term) -> bool:
    """Whether a finding is said of the primary tumour or of an organ outside the liver."""
    own = message.document.term_at(term.end)
    if own is not None and own.any("liver_metastasis"):
        return False  # "peritoneal metastases plus unresectable liver mets"
    clause = message.clauses.of(term.start)
    nearest: Term | None = None
    for other in message.document.between(clause.start, term.start):
        if other.any(*_NOT_THE_LIVER, "liver_metastasis", "organ.liver", "lesion", "metastasis"):
            if other.any("lesion", "metastasis") and nearest is not None and nearest.end == other.start:
                continue
            nearest = other
    following = message.document.term_at(term.end)
    if nearest is None and _primary_measured_before(message, clause.start):
        return not _liver_follows(message, term)
    if nearest is None and following is not None and following.any(*_NOT_THE_LIVER):
        return not following.any("primary_site") and not _liver_follows(message, following)
    if nearest is None or not nearest.any(*_NOT_THE_LIVER):
        return False
    return nearest.any("primary") or not nearest.any("primary_site")  # "the rectal primary is resectable"


def _primary_measured_before(message: Message, start: int) -> bool:
    """Whether the clause before a token measures the primary ("rectal primary 4 cm, resectable; …")."""
    index = message.clauses.index(start)
    if not index or message.clauses.separated(start - 2, start, SENTENCE):
        return False
    before = message.clauses.clauses[index - 1]
    told = list(message.document.between(before.start, before.end))
    others = ("liver_metastasis", "organ.liver", "lesion", "removed_part", "surgery", "primary_surgery")
    measured = any(t.any("unit.cm", "unit.mm") for t in told)
    return measured and any(t.any("primary") for t in told) and not any(t.any(*others) for t in told)


def _liver_follows(message: Message, term: Term) -> bool:
    clause = message.clauses.of(term.start)
    return any(t.any("liver_metastasis", "organ.liver") for t in message.document.between(term.end, clause.end))


def other_synchronous(message: Message, term: Term) -> bool:
    """Whether the next thing named is the primary or another organ ("synchronous lung metastases")."""
    following = message.document.term_at(term.end)
    if following is None or not following.any(*_OTHER_SYNCHRONOUS):
        return False
    return not _liver_follows(message, following) and not following.any("primary_site")
