"""What makes a bare number one of lesions where no noun follows it: a label, a sign, a colon."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.facts.topics import ELSEWHERE, LIVER
from knowledge.nlu.message import REACH, Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

BETWEEN = 6
"""The most tokens between a number and the noun it counts ("3 small bilobar liver metastases")."""
_NOUN_PHRASE = 12
"""The most tokens between lesions and the number behind a colon."""
_EQUALS = words("= : × x 是 为 有 数 are is were")
_TIMES = words("x ×")
_BEFORE_THE_NUMBER = ("filler", "times_sign", "size_label", "total", "about", "number_label", "each")


def lesions_equal(message: Message, quantity: Quantity) -> int | None:
    """Where "lesions: 3", "mets ×3" or "mets (n = 3)" begins."""
    document = message.document
    index = quantity.start
    before = document.term_at(index - 1)
    while index > 0 and before is not None and before.any(*_BEFORE_THE_NUMBER):
        index = before.start
        before = document.term_at(index - 1)
    signs = {document.word(i) for i in range(index, quantity.start)}
    if before is not None and _were_treated(message, before):
        return None
    bracketed = quantity.unit is None and signs == {"("} and document.word(quantity.end) == ")"
    if bracketed and before is not None and before.any("lesion", "liver_metastasis"):
        return before.start  # "liver mets (2)"
    recurred = before is not None and before.any("failure.recurrence") and bool(signs & _TIMES)  # "recurrence x2"
    if signs & _EQUALS and before is not None and (recurred or before.any("lesion", "liver_metastasis")):
        return before.start
    if signs & _TIMES and before is not None and before.any("organ.liver"):
        return before.start
    if signs & _TIMES and before is None and _alone_behind_metastases(message, index, quantity):
        return index
    if index == quantity.start and before is not None and _list_of_lesions(message, before, quantity):
        return before.start
    return _n_equals(message, index, quantity)


def _were_treated(message: Message, lesions: Term) -> bool:
    """Whether lesions are named as those that something was done for ("Ablated tumours: one, in 2021")."""
    treated = message.document.term_at(lesions.start - 1)
    return treated is not None and treated.any("removed_part")


def _n_equals(message: Message, index: int, quantity: Quantity) -> int | None:
    """Where "n = 3" or "n. 4" begins, if it is said of lesions; `index` is the token behind the n."""
    document = message.document
    if document.word(index - 2) == "n" and document.word(index - 1) == ".":
        index -= 1
    if document.word(index - 1) != "n" or document.word(quantity.start - 1) not in ("=", ":", "."):
        return None
    named = document.term_at(index - 2 - (document.word(index - 2) == "("))
    while named is not None and named.any("synchronous", "metachronous", "lobe"):
        named = document.term_at(named.start - 1)
    if named is None or named.any("filler"):
        alone = message.clauses.of(quantity.number).start == index - 1 or document.word(index - 2) == ":"
        return index - 1 if alone else None
    return index - 1 if named.any("lesion", "liver_metastasis", "liver_only") else None


def _alone_behind_metastases(message: Message, start: int, quantity: Quantity) -> bool:
    """Whether "x11" makes up a clause behind the name of liver metastases ("IU-CRLM, sync, x11")."""
    clause = message.clauses.of(quantity.number)
    if (start, quantity.end) != (clause.start, clause.end):
        return False
    floor = max(message.clauses.sentence_start(start), start - REACH)
    named = [t for t in message.document.between(floor, start) if t.any(*LIVER, *ELSEWHERE, "chemotherapy")]
    return bool(named) and named[-1].any("liver_metastasis")


def _list_of_lesions(message: Message, noun: Term, quantity: Quantity) -> bool:
    """Whether a bare number ends a clause right behind lesions ("liver spots 3", 肝转移灶4)."""
    if noun.any("organ.liver") and message.document.word(noun.start - 1) in ("in", "to"):
        placed_noun = message.document.term_at(noun.start - 2)  # "metastasis in liver twelve"
        several = quantity.value is not None and quantity.value > 1 and quantity.end == _clause_end(message, quantity)
        return several and placed_noun is not None and placed_noun.any("metastasis", "lesion")
    if message.document.word(noun.end - 1) == "m":
        return False  # 肝M1 is a stage
    plural = not message.document.tokens[noun.start].latin or message.document.word(noun.end - 1).endswith("s")
    liver = noun.any("liver_metastasis") or any(
        t.any("organ.liver") for t in message.document.between(noun.start - 2, noun.start)
    )
    return plural and liver and quantity.unit is None and quantity.end == _clause_end(message, quantity)


def _clause_end(message: Message, quantity: Quantity) -> int:
    return message.clauses.of(quantity.number).end


def behind_colon(message: Message, quantity: Quantity) -> int | None:
    """Where the lesions are named that a bare number behind a colon counts ("mets on the staging scan: three, ...")."""
    clause = message.clauses.of(quantity.number)
    if message.document.word(quantity.start - 1) != ":" or quantity.unit is not None or quantity.end != clause.end:
        return None
    named = [
        t
        for t in message.document.between(max(clause.start, quantity.start - _NOUN_PHRASE), quantity.start)
        if t.any("lesion", *LIVER, *ELSEWHERE)
    ]
    lesions = any(t.any("lesion") for t in named)
    if named and _were_treated(message, named[0]):
        return None
    fits = bool(named) and (named[-1].any("liver_metastasis", "lesion") or (lesions and named[-1].any("organ.liver")))
    return named[0].start if fits else None


def times_lesions(message: Message, quantity: Quantity) -> int | None:
    """Where "3 x liver mets" ends."""
    sign = message.document.term_at(quantity.end)
    noun = message.document.term_at(sign.end) if sign is not None and sign.any("times_sign") else None
    return noun.end if noun is not None and noun.any("lesion", "liver_metastasis") else None


def number_label(message: Message, quantity: Quantity) -> Term | None:
    """A word such as 数目 or "lesion count" that a bare number belongs to."""
    floor = max(message.window(quantity), message.end_before(quantity))
    near = [t for t in message.document.between(floor, quantity.start) if quantity.start - t.end <= BETWEEN]
    label = next((t for t in near if t.any("number_label")), None)
    return label or next((t for t in near if t.any("short_number_label") and _opens(message, t)), None)


def _opens(message: Message, label: Term) -> bool:
    """Whether a word such as "count" opens its clause, or stands right behind lesions ("liver metastasis count 2")."""
    named = message.document.term_at(label.start - 1)
    opens = label.start == message.clauses.of(label.start).start
    return opens or (named is not None and named.any("lesion", "liver_metastasis"))
