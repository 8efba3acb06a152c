"""What a messaging platform and the delivery path say to each other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from starlette.requests import Request

from knowledge.models.base import Lang

Json = dict[str, Any]


class RefusedError(Exception):
    """A delivery that is not from the platform, too old, or unreadable. Its text goes to the log, not to the sender."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class TryLaterError(Exception):
    """The platform could not take a message now: too many, out of order, or not reachable.

    Attributes:
        after: seconds it asks to wait; None if it does not say.
    """

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class DeniedError(TryLaterError):
    """The platform does not accept the token; an administrator may have to mend that, and the message waits."""


class RejectedError(Exception):
    """The platform will never take this message as it is."""


@dataclass(frozen=True)
class Incoming:
    """One message of a user.

    Attributes:
        key: names the delivery on its platform; the same delivery has the same key, however often it comes.
        conversation: names what must not be mixed with anything else, e.g. workspace, channel and thread.
        text: what was said; empty for what is no text.
        address: where the answer goes.
        choice: the id of the button that was pressed.
        group: whether others can read along.
        position: when it was said, by the platform's clock; messages that wait are answered in this order.
    """

    key: str
    conversation: tuple[str, ...]
    text: str
    address: Mapping[str, Any]
    choice: str | None = None
    group: bool = False
    position: float = 0.0


@dataclass(frozen=True)
class Received:
    """What a delivery brought, and how it is acknowledged.

    Attributes:
        messages: none for a delivery that needs no answer.
        body: of the acknowledgement: JSON data, or text.
    """

    messages: tuple[Incoming, ...] = ()
    body: Json | str = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Choice:
    """A quick reply as it is shown.

    Attributes:
        id: what its button sends back, at most 20 bytes. It means something only in the conversation it was shown in.
        title: what stands on it.
        payload: the sentence it stands for.
    """

    id: str
    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One message of the assistant before a platform gives it its form.

    Attributes:
        text: suffices alone.
        choices: quick replies.
        lang: its language.
        question: whether a fact of the patient is asked, so that a number is an answer.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    lang: Lang = "zh"
    question: bool = False


@dataclass(frozen=True)
class Part:
    """One call of a platform's interface.

    Attributes:
        request: what is sent.
        plain: what is sent instead if the platform refuses `request`.
        optional: whether nothing is missing without it, such as buttons for what the text says too.
    """

    request: Json
    plain: Json | None = None
    optional: bool = False


SHOW = "show"
"""The key of a request that no platform makes itself: its picture is drawn when its turn has come."""


def showing(picture: Json, address: Mapping[str, Any], plain: Json | None) -> Part:
    """The call that shows a picture at an address; see `bot.channels.pictures` and `Platform.show`."""
    return Part({SHOW: picture, "address": dict(address)}, plain)


@dataclass(frozen=True)
class Image:
    """A picture as a file.

    Attributes:
        file: its name.
        title, alt: its heading, and what a reader who does not see it has to know.
        content: PNG.
        width, height: in pixels.
        lang: the language of the words.
    """

    file: str
    title: str
    alt: str
    content: bytes
    width: int
    height: int
    lang: Lang


@dataclass(frozen=True)
class Pace:
    """How fast a platform may be written to.

    Attributes:
        every: seconds between two messages to one place, in the long run.
        burst: messages to one place that may follow one another at once.
        overall: seconds between two messages to the platform.
    """

    every: float = 0.0
    burst: int = 1
    overall: float = 0.0


Accept = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Keeps messages; when it returns they will be answered, whatever happens."""


class Platform(Protocol):
    """A messaging platform: its input side verifies and reads, its output side renders and sends."""

    name: str
    pace: Pace
    numbers_choices: bool
    """Whether choices are shown as numbers only, because the platform has no buttons."""

    async def start(self) -> None:
        """Get what is needed before the first message; may raise, and is then called again."""

    async def stop(self) -> None:
        """Close connections."""

    def render(self, message: Message, address: Mapping[str, Any]) -> list[Part]:
        """The calls that show a message at an address."""

    async def send(self, request: Json, key: str) -> None:
        """Make one call. `key` is the same each time the same call is tried.

        Raises:
            TryLaterError, RejectedError: it was not taken.
        """

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:
        """Show a picture at an address. `key` as in `send`.

        Raises:
            TryLaterError, RejectedError: it was not taken.
        """

    async def check(self) -> list[str]:
        """What is wrong with the connection, in words; nothing is sent to anybody."""


@runtime_checkable
class WebhookPlatform(Platform, Protocol):
    """A platform that calls this server."""

    async def receive(self, request: Request) -> Received:
        """Verify and read a delivery.

        Raises:
            RefusedError: it is not to be trusted or not readable.
        """


@runtime_checkable
class ListeningPlatform(Platform, Protocol):
    """A platform that this server asks for messages."""

    async def listen(self, accept: Accept, memory: Memory) -> None:
        """Hand on messages until it is cancelled."""


class Memory(Protocol):
    """Small values that outlive the process."""

    async def recall(self, name: str) -> str | None:
        """The value that was kept."""

    async def remember(self, name: str, value: str) -> None:
        """Keep a value."""
