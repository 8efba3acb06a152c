"""Synchronous or metachronous: found with the primary, or more than a year after its treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.facts.onset_dates import dated, when_primary_found, years
from knowledge.nlu.facts.onset_intervals import intervals
from knowledge.nlu.frames import ALREADY
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.text import words

_TOGETHER = words("together simultaneously concurrently along found discovered diagnosed detected")
_FOUND = words("found discovered diagnosed detected")
_SINCE = words("since from at")
_THERE = words("since from found present detected seen already there known visible")
_DIAGNOSIS = words("diagnosis dx presentation diagnosed")
_SOON = 8
_BESIDE = words("together along simultaneously concurrently")
_AT_ONCE = words("together simultaneously concurrently")
_JOINED_BY = words("伴 并 合 及 和 与 with and plus")
_OTHERS = ("liver_metastasis", "organ.lung", "organ.other", "other_lesion", "surgery", "primary_surgery", "not")
"""What something else may have been found together with."""
_SAME_TIME = re.compile(r"(结肠癌|直肠癌|肠癌|原发灶?)?的?(同时|时候?|当时)(就|即|便|也|一起)*(查|发现|看|有|在|检|存)")
_TOLD_OF = 18
"""The most tokens between the diagnosis and the metastases that were there then."""


def read(message: Message) -> Iterator[Found | None]:
    """Synchronous when found with the primary; metachronous when more than a year after its treatment."""
    for term in message.document.find("with_primary"):
        denied = message.context.cue_before(term.start, "negation") is not None
        if not denied and not _none_then(message, term) and not _of_the_lung(message, term):
            yield message.found("onset", term.start, term.end, value="synchronous")
    yield _same_as_primary(message)
    for term in message.document.find("primary", "primary_site"):
        yield _with_primary(message, term)
    for term in message.document.find("primary_site"):
        yield _diagnosed_with(message, term)
    for term in message.document.find("liver_metastasis", "organ.liver"):
        yield _at_diagnosis(message, term)
    yield _at_the_same_time(message)
    yield years(message)
    yield dated(message)
    yield when_primary_found(message)
    yield from intervals(message)
    for term in message.document.find("first_diagnosis", "past"):
        yield _since_diagnosis(message, term)


def _at_diagnosis(message: Message, liver: Term) -> Found | None:
    """确诊结肠癌时即发现肝转移, 确诊那天的CT上肝里就有转移: found with the diagnosis."""
    clause = message.clauses.of(liver.start)
    disease = liver
    if liver.any("organ.liver"):
        behind = message.document.between(liver.end, min(clause.end, liver.end + _SOON))
        disease = next((t for t in behind if t.any("metastasis", "lesion", "liver_metastasis")), liver)
        if disease is liver:
            return None
    if message.context.negated(disease.start, disease.end) is not None:
        return None
    for term in message.document.between(max(clause.start, liver.start - _TOLD_OF), liver.start):
        if term.any("first_diagnosis"):
            said = [message.document.word(i) for i in range(term.end, disease.start)]
            told = [message.document.word(i) for i in range(disease.end, min(clause.end, disease.end + 3))]
            said += told if told[1:2] in (["在"], ["有"], ["存"]) else []  # 发现肠癌的时候肝转移就在了
            later = "后" in said or any(q.start > term.end and q.end <= liver.start for q in message.quantities)
            if ALREADY.intersection(said) and not later:
                return message.found("onset", term.start, disease.end, value="synchronous")
    return None


def _diagnosed_with(message: Message, primary: Term) -> Found | None:
    """The cancer and its liver metastases were one diagnosis (确诊直肠癌伴肝转移, "diagnosed with CRC and mets")."""
    document = message.document
    clause = message.clauses.of(primary.start)
    before = [document.word(i) for i in range(max(clause.start, primary.start - _SOON), primary.start)]
    diagnosed = before[-2:] == ["确", "诊"] or before[-3:] in (["确", "诊", "为"], ["确", "诊", "了"])
    diagnosed = diagnosed or ("diagnosed" in before and before[-1] == "with")
    joint = document.term_at(primary.end)
    if not diagnosed or joint is None or document.word(primary.end) not in _JOINED_BY:
        return None
    liver = document.first(joint.end, min(clause.end, joint.end + _SOON), "liver_metastasis")
    if (
        liver is None
        or message.context.doubt(liver.start, liver.end)
        or message.context.negated(liver.start, liver.end)
    ):
        return None
    between = document.between(joint.end, liver.start)
    if not all(t.any("multiple", "solitary", "unit", "filler", "light", "enumerator", "synchronous") for t in between):
        return None
    return message.found("onset", primary.start, liver.end, value="synchronous")


def _at_the_same_time(message: Message) -> Found | None:
    """Found when the cancer was, the lesions having been told before (单发灶，…，发现结肠癌的同时就查到了)."""
    for term in message.document.find("first_diagnosis"):
        clause = message.clauses.of(term.start)
        said = "".join(message.document.word(i) for i in range(term.end, min(clause.end, term.end + _SOON)))
        floor = max(message.clauses.sentence_start(term.start), term.start - REACH)
        named = [t for t in message.document.between(floor, term.start) if t.any(*_OTHERS, "lesion", "solitary")]
        if _SAME_TIME.match(said) and named and named[-1].any("liver_metastasis", "lesion", "solitary"):
            return message.found("onset", term.start, clause.end, value="synchronous")
    return None


def _of_the_lung(message: Message, term: Term) -> bool:
    """Whether it is lesions of another organ that were found with the primary (肺结节，与原发灶同时发现)."""
    start = max(message.clauses.sentence_start(term.start), term.start - REACH)
    named = [t for t in message.document.between(start, term.start) if t.any("organ", "liver_metastasis", "lobe")]
    liver = any(t.any("liver_metastasis", "organ.liver") for t in named)
    return bool(named) and named[-1].any("organ.lung", "organ.other") and not liver


def _none_then(message: Message, term: Term) -> bool:
    """Whether there were none then ("no liver mets on the initial staging CT")."""
    start = message.clauses.of(term.start).start
    liver = [
        t for t in message.document.between(start, term.start) if t.any("liver_metastasis", "organ.liver", "lesion")
    ]
    return bool(liver) and message.context.cue_before(liver[-1].start, "negation") is not None


def _with_primary(message: Message, primary: Term) -> Found | None:
    """Whether the primary is what they were found with ("found together with the rectal primary")."""
    before = [message.document.word(i) for i in range(max(0, primary.start - 6), primary.start)]
    if not primary.any("primary") and before[-3:-1] != ["found", "with"]:
        return None
    if (
        "with" not in before
        or not _TOGETHER & set(before)
        or message.clauses.separated(primary.start - 1, primary.start)
    ):
        return None
    found = not _FOUND.isdisjoint(before)
    liver = any(t.any("liver_metastasis") or (found and _metastases(message, t)) for t in message.document.terms)
    return (
        message.found("onset", primary.start - before[::-1].index("with") - 1, primary.end, value="synchronous")
        if liver
        else None
    )


def _metastases(message: Message, lesions: Term) -> bool:
    """Whether lesions are called metastases, of no other organ than the liver."""
    owner = message.document.term_at(lesions.start - 1)
    other = owner is not None and owner.any("organ.lung", "organ.other")
    return lesions.any("lesion") and message.document.word(lesions.end - 1) in ("metastases", "mets") and not other


def _same_as_primary(message: Message) -> Found | None:
    """The same examination as the primary's ("on the same CT as the rectal primary")."""
    for index, token in enumerate(message.document.tokens):
        if message.document.word(index + 2) in ("还", "或"):
            continue  # 同时还是异时说不清
        beside = token.word in _BESIDE and message.document.word(index + 1) == "with"
        if (
            beside
            or token.word == "same"
            or (token.word in _AT_ONCE and message.document.word(index + 1) != "with")
            or (token.word == "同" and message.document.word(index + 1) in ("时", "次", "期", "一"))
        ):
            found = _primary_at_once(message, index) or _liver_at_once(message, index)
            if found is not None:
                return found
        if token.word == "same" or (beside and _appeared(message, index)):
            for term in message.document.between(index, index + 9):
                named = term.any("primary", "primary_site") or _as_the_tumour(message, term)
                if named and not message.clauses.separated(index, term.start):
                    return message.found("onset", index, term.end, value="synchronous")
    return None


