"""Synchronous by words for one time or one examination: "on the same CT as the primary", 与原发灶同时发现."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.text import words

OTHERS = ("liver_metastasis", "organ.lung", "organ.other", "other_lesion", "surgery", "primary_surgery", "not")
"""What something else may have been found together with."""
_BESIDE = words("together along simultaneously concurrently")
_AT_ONCE = words("together simultaneously concurrently")
_SOON = 8
_TOLD_OF = 18
"""The most tokens between one examination and what it showed."""


def called_metastases(message: Message, lesions: Term) -> bool:
    """Whether lesions are called metastases, of no other organ than the liver."""
    owner = message.document.term_at(lesions.start - 1)
    other = owner is not None and owner.any("organ.lung", "organ.other")
    return lesions.any("lesion") and message.document.word(lesions.end - 1) in ("metastases", "mets") and not other


def same_as_primary(message: Message) -> Found | None:
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
    return any(t.any("primary", "primary_site") for t in told) and not any(t.any(*OTHERS) for t in told)


def start_of_primary(message: Message, primary: Term) -> int:
    """Where the name of the primary begins, with the site before it (结肠原发灶)."""
    site = message.document.term_at(primary.start - 1)
    return site.start if site is not None and site.any("primary_site") else primary.start


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
        and document.word(start_of_primary(message, liver) - 1) in ("和", "与", "跟", "同")
    ):
        liver = Term(start_of_primary(message, liver), liver.end, liver.names)
        opens = message.clauses.of(liver.start).start == liver.start - 1  # …，与原发灶同时发现
        told = [t for t in document.between(start, liver.start) if t.any(*OTHERS)] if opens else []
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
    if any(t.any(*OTHERS) and t is not both[1] for t in named):
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
