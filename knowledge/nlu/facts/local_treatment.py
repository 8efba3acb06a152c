"""What came of local therapy."""

from __future__ import annotations

import re

from knowledge.nlu.document import Term
from knowledge.nlu.facts.operation_done import is_disease
from knowledge.nlu.facts.therapies import beside_the_liver, denied, doubted, linked_after, planned, span, therapy_of
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.text import words

_LOCAL = "local_therapy_failed"
_ABLATION = re.compile("ablat|rfa|mwa|microwave|消融|射频|微波")
_PLACE = 8
"""The most tokens between a recurrence and the place it is at."""
_OBJECT = 8
"""The most tokens between a lesion and the local treatment it had (S6那枚去年做过射频)."""
_AWAY = words("away outside distant remote elsewhere beyond far 离 远")
_OF_IT = words("has it 它 已 并")


def local_failure(message: Message, term: Term, therapy: Term) -> Found | None:
    if doubted(message, term):
        return message.found(_LOCAL, *span(message, term, therapy), status="unknown")
    denial = failure_denied(message, term, therapy)
    return message.found(_LOCAL, *span(message, term, therapy, denial), value=denial is None)


def not_known(message: Message, term: Term) -> Found | None:
    """Whether local therapy was given is not known (TACE做过没有我不清楚)."""
    end = min(message.clauses.of(term.start).end, term.end + _OBJECT)
    open_ = message.document.first(term.end, end, "not_known")
    return None if open_ is None else message.found(_LOCAL, term.start, open_.end, status="unknown")


def failure_denied(message: Message, term: Term, therapy: Term | None) -> Term | None:
    """The word that denies a failure, or the therapy right before it ("no local treatment failed")."""
    denial = denied(message, term)
    if denial is None and therapy is not None and 0 <= term.start - therapy.end <= 1:
        denial = denied(message, therapy)
    if denial is None and message.document.word(term.end) in (":", "史"):
        denial = message.context.cue_after(term.end, "negation")
    return denial


def local_recurrence(message: Message, term: Term) -> Found | None:
    """Recurrence or residue after ablation, TACE, SIRT or radiotherapy; new lesions elsewhere are none."""
    if message.document.word(term.start) == "r" or not is_disease(message, term):
        return None  # "UGT1A1 came back with normal activity"
    place = ablation_site(message, term)
    therapy = place or therapy_of(message, term)
    if therapy is None or not (place or therapy.any("local_therapy")) or beside_the_liver(message, therapy):
        return None
    if place is None and _hepatectomy_before(message, term):
        return None
    if doubted(message, term):
        return message.found(_LOCAL, *span(message, term, therapy), status="unknown")
    denial = message.context.cue_before(term.start, "negation")
    if denial is not None:
        return message.found(_LOCAL, *span(message, term, therapy, denial), value=False)
    if message.context.cue_before(term.start, "plan") is not None:
        return None
    if place is None and therapy.start > term.start and not linked_after(message, term, therapy):
        return None
    return message.found(_LOCAL, *span(message, term, therapy), value=True)


def ablation_site(message: Message, term: Term) -> Term | None:
    """Where something was ablated, if that is where it is said to be again ("at the edge of the ablation zone")."""
    clause = message.clauses.of(term.start)
    start = clause.start
    if term.start == start and "局部" in "".join(map(message.document.word, range(start, term.end))):
        start = message.clauses.of(max(0, start - 2)).start  # 消融区边缘又强化，局部复发
    for other in message.document.between(max(start, term.start - 2 * _PLACE), min(clause.end, term.end + _PLACE)):
        said = "".join(map(message.document.word, range(other.start, other.end)))
        if other.any("distance") and _ABLATION.search(said):
            return None if _elsewhere(message, term, other) else other
    return None


def _elsewhere(message: Message, term: Term, site: Term) -> bool:
    """Whether a recurrence is said to be away from where something was ablated ("away from the zone", 消融区以外)."""
    between = {message.document.word(i) for i in range(min(term.end, site.end), max(term.start, site.start))}
    return not _AWAY.isdisjoint(between) or message.document.word(site.end) in ("外", "以")


def regrowth(message: Message, term: Term) -> Found | None:
    """A lesion that grows again though it was treated locally; a number behind it tells of new ones instead."""
    therapy = therapy_of(message, term)
    start = message.clauses.sentence_start(term.start)
    if therapy is None or not therapy.any("local_therapy") or therapy.start > term.start or therapy.start < start:
        return None
    soon = message.from_token(term.end)[:1]
    new = bool(soon) and soon[0].unit == "count" and soon[0].start - term.end <= 1
    near = message.document.between(max(start, therapy.start - _OBJECT), term.start)
    lesion = any(t.any("lesion", "liver_metastasis", "segment", "unit.count") for t in near)
    lesion = lesion or message.document.word(term.start - 1) in _OF_IT
    if (
        new
        or not lesion
        or beside_the_liver(message, therapy)
        or denied(message, term) is not None
        or planned(message, term)
    ):
        return None
    if doubted(message, term):
        return message.found(_LOCAL, *span(message, term, therapy), status="unknown")
    return message.found(_LOCAL, *span(message, term, therapy), value=True)


def no_local_recurrence(message: Message, term: Term) -> Found | None:
    """No recurrence after local therapy: it has not failed."""
    words = "".join(message.document.word(i) for i in range(term.start, term.end))
    therapy = therapy_of(message, term)
    recurrence = "复发" in words or "recurrence" in words
    if not recurrence or therapy is None or not therapy.any("local_therapy") or _hepatectomy_before(message, term):
        return None
    return message.found(_LOCAL, *span(message, term, therapy), value=False)


def _hepatectomy_before(message: Message, term: Term) -> bool:
    """Whether the recurrence is that after a hepatectomy, named later than the local therapy."""
    start = max(message.clauses.sentence_start(term.start), term.start - REACH)
    last: Term | None = None
    for other in message.document.between(start, term.start):
        if other.any("local_therapy", "hepatectomy", "liver_resected"):
            last = other
    return last is not None and not last.any("local_therapy")


def no_response_to_local(message: Message, term: Term, therapy: Term) -> Found | None:
    """A local treatment to which there was no response ("TACE twice with no response")."""
    denial = denied(message, term)
    plain = message.document.word(term.start) in ("response", "反", "应")
    if denial is None or not plain or not therapy.any("local_therapy") or therapy.start > term.start:
        return None
    return message.found(_LOCAL, *span(message, term, therapy, denial), value=True)
