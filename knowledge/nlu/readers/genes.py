"""RAS, BRAF, TP53 and UGT1A1: states, variants, lists of genes that share one state."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.models.understanding import FactMention
from knowledge.nlu.context import Context
from knowledge.nlu.document import Term
from knowledge.nlu.readers.mention import mention, token_at

_JOINT = frozenset({"/", "、", ",", "和", "及", "与", "and", "&", "-", "or", "或"})
_VARIANT = re.compile(
    r"(?<![a-z])[acdefghiklmnpqrstvwy]\d{1,4}[acdefghiklmnpqrstvwy*](?![a-z])|\bv600|密码子|codon", re.I
)
_NEGATIVE = re.compile(r"\s*(?:状态)?\s*(?:\(\s*-\s*\)|阴性|neg(?:ative)?\b|-(?=[,;。.\s]|$))", re.I)
_POSITIVE = re.compile(r"\s*(?:状态)?\s*(?:\(\s*\+\s*\)|阳性|pos(?:itive)?\b|\+)", re.I)
_WILD = re.compile(r"^\s*(?:状态)?[:\s]*wt\b", re.I)
_UGT1A1 = re.compile(r"UGT1A1[^;。\n\d*]{0,10}\*?(\d+)\s*/\s*\*?(\d+)", re.I)


def read_genes(context: Context) -> Iterator[FactMention]:
    """The state of each gene named; a RAS mutation outweighs another RAS gene that is wild type."""
    found: list[FactMention] = []
    for group in _groups(context):
        found.extend(_of_group(context, group))
    mutants = {m.fact for m in found if m.value == "mutant" and m.asserted}
    yield from (m for m in found if not (m.fact in mutants and m.value == "wild_type" and m.fact == "ras"))
    yield from _ugt1a1(context)


def _groups(context: Context) -> Iterator[list[Term]]:
    """Genes that stand in one list."""
    doc, group = context.doc, list[Term]()
    for term in doc.find("gene"):
        if group and all(doc.word(i) in _JOINT for i in range(group[-1].end, term.start)):
            group.append(term)
            continue
        if group:
            yield group
        group = [term]
    if group:
        yield group


def _of_group(context: Context, group: list[Term]) -> Iterator[FactMention]:
    doc = context.doc
    start, end = group[0].start, group[-1].end
    if context.of_somebody_else(start):
        return
    _, clause_end = context.clause(end - 1)
    following = next((t.start for t in doc.find("gene") if t.start >= end), clause_end)
    last = min(clause_end, following, end + 12)
    value, stop = _state(context, start, end, last)
    if value is None:
        first, _ = context.clause(start)
        before = [t for t in doc.between(max(first, start - 3), start) if t.any("state")]
        if before and before[-1].end >= start - 1:
            value, start = before[-1].kind("state"), before[-1].start
    for fact in dict.fromkeys(term.kind("gene") for term in group):
        if fact is None:
            continue
        if value is not None:
            yield mention(context, fact, value, (start, stop))
        elif _awaited(context, group):
            yield mention(context, fact, None, (start, last), "unknown")


def _awaited(context: Context, group: list[Term]) -> bool:
    """Whether the state is said to be unknown, at the latest before the next gene."""
    start, end = group[0].start, group[-1].end
    _, last = context.sentence(start)
    following = next((term.start for term in context.doc.find("gene") if term.start >= end), last)
    behind = context.doc.between(end, min(last, following))
    return context.uncertain(start, end) or any(
        t.any("cue.uncertain") and context.doc.word(t.start) != "?" for t in behind
    )


def _state(context: Context, start: int, end: int, last: int) -> tuple[str | None, int]:
    """The state told behind a list of genes, and where the words for it end."""
    doc = context.doc
    denied = any(t.any("cue.negation_before") and t.end >= start - 3 for t in doc.between(max(0, start - 5), start))
    for term in doc.between(end, last):
        state = term.kind("state")
        if state is None:
            continue
        if state == "mutant" and (denied or context.negated(term.start, term.end)):
            return "wild_type", term.end
        if context.uncertain(term.start, term.end):
            return None, term.end
        return state, term.end
    text = doc.source.text[doc.tokens[end - 1].end : doc.tokens[last - 1].end] if last > end else ""

    def stop(match: re.Match[str]) -> int:
        return token_at(context, doc.tokens[end - 1].end + match.end() - 1) + 1

    if match := _WILD.match(text):
        return "wild_type", stop(match)
    variant = _VARIANT.search(text)
    if (match := _NEGATIVE.match(text)) or (variant and (match := _NEGATIVE.match(text, variant.end()))):
        return "wild_type", stop(match)
    if match := _POSITIVE.match(text):
        return "mutant", stop(match)
    if variant:
        return ("wild_type" if denied else "mutant"), stop(variant)
    return None, end


def _ugt1a1(context: Context) -> Iterator[FactMention]:
    """Genotypes of UGT1A1 that clearly mean normal or reduced activity; others are asked for."""
    for match in _UGT1A1.finditer(context.doc.source.text):
        alleles = {match[1], match[2]}
        value = "normal" if alleles in ({"1"}, {"6"} if "*" not in match[0] else {"1"}) else None
        if (alleles <= {"28", "6"} and "*" in match[0]) or alleles == {"7"}:
            value = "reduced"
        if value:
            where = (token_at(context, match.start()), token_at(context, match.end() - 1) + 1)
            yield mention(context, "ugt1a1", value, where)
