"""Synchronous or metachronous: found with the primary, or more than a year after its treatment."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.facts.onset_dates import dated, treated_site, when_primary_found, years
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_TOGETHER = words("together simultaneously concurrently along found discovered diagnosed detected")
_LATER = words("later afterwards on thereafter")
_AGO = words("ago back 前")
_SINCE = words("since from at")
_THERE = words("since from found present detected seen already there known visible")
_DIAGNOSIS = words("diagnosis dx presentation diagnosed")
_NOW = words("now today currently 现 目 今 如")
_SOON = 8
_BESIDE = words("together along simultaneously concurrently")
_STORY = 30
"""The most tokens between the operation and "four years later"."""
_LONGEST_INTERVAL = 240
_MONTHS = {"year": 12.0, "month": 1.0, "week": 0.23}


def read(message: Message) -> Iterator[Found | None]:
    """Synchronous when found with the primary; metachronous when more than a year after its treatment."""
    for term in message.document.find("with_primary"):
        if message.context.cue_before(term.start, "negation") is None:
            yield message.found("onset", term.start, term.end, value="synchronous")
    yield _same_as_primary(message)
    for term in message.document.find("primary"):
        yield _with_primary(message, term)
    for term in message.document.find("liver_metastasis"):
        yield _at_diagnosis(message, term)
    yield years(message)
    yield dated(message)
    yield when_primary_found(message)
    for quantity in message.quantities:
        last = message.document.word(quantity.end - 1)
        unit = message.document.term_at(quantity.end - 1 - (last in ("半", "余", "多")))
        if unit is None:
            unit = message.document.term_at(quantity.end)
        months = _months(unit, quantity)
        if months is not None and months > 12:
            yield _interval(message, quantity) or _since(message, quantity) or _ago_and_now(message, quantity)
    for term in message.document.find("first_diagnosis", "past"):
        yield _since_diagnosis(message, term)


def _at_diagnosis(message: Message, liver: Term) -> Found | None:
    """确诊结肠癌时即发现肝转移: found with the diagnosis."""
    start = message.clauses.of(liver.start).start
    for term in message.document.between(max(start, liver.start - 12), liver.start):
        if term.any("first_diagnosis"):
            words = {message.document.word(i) for i in range(term.end, liver.start)}
            if words & {"即", "就", "已"} and not any(
                q.start > term.end and q.end <= liver.start for q in message.quantities
            ):
                return message.found("onset", term.start, liver.end, value="synchronous")
    return None


def _with_primary(message: Message, primary: Term) -> Found | None:
    """Whether the primary is what they were found with ("found together with the rectal primary")."""
    before = [message.document.word(i) for i in range(max(0, primary.start - 6), primary.start)]
    if (
        "with" not in before
        or not _TOGETHER & set(before)
        or message.clauses.separated(primary.start - 1, primary.start)
    ):
        return None
    liver = any(message.document.find("liver_metastasis"))
    return (
        message.found("onset", primary.start - before[::-1].index("with") - 1, primary.end, value="synchronous")
        if liver
        else None
    )


def _same_as_primary(message: Message) -> Found | None:
    """The same examination as the primary's ("on the same CT as the rectal primary")."""
    for index, token in enumerate(message.document.tokens):
        beside = token.word in _BESIDE and message.document.word(index + 1) == "with"
        if (
            beside
            or token.word == "same"
            or (token.word == "同" and message.document.word(index + 1) in ("时", "次", "期", "一"))
        ):
            found = _liver_at_once(message, index)
            if found is not None:
                return found
        if token.word == "same":
            for term in message.document.between(index, index + 9):
                if term.any("primary", "primary_site") and not message.clauses.separated(index, term.start):
                    return message.found("onset", index, term.end, value="synchronous")
    return None


def _liver_at_once(message: Message, index: int) -> Found | None:
    """The liver metastases behind "on the same CT" or 同时发现, where the primary is named before."""
    document = message.document
    start = max(message.clauses.sentence_start(index), index - REACH)
    primary = any(t.any("primary", "primary_site", "colorectal") for t in document.between(start, index))
    for term in document.between(index, index + _SOON + 2):
        if term.any("not", "surgery", "hepatectomy", "chemotherapy", "organ.lung", "organ.other"):
            return None
        if term.any("liver_metastasis") and primary:
            return message.found("onset", index, term.end, value="synchronous")
    return None


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
    primary = [
        t
        for t in document.between(start, end)
        if t.any("primary_surgery")
        or treated_site(message, t)
        or (t.any("primary") and (abs(t.end - quantity.start) <= 2 or 0 <= t.start - quantity.end <= 3))
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
    treatment = _primary_treated(message, quantity) if appeared and not liver else None
    if treatment is not None:
        return message.found("onset", quantity.start, treatment.end, value="metachronous")
    if not primary or not liver or any(t.any("hepatectomy", "liver_resected") for t in liver):
        return None
    reach = _STORY if message.document.word(quantity.end) in _LATER else 6
    before = [t for t in primary if t.end <= quantity.start and quantity.start - t.end <= reach]
    after = [t for t in primary if 0 <= t.start - quantity.end <= 6 and _says_after(message, quantity.number, t.start)]
    if before:
        gap = quantity.end
        target = next((t for t in liver if t.start >= gap), None)
        if target is None or not _appears(message, quantity.end, target):
            return None
        return message.found("onset", before[-1].start, target.end, value="metachronous")
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


def _since(message: Message, quantity: Quantity) -> Found | None:
    """Liver metastases that are new, in the sentence after "right hemicolectomy five years ago"."""
    start, end = message.clauses.sentence_start(quantity.number), message.clauses.sentence_end(quantity.number)
    ago = {message.document.word(i) for i in range(quantity.end - 1, quantity.end + 2)} & {"ago", "back", "前"}
    if not ago or end >= len(message.document.tokens):
        return None
    before = message.document.between(max(start, quantity.start - 2 * REACH), quantity.start)
    if not any(t.any("primary_surgery") or treated_site(message, t) for t in before):
        return None
    following = list(message.document.between(end, message.clauses.sentence_end(end)))
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


def _since_diagnosis(message: Message, term: Term) -> Found | None:
    """Found at, or there since, the first diagnosis ("liver mets since diagnosis")."""
    document = message.document
    if document.word(term.end - 1) not in _DIAGNOSIS:
        return None
    before = [document.word(i) for i in range(max(0, term.start - 3), term.start + 1)]
    clause = message.clauses.of(term.start)
    near = list(document.between(max(clause.start, term.start - REACH), term.start))
    liver = next((t for t in near if t.any("liver_metastasis", "organ.liver")), None)
    if (
        liver is None
        or not _SINCE & set(before)
        or not _THERE & set(before)
        or any(t.any("evaluation", "chemotherapy") for t in near)
    ):
        return None
    if message.context.negated(liver.start, liver.end) is not None:
        return None
    return message.found("onset", liver.start, term.end, value="synchronous")


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
    return target.start - start <= 2 or any(t.any("appearance") for t in terms)
