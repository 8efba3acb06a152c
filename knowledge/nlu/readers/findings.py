"""Facts that a phrase states by itself ("unresectable"), and courses of treatment ("progressed on FOLFOX")."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.models.facts import FactValue
from knowledge.models.understanding import FactMention
from knowledge.nlu.context import Context
from knowledge.nlu.document import Term
from knowledge.nlu.readers.mention import mention
from knowledge.nlu.terms import ValueWords, load_lexicon

_ONLY_IN_CAPITALS = frozenset({"pd", "pr", "sd", "ga"})
_CERTAIN = frozenset({"surgical_risk", "chemotherapy_status", "local_therapy_failed", "resection_status"})
"""Facts whose phrases are not undone by a history word: "previously failed ablation" is what counts."""


def read_findings(context: Context) -> Iterator[FactMention]:
    """The facts stated by phrases of the lexicon, and those that a treatment's course tells."""
    for term in context.doc.terms:
        entry = _entry(term)
        if entry is not None:
            yield from _stated(context, term, entry)
        elif term.any("course.progress", "course.response"):
            yield from _course(context, term)


def _entry(term: Term) -> ValueWords | None:
    position = term.kind("value")
    return load_lexicon().values[int(position)] if position is not None else None


def _stated(context: Context, term: Term, entry: ValueWords) -> Iterator[FactMention]:
    doc = context.doc
    if doc.word(term.start) in _ONLY_IN_CAPITALS and term.end - term.start == 1 and not doc.tokens[term.start].capital:
        return
    if context.of_somebody_else(term.start) or context.planned(term.start):
        return
    fact, value = entry.fact, entry.value
    if fact == "chemotherapy_status" and value == "progressed" and _local_before(context, term):
        fact, value = "local_therapy_failed", True
    if context.past(term.start) and fact not in _CERTAIN and _told_again(context, term, fact):
        return
    where = (term.start, term.end)
    if context.uncertain(*where):
        yield mention(context, fact, None, where, "unknown")
    elif context.negated(*where):
        if entry.negated is not None:
            yield mention(context, fact, entry.negated, (_negation_start(context, term), term.end))
    else:
        yield mention(context, fact, value, where)


def _course(context: Context, term: Term) -> Iterator[FactMention]:
    """What a named treatment did: systemic treatment progressed or responded, local treatment failed."""
    treatment = _treatment_before(context, term)
    if treatment is None or context.of_somebody_else(term.start) or context.planned(term.start):
        return
    denied = context.negated(term.start, term.end)
    progress = term.any("course.progress")
    systemic = treatment.any("course.systemic")
    fact: str = "chemotherapy_status" if systemic else "local_therapy_failed"
    value: FactValue | None
    if systemic:
        value = "progressed" if progress and not denied else None if denied and not progress else "responding"
    else:
        value = (not denied) if progress else None
    if value is None:
        return
    where = (treatment.start, term.end)
    if context.uncertain(term.start, term.end):
        yield mention(context, fact, None, where, "unknown")
    else:
        yield mention(context, fact, value, where)


def _treatment_before(context: Context, term: Term) -> Term | None:
    """The nearest treatment named before the word, in the same sentence; right behind it counts too ("failed RFA")."""
    first, last = context.clause(term.start)
    behind = next(
        (t for t in context.doc.between(term.end, min(last, term.end + 4)) if t.any("course.systemic", "course.local")),
        None,
    )
    start, _ = context.sentence(term.start)
    before = [
        t for t in context.doc.between(max(start, term.start - 14), term.start) if t.any("course.systemic", "course.local")
    ]
    in_clause = [t for t in before if t.start >= first]
    if in_clause:
        return in_clause[-1]
    return behind or (before[-1] if before else None)


def _local_before(context: Context, term: Term) -> bool:
    first, _ = context.clause(term.start)
    treatments = [t for t in context.doc.between(first, term.start) if t.any("course.systemic", "course.local")]
    return bool(treatments) and treatments[-1].any("course.local")


def _told_again(context: Context, term: Term, fact: str) -> bool:
    """Whether another phrase tells the same fact later, so that this one only tells how it was."""
    return any(
        (entry := _entry(other)) is not None and entry.fact == fact
        for other in context.doc.terms
        if other.start > term.start
    )


def _negation_start(context: Context, term: Term) -> int:
    first, _ = context.clause(term.start)
    denials = [t.start for t in context.doc.between(first, term.start) if t.any("cue.negation_before")]
    return denials[-1] if denials else term.start
