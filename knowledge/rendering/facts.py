"""What has been noted of the patient, and what a message changed."""

from __future__ import annotations

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.case import Case, CaseUpdate, FactChange, Problem
from knowledge.models.facts import FactValue
from knowledge.models.messages import FactsMessage, Reply
from knowledge.rendering.base import contradiction_lines, fact_text, facts_text, joined, lines, phrase


def case_changed(kb: Knowledge, update: CaseUpdate, lang: Lang) -> Reply:
    """A short echo: new facts, corrections as old → new, what was removed, and what could not be taken."""
    new = [c for c in update.changes if c.old is None]
    corrected = [c for c in update.changes if c.old is not None and c.new is not None]
    removed = [c for c in update.changes if c.new is None]
    pending = [c for c in removed if c.fact in update.case.unknown]
    withdrawn = [c for c in removed if c.fact not in update.case.unknown]
    return Reply(
        text=lines(
            phrase("facts.recorded", lang, facts=" · ".join(fact_text(kb, c.fact, c.new, lang) for c in new))
            if new
            else None,
            (
                phrase(
                    "facts.corrected",
                    lang,
                    old=fact_text(kb, c.fact, c.old, lang),
                    new=fact_text(kb, c.fact, c.new, lang),
                )
                for c in corrected
            ),
            phrase("facts.withdrawn", lang, facts=_old_values(kb, withdrawn, lang)) if withdrawn else None,
            phrase("facts.pending", lang, facts=_labels(kb, [c.fact for c in pending], lang)) if pending else None,
            (problem_line(kb, problem, lang) for problem in update.problems),
            contradiction_lines(kb, update.case.facts, lang, among=[change.fact for change in update.changes]),
        )
        or phrase("facts.nothing_understood", lang),
        custom=_message(kb, update.case, lang, {change.fact: change.new for change in update.changes}),
    )


def case_so_far(kb: Knowledge, case: Case, lang: Lang) -> Reply:
    """All that is known, what is known to be unknown, and what contradicts itself."""
    known = facts_text(kb, case.facts, lang)
    return Reply(
        text=lines(
            phrase("facts.case", lang, facts=known) if known else phrase("facts.case_empty", lang),
            phrase("facts.case_unknown", lang, facts=_labels(kb, case.unknown, lang)) if case.unknown else None,
            contradiction_lines(kb, case.facts, lang),
        ),
        custom=_message(kb, case, lang, {}),
    )


def nothing_withdrawn(kb: Knowledge, case: Case, lang: Lang) -> Reply:
    """There was nothing to take back."""
    return Reply(text=phrase("facts.nothing_withdrawn", lang), custom=_message(kb, case, lang, {}))


def _message(kb: Knowledge, case: Case, lang: Lang, changed: dict[str, FactValue | None]) -> FactsMessage:
    return FactsMessage(
        lang=lang, knowledge_version=kb.version, facts=case.facts.known(), changed=changed, words=case.words
    )


def problem_line(kb: Knowledge, problem: Problem, lang: Lang) -> str:
    """What could not be taken, and what is needed instead."""
    mention, fact, kind = problem.mention, kb.facts[problem.mention.fact], str(problem.kind)
    if kind == "bound" and mention.low is None and mention.high is None:
        kind = "bound_choice" if fact.choices else "bound_open"
    return phrase(f"facts.{kind}", lang, words=mention.text, fact=fact.label[lang])


def _labels(kb: Knowledge, facts: list[str] | tuple[str, ...], lang: Lang) -> str:
    return joined((kb.facts[fact].label[lang] for fact in facts), lang)


def _old_values(kb: Knowledge, changes: list[FactChange], lang: Lang) -> str:
    return joined((fact_text(kb, change.fact, change.old, lang) for change in changes), lang)
