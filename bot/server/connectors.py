"""Rasa's messaging connectors behind the routes of this server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.server.settings import SettingsError
from bot.server.startup import Startup

_OWN = "rest"
"""The channel that this server answers itself."""

Credentials = Mapping[str, Mapping[str, Any] | None]


_REFUSED = {
    "slack": "it drops buttons beyond five; set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET instead",
    "telegram": "it takes messages from anybody; set TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET instead",
    "botframework": "it lets a token say how it is checked; set TEAMS_APP_ID and TEAMS_APP_PASSWORD instead",
    "twilio": "it names conversations by telephone numbers, which would be kept; use the signed webhook instead",
    "twilio_voice": "it names conversations by telephone numbers, which would be kept; use the signed webhook instead",
    "hangouts": "it names conversations by people's names, which would be stored; use the signed webhook instead",
    "socketio": "it lets anybody go on with the conversation of another; use the REST channel or the page",
}
"""Rasa's connectors that are not served, with the reason and what to do."""


def read_credentials(file: Path) -> Credentials:
    """The connectors that are configured in a file of Rasa's format, without the REST channel.

    Raises:
        SettingsError: the file is there but is not of that format, or names a connector that is not to be used.
    """
    if not file.is_file():
        return {}
    try:
        configured = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"CREDENTIALS={file}: not valid YAML: {error}") from error
    if not isinstance(configured, dict):
        raise SettingsError(f"CREDENTIALS={file}: a mapping of channels to their settings is expected")
    for name in configured:
        if name in _REFUSED:
            raise SettingsError(f"CREDENTIALS={file}: Rasa's connector {name} is not served: {_REFUSED[name]}")
    return {str(name): values for name, values in configured.items() if name != _OWN}


class Connectors:
    """Rasa's Sanic application with the configured connectors, as an ASGI application."""

    def __init__(self, startup: Startup, credentials: Credentials) -> None:
        self._startup = startup
        self._credentials = credentials
        self._app: ASGIApp | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        async with self._making:
            if self._app is None:
                self._app = await self._make()
        await self._app(scope, receive, send)

    async def _make(self) -> ASGIApp:
        from rasa.core.channels.channel import register
        from rasa.core.run import _create_single_channel
        from sanic import Sanic

        assistant = await self._startup.assistant()
        app = Sanic(f"connectors_{uuid.uuid4().hex}", configure_logging=False)
        app.ctx.agent = _WithoutRawData(assistant.agent)
        register(
            [_create_single_channel(name, values) for name, values in self._credentials.items()], app, "/webhooks/"
        )
        await app._startup()
        made: ASGIApp = app
        return made


class _WithoutRawData:
    """Rasa's agent for connectors between people: most of them would show the data for programs as it is."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self.tracker_store = agent.tracker_store

    async def handle_message(self, message: Any) -> Any:
        """Hands a message on; programs, which are called back, get the data."""
        from rasa.core.channels.callback import CallbackOutput

        if not isinstance(message.output_channel, CallbackOutput):
            message.output_channel.send_custom_json = _drop
        return await self._agent.handle_message(message)


async def _drop(*_: Any, **__: Any) -> None:
    """The text says the same."""
