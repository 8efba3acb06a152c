"""The case summary: facts, options, reasons in short, citations, what is unknown, and the disclaimer."""

from __future__ import annotations

from datetime import date

from knowledge.engine import evaluate
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.case import Case
from knowledge.models.messages import Reply, SummaryMessage
from knowledge.pictures import PATHWAY
from knowledge.rendering.base import (
    buttons,
    cite,
    contradiction_lines,
    facts_text,
    joined,
    lines,
    note_lines,
    phrase,
    statement_line,
)
from knowledge.rendering.options import payloads


def show(kb: Knowledge, case: Case, lang: Lang, on: date) -> Reply:
    """The summary of the case as it stands, dated `on`."""
    found = evaluate(kb, case.facts)
    citations = tuple(sorted({number for option in found.options for number in option.citations}))
    grounds = [key for option in found.options for key in (*option.cautions[:1], option.statements[0])]
    open_facts = [kb.facts[m.fact].label[lang] for m in found.missing if m.decisive]
    rows: list[str] = []
    for option in found.options:
        rows.append(
            phrase(
                "summary.option",
                lang,
                stance=phrase(f"base.{option.stance}", lang),
                therapy=kb.therapies[option.id].name[lang],
                citations=cite(option.citations),
            ).rstrip()
        )
        rows += [
            phrase("options.warning", lang, text=statement_line(kb, key, lang, short=True))
            for key in option.cautions[:1]
        ]
        rows.append("  " + statement_line(kb, option.statements[0], lang, short=True))
    return Reply(
        text=lines(
            phrase("summary.title", lang, date=on.isoformat()),
            phrase("summary.facts", lang, facts=facts_text(kb, case.facts, lang) or phrase("base.unknown", lang)),
            contradiction_lines(kb, case.facts, lang),
            phrase("summary.unknown", lang, facts=joined(open_facts, lang)) if open_facts else None,
            phrase("summary.options", lang) if rows else phrase("options.none", lang),
            rows,
            note_lines(kb, grounds, lang, short=True),
            (phrase("options.mdt", lang, text=statement_line(kb, key, lang, short=True)) for key in kb.mdt),
            phrase("summary.references", lang, citations=cite(citations)) if citations else None,
            phrase("summary.version", lang, version=kb.version),
            phrase("base.disclaimer", lang),
        ),
        buttons=buttons(phrase("base.more", lang), phrase("base.new_patient", lang)),
        custom=SummaryMessage(
            lang=lang,
            knowledge_version=kb.version,
            facts=case.facts.known(),
            options=payloads(found.options),
            citations=citations,
            picture=PATHWAY,
        ),
    )
