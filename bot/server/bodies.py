"""What the HTTP interface takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.channels.settings import PLATFORMS
from bot.server.sessions import PREFIX
from knowledge.models.base import Bilingual, Lang
from knowledge.models.facts import FactDefinition
from knowledge.models.messages import (
    AnswerMessage,
    Button,
    ComparisonMessage,
    DeclineMessage,
    OptionPayload,
    ReferenceMessage,
)
from knowledge.models.references import Reference
from knowledge.models.statements import Statement
from knowledge.pictures.model import EditorNote, Picture, Table


def _encodable(value: Any) -> Any:
    """JSON can name halves of characters (lone surrogates), which are no text and cannot be stored."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


Encodable = BeforeValidator(_encodable)


_RESERVED = tuple(f"{name}:" for name in PLATFORMS)


def _free(name: str) -> str:
    if name.startswith(PREFIX):
        raise ValueError("the conversations of sessions are reached by their token only")
    if name.startswith(_RESERVED):
        raise ValueError("the conversations of messaging platforms are reached by these only")
    return name


Sender = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Encodable,
    AfterValidator(_free),
    Field(description="the conversation; choose a long random name, whoever knows it can read and go on with it"),
]
"""The name of a conversation of the REST channel."""


class UserMessage(BaseModel):
    """A message of a user. Other fields that clients of Rasa send are ignored."""

    model_config = ConfigDict(extra="ignore")

    sender: Sender
    message: Annotated[str, Encodable, Field(description="what the user typed, or the payload of a button")]


class BotMessage(BaseModel):
    """One message of the assistant in the format of Rasa's REST channel; what it does not have is left out."""

    recipient_id: str
    text: str | None = None
    buttons: list[Button] | None = None
    custom: dict[str, Any] | None = Field(
        default=None, description="the same for programs; `kind` says what it is", examples=[{"kind": "options"}]
    )


class OptionsResult(BaseModel):
    """The therapy options for a patient."""

    options: tuple[OptionPayload, ...]
    missing: tuple[str, ...] = Field(description="unknown facts whose value would change this, most decisive first")
    knowledge_version: str


class AskedQuestion(BaseModel):
    """A free question on the review."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000), Encodable]
    lang: Lang | None = Field(default=None, description="language of the answer; by default that of the question")


class Answer(AnswerMessage):
    """Statements of the review that answer the question."""

    text: str


class Comparison(ComparisonMessage):
    """What the review says of two or more therapies."""

    text: str


class References(ReferenceMessage):
    """Works the review cites."""

    text: str


class Decline(DeclineMessage):
    """The review has no answer; `reason` says why."""

    text: str


AskResult = Annotated[Answer | Comparison | References | Decline, Field(discriminator="kind")]


class ListedStatement(Statement):
    """A statement of the review."""

    notes: tuple[str, ...] = Field(default=(), description="editor's notes that must be shown with it")


class ListedReference(Reference):
    """A work the review cites; details are given only as far as they are known."""

    link: str | None = None
    statements: tuple[str, ...] = Field(default=(), description="ids of the statements that cite it")


class ListedFact(FactDefinition):
    """A patient fact: how it is named and asked for, and the values it can have."""

    kind: Literal["choice", "integer", "number"]
    limits: tuple[float | None, float | None] = Field(
        default=(None, None), description="the smallest and the largest number that is taken"
    )


class Names(BaseModel):
    """What the designs of studies and the sections of the review are called."""

    designs: dict[str, Bilingual]
    sections: dict[str, Bilingual]


class ListedPicture(BaseModel):
    """A picture and what it says in words; below /api/pictures it is `{name}.svg` and `{name}.png`."""

    name: str = Field(examples=["srfa-survival"])
    title: str
    alt: str = Field(description="what a reader who does not see it has to know")
    citations: tuple[int, ...] = Field(description="the review's reference numbers")
    therapies: tuple[str, ...]
    notes: tuple[EditorNote, ...] = Field(description="editor's notes that must be shown with it")
    table: Table = Field(description="the figures behind it; each row has a cell for each column")
    width: float
    height: float = Field(description="like `width` in pixels, to leave room for it")

    @classmethod
    def of(cls, picture: Picture) -> ListedPicture:
        """The picture without its marks."""
        return cls.model_construct(**{field: getattr(picture, field) for field in cls.model_fields})


class Health(BaseModel):
    """Whether conversations can be held."""

    status: str = Field(examples=["ok"])
    model: str | None = Field(default=None, description="the model that is loaded")
    knowledge_version: str


class Live(BaseModel):
    """The process answers."""

    status: str = Field(examples=["ok"])
