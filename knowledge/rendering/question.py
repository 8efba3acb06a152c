"""The question for a patient fact, and why it is asked."""

from __future__ import annotations

from knowledge.engine import difference, evaluate
from knowledge.factspace import stretch, values_of
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.case import Case
from knowledge.models.facts import FactValue
from knowledge.models.messages import AnswerMessage, Button, QuestionMessage, Reply
from knowledge.models.results import Evaluation
from knowledge.rendering.base import (
    choice_titles,
    fact_text,
    lines,
    number_text,
    numbered,
    phrase,
    statement_lines,
)
from knowledge.rendering.options import changes_text


def ask(kb: Knowledge, case: Case, fact: str, lang: Lang) -> Reply:
    """Asks for a fact: the question, its numbered answers and quick replies, "unknown" among them."""
    definition = kb.facts[fact]
    titles = choice_titles(definition, lang)
    first = not case.unknown and len(case.facts.known()) <= 1
    if definition.choices:
        replies = titles
        how_to = [*numbered(titles), *([phrase("question.hint", lang)] if first else [])]
    else:
        replies = [*(number_text(number) for number in definition.suggestions), titles[-1]]
        how_to = [phrase("question.number_hint", lang)]
    return Reply(
        text=lines(definition.question[lang], how_to),
        buttons=tuple(
            Button(title=title, payload=title)
            for title in (*replies, phrase("base.why_asked", lang), phrase("base.enough", lang))
        ),
        custom=QuestionMessage(
            lang=lang,
            knowledge_version=kb.version,
            fact=fact,
            facts=case.facts.known(),
            why=definition.why[lang],
        ),
    )


def why_asked(kb: Knowledge, case: Case, fact: str, lang: Lang) -> Reply:
    """Why a fact is asked: what the review makes of it and what each answer would change now."""
    definition = kb.facts[fact]
    now = evaluate(kb, case.facts)
    return Reply(
        text=lines(
            phrase("question.why_asked", lang, fact=definition.label[lang], why=definition.why[lang]),
            (_effect_line(kb, case, fact, value, now, lang) for value in values_of(kb, fact)),
            statement_lines(kb, definition.statements, lang),
        ),
        custom=AnswerMessage(
            lang=lang,
            knowledge_version=kb.version,
            statements=definition.statements,
            citations=kb.citations_of(definition.statements),
        ),
    )


def _effect_line(kb: Knowledge, case: Case, fact: str, value: FactValue, now: Evaluation, lang: Lang) -> str:
    """What one answer would change, e.g. `· RAS mutant: adds …`."""
    changes = difference(now, evaluate(kb, case.facts.with_facts({fact: value})))
    return phrase(
        "question.effect",
        lang,
        value=_value_text(kb, fact, value, lang),
        changes=phrase("question.no_change", lang) if changes.empty else changes_text(kb, changes, lang),
    )


def _value_text(kb: Knowledge, fact: str, value: FactValue, lang: Lang) -> str:
    """A choice in short, or for a number the stretch it stands for, e.g. `3–5`."""
    if kb.facts[fact].choices:
        return fact_text(kb, fact, value, lang)
    return f"{kb.facts[fact].label[lang]} {stretch(kb, fact, value)}".rstrip()
