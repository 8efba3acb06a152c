"""Bare numbers that count lesions because the number before them did."""

from __future__ import annotations

from knowledge.nlu.facts.changes import is_denied, starts_a_change
from knowledge.nlu.lexicon import CueCategory
from knowledge.nlu.message import REACH, Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_GO_ON = ("present_words", "total", "lobe", "past", "removed_part")
_LIGHT = words("it is are the there only just with on by 只 有 是 了 就 in")
_IT_IS = words("it it's is its are there really 是 应 该 实 际 有")
REPORTING = words(
    "says say said shows showed count counts counted see sees saw reports reported reads finds found reveals revealed"
)
"""By which a bare number is one of what an image shows."""
_SEVERAL = words("crlm crlms mets metastases lesions tumours tumors deposits nodules")
_AUXILIARIES = words("have has had then now are were is was")
_LEFT = words("remain remains remaining left persist persists 剩 余")
_IMAGES = words("ct mri pet us ultrasound")
_SINCE = words("after on following since under 后")
_CHANGE = 4
_MOST_IN_APPOSITION = 20
"""A greater bare number may be an age."""
_OPEN: tuple[CueCategory, ...] = ("negation", "uncertainty", "untested")
_IMAGING = 4
"""The most words by which a clause says where a number was seen ("on the latest MRI")."""
_NEWEST = words("latest current newest new last")
_NEXT_COUNT = 12
"""The most tokens between a number of lesions and a bare number that goes on from it."""


def follows_a_count(message: Message, quantity: Quantity, last: Quantity) -> bool:
    """Whether a bare number counts lesions because the number before it does."""
    return (
        _replaces_a_count(message, quantity)
        or _but_it_is(message, quantity)
        or _changed_to(message, quantity, last)
        or _instead_of(message, quantity, last)
        or _goes_on(message, quantity, last)
        or (quantity.start - last.end <= _NEXT_COUNT and on_newer_image(message, quantity))
    )


