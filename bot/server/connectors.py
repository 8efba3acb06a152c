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


def read_credentials(file: Path) -> Credentials:
    """The connectors that are configured in a file of Rasa's format, without the REST channel.

    Raises:
        SettingsError: the file is there but is not of that format.
    """
    if not file.is_file():
        return {}
    try:
        configured = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"CREDENTIALS={file}: not valid YAML: {error}") from error
    if not isinstance(configured, dict):
        raise SettingsError(f"CREDENTIALS={file}: a mapping of channels to their settings is expected")
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
        app.ctx.agent = assistant.agent
        register(
            [_create_single_channel(name, values) for name, values in self._credentials.items()], app, "/webhooks/"
        )
        await app._startup()
        made: ASGIApp = app
        return made
