"""Results of ctDNA by the times they are told of: before, during or after pre-operative chemotherapy."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.nlu.document import Term
from knowledge.nlu.facts.therapies import planned
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.text import words

_FACT = "ctdna_after_chemotherapy"
_AFTER = words("after post following once completing completion end finishing finished upon")
_OVER = words("over completed complete finished ended done through behind 后 完 毕 结")
_DURING = words("mid during halfway 中 途 期")
_FOLLOWING = words("afterwards afterward subsequent subsequently thereafter since then following after 后")
_AFTERWARDS = words("afterwards afterward thereafter 之 此")
_OF_BEFORE = words(
    "before pre prior baseline diagnosis presentation treatment chemo chemotherapy pretreatment 线 前 时 诊 病"
)
"""The last words of what says that a sample is one from before chemotherapy."""
_PRE = words("pre preop preoperative before prior neoadjuvant presurgical")
_LINKS = words("at after once now when before following on post since upon in")
"""Words by which a time is joined to the result before it ("positive at baseline")."""
_CLEAR = words("clear free cleared")
"""The first words of what says that there is none ("clear of tumour DNA")."""
_NEAR = 6
"""The most tokens between a chemotherapy and the word that says that it is over."""
_LINKED = 10
"""The most tokens between a result and the time that is joined to it."""


@dataclass(frozen=True)
class _Time:
    """A time that is named: `after` chemotherapy or not, and its tokens."""

    after: bool
    start: int
    end: int


def by_time(message: Message, term: Term) -> tuple[Found | None, bool]:
    """The one result that is told of the time after pre-operative chemotherapy, and whether the times settle it.

    Args:
        message: the message.
        term: the name of the test.
    """
    start = max(message.clauses.sentence_start(term.start), term.start - REACH)
    end = min(message.clauses.sentence_end(term.start), term.end + REACH)
    if message.document.word(end) == ";" and end + 1 < len(message.document.tokens):
        end = min(message.clauses.sentence_end(end + 1), term.end + REACH)
    times = list(_times(message, start, end))
    results = [t for t in message.document.between(start, end) if _is_result(message, t, term)]
    told: list[tuple[Term, str]] = []
    opened = _before_sentence(message, start, term)
    for index, result in enumerate(results):
        following = results[index + 1].start if index + 1 < len(results) else end
        joint = term.end if result.end == term.start else result.end  # "positive ctDNA after chemotherapy"
        joint += message.document.word(joint) == ")"
        if _said_after(message, result, joint, times, min(following, joint + _LINKED), opened):
            told.append((result, _value(message, term, result)))
    if len({value for _, value in told}) > 1 and message.document.first(
        told[0][0].end, told[-1][0].start, "correction"
    ):
        told = told[-1:]
    if len({value for _, value in told}) == 1:
        result, value = told[0]
        span = message.cover(term, result)
        if message.frames.asserted(*span):
            return message.found(_FACT, *span, value=value, rank=1), True
    pending = next((p for t in times if t.after and (p := message.document.first(t.end, end, "untested"))), None)
    if results and not told and pending is not None:
        return message.found(_FACT, *message.cover(term, pending), status="unknown", rank=1), True
    return None, False


def _times(message: Message, start: int, end: int) -> list[_Time]:
    """The times that are named between two tokens, in order."""
    found: list[_Time] = []
    treated = False
    for term in message.document.between(start, end):
        before = term.any("past", "before", "first_diagnosis") and message.document.word(term.end - 1) in _OF_BEFORE
        operation = term.any("hepatectomy", "surgery", "adjuvant") and not _ahead(message, term)
        treated = treated or term.any("chemotherapy")
        if term.any("chemotherapy") and not planned(message, term):
            found.append(_of_chemotherapy(message, term))
        elif before or operation:
            found.append(_Time(False, term.start, term.end))
        elif treated and term.any("after") and message.document.word(term.start) in _AFTERWARDS:
            found.append(_Time(True, term.start, term.end))  # "before the chemotherapy positive, afterwards negative"
    return found


def _of_chemotherapy(message: Message, term: Term) -> _Time:
    """The time that a chemotherapy is named for: that after it, or another."""
    word = message.document.word
    clause = message.clauses.of(term.start)
    before = [word(i) for i in range(max(clause.start, term.start - _NEAR), term.start)]
    behind = [word(i) for i in range(term.end, min(clause.end, term.end + _NEAR))]
    during = not _DURING.isdisjoint(behind[:2]) or (before[-1:] != [] and before[-1] in _DURING)
    ahead = behind[:1] == ["前"] or bool({"before", "prior"} & set(before) and not _AFTER & set(before))
    over = not _AFTER.isdisjoint(before) or not _OVER.isdisjoint(behind)
    return _Time(over and not during and not ahead, term.start, term.end)


def _ahead(message: Message, operation: Term) -> bool:
    """Whether an operation is only named as what comes later ("the chemo before surgery", "pre-op")."""
    before = {message.document.word(i) for i in range(max(0, operation.start - 3), operation.start)}
    return not _PRE.isdisjoint(before) or planned(message, operation)


def _is_result(message: Message, term: Term, sample: Term) -> bool:
    """Whether a term is a result of the test: not a hyphen, a denial or what is said of a gene."""
    if term.end == sample.start and message.document.word(term.start) in _CLEAR:
        return True
    if term.kind("quality") not in ("positive", "negative") or (term.any("not") and not term.any("quality.positive")):
        return False
    if message.document.word(term.start) in ("-", "+"):
        return False
    beside = message.document.between(max(sample.end, term.start - REACH), term.start)
    return not any(t.any("gene", "lab") for t in beside)


def _said_after(message: Message, result: Term, joint: int, times: list[_Time], end: int, opened: bool) -> bool:
    """Whether a result is told of the time after chemotherapy: the time joined to it before `end`, or the last one."""
    linked = next((time for time in times if joint <= time.start < end), None)
    if linked is not None and message.document.word(joint) in _LINKS:
        return linked.after
    before = [time for time in times if time.end <= result.start]
    return before[-1].after if before else opened


def _before_sentence(message: Message, start: int, sample: Term) -> bool:
    """Whether the sentence before tells of pre-operative chemotherapy that is over, and the test is one since then."""
    if start < 2:
        return False
    said = {message.document.word(i) for i in range(start, min(sample.end + _NEAR, len(message.document.tokens)))}
    if _FOLLOWING.isdisjoint(said):
        return False
    before = list(message.document.between(message.clauses.sentence_start(start - 2), start - 1))
    given = [t for t in before if t.any("chemotherapy") and not planned(message, t)]
    operated = any(t.any("hepatectomy", "adjuvant", "liver_resected") and not _ahead(message, t) for t in before)
    return bool(given) and not operated and message.context.negated(given[-1].start, given[-1].end) is None


def nothing_left(message: Message, sample: Term, result: Term, kind: str) -> Term | None:
    """The word by which nothing is found, farther from the result (无残留检出, "no residual ctDNA detected")."""
    if kind != "positive":
        return None
    before = message.document.term_at(sample.start - 1)
    if before is not None and before.any("no_residual", "not"):
        return before
    between = message.document.between(sample.end, result.start)
    return next((t for t in between if t.any("no_residual", "not") and not t.any("turn")), None)


def _value(message: Message, sample: Term, result: Term) -> str:
    if message.document.word(result.start) in _CLEAR:
        return "negative"
    denied = message.context.cue_before(result.start, "negation") is not None
    denied = denied or nothing_left(message, sample, result, result.kind("quality") or "") is not None
    return "negative" if result.any("quality.negative") != denied else "positive"
