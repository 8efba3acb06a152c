"""Resection of liver metastases, and what came after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.nlu.clauses import CLAUSE, SENTENCE, Clause
from knowledge.nlu.document import Term
from knowledge.nlu.facts.operation_done import AGAIN, is_disease
from knowledge.nlu.facts.operations import not_known, performed
from knowledge.nlu.message import REACH, Found, Message

_FACT = "resection_status"
_THERAPIES = ("local_therapy", "any_local", "chemotherapy", "surgery", "hepatectomy")
_AWAITED = frozenset({"等", "待", "biopsy", "awaiting"})
_COUNTED = 8
"""The most tokens between a number of lesions and the word that says that they were all cut."""
_CUT = ("liver_metastasis", "organ", "primary", "primary_site", "primary_surgery", "hepatectomy")
"""What a clause may say that it was not cut."""
_UNTOUCHED = re.compile(
    r"(?<!有)(?:从未|从没有?|一直没|没有?|未曾?|还没)(?:被|做|行|给)?过?(?:手术)?(?:切除?过?(?:手术)?|动过?刀|开过?刀|动过手术)(?:过|的)?(?:$|也|且|又)"
    r"|(?:从未|从没有?|没有?|未曾?)(?:切|开|动)过?(?:除过?)?肝(?:脏|子)?$"
    r"|肝脏?(?:完全|一点|一刀|根本)?(?:都|也)?没动过?$|liver(?:was|has|hasbeen|is)*(?:never|not)(?:been)?(?:operated|touched|cut)(?:on|upon)?"
    r"|(?:not|never)(?:yet)?(?:been)?(?:resected|removed)(?:yet|sofar)?$|neverhadany(?:of)?(?:the|her|his)?liver(?:resected|removed|takenout|cutout)$|nothing(?:was|has(?:been)?|hasbeen)?(?:resected|removed|cut(?:out)?|taken(?:out)?)(?:(?:from|in|of|outof)(?:the|her|his)?liver)?(?:yet|sofar)?$"
)
_HEPATIC = frozenset({"hepatic", "liver", "intrahepatic", "肝"})
_NEVER = frozenset({"never", "none", "nil", "no", "无", "否"})
_NOT_DONE = re.compile(
    r"(but)?(it)?(has|is)?(not|n't)(yet)?(been)?(done|performed|happened|carriedout|takenplace)(yet|sofar)?$"
    r"|(但)?(目前|现在|至今)?(还|尚)?(没有?|未)(做|行|切|手术|实施)(呢|的)?$"
)
"""That the operation of the clause before is still to come ("planned for next month, not done yet")."""


def read(message: Message, others: list[Found]) -> Iterator[Found | None]:
    """The state after hepatectomy; `others` are the facts found so far, for lesions that are there now."""
    done = sorted(performed(message), key=lambda term: term.start)
    unclear = _unclear(message, done[-1]) if done else None
    if unclear is not None:
        yield message.found(_FACT, *_near(message, done[-1], unclear), status="unknown")
    elif done:
        yield _state(message, done, others)
    else:
        yield _come_back(message, _all_resected(message))
    for term in message.document.find("hepatectomy", "any_surgery_none"):
        yield _never(message, term, done)
    if not done:
        yield _liver_untouched(message)


def _unclear(message: Message, operation: Term) -> Term | None:
    """The words by which it is left open what was operated (做过肝脏手术，但不确定是活检还是切除)."""
    following = message.clauses.index(operation.start) + 1
    if following >= len(message.clauses.clauses):
        return None
    clause = message.clauses.clauses[following]
    open_ = message.document.first(clause.start, clause.end, "maybe", "maybe_after", "untested", "whether")
    if open_ is None or message.document.first(open_.end, clause.end, "surgery", "removed_part", "hepatectomy") is None:
        return None
    return open_


def _come_back(message: Message, resected: Found | None) -> Found | None:
    """Metastases that were all cut, with a recurrence told behind that (切干净了，这次肝S3复发)."""
    if resected is None:
        return None
    cut = Term(resected.token, resected.token + 1, frozenset())
    return _recurred(message, cut, cut, cut.end) or resected


def _all_resected(message: Message) -> Found | None:
    """What says "resected, no residual disease" where nothing but the liver can be meant."""
    document = message.document
    if any(document.find("primary", "primary_site", "primary_surgery", "organ.lung", "organ.other", "local_therapy")):
        return None
    looked_at = None
    for term in document.find("liver_metastasis", "organ.liver"):
        clause = message.clauses.of(term.start)
        if clause is looked_at:
            continue
        looked_at = clause
        for cut in document.between(term.end, clause.end):
            said = "".join(document.word(i) for i in range(cut.start, cut.end))
            if cut.any("no_residual") and {"切", "拿", "清"}.intersection(said):
                return message.found(_FACT, term.start, cut.end, value="resected")
    for cut in document.find("no_residual"):
        said = "".join(document.word(i) for i in range(cut.start, cut.end))
        clause = message.clauses.of(cut.start)
        counted = document.first(max(clause.start, cut.start - _COUNTED), cut.start, "unit.count")
        if "切" in said and counted is not None and not message.frames.asks:
            return message.found(_FACT, counted.start, cut.end, value="resected")  # 六枚全切干净了
    for term in document.find("surgery"):
        clear = next((t for t in document.between(term.end, term.end + 8) if t.any("no_residual")), None)
        clear = clear or next(
            (
                t
                for t in document.between(term.end, term.end + 8)
                if t.any("residual") and message.context.cue_before(t.start, "negation") is not None
            ),
            None,
        )
        if clear is not None and message.context.cue_before(term.start, "plan") is None:
            return message.found(_FACT, term.start, clear.end, value="resected")
    return None


def _liver_untouched(message: Message) -> Found | None:
    """That the liver, or what grows in it, was not cut (肝一直没切过, 肝内4枚当时没有切，到现在也没切, 没开过肝)."""
    about: Term | None = None
    before: Clause | None = None
    for clause in message.clauses.clauses:
        terms = list(message.document.between(clause.start, clause.end))
        named = [t for t in terms if t.any(*_CUT)]
        about = named[-1] if named else about
        said = "".join(message.document.word(i) for i in range(clause.start, min(clause.end, clause.start + REACH)))
        liver = about is not None and about.any("liver_metastasis", "organ.liver", "hepatectomy")
        goes_on = about is not None and about.any("hepatectomy") and message.clauses.of(about.start) is before
        if (liver and _UNTOUCHED.search(said)) or (goes_on and _NOT_DONE.match(said)):
            return message.found(_FACT, clause.start, clause.end, value="not_resected")
        before = clause
    return None


def _never(message: Message, term: Term, done: list[Term]) -> Found | None:
    if term.any("any_surgery_none"):
        clause = message.clauses.of(term.start)
        if any(t.any("primary", "primary_site") for t in message.document.between(clause.start, clause.end)):
            return None
        return None if done else message.found(_FACT, term.start, term.end, value="not_resected")
    if not_known(message, term):
        return None
    if message.document.word(term.end) == ":" and message.document.word(term.end + 1) in _NEVER:
        return message.found(_FACT, term.start, term.end + 2, value="not_resected")
    denial = message.context.cue_before(term.start, "negation")
    if denial is None or not _denies_the_deed(denial):
        denial = message.context.cue_after(term.end, "negation")
    if denial is None or not _denies_the_deed(denial) or message.document.first(denial.end, term.start, "tolerance"):
        return None  # "not someone who would survive a hepatectomy"
    if message.context.cue_before(term.start, "plan") is not None:
        return None
    return message.found(_FACT, *message.cover(term, denial), value="not_resected")


def _denies_the_deed(denial: Term) -> bool:
    return not denial.any("inability", "refusal")


def _state(message: Message, done: list[Term], others: list[Found]) -> Found | None:
    """Recurred, resected, or neither where residue was left behind."""
    first, last = done[0], done[-1]
    if any(abs(t.start - last.end) <= REACH for t in message.document.find("first_stage")):
        return None  # the second operation of two is still to come
    clear = _clear(message)
    open_ = _open_recurrence(message, first)
    if open_ is not None:
        return message.found(_FACT, *_near(message, last, open_), status="unknown")
    again = _recurred(message, first, last, clear.start if clear is not None else -1)
    if again is not None:
        return again
    since = clear.start if clear is not None else first.start
    if any(
        _shows_disease(message, other, first) and (other.token > since or other.rank > 1 or other.token < first.start)
        for other in others
    ):
        return message.found(_FACT, last.start, last.end, value="recurred")
    if clear is not None:
        return message.found(_FACT, *_near(message, last, clear), value="resected")
    if any(message.context.negated(t.start, t.end) is None for t in message.document.find("residual")):
        return None
    return message.found(_FACT, last.start, last.end, value="resected")


def _recurred(message: Message, operation: Term, beside: Term, after: int) -> Found | None:
    """The first recurrence after an operation that is told behind a token; what it came of is shown beside it."""
    for term in message.document.find(*AGAIN, "regrowth"):
        treated = message.document.first(operation.start, term.start, "local_therapy")
        regrown = term.any("regrowth") and treated is not None  # what was treated, and not the liver that was cut
        if term.start > after and not regrown and _tells_recurrence(message, term, operation):
            if message.context.doubt(term.start, term.end) is not None:
                return message.found(_FACT, *_near(message, beside, term), status="unknown")
            return message.found(_FACT, *_near(message, beside, term), value="recurred")
    return None


def _open_recurrence(message: Message, hepatectomy: Term) -> Term | None:
    """A recurrence that is only asked about, with a test to come (是不是复发要等穿刺, "unclear whether it is one")."""
    for term in message.document.find("failure.recurrence"):
        clause = message.clauses.of(term.start)
        pending = message.document.first(clause.start, clause.end, "untested", "untested_before", "whether")
        if pending is not None and message.document.first(pending.end, clause.end, *_THERAPIES) is not None:
            pending = None  # 复发后没做任何局部治疗
        pending = pending or message.context.doubt(term.start, _with_its_place(message, term))
        pending = pending or _doubted_in_place(message, term)
        asked = not message.frames.asserted(term.start, term.end)
        awaited = any(message.document.word(i) in _AWAITED for i in range(term.end, clause.end))
        if term.start > hepatectomy.end and (pending is not None or (asked and awaited)):
            return pending or term
    return None


def _doubted_in_place(message: Message, recurrence: Term) -> Term | None:
    """The doubt between a recurrence and where it would be ("recurrence possible in segment 4")."""
    doubt = message.document.term_at(recurrence.end)
    doubted = doubt is not None and doubt.any("maybe_after") and message.document.word(doubt.end) == "in"
    return doubt if doubted else None


def _with_its_place(message: Message, recurrence: Term) -> int:
    """Where the words end that say where it is ("recurrence in segment 4 suspected")."""
    document = message.document
    if document.word(recurrence.end) != "in":
        return recurrence.end
    place = document.term_at(recurrence.end + 1 + (document.word(recurrence.end + 1) in ("the", "her", "his")))
    if place is None or not place.any("organ.liver", "segment", "lobe", "reserve_name"):
        return recurrence.end
    return place.end + any(quantity.start == place.end for quantity in message.quantities)


def _tells_recurrence(message: Message, term: Term, hepatectomy: Term) -> bool:
    """Whether a word such as "recurrence" is said of this patient's liver after the hepatectomy."""
    if message.context.negated(term.start, term.end) is not None or not message.frames.asserted(term.start, term.end):
        return False
    if _listed_with_denied(message, term) or not is_disease(message, term):
        return False
    clause = message.clauses.of(term.start)
    places = [
        t
        for t in message.document.between(clause.start, clause.end)
        if t.any("organ", "liver_metastasis", "primary", "lung_only")
    ]
    liver = any(t.any("organ.liver", "liver_metastasis") for t in places) or not _HEPATIC.isdisjoint(
        message.document.word(i) for i in range(term.start, term.end)
    )
    if places and not liver:
        return False
    return (
        liver or term.start > hepatectomy.start or not message.clauses.separated(term.start, hepatectomy.start, CLAUSE)
    )


