"""What a message does to the case of a patient: facts are set, corrected, withdrawn or left unknown."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.conditions import facts_of, holds
from knowledge.loading import Knowledge
from knowledge.models.case import Case, CaseUpdate, Contradiction, FactChange, Problem
from knowledge.models.facts import FACT_IDS, FactValue, PatientFacts, is_value
from knowledge.models.understanding import FactMention


def apply_mentions(case: Case, mentions: Sequence[FactMention]) -> CaseUpdate:
    """The case after a message; the last mention of a fact counts.

    Only what is asserted of the patient counts. A mention that is no value (impossible, only a limit,
    contradictory) changes nothing and is returned as a problem to ask about; the old value stays. "Pending"
    makes a fact unknown.
    """
    values: dict[str, FactValue | None] = {}
    words: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for mention in mentions:
        if not mention.asserted:
            continue
        if mention.status in ("implausible", "bound", "conflict"):
            values.pop(mention.fact, None)
            problems[mention.fact] = Problem(kind=mention.status, mention=mention)
        elif mention.status == "known" and not is_value(mention.fact, mention.value):
            problems[mention.fact] = Problem(kind="implausible", mention=mention)
        else:
            problems.pop(mention.fact, None)
            values[mention.fact] = mention.value if mention.status == "known" else None
            words[mention.fact] = mention.text
    return _changed(case, values, words, tuple(problems.values()))


def answer_unknown(case: Case, fact: str) -> Case:
    """The case after "unknown" as the answer to the question for `fact`: it is not asked again."""
    return _changed(case, {fact: None}, {}, ()).case


def withdraw(case: Case, facts: Sequence[str]) -> CaseUpdate:
    """The case without some facts; they are open again and may be asked for."""
    update = _changed(case, dict.fromkeys(facts), {}, ())
    reopened = tuple(fact for fact in update.case.unknown if fact not in facts)
    return update.model_copy(update={"case": update.case.model_copy(update={"unknown": reopened})})


def contradictions(kb: Knowledge, facts: PatientFacts) -> tuple[Contradiction, ...]:
    """The pairs of known facts that do not go together."""
    known = facts.known()
    return tuple(
        Contradiction(
            id=entry.id,
            facts=tuple(fact for fact in FACT_IDS if fact in facts_of(entry.when) and fact in known),
            text=entry.text,
        )
        for entry in kb.contradictions
        if holds(entry.when, known) is True
    )


def what_if(case: Case, mentions: Sequence[FactMention]) -> CaseUpdate:
    """The case as it would be if the mentions were true, asserted or not. The case itself stays as it is."""
    return apply_mentions(case, [mention.model_copy(update={"asserted": True}) for mention in mentions])


def _changed(
    case: Case,
    values: dict[str, FactValue | None],
    words: dict[str, str],
    problems: tuple[Problem, ...],
) -> CaseUpdate:
    facts = case.facts.with_facts(values)
    unknown = {*case.unknown, *(fact for fact, value in values.items() if value is None)}
    unknown -= set(facts.known())
    kept_words = {fact: text for fact, text in {**case.words, **words}.items() if fact in facts.known()}
    changes = tuple(
        FactChange(fact=fact, old=getattr(case.facts, fact), new=getattr(facts, fact))
        for fact in FACT_IDS
        if getattr(case.facts, fact) != getattr(facts, fact)
    )
    return CaseUpdate(
        case=Case(facts=facts, unknown=tuple(f for f in FACT_IDS if f in unknown), words=kept_words),
        changes=changes,
        problems=problems,
    )
