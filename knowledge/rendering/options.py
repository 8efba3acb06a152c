"""The therapy options: the answer first, cautions before the option they concern, then grounds, then what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.engine import difference, evaluate
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.case import Case
from knowledge.models.facts import PatientFacts
from knowledge.models.messages import OptionPayload, OptionsMessage, Reply
from knowledge.models.results import STANCES, Difference, Evaluation, TherapyOption
from knowledge.pictures import PATHWAY
from knowledge.rendering.base import (
    buttons,
    contradiction_lines,
    facts_text,
    joined,
    lines,
    note_lines,
    phrase,
    statement_line,
    therapy_names,
)


def show(kb: Knowledge, case: Case, lang: Lang, previous: PatientFacts | None = None) -> Reply:
    """The options in short: for each its most important caution and ground.

    Args:
        previous: the facts of the options shown before; then the reply says what has changed since.
    """
    found = evaluate(kb, case.facts)
    shown = {option.id: _most_important(option) for option in found.options}
    keys = [key for pair in shown.values() for key in pair]
    change = change_line(kb, difference(evaluate(kb, previous), found), lang) if previous else None
    return Reply(
        text=lines(
            _answer(kb, found, lang),
            change,
            contradiction_lines(kb, case.facts, lang),
            (row for option in found.options for row in _short_rows(kb, option, shown[option.id], lang)),
            note_lines(kb, keys, lang, short=True),
            _closing(kb, found, lang),
            phrase("options.hint", lang) if found.options else None,
        ),
        buttons=buttons(*(phrase(f"base.{key}", lang) for key in ("more", "summary", "new_patient"))),
        custom=_message(kb, found, case, lang, change),
    )


def more(kb: Knowledge, case: Case, lang: Lang, therapies: Sequence[str] = ()) -> Reply:
    """The options with all cautions, grounds and editor's notes; of some therapies only, if named."""
    found = evaluate(kb, case.facts)
    options = [option for option in found.options if not therapies or option.id in therapies]
    keys = [key for option in options for key in option.statements]
    return Reply(
        text=lines(
            _answer(kb, found, lang),
            phrase("options.because", lang, facts=facts_text(kb, case.facts, lang)) if case.facts.known() else None,
            contradiction_lines(kb, case.facts, lang),
            (row for option in options for row in _full_rows(kb, option, lang)),
            note_lines(kb, keys, lang),
            (phrase("options.mdt", lang, text=statement_line(kb, key, lang)) for key in kb.mdt),
            _open_lines(kb, found, lang),
        ),
        buttons=buttons(*(phrase(f"base.{key}", lang) for key in ("summary", "new_patient"))),
        custom=_message(kb, found, case, lang),
    )


def payloads(options: Iterable[TherapyOption]) -> tuple[OptionPayload, ...]:
    """Options as programs see them."""
    return tuple(OptionPayload.model_validate(option.model_dump()) for option in options)


def change_line(kb: Knowledge, changes: Difference, lang: Lang) -> str:
    """What changed between two results, in one line."""
    if changes.empty:
        return phrase("options.unchanged", lang)
    return phrase("options.changed", lang, changes=changes_text(kb, changes, lang))


def changes_text(kb: Knowledge, changes: Difference, lang: Lang) -> str:
    """Options added, removed, moved to another stance, or shown with other grounds."""
    parts = []
    if changes.added:
        parts.append(phrase("options.added", lang, therapies=_with_stance(kb, changes.added, lang)))
    if changes.removed:
        removed = therapy_names(kb, (option.id for option in changes.removed), lang)
        parts.append(phrase("options.removed", lang, therapies=removed))
    moved = [(old, new) for old, new in changes.changed if old.stance != new.stance]
    parts += [
        phrase(
            "options.restanced",
            lang,
            therapy=kb.therapies[new.id].short[lang],
            old=phrase(f"base.{old.stance}", lang),
            new=phrase(f"base.{new.stance}", lang),
        )
        for old, new in moved
    ]
    others = [new.id for old, new in changes.changed if old.stance == new.stance]
    if others:
        parts.append(phrase("options.remarks", lang, therapies=therapy_names(kb, others, lang)))
    return ("；" if lang == "zh" else "; ").join(parts)


