"""The settings of the server: environment variables, checked before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.channels.settings import ChannelSettings

ROOT = Path(__file__).resolve().parents[2]


class SettingsError(ValueError):
    """A setting is wrong; the message names the variable and what it may be."""


def _url(*schemes: str) -> AfterValidator:
    def check(value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme.split("+")[0] not in schemes:
            raise ValueError(f"a URL that begins with {' or '.join(f'{scheme}://' for scheme in schemes)} is expected")
        if not parts.hostname and parts.scheme != "sqlite":
            raise ValueError("the URL names no host")
        return value

    return AfterValidator(check)


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError("origins such as https://portal.example are expected, separated by commas, without a path")
    return origins


class Settings(BaseModel):
    """How the server runs.

    Attributes:
        host, port: where it listens. There is no login, hence loopback unless told otherwise.
        model_path: a trained model, or a folder whose newest model is taken.
        credentials: the messaging connectors to serve, in Rasa's format; none if the file does not exist.
        tracker_store_url: the database of the conversations; by default a file beside this project.
        lock_store_url: a Redis that keeps the turns of a conversation apart when there are several servers.
        allowed_origins: pages besides the server's own that may hold conversations, e.g. `https://portal.example`;
            several are separated by commas.
        action_endpoint_url: an action server in place of the actions in this process.
        retention_days: after so many days without a message a conversation is deleted.
        audit_retention_days: how long the audit trail and feedback are kept.
        log_level: of this server; the packages it uses say warnings only.
        channels: the messaging platforms to serve; their variables begin with the name of the platform.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    model_path: Path = ROOT / "models"
    credentials: Path = ROOT / "credentials.yml"
    tracker_store_url: Annotated[str, _url("sqlite", "postgresql")] = f"sqlite:///{ROOT / 'conversations.db'}"
    lock_store_url: Annotated[str | None, _url("redis", "rediss")] = None
    allowed_origins: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_origins)] = ()
    action_endpoint_url: Annotated[str | None, _url("http", "https")] = None
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    audit_retention_days: Annotated[int, Field(ge=1, le=3650)] = 365
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    channels: ChannelSettings = ChannelSettings()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """The settings that the environment gives; what it leaves out has its default.

        Raises:
            SettingsError: a variable has a value it cannot have.
        """
        variables = cls.model_fields.keys() - {"channels"}
        given = {name: environ[name.upper()] for name in variables if environ.get(name.upper())}
        try:
            return cls.model_validate({**given, "channels": _channels(environ)})
        except ValidationError as error:
            raise SettingsError("\n".join(_complaint(detail) for detail in error.errors())) from error


def _channels(environ: Mapping[str, str]) -> ChannelSettings:
    try:
        return ChannelSettings.from_environment(environ)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _complaint(detail: Mapping[str, object]) -> str:
    """What is wrong with a variable. A URL is not repeated: it may hold a password."""
    location = detail["loc"]
    name = str(location[0]).upper() if isinstance(location, tuple) else "?"
    given = "" if name.endswith("_URL") else f"={detail['input']}"
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{name}{given}: {message[0].lower()}{message[1:]}"
