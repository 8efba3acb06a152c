"""Whether the patient can bear an operation: what surgeons, anaesthetists and the patient say of it."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.text import words

_SHORT_CLAUSE = 6
"""The most tokens of a clause about the patient before the word that ends it."""
_FOR_IT = (["for", "it"], ["for", "this"], ["for", "that"])
"""The operation that was told before ("and she is fit for it")."""
_BEING = words("is remains otherwise medically generally")
_RISK_BEHIND = 9
_RISK_BEFORE = 7
_OF_AN_OPERATION = words(
    "of for from after the a an any complications complication death mortality morbidity liver major"
)
"""What the risk of an operation may be called (not that of a recurrence after it)."""
_SPEAKERS = ("surgeons", "anaesthesia")
_SUBJECTS = (
    "organ.liver",
    "reserve_name",
    "reserve_adequate",
    "patient_again",
    "organ.lung",
    "organ.other",
    *_SPEAKERS,
)
"""What can bear an operation, or say so."""
_TOLD_BEHIND = 18
"""The most tokens between an operation and what is said of tolerance (麻醉科评估倒是能耐受)."""


def read(message: Message) -> Iterator[Found | None]:
    """What is said of the surgical risk, and of operability, beside an operation or an anaesthetic."""
    for term in message.document.terms:
        if term.any("anaesthesia"):
            yield _refused(message, term)
        if term.any("surgery", "hepatectomy", "anaesthesia"):
            yield _tolerated(message, term)
            yield _tolerance_told(message, term)
            yield _risk_of(message, term)
            yield _judged_for(message, term)
        if term.any("risky"):
            yield _anaesthetist_warns(message, term)
        if term.any("operation_possible", "operation_impossible"):
            yield _operable(message, term)
        if term.any("fit_alone") and _of_the_patient(message, term):
            yield message.found("surgical_risk", term.start, term.end, value="acceptable")


def _of_the_patient(message: Message, term: Term) -> bool:
    """Whether a word such as "fit" is a clause of its own or ends a short one of the patient ("she's 71 and fit")."""
    clause = message.clauses.of(term.start)
    said = [message.document.word(i) for i in range(term.end, clause.end)]
    if said in _FOR_IT:
        owner = message.document.term_at(term.start - 2)
        return message.document.word(term.start - 1) in _BEING and owner is not None and owner.any("patient_again")
    if said:
        return False
    if clause.start == term.start or (clause.start == term.start - 1 and message.document.word(clause.start) in _BEING):
        return True
    first = message.document.term_at(clause.start)
    if message.document.word(term.start - 1) == ":":
        return first is not None and first.any("anaesthesia", "surgical_risk_name")  # "anaesthetic review: fit"
    about = first is not None and first.any("patient_again") and term.start - clause.start <= _SHORT_CLAUSE
    return about and all(message.context.cue_before(term.start, kind) is None for kind in ("negation", "uncertainty"))


def _operable(message: Message, term: Term) -> Found | None:
    """Whether an operation can be done: surgeons say so of the liver, anaesthetists of the patient."""
    able = term.any("operation_possible") and message.context.cue_before(term.start, "negation") is None
    start = message.clauses.sentence_start(term.start)
    speakers = [t for t in message.document.between(max(start, term.start - REACH), term.start) if t.any(*_SPEAKERS)]
    if not speakers or message.context.cue(term.start, term.end, "uncertainty") is not None:
        return None
    if speakers[-1].any("surgeons"):
        value = "resectable" if able else "unresectable"
        return message.found("resectability", term.start, term.end, value=value)
    return message.found("surgical_risk", term.start, term.end, value="acceptable" if able else "high")


def _refused(message: Message, term: Term) -> Found | None:
    """A general anaesthetic that the patient refuses."""
    clause = message.clauses.of(term.start)
    for other in message.document.between(clause.start, clause.end):
        if other.any("refusal"):
            return message.found("surgical_risk", *message.cover(other, term), value="high")
    return None


def _tolerated(message: Message, term: Term) -> Found | None:
    """Whether the patient can bear an operation or an anaesthetic (耐受不了开刀, "would not survive surgery")."""
    document = message.document
    for index in range(term.start - 1, max(-1, term.start - 6), -1):
        other = document.term_at(index)
        if other is not None and other.any("tolerance"):
            if _of_the_liver(message, other):
                return None
            cannot = [i for i in range(other.end, term.start) if document.word(i) == "不"]
            denial = message.context.cue_before(other.start, "negation")
            able = any(
                document.word(i) in ("可", "能", "can", "will", "could", "should", "to", "would")
                for i in range(max(0, other.start - 3), other.start)
            )
            if document.word(other.start) in ("undergo", "stand") and denial is None:
                return None
            if (
                denial is None
                and not cannot
                and not able
                and document.tokens[other.start].latin
                and document.word(other.start) != "tolerates"
            ):
                return None
            if message.context.cue(other.start, term.end, "uncertainty") is not None:
                return message.found("surgical_risk", other.start, term.end, status="unknown")
            span = message.cover(other, term, denial)
            return message.found("surgical_risk", *span, value="high" if denial is not None or cannot else "acceptable")
        if message.clauses.before[index + 1] > 0:
            return None
    return None


def _of_the_liver(message: Message, tolerance: Term) -> bool:
    """Whether it is the liver that bears an operation (肝功能良好，足以耐受半肝切除), not the patient."""
    document = message.document
    clause = message.clauses.of(tolerance.start)
    named = [t for t in document.between(clause.start, tolerance.start) if t.any(*_SUBJECTS)]
    if named:
        return named[0].any("organ.liver", "reserve_name", "reserve_adequate")
    index = message.clauses.index(clause.start)
    if not index or document.word(clause.start) not in ("足", "enough", "sufficient"):
        return False
    before = message.clauses.clauses[index - 1]
    return document.first(before.start, before.end, "reserve_name", "reserve_adequate", "organ.liver") is not None


def _judged_for(message: Message, operation: Term) -> Found | None:
    """What the patient is said to be for an operation ("fit for a major hepatectomy", "too frail for surgery")."""
    for term in message.document.between(max(0, operation.start - 7), operation.start):
        gap = [message.document.word(i) for i in range(term.end, operation.start)]
        between = message.document.between(term.end, operation.start)
        if (
            not term.any("fit_alone", "risky", "suited")
            or "for" not in gap[:2]
            or message.clauses.separated(term.start, operation.start)
            or any(not t.any("filler", "gene_filler", "light", "present_words") for t in between)
        ):
            continue
        if message.context.cue(term.start, operation.end, "uncertainty") is not None:
            return message.found("surgical_risk", term.start, operation.end, status="unknown")
        denial = message.context.cue_before(term.start, "negation")
        fit = term.any("fit_alone", "suited") != (denial is not None)
        return message.found(
            "surgical_risk", *message.cover(term, operation, denial), value="acceptable" if fit else "high"
        )
    return None


def _tolerance_told(message: Message, term: Term) -> Found | None:
    """What is said of tolerance behind an operation or an anaesthetist (麻醉科评估倒是能耐受)."""
    clause = message.clauses.of(term.start)
    for other in message.document.between(term.end, min(clause.end, term.end + _TOLD_BEHIND)):
        if other.any("surgery", "hepatectomy", "anaesthesia", "chemotherapy"):
            return None
        if other.any("tolerance") and clause.end - other.end <= 2:
            cannot = any(message.document.word(i) == "不" for i in range(other.end, clause.end))
            denial = message.context.cue_before(other.start, "negation")
            if message.context.cue(other.start, other.end, "uncertainty") is not None:
                return None
            value = "high" if cannot or denial is not None else "acceptable"
            return message.found("surgical_risk", term.start, clause.end, value=value)
    return None


def _risk_of(message: Message, term: Term) -> Found | None:
    """How risky an operation or an anaesthetic is said to be (全麻插管风险极大)."""
    clause = message.clauses.of(term.start)
    end = min(clause.end, term.end + _RISK_BEHIND)
    before = [message.document.word(i) for i in range(max(clause.start, term.start - _RISK_BEFORE), term.start)]
    named = any(
        message.document.word(i) in ("险", "risk", "risks")
        for i in range(term.end, min(end, len(message.document.tokens)))
    )
    led = "risk" in before and set(before[before.index("risk") + 1 :]) <= _OF_AN_OPERATION
    named = named or led
    degree = next((t for t in message.document.between(term.end, end) if t.any("risk_degree", "risky")), None)
    if led and degree is None:
        return _risk_before(message, term, term.start - len(before))
    named = named or (degree is not None and degree.any("risky"))
    good = next((t for t in message.document.between(term.end, end) if t.any("judged.good")), None)
    if good is not None and degree is None and message.document.word(good.end) in ("risk", "风"):
        return message.found("surgical_risk", term.start, good.end, value="acceptable")
    if not named or degree is None or message.context.cue(degree.start, degree.end, "uncertainty") is not None:
        return None
    denial = message.context.cue_before(degree.start, "negation")
    value = "high" if denial is None else "acceptable"
    return message.found("surgical_risk", term.start, degree.end, value=value)


def _risk_before(message: Message, operation: Term, start: int) -> Found | None:
    """The risk told from a token on, before an operation ("at high risk from any hepatectomy", "low risk for it")."""
    degree = message.document.first(start, operation.start, "risk_degree", "risky", "judged.low")
    open_ = degree is not None and message.context.cue(degree.start, operation.end, "uncertainty") is not None
    if degree is None or open_:
        return None
    denied = message.context.cue_before(degree.start, "negation") is not None
    value = "acceptable" if degree.any("judged.low") != denied else "high"
    return message.found("surgical_risk", degree.start, operation.end, value=value)


def _no_candidate(message: Message, term: Term) -> bool:
    """Whether a risk is why somebody is no candidate for surgery ("not a surgical candidate because of high risk")."""
    clause = message.clauses.of(term.start)
    said = [message.document.word(i) for i in range(max(clause.start, term.start - _RISK_BEHIND), term.start)]
    return "candidate" in said and "not" in said


def _anaesthetist_warns(message: Message, term: Term) -> Found | None:
    """A risk that is called high where the anaesthetists speak ("anaesthetics are worried: high risk")."""
    start = max(message.clauses.sentence_start(term.start), term.start - REACH)
    spoken = any(t.any("anaesthesia") for t in message.document.between(start, term.start))
    spoken = spoken or _no_candidate(message, term)
    if not spoken or any(message.context.cue_before(term.start, kind) for kind in ("negation", "uncertainty")):
        return None
    return message.found("surgical_risk", term.start, term.end, value="high")