def _as_the_tumour(message: Message, term: Term) -> bool:
    """Whether "the tumour" is what liver metastases were found at the same time as."""
    said = [message.document.word(i) for i in range(term.start - 2, term.end)]
    liver = any(t.any("liver_metastasis") for t in message.document.between(0, term.start))
    return said in (["as", "the", "tumour"], ["as", "the", "tumor"]) and liver


def _appeared(message: Message, index: int) -> bool:
    """Whether liver metastases are said to have been found right before a token ("liver mets found together with")."""
    appearance = message.document.term_at(index - 1)
    liver = message.document.last(message.clauses.of(index).start, index, but=("appearance", "filler", "done"))
    if appearance is None or not appearance.any("appearance") or liver is None:
        return False
    return liver.any("liver_metastasis") and message.context.negated(liver.start, liver.end) is None


def _primary_at_once(message: Message, index: int) -> Found | None:
    """The primary that was found at the same time as the metastases of the sentence before (同时发现结肠原发灶)."""
    document = message.document
    found = document.term_at(index + 2)
    if [document.word(index), document.word(index + 1)] != ["同", "时"] or found is None or not found.any("appearance"):
        return None
    primary = document.first(found.end, found.end + 3, "primary", "primary_site")
    start = message.clauses.sentence_start(index)
    told = list(document.between(max(0, start - 2 * REACH), index))
    liver = [t for t in told if t.any("liver_metastasis")]
    if primary is None or not liver or any(t.any("surgery", "hepatectomy", "primary_surgery") for t in told):
        return None
    if message.context.negated(liver[-1].start, liver[-1].end) is not None:
        return None
    return message.found("onset", index, primary.end, value="synchronous")