def _listed_with_denied(message: Message, term: Term) -> bool:
    """Whether it is denied together with what it is listed with ("no residual or recurrent disease")."""
    joint = message.document.term_at(term.start - 1)
    denied = message.document.term_at(joint.start - 1) if joint is not None and joint.any("enumerator") else None
    if denied is None:
        return False
    left = denied.any("residual") and message.context.cue_before(denied.start, "negation") is not None
    return denied.any("no_residual") or left


def _shows_disease(message: Message, other: Found, hepatectomy: Term) -> bool:
    """Whether another fact says that there are lesions after the hepatectomy."""
    mention = other.mention
    if not mention.asserted or mention.status not in ("known", "bound"):
        return False
    if mention.fact == "resectability":
        return mention.status == "known"
    lesions = mention.fact in ("lesion_count", "largest_lesion_cm") and other.rank > 0
    return lesions and (other.token > hepatectomy.start or _told_before(message, other, hepatectomy))


def _told_before(message: Message, other: Found, hepatectomy: Term) -> bool:
    """Whether lesions are told first, then how long after the hepatectomy ("18 mm, a year after my left …")."""
    near = [message.document.word(i) for i in range(max(0, hepatectomy.start - 3), hepatectomy.start)]
    return "after" in near and not message.clauses.separated(other.token, hepatectomy.start, SENTENCE)


def _clear(message: Message) -> Term | None:
    """The last word that says that nothing is left."""
    said = [t for t in message.document.find("no_residual") if message.frames.asserted(t.start, t.end)]
    latest = [*said[-1:], *filter(None, [_no_residue(message)])]
    return max(latest, key=lambda term: term.start, default=None)


def _no_residue(message: Message) -> Term | None:
    """A denied residue or recurrence."""
    denied = [
        term
        for term in message.document.find("residual", *AGAIN)
        if message.context.cue_before(term.start, "negation") is not None
    ]
    return denied[-1] if denied else None


def _near(message: Message, first: Term, second: Term) -> tuple[int, int]:
    """The tokens of two terms together when they stand in one sentence, else those of the second."""
    start, end = min(first.start, second.start), max(first.start, second.start)
    if message.clauses.separated(start, end, SENTENCE):
        return second.start, second.end
    return message.cover(first, second)
