"""Words around the conversation: greeting with the disclaimer, help, the way back to an earlier case."""

from __future__ import annotations

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.case import Case
from knowledge.models.messages import FactsMessage, Reply
from knowledge.rendering.base import buttons, facts_text, lines, phrase


def greeting(lang: Lang) -> Reply:
    """Who this is, the disclaimer, and how to begin."""
    return Reply(
        text=lines(
            phrase("welcome.greeting", lang),
            phrase("base.disclaimer", lang),
            phrase("welcome.privacy", lang),
            phrase("welcome.invite", lang),
        ),
        buttons=buttons(
            phrase("welcome.start_case", lang),
            phrase("welcome.example_question", lang),
            phrase("welcome.help_button", lang),
        ),
    )


def disclaimer(lang: Lang) -> Reply:
    """The disclaimer in short, for a conversation that begins with the case itself."""
    return Reply(text=lines(phrase("base.disclaimer", lang), phrase("welcome.privacy", lang)))


def help_text(lang: Lang) -> Reply:
    """What can be said, with examples."""
    keys = ("title", "facts", "intake", "options", "questions", "case")
    return Reply(text=lines((phrase(f"welcome.help_{key}", lang) for key in keys), phrase("base.disclaimer", lang)))


def goodbye(lang: Lang) -> Reply:
    """Taking leave."""
    return Reply(text=phrase("welcome.goodbye", lang))


def thanks(lang: Lang) -> Reply:
    """An answer to thanks."""
    return Reply(text=phrase("welcome.thanks", lang))


def language_set(lang: Lang) -> Reply:
    """The language has been changed."""
    return Reply(text=phrase("welcome.language_set", lang))


def new_patient(kb: Knowledge, lang: Lang) -> Reply:
    """The earlier case is gone."""
    return Reply(
        text=phrase("welcome.new_patient", lang),
        custom=FactsMessage(lang=lang, knowledge_version=kb.version, facts={}, changed={}),
    )


def returning(kb: Knowledge, case: Case, lang: Lang) -> Reply:
    """Somebody comes back after a while: the earlier case is set aside until they say that it goes on."""
    return Reply(
        text=lines(
            phrase("base.disclaimer", lang),
            phrase("welcome.returning", lang, facts=facts_text(kb, case.facts, lang)),
            phrase("welcome.returning_question", lang),
        ),
        buttons=buttons(phrase("welcome.continue_case", lang), phrase("base.new_patient", lang)),
    )


def continued(kb: Knowledge, case: Case, lang: Lang) -> Reply:
    """The earlier case is in use again, or there was none."""
    known = case.facts.known()
    text = (
        phrase("welcome.continued", lang, facts=facts_text(kb, case.facts, lang))
        if known
        else phrase("welcome.nothing_to_continue", lang)
    )
    return Reply(text=text, custom=FactsMessage(lang=lang, knowledge_version=kb.version, facts=known, changed={}))
