"""Whose the findings are: a relative's, another patient's, or this patient's after all."""

from __future__ import annotations

import re
from itertools import pairwise

from knowledge.nlu.clauses import Clause, Clauses
from knowledge.nlu.document import Document, Term
from knowledge.nlu.text import words

_POINTING = 4
_POINTERS = words("that it this which those they 那 这")
"""Words that stand for what was told before ("that was another patient's report")."""
_FORMS_OF_ADDRESS = words("兄弟 大哥 大姐 哥 姐 兄 老哥 brother sister bro")
_MINE = words("my our 我 咱")
_ANOTHER = words("也 too also")
"""Words behind a relative of the writer's by which another person is told of (我姐姐也是肠癌)."""
_DEAD = re.compile(r"died|passedaway|death|deceased|去世|过世|病逝|走了|已故|没了")
_OF_THEMSELVES = words("have had 've myself 有 得 自 本 肝")
_TOLD_SOON = 12
"""The most tokens behind a relative within which it is told what the relative had."""
_PET_NAMES = words("grandma grandpa granny grandad gran mum mom mummy mommy dad daddy")
_KIN = "daughter|son|wife|husband|mother|father|sister|brother|niece|nephew"
_INTRODUCED = re.compile(
    r"(我|俺|本人)(就)?是?(患者|病人|他|她)?的?(女儿|儿子|家属|家人|爱人|妻子|丈夫|老婆|老公|母亲|父亲|媳妇|闺女)[，,。.、；;]"
    r"|^(患者|病人)?家属[:：，,]|onbehalfofmy"
    rf"|(the|her|his)({_KIN})of(the|this|a)patient|(i'm|iam|thisis)(the|this)?patient's({_KIN})"
)
"""That a relative writes for the patient."""
_OPENING = 30
"""The most tokens within which somebody who writes for a relative says so."""


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
    """Whether a relative of the writer's is the patient: nobody else is, and the relative is told of now."""
    if not relative.any("family"):
        return False
    following = {document.word(i) for i in range(relative.end, relative.end + 2)}
    told = "".join(document.word(i) for i in range(relative.end, relative.end + _TOLD_SOON))
    if following & _ANOTHER or _had_it_once(document, relative) or _DEAD.search(told):
        return False
    if _told_by_relative(document):
        return True
    mine = document.word(relative.start - 1) in _MINE or document.word(relative.start) in _PET_NAMES
    said = [token.word for token in document.tokens]
    themselves = any(a in ("i", "我") and b in _OF_THEMSELVES for a, b in pairwise(said))
    return mine and not themselves and not any(document.find("patient_again"))


def _had_it_once(document: Document, relative: Term) -> bool:
    """Whether a relative is only said to have had cancer ("my mother had bowel cancer, BRAF mutant"), none of now."""
    end = relative.end + _TOLD_SOON
    once = document.word(relative.end) == "had" or any(document.word(i) == "过" for i in range(relative.end, end))
    if not once or document.first(relative.end, end, "primary_site", "colorectal", "primary") is None:
        return False
    now = ("liver_metastasis", "organ.liver", "metastasis", "local_therapy", "chemotherapy", "surgery")
    return document.first(relative.end, end, *now) is None


def _told_by_relative(document: Document) -> bool:
    """Whether the writer is introduced as a relative of the patient's (我是患者的女儿, "on behalf of my mother")."""
    opening = "".join(document.word(i) for i in range(_OPENING))
    return _INTRODUCED.search(opening) is not None
