"""Therapy that was not given yet."""

from __future__ import annotations

import re

from knowledge.nlu.document import Term
from knowledge.nlu.facts.therapies import THERAPY, denied, doubted
from knowledge.nlu.message import Found, Message
from knowledge.nlu.text import words

_SEVERAL = 2
_SINGLE = words("没 未")
"""Negations that belong to the word before (没切过也没化过): nothing is denied twice with them."""
_SAID_BEHIND = 16
_NEVER_ANY = re.compile(r"\b(never|not|hasn't|haven't|yet to) (had|have|has|received|been given|get|got) any$")
_ONES = words("one ones")
_LEFT = words("left remaining were was still")
_OF_A_TEST = words("negative neg 阴")
"""Words that deny a finding of a test, not a therapy."""


def never(message: Message, term: Term) -> Found | None:
    denial = denied(message, term)
    if denial is not None and message.document.word(denial.end - 1) not in _SINGLE:
        return None
    if doubted(message, term) or _of_lesions(message, term):
        return None
    return message.found("chemotherapy_status", term.start, term.end, value="none")


def _of_lesions(message: Message, term: Term) -> bool:
    """Whether lesions were left untreated, not the patient ("two untreated ones", "the one left untreated")."""
    following = message.document.term_at(term.end)
    noun = following is not None and following.any("lesion", "liver_metastasis")
    return noun or message.document.word(term.end) in _ONES or message.document.word(term.start - 1) in _LEFT


def no_chemotherapy(message: Message, term: Term) -> Found | None:
    """No systemic therapy so far: 未化疗, "no chemo yet", 化疗：无."""
    if term.any("adjuvant", "maintenance_now"):
        return None
    never_any = _never_had_any(message, term)
    if never_any is not None:
        return message.found("chemotherapy_status", term.start, never_any, value="none")
    word = message.document.word(term.start)
    if (
        message.document.tokens[term.start].latin is False
        and word in ("周", "疗", "方", "个")
        and term.end - term.start <= 3
    ):
        return None
    denial = denied(message, term)
    if denial is not None and _not_ability(denial) and _close(message, denial.end, term.start):
        if _result_follows(message, term) or not term.any("whole_therapy"):
            return None
        return message.found("chemotherapy_status", *message.cover(term, denial), value="none")
    after = message.context.cue_after(term.end, "negation")
    if after is not None and message.document.word(after.start) in _OF_A_TEST:
        return None  # "ctDNA after the chemo is negative"
    still = after is not None and message.document.word(after.start) in ("还", "尚")  # 术前化疗还没做
    if after is not None and (still or term.any("whole_therapy")) and not _result_follows(message, term):
        return message.found("chemotherapy_status", *message.cover(term, after), value="none")
    return None


def _never_had_any(message: Message, term: Term) -> int | None:
    """Where it ends that of a therapy named before none was given ("no line has failed, she has never had any")."""
    if not term.any("whole_therapy"):
        return None
    end = min(message.clauses.sentence_end(term.start), term.end + _SAID_BEHIND)
    said = " ".join(message.document.word(i) for i in range(term.end, end))
    found = _NEVER_ANY.search(said)
    return None if found is None else term.end + len(said[: found.end()].split())


def _close(message: Message, start: int, end: int) -> bool:
    """Whether nothing but words of no weight stands between a negation and what it denies."""
    index = start
    while index < end:
        term = message.document.term_at(index)
        if message.document.word(index) in (",", "，"):
            index += 1  # a comma of a list: any other ends what a negation reaches
            continue
        if term is None or message.document.word(index) in ("on", "under", "during", "following", "post", "with", "to"):
            return False
        if not term.any("light", "done", "filler", "enumerator", *THERAPY):
            return False
        index = term.end
    return True


def _not_ability(denial: Term) -> bool:
    """Whether a negation denies the deed, not the ability or the wish (不能化疗, "cannot have chemo")."""
    return not denial.any("inability", "refusal")


def _result_follows(message: Message, term: Term) -> bool:
    clause = message.clauses.of(term.start)
    return any(
        other.any("failure", "response", "progression_pseudo")
        for other in message.document.between(term.end, min(clause.end, term.end + 4))
    )


def no_kind_of_local(message: Message) -> Found | None:
    """Several kinds of local therapy, all of them denied ("no ablation, no embolisation")."""
    named = [t for t in message.document.find("local_therapy") if message.frames.asserted(t.start, t.end)]
    denials = [d for t in named if (d := message.context.negated(t.start, t.end)) is not None and _not_ability(d)]
    kinds = {"".join(message.document.word(i) for i in range(t.start, t.end)) for t in named}
    if len(kinds) < _SEVERAL or len(denials) < len(named):
        return None
    return message.found("local_therapy_failed", *message.cover(named[0], named[-1]), value=False)


def no_local(message: Message, term: Term) -> Found | None:
    """No local therapy so far, so none has failed."""
    clause = message.clauses.of(term.start)
    if any(
        other.any("failure", "response", "residual") for other in message.document.between(clause.start, clause.end)
    ):
        return None
    denial = denied(message, term)
    if denial is None or not _not_ability(denial):
        denial = message.context.cue_after(term.end, "negation")
    if denial is None:
        return None
    return message.found("local_therapy_failed", *message.cover(term, denial), value=False)
