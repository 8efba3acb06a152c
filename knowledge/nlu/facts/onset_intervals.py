"""Onset from intervals: liver metastases that were found more than a year after the treatment of the primary."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.facts.onset_dates import treated_site
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_LATER_ON = words("later afterwards on thereafter")
_LATER = _LATER_ON | words("后 之 以 过")
_JUST_TOLD = ("solitary", "multiple", "filler", "lesion", "metastasis", "unit.count", "only", "other_noun")
"""What may stand between an interval and the place of what was found then ("26 months later a single met in S5")."""
_AGO = words("ago back 前")
_ARTICLES = words("a an the one two three four five in of at 的 , ，")
_NOW = words("now today currently 现 目 今 如")
_LONGEST_INTERVAL = 240
_TUMOUR = words("tumour tumor mass")
"""Words of the primary's size that may stand beside its treatment."""
_MORE = {"半": 1, "余": 1, "多": 1, "half": 3}
"""The tokens behind a unit that end with such a word ("a year and a half")."""
_MONTHS = {"year": 12.0, "month": 1.0, "week": 0.23}
_STORY = 30
"""The most tokens between the operation and "four years later"."""
_SOON = 8


def intervals(message: Message) -> Iterator[Found | None]:
    """What the intervals of more than a year tell."""
    for quantity in message.quantities:
        more = _MORE.get(message.document.word(quantity.end - 1), 0)
        unit = message.document.term_at(quantity.end - 1 - more)
        if unit is None:
            unit = message.document.term_at(quantity.end)
        months = _months(unit, quantity)
        if months is not None and months > 12:
            yield (
                _interval(message, quantity)
                or _since(message, quantity)
                or _ago_and_now(message, quantity)
                or _before_them(message, quantity)
                or _of_metastases(message, quantity)
            )


def _before_them(message: Message, quantity: Quantity) -> Found | None:
    """The cancer was operated so long "before the first liver metastasis was seen"."""
    document = message.document
    if document.word(quantity.end) != "before":
        return None
    liver = document.first(quantity.end, quantity.end + _SOON, "liver_metastasis")
    start = message.clauses.sentence_start(quantity.number)
    told = document.between(max(start, quantity.start - REACH), quantity.start)
    operated = [t for t in told if t.any("primary_surgery") or treated_site(message, t)]
    if liver is None or not operated:
        return None
    return message.found("onset", operated[-1].start, liver.end, value="metachronous")


def _of_metastases(message: Message, quantity: Quantity) -> Found | None:
    """Metastases that first appeared so long after the operation (肝转移于直肠癌根治术后28个月首次出现)."""
    document = message.document
    clause = message.clauses.of(quantity.number)
    operation = document.last(clause.start, quantity.start, but=("after", "filler", "done"))
    if (
        operation is None
        or not operation.any("primary_surgery")
        or document.word(operation.start - 1) not in ("于", "在")
    ):
        return None
    liver = document.last(clause.start, operation.start, but=("done", "filler"))
    appeared = document.first(quantity.end, min(clause.end, quantity.end + _SOON), "appearance")
    if liver is None or not liver.any("liver_metastasis") or appeared is None:
        return None
    return message.found("onset", liver.start, appeared.end, value="metachronous")


def _months(unit: Term | None, quantity: Quantity) -> float | None:
    if unit is None or quantity.low is None or quantity.low > _LONGEST_INTERVAL:
        return None
    for name, factor in _MONTHS.items():
        if unit.any(name):
            return quantity.low * factor
    return None


def _around(message: Message, quantity: Quantity) -> tuple[int, int]:
    """The tokens of a number's sentence, or of the part of a very long one that can bear on it."""
    start, end = message.clauses.sentence_start(quantity.number), message.clauses.sentence_end(quantity.number)
    return max(start, quantity.start - 2 * REACH), min(end, quantity.end + 2 * REACH)


