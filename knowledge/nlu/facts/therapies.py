"""Which therapy a result is said of."""

from __future__ import annotations

from knowledge.nlu.clauses import SENTENCE
from knowledge.nlu.document import Term
from knowledge.nlu.message import REACH, Message

THERAPY = ("chemotherapy", "local_therapy", "hai", "hepatectomy", "adjuvant", "surgery", "primary_surgery")


def therapy_of(message: Message, term: Term) -> Term | None:
    """The therapy a result is said of: the nearest before it in its sentence, else the nearest right after it."""
    start = max(message.clauses.sentence_start(term.start), term.start - REACH)
    nearest: Term | None = None
    for other in message.document.between(start, term.start):
        if other.any(*THERAPY) and not planned(message, other):
            nearest = other
    clause = message.clauses.of(term.start)
    following: Term | None = None
    end = clause.end + 4 if clause.mark == "(" else clause.end
    for other in message.document.between(term.end, min(end, term.end + 8)):
        if other.any(*THERAPY):
            following = other
            break
        if other.any("lesion", "gene", "unresectable", "resectable"):
            break
    if following is not None and linked_after(message, term, following):
        return following
    if nearest is not None:
        return nearest
    return following or _earlier_therapy(message, start)


def linked_after(message: Message, term: Term, following: Term) -> bool:
    """Whether a therapy is named as what a result is of ("PD on FOLFOX", "failed TACE")."""
    for index in range(term.end, following.start):
        other = message.document.term_at(index)
        if other is None:
            if message.document.tokens[index].number:
                continue  # "PD on 2 lines of chemo"
            if message.document.word(index) not in ("her", "his", "two", "three", "this", "that", "prior"):
                return False
        elif not other.any(
            "after", "filler", "gene_filler", "from", "other_noun", "range_join", "light", "enumerator", "past", "unit"
        ):
            return False
    return message.document.tokens[term.start].latin


def _earlier_therapy(message: Message, start: int) -> Term | None:
    """The last therapy of the sentence before, for "FOLFOX 6 cycles. PR."."""
    if start == 0:
        return None
    floor = max(message.clauses.sentence_start(max(0, start - 2)), start - REACH)
    nearest: Term | None = None
    for other in message.document.between(floor, start):
        if other.any(*THERAPY) and not planned(message, other):
            nearest = other
    return nearest


def still_to_come(message: Message, operation: Term) -> bool:
    """Whether an operation only says what something was before ("pre-hepatectomy ctDNA")."""
    before = operation.start - 1
    return message.document.word(before - (message.document.word(before) == "-")) == "pre"


def planned(message: Message, therapy: Term) -> bool:
    return message.context.cue_before(therapy.start, "plan") is not None


def systemic(therapy: Term | None) -> bool:
    return therapy is not None and therapy.any("chemotherapy") and not therapy.any("adjuvant")


def beside_the_liver(message: Message, therapy: Term) -> bool:
    """Whether a local treatment was one of another organ ("SBRT to bone met", 骨转移放疗)."""
    if not therapy.any("local_therapy"):
        return False
    document = message.document
    behind = [t for t in document.between(therapy.end, therapy.end + 3) if t.any("organ", "liver_metastasis")]
    to = document.word(therapy.end) in ("to", "for", "of") and bool(behind)
    before = document.term_at(therapy.start - 1)
    if before is not None and before.any("metastasis", "lesion"):
        before = document.term_at(before.start - 1)
    place = behind[0] if to else before
    return place is not None and place.any("organ.lung", "organ.other")


def denied(message: Message, term: Term) -> Term | None:
    return message.context.cue_before(term.start, "negation")


def doubted(message: Message, term: Term) -> bool:
    """Whether a result is in doubt, or nobody knows it (局部治疗算不算失败现在不知道)."""
    behind = message.document.term_at(term.end)
    asked = [message.document.word(i) for i in range(term.start - 3, term.start)]
    whether = asked[1] == "不" and asked[0] == asked[2]
    open_ = whether or (behind is not None and behind.any("not_known"))
    return open_ or message.context.cue(term.start, term.end, "uncertainty") is not None


def span(message: Message, term: Term, therapy: Term | None, *more: Term | None) -> tuple[int, int]:
    """The tokens of a result with its therapy, where they stand in one clause."""
    if therapy is not None and not message.clauses.separated(
        min(term.start, therapy.start), max(term.start, therapy.start), SENTENCE
    ):
        return message.cover(term, therapy, *more)
    return message.cover(term, *more)


def therapy_denied(message: Message, therapy: Term | None) -> bool:
    return therapy is not None and message.context.cue_before(therapy.start, "negation") is not None
