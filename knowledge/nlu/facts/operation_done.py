"""What says that an operation was done: words before and behind it, a year beside it, what came after it."""

from __future__ import annotations

from knowledge.nlu.clauses import SPACE
from knowledge.nlu.document import Term
from knowledge.nlu.message import Message

AGAIN = ("failure.recurrence", "failure.new")
"""Words by which disease is there again."""
_LIST_OF_SEGMENTS = 10
"""The most tokens between a word such as 行 and the operation (行肝S2、S3切除)."""
TOOK = frozenset({"took", "taken"})
SURGEONS = frozenset({"we", "they", "surgeons", "i"})
"""Who cut something ("in whom we resected the liver metastases")."""
_PERFECTIVE = frozenset({"完", "过", "了", "掉"})
"""Chinese particles by which an operation has been done (切完肝)."""
_NEXT = frozenset({"再", "后", "之", "以", "才", "能", "要", "的"})
REASONS = ("for", "of", "治", "因", "(")
_AHEAD = ("前", "before")
_NO_SIGN_BEHIND = ("in", "from", "had", "has")


def was_performed(message: Message, term: Term) -> bool:
    """Whether a word behind or before a hepatectomy says that it was done."""
    if message.document.word(term.start) in TOOK or _has_been_cut(message, term) or _was_removed(message, term):
        return True
    behind = _said_behind(message, term)
    if behind is None:
        behind = _said_before(message, term)
    if behind is not None:
        return behind
    return _year_beside(message, term) or _cleared(message, term) or _recurred_since(message, term)


def _has_been_cut(message: Message, term: Term) -> bool:
    """Whether a particle says that the liver or lesions were cut (切完肝两年了), and not what follows (切完再…)."""
    said = {message.document.word(i) for i in range(term.start, term.end)}
    perfect = said & _PERFECTIVE if term.any("hepatectomy") else said & {"已", "了"}
    cut = term.any("hepatectomy") or (term.any("removed_part") and not term.any("local_therapy"))
    return cut and bool(perfect) and message.document.word(term.end) not in _NEXT


def _was_removed(message: Message, term: Term) -> bool:
    """Whether the passive tells that something was taken out ("half of his liver was removed that summer")."""
    cut = next((t for t in message.document.between(term.start, term.end) if t.any("removed_part")), None)
    if cut is None:
        return False
    if message.document.word(cut.start - 1) in SURGEONS:
        return True
    auxiliary = [message.document.word(i) for i in range(cut.start - 2, cut.start)]
    return auxiliary[-1:] in (["was"], ["were"]) or auxiliary in (["has", "been"], ["had", "been"], ["have", "been"])


def _recurred_since(message: Message, term: Term) -> bool:
    """Whether a recurrence is told behind a hepatectomy ("segmentectomy for a met. Now liver recurrence")."""
    return any(
        again.start > term.end
        and is_disease(message, again)
        and message.frames.asserted(again.start, again.end)
        and message.context.cue(again.start, again.end, "negation") is None
        for again in message.document.find("failure.recurrence")
    )


def _cleared(message: Message, term: Term) -> bool:
    """Whether the margins are told soon behind a hepatectomy ("left lateral sectionectomy + wedge seg 6, R0")."""
    before = message.document.term_at(term.start - 1)
    if before is not None and before.any("no_residual"):
        return True  # "liver mets R0 resected"
    end = min(message.clauses.sentence_end(term.start), term.end + 14)
    return any(t.any("no_residual") for t in message.document.between(term.end, end))


def _behind_reason(message: Message, term: Term) -> int:
    """Behind what an operation was for ("hepatectomy for CRLM three years ago", 切除（肝转移）术后)."""
    document = message.document
    reason = (
        document.first(term.end, term.end + 5, "liver_metastasis", "lesion")
        if document.word(term.end) in REASONS
        else None
    )
    end = reason.end if reason is not None else term.end
    return end + (document.word(end) == ")")


def _said_behind(message: Message, term: Term) -> bool | None:
    document = message.document
    start = _behind_reason(message, term)
    for index in range(start, min(start + 4, len(document.tokens))):
        if message.clauses.before[index] > SPACE and index > start:
            break
        following = document.term_at(index)
        if document.word(index) in _AHEAD:
            return False
        if following is None:
            continue
        if following.any("not") and not document.tokens[index].chinese:
            return False  # "hepatectomy has not been performed"
        if following.any("residual", "no_residual", "removed_part", *AGAIN):
            return True
        if following.any("done", "past") and document.word(index) not in _NO_SIGN_BEHIND:
            return True
    return True if [document.word(i) for i in range(term.end + 1, term.end + 3)] == ["术", "后"] else None


def _said_before(message: Message, term: Term) -> bool | None:
    document = message.document
    index = term.start - 1
    for _ in range(_LIST_OF_SEGMENTS):
        if index < 0 or message.clauses.before[index + 1] > SPACE:
            return None
        before = document.term_at(index)
        if document.word(index) in ("before", "for", "need", "needs"):
            return False
        if before is not None and before.any("done"):
            return document.word(before.start) not in ("in", "from")
        if before is not None and before.any("turn"):
            return None
        index = before.start - 1 if before is not None else index - 1
    return None


def _year_beside(message: Message, term: Term) -> bool:
    """Whether a year in the past stands beside it ("right hepatectomy 2021", "hepatectomy in 2021")."""
    end = _behind_reason(message, term)
    dates_from = 2 if message.document.word(end) in ("dates", "dating", "date") else 0
    for index in (end, end + 1, end + dates_from, term.start - 2, term.start - 1):
        word = message.document.word(index)
        if word.isdecimal() and 1990 <= int(word) <= 2099:
            return True
    return False


def is_disease(message: Message, again: Term) -> bool:
    """Whether a word such as "came back" speaks of disease and not of a result ("ctDNA came back positive")."""
    clause = message.clauses.of(again.start)
    following = message.document.term_at(again.end + (message.document.word(again.end) == "with"))
    result = following is not None and following.any("quality", "gene", "enzyme")
    result = result or message.document.first(clause.start, again.start, "ugt1a1", "gene", "lab", "ctdna") is not None
    return not (message.document.word(again.end - 1) == "back" and (result or message.document.word(again.end) == "as"))
