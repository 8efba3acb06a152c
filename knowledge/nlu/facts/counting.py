"""What makes a number one of lesions: a measure word, a noun, a label, or the place it is given for."""

from __future__ import annotations

from functools import lru_cache

from knowledge.nlu.document import Term
from knowledge.nlu.facts.count_labels import BETWEEN, behind_colon, lesions_equal, number_label, times_lesions
from knowledge.nlu.facts.counts_in_series import (
    REPORTING,
    follows_a_count,
    in_apposition,
    remain,
    starts_a_change_of_lesions,
)
from knowledge.nlu.facts.places import alone_in_liver, in_liver, placed
from knowledge.nlu.facts.topics import ELSEWHERE, LIVER
from knowledge.nlu.message import REACH, Message
from knowledge.nlu.quantities import CENTIMETRES, Quantity
from knowledge.nlu.text import words

_RECURRENCES = words("recurrence recurrences relapse relapses")
_TOTALLED = ("lesion", "largest", "unit.cm", "unit.mm")
"""What "four in all" is the number of: lesions, also where only one diameter of them was told."""
_SOME = words("the other both these those")
"""Words by which a number is one of some among others ("the two larger ones")."""
_ADJECTIVES = 2
"""The most words between a number and "ones"."""
_BREAKS_NOUN = words(
    "in of with for after on at and or since ago has have had is are was were by from to then but per out"
)
_VERBS = words("has have had got") | REPORTING
"""By which a number at the end of a clause is that of what was named last ("MRI shows three", "she has two")."""
_THERE_ARE = (["there", "are"], ["there", "were"], ["makes", "it"], ["it", "at"], ["number", "at"], ["count", "at"])
"""The words before a number that an image or a reader gives ("our MRI puts it at six")."""
_THERE_IS = words("there are is so he she has makes that it")
_IN_LIVER = words("intrahepatic hepatic liver 肝")
_IMAGES = words("ct mri pet ultrasound scan imaging")
_SO = words("so hence thus ie 即")
_EVEN = words("only just now actually exactly still about currently today")
_ELSEWHERE = tuple(name for name in ELSEWHERE if name not in ("lab", "ctdna", "primary", "primary_surgery"))
_TREATED = ("local_therapy", "chemotherapy", "surgery", "hepatectomy")
"""What somebody may have had so many times ("FOLFOX; he had six")."""
_ENDS = words(": now today currently altogether")
_CASES = (["病", "例"], ["案", "例"], ["个", "案"])
"""What is counted where a case is told of (一个肝转移的病例)."""
_SAYING = 6
"""The most tokens before such a number that are looked at."""
_OTHER_THINGS = (
    "other_noun", "unit", "enumerator", "chemotherapy", "turn", "times_sign", "distance", "surgery", "hepatectomy",
    "local_therapy", "primary_surgery", "primary_site", "primary",
)  # fmt: skip
"""Words that end a noun phrase, or make it one of something else."""


def counted(message: Message, quantity: Quantity) -> tuple[int, int] | None:
    """The tokens that make a number one of lesions; None if it counts nothing or something else."""
    return _spans(message).get(quantity.number)


@lru_cache(maxsize=4)
def _spans(message: Message) -> dict[int, tuple[int, int]]:
    """The tokens of every number of lesions, by the token of the number.

    One pass in the order of the message: a bare number may count only because the one before it did.
    """
    spans: dict[int, tuple[int, int]] = {}
    last = None
    for quantity in message.quantities:
        span = _span(message, quantity, last)
        if span is not None:
            spans[quantity.number] = span
        last = quantity if span is not None else last if quantity.unit == "other" or quantity.glued else None
    return spans


def _span(message: Message, quantity: Quantity, last: Quantity | None) -> tuple[int, int] | None:
    """The tokens that make a number one of lesions; `last` is the number before it if that counts lesions."""
    noun = _noun(message, quantity)
    pointed = message.document.word(quantity.start - 1) == "同"  # 同一颗
    if pointed or _times_of_therapy(message, quantity) or (noun is None and _is_pointed_at(message, quantity)):
        return None
    if noun is not None:
        return (quantity.start, noun.end) if _counts_it(message, quantity, noun) else None
    if quantity.unit == "count":
        vague = message.document.word(quantity.end - 1) in ("个", "块") and not remain(message, quantity)
        return None if vague and not _lesions_named(message, quantity) else (quantity.start, quantity.end)
    if quantity.decimal:
        return None
    if quantity.unit is None and _total_of_lesions(message, quantity):
        return quantity.start, quantity.end
    if quantity.unit is None and last is not None and follows_a_count(message, quantity, last):
        return quantity.start, quantity.end
    bare = (starts_a_change_of_lesions, in_apposition, has_so_many, remain, alone_in_liver)
    if quantity.unit is None and any(counts(message, quantity) for counts in bare):
        return quantity.start, quantity.end
    place = placed(message, quantity)
    inside = place.end if place is not None else in_liver(message, quantity) or _ones(message, quantity)
    inside = inside or _are_metastases(message, quantity)
    if inside is not None:
        return quantity.start, inside
    label = number_label(message, quantity)
    start = label.start if label is not None else lesions_equal(message, quantity)
    start = start if start is not None else behind_colon(message, quantity)
    if start is not None:
        return start, quantity.end
    end = times_lesions(message, quantity)
    return None if end is None else (quantity.start, end)


