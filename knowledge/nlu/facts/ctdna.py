"""ctDNA after pre-operative chemotherapy."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.clauses import SENTENCE
from knowledge.nlu.document import Term
from knowledge.nlu.facts.therapies import planned
from knowledge.nlu.message import REACH, Found, Message


def read(message: Message) -> Iterator[Found | None]:
    """What is said of ctDNA."""
    for term in message.document.find("ctdna"):
        yield _ctdna(message, term)


def _ctdna(message: Message, term: Term) -> Found | None:
    """ctDNA after pre-operative chemotherapy; before it, or after surgery, it is another matter."""
    document, clauses = message.document, message.clauses
    cue = message.context.cue(term.start, term.end, "untested")
    if cue is not None:
        return message.found("ctdna_after_chemotherapy", *message.cover(term, cue), status="unknown")
    start = max(clauses.sentence_start(term.start), term.start - REACH)
    end = min(clauses.sentence_end(term.start), term.end + REACH)
    chemotherapy: Term | None = None
    for other in document.between(start, end):
        if other.end <= term.start and other.any("adjuvant", "hepatectomy", "liver_resected"):
            return None
        if other.any("chemotherapy") and not planned(message, other) and _after(message, other, term):
            chemotherapy = other
    if chemotherapy is None:
        return None
    for other in document.between(term.end, min(end, term.end + 10)):
        kind = other.kind("quality")
        if kind not in ("positive", "negative"):
            if other.any("lab", "gene"):
                return None
            continue
        denial = message.context.cue_before(other.start, "negation") if kind == "positive" else None
        value = "negative" if kind == "negative" or denial is not None else "positive"
        span = (min(term.start, chemotherapy.start), max(other.end, chemotherapy.end))
        if not clauses.separated(span[0], span[1] - 1, SENTENCE):
            return message.found("ctdna_after_chemotherapy", *span, value=value, rank=1)
    return None


def _after(message: Message, chemotherapy: Term, term: Term) -> bool:
    """Whether a chemotherapy is named as what the ctDNA comes after."""
    document = message.document
    near = [document.word(i) for i in range(chemotherapy.end, min(len(document.tokens), chemotherapy.end + 4))]
    if "后" in near:
        return True
    before = [document.word(i) for i in range(max(0, chemotherapy.start - 4), chemotherapy.start)]
    around = [document.word(i) for i in range(max(0, term.start - 3), term.start)]
    if near[:1] == ["前"] or {"before", "prior", "pre", "baseline", "基"} & {*before, *around}:
        return False
    denied = message.context.cue_before(chemotherapy.start, "negation")
    return denied is None and (chemotherapy.start < term.start or bool({"after", "post", "following"} & set(before)))
