"""Resection of liver metastases, and what came after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.nlu.clauses import CLAUSE, SENTENCE, SPACE
from knowledge.nlu.document import Term
from knowledge.nlu.message import REACH, Found, Message

_FACT = "resection_status"
_UNTOUCHED = re.compile(
    r"(?<!有)(?:从未|从没有?|一直没|没有?|未曾?|还没)(?:被|做|行|给)?过?(?:切除?过?|动过?刀|开过?刀|动过手术)(?:过|的)?$"
    r"|(?:从未|从没有?|没有?|未曾?)(?:切|开|动)过?(?:除过?)?肝(?:脏|子)?$"
)
AGAIN = ("failure.recurrence", "failure.new")
"""Words by which disease is there again."""

_AHEAD = ("前", "before")
_NO_SIGN_BEHIND = ("in", "from", "had", "has")


def read(message: Message, others: list[Found]) -> Iterator[Found | None]:
    """The state after hepatectomy; `others` are the facts found so far, for lesions that are there now."""
    done = sorted(_done(message), key=lambda term: term.start)
    if done:
        yield _state(message, done, others)
    else:
        yield _all_resected(message)
    for term in message.document.find("hepatectomy", "any_surgery_none"):
        yield _never(message, term, done)
    if not done:
        yield _liver_untouched(message)


def _all_resected(message: Message) -> Found | None:
    """What says "resected, no residual disease" where nothing but the liver can be meant."""
    document = message.document
    if any(document.find("primary", "primary_site", "primary_surgery", "organ.lung", "organ.other", "local_therapy")):
        return None
    for term in document.find("liver_metastasis"):
        clause = message.clauses.of(term.start)
        for cut in document.between(term.end, clause.end):
            said = "".join(document.word(i) for i in range(cut.start, cut.end))
            if cut.any("no_residual") and "切" in said:
                return message.found(_FACT, term.start, cut.end, value="resected")
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
    for clause in message.clauses.clauses:
        terms = list(message.document.between(clause.start, clause.end))
        named = [t for t in terms if t.any("liver_metastasis", "organ", "primary", "primary_site", "primary_surgery")]
        about = named[-1] if named else about
        said = "".join(message.document.word(i) for i in range(clause.start, min(clause.end, clause.start + REACH)))
        if about is not None and about.any("liver_metastasis", "organ.liver") and _UNTOUCHED.search(said):
            return message.found(_FACT, clause.start, clause.end, value="not_resected")
    return None


def _never(message: Message, term: Term, done: list[Term]) -> Found | None:
    if term.any("any_surgery_none"):
        clause = message.clauses.of(term.start)
        if any(t.any("primary", "primary_site") for t in message.document.between(clause.start, clause.end)):
            return None
        return None if done else message.found(_FACT, term.start, term.end, value="not_resected")
    denial = message.context.cue_before(term.start, "negation")
    if denial is None or not _denies_the_deed(denial):
        denial = message.context.cue_after(term.end, "negation")
    if denial is None or not _denies_the_deed(denial):
        return None
    if message.context.cue_before(term.start, "plan") is not None:
        return None
    return message.found(_FACT, *message.cover(term, denial), value="not_resected")


def _denies_the_deed(denial: Term) -> bool:
    return not denial.any("inability", "refusal")


def _done(message: Message) -> Iterator[Term]:
    """Hepatectomies that were performed."""
    for term in message.document.find("hepatectomy", "liver_resected"):
        if message.context.cue_before(term.start, "negation") is not None:
            continue
        if message.context.cue_before(term.start, "plan") is not None or _lung(message, term):
            continue
        if not message.frames.asserted(term.start, term.end) or any(message.frames.other_person[term.start : term.end]):
            continue
        if term.any("liver_resected") or _performed(message, term):
            yield term
    yield from _lesions_done(message)
    for term in message.document.find("liver_metastasis"):
        after = "".join(message.document.word(i) for i in range(term.end, term.end + 2))
        if after == "术后" and message.frames.asserted(term.start, term.end):
            yield Term(term.start, term.end + 2, term.names)


def _lesions_done(message: Message) -> Iterator[Term]:
    """Operations on liver metastases or on the liver that were performed."""
    for term in message.document.find("surgery", "removed_part"):
        noun = _resected_lesions(message, term)
        if noun is None or message.context.cue_before(noun.start, "plan") is not None:
            continue
        if _performed(message, term) and message.frames.asserted(term.start, term.end):
            yield Term(min(noun.start, term.start), max(noun.end, term.end), term.names)


def _resected_lesions(message: Message, term: Term) -> Term | None:
    """The liver metastases that a plain word for surgery is done on (肝转移瘤R0切除, "resection of her liver mets")."""
    if "of" in (message.document.word(term.end), message.document.word(term.end - 1)):
        following = message.document.between(term.end, term.end + 5)
        return next((t for t in following if t.any("liver_metastasis")), None)
    behind = message.document.term_at(term.end)
    if behind is not None and behind.any("liver_metastasis") and message.document.tokens[term.start].chinese:
        return behind
    for index in range(term.start - 1, max(-1, term.start - 7), -1):
        before = message.document.term_at(index)
        if before is not None and before.any("liver_metastasis", "organ.liver"):
            return before
        if message.clauses.before[index + 1] > 0:
            return None
    return None


def _lung(message: Message, term: Term) -> bool:
    before = message.document.term_at(term.start - 1)
    return before is not None and before.any("organ.lung")


def _performed(message: Message, term: Term) -> bool:
    """Whether a word behind or before a hepatectomy says that it was done."""
    behind = _said_behind(message, term)
    if behind is None:
        behind = _said_before(message, term)
    if behind is not None:
        return behind
    return _year_beside(message, term) or _cleared(message, term) or _recurred_since(message, term)


def _recurred_since(message: Message, term: Term) -> bool:
    """Whether a recurrence is told behind a hepatectomy ("segmentectomy for a met. Now liver recurrence")."""
    return any(
        again.start > term.end
        and message.frames.asserted(again.start, again.end)
        and message.context.cue(again.start, again.end, "negation") is None
        for again in message.document.find("failure.recurrence")
    )


def _cleared(message: Message, term: Term) -> bool:
    """Whether the margins are told soon behind a hepatectomy ("left lateral sectionectomy + wedge seg 6, R0")."""
    end = min(message.clauses.sentence_end(term.start), term.end + 14)
    return any(t.any("no_residual") for t in message.document.between(term.end, end))


def _said_behind(message: Message, term: Term) -> bool | None:
    document = message.document
    for index in range(term.end, min(term.end + 4, len(document.tokens))):
        if message.clauses.before[index] > SPACE:
            break
        following = document.term_at(index)
        if document.word(index) in _AHEAD:
            return False
        if following is None:
            continue
        if following.any("residual", "no_residual", *AGAIN):
            return True
        if following.any("done", "past") and document.word(index) not in _NO_SIGN_BEHIND:
            return True
    return True if [document.word(i) for i in range(term.end + 1, term.end + 3)] == ["术", "后"] else None


def _said_before(message: Message, term: Term) -> bool | None:
    document = message.document
    index = term.start - 1
    for _ in range(6):
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
    for index in (term.end, term.end + 1, term.start - 2, term.start - 1):
        word = message.document.word(index)
        if word.isdigit() and 1990 <= int(word) <= 2099:
            return True
    return False


def _state(message: Message, done: list[Term], others: list[Found]) -> Found | None:
    """Recurred, resected, or neither where residue was left behind."""
    first, last = done[0], done[-1]
    clear = _clear(message)
    for term in message.document.find(*AGAIN):
        if _tells_recurrence(message, term, first) and (clear is None or clear.start < term.start):
            doubt = message.context.cue(term.start, term.end, "uncertainty")
            if doubt is not None:
                return message.found(_FACT, *_near(message, last, term), status="unknown")
            return message.found(_FACT, *_near(message, last, term), value="recurred")
    since = clear.start if clear is not None else first.start
    if any(_shows_disease(other, first) and (other.token > since or other.rank > 1) for other in others):
        return message.found(_FACT, last.start, last.end, value="recurred")
    if clear is not None:
        return message.found(_FACT, *_near(message, last, clear), value="resected")
    if any(message.context.negated(t.start, t.end) is None for t in message.document.find("residual")):
        return None
    return message.found(_FACT, last.start, last.end, value="resected")


def _tells_recurrence(message: Message, term: Term, hepatectomy: Term) -> bool:
    """Whether a word such as "recurrence" is said of this patient's liver after the hepatectomy."""
    if message.context.negated(term.start, term.end) is not None or not message.frames.asserted(term.start, term.end):
        return False
    if _listed_with_denied(message, term):
        return False
    clause = message.clauses.of(term.start)
    places = [
        t for t in message.document.between(clause.start, clause.end) if t.any("organ", "liver_metastasis", "primary")
    ]
    liver = any(t.any("organ.liver", "liver_metastasis") for t in places)
    if places and not liver:
        return False
    return (
        liver or term.start > hepatectomy.start or not message.clauses.separated(term.start, hepatectomy.start, CLAUSE)
    )


def _listed_with_denied(message: Message, term: Term) -> bool:
    """Whether it is denied together with what it is listed with ("no residual or recurrent disease")."""
    joint = message.document.term_at(term.start - 1)
    denied = message.document.term_at(joint.start - 1) if joint is not None and joint.any("enumerator") else None
    return denied is not None and denied.any("no_residual")


def _shows_disease(other: Found, hepatectomy: Term) -> bool:
    """Whether another fact says that there are lesions after the hepatectomy."""
    mention = other.mention
    if not mention.asserted or mention.status not in ("known", "bound"):
        return False
    if mention.fact == "resectability":
        return mention.status == "known"
    return mention.fact in ("lesion_count", "largest_lesion_cm") and other.rank > 0 and other.token > hepatectomy.start


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
