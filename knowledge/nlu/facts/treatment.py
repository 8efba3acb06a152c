"""What came of systemic therapy; what came of local therapy stands beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.facts.local_treatment import (
    ablation_site,
    failure_denied,
    local_failure,
    local_recurrence,
    no_local_recurrence,
    no_response_to_local,
    not_known,
    regrowth,
)
from knowledge.nlu.facts.therapies import (
    beside_the_liver,
    denied,
    doubted,
    planned,
    span,
    systemic,
    therapy_denied,
    therapy_of,
)
from knowledge.nlu.facts.untreated import never, no_chemotherapy, no_kind_of_local, no_local
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_SYSTEMIC = "chemotherapy_status"
_CATEGORIES = frozenset(
    {"stabledisease", "partialresponse", "completeresponse", "partialremission", "completeremission",
     "疾病稳定", "病情稳定", "部分缓解", "完全缓解"}
)  # fmt: skip
"""Results of an evaluation that need no therapy beside them, as its codes."""
_SCANS = words("scan scans imaging")
_CHEMO = words("chemo chemotherapy folfox folfiri folfoxiri capox xelox 化")
_CYCLES = words("次 程 期 疗 cycle cycles courses course")
_RESPONSES = words("pr sd cr")
_RESPONDENTS = words("so and now he she they it is 's disease the patient pt tumour tumor well still he's she's it's")
_ANY_MORE = words("longer 再")
"""The last word of "no longer", 不再."""
_NEWEST_IMAGE = re.compile(
    r"\b(newest|latest|recent|new|current) (scans?|ct|mri|imaging|pet)\b"
    r"|(最 新|最 近|这 次|本 次|今 天|昨 天)( 一 次)?( 的)?( 增 强)? (ct|mri?|pet|磁 共 振|影 像|片 子)"
)
_BESIDE = 4
_CONVERSION = 8
"""The most tokens between a conversion and the response to it."""
_IN_TURN = words("then subsequently later after 后 再 转")
_CODES = ("failure.pd", "response.codes")


def read(message: Message) -> Iterator[Found | None]:
    """What came of systemic and of local therapy."""
    mixed = {message.clauses.of(t.start).sentence: t for t in message.document.find("mixed_response")}
    for term in mixed.values():
        yield message.found(_SYSTEMIC, term.start, term.end, status="unknown")
    for term in message.document.terms:
        for names, reader in _READERS:
            if term.any(*names):
                found = reader(message, term)
                told = found is not None and found.mention.fact == _SYSTEMIC
                if not (told and message.clauses.of(term.start).sentence in mixed):
                    yield found
    yield no_kind_of_local(message)


def _failure(message: Message, term: Term) -> Found | None:
    """A therapy that failed, or a disease that progressed on it."""
    therapy = therapy_of(message, term)
    if therapy is not None and (
        beside_the_liver(message, therapy) or message.document.word(therapy.start - 1) == "off"
    ):
        return None
    if therapy is not None and therapy.any("local_therapy"):
        return local_failure(message, term, therapy)
    site = ablation_site(message, term) if therapy is None else None
    if site is not None:
        return local_failure(message, term, site)
    if not systemic(therapy) and not (therapy is None and _speaks_for_itself(message, term)):
        return None
    if _among_codes(message, term):
        return None
    if doubted(message, term):
        return message.found(_SYSTEMIC, *span(message, term, therapy), status="unknown")
    denial = failure_denied(message, term, therapy)
    if denial is not None:
        if not term.any("failure.progression", "failure.pd"):
            return None
        return message.found(_SYSTEMIC, *span(message, term, therapy, denial), value="responding")
    if planned(message, term) or (therapy is not None and denied(message, therapy) is not None):
        return None
    return message.found(_SYSTEMIC, *span(message, term, therapy), value="progressed")


def _speaks_for_itself(message: Message, term: Term) -> bool:
    """Whether a result needs no therapy beside it: the code PD, a word where an evaluation is named, or a change."""
    coded = term.any("failure.pd") or "pd" in map(message.document.word, range(term.start, term.end))
    return coded or _evaluated(message, term) or _no_longer_responds(message, term)


def _no_longer_responds(message: Message, term: Term) -> bool:
    """Whether a progression ends a response that was told before ("CT shows progression, so no longer stable")."""
    start, end = message.clauses.sentence_start(term.start), message.clauses.sentence_end(term.start)
    near = message.document.between(max(start, term.start - REACH), min(end, term.end + REACH))
    return any(
        t.any("response.words", "response.codes")
        and (cue := message.context.cue_before(t.start, "negation")) is not None
        and message.document.word(cue.end - 1) in _ANY_MORE
        for t in near
    )


def _evaluated(message: Message, term: Term) -> bool:
    start, end = message.clauses.sentence_start(term.start), message.clauses.sentence_end(term.start)
    start, end = max(start, term.start - REACH), min(end, term.end + REACH)
    if any(other.any("evaluation") for other in message.document.between(start, end)):
        return True
    return _NEWEST_IMAGE.search(" ".join(message.document.word(i) for i in range(start, end))) is not None


def _response(message: Message, term: Term) -> Found | None:
    therapy = therapy_of(message, term)
    coded = term.any("response.codes")
    evaluated = not coded and message.document.word(term.end - 1) in _RESPONSES  # 评PR
    if _among_codes(message, term):
        return None
    if therapy is None and not evaluated and not (coded and _alone(message, term)):
        plain = coded or "".join(message.document.word(i) for i in range(term.start, term.end)) in _CATEGORIES
        plain = plain or _says_of_the_patient(message, term)
        evident = plain and (_evaluated(message, term) or _imaged(message, term) or _given_before(message, term))
        evident = evident or ((coded or term.any("shrinkage")) and _after_cycles(message, term))
        evident = evident or (not coded and _after_conversion(message, term))
        if not evident and not _imaged_after_cycles(message, term):
            return None
    if therapy is not None and not systemic(therapy):
        beside = _beside_hai(message, therapy)
        if beside is None:
            return no_response_to_local(message, term, therapy)
        therapy = beside
    if doubted(message, term) or message.context.cue_after(term.end, "untested") is not None:
        return message.found(_SYSTEMIC, *span(message, term, therapy), status="unknown")
    if denied(message, term) is not None or therapy_denied(message, therapy):
        return None
    if message.context.cue_before(term.start, "plan") is not None:
        return None
    return message.found(_SYSTEMIC, *span(message, term, therapy), value="responding")


def _beside_hai(message: Message, therapy: Term) -> Term | None:
    """The systemic chemotherapy that an arterial infusion is given with ("HAI plus systemic chemotherapy")."""
    joint = message.document.word(therapy.end)
    if not therapy.any("hai") or joint not in ("plus", "+", "and", "/", "联", "加"):
        return None
    return message.document.first(therapy.end, therapy.end + _BESIDE, "chemotherapy")


def _says_of_the_patient(message: Message, term: Term) -> bool:
    """Whether a clause says no more than that the patient or the disease responds ("she is responding")."""
    clause = message.clauses.of(term.start)
    opening = [message.document.word(i) for i in range(clause.start, term.start)]
    return message.document.word(term.start) == "responding" and bool(opening) and set(opening) <= _RESPONDENTS


def _given_before(message: Message, term: Term) -> bool:
    """Whether chemotherapy and no local therapy was told of before ("before chemo 62 mm … partial response")."""
    start = max(0, term.start - REACH)
    given = message.document.first(start, term.start, "chemotherapy") is not None
    given = given or any(
        message.document.word(i) in _CHEMO for i in range(start, term.start)
    )  # "before chemo" is a time
    return given and message.document.first(start, term.start, "local_therapy") is None


def _imaged(message: Message, term: Term) -> bool:
    """Whether an image is what shows it ("the CT shows a partial response")."""
    start = message.clauses.of(term.start).start
    before = list(message.document.between(max(start, term.start - REACH), term.start))
    shown = any(message.document.word(i) in _SCANS for i in range(max(start, term.start - REACH), term.start))
    shown = shown or any(t.any("turn_to_patient") for t in before)
    return shown and not any(t.any("local_therapy") for t in before)


def _imaged_after_cycles(message: Message, term: Term) -> bool:
    """Whether an image is told to show it after some cycles, the therapy being understood (打完3次了，CT说缩小)."""
    if not term.any("shrinkage"):
        return False
    start = max(message.clauses.sentence_start(term.start), term.start - REACH)
    near = list(message.document.between(start, term.start))
    imaged = any(t.any("turn_to_patient", "evaluation") for t in near)
    cycles = any(start <= q.start < term.start for q in _cycles(message))
    return imaged and cycles and not any(t.any("local_therapy", "gene", "hepatectomy") for t in near)


def _cycles(message: Message) -> Iterator[Quantity]:
    """The numbers of cycles of a therapy."""
    return (q for q in message.quantities if q.unit == "other" and message.document.word(q.end - 1) in _CYCLES)


def _after_conversion(message: Message, term: Term) -> bool:
    """Whether a response is told right behind a conversion ("after conversion with good response", 转化后明显缩小)."""
    start = max(message.clauses.of(term.start).start, term.start - _CONVERSION)
    said = " ".join(message.document.word(i) for i in range(start, term.start))
    return any(word in said for word in ("转 化", "conversion", "induction", "诱 导"))


def _after_cycles(message: Message, term: Term) -> bool:
    """Whether a number of cycles stands right before a code, the therapy being understood (4程后PR)."""
    return any(0 <= term.start - q.end <= 1 for q in _cycles(message))


def _among_codes(message: Message, term: Term) -> bool:
    """Whether several codes are named side by side: then categories are spoken of ("CR and PR versus PD")."""
    if not term.any(*_CODES):
        return False
    document = message.document
    around = (*range(term.start - 3, term.start), *range(term.end, term.end + 3))
    if _IN_TURN.intersection(document.word(i) for i in around):
        return False  # "best response SD then PD"
    near = (document.term_at(i) for i in around)
    return any(
        other is not None and other.any(*_CODES) and document.word(other.start) != document.word(term.start)
        for other in near
    )


def _alone(message: Message, term: Term) -> bool:
    """Whether a code such as SD makes up a clause of its own."""
    clause = message.clauses.of(term.start)
    return clause.start == term.start and clause.end == term.end


def _maintenance(message: Message, term: Term) -> Found | None:
    if denied(message, term) is not None:
        return None
    return message.found(_SYSTEMIC, term.start, term.end, value="responding")


def _evaluation_open(message: Message, term: Term) -> Found | None:
    """Systemic therapy whose evaluation is still to come."""
    cue = message.context.cue(term.start, term.end, "untested")
    if cue is None or not systemic(therapy_of(message, term)):
        return None
    return message.found(_SYSTEMIC, *message.cover(term, cue), status="unknown")


def _therapy_unassessed(message: Message, term: Term) -> Found | None:
    """Words such as "not restaged yet", said of systemic therapy."""
    return message.found(_SYSTEMIC, term.start, term.end, status="unknown") if _about_therapy(message, term) else None


def _about_therapy(message: Message, term: Term) -> bool:
    """Whether what is not assessed yet is systemic therapy that was named before, not the lesions or the surgery."""
    clause = message.clauses.of(term.start)
    if any(
        t.any("lesion", "liver_metastasis", "resectability_name", "surgical_risk_name", "gene", "reserve_name")
        for t in message.document.between(clause.start, term.start)
    ):
        return False
    return systemic(therapy_of(message, term))


_Reader = Callable[[Message, Term], "Found | None"]

_READERS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (("failure.failed", "failure.progression", "failure.pd"), _failure),
    (("failure.recurrence", "residual"), local_recurrence),
    (("no_residual",), no_local_recurrence),
    (("regrowth",), regrowth),
    (("response",), _response),
    (("maintenance_now",), _maintenance),
    (("never_chemotherapy",), never),
    (("chemotherapy",), no_chemotherapy),
    (("any_local",), no_local),
    (("local_therapy",), not_known),
    (("unassessed",), _therapy_unassessed),
    (("evaluation",), _evaluation_open),
)
"""Which words which reader reads."""
