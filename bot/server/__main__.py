"""Starts the server: `python -m bot.server`."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import sys
from functools import partial

from bot.server.assistant import Assistant
from bot.server.model_file import NoModelError, find_model
from bot.server.protection import LARGEST_BODY
from bot.server.quiet import be_quiet
from bot.server.settings import Settings, SettingsError
from bot.server.startup import Startup
from knowledge.loading import KnowledgeError

_FILES = 8192


class StartError(Exception):
    """The server cannot start; the message says what to do."""


def main() -> int:
    """Serves until it is stopped; what prevents that is told in one line."""
    try:
        settings = Settings.from_environment(os.environ)
        find_model(settings.model_path)
        be_quiet(settings.log_level)
        with listen(settings) as listening:
            serve(settings, listening)
    except (SettingsError, NoModelError, KnowledgeError, StartError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def listen(settings: Settings) -> socket.socket:
    """The address, taken before anything is loaded.

    Raises:
        StartError: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sends small answers at once only on a socket that says it speaks TCP; else they wait 40 ms
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except (OSError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or error
        raise StartError(
            f"HOST={settings.host} PORT={settings.port} cannot be listened on: {reason}. "
            f"Name another one, e.g. PORT={settings.port + 1}."
        ) from error
    return listening


def serve(settings: Settings, listening: socket.socket) -> None:
    """Runs the application on a socket and says when the assistant is ready.

    Raises:
        StartError: the assistant could not be loaded.
    """
    import uvicorn

    from bot.server.app import create_app

    failures: list[str] = []

    def loaded(error: str | None) -> None:
        if error is None:
            print(f"Ready: {address(listening)} (Ctrl+C stops it)", flush=True)
        else:
            failures.append(error)
            server.should_exit = True

    sockets, load = [listening], partial(Assistant.load, settings)
    if settings.shared_socket is not None:
        # Other workers take what this one could not answer yet, so it is loaded first.
        assistant = load()
        load = partial(_given, assistant)
        sockets.append(socket.socket(proto=socket.IPPROTO_TCP, fileno=settings.shared_socket))
    app = create_app(settings, startup=Startup(load, loaded))
    # wsproto, because Rasa holds the other implementation at a version that is too old for uvicorn
    config = uvicorn.Config(
        app,
        ws="wsproto",
        ws_max_size=LARGEST_BODY,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )
    server = uvicorn.Server(config)
    _allow_many_connections()
    print("Loading the assistant …", flush=True)
    asyncio.run(server.serve(sockets))
    if failures:
        raise StartError(failures[0])


def _given(assistant: Assistant, _: object) -> Assistant:
    """Stands for loading an assistant that is loaded already."""
    return assistant


def _allow_many_connections() -> None:
    """As many open connections as this process may have; shells often set the limit lower than the limits here."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))


def address(listening: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


if __name__ == "__main__":
    sys.exit(main())
