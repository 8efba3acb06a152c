"""The question for a patient fact, and why it is asked."""

from __future__ import annotations

from knowledge.engine import evaluate
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.case import Case
from knowledge.models.messages import AnswerMessage, Button, QuestionMessage, Reply
from knowledge.models.results import Effect
from knowledge.rendering.base import (
    choice_titles,
    fact_text,
    lines,
    number_text,
    numbered,
    phrase,
    statement_lines,
    therapy_names,
)


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
    missing = next((m for m in evaluate(kb, case.facts).missing if m.fact == fact), None)
    effects = missing.effects if missing else ()
    return Reply(
        text=lines(
            phrase("question.why_asked", lang, fact=definition.label[lang], why=definition.why[lang]),
            (_effect_line(kb, fact, effect, lang) for effect in effects),
            statement_lines(kb, definition.statements, lang),
        ),
        custom=AnswerMessage(
            lang=lang,
            knowledge_version=kb.version,
            statements=definition.statements,
            citations=kb.citations_of(definition.statements),
        ),
    )


def _effect_line(kb: Knowledge, fact: str, effect: Effect, lang: Lang) -> str:
    """What one answer would change, e.g. `· RAS mutant: adds …`."""
    changes = [
        phrase(f"question.{kind}", lang, therapies=therapy_names(kb, therapies, lang))
        for kind, therapies in (
            ("adds", effect.adds),
            ("removes", effect.removes),
            ("restances", effect.restances),
            ("cautions", effect.cautions),
        )
        if therapies
    ]
    return phrase(
        "question.effect",
        lang,
        value=fact_text(kb, fact, effect.value, lang),
        changes=("；" if lang == "zh" else "; ").join(changes) or phrase("question.no_change", lang),
    )
