"""UGT1A1: only what clearly says normal or reduced activity; one reduced allele of two says neither."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.message import Found, Message

_REACH = 16
_BEFORE = 3
"""The most tokens before the name in which an allele is called homozygous (纯合子UGT1A1*6)."""


def read(message: Message) -> Iterator[Found | None]:
    """What is said of UGT1A1."""
    for term in message.document.find("ugt1a1"):
        cue = message.context.cue(term.start, term.end, "untested")
        if cue is not None and (result := _back_since(message, term, cue)) is not None:
            yield result
            continue
        if cue is not None:
            yield message.found("ugt1a1", *message.cover(term, cue), status="unknown")
            continue
        clause = message.clauses.of(term.start)
        end = clause.end
        following = message.clauses.index(term.start) + 1
        goes_on = end + 1 < len(message.document.tokens) and message.document.word(end + 1) in (
            "*",
            "基",
            "为",
            "呈",
            "纯",
        )
        said = message.document.between(term.end, end)
        first = message.document.term_at(end + 1)
        light = all(t.any("filler", "gene_filler") for t in said)
        reported = first is not None and first.any("quality", "enzyme") and light
        if (clause.mark == "(" or goes_on or reported) and following < len(message.clauses.clauses):
            end = message.clauses.clauses[following].end
        end = min(end, term.end + _REACH)
        for other in message.document.between(term.end, end):
            if other.any("gene", "lab", "ctdna"):
                end = other.start
                break
        yield _read(message, term, end) or _star_alleles(message, term)


def _star_alleles(message: Message, term: Term) -> Found | None:
    """Two alleles that are told later as only those of the enzyme are written ("we have now done it: *1/*1")."""
    for index in range(term.end, len(message.document.tokens) - 1):
        if message.document.word(index) == "*" and message.document.first(term.end, index, "untested") is None:
            alleles, after = _alleles(message, index, min(len(message.document.tokens), index + _REACH))
            return None if alleles is None else message.found("ugt1a1", index, after, value=alleles)
    return None


def _back_since(message: Message, term: Term, sent: Term) -> Found | None:
    """The alleles that are told behind the words by which the test was sent ("was sent and it is *6/*6")."""
    end = min(message.clauses.sentence_end(term.start), sent.end + _REACH)
    alleles, after = _alleles(message, sent.end, end)
    if alleles is None or sent.end <= term.start or message.document.first(sent.end, after, "gene", "lab") is not None:
        return None
    return message.found("ugt1a1", term.start, after, value=alleles)


def _read(message: Message, term: Term, end: int) -> Found | None:
    terms = list(message.document.between(term.end, end))
    alleles, after = _alleles(message, term.end, end)
    if alleles is not None:
        return message.found("ugt1a1", term.start, after, value=alleles)
    if any(other.any("heterozygous") for other in terms) and not any(other.any("enzyme") for other in terms):
        return None
    before = message.document.between(max(message.clauses.of(term.start).start, term.start - 5), term.start)
    for other in [*terms, *(t for t in before if t.any("enzyme"))]:
        value = _value(message, other)
        if value is not None:
            denial = message.context.cue_before(other.start, "negation")
            if denial is not None:
                value = "normal" if value == "reduced" else None
            if value is None:
                return None
            doubt = message.context.cue_before(term.start, "uncertainty")
            if doubt is not None:
                return message.found("ugt1a1", *message.cover(doubt, other), status="unknown")
            return message.found("ugt1a1", *message.cover(term, other), value=value)
    return None


def _value(message: Message, term: Term) -> str | None:
    if term.any("enzyme.reduced"):
        return "reduced"
    if term.any("enzyme.normal", "quality.normal", "quality.wild", "quality.negative"):
        return "normal" if message.document.word(term.start) not in ("-", "no", "无", "没") else None
    if term.any("quality.mutant", "quality.positive"):
        return "reduced" if message.document.word(term.start) not in ("+", "m") else None
    return None


def _alleles(message: Message, start: int, end: int) -> tuple[str | None, int]:
    """What `*28/*28`, `*6/*28`, `7/7`, `*1/*1` or `6/6` say, and the token after them."""
    numbers: list[str] = []
    last = start
    stars = False
    for index in range(start, end):
        word = message.document.word(index)
        if word == "*" and not numbers:
            stars = True
        if word.isdigit():
            numbers.append(word)
            last = index + 1
        elif numbers and word not in ("/", "*", "(", "ta", ")", "-"):
            break
    if len(numbers) < 2:
        return ("reduced", last) if stars and numbers and _homozygous(message, start, end) else (None, start)
    pair = frozenset(numbers[:2])
    if stars:
        normal, reduced = pair == {"1"}, pair <= {"6", "28", "27", "37", "7"}
    else:
        normal, reduced = pair == {"6"}, pair == {"7"}
    return ("normal" if normal else "reduced" if reduced else None), last


def _homozygous(message: Message, start: int, end: int) -> bool:
    """Whether a single allele is called homozygous, also right before the name ("homozygous UGT1A1*28")."""
    named = message.document.term_at(start - 1)
    first = named.start if named is not None else start
    words = "".join(message.document.word(i) for i in range(max(0, first - _BEFORE), end))
    return "纯合" in words or "homozyg" in words
