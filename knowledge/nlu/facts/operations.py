"""Operations on liver metastases that were performed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.facts.operation_done import REASONS, SURGEONS, TOOK, was_performed
from knowledge.nlu.facts.therapies import still_to_come
from knowledge.nlu.message import REACH, Message
from knowledge.nlu.text import words

_MODALS = frozenset({"can", "could", "be", "to", "will", "should", "would", "may", "might"})
_POSSIBLE = frozenset({"can", "could", "may", "might", "potentially"})
_WERE = frozenset({"were", "was", "have", "has", "had", "been", "both", "all", "already"})
_BRACKET = 12
_ALL = 6
"""The most words that say that all were cut ("all of them were resected", 去年10月都切了)."""
_WHEN_ALL = ("each", "filler", "light", "last_time", "past", "month", "year", "other_noun")
_CUT_BEHIND = 12
_CUT = re.compile(r"[^,，。;；没未不拟想能可要准无否]{0,10}?(?:切过|切完|切掉|切了|切除了|已切|已经切)")
"""That metastases were cut, soon behind their name (肝转移去年11月切过了)."""
_THEY = words("they these all both of them")
_PUT_OFF = re.compile(r"postponed|cancell?ed|calledoff|deferred|putoff|abandoned|推迟|延期|取消|没做成|未能")
_NO_OPERATION = words("treated ablated ablation disappeared vanished 融 处 失")
"""Words for lesions that are gone though nobody cut them (已消融, 消失)."""
_OWNER = 6
"""The most tokens between an operation and the organ it was of (肺转移做过楔形切除, "wedge of a lung met")."""


def performed(message: Message) -> Iterator[Term]:
    """Hepatectomies that were performed."""
    for term in message.document.find("hepatectomy", "liver_resected"):
        if message.context.cue_before(term.start, "negation") is not None or _denied_behind(message, term):
            continue
        if message.context.cue_before(term.start, "plan") is not None or _for_something_else(message, term):
            continue
        if (
            _of_a_remnant(message, term)
            or _would_need(message, term)
            or not_known(message, term)
            or still_to_come(message, term)
            or _postponed(message, term)
        ):
            continue
        if not message.frames.asserted(term.start, term.end) or any(message.frames.other_person[term.start : term.end]):
            continue
        if term.any("liver_resected") or was_performed(message, term):
            yield term
    yield from _lesions_done(message)
    yield from _cut_behind(message)


def _cut_behind(message: Message) -> Iterator[Term]:
    """Metastases of which it is said behind their name that they were cut (肝转移去年切过了, 肝左外叶转移灶已切)."""
    for term in message.document.find("liver_metastasis", "lesion"):
        if not term.any("liver_metastasis") and not _in_liver(message, term):
            continue
        told = "".join(message.document.word(i) for i in range(term.end, term.end + _CUT_BEHIND))
        cut = _CUT.match(told)
        if cut is not None and message.frames.asserted(term.start, term.end):
            yield term
            continue
        after = "".join(message.document.word(i) for i in range(term.end, term.end + 2))
        if after == "术后" and message.frames.asserted(term.start, term.end):
            yield Term(term.start, term.end + 2, term.names)


def _postponed(message: Message, term: Term) -> bool:
    """Whether an operation was put off or called off ("the liver surgery keeps being postponed", 肝切除取消了)."""
    end = min(message.clauses.of(term.start).end, term.end + _CUT_BEHIND)
    return _PUT_OFF.search("".join(message.document.word(i) for i in range(term.end, end))) is not None


def _in_liver(message: Message, lesion: Term) -> bool:
    """Whether a place in the liver stands right before a lesion (肝左外叶转移灶)."""
    place = message.document.term_at(lesion.start - 1)
    return place is not None and place.any("organ.liver", "lobe", "segment")


def _of_a_remnant(message: Message, term: Term) -> bool:
    """Whether it only says what a remnant would be left by ("remnant after right hepatectomy 30 %")."""
    start = message.clauses.of(term.start).start
    behind = "after" in {message.document.word(i) for i in range(max(start, term.start - 4), term.start)}
    would_leave = (
        message.document.word(term.end) == "后" and message.document.word(term.end - 1) != "术"
    )  # 切除后，不是术后
    if (behind or would_leave) and _remnant_behind(message, term):
        return True
    near = max(0, start if behind else term.start - 3)
    if message.document.first(near, term.start, "reserve_name", "reserve_inadequate", "reserve_adequate") is None:
        return False
    return message.document.first(start, term.start, "failure.recurrence") is None


def _remnant_behind(message: Message, term: Term) -> bool:
    """Whether what an operation would leave is judged behind it (肝切除后剩余肝脏不足)."""
    clause = message.clauses.of(term.start)
    judged = ("judged", "reserve_inadequate", "reserve_adequate", "reserve_name")
    there = message.document.first(term.end, min(clause.end, term.end + _ALL), *judged)
    return there is not None and message.document.first(clause.start, clause.end, "failure.recurrence") is None


def _would_need(message: Message, term: Term) -> bool:
    """Whether an operation is only one that would be needed ("the right trisectionectomy she would need")."""
    behind = [message.document.word(i) for i in range(term.end, term.end + 4)]
    return "would" in behind or {"needs", "requires", "needed", "required"} & set(behind[:3]) != set()


def not_known(message: Message, term: Term) -> bool:
    """Whether nobody knows whether it was done ("I don't know whether he had one", 做没做过肝切除不清楚)."""
    behind = message.document.term_at(term.end)
    open_ = behind is not None and behind.any("not_known")
    return open_ or message.context.cue(term.start, term.end, "uncertainty") is not None


def _denied_behind(message: Message, term: Term) -> bool:
    """Whether a list says that there was none (肝切除史：无)."""
    end = term.end + (message.document.word(term.end) == "史")
    return message.document.word(end) == ":" and message.context.cue_after(end, "negation") is not None


def _lesions_done(message: Message) -> Iterator[Term]:
    """Operations on liver metastases or on the liver that were performed."""
    for term in message.document.find("surgery", "removed_part"):
        noun = _resected_lesions(message, term) if _is_operation(message, term) else None
        before = message.document.term_at(term.start - 1)
        denied = before is not None and before.any("any_surgery_none")  # 从未手术切除
        denied = denied or message.context.cue_before(term.start, "negation") is not None
        if noun is None or denied or message.context.cue_before(noun.start, "negation") is not None:
            continue  # "no part of the liver has been resected"
        if _planned(message, noun, term) or _could_be(message, term) or _of_a_remnant(message, term):
            continue
        if (noun.any("lesion") or was_performed(message, term)) and message.frames.asserted(term.start, term.end):
            yield Term(min(noun.start, term.start), max(noun.end, term.end), term.names)


def _could_be(message: Message, operation: Term) -> bool:
    """Whether something only can or might be taken out ("can potentially be removed after shrinkage")."""
    start = max(message.clauses.of(operation.start).start, operation.start - _ALL)
    return any(message.document.word(i) in _POSSIBLE for i in range(start, operation.start))


def _is_operation(message: Message, term: Term) -> bool:
    """Whether lesions were cut, and not ablated or "treated with chemotherapy"."""
    said = {message.document.word(i) for i in range(term.start, term.end)}
    surgically = "treated" in said and message.document.word(term.end) in ("surgically", "operatively")
    return not term.any("local_therapy") and (surgically or not said & _NO_OPERATION)


def _planned(message: Message, noun: Term, operation: Term) -> bool:
    """Whether an operation on the liver is only planned ("拟下周二行肝S6切除术")."""
    start = message.clauses.of(operation.start).start
    ahead = any(t.any("planned") and not t.any("past") for t in message.document.between(start, noun.start))
    return ahead or message.context.cue_before(noun.start, "plan") is not None


def _resected_lesions(message: Message, term: Term) -> Term | None:
    """The liver metastases that a plain word for surgery is done on (肝转移瘤R0切除, "resection of her liver mets")."""
    if "of" in (message.document.word(term.end), message.document.word(term.end - 1)):
        of = message.document.first(term.end, term.end + 5, "liver_metastasis", "primary", "primary_site", "organ")
        if of is None:
            return _metastases_of_the_liver(message, term)
        return of if of.any("liver_metastasis") else None
    before = message.document.term_at(term.start - 1)  # "had his liver tumours taken out"
    passive = message.document.word(term.start - 1) in _WERE or (before is not None and before.any("liver_metastasis"))
    if not passive and (message.document.word(term.start) in TOOK or message.document.word(term.start - 1) in SURGEONS):
        following = message.document.between(term.end, min(message.clauses.of(term.start).end, term.end + 5))
        return next((t for t in following if t.any("liver_metastasis")), None)
    behind = message.document.term_at(term.end)
    if behind is not None and behind.any("liver_metastasis") and message.document.tokens[term.start].chinese:
        return behind
    operated = ("liver_metastasis", "organ.liver", "segment", *(("lobe",) if term.any("surgery") else ()))
    for index in _tokens_before(message, term):
        before = message.document.term_at(index)
        if before is not None and (before.any(*operated) or _all_mets(message, before, term)):
            return before
    return _all_of_them(message, term) or _told_by_pronoun(message, term) or _out_of_the_liver(message, term)


def _told_by_pronoun(message: Message, term: Term) -> Term | None:
    """The liver metastases told before that "they" stands for ("tumours in the liver. They were cut out")."""
    clause = message.clauses.of(term.start)
    said = [message.document.word(i) for i in range(clause.start, term.start)]
    if not said or said[0] not in _THEY | {"and"} or not _THEY & set(said) or not set(said) <= _THEY | _WERE | {"and"}:
        return None
    named = [
        t
        for t in message.document.between(max(0, clause.start - REACH), clause.start)
        if t.any("liver_metastasis", "organ", "primary", "primary_site")
    ]
    return named[-1] if named and named[-1].any("liver_metastasis", "organ.liver") else None


def _out_of_the_liver(message: Message, term: Term) -> Term | None:
    """Metastases that were taken "from her liver"."""
    behind = [message.document.word(i) for i in range(term.end, term.end + 3)]
    start = max(message.clauses.of(term.start).start, term.start - REACH)
    named = [t for t in message.document.between(start, term.start) if t.any("lesion", "organ", "primary")]
    from_liver = behind[:1] == ["from"] and "liver" in behind
    return named[-1] if from_liver and named and named[-1].any("lesion") else None


def _metastases_of_the_liver(message: Message, operation: Term) -> Term | None:
    """The metastases that were taken out where the liver is spoken of ("clear after resection of the metastases")."""
    clause = message.clauses.of(operation.start)
    noun = message.document.first(operation.end, operation.end + 3, "lesion")
    liver = message.document.first(clause.start, operation.start, "organ.liver", "no_residual")
    named = noun is not None and message.document.word(noun.end - 1) in ("metastases", "mets", "metastasis")
    return noun if named and liver is not None else None


def _tokens_before(message: Message, operation: Term) -> Iterator[int]:
    """The last tokens of the clause before an operation; when it was, and that it was all, count not (上个月全部)."""
    floor = max(message.clauses.of(operation.start).start, operation.start - 2 * REACH)
    left = 6
    for index in range(operation.start - 1, floor - 1, -1):
        told = message.document.term_at(index)
        left -= told is None or not told.any("last_time", "each")
        if left < 0:
            return
        yield index


def _all_mets(message: Message, lesions: Term, operation: Term) -> bool:
    """Whether "mets", of no other organ, are said to be all cut ("mets all resected in one go")."""
    plural = lesions.any("lesion") and message.document.word(lesions.end - 1) in ("mets", "metastases")
    owner = message.document.term_at(lesions.start - 1)
    each = message.document.first(lesions.end, operation.start, "each")
    said = {message.document.word(i) for i in range(lesions.end, operation.start)}
    return plural and each is not None and not said & _MODALS and not (owner is not None and owner.any("organ"))


def _all_of_them(message: Message, term: Term) -> Term | None:
    """The metastases named before a clause that only says that all were cut ("4 liver mets, all resected")."""
    clause = message.clauses.of(term.start)
    opening = list(message.document.between(clause.start, term.start))
    index = message.clauses.index(clause.start)
    bracketed = _before_bracket(message, clause.start)
    if bracketed is not None:
        return bracketed if {message.document.word(i) for i in range(clause.start, term.start)} <= _WERE else None
    if not index or not opening or not all(t.any(*_WHEN_ALL) for t in opening):
        return None
    if not any(t.any("each") for t in opening) or term.start - clause.start > _ALL:
        return None
    before = message.clauses.clauses[index - 1]
    named = [t for t in message.document.between(before.start, before.end) if t.any("liver_metastasis")]
    return named[-1] if named else None


def _before_bracket(message: Message, start: int) -> Term | None:
    """The metastases before a bracket that a clause goes on behind ("two liver mets (largest 4 cm) were removed")."""
    if message.document.word(start - 1) != ")":
        return None
    floor = max(0, start - _BRACKET)
    opened = next((i for i in range(start - 2, floor, -1) if message.document.word(i) == "("), None)
    noun = message.document.term_at(opened - 1) if opened is not None else None
    return noun if noun is not None and noun.any("liver_metastasis") else None


def all_cut(message: Message, end: int) -> bool:
    """Whether it is said behind lesions that all of them were cut ("4 liver mets, all resected", 2枚均已切除)."""
    cut = message.document.first(end, end + 3 * _ALL, "removed_part", "surgery")
    noun = _resected_lesions(message, cut) if cut is not None else None
    if cut is None or noun is None or noun.end > end or message.clauses.separated(noun.start, end - 1):
        return False
    each = message.document.first(end, cut.start, "each")
    open_ = any(message.context.cue(cut.start, cut.end, kind) for kind in ("plan", "negation", "uncertainty"))
    return each is not None and not open_ and (cut.any("removed_part") or was_performed(message, cut))


def _for_something_else(message: Message, term: Term) -> bool:
    """Whether it was of another organ, or a hepatectomy for something benign ("hepatectomy for an adenoma")."""
    if _of_another_organ(message, term):
        return True
    if message.document.word(term.end) != "for":
        return False
    reasons = message.document.between(term.end, term.end + 4)
    return any(t.any("other_lesion") for t in reasons)


def _of_another_organ(message: Message, term: Term) -> bool:
    """Whether the organ right before or behind an operation is not the liver (肺转移做过楔形切除)."""
    owner = None
    if message.document.word(term.end) in REASONS:
        owner = message.document.first(term.end, term.end + _OWNER, "organ", "liver_metastasis")
    if owner is None:
        start = max(message.clauses.of(term.start).start, term.start - _OWNER)
        passed = ("done", "filler", "metastasis", "lesion", "light", "past")
        owner = message.document.last(start, term.start, but=passed)
    return owner is not None and owner.any("organ.lung", "organ.other")
