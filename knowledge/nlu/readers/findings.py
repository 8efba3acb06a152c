"""Facts that a phrase states by itself ("unresectable"), and courses of treatment ("progressed on FOLFOX")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.models.facts import FactValue
from knowledge.models.understanding import FactMention
from knowledge.nlu.context import Context
from knowledge.nlu.document import Term
from knowledge.nlu.readers.mention import mention, token_at
from knowledge.nlu.terms import ValueWords, load_lexicon

_ONLY_IN_CAPITALS = frozenset({"pd", "pr", "sd", "ga"})
_ANY_SYSTEMIC = frozenset({"化疗", "全身治疗", "系统治疗", "chemo", "chemotherapy", "systemic", "systemictherapy"})
_NOT_BEGUN = re.compile(
    r"\s*(?:一直|还|尚|从)?(?:没|未)(?:有)?(?:开始|用过|做过|做|用|打)|\s*not (?:yet )?(?:started|begun|given)", re.I
)
_NOT_AFTER_CHEMOTHERAPY = re.compile(r"基线|初诊|术后|baseline|post-?op|at diagnosis|before chemo", re.I)
_TESTS = {
    "ugt1a1": re.compile("UGT1A1", re.I),
    "ctdna_after_chemotherapy": re.compile("ctDNA", re.I),
    "liver_reserve": re.compile(r"肝储备|liver reserve", re.I),
    "extrahepatic_disease": re.compile(r"肝外情况|extrahepatic status", re.I),
}
_QUALITIES = {
    "liver_reserve": re.compile(
        r"(?:残肝|残余肝|剩余肝|肝储备|肝脏储备|FLR|remnant|liver reserve)[^,;。.\n]{0,14}?"
        r"(?:(?P<inadequate>不足|不够|太小|偏小|insufficient|inadequate|too small|poor)"
        r"|(?P<adequate>足够|充足|够|良好|adequate|sufficient|ample|enough|good))",
        re.I,
    ),
    "ctdna_after_chemotherapy": re.compile(
        r"ctDNA[^,;。.\n]{0,14}?(?:(?P<negative>阴性|转阴|清零|未检出|negative|undetectable|cleared)"
        r"|(?P<positive>阳性|检出|positive|detectable|detected))",
        re.I,
    ),
    "ugt1a1": re.compile(
        r"UGT1A1[^;。.\n]{0,18}?(?:(?P<reduced>纯合|homozygous|降低|减低|偏低|reduced|deficien|poor)"
        r"|(?P<normal>正常|normal))",
        re.I,
    ),
}
_CERTAIN = frozenset({"surgical_risk", "chemotherapy_status", "local_therapy_failed", "resection_status"})
"""Facts whose phrases are not undone by a history word: "previously failed ablation" is what counts."""


def read_findings(context: Context) -> Iterator[FactMention]:
    """The facts stated by phrases of the lexicon, and those that a treatment's course tells."""
    for term in context.doc.terms:
        entry = _entry(term)
        if entry is not None:
            yield from _stated(context, term, entry)
        elif term.any("course.progress", "course.response", "recurrence"):
            yield from _course(context, term)
        elif term.any("course.systemic"):
            yield from _never_treated(context, term)
    yield from _qualities(context)
    yield from _untested(context)


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
    progress = term.any("course.progress", "recurrence")
    systemic = treatment.any("course.systemic")
    if term.any("recurrence") and (systemic or any(True for _ in context.doc.find("hepatectomy"))):
        return
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


def _never_treated(context: Context, term: Term) -> Iterator[FactMention]:
    """Systemic treatment as such, denied: "chemotherapy has not been started"."""
    words = "".join(context.doc.word(index) for index in range(term.start, term.end))
    if words not in _ANY_SYSTEMIC or context.planned(term.start) or context.of_somebody_else(term.start):
        return
    text = context.doc.source.text
    behind = text[context.doc.tokens[term.end - 1].end :][:14]
    if context.negated(term.start, term.end) or _NOT_BEGUN.match(behind):
        yield mention(context, "chemotherapy_status", "none", (_negation_start(context, term), term.end))


def _qualities(context: Context) -> Iterator[FactMention]:
    """Liver remnant, ctDNA and UGT1A1 with a word of judgement a little further on."""
    text = context.doc.source.text
    for fact, pattern in _QUALITIES.items():
        for match in pattern.finditer(text):
            where = (token_at(context, match.start()), token_at(context, match.end() - 1) + 1)
            clause = context.clause(where[0])
            before = text[context.doc.tokens[clause[0]].start : match.end()]
            if fact == "ctdna_after_chemotherapy" and _NOT_AFTER_CHEMOTHERAPY.search(before):
                continue
            if context.of_somebody_else(where[0]) or context.planned(where[0]) or context.uncertain(*where):
                continue
            value = next(name for name, words in match.groupdict().items() if words)
            yield mention(context, fact, value, where)


def _untested(context: Context) -> Iterator[FactMention]:
    """Tests that are named and said not to have been done or not to be back."""
    for fact, pattern in _TESTS.items():
        for match in pattern.finditer(context.doc.source.text):
            where = (token_at(context, match.start()), token_at(context, match.end() - 1) + 1)
            if context.uncertain(*where) and not context.of_somebody_else(where[0]):
                yield mention(context, fact, None, where, "unknown")


def _treatment_before(context: Context, term: Term) -> Term | None:
    """The nearest treatment named before the word, in the same sentence; right behind it counts too ("failed RFA")."""
    first, last = context.clause(term.start)
    behind = next(
        (t for t in context.doc.between(term.end, min(last, term.end + 4)) if t.any("course.systemic", "course.local")),
        None,
    )
    start, _ = context.sentence(term.start)
    before = [
        t
        for t in context.doc.between(max(start, term.start - 14), term.start)
        if t.any("course.systemic", "course.local")
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
