"""Facts that single expressions state: resectability, surgical risk, liver reserve, onset, and a few more."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.lexicon import Finding
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.text import words

_NOT_THE_LIVER = ("primary", "primary_site", "organ.lung", "organ.other", "organ.regional")
_ABOUT_LESIONS = frozenset({"resectability"})
_OTHER_MATTERS = ("lesion", "liver_metastasis", "gene", "lab", "extrahepatic", "chemotherapy", "size_label", "largest")
_SHORT_CLAUSE = 6
"""The most tokens of a clause about the patient before the word that ends it."""
_BEING = words("is remains otherwise medically generally")
_RISK_BEHIND = 9
_SPEAKERS = ("surgeons", "anaesthesia")
_JUDGEMENT = 18
"""The most tokens between the remnant and what is thought of it (残肝算下来22%，外科觉得不够)."""
_NOT = words("not isn't wasn't aren't weren't 非 不 并")
_OTHER_SYNCHRONOUS = ("organ.lung", "organ.other", "primary", "primary_site")


def read(message: Message) -> Iterator[Found | None]:
    """Everything that expressions of `findings.yaml` say."""
    for term in message.document.terms:
        for name in term.names:
            finding = message.lexicon.findings.get(name)
            if finding is not None:
                yield _read(message, term, finding)
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


def _read(message: Message, term: Term, finding: Finding) -> Found | None:
    context = message.context
    if _is_none(message, term, finding):
        return None
    open_cue = context.cue(term.start, term.end, "untested")
    if open_cue is not None:
        return message.found(finding.fact, *message.cover(term, open_cue), status="unknown")
    if finding.value is None:
        return _named(message, term, finding)
    doubt = context.cue(term.start, term.end, "uncertainty")
    if doubt is not None and message.frames.asserted(term.start, term.end):
        return message.found(finding.fact, *message.cover(term, doubt), status="unknown")
    denial = context.cue_before(term.start, "negation")
    if denial is None and finding.fact != "resection_status":
        denial = context.cue_after(term.end, "negation")
    if denial is not None and not _is_part_of(finding, denial):
        if finding.negated is None or (finding.fact == "onset" and not _denies_word(message, denial)):
            return None
        return message.found(finding.fact, *message.cover(term, denial), value=finding.negated)
    if finding.id == "potentially_resectable" and term.end - term.start == 1 and _of_something_else(message, term):
        return None
    rest = finding.id == "nothing_elsewhere" or message.document.word(term.start - 1) == "otherwise"
    return message.found(
        finding.fact,
        term.start,
        term.end,
        value=finding.value,
        rank=_rank(message, term, finding),
        source="elsewhere" if rest else "",
    )


def _is_none(message: Message, term: Term, finding: Finding) -> bool:
    """Whether the words say something else here: of another organ, of a number, or as a question (风险高不高)."""
    if finding.fact in _ABOUT_LESIONS and about_another_organ(message, term):
        return True
    if finding.fact == "onset" and _other_synchronous(message, term):
        return True
    if finding.id == "liver_only" and _counts_on(message, term.end):
        return True
    word = message.document.word
    return word(term.end) == "不" and word(term.end + 1) == word(term.end - 1)


def _counts_on(message: Message, index: int) -> bool:
    """Whether a number follows ("in the liver only one metastasis")."""
    return any(quantity.start == index for quantity in message.from_token(index))


def _of_something_else(message: Message, term: Term) -> bool:
    """Whether a lone word such as "borderline" is said of the remnant or the risk."""
    before = message.document.term_at(term.start - 1)
    return before is not None and before.any("reserve_name", "surgical_risk_name", "filler")


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


def _of_the_patient(message: Message, term: Term) -> bool:
    """Whether a word such as "fit" is a clause of its own or ends a short one of the patient ("she's 71 and fit")."""
    clause = message.clauses.of(term.start)
    if clause.end != term.end:
        return False
    if clause.start == term.start or (clause.start == term.start - 1 and message.document.word(clause.start) in _BEING):
        return True
    first = message.document.term_at(clause.start)
    about = first is not None and first.any("patient_again") and term.start - clause.start <= _SHORT_CLAUSE
    return about and all(message.context.cue_before(term.start, kind) is None for kind in ("negation", "uncertainty"))


def _refused(message: Message, term: Term) -> Found | None:
    """A general anaesthetic that the patient refuses."""
    start = message.clauses.of(term.start).start
    for other in message.document.between(start, term.start):
        if other.any("refusal"):
            return message.found("surgical_risk", other.start, term.end, value="high")
    return None


def _tolerated(message: Message, term: Term) -> Found | None:
    """Whether the patient can bear an operation or an anaesthetic (耐受不了开刀, "would not survive surgery")."""
    document = message.document
    for index in range(term.start - 1, max(-1, term.start - 6), -1):
        other = document.term_at(index)
        if other is not None and other.any("tolerance"):
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


def _judged_for(message: Message, operation: Term) -> Found | None:
    """What the patient is said to be for an operation ("fit for a major hepatectomy", "too frail for surgery")."""
    for term in message.document.between(max(0, operation.start - 7), operation.start):
        gap = [message.document.word(i) for i in range(term.end, operation.start)]
        between = message.document.between(term.end, operation.start)
        if (
            not term.any("fit_alone", "risky", "suited")
            or "for" not in gap[:2]
            or message.clauses.separated(term.start, operation.start)
            or any(not t.any("filler", "gene_filler", "light") for t in between)
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
    for other in message.document.between(term.end, min(clause.end, term.end + _JUDGEMENT)):
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
    named = any(
        message.document.word(i) in ("险", "risk", "risks")
        for i in range(term.end, min(end, len(message.document.tokens)))
    )
    degree = next((t for t in message.document.between(term.end, end) if t.any("risk_degree")), None)
    if not named or degree is None or message.context.cue(degree.start, degree.end, "uncertainty") is not None:
        return None
    denial = message.context.cue_before(degree.start, "negation")
    value = "high" if denial is None else "acceptable"
    return message.found("surgical_risk", term.start, degree.end, value=value)


def _anaesthetist_warns(message: Message, term: Term) -> Found | None:
    """A risk that is called high where the anaesthetists speak ("anaesthetics are worried: high risk")."""
    start = max(message.clauses.sentence_start(term.start), term.start - REACH)
    spoken = any(t.any("anaesthesia") for t in message.document.between(start, term.start))
    if not spoken or any(message.context.cue_before(term.start, kind) for kind in ("negation", "uncertainty")):
        return None
    return message.found("surgical_risk", term.start, term.end, value="high")


def _is_part_of(finding: Finding, denial: Term) -> bool:
    """Words such as 未 cannot deny a finding that is itself a denial ("no hepatectomy")."""
    return finding.fact == "resection_status" and denial.any("not")


def _denies_word(message: Message, denial: Term) -> bool:
    """Whether a denial is of the word behind it ("not synchronous"), not of a disease ("no synchronous disease")."""
    return message.document.word(denial.start) in _NOT


def _rank(message: Message, term: Term, finding: Finding) -> int:
    if finding.id == "resectable_now":
        return 2
    if finding.id == "unresectable_initially":
        return 0
    return message.rank(term.start, term.end)


def _named(message: Message, term: Term, finding: Finding) -> Found | None:
    """A fact that is named: its value may follow as a quality ("FLR: insufficient"), or that it is in doubt."""
    answer = _filled_in(message, term)
    if answer is not None and finding.fact == "resectability":
        value = "resectable" if answer[1] else "unresectable"
        return message.found(finding.fact, term.start, answer[0], value=value)
    doubt = message.context.cue_after(term.end, "uncertainty")
    if doubt is not None and not doubt.any("maybe"):
        return message.found(finding.fact, *message.cover(term, doubt), status="unknown")
    return _QUALITIES[finding.fact](message, term) if finding.fact in _QUALITIES else None


def _filled_in(message: Message, term: Term) -> tuple[int, bool] | None:
    """The end and the sense of a yes or no behind a colon (是否可切除：否)."""
    if message.document.word(term.end) != ":":
        return None
    word = message.document.word(term.end + 1)
    end = term.end + 2
    if end < len(message.document.tokens) and message.clauses.before[end] == 0:
        return None
    return {"是": (end, True), "yes": (end, True), "否": (end, False), "no": (end, False)}.get(word)


def _quality(message: Message, term: Term, good: str, bad: str, fact: str) -> Found | None:
    end = min(message.clauses.sentence_end(term.start), term.end + _JUDGEMENT)
    for other in message.document.between(term.end, end):
        if any(name in message.lexicon.findings for name in other.names) or other.any(*_OTHER_MATTERS):
            return None
        kind = other.kind("judged")
        if kind is None:
            continue
        denial = message.context.cue_before(other.start, "negation")
        positive = (kind == "good") != (denial is not None)
        return message.found(fact, *message.cover(term, other, denial), value=good if positive else bad)
    return None


def _reserve(message: Message, term: Term) -> Found | None:
    return _quality(message, term, "adequate", "inadequate", "liver_reserve")


def _risk(message: Message, term: Term) -> Found | None:
    clause = message.clauses.of(term.start)
    for other in message.document.between(term.end, min(clause.end, term.end + 6)):
        if other.any("risk_degree"):
            denial = message.context.cue_before(other.start, "negation")
            value = "acceptable" if denial is not None else "high"
            return message.found("surgical_risk", *message.cover(term, other, denial), value=value)
        if other.any("judged.good", "quality.normal", "judged.low"):
            denial = message.context.cue_before(other.start, "negation")
            value = "high" if denial is not None else "acceptable"
            return message.found("surgical_risk", *message.cover(term, other, denial), value=value)
        if other.any("judged.bad"):
            return None
    return None


_QUALITIES = {"liver_reserve": _reserve, "surgical_risk": _risk}


def about_another_organ(message: Message, term: Term) -> bool:
    """Whether a finding is said of the primary tumour or of an organ outside the liver."""
    clause = message.clauses.of(term.start)
    nearest: Term | None = None
    for other in message.document.between(clause.start, term.start):
        if other.any(*_NOT_THE_LIVER, "liver_metastasis", "organ.liver", "lesion", "metastasis"):
            if other.any("lesion", "metastasis") and nearest is not None and nearest.end == other.start:
                continue
            nearest = other
    following = message.document.term_at(term.end)
    if nearest is None and following is not None and following.any(*_NOT_THE_LIVER):
        return not following.any("primary_site") and not _liver_follows(message, following)
    return nearest is not None and nearest.any(*_NOT_THE_LIVER) and not nearest.any("primary_site")


def _liver_follows(message: Message, term: Term) -> bool:
    clause = message.clauses.of(term.start)
    return any(t.any("liver_metastasis", "organ.liver") for t in message.document.between(term.end, clause.end))


def _other_synchronous(message: Message, term: Term) -> bool:
    """Whether the next thing named is the primary or another organ ("synchronous lung metastases")."""
    following = message.document.term_at(term.end)
    if following is None or not following.any(*_OTHER_SYNCHRONOUS):
        return False
    return not _liver_follows(message, following) and not following.any("primary_site")
