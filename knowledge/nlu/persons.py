"""Whose the findings are: a relative's, another patient's, or this patient's after all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from knowledge.nlu.clauses import Clause, Clauses
from knowledge.nlu.document import Document, Term
from knowledge.nlu.text import words

_LABELLED, _LETTERS = words("patient pt case bed"), words("a b c d")
_PASSAGE = 40
"""The most tokens on one patient that are looked through."""
_ASKED_ABOUT = re.compile(
    r"(^|[^a-z])(ours|mine),?(is|in)?$|(我们(这位|的)?|我的|我这位)(是|在)?$|((question|asking|ask|interested|talking)(is|am)?(about|in)|问的是|说的是|想问|要问|请教)(the|my|our)?$"
    r"|(our|my)(own)?(man|lady|woman|patient|gentleman|one|case)(is)?(in|at)?$"
)
_ANOTHER_NOW = re.compile(
    r"(today|now|but|and|so|thistime|,)*((it|this|here|that)('s|is)|i('ve|have)?(got|have)?|wehave)(about|now)?"
    r"(a|an)?(completely|totally)?(different|another|new|separate)(one|patient|case|man|woman|lady|gentleman|person)"
    r"|(今天|今日|现在|这次|这回|接下来|下面)(要)?(是|问|说|讲|看|换)(的)?(是)?(一)?(个|位|例)?"
    r"(另外?|别的|其他的?|新的?|不同的?|换了?)(一)?(个|位|例)?(患者|病人|病例)"
)
_LEFT_ASIDE = re.compile(
    r"ignore|notmypatient|notmine|forget(about)?(him|her|that)|leave(him|her)|不用管|不管|别管|先不说|不是我的|不用考虑"
)
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
_OURS_ZH = words("家父 家母 老伴 爱人 老爸 老妈 老公 老婆 外公 外婆 爷爷 奶奶")
_OF_THE_PATIENT = words("liver tumour tumours tumor tumors metastases mets scan scans story case")
_PRONOUNS = words("he she he's she's his her hers 他 她")
"""Words for the patient that may stand for a relative."""
_KIN = "daughter|son|wife|husband|mother|father|sister|brother|niece|nephew"
_INTRODUCED = re.compile(
    r"(我|俺|本人)(就)?是?(患者|病人|他|她)?的?(女儿|儿子|家属|家人|爱人|妻子|丈夫|老婆|老公|母亲|父亲|媳妇|闺女)[，,。.、；;]"
    r"|^(患者|病人)?家属(来信|留言|来电|咨询|代问)?[:：，,]|onbehalfofmy"
    rf"|(the|her|his)({_KIN})of(the|this|a)patient|(i'm|iam|thisis)(the|this)?patient's({_KIN})"
)
"""That a relative writes for the patient."""
_OPENING = 30
"""The most tokens within which somebody who writes for a relative says so."""


def told_apart(document: Document) -> Iterator[tuple[int, int]]:
    """The tokens on the patients beside the one who is asked about, where several have a letter or a bed.

    "Patient A has nine mets, ignore him. My question is about patient B: …" (1床…不用管，我要问的是2床…)
    """
    labels = [(index, label) for index in range(len(document.tokens)) if (label := _label(document, index))]
    if len({label for _, label in labels}) < 2:
        return
    ends = [start for start, _ in labels[1:]] + [len(document.tokens)]
    said = {}
    for (start, _), end in zip(labels, ends, strict=True):
        before = "".join(document.word(i) for i in range(max(0, start - _TOLD_SOON), start))
        behind = "".join(document.word(i) for i in range(start, min(end, start + _PASSAGE)))
        said[start] = (_ASKED_ABOUT.search(before) is not None, _LEFT_ASIDE.search(behind) is not None)
    asked = {label for start, label in labels if said[start][0]}
    aside = {label for start, label in labels if said[start][1]} - asked
    for (start, label), end in zip(labels, ends, strict=True):
        if label in aside or (len(asked) == 1 and label not in asked):
            yield start, end


def before_another(document: Document, clauses: Clauses) -> int:
    """Where another patient is turned to ("today it is a different patient:"); what is told before is not this one's.

    Zero where nobody is, or nothing is told behind it.
    """
    for clause in reversed(clauses.clauses[1:]):
        said = "".join(document.word(i) for i in range(clause.start, min(clause.end, clause.start + _TOLD_SOON)))
        if _ANOTHER_NOW.match(said) is not None and clause.end + 1 < len(document.tokens):
            return clause.start
    return 0


def _label(document: Document, index: int) -> str:
    """The letter or the bed by which a patient is told from others; empty where there is none."""
    word, following = document.word(index), document.word(index + 1)
    if word in _LABELLED and (following in _LETTERS or following.isdecimal()):
        return following
    bed = document.word(index + 1 + (following == "号")) == "床"
    return word if bed and document.tokens[index].number else ""


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
    if not cue.any("not_mine", "bygone") or cue.start - clause.start > _POINTING:
        return clause.start
    subject = [document.word(i) for i in range(clause.start, cue.start)]
    if subject and not _POINTERS.intersection(subject):
        return clause.start
    start = clauses.sentence_start(clause.start)
    corrected = document.first(start, clause.start, "correction")
    anew = corrected is not None and clause.start - corrected.end > _POINTING
    return clause.start if anew else start  # "Correction: UGT1A1 is normal, that was another patient's"


def speaks_for(document: Document, relative: Term) -> bool:
    """Whether a relative of the writer's is the patient: nobody else is, and the relative is told of now."""
    if not relative.any("family"):
        return False
    following = {document.word(i) for i in range(relative.end, relative.end + _POINTING)}
    told = "".join(document.word(i) for i in range(relative.end, relative.end + _TOLD_SOON))
    if following & _ANOTHER or _had_it_once(document, relative) or _DEAD.search(told):
        return False
    if _told_by_relative(document):
        return True
    mine = document.word(relative.start - 1) in _MINE or document.word(relative.start) in _PET_NAMES
    mine = mine or _opens_as_ours(document, relative)
    said = [token.word for token in document.tokens]
    themselves = any(a in ("i", "我") and b in _OF_THEMSELVES for a, b in pairwise(said))
    named = (
        t for t in document.find("patient_again") if t.end - t.start > 1 or document.word(t.start) not in _PRONOUNS
    )
    return mine and not themselves and not any(named)


def _opens_as_ours(document: Document, relative: Term) -> bool:
    """Whether a message opens with a relative as families speak of theirs ("Father's liver …", 家父的肝转移…)."""
    said = "".join(document.word(i) for i in range(relative.start, relative.end))
    behind = {document.word(i) for i in range(relative.end, relative.end + _POINTING)}
    opens = relative.start == 0 or document.word(relative.start - 1) in (
        ".",
        "。",
        "，",
        ",",
        ":",
        "：",
        "\n",
        "!",
        "！",
    )
    return opens and (said in _OURS_ZH or (said.endswith("'s") and bool(behind & _OF_THE_PATIENT)))


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