def _is_pointed_at(message: Message, quantity: Quantity) -> bool:
    """Whether "the one" is one of those told already ("the one in segment 4 is the largest"), not what is left."""
    said = [message.document.word(i) for i in (quantity.start - 2, quantity.start - 1, quantity.number)]
    return said[1:] == ["the", "one"] and said[0] not in ("leaving", "leaves", "left", "just", "only")


def _are_metastases(message: Message, quantity: Quantity) -> int | None:
    """Where "three are metastases" or "one is a metastasis" ends."""
    if message.document.word(quantity.end) not in ("are", "were", "is", "was"):
        return None
    noun = message.document.term_at(quantity.end + 1 + (message.document.word(quantity.end + 1) in ("a", "the")))
    return noun.end if noun is not None and noun.any("lesion", "metastasis", "liver_metastasis") else None


def _times_of_therapy(message: Message, quantity: Quantity) -> bool:
    """Whether a number tells how often something was done ("TACE x3 in segment 7")."""
    sign = message.document.term_at(quantity.start - 1)
    therapy = message.document.term_at(sign.start - 1) if sign is not None and sign.any("times_sign") else None
    return therapy is not None and therapy.any("local_therapy", "chemotherapy")


def _ones(message: Message, quantity: Quantity) -> int | None:
    """Where "2 viable ones" ends, if lesions were named before."""
    end = min(message.clauses.of(quantity.number).end, quantity.end + _ADJECTIVES + 1)
    last = next((i for i in range(quantity.end, end) if message.document.word(i) == "ones"), None)
    some = message.document.word(quantity.start - 1) in _SOME
    if last is None or some or quantity.unit is not None or any(_breaks(message, i) for i in range(quantity.end, last)):
        return None
    start = max(0, quantity.start - REACH)
    named = [t for t in message.document.between(start, quantity.start) if t.any("lesion", *LIVER, *ELSEWHERE)]
    return last + 1 if named and named[-1].any("lesion", *LIVER) else None


