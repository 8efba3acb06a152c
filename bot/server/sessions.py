"""Sessions of the widget: the server issues them, and only who holds one can reach its conversation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "session:"
"""How the conversations of sessions are named; no other channel may name one so."""

_RANDOM_BYTES = 18


class Sessions:
    """Issues tokens and knows its own again.

    A token is a random number and its signature, so nothing has to be kept for a session in which nothing was said.
    The conversation is named by a keyed hash of the token: its name, which stands in the database, does not lead back.
    """

    def __init__(self, secret: bytes) -> None:
        """Prepare to issue; servers that share conversations need the same secret."""
        self._secret = secret

    def issue(self) -> str:
        """A new token that nobody can guess."""
        number = _text(secrets.token_bytes(_RANDOM_BYTES))
        return f"{number}.{self._sign('token', number)}"

    def conversation(self, token: str) -> str | None:
        """The name of the token's conversation; None if the token was not issued here."""
        number, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("token", number).encode()):
            return None
        return PREFIX + self._sign("conversation", number)

    def mark(self, conversation: str, *parts: object) -> str:
        """A short opaque name for something in a conversation, the same whenever it is asked for."""
        return self._sign("mark", conversation, *parts)[:16]

    def _sign(self, *parts: object) -> str:
        message = "\n".join(map(str, parts)).encode("utf-8", "replace")
        return _text(hmac.new(self._secret, message, hashlib.sha256).digest()[:24])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
