"""Conditions that suppose no fact of the patient ("potentially resectable if downsized, three mets, …")."""

from __future__ import annotations

from itertools import pairwise

from knowledge.nlu.clauses import Clauses
from knowledge.nlu.document import Document, Term
from knowledge.nlu.lexicon import Lexicon
from knowledge.nlu.text import words

_SUPPOSING = words(
    "what suppose supposing assuming assume imagine pretend say let lets were had should would 假 设 想 就 当 换"
)
"""Words that suppose a case, other than those that only set a condition (if, 如果)."""
_FACTUAL = (
    "gene", "quality", "lesion", "liver_metastasis", "organ", "extrahepatic", "lab", "ctdna", "unit", "largest",
    "hepatectomy", "liver_resected", "failure", "metastasis", "enzyme", "ugt1a1",
)  # fmt: skip
"""Words by which a condition is one about the facts of the patient ("if RAS wild type")."""
_TOLD_AGAIN = (
    "gene", "lesion", "liver_metastasis", "lab", "ctdna", "largest", "extrahepatic", "liver_only", "solitary",
    "organ.liver", "unit.count",
)  # fmt: skip
"""Words by which a clause behind a condition tells facts again."""
_OPERATIONS = words("切 术 resected resect operated operate hepatectomy surgery resection")
THERAPIES = ("chemotherapy", "local_therapy", "hai", "hepatectomy", "surgery")
_CONCLUDING = words("则 then")
_CONDITION = 30
"""The most tokens of a condition before a colon."""
_CLAUSES_ON = 8
"""The most clauses behind a condition that say what is then to be done."""
_THEN = words("then would will could can should 则 就 会 可 再 方")


def told_again(document: Document, clauses: Clauses, lexicon: Lexicon, cue: Term, end: int) -> int:
    """The token at which the facts are told again behind a condition; `end` where they are not, or it names one.

    A condition that names no fact supposes none: it ends with its clause and with the clauses behind it that say what
    is then to be done.
    """
    if not cue.any("if") or document.word(cue.start) in _SUPPOSING:
        return end
    clause = clauses.of(cue.start)
    near = range(cue.end, min(clause.end, cue.end + _CONDITION))
    presented = next((i for i in near if document.word(i) == ":"), clause.end)
    if end <= presented:
        return end
    concluded = {document.word(i) for i in range(cue.end, clause.end)} & _CONCLUDING
    if concluded:
        return clause.end  # 如RAS野生则加西妥昔，…
    named = document.between(cue.end, presented)
    if any(token.number for token in document.tokens[cue.end : presented]):
        return end
    if any(term.any(*_FACTUAL) or not term.names.isdisjoint(lexicon.findings) for term in named):
        return end
    if presented < clause.end:
        return presented  # "potentially resectable if they shrink: 6 mets, largest 5 cm"
    first = clauses.index(cue.start) + 1
    for following in clauses.clauses[first : first + _CLAUSES_ON]:
        if following.start >= end:
            break
        terms = list(document.between(following.start, following.end))
        said = {document.word(i) for i in range(following.start, following.end)}
        consequence = bool(said & _THEN) or any(term.any(*THERAPIES) for term in terms)
        if not consequence and any(term.any(*_TOLD_AGAIN) for term in terms):
            return following.start
    return clause.end if document.word(clause.start - 1) == "(" else end


def remnant_told(document: Document, question: list[bool], start: int, end: int) -> int:
    """Where a supposed resection ends and the remnant measured for it is told (若切除，残肝仅22%，不足)."""
    judged = document.first(start, end, "reserve_inadequate", "reserve_adequate")
    operation = {document.word(i) for i in range(start, judged.start if judged else start)} & _OPERATIONS
    if judged is not None and operation and not any(question[judged.start : end]):
        return judged.start  # 要是切，剩下的肝不够用
    remnant = document.first(start, end, "reserve_name")
    if remnant is None:
        return end
    supposed = document.first(start, remnant.end, "surgery", "hepatectomy") is not None
    behind = [document.word(i) for i in range(remnant.end, remnant.end + 8)]
    measured = {"%", "percent", "cent"}.intersection(behind) or ("百", "分") in pairwise(behind)
    return remnant.start if measured and (supposed or remnant.start - start > 1) else end