def _replaces_a_count(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number stands behind a word of correction, and nothing behind it."""
    correction = message.document.term_at(
        quantity.start - 1 - (message.document.word(quantity.start - 1) in (",", "，"))
    )
    if correction is None or not correction.any("correction"):
        return _put_right(message, quantity)
    end = quantity.end
    if message.document.word(end) in ("on", "at", "per") and message.clauses.of(quantity.number).end - end <= _IMAGING:
        return True  # "two lesions - sorry, three on MRI"
    colon = message.document.word(end) in (":", "：")  # "sorry, three: the report was corrected"
    return end >= len(message.document.tokens) or colon or message.clauses.before[end] > 0


def _but_it_is(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number at the end of a clause is set against the one before ("I typed 3 lesions but it's 4")."""
    clause = message.clauses.of(quantity.number)
    before = [message.document.word(i) for i in range(max(clause.start, quantity.start - 4), quantity.start)]
    turned = "but" in before and before[-1] in _IT_IS
    return quantity.end == clause.end and turned and not set(before[before.index("but") + 1 :]) - _IT_IS


def _put_right(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number makes up the clause behind one with a word of correction ("he misread it; it's 5")."""
    clause = message.clauses.of(quantity.number)
    index = message.clauses.index(quantity.number)
    said = [message.document.word(i) for i in range(clause.start, quantity.start)]
    behind = said[len(said) - said[::-1].index(":") :] if ":" in said else said  # "he corrected it: it is two"
    if quantity.end != clause.end or not behind or not set(behind) <= _IT_IS or (not index and behind is said):
        return False
    before = message.clauses.clauses[index - 1] if behind is said else clause
    return any(t.any("correction") for t in message.document.between(before.start, before.end))


def in_apposition(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number makes up the clause behind one that ends with metastases ("liver metastases, five, …")."""
    clause = message.clauses.of(quantity.number)
    index = message.clauses.index(quantity.number)
    alone = clause.start == quantity.start and clause.end == quantity.end and quantity.unit is None
    if not alone or not index or quantity.value is None or quantity.value > _MOST_IN_APPOSITION:
        return False
    before = message.clauses.clauses[index - 1]
    noun = message.document.term_at(before.end - 1)
    named = noun is not None and noun.any("lesion", "liver_metastasis")
    return before.mark in (",", "，") and named and message.document.word(before.end - 1) in _SEVERAL


def _instead_of(message: Message, quantity: Quantity, last: Quantity) -> bool:
    """Whether a bare number is all that is said behind a rejected one ("not eight mets, seven", "not 4 but 3")."""
    clause = message.clauses.of(quantity.number)
    turned = message.document.word(quantity.start - 1) == "but" and last.end >= clause.start
    opening = {message.document.word(i) for i in range(clause.start, quantity.start)}
    return quantity.end == clause.end and (turned or opening <= _IT_IS) and is_denied(message, last)


def _changed_to(message: Message, quantity: Quantity, last: Quantity) -> bool:
    """Whether a bare number is what a number of lesions has changed to ("dropped from eight to five")."""
    joint = message.document.word(quantity.start - 1) in ("to", "到", "至")
    return joint and quantity.start - last.end <= _CHANGE and starts_a_change(message, last)


def starts_a_change_of_lesions(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number is how many lesions there were at first ("the mets went from 7 to 4")."""
    change, following = message.document.term_at(quantity.start - 1), message.after(quantity)
    if change is None or change.end != quantity.start or message.document.word(change.end - 1) != "from":
        return False
    lesions = message.document.term_at(change.start - 1 - (message.document.word(change.start - 1) in _AUXILIARIES))
    several = lesions is not None and message.document.word(lesions.end - 1) in _SEVERAL
    measured = following is None or following.unit is not None or following.decimal
    return several and not measured and starts_a_change(message, quantity)


def on_newer_image(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number opens a clause as what a newer image shows ("6 mets in January, 4 on the current MRI")."""
    if message.clauses.of(quantity.number).start != quantity.start or message.document.word(quantity.end) != "on":
        return False
    behind = list(message.document.between(quantity.end, quantity.end + _IMAGING + 1))
    current = any(t.any("present_words") for t in behind) and any(t.any("turn_to_patient") for t in behind)
    return current or any(t.any("evaluation") and message.document.word(t.start) in _NEWEST for t in behind)


def benign_among(message: Message, quantity: Quantity) -> int:
    """How many of the lesions just counted are said to be none ("3 liver lesions, 2 of which are cysts")."""
    return _among(message, quantity, "other_lesion")


def treated_among(message: Message, quantity: Quantity) -> int:
    """How many of the lesions just counted were treated; whether they count any more is open."""
    return _among(message, quantity, "removed_part", "local_therapy")


def is_part(message: Message, quantity: Quantity) -> bool:
    """Whether a number is that of some of the lesions just counted (4枚其中2枚在S8)."""
    return bool({"其", "当"}.intersection(message.document.word(i) for i in range(quantity.start - 2, quantity.start)))


def _among(message: Message, quantity: Quantity, *kinds: str) -> int:
    """How many of the lesions just counted are said to be of some kind."""
    document = message.document
    among = message.after(quantity)
    end = message.clauses.sentence_end(quantity.number)
    if among is None or among.number >= end or among.value is None or among.start - quantity.end > _NEXT_COUNT:
        return 0
    words_behind = [document.word(i) for i in range(among.end, among.end + 3)]
    part = words_behind[:1] == ["of"] or {"其", "当"}.intersection(
        document.word(i) for i in range(among.start - 3, among.start)
    )
    if not part or among.value >= (quantity.value or 0) or among.value != int(among.value):
        return 0
    clause = message.clauses.of(among.number)
    for other in document.between(among.end, min(clause.end, among.end + _NEXT_COUNT)):
        if other.any(*kinds):
            sure = all(message.context.cue(other.start, other.end, kind) is None for kind in _OPEN)
            return int(among.value) if sure else 0
    return 0


def _goes_on(message: Message, quantity: Quantity, last: Quantity) -> bool:
    """Whether a bare number goes on from a number of lesions ("seven lesions before, five now"; "right lobe 4")."""
    clause = message.clauses.of(quantity.number)
    if quantity.start - last.end > _NEXT_COUNT:
        return False
    if quantity.end == clause.end and message.document.word(quantity.start - 1) in REPORTING:
        return True
    opening = message.document.term_at(clause.start)
    now = opening is not None and opening.any("present_words") and opening.end == quantity.start
    if now and (quantity.end == clause.end or message.document.word(quantity.end) in _SINCE):
        return True  # "9 lesions at diagnosis, now 4 after FOLFOXIRI"
    if clause.end - clause.start > REACH:
        return False
    terms = list(message.document.between(clause.start, clause.end))
    named = {i for t in terms if t.any(*_GO_ON) for i in range(t.start, t.end)}
    named.update(
        i for i in range(clause.start, clause.end) if message.document.word(i) in _IMAGES
    )  # "CT 4 mets, MRI 6"
    rest = [
        message.document.word(i)
        for i in range(clause.start, clause.end)
        if i not in named and not quantity.start <= i < quantity.end
    ]
    return bool(named) and not set(rest) - _LIGHT


def remain(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number says how many of the lesions are left ("5 lesions; after 4 cycles 3 remain", 还剩3)."""
    be = message.document.word(quantity.end) in ("are", "were", "is")
    left = message.document.word(quantity.end + be) in _LEFT or message.document.word(quantity.start - 1) in _LEFT
    behind = " ".join(message.document.word(i) for i in range(quantity.end, quantity.end + 4))
    left = left or behind.startswith(
        ("can still be", "still there", "are still there", "are still seen", "are still visible")
    )
    named = message.document.between(max(0, quantity.start - 2 * _NEXT_COUNT), quantity.start)
    return left and any(t.any("lesion", "liver_metastasis") for t in named)
