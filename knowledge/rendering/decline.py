"""No answer: what was not understood, is too long, empty, or went wrong."""

from __future__ import annotations

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.messages import DeclineMessage, DeclineReason, Reply
from knowledge.rendering.base import buttons, lines, phrase


def not_understood(kb: Knowledge, lang: Lang, *, asking: bool = False, again: bool = False) -> Reply:
    """The message could not be read.

    Args:
        asking: a question is open; it follows in the next message, so it is not repeated here.
        again: it is not the first time in a row, so the ways out are named.
    """
    help_line = phrase("decline.options_remain" if asking else "decline.not_understood_help", lang)
    return _decline(
        kb,
        lang,
        "not_understood",
        lines(phrase("decline.not_understood", lang), help_line if again or not asking else None),
    )


def out_of_scope(kb: Knowledge, lang: Lang) -> Reply:
    """Not a matter of this review at all."""
    return _decline(kb, lang, "out_of_scope", phrase("decline.out_of_scope", lang))


def too_long(kb: Knowledge, lang: Lang, limit: int) -> Reply:
    """The message has more than `limit` characters and was not read."""
    return _decline(kb, lang, "not_understood", phrase("decline.too_long", lang, limit=limit))


def empty(kb: Knowledge, lang: Lang) -> Reply:
    """No readable character arrived."""
    return _decline(kb, lang, "not_understood", phrase("decline.empty", lang))


def failed(kb: Knowledge, lang: Lang, reference: str) -> Reply:
    """An error of ours; `reference` finds it in the log."""
    return _decline(kb, lang, "not_understood", phrase("decline.failed", lang, reference=reference))


def unavailable(kb: Knowledge, lang: Lang, reference: str) -> Reply:
    """The stores of the conversations do not answer; `reference` finds it in the log."""
    return _decline(kb, lang, "not_understood", phrase("decline.unavailable", lang, reference=reference))


def _decline(kb: Knowledge, lang: Lang, reason: DeclineReason, text: str) -> Reply:
    return Reply(
        text=text,
        buttons=buttons(phrase("welcome.help_button", lang)),
        custom=DeclineMessage(lang=lang, knowledge_version=kb.version, reason=reason),
    )
