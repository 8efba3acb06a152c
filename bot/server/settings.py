"""The settings of the server: environment variables, checked before anything is loaded."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.channels.settings import PLATFORMS, ChannelSettings
from bot.server.database import POOL
from bot.server.secret_files import with_files_read

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


def _networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(network)) for network in networks)
    except ValueError as error:
        raise ValueError("addresses or networks such as 10.0.0.0/8 are expected, separated by commas") from error


def _hard_to_guess(secret: str) -> str:
    if len(set(secret)) < _DIFFERENT or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError(
            f"a random text of at least {_DIFFERENT} different ASCII characters without blanks is expected"
        )
    return secret


_DIFFERENT = 8
_PRIVATE = ("access_token", "access_code", "metrics_token")
_secret = AfterValidator(lambda value: None if value is None else _hard_to_guess(value))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Settings(BaseModel):
    """How the server runs.

    Attributes:
        host, port: where it listens; any address but loopback needs an access token.
        access_token: what programs, and a proxy for the people it has let in, have to show.
        access_code: what people may type to reach the page; needs an access token as well.
        trusted_proxies: addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed.
        client_rate: requests and messages a second that one client may send in the long run.
        model_path: a trained model, or a folder whose newest model is taken.
        model_sha256: the only model that is loaded; without it the hash that training left beside the model counts.
        credentials: the messaging connectors to serve, in Rasa's format; none if the file does not exist.
        tracker_store_url: the database of the conversations; by default a file beside this project.
        database_pool_size: connections to that database that the conversations of one worker hold at most.
        lock_store_url: a Redis that keeps the turns of a conversation apart when there are several servers.
        shared_socket: the number of an open socket that several workers take connections from, besides the address
            of their own; a worker takes some once it is loaded.
        allowed_origins: pages besides the server's own that may hold conversations, e.g. `https://portal.example`;
            several are separated by commas.
        action_endpoint_url: an action server in place of the actions in this process.
        retention_days: after so many days without a message a conversation is deleted.
        audit_retention_days: how long the audit trail and feedback are kept.
        log_level: of this server; the packages it uses say errors only.
        log_format: `text` for people or `json` for programs; by default what suits standard error.
        metrics_token: who presents it may read the figures at /metrics; without it only this machine may.
        shutdown_seconds: how long turns that were begun may take to end when the server is stopped.
        channels: the messaging platforms to serve; their variables begin with the name of the platform.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    access_token: Annotated[str | None, Field(min_length=32, max_length=200, repr=False), _secret] = None
    access_code: Annotated[str | None, Field(min_length=12, max_length=200, repr=False), _secret] = None
    trusted_proxies: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_networks)] = ()
    client_rate: Annotated[float, Field(gt=0, le=10_000)] = 10.0
    model_path: Path = ROOT / "models"
    model_sha256: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    credentials: Path = ROOT / "credentials.yml"
    tracker_store_url: Annotated[str, _url("sqlite", "postgresql")] = f"sqlite:///{ROOT / 'conversations.db'}"
    database_pool_size: Annotated[int, Field(ge=1, le=100)] = POOL
    lock_store_url: Annotated[str | None, _url("redis", "rediss")] = None
    shared_socket: Annotated[int | None, Field(ge=3)] = None
    allowed_origins: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_origins)] = ()
    action_endpoint_url: Annotated[str | None, _url("http", "https")] = None
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    audit_retention_days: Annotated[int, Field(ge=1, le=3650)] = 365
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] | None = None
    metrics_token: Annotated[str | None, Field(min_length=16)] = None
    shutdown_seconds: Annotated[float, Field(ge=0, le=600)] = 20.0
    channels: ChannelSettings = ChannelSettings()

    @model_validator(mode="after")
    def _needs_secrets(self) -> Settings:
        if self.access_token is None and not _is_loopback(self.host):
            raise ValueError(
                f"HOST={self.host}: other machines can reach the server there, so it needs a secret. "
                "Set ACCESS_TOKEN (or ACCESS_TOKEN_FILE) to at least 32 random characters, e.g. openssl rand -hex 32"
            )
        if self.access_code is not None and self.access_token is None:
            raise ValueError("ACCESS_CODE is set, but ACCESS_TOKEN is not: the page would be closed and the rest open")
        return self

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """The settings that the environment gives; what it leaves out has its default.

        Raises:
            SettingsError: a variable has a value it cannot have.
        """
        variables = cls.model_fields.keys() - {"channels"}
        private = [name.upper() for name in (*_PRIVATE, "tracker_store_url", "lock_store_url")]
        private += [f"{kind.prefix}_{field.upper()}" for kind in PLATFORMS.values() for field in kind.model_fields]
        try:
            environ = with_files_read(environ, private)
        except ValueError as error:
            raise SettingsError(str(error)) from error
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
    """What is wrong with a variable. Secrets are not repeated, nor are URLs, which may hold a password."""
    location = detail["loc"]
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not location:
        return message
    name = str(location[0]).upper() if isinstance(location, tuple) else "?"
    given = "" if name.endswith("_URL") or name.lower() in _PRIVATE else f"={detail['input']}"
    return f"{name}{given}: {message[0].lower()}{message[1:]}"
