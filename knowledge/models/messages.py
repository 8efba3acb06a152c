"""The messages of the assistant: one class for every `kind` of the contract.

`picture` names the picture that shows what a message says (`knowledge.pictures.NAMES`); the pathway is that of the
message's `facts`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from knowledge.models.base import CitationNumber, Lang, Model
from knowledge.models.facts import FactValue

DeclineReason = Literal["not_in_review", "out_of_scope", "not_understood"]


class Message(Model):
    """What every message says to programs."""

    lang: Lang
    knowledge_version: str


class OptionPayload(Model):
    """A therapy option as programs see it; see `knowledge.models.results.TherapyOption`."""

    id: str
    stance: str
    rules: tuple[str, ...]
    statements: tuple[str, ...]
    cautions: tuple[str, ...]
    citations: tuple[CitationNumber, ...]


class QuestionMessage(Message):
    """A patient fact is asked."""

    kind: Literal["question"] = "question"
    fact: str
    facts: dict[str, FactValue]
    why: str


class OptionsMessage(Message):
    """Therapy options are given; `change` says what is different from those given before."""

    kind: Literal["options"] = "options"
    facts: dict[str, FactValue]
    options: tuple[OptionPayload, ...]
    missing: tuple[str, ...]
    change: str | None = None
    picture: str | None = None


class AnswerMessage(Message):
    """A free-text question is answered, or an option explained."""

    kind: Literal["answer"] = "answer"
    statements: tuple[str, ...]
    citations: tuple[CitationNumber, ...]
    picture: str | None = None


class ComparisonMessage(Message):
    """Two or more therapies are compared."""

    kind: Literal["comparison"] = "comparison"
    therapies: tuple[str, ...]
    statements: tuple[str, ...]
    citations: tuple[CitationNumber, ...]


class ReferenceMessage(Message):
    """One or more references are shown."""

    kind: Literal["reference"] = "reference"
    citations: tuple[CitationNumber, ...]


class FactsMessage(Message):
    """The case so far is shown or changed; `changed` maps a fact to its new value, None where withdrawn, and `words`
    tells for the facts which words of the user they were taken from."""

    kind: Literal["facts"] = "facts"
    facts: dict[str, FactValue]
    changed: dict[str, FactValue | None]
    words: dict[str, str] = Field(default_factory=dict)


class DeclineMessage(Message):
    """No answer is given."""

    kind: Literal["decline"] = "decline"
    reason: DeclineReason


class SummaryMessage(Message):
    """The case summary."""

    kind: Literal["summary"] = "summary"
    facts: dict[str, FactValue]
    options: tuple[OptionPayload, ...]
    citations: tuple[CitationNumber, ...]
    picture: str | None = None


class Button(Model):
    """A quick reply. `payload` is an ordinary sentence that the assistant understands when typed (at most 64 bytes,
    Telegram's limit), so a button needs no hidden syntax and works the same on every channel."""

    title: str
    payload: str


class Reply(Model):
    """One message to show: text that suffices alone, quick replies, and the same for programs.

    `custom` is None for greetings, help and similar words that carry no clinical content.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    custom: (
        Annotated[
            QuestionMessage
            | OptionsMessage
            | AnswerMessage
            | ComparisonMessage
            | ReferenceMessage
            | FactsMessage
            | DeclineMessage
            | SummaryMessage,
            Field(discriminator="kind"),
        ]
        | None
    ) = None

    def payload(self) -> dict[str, Any] | None:
        """`custom` as JSON data."""
        return self.custom.model_dump(mode="json") if self.custom else None
