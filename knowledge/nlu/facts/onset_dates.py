"""Onset from the years and months of a history: when the primary was treated, and when liver metastases were found."""

from __future__ import annotations

from itertools import pairwise

from knowledge.nlu.clauses import SENTENCE
from knowledge.nlu.document import Term
from knowledge.nlu.facts.dates import dates, of_event
from knowledge.nlu.facts.operation_done import AGAIN
from knowledge.nlu.lexicon import CueCategory
from knowledge.nlu.message import Found, Message
from knowledge.nlu.numerals import is_year
from knowledge.nlu.text import words

_TREATED = words("out resected surgery resection treated removed operated 根")
"""根: 根治."""
_TREATED_BEHIND = 7
"""The most tokens between a site and what was done there (直肠Ca 2020-03根治)."""
_DETERMINERS = words("the a her his their my this")
_DIAGNOSIS = words("diagnosis diagnosed 诊")
_THEN = words("when day time")
_FOUND = words("found diagnosed detected discovered")
_YEAR = 12
_IN_YEAR = words("in back done treated op found seen detected appeared came up 于 在")
"""Words between a disease and its year ("rectal cancer done in 2019, liver mets found in 2023")."""
_IN_BETWEEN = 4
_MOST_YEARS = 12
_NEAR_YEAR = 12
"""The most tokens between metastases and the year they were found in."""


def years(message: Message) -> Found | None:
    """The primary was operated in one year, and the liver metastases were found at least two years later."""
    document = message.document
    dated = [
        (index, int(token.word))
        for index, token in enumerate(document.tokens)
        if token.word.isdecimal() and len(token.word) == 4 and is_year(int(token.word))
    ]
    for (first, early), (second, late) in pairwise(dated[:_MOST_YEARS]):
        end = min(message.clauses.sentence_end(second), second + 22)
        between = list(document.between(max(0, first - 12), second))
        treated = _year_of(message, first, "primary_site") and _year_of(message, second, "liver_metastasis", "lesion")
        treated = (
            treated
            or any(t.any("primary_surgery", "adjuvant") for t in between)
            or (
                any(t.any("primary", "primary_site", "colorectal") for t in between)
                and any(t.any("surgery") for t in between)
            )
            or any(treated_site(message, t) for t in between)
            or _diagnosed(message, first)
        )
        if (
            late - early < 2
            or not treated
            or any(t.any("hepatectomy", "liver_resected", "chemotherapy") for t in between)
        ):
            continue
        around = list(document.between(first, end))
        named = ("liver_metastasis", "organ.liver", "hepatectomy")
        liver = [t for t in around if t.any(*named) and t.end > second - _NEAR_YEAR]
        near = [t for t in around if t.start > second - _NEAR_YEAR]
        appears = any(t.any("appearance", *AGAIN, "liver_metastasis", "lesion") for t in near)
        if liver and appears:
            return message.found("onset", first, max(liver[-1].end, second + 1), value="metachronous")
    return None


def _diagnosed(message: Message, year: int) -> bool:
    """Whether a year is that of the diagnosis of the primary ("the caecal primary … at diagnosis in 2016")."""
    start = max(message.clauses.sentence_start(year), year - _YEAR)
    before = list(message.document.between(start, year))
    primary = any(t.any("primary", "primary_site") for t in before)
    liver = any(t.any("liver_metastasis", "organ.liver") for t in before)
    said = {message.document.word(i) for i in range(start, year)}
    return primary and not liver and (bool(said & _DIAGNOSIS) or any(t.any("first_diagnosis") for t in before))


def _year_of(message: Message, year: int, *names: str) -> bool:
    """Whether a year stands right behind what it is that of ("colon cancer 2019, liver met 2024")."""
    before = year - 1
    while message.document.word(before) in _IN_YEAR and year - before <= _IN_BETWEEN:
        before -= 1
    term = message.document.term_at(before)
    return term is not None and term.any(*names)


def dated(message: Message) -> Found | None:
    """The primary was operated in one month, and liver metastases were first found more than a year later."""
    known = dates(message)
    if len(known) < 2:
        return None
    document = message.document
    operated = [
        date
        for term in document.terms
        if term.any("primary_surgery") or treated_site(message, term)
        if (date := of_event(message, term.start, term.end, known)) is not None
    ]
    for term in document.find("liver_metastasis"):
        found = of_event(message, term.start, term.end, known)
        near = message.document.between(max(0, term.start - 10), term.end + 10)
        if found is None or not any(t.any("appearance", "light") for t in near) or not operated:
            continue
        if found.months - operated[0].months > _YEAR:
            return message.found("onset", min(found.start, term.start), max(found.end, term.end), value="metachronous")
    return None


def when_primary_found(message: Message) -> Found | None:
    """The examination by which the primary was found showed them ("the CT done when his caecal cancer was found")."""
    document = message.document
    for term in document.find("primary_site", "primary"):
        before = [document.word(i) for i in range(max(0, term.start - 4), term.start)]
        behind = {document.word(i) for i in range(term.end, term.end + 3)}
        sentence = document.between(
            message.clauses.sentence_start(term.start), message.clauses.sentence_end(term.start)
        )
        if _THEN.intersection(before) and behind & _FOUND and any(t.any("liver_metastasis") for t in sentence):
            return message.found("onset", term.start, term.end, value="synchronous")
    return None


def treated_site(message: Message, term: Term) -> bool:
    """Whether the site of the primary is said to have been operated (升结肠MT术后, 直肠癌切了, "caecum resected")."""
    if not term.any("primary_site"):
        return False
    if _operation_on(message, term):
        return True
    for index in range(term.end, min(term.end + _TREATED_BEHIND, len(message.document.tokens))):
        there = message.document.term_at(index)
        taken_out = there is not None and there.any("removed_part") and message.clauses.before[index] < SENTENCE
        if message.clauses.before[index] > 1 and not taken_out and message.document.word(index) not in (",", "，"):
            return False
        if there is not None and there.any("liver_metastasis", "organ.liver"):
            return False
        removed = there is not None and (there.any("removed_part") or _operated(message, there))
        if removed or message.document.word(index) == "术" or message.document.word(index) in _TREATED:
            return True
    return False


def _operation_on(message: Message, site: Term) -> bool:
    """Whether an operation on the site is told before it ("resection of her colon cancer", "surgery for rectal ca")."""
    document = message.document
    joint = site.start - 1 - (document.word(site.start - 1) in _DETERMINERS)
    operation = document.term_at(joint)
    if document.word(joint) in ("of", "for") and (operation is None or not operation.any("removed_part")):
        operation = document.term_at(joint - 1)
    if document.word(joint) not in ("of", "for") or operation is None or joint - operation.end not in (-1, 0):
        return False
    spread = document.first(site.end, site.end + 2, "metastasis", "liver_metastasis", "organ.liver")
    treated = message.document.word(operation.end - 1) == "treatment"
    return spread is None and (treated or operation.any("removed_part") or _operated(message, operation))


def _operated(message: Message, operation: Term) -> bool:
    """Whether a word for surgery says that it was done (结肠癌2019年手术): it is neither planned nor denied."""
    if not operation.any("surgery"):
        return False
    kinds: tuple[CueCategory, ...] = ("plan", "negation", "uncertainty")
    return not any(message.context.cue(operation.start, operation.end, kind) for kind in kinds)