def _interval(message: Message, quantity: Quantity) -> Found | None:
    """An interval that stands between the treatment of the primary and the finding of liver metastases."""
    document = message.document
    start, end = _around(message, quantity)
    start = _sentence_before(message, quantity, start)
    primary = [
        t
        for t in document.between(start, end)
        if t.any("primary_surgery")
        or treated_site(message, t)
        or (t.any("primary") and (abs(t.end - quantity.start) <= 2 or 0 <= t.start - quantity.end <= 5))
    ]
    liver = [
        t
        for t in document.between(start, end)
        if t.any("liver_metastasis", "hepatectomy", "liver_resected", "organ.liver", "segment", "lobe")
    ]
    named = document.word(quantity.start - 1) == "onset" and primary and primary[0].start >= quantity.end
    if named and _says_after(message, quantity.end, primary[0].start):
        return message.found("onset", quantity.start - 1, primary[0].end, value="metachronous")
    appeared = any(t.any("appearance") for t in document.between(max(start, quantity.start - 4), quantity.start))
    told = any(t.start < quantity.start for t in liver)
    treatment = _primary_treated(message, quantity) if appeared and not told else None
    if treatment is not None:
        return message.found("onset", quantity.start, treatment.end, value="metachronous")
    metastases = [t for t in liver if not t.any("hepatectomy", "liver_resected")]
    if primary and not liver:
        return _only_found(message, quantity, primary)
    if not primary or not metastases or liver[0] is not metastases[0]:
        return None  # a hepatectomy before them may be what the interval runs from
    liver = metastases
    crossed = start < message.clauses.sentence_start(quantity.number)
    reach = _STORY if crossed or message.document.word(quantity.end) in _LATER_ON else 6
    before = [t for t in primary if t.end <= quantity.start and quantity.start - t.end <= reach]
    after = [t for t in primary if 0 <= t.start - quantity.end <= 6 and _says_after(message, quantity.number, t.start)]
    if before:
        return _found_then(message, quantity, before[-1], liver)
    if after:
        treated = after[0]
        target = next((t for t in liver if t.start >= treated.end), None)
        if target is not None:
            if not _appears(message, treated.end, target):
                return None
            return message.found("onset", quantity.start, target.end, value="metachronous")
        earlier = [t for t in liver if t.end <= quantity.start]
        if earlier and quantity.start - earlier[-1].end <= 8:
            return message.found("onset", earlier[-1].start, treated.end, value="metachronous")
    return None


def _only_found(message: Message, quantity: Quantity, primary: list[Term]) -> Found | None:
    """That what is spoken of was found so long after the operation (是肠癌切除十八个月之后才发现的)."""
    document = message.document
    if any(document.find("organ.lung", "organ.other", "other_lesion", "lab", "failure.recurrence")):
        return None
    operated = [t for t in primary if t.end <= quantity.start and quantity.start - t.end <= 2]
    behind = [document.word(i) for i in range(quantity.end, quantity.end + _SOON)]
    if not operated or not _LATER.intersection(behind) or "才" not in behind:
        return None
    found = document.first(quantity.end, quantity.end + _SOON, "appearance")
    return None if found is None else message.found("onset", operated[0].start, found.end, value="metachronous")


def _found_then(message: Message, quantity: Quantity, primary: Term, liver: list[Term]) -> Found | None:
    """Metastases that were found when the interval since the primary had passed."""
    target = next((t for t in liver if t.start >= quantity.end), None)
    if target is None or not _appears(message, quantity.end, target):
        return _found_later(message, quantity, primary, liver)
    return message.found("onset", primary.start, target.end, value="metachronous")


def _found_later(message: Message, quantity: Quantity, primary: Term, liver: list[Term]) -> Found | None:
    """Metastases that stand before their interval ("colon resected 2020, liver mets first seen 3 years later")."""
    told = [t for t in liver if primary.end <= t.start and t.end <= quantity.start]
    if not told or message.document.word(quantity.end) not in _LATER_ON:
        return None
    if message.document.first(told[-1].end, quantity.start, "appearance", "failure.new") is None:
        return None
    return message.found("onset", primary.start, quantity.end, value="metachronous")


def _sentence_before(message: Message, quantity: Quantity, start: int) -> int:
    """Where the story begins that goes on with "26 months later" in a new sentence; `start` where it does not.

    It goes on only from the treatment of the primary: metastases or other treatment told before would be what the
    interval runs from.
    """
    opening = message.document.between(start, quantity.start)
    found = ("liver_metastasis", "appearance", "last_time") if message.document.word(quantity.end) in _LATER_ON else ()
    opens = quantity.start - start <= _SOON and all(
        t.any("present_words", "filler", "turn", "enumerator", *found) for t in opening
    )
    if start < 2 or not opens or message.document.word(quantity.end) not in _LATER:
        return start
    before = max(message.clauses.sentence_start(start - 2), start - REACH)
    told = list(message.document.between(before, start))
    others = ("liver_metastasis", "organ.liver", "lesion", "hepatectomy", "chemotherapy", "local_therapy", "metastasis")
    told = [t for t in told if not t.any("primary") and message.document.word(t.end - 1) not in _TUMOUR]
    return start if any(t.any(*others) for t in told) else before


