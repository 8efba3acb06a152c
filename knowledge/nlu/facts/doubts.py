"""What leaves a finding open: words of doubt, judges who do not agree, or a part of the lesions."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.lexicon import Finding
from knowledge.nlu.message import Message
from knowledge.nlu.quantifiers import of_a_part

ABOUT_LESIONS = frozenset({"resectability"})
JUDGEMENT = 18
"""The most tokens between what is judged and what is thought of it (残肝算下来22%，外科觉得不够)."""


def doubt_of(message: Message, term: Term, finding: Finding) -> Term | None:
    """The words that put a finding in doubt, leave it open, or say it of some lesions only."""
    doubt = message.context.cue(term.start, term.end, "uncertainty") or undecided(message, term, finding)
    doubt = doubt or _hardly(message, term)
    doubt = doubt or _risk_open(message, term, finding)
    if doubt is None and finding.fact in ABOUT_LESIONS:
        return of_a_part(message.document, message.clauses, term.start)
    return doubt


def _hardly(message: Message, term: Term) -> Term | None:
    """The 不大可 or 不太可 before a finding that begins with 能 (不大可能耐受手术)."""
    before = [message.document.word(i) for i in range(term.start - 3, term.start + 1)]
    hardly = before in (["不", "大", "可", "能"], ["不", "太", "可", "能"])
    return Term(term.start - 3, term.start, frozenset()) if hardly else None


def undecided(message: Message, term: Term, finding: Finding) -> Term | None:
    """The words by which those who judge the lesions do not agree (外科觉得能切，内科觉得不能，没有结论)."""
    if finding.fact not in ABOUT_LESIONS:
        return None
    sentence = message.clauses.sentence_end(term.start)
    named = message.document.first(term.end, min(sentence, term.end + 2 * JUDGEMENT), "resectability_name")
    end = min(sentence, (named.end if named is not None else term.end) + JUDGEMENT)
    open_ = message.document.first(term.end, end, "undecided")
    if open_ is None or message.document.first(term.end, open_.start, "gene", "lab", "ctdna") is not None:
        return None
    start = message.clauses.sentence_start(term.start)
    judged = [t for t in message.document.between(start, open_.start) if t.any("resectable", "unresectable")]
    return open_ if len(judged) < 2 else None  # two views are a conflict


def _risk_open(message: Message, term: Term, finding: Finding) -> Term | None:
    """The words by which the risk is left open behind what points to it (估计扛不住手术，麻醉科没会诊，风险不好说)."""
    if finding.fact != "surgical_risk":
        return None
    end = min(message.clauses.sentence_end(term.start), term.end + JUDGEMENT)
    for open_ in message.document.between(term.end, end):
        of_risk = message.document.word(open_.start - 1) in ("险", "risk")
        if of_risk and open_.any("maybe_after", "untested", "undecided"):
            return open_
    return None
