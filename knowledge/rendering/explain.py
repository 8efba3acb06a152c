"""Why a therapy is an option or not, and what would be if a fact were different."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.engine import difference, evaluate
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.case import Case, CaseUpdate
from knowledge.models.messages import AnswerMessage, Reply
from knowledge.models.results import RuleTrace, TherapyOption
from knowledge.overview import deciding
from knowledge.rendering.base import fact_text, joined, lines, phrase, statement_lines
from knowledge.rendering.facts import problem_line
from knowledge.rendering.options import changes_text
from knowledge.trace import trace


def why(kb: Knowledge, case: Case, therapies: Sequence[str], lang: Lang) -> Reply:
    """Why each of these therapies is among the options, or why it is not; asks which if none is named."""
    if not therapies:
        return _answer(kb, phrase("explain.which", lang), (), lang)
    options = {option.id: option for option in evaluate(kb, case.facts).options}
    rows: list[str] = []
    statements: list[str] = []
    for therapy in therapies:
        rules = trace(kb, case.facts, therapy)
        if option := options.get(therapy):
            rows += _why_rows(kb, case, option, rules, lang)
            statements += option.statements
        else:
            rows += _why_not_rows(kb, case, therapy, rules, lang)
    keys = list(dict.fromkeys(statements))
    return _answer(kb, lines(rows, statement_lines(kb, keys, lang)), keys, lang)


def what_if(kb: Knowledge, case: Case, supposed: CaseUpdate, lang: Lang) -> Reply:
    """What other facts would change; the case stays as it is. What cannot be supposed, as a range, is asked about."""
    values = [(change.fact, change.new) for change in supposed.changes if change.new is not None]
    problems = [problem_line(kb, problem, lang) for problem in supposed.problems]
    if not values:
        return _answer(kb, lines(problems or phrase("explain.what_if_unclear", lang)), (), lang)
    changes = difference(evaluate(kb, case.facts), evaluate(kb, supposed.case.facts))
    named = " · ".join(fact_text(kb, fact, value, lang) for fact, value in values)
    if changes.empty:
        return _answer(kb, lines(phrase("explain.what_if_same", lang, facts=named), problems), (), lang)
    keys = list(dict.fromkeys(_new_statements(changes.added, changes.changed)))
    first = phrase("explain.what_if", lang, facts=named, changes=changes_text(kb, changes, lang))
    return _answer(kb, lines(first, statement_lines(kb, keys, lang), problems), keys, lang)


def _new_statements(
    added: Sequence[TherapyOption], changed: Sequence[tuple[TherapyOption, TherapyOption]]
) -> list[str]:
    """What the new result says that the old one did not: the first ground of new options, all new remarks."""
    keys = [key for option in added for key in (*option.cautions[:1], *option.statements[:1])]
    return keys + [key for old, new in changed for key in new.statements if key not in old.statements]


def _why_rows(kb: Knowledge, case: Case, option: TherapyOption, rules: Sequence[RuleTrace], lang: Lang) -> list[str]:
    supporting = deciding(rules, True)
    name = kb.therapies[option.id].name[lang]
    return [
        phrase("explain.is_option", lang, therapy=name, stance=phrase(f"base.{option.stance}", lang)),
        *([phrase("explain.because", lang, facts=_values(kb, case, supporting, lang))] if supporting else []),
    ]


def _why_not_rows(kb: Knowledge, case: Case, therapy: str, rules: Sequence[RuleTrace], lang: Lang) -> list[str]:
    against = deciding(rules, False)
    undecided = deciding(rules, None)
    labels = joined((kb.facts[fact].label[lang] for fact in undecided), lang)
    return [
        phrase("explain.not_option", lang, therapy=kb.therapies[therapy].name[lang]),
        *([phrase("explain.against", lang, facts=_values(kb, case, against, lang))] if against else []),
        *([phrase("explain.open", lang, facts=labels)] if undecided else []),
    ]


def _values(kb: Knowledge, case: Case, facts: Sequence[str], lang: Lang) -> str:
    return " · ".join(fact_text(kb, fact, getattr(case.facts, fact), lang) for fact in facts)


def _answer(kb: Knowledge, text: str, statements: Sequence[str], lang: Lang) -> Reply:
    return Reply(
        text=text,
        custom=AnswerMessage(
            lang=lang,
            knowledge_version=kb.version,
            statements=tuple(statements),
            citations=kb.citations_of(statements),
        ),
    )