def _with_stance(kb: Knowledge, options: Iterable[TherapyOption], lang: Lang) -> str:
    return joined(
        (f"{kb.therapies[option.id].short[lang]} ({phrase(f'base.{option.stance}', lang)})" for option in options),
        lang,
    )


def _answer(kb: Knowledge, found: Evaluation, lang: Lang) -> str:
    """The first line: the options by stance."""
    if not found.options:
        undecided = any(entry.decisive for entry in found.missing)
        return phrase("options.none" if undecided else "options.none_closed", lang)
    groups = [
        phrase(
            "options.answer",
            lang,
            stance=phrase(f"base.{stance}", lang),
            therapies=therapy_names(kb, (o.id for o in found.options if o.stance == stance), lang),
        )
        for stance in STANCES
        if any(option.stance == stance for option in found.options)
    ]
    return "；".join(groups) + "。" if lang == "zh" else "; ".join(groups) + "."


def _most_important(option: TherapyOption) -> list[str]:
    """The first caution and the first ground of an option."""
    grounds = [key for key in option.statements if key not in option.cautions]
    return [*option.cautions[:1], *grounds[:1]]


def _short_rows(kb: Knowledge, option: TherapyOption, keys: list[str], lang: Lang) -> list[str]:
    head = {"stance": phrase(f"base.{option.stance}", lang), "therapy": kb.therapies[option.id].short[lang]}
    texts = [statement_line(kb, key, lang, short=True) for key in keys]
    warnings = [
        phrase("options.warning", lang, text=f"{head['therapy']}{'：' if lang == 'zh' else ': '}{text}")
        for key, text in zip(keys, texts, strict=True)
        if key in option.cautions
    ]
    grounds = [text for key, text in zip(keys, texts, strict=True) if key not in option.cautions]
    return [*warnings, *(phrase("options.short", lang, text=text, **head) for text in grounds)]


def _full_rows(kb: Knowledge, option: TherapyOption, lang: Lang) -> list[str]:
    grounds = [key for key in option.statements if key not in option.cautions]
    return [
        phrase(
            "options.heading",
            lang,
            stance=phrase(f"base.{option.stance}", lang),
            therapy=kb.therapies[option.id].name[lang],
        ),
        *(phrase("options.warning", lang, text=statement_line(kb, key, lang)) for key in option.cautions),
        *(phrase("options.ground", lang, text=statement_line(kb, key, lang)) for key in grounds),
    ]


def _closing(kb: Knowledge, found: Evaluation, lang: Lang) -> list[str]:
    mdt = phrase("options.mdt", lang, text=statement_line(kb, kb.mdt[0], lang, short=True))
    return [mdt, *_open_lines(kb, found, lang)]


def _open_lines(kb: Knowledge, found: Evaluation, lang: Lang) -> list[str]:
    """Which unknown facts could change the options, and which would only add remarks."""
    rows = []
    for key, decisive in (("open", True), ("refining", False)):
        labels = [kb.facts[m.fact].label[lang] for m in found.missing if m.decisive is decisive]
        if labels:
            rows.append(phrase(f"options.{key}", lang, facts=joined(labels, lang)))
    return rows


def _message(kb: Knowledge, found: Evaluation, case: Case, lang: Lang, change: str | None = None) -> OptionsMessage:
    return OptionsMessage(
        lang=lang,
        knowledge_version=kb.version,
        facts=case.facts.known(),
        options=payloads(found.options),
        missing=tuple(entry.fact for entry in found.missing),
        change=change,
        picture=PATHWAY,
    )