def _total_of_lesions(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number stands beside "total", and lesions before ("liver mets, total now 10"; "6 in all")."""
    clause = message.clauses.of(quantity.number)
    behind = message.document.term_at(quantity.end)
    if message.document.word(quantity.start - 1) == "=" and message.document.word(quantity.start - 2) != "n":
        total = quantity.end == clause.end or (behind is not None and behind.any("total"))
    elif message.document.word(quantity.start - 1) in _SO and quantity.start - 1 == clause.start:
        total = quantity.end == clause.end  # "one each, so three"
    elif behind is not None and behind.any("total") and _only_says_there_are(message, clause.start, quantity.start):
        total = behind.end == clause.end
    else:
        before = message.document.between(clause.start, quantity.start)
        total = quantity.end == clause.end and any(t.any("total") for t in before)
    start = max(0, quantity.start - REACH)
    named = [t for t in message.document.between(start, clause.start) if t.any(*_TOTALLED, *LIVER, *ELSEWHERE)]
    return total and bool(named) and named[-1].any(*_TOTALLED, "liver_metastasis", "segment", "lobe")


def _only_says_there_are(message: Message, start: int, end: int) -> bool:
    """Whether nothing but "there are" stands between two tokens ("there are three in all")."""
    return {message.document.word(i) for i in range(start, end)} <= _THERE_IS


def has_so_many(message: Message, quantity: Quantity) -> bool:
    """Whether a clause ends with how many somebody has, or an image shows, of what was named last ("he has two")."""
    clause = message.clauses.of(quantity.number)
    ends = quantity.end == clause.end or message.document.word(quantity.end) in _ENDS
    start = max(0, quantity.start - 2 * REACH)
    said = [message.document.word(i) for i in range(max(clause.start, quantity.start - _SAYING), quantity.start)]
    while said and said[-1] in _EVEN:
        said.pop()
    verb = bool(said) and said[-1] in _VERBS
    heading = said[-1:] in ([":"], ["："]) and not _IMAGES.isdisjoint(said)  # "Our MRI: 5, largest 3 cm"
    verb, imaged = verb or heading, heading or (verb and said[-1] in REPORTING)
    there = said[-2:] in _THERE_ARE
    if not ends or not (verb or there):
        return False
    between = ("lesion", *LIVER, *_ELSEWHERE, *(() if imaged or there else _TREATED))
    named = [t for t in message.document.between(start, quantity.start) if t.any(*between)]
    while len(named) > 1 and named[-1].any("organ.liver") and named[-2].any("lesion"):
        named.pop()  # "two tumours in the liver"
    if not named or not named[-1].any("liver_metastasis", "lesion"):
        return False
    return imaged or (there and (quantity.value or 0) > 1) or _several(message, named[-1])


def _several(message: Message, noun: Term) -> bool:
    """Whether a noun for lesions is a plural, or Chinese, which has none."""
    last = message.document.tokens[noun.end - 1]
    return not last.latin or last.word.endswith("s") or last.word == "crlm"


def _counts_it(message: Message, quantity: Quantity, noun: Term) -> bool:
    """Whether a noun is what a number counts: not a person with it, not the end of a word such as 一辈子."""
    last = message.document.tokens[quantity.end - 1]
    without_measure = last.chinese and quantity.unit != "count" and noun.start == quantity.end
    return not _describes_person(message, noun) and (
        not without_measure or message.document.tokens[quantity.number].number
    )


def _describes_person(message: Message, noun: Term) -> bool:
    """Whether what is counted is a patient ("一个肝转移的患者")."""
    index = noun.end + (message.document.word(noun.end) == "的")
    person = message.document.term_at(index)
    case = [message.document.word(i) for i in (index, index + 1)]
    return (person is not None and person.any("patient_again", "patients_of")) or case in _CASES or case[0] == "case"


def _noun(message: Message, quantity: Quantity) -> Term | None:
    """The noun for lesions that a number counts."""
    document = message.document
    following = message.after(quantity)
    index = quantity.end
    limit = index + BETWEEN
    while index < min(limit, len(document.tokens)):
        if message.clauses.before[index] and document.word(index) != "-":
            return None
        if following is not None and index == following.start and following.unit in CENTIMETRES:
            index, limit = following.end, limit + 3
            continue
        term = document.term_at(index)
        if term is not None and _is_noun(message, term):
            return term
        if _breaks(message, index):
            return None
        index = term.end if term is not None else index + 1
    return None


def _is_noun(message: Message, term: Term) -> bool:
    """Whether a term is a noun for lesions that can be counted."""
    if term.any("lesion", "liver_metastasis") or recurrence_in_liver(message, term):
        return True
    return term.any("metastasis") and message.document.word(term.start) in ("metastasis", "转")


def recurrence_in_liver(message: Message, term: Term) -> bool:
    """Whether recurrences are lesions and not events: a place in the liver stands at them."""
    if not term.any("failure.recurrence") or message.document.word(term.end - 1) not in _RECURRENCES:
        return False
    if not _IN_LIVER.isdisjoint(message.document.word(i) for i in range(term.start, term.end)):
        return True
    near = list(message.document.between(term.end, min(message.clauses.of(term.start).end, term.end + 5)))
    before = message.document.term_at(term.start - 1)
    near += [before] if before is not None else []
    return any(t.any("organ.liver", "lobe", "segment", "reserve_name") for t in near)


def _breaks(message: Message, index: int) -> bool:
    """Whether a token cannot stand between a number and the noun it counts."""
    token, term = message.document.tokens[index], message.document.term_at(index)
    if token.word in _BREAKS_NOUN or token.word == ":":
        return True
    if term is not None:
        return term.any(*_OTHER_THINGS)
    plural = token.latin and token.word.endswith("s") and not token.word.endswith(("ous", "ss", "us"))
    return token.number or plural


def _lesions_named(message: Message, quantity: Quantity) -> bool:
    """Whether a bare 个 can only count lesions: they are named before it, or nothing follows it."""
    clause = message.clauses.of(quantity.number)
    before = message.document.between(message.window(quantity), quantity.start)
    named = any(t.any("lesion", *LIVER, "metastasis", "largest", "number_label", "lobe") for t in before)
    end = quantity.end
    following = message.document.term_at(end)
    ends = end >= clause.end or message.clauses.before[end] > 0
    return (
        ends
        or (named and not (following is not None and following.any("other_noun")))
        or (
            following is not None
            and following.any("lesion", "liver_metastasis", "metastasis", "largest", "about_after", "unit")
        )
    )
