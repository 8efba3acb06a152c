"""Synchronous or metachronous: found with the primary, or more than a year after its treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.facts.onset_dates import dated, when_primary_found, years
from knowledge.nlu.facts.onset_intervals import intervals
from knowledge.nlu.facts.onset_same_time import OTHERS, called_metastases, same_as_primary
from knowledge.nlu.frames import ALREADY
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.text import words

_TOGETHER = words("together simultaneously concurrently along found discovered diagnosed detected")
_FOUND = words("picked found discovered diagnosed detected")
_SINCE = words("since from at")
_THERE = words("since from found present detected seen already there known visible")
_DIAGNOSIS = words("diagnosis dx presentation diagnosed")
_SOON = 8
_JOINED_BY = words("伴 并 合 及 和 与 with and plus")
_SAME_TIME = re.compile(r"(结肠癌|直肠癌|肠癌|原发灶?)?的?(同时|时候?|当时)(就|即|便|也|一起)*(查|发现|看|有|在|检|存)")
_TOLD_OF = 18
"""The most tokens between the diagnosis and the metastases that were there then."""


def read(message: Message) -> Iterator[Found | None]:
    """Synchronous when found with the primary; metachronous when more than a year after its treatment."""
    for term in message.document.find("with_primary"):
        denied = message.context.cue_before(term.start, "negation") is not None
        if not denied and not _none_then(message, term) and not _of_the_lung(message, term):
            yield message.found("onset", term.start, term.end, value="synchronous")
    yield same_as_primary(message)
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
        named = [t for t in message.document.between(floor, term.start) if t.any(*OTHERS, "lesion", "solitary")]
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
    liver = any(t.any("liver_metastasis") or (found and called_metastases(message, t)) for t in message.document.terms)
    return (
        message.found("onset", primary.start - before[::-1].index("with") - 1, primary.end, value="synchronous")
        if liver
        else None
    )


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
