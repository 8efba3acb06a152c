"""Signatures of the Standard Webhooks specification: HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Mapping

from bot.channels.model import RefusedError

TOLERANCE = 300.0
"""Seconds that a signature is good for."""


def sign(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """The signature of a message.

    Args:
        secret: `whsec_` and a key in base64.
        message: its id.
        timestamp: when it is sent, in seconds since 1970.
        body: what is sent.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def verified(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """The id of a message whose signature is right and fresh.

    Raises:
        RefusedError: it is not.
    """
    message, signatures = headers.get("webhook-id", ""), headers.get("webhook-signature", "")
    try:
        timestamp = int(headers.get("webhook-timestamp", ""))
    except ValueError:
        raise RefusedError(401, "no time") from None
    if not message or abs(time.time() - timestamp) > TOLERANCE:
        raise RefusedError(401, "no id, or too old")
    expected = sign(secret, message, timestamp, body).encode()
    if not any(hmac.compare_digest(expected, given.encode("utf-8", "replace")) for given in signatures.split()):
        raise RefusedError(401, "wrong signature")
    return message
