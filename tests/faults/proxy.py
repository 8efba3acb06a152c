"""A TCP proxy that can be slow, silent, or wait for a moment to be."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Stands between a server and a store, on a port of its own.

    Attributes:
        port: where it listens on 127.0.0.1.
        delay: seconds that every piece of data takes on its way, in each direction.
        reached: set when the data has come by that was waited for.
    """

    def __init__(self, to_port: int) -> None:
        """Prepare to hand on to a port of 127.0.0.1."""
        self._to = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.delay = 0.0
        self.reached = threading.Event()
        self._flowing = threading.Event()
        self._flowing.set()
        self._hold_before: bytes | None = None
        self._hold_after: bytes | None = None

    def hold(self) -> None:
        """From now on nothing comes through, but connections are taken."""
        self._flowing.clear()

    def hold_before(self, data: bytes) -> None:
        """Hold everything as soon as the client sends this; it does not get through."""
        self.reached.clear()
        self._hold_before = data

    def hold_after(self, data: bytes) -> None:
        """Hold everything once the client has sent this; it gets through, what is answered does not."""
        self.reached.clear()
        self._hold_after = data

    def release(self) -> None:
        """Let everything through again."""
        self._hold_before = self._hold_after = None
        self._flowing.set()

    def serve(self) -> None:
        """Takes connections until the proxy is closed."""
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                client.close()
                continue
            threading.Thread(target=self._connect, args=(client, server), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.release()

    def _connect(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            back = threading.Thread(target=self._pump, args=(server, client, False), daemon=True)
            back.start()
            self._pump(client, server, True)
            back.join()

    def _pump(self, source: socket.socket, target: socket.socket, asks: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                time.sleep(self.delay)
                if asks and self._hold_before and self._hold_before in data:
                    self.hold()
                    self.reached.set()
                self._flowing.wait()
                if asks and self._hold_after and self._hold_after in data:
                    self.hold()
                    self.reached.set()
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(to_port: int) -> Iterator[Proxy]:
    """A proxy that runs."""
    running = Proxy(to_port)
    threading.Thread(target=running.serve, daemon=True).start()
    try:
        yield running
    finally:
        running.close()