def _primary_before(message: Message, start: int, index: int) -> bool:
    """Whether the primary is named before a token, in its sentence or, where nothing else is told, the one before."""
    diagnosed = ("primary", "primary_site", "colorectal", "first_diagnosis")
    if any(t.any(*diagnosed) for t in message.document.between(start, index)):
        return True
    opens = index - start <= 1  # "Obstructing caecal cancer; the same CT revealed one liver metastasis"
    if start <= 1 or not (opens or _found_with(message, start, index) is not None):
        return False
    before = max(message.clauses.sentence_start(start - 2), start - REACH)  # "Primary: caecum. Liver: one met …"
    told = list(message.document.between(before, start))
    return any(t.any("primary", "primary_site") for t in told) and not any(t.any(*_OTHERS) for t in told)


def _liver_at_once(message: Message, index: int) -> Found | None:
    """The liver metastases at "on the same CT" or 同时发现, where the primary is named before."""
    document = message.document
    start = max(message.clauses.sentence_start(index), index - REACH)
    primary = _primary_before(message, start, index)
    found = any(t.any("appearance") for t in document.between(index, index + _TOLD_OF))
    liver = document.term_at(index - 1 - (document.word(index - 1) in ("是", "在")))
    if (
        liver is not None
        and liver.any("primary", "primary_site")
        and document.word(liver.start - 1) in ("和", "与", "跟", "同")
    ):
        opens = message.clauses.of(liver.start).start == liver.start - 1  # …，与原发灶同时发现
        told = [t for t in document.between(start, liver.start) if t.any(*_OTHERS)] if opens else []
        if told and not told[-1].any("liver_metastasis"):
            return None
        other = liver.start - 2 - (document.word(liver.start - 2) in ("是", "也", "都"))
        if not told and _lesion_elsewhere(message, other):
            return None  # 肺结节和结肠癌同时发现
        liver, primary = told[-1] if told else document.term_at(other), True  # 肝转移和原发灶是同时发现的
    if primary and found and liver is not None and liver.any("liver_metastasis"):
        return message.found("onset", liver.start, index + 1, value="synchronous")  # 肝转移是同时发现的
    beside = _presented_together(message, start, index)
    if beside is not None:
        return message.found("onset", beside.start, index + 1, value="synchronous")
    then = _found_with(message, start, index)
    if primary and then is not None:
        return message.found("onset", then.start, index + 1, value="synchronous")
    for term in document.between(index, index + _SOON + 2):
        if term.any("not", "surgery", "hepatectomy", "chemotherapy", "organ.lung", "organ.other"):
            return None
        there = term.any("organ.liver") and document.first(term.end, term.end + 3, "metastasis", "lesion") is not None
        if (term.any("liver_metastasis") or there) and primary:
            return message.found("onset", index, term.end, value="synchronous")
    return None


