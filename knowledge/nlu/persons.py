"""Whose the findings are: a relative's, another patient's, or this patient's after all."""

from __future__ import annotations

from knowledge.nlu.clauses import Clause, Clauses
from knowledge.nlu.document import Document, Term
from knowledge.nlu.text import words

_POINTING = 4
_POINTERS = words("that it this which those they 那 这")
"""Words that stand for what was told before ("that was another patient's report")."""
_FORMS_OF_ADDRESS = words("兄弟 大哥 大姐 哥 姐 兄 老哥 brother sister bro")
_TOLD_OF_NOW = words("has is 's 今 今年 现 肝 有 查 得 的")


def addressed(document: Document, clauses: Clauses, relative: Term) -> bool:
    """Whether a word for a brother or sister is how the reader is addressed (兄弟，这个人…)."""
    clause = clauses.of(relative.start)
    alone = clause.start == relative.start and clause.end == relative.end and clause.mark in (",", "，", "!", "！")
    return alone and "".join(document.word(i) for i in range(relative.start, relative.end)) in _FORMS_OF_ADDRESS


def patient_follows(document: Document, clauses: Clauses, relative: Term, end: int) -> bool:
    """Whether a sentence opens with a relative and the next one, with figures, with the patient (患者：1枚)."""
    start = clauses.sentence_start(relative.start)
    following = document.term_at(end + 1)
    if relative.start - start > 1 or not relative.any("family") or following is None:
        return False
    told = document.tokens[end + 1 : clauses.sentence_end(end + 1)]
    return following.any("patient_again") and any(token.number for token in told)


def what_that_is(document: Document, clauses: Clauses, cue: Term, clause: Clause) -> int:
    """Where that begins which is said to be another's: the sentence, if "that" or nothing stands for it."""
    if not cue.any("not_mine") or cue.start - clause.start > _POINTING:
        return clause.start
    subject = [document.word(i) for i in range(clause.start, cue.start)]
    if subject and not _POINTERS.intersection(subject):
        return clause.start
    return clauses.sentence_start(clause.start)


def speaks_for(document: Document, relative: Term) -> bool:
    """Whether a relative of the writer's is the patient: nobody else is, and it is told of now."""
    if document.word(relative.start - 1) not in ("my", "我"):
        return False
    following = {document.word(i) for i in range(relative.end, relative.end + 2)}
    return bool(following & _TOLD_OF_NOW) and not any(document.find("patient_again"))
