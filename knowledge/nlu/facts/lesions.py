"""The number of liver metastases and the largest diameter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.nlu.facts.changes import is_denied, starts_a_change, was_treated
from knowledge.nlu.facts.counting import counted
from knowledge.nlu.facts.counts_in_series import benign_among, on_newer_image, treated_among
from knowledge.nlu.facts.images import rank_of_image
from knowledge.nlu.facts.operations import all_cut
from knowledge.nlu.facts.places import part_of_liver, placed
from knowledge.nlu.facts.several_counts import Count, behind_vanished, single_items, that_hold
from knowledge.nlu.facts.single_lesions import COUNT, all_named, both, of_them, only_one, solitary
from knowledge.nlu.facts.size_lists import all_of_them, listed_sizes, meant_as_all
from knowledge.nlu.facts.sizes import SIZE, Size, largest, read_size
from knowledge.nlu.facts.topics import DIAGNOSIS, ELSEWHERE, about_liver
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.numerals import is_year
from knowledge.nlu.quantities import CENTIMETRES, Quantity

_HOW_MANY = re.compile(r"(几|多少)(枚|个|处|颗)$")
_SOON = 4
"""The most tokens between the number of lesions and the words by which it is left open ("number is not settled")."""


def read(message: Message) -> Iterator[Found | None]:
    """The number of lesions and the largest diameter."""
    other = message.frames.other_person
    certain = [q for q in message.quantities if not other[q.number] and not _of_doubtful_nature(message, q)]
    counts = [count for q in certain if (count := _count(message, q)) is not None]
    sizes = [size for q in certain if (size := read_size(message, q)) is not None]
    yield from largest(message, sizes) if sizes else [_not_measured(message)]
    undecided = _undecided(message)
    yield from _counts(message, counts, sizes) if undecided is None else (undecided,)


# ---- Numbers of lesions


def _of_doubtful_nature(message: Message, quantity: Quantity) -> bool:
    """Whether a number is that of something that is only suspected to be a metastasis (0.8cm，转移待排)."""
    start, end = message.clauses.sentence_start(quantity.number), message.clauses.sentence_end(quantity.number)
    terms = list(message.document.between(max(start, quantity.start - REACH), min(end, quantity.end + REACH)))
    if any(t.any("liver_metastasis") and message.context.doubt(t.start, t.end) is None for t in terms):
        return False
    return any(
        (t.any("metastasis") or message.document.word(t.start) in ("met", "metastasis", "metastases"))
        and message.context.doubt(t.start, t.end) is not None
        and not any(o.any("organ.lung", "organ.other") for o in message.document.between(max(0, t.start - 3), t.start))
        for t in terms
    )


def _count(message: Message, quantity: Quantity) -> Count | None:
    if quantity.glued or quantity.unit not in (None, "count") or is_denied(message, quantity):
        return None
    span = counted(message, quantity)
    behind = message.document.term_at(quantity.end)
    if quantity.unit == "count" and message.document.word(quantity.end) in ("阳", "positive") and behind is not None:
        return None  # of lymph nodes
    if _is_half_of_a_date(message, quantity) or _pointed_out_by_size(message, quantity):
        return None
    if span is not None and (quantity.can_be_a_year or _is_age(message, quantity)):
        return None
    before = message.document.term_at(quantity.start - 1 - (message.document.word(quantity.start - 1) == "的"))
    if before is not None and before.any("largest", "smallest"):
        return None
    if span is None or not about_liver(message, quantity, size=False):
        return None
    part = placed(message, quantity) or part_of_liver(message, quantity, span[1])
    rank = message.rank(*span)
    before = message.document.term_at(quantity.start - 1)
    done_with = before is not None and before.any("removed_part", "done") and not before.any("filler")
    therapy = message.document.term_at(before.start - 1) if before is not None else None
    done_with = done_with and not (therapy is not None and therapy.any("chemotherapy"))  # 化疗后4枚
    if done_with and rank == 1 and message.document.word(quantity.start - 1) != "got":
        rank = 0
    gone = starts_a_change(message, quantity) or was_treated(message, quantity)
    if gone or _of_an_earlier_year(message, span[1]) or all_cut(message, span[1]):
        rank = 0
    elif on_newer_image(message, quantity):
        rank = 2
    else:
        rank = rank_of_image(message, *span, rank)
    return Count(quantity, *span, part, rank)


def _pointed_out_by_size(message: Message, quantity: Quantity) -> bool:
    """Whether "one" is a lesion that its diameter points out ("none bigger than the 8 mm one in segment 2")."""
    size = message.before(quantity)
    measured = size is not None and size.unit in CENTIMETRES and size.end == quantity.start
    return measured and size is not None and message.document.word(size.start - 1) == "the"


def _of_an_earlier_year(message: Message, end: int) -> bool:
    """Whether a year stands behind lesions, and a later one behind that ("2 lesions in 2022, 6 in 2024")."""
    word = message.document.word(end + 1)
    if message.document.word(end) != "in" or not (word.isdecimal() and is_year(float(word))):
        return False
    following = (message.document.word(i) for i in range(end + 2, min(message.clauses.sentence_end(end), end + REACH)))
    return any(later.isdecimal() and is_year(float(later)) and later > word for later in following)


def _is_half_of_a_date(message: Message, quantity: Quantity) -> bool:
    """Whether a slash joins a number to the one before ("3/25 dx CRLM")."""
    tokens, start = message.document.tokens, quantity.start
    slash = start > 1 and tokens[start - 1].word == "/" and tokens[start - 2].number
    return slash and not tokens[start].spaced and not tokens[start - 1].spaced


def _is_age(message: Message, quantity: Quantity) -> bool:
    """Whether a letter at a number makes it an age ("68M CRLM", "71F, 3 mets")."""
    letter = message.document.tokens[quantity.end] if quantity.end < len(message.document.tokens) else None
    return letter is not None and not letter.spaced and letter.word in ("m", "f", "yo", "y")


def _counts(message: Message, counts: list[Count], sizes: list[Size]) -> Iterator[Found | None]:
    parts = [c for c in counts if c.part is not None and c.quantity.value is not None]
    whole = [c for c in counts if c.part is None]
    places = {
        message.document.typed(c.part.start, c.part.end + 1 if c.part.any("segment") else c.part.end)[2]
        for c in parts
        if c.part
    }
    listed = listed_sizes(message, sizes)
    if len(parts) > 1 and not whole and len(places) == len(parts):
        total = sum(c.quantity.value or 0 for c in parts)
        yield message.found(COUNT, parts[0].start, parts[-1].end, value=int(total), rank=max(c.rank for c in parts))
        return
    items = [quantity for quantity in single_items(message) if about_liver(message, quantity, size=False)]
    if len(items) > 1 and counts and all(c.quantity in items for c in counts):
        yield message.found(COUNT, items[0].start, items[-1].end, value=len(items), rank=max(c.rank for c in counts))
        return
    counts = that_hold(message, counts)
    gone = behind_vanished(message)
    if gone is not None and counts:
        counts = [c for c in counts if c.start >= gone or c.rank > 1]
        if not counts:
            yield message.found(COUNT, gone - 1, gone, status="unknown")
    counts = whole if len(parts) > 1 and len(places) == len(parts) else counts
    for term in message.document.find("number_label"):
        cue = message.context.cue(term.start, term.end, "untested")
        if cue is not None:
            yield message.found(COUNT, *message.cover(term, cue), status="unknown")
    for count in counts:
        yield _one_count(message, count, listed)
    yield from _without_number(message, counts, sizes)
    if not counts and listed and all_of_them(message, listed):
        yield message.found(COUNT, listed[0].start, listed[-1].end, value=len(listed), rank=listed[0].rank)


def _without_number(message: Message, counts: list[Count], sizes: list[Size]) -> Iterator[Found | None]:
    """How many there are where it is not said as a number: solitary, both, of them, the only one."""
    for term in message.document.find("solitary"):
        yield solitary(message, term)
    if not any(count.rank for count in counts):
        yield of_them(message)
    if not counts:
        yield all_named(message, sizes)
        yield both(message)
        for term in message.document.find("only"):
            yield only_one(message, term)


def _undecided(message: Message) -> Found | None:
    """That the number is left open, whatever numbers are told ("CT 2, MRI 5, the number is not settled")."""
    for term in message.document.find("number_label", "short_number_label"):
        open_ = message.document.first(term.end, term.end + _SOON, "undecided", "discordant")
        if open_ is not None and message.clauses.of(term.start) is message.clauses.of(open_.start):
            return message.found(COUNT, term.start, open_.end, status="unknown")
    for term in message.document.find("undecided", "maybe_after"):
        start = max(message.clauses.of(term.start).start, term.start - _SOON)
        if _HOW_MANY.search("".join(message.document.word(i) for i in range(start, term.start))):
            return message.found(COUNT, start, term.end, status="unknown")  # 转移到底几枚还定不下来
    return None


def _not_measured(message: Message) -> Found | None:
    """A diameter that is still to be measured ("size not measured yet", 大小待MRI)."""
    for term in message.document.find("size_label"):
        clause = message.clauses.of(term.start)
        others = message.document.first(clause.start, clause.end, *ELSEWHERE, *DIAGNOSIS)
        cue = message.context.cue(term.start, term.end, "untested")
        if cue is not None and others is None:
            return message.found(SIZE, *message.cover(term, cue), status="unknown")
    return None


def _places(message: Message, count: Count) -> int:
    """How many lobes or segments a number is that of each of (左右肝各1枚, S4、S6、S8各见一枚)."""
    start = message.window(count.quantity)
    near = list(message.document.between(start, count.quantity.start))
    while near and near[-1].any("filler") and not near[-1].any("each"):
        near.pop()
    if not near or message.document.word(near[-1].start) not in ("各", "each"):
        return 1
    words = "".join(message.document.word(i) for i in range(start, near[-1].start))
    places = [t for t in near[:-1] if t.any("lobe", "segment")]
    sentence = message.clauses.sentence_start(near[-1].start)
    numbers = [
        q for q in message.quantities if q.glued and sentence <= q.start < near[-1].start
    ]  # "segments 2, 5 and 8"
    return 2 if "左右" in words or "两叶" in words or "双叶" in words else max(1, len(places), len(numbers))


def _one_count(message: Message, count: Count, listed: list[Size]) -> Found | None:
    quantity = count.quantity
    span = (count.start, count.end)
    if message.context.cue_before(count.start, "uncertainty") is not None:
        return message.found(COUNT, *span, status="unknown", rank=count.rank)
    value = quantity.value
    if value is None:
        low = None if quantity.low is None else quantity.low + quantity.strict
        high = None if quantity.high is None else quantity.high - quantity.strict
        return message.found(COUNT, *span, status="bound", low=low, high=high, rank=count.rank)
    value = value * _places(message, count) - benign_among(message, quantity)
    treated = treated_among(message, quantity)
    if treated:
        return message.found(COUNT, *span, status="bound", low=value - treated, high=value, rank=count.rank)
    if quantity.negative or value != int(value) or not 1 <= value <= 200:
        return message.found(COUNT, *span, status="implausible", rank=count.rank)
    several = len(listed) > 1 and (value > 1 or len({size.low for size in listed}) > 1)  # 3cm左右，约3cm吧，单发
    clash = several and len(listed) != value and meant_as_all(message, listed, value) and count.rank > 0
    if clash:
        return message.found(COUNT, *span, status="conflict", rank=count.rank)
    return message.found(COUNT, *span, value=int(value), rank=count.rank)


# ---- Diameters
