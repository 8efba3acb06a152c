"""ctDNA after pre-operative chemotherapy."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.models.understanding import FactMention
from knowledge.nlu.clauses import SENTENCE
from knowledge.nlu.document import Term
from knowledge.nlu.facts.ctdna_in_time import by_time, nothing_left
from knowledge.nlu.facts.therapies import planned, still_to_come
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.text import words

_SOON = 5
"""The most tokens between ctDNA and its result, or from the end of a sentence to where the next one goes on."""

_BEFORE = words("前 chemo chemotherapy baseline 线 diagnosis treatment pretreatment")
"""The last words of what says that a sample is one from before chemotherapy."""
_AT = words("在 at before")
_UPON = words("after post following once completion completing end")
_OPERATIVE = words("op operative operation surgery hepatectomy")


def read(message: Message) -> Iterator[Found | None]:
    """What is said of ctDNA."""
    for term in message.document.find("ctdna"):
        found, settled = by_time(message, term)
        yield found if settled else _ctdna(message, term)


def result(message: Message) -> FactMention | None:
    """The result of a ctDNA that was told of before, so that the chemotherapy before it is understood."""
    for term in message.document.find("ctdna"):
        others = ("hepatectomy", "liver_resected", "surgery", "adjuvant", "before")
        if any(message.document.find(*others)) or message.context.cue(term.start, term.end, "plan") is not None:
            return None
        found = _result(message, term, term, message.clauses.sentence_end(term.start), whole=False)
        if found is not None and found.mention.asserted:
            return found.mention
    return None


def _ctdna(message: Message, term: Term) -> Found | None:
    """ctDNA after pre-operative chemotherapy; before it, or after surgery, it is another matter."""
    document, clauses = message.document, message.clauses
    cue = message.context.cue(term.start, term.end, "untested")
    if cue is not None:
        return message.found("ctdna_after_chemotherapy", *message.cover(term, cue), status="unknown")
    if _sampled_before(message, term):
        return _later_sample(message, term)
    start = _start(message, term)
    end = min(clauses.sentence_end(term.start), term.end + REACH)
    chemotherapy: Term | None = None
    for other in document.between(start, end):
        done = other.any("adjuvant", "hepatectomy", "liver_resected") and not still_to_come(message, other)
        if other.end <= term.start and done and not _named_as_preoperative(message, term):
            return None
        if other.any("chemotherapy") and not planned(message, other) and _after(message, other, term):
            chemotherapy = other
    if chemotherapy is None:
        return None
    pending = message.context.cue_after(chemotherapy.end, "untested")
    if pending is not None and chemotherapy.start > term.start:
        return message.found("ctdna_after_chemotherapy", *message.cover(term, pending), status="unknown")
    told = term.end
    if document.word(told) == "(":
        told = next((i for i in range(told, min(end, told + REACH)) if document.word(i) == ")"), told)
    return _result(message, term, chemotherapy, min(end, told + 10), whole=start < clauses.sentence_start(term.start))


def _named_as_preoperative(message: Message, term: Term) -> bool:
    """Whether the chemotherapy before an operation stands right behind the ctDNA (ctDNA在术前化疗后是阴性的)."""
    therapy = message.document.term_at(term.end + (message.document.word(term.end) in _AT))
    if therapy is None or not therapy.any("chemotherapy"):
        return False
    said = "".join(message.document.word(i) for i in range(therapy.start, therapy.end))
    return said.startswith(("术前", "新辅助", "preop", "neoadj"))


def _result(message: Message, term: Term, chemotherapy: Term, end: int, *, whole: bool) -> Found | None:
    """Whether it was found; `whole` says that the chemotherapy may stand in the line before."""
    for other in message.document.between(term.end, end):
        kind = other.kind("quality")
        if kind not in ("positive", "negative"):
            if other.any("lab", "gene"):
                return None
            continue
        if message.document.word(other.end)[:1].isdecimal() or _hyphen(message, other):
            continue  # the hyphen of a date, or of "pre-operative"
        following = message.document.term_at(other.end)
        if _of_before(message, other):
            continue
        if other.any("not") and following is not None and following.any("quality"):
            continue  # 没有转阴: what is denied follows
        denial = message.context.cue_before(other.start, "negation") or nothing_left(message, term, other, kind)
        value = _value(kind, denied=denial is not None)
        span = (min(term.start, chemotherapy.start), max(other.end, chemotherapy.end))
        if message.clauses.separated(span[0], span[1] - 1, SENTENCE):
            if not whole:
                continue
            span = (term.start, other.end)
        return message.found("ctdna_after_chemotherapy", *span, value=value, rank=1)
    before = message.document.term_at(term.start - 1)  # "positive ctDNA again after the four cycles"
    kind = before.kind("quality") if before is not None else None
    told = before is not None and not before.any("not") and message.frames.asserted(before.start, term.end)
    if before is None or kind not in ("positive", "negative") or not told:
        return None
    value = _value(kind, denied=message.context.cue_before(before.start, "negation") is not None)
    return message.found("ctdna_after_chemotherapy", *message.cover(before, chemotherapy), value=value, rank=1)


def _of_before(message: Message, result: Term) -> bool:
    """Whether a result is said to be one from before ("positive at baseline", ctDNA阳性那次是化疗前抽的)."""
    following = message.document.term_at(result.end)
    if following is not None and message.document.word(following.end - 1) in ("baseline", "线", "diagnosis"):
        return True
    behind = message.document.between(result.end, message.clauses.of(result.start).end)
    return any(t.any("before") and not _preoperative(message, t) for t in behind)


def _preoperative(message: Message, before: Term) -> bool:
    """Whether "pre" only makes the name of the chemotherapy before an operation ("four pre-operative cycles")."""
    following = {message.document.word(i) for i in range(before.end, before.end + 2)}
    return message.document.word(before.start) == "pre" and not following.isdisjoint(_OPERATIVE)


def _hyphen(message: Message, sign: Term) -> bool:
    """Whether a minus sign joins two words ("pre-operative")."""
    if message.document.word(sign.start) != "-" or sign.end >= len(message.document.tokens):
        return False
    following = message.document.tokens[sign.end]
    return following.latin and not following.spaced and not message.document.tokens[sign.start].spaced


def _value(kind: str, *, denied: bool) -> str:
    return "negative" if (kind == "negative") != denied else "positive"


def _start(message: Message, term: Term) -> int:
    """Where what bears on the ctDNA begins: its sentence, or the line before in a report that says what was sampled."""
    clauses = message.clauses
    start = clauses.sentence_start(term.start)
    if start == term.start and start > 1 and message.document.word(term.end) == ":":
        start = clauses.sentence_start(start - 2)
    return max(start, term.start - REACH)


def _sampled_before(message: Message, term: Term) -> bool:
    """Whether the ctDNA is said to be one from before chemotherapy (化疗前ctDNA, "ctDNA positive at baseline")."""
    document = message.document
    beside = [document.term_at(term.start - 1), document.term_at(term.end + (document.word(term.end) in _AT))]
    result = next((t for t in document.between(term.end, term.end + _SOON) if t.any("quality")), None)
    if result is not None:
        behind = document.term_at(result.end)
        beside.append(document.term_at(result.end + (document.word(result.end) == "at")) if behind is None else behind)
    return any(
        t is not None and t.any("past") and document.word(t.end - 1) in _BEFORE and not _before_operation(message, term)
        for t in beside
    )


def _before_operation(message: Message, term: Term) -> bool:
    """Whether the ctDNA is one before an operation, which may be one after chemotherapy ("pre-op ctDNA")."""
    before = message.document.term_at(term.start - 1)
    if before is None:
        return False
    said = {message.document.word(i) for i in range(before.start, before.end)}
    return still_to_come(message, before) or not said.isdisjoint(_OPERATIVE)


def _later_sample(message: Message, term: Term) -> Found | None:
    """The sample after chemotherapy, told behind one from before it (化疗前ctDNA阳性，化疗后转阴)."""
    document = message.document
    end = message.clauses.sentence_end(message.clauses.sentence_end(term.start) - 1)
    for after in document.between(term.end, min(len(document.tokens), end + _SOON, term.end + REACH)):
        if not after.any("after") or document.word(after.start) == "术":
            continue
        clause = message.clauses.of(after.start)
        if any(t.any("hepatectomy", "surgery", "adjuvant") for t in document.between(clause.start, clause.end)):
            return None
        pending = document.first(after.end, clause.end, "untested")
        if pending is not None:
            return message.found("ctdna_after_chemotherapy", *message.cover(after, pending), status="unknown")
        for result in document.between(max(clause.start, after.start - 2), clause.end):
            kind = result.kind("quality")
            if kind in ("positive", "negative") and message.context.cue(result.start, result.end, "untested") is None:
                value = _value(kind, denied=message.context.cue_before(result.start, "negation") is not None)
                return message.found("ctdna_after_chemotherapy", *message.cover(after, result), value=value, rank=1)
    return None


def _after(message: Message, chemotherapy: Term, term: Term) -> bool:
    """Whether a chemotherapy is named as what the ctDNA comes after."""
    document = message.document
    if document.word(term.start - 1) in ("线", "baseline", "pretreatment"):
        return False  # 基线ctDNA
    near = [document.word(i) for i in range(chemotherapy.end, min(len(document.tokens), chemotherapy.end + 4))]
    if "后" in near and "前" not in near[:2]:
        return True
    before = [document.word(i) for i in range(max(0, chemotherapy.start - 4), chemotherapy.start)]
    if {"op", "operative"} & set(before):  # "after the pre-op FOLFOX"
        earlier = [document.word(i) for i in range(max(0, chemotherapy.start - 7), chemotherapy.start)]
        before = [word for word in earlier if word != "pre"]
    around = [document.word(i) for i in range(max(0, term.start - 3), term.start)]
    if _before_operation(message, term):
        around = []  # "pre-hepatectomy ctDNA after 4 cycles"
    if "post" in before:
        return True
    if "前" in near[:2] or {"before", "prior", "pre", "baseline", "基"} & {*before, *around}:
        return False
    denied = message.context.cue_before(chemotherapy.start, "negation")
    return denied is None and (chemotherapy.start < term.start or not _UPON.isdisjoint(before))