def _lesion_elsewhere(message: Message, index: int) -> bool:
    """Whether a token belongs to a lesion of the lung or another organ but the liver."""
    noun = message.document.term_at(index)
    owner = message.document.term_at(noun.start - 1) if noun is not None and noun.any("lesion", "metastasis") else noun
    return owner is not None and owner.any("organ.lung", "organ.other")


def _presented_together(message: Message, start: int, index: int) -> Term | None:
    """Liver metastases joined to the primary that somebody presented with, before "at the same time"."""
    document = message.document
    joined = [document.word(i) for i in range(index - 2, index + 2)] == ["at", "the", "same", "time"]
    joined = joined or document.word(index) in _AT_ONCE
    clause = message.clauses.of(index)
    named = list(document.between(max(start, clause.start), index)) if joined else []
    both = [t for t in named if t.any("primary", "primary_site", "liver_metastasis", "organ.liver")]
    both = [t for t in both if not (t.any("primary_site") and _same_noun(message, t))]
    if len(both) != 2 or not both[1].any("liver_metastasis", "organ.liver") or both[0].any("liver_metastasis"):
        return None
    if any(t.any(*_OTHERS) and t is not both[1] for t in named):
        return None
    return both[1] if any(t.any("appearance", "first_diagnosis") for t in named) else None


def _same_noun(message: Message, site: Term) -> bool:
    """Whether a site only says where the primary is that follows it ("sigmoid primary")."""
    primary = message.document.term_at(site.end)
    return primary is not None and primary.any("primary")


def _found_with(message: Message, start: int, index: int) -> Term | None:
    """Metastases that were found on the same image as the primary before them, of which no treatment is told."""
    document = message.document
    before = list(document.between(start, index))
    lesions = any(t.any("lesion") for t in before)
    liver = [t for t in before if t.any("liver_metastasis") or (lesions and t.any("organ.liver"))]
    if not liver or any(t.any("surgery", "removed_part", "primary_surgery", "organ.lung", "not") for t in before):
        return None
    return liver[-1] if document.first(liver[-1].end, index, "appearance") is not None else None


def _since_diagnosis(message: Message, term: Term) -> Found | None:
    """Found at, or there since, the first diagnosis ("liver mets since diagnosis")."""
    document = message.document
    if document.word(term.end - 1) not in _DIAGNOSIS:
        return None
    before = [document.word(i) for i in range(max(0, term.start - 3), term.start + 1)]
    clause = message.clauses.of(term.start)
    near = list(document.between(max(clause.start, term.start - REACH), term.start))
    liver = next((t for t in near if t.any("liver_metastasis", "organ.liver")), None)
    if (
        liver is None
        or not _SINCE & set(before)
        or not _THERE & set(before)
        or any(t.any("evaluation", "chemotherapy") for t in near)
    ):
        return None
    if message.context.negated(liver.start, liver.end) is not None:
        return None
    return message.found("onset", liver.start, term.end, value="synchronous")
