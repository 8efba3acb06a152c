"""A real Synapse on loopback, and people who use it."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import yaml

from tests.channels.peers import peers
from tests.channels.standins.serving import until
from tests.running import free_port, running

SERVER = "clinic.test"
SHARED = "registration-secret"
transactions = itertools.count()


@dataclass
class Person:
    """An account, used as a client would."""

    url: str
    id: str
    token: str

    def call(self, method: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        """Call the client-server interface."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.request(
            method, f"{self.url}/_matrix/client/v3{path}", json=body, params=query, headers=headers, timeout=20
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def room(self, *invited: str, encrypted: bool = False) -> str:
        """A new room."""
        state = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}] if encrypted else []
        body = {"preset": "private_chat", "invite": invited, "is_direct": len(invited) == 1, "initial_state": state}
        return str(self.call("POST", "/createRoom", body)["room_id"])

    def join(self, room: str) -> None:
        """Follow an invitation."""
        self.call("POST", f"/rooms/{quote(room)}/join", {})

    def say(self, room: str, text: str, **more: Any) -> str:
        """Send a message; returns its id."""
        content = {"msgtype": "m.text", "body": text, **more}
        path = f"/rooms/{quote(room)}/send/m.room.message/t{next(transactions)}"
        return str(self.call("PUT", path, content)["event_id"])

    def download(self, uri: str) -> bytes:
        """What lies at an address of media."""
        address = f"{self.url}/_matrix/client/v1/media/download/{uri.removeprefix('mxc://')}"
        answer = httpx.get(address, headers={"Authorization": f"Bearer {self.token}"}, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.content

    def heard(self, room: str, sender: str) -> list[dict[str, Any]]:
        """The messages of somebody in a room, oldest first."""
        chunk = self.call("GET", f"/rooms/{quote(room)}/messages", dir="b", limit="500")["chunk"]
        return [e for e in reversed(chunk) if e["sender"] == sender and e["type"] == "m.room.message"]

    def wait(self, room: str, sender: str, count: int = 1, seconds: float = 40) -> list[dict[str, Any]]:
        """The messages of somebody once there are so many."""
        until(lambda: len(self.heard(room, sender)) >= count, seconds, f"{len(self.heard(room, sender))} of {count}")
        return self.heard(room, sender)


@contextmanager
def homeserver(folder: Path) -> Iterator[str]:
    """The address of a homeserver without federation."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    config = {
        "server_name": SERVER,
        "pid_file": str(folder / "synapse.pid"),
        "listeners": [
            {
                "port": port,
                "type": "http",
                "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "synapse.db")}},
        "log_config": str(folder / "log.yaml"),
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": SHARED,
        "macaroon_secret_key": "m",
        "form_secret": "f",
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "rc_message": {"per_second": 1000, "burst_count": 1000},
        "rc_login": {"address": {"per_second": 1000, "burst_count": 1000}},
        "rc_invites": {"per_room": {"per_second": 100, "burst_count": 100}},
    }
    (folder / "homeserver.yaml").write_text(yaml.safe_dump(config))
    log = {"version": 1, "root": {"level": "WARNING"}, "disable_existing_loggers": False}
    (folder / "log.yaml").write_text(yaml.safe_dump(log))
    command = [str(peers()), "-m", "synapse.app.homeserver", "-c", str(folder / "homeserver.yaml")]
    subprocess.run([*command, "--generate-keys"], check=True, capture_output=True, cwd=folder)
    with running(command, url, f"{url}/health", {"PATH": "/usr/bin:/bin"}, folder / "synapse.log", folder):
        yield url


def register(url: str, name: str) -> Person:
    """A new account, by the shared secret."""
    path = f"{url}/_synapse/admin/v1/register"
    nonce = httpx.get(path).json()["nonce"]
    signed = "\x00".join([nonce, name, "a password", "notadmin"]).encode()
    mac = hmac.new(SHARED.encode(), signed, hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": name, "password": "a password", "admin": False, "mac": mac}
    answer = httpx.post(path, json=body, timeout=20).json()
    return Person(url, answer["user_id"], answer["access_token"])


def settle(seconds: float = 1.0) -> None:
    """Time in which an answer that must not come would come."""
    time.sleep(seconds)