def _since(message: Message, quantity: Quantity) -> Found | None:
    """Liver metastases that are new, in the sentence after "right hemicolectomy five years ago"."""
    start, end = message.clauses.sentence_start(quantity.number), message.clauses.sentence_end(quantity.number)
    ago = {message.document.word(i) for i in range(quantity.end - 1, quantity.end + 2)} & {"ago", "back", "前"}
    if not ago or end + 1 >= len(message.document.tokens):
        return None
    behind = min(message.clauses.of(quantity.number).end, quantity.end + _SOON)  # 三年前做的直肠癌手术
    before = message.document.between(max(start, quantity.start - 2 * REACH), behind)
    if not any(t.any("primary_surgery") or treated_site(message, t) for t in before):
        return None
    following = list(message.document.between(end, message.clauses.sentence_end(end + 1)))  # behind the full stop
    liver = next((t for t in following if t.any("liver_metastasis")), None)
    new = any(t.any("appearance", "failure.new") for t in following)
    return message.found("onset", quantity.start, liver.end, value="metachronous") if liver and new else None


def _ago_and_now(message: Message, quantity: Quantity) -> Found | None:
    """The cancer was that long ago, and now there are liver metastases ("colon ca 3 yrs ago, now 6 liver mets")."""
    document = message.document
    start = max(message.clauses.sentence_start(quantity.number), quantity.start - REACH)
    behind = {document.word(i) for i in range(quantity.end - 1, quantity.end + 2)}
    cancer = any(
        t.any("primary_site", "primary_surgery", "colorectal") for t in document.between(start, quantity.start)
    )
    treated_since = any(t.any("hepatectomy", "liver_resected") for t in document.between(start, quantity.start))
    if not behind & _AGO or not cancer or treated_since:
        return None
    for term in document.between(quantity.end, quantity.end + _SOON):
        if term.any("present_words") and document.word(term.start) in _NOW:
            liver = next(
                (t for t in document.between(term.end, term.end + _SOON) if t.any("liver_metastasis", "organ.liver")),
                None,
            )
            if liver is not None and message.context.negated(liver.start, liver.end) is None:
                return message.found("onset", quantity.start, liver.end, value="metachronous")
    return None


def _primary_treated(message: Message, quantity: Quantity) -> Term | None:
    """The primary whose treatment the interval runs from ("2.5 years after treatment of the primary")."""
    said = {message.document.word(i) for i in range(quantity.end, quantity.end + 2)}
    if not said & {"after", "following", "post"}:
        return None
    return message.document.first(quantity.end, quantity.end + 10, "primary", "primary_surgery")


def _says_after(message: Message, start: int, end: int) -> bool:
    words = {message.document.word(i) for i in range(start, end)}
    return bool(words & {"after", "following", "post", "from", "since", "ago", "前"})


def _appears(message: Message, start: int, target: Term) -> bool:
    """Whether the metastases are said to have been found then: right behind, or by a word such as 发现."""
    terms = list(message.document.between(start, target.start))
    if any(t.any("chemotherapy", "local_therapy", "failure.progression") for t in terms):
        return False
    if target.start - start <= 2 or any(t.any("appearance") for t in terms):
        return True
    behind = message.document.first(target.end, target.end + _SOON // 2, "appearance")
    if behind is not None and message.document.word(behind.end - 1) == "up":
        return True  # "within this month the first liver metastasis has come up"
    named = {i for t in terms if t.any(*_JUST_TOLD) for i in range(t.start, t.end)}
    lesion = any(t.any("lesion", "metastasis") for t in terms)
    document = message.document
    rest = [i for i in range(start, target.start) if i not in named and not document.tokens[i].number]
    return lesion and all(document.word(i) in _LATER or document.word(i) in _ARTICLES for i in rest)
