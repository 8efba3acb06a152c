"""What the widget sends over its connection."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, TypeAdapter, model_validator

from bot.server.bodies import Encodable
from knowledge.models.base import Lang
from knowledge.models.facts import FACT_IDS, is_value

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
"""What the client calls a message, so that it is answered once however often it is sent."""


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Frame):
    """Opens a session; `after` is the last message whose answer the client has."""

    type: Literal["hello"]
    token: Annotated[str, StringConstraints(max_length=200)]
    after: Name | None = None


class Say(_Frame):
    """The user typed something."""

    type: Literal["say"]
    id: Name
    text: Annotated[str, Encodable]


class Press(_Frame):
    """The user pressed a quick reply, known by the name the server gave it."""

    type: Literal["press"]
    id: Name
    button: Annotated[str, StringConstraints(max_length=64)]


class Edit(_Frame):
    """The user put a fact right beside the conversation: a value, `null` to remove it, or that it is not known."""

    type: Literal["edit"]
    id: Name
    fact: Annotated[str, Field(json_schema_extra={"enum": list(FACT_IDS)})]
    value: StrictBool | int | float | str | None = None
    unknown: bool = False
    lang: Lang

    @model_validator(mode="after")
    def _is_possible(self) -> Edit:
        if self.fact not in FACT_IDS:
            raise ValueError("there is no such fact")
        if self.value is not None and (self.unknown or not is_value(self.fact, self.value)):
            raise ValueError("the fact cannot have this value")
        return self


class Language(_Frame):
    """The user chose the language to go on in."""

    type: Literal["language"]
    id: Name
    lang: Lang


class End(_Frame):
    """The user ends the session; the server forgets it."""

    type: Literal["end"]


class Ping(_Frame):
    """Is anybody there?"""

    type: Literal["ping"]


Message = Say | Press | Edit | Language
Frame = Annotated[Hello | Message | End | Ping, Field(discriminator="type")]

_FRAME: TypeAdapter[Any] = TypeAdapter(Frame)


def read_frame(data: object) -> Any:
    """The frame that JSON `data` is.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return _FRAME.validate_python(data)
