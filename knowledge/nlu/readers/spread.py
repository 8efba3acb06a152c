"""Disease outside the liver: none, the lung only, or other sites."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.models.understanding import FactMention
from knowledge.nlu.context import Context
from knowledge.nlu.document import Term
from knowledge.nlu.readers.mention import mention

_FACT = "extrahepatic_disease"
_METASTASIS = ("转移", "met", "mets", "metasta", "灶", "结节", "carcinomatosis", "deposit", "nodule")


def read_spread(context: Context) -> Iterator[FactMention]:
    """What is said of disease outside the liver as a whole, and of single sites.

    A denied single site says nothing of the others, so it is no fact; sites that are affected are.
    """
    doc = context.doc
    affected: list[Term] = []
    for term in doc.terms:
        if term.any("organ.extrahepatic"):
            yield from _general(context, term)
        elif term.any("organ.present_elsewhere") and not context.negated(term.start, term.end):
            yield mention(context, _FACT, "other", (term.start, term.end))
        elif term.any("organ.lung", "organ.other_site") and _affected(context, term):
            affected.append(term)
    asserted = [term for term in affected if context.asserted(term.start)]
    sites = asserted or affected
    if sites:
        other = [term for term in sites if term.any("organ.other_site")]
        term = (other or sites)[0]
        yield mention(context, _FACT, "other" if other else "lung_only", (term.start, term.end))


def _general(context: Context, term: Term) -> Iterator[FactMention]:
    where = (term.start, term.end)
    if context.of_somebody_else(term.start):
        return
    if context.uncertain(*where):
        yield mention(context, _FACT, None, where, "unknown")
    elif context.negated(*where) or (
        context.doc.word(term.end) in ("-", "(") and context.doc.word(term.end + 1) == "-"
    ):
        start = term.start
        for cue in context.doc.between(max(0, start - 7), start):
            if cue.any("cue.negation_before"):
                start = cue.start
                break
        yield mention(context, _FACT, "none", (start, term.end))


def _affected(context: Context, term: Term) -> bool:
    """Whether a site is said to hold metastases, now and in this patient."""
    doc = context.doc
    words = doc.source.text[
        doc.tokens[term.start].start : doc.tokens[min(term.end + 2, len(doc.tokens)) - 1].end
    ].lower()
    if not any(mark in words for mark in _METASTASIS):
        return False
    where = (term.start, term.end)
    return not (
        doc.word(term.start - 1) == "?"
        or context.negated(*where)
        or context.uncertain(*where)
        or context.of_somebody_else(term.start)
        or context.planned(term.start)
    )
