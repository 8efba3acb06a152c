"""Liver surgery that was done and what came of it; onset from the interval since the primary's treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.models.understanding import FactMention
from knowledge.nlu.context import Context
from knowledge.nlu.document import Term
from knowledge.nlu.quantities import CHINESE_NUMERAL, parse
from knowledge.nlu.readers.mention import mention, token_at

_NUMBER = rf"(\d+(?:\.\d+)?|{CHINESE_NUMERAL}|one|two|three|four|five|six|eighteen)"
_INTERVAL = (
    re.compile(
        rf"(?:肠癌|原发灶?|结肠|直肠|肠)[^,;。\n]{{0,10}}(?:术后|切除后|手术后)\s*{_NUMBER}\s*(年|个月|月)", re.I
    ),
    re.compile(
        rf"{_NUMBER}\s*(years?|yrs?|months?|mo)\s+(?:after|from|since)\s+(?:the\s+)?"
        r"(?:colectomy|hemicolectomy|right hemicolectomy|left hemicolectomy|primary|resection of the primary|"
        r"bowel resection|anterior resection|colon resection|rectal resection|primary resection)",
        re.I,
    ),
)
_MONTHS_OF_DOUBT = 12
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def read_surgery(context: Context) -> Iterator[FactMention]:
    """Resection status from an operation on the liver and what is said of the disease since."""
    doc = context.doc
    operations = [term for term in doc.find("hepatectomy") if _done(context, term)]
    denied = [
        term
        for term in doc.find("hepatectomy")
        if context.negated(term.start, term.end) and not context.of_somebody_else(term.start)
    ]
    if operations:
        first = operations[0]
        back, free = _told(context, "recurrence", first), _told(context, "free_of_disease", first)
        if back and not (free and free.start > back.start):
            yield mention(context, "resection_status", "recurred", _across(first, back))
        elif free:
            yield mention(context, "resection_status", "resected", _across(first, free))
    elif denied:
        term = denied[0]
        yield mention(context, "resection_status", "not_resected", (max(0, term.start - 1), term.end))
    yield from _onset(context, bool(operations))


def _done(context: Context, term: Term) -> bool:
    """Whether the operation was performed on this patient."""
    doc = context.doc
    if context.planned(term.start) or context.of_somebody_else(term.start) or context.negated(term.start, term.end):
        return False
    first, last = context.clause(term.start)
    if _YEAR.search(doc.source.text[doc.tokens[first].start : doc.tokens[last - 1].end]):
        return True
    near = doc.between(max(first, term.start - 6), min(last, term.end + 5))
    return any(other.any("done", "cue.history") for other in near) or any(
        other.any("free_of_disease", "recurrence") for other in doc.between(first, last)
    )


def _told(context: Context, name: str, operation: Term) -> Term | None:
    """A word on recurrence or freedom from disease in the same message that holds."""
    for term in context.doc.find(name):
        if name == "recurrence" and (context.negated(term.start, term.end) or context.uncertain(term.start, term.end)):
            continue
        if name == "free_of_disease" and term.start < operation.start - 12:
            continue
        return term
    return None


def _across(first: Term, second: Term) -> tuple[int, int]:
    return min(first.start, second.start), max(first.end, second.end)


def _onset(context: Context, liver_operation: bool) -> Iterator[FactMention]:
    """More than a year after the primary's treatment: metachronous."""
    text = context.doc.source.text
    if liver_operation:
        return
    for pattern in _INTERVAL:
        match = pattern.search(text)
        if match:
            months = parse(match[1]) * (12 if match[2][0] in "年yY" else 1) if match[1] != "eighteen" else 18
            if months > _MONTHS_OF_DOUBT:
                where = (token_at(context, match.start()), token_at(context, match.end() - 1) + 1)
                yield mention(context, "onset", "metachronous", where)
            return
