"""Starts the server: `python -m bot.server`."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from functools import partial

from bot.server import logs
from bot.server.assistant import Assistant
from bot.server.model_file import NoModelError, find_model
from bot.server.serving import allow_connections, give_up_on_readers
from bot.server.settings import Settings, SettingsError
from bot.server.startup import Startup
from knowledge.loading import KnowledgeError

logger = logging.getLogger(f"{logs.OWN}.server")


class StartError(Exception):
    """The server cannot start; the message says what to do."""


def main() -> int:
    """Serves until it is stopped; what prevents that is told in one line."""
    try:
        settings = Settings.from_environment(os.environ)
        find_model(settings.model_path)
        logs.set_up(settings.log_level, settings.log_format)
        allow_connections()
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
    give_up_on_readers(listening)
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
    from bot.server.app import create_app
    from bot.server.serving import GracefulServer
    from bot.server.stopping import Stopping

    failures: list[str] = []
    told = partial(tell, settings)

    def loaded(error: str | None) -> None:
        if error is None:
            told(f"Ready: {address(listening)} (Ctrl+C stops it)")
        else:
            failures.append(error)
            server.should_exit = True

    sockets, load = [listening], partial(Assistant.load, settings)
    if settings.shared_socket is not None:
        # Other workers take what this one could not answer yet, so it is loaded first.
        assistant = load()
        load = partial(_given, assistant)
        sockets.append(socket.socket(proto=socket.IPPROTO_TCP, fileno=settings.shared_socket))
    stopping = Stopping()
    app = create_app(settings, startup=Startup(load, loaded), stopping=stopping)
    server = GracefulServer(app, stopping, settings.shutdown_seconds, settings.trusted_proxies)
    told("Loading the assistant …")
    asyncio.run(server.serve(sockets))
    if failures:
        raise StartError(failures[0])


def _given(assistant: Assistant, _: object) -> Assistant:
    """Stands for loading an assistant that is loaded already."""
    return assistant


def tell(settings: Settings, what: str) -> None:
    """Says how far the start has come: to the person at the terminal, or to the program that reads the log."""
    if logs.is_json(settings.log_format):
        logger.info(what)
    else:
        print(what, flush=True)


def address(listening: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


if __name__ == "__main__":
    sys.exit(main())
