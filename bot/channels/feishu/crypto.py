"""Signatures and encryption of Feishu's events."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.model import RefusedError

_TOLERANCE = 8 * 3600.0
"""Seconds that a signature is good for: Feishu repeats an event for seven hours. What came is known for longer."""


def verify(encrypt_key: str, headers: Mapping[str, str], body: bytes) -> None:
    """Checks the signature of an event and its age.

    Raises:
        RefusedError: it is not from Feishu, or too old.
    """
    timestamp, nonce = (headers.get(f"x-lark-{name}", "") for name in ("request-timestamp", "request-nonce"))
    signed = f"{timestamp}{nonce}{encrypt_key}".encode("utf-8", "replace") + body
    given = headers.get("x-lark-signature", "").encode("utf-8", "replace")
    if not hmac.compare_digest(hashlib.sha256(signed).hexdigest().encode(), given):
        raise RefusedError(401, "wrong signature")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > _TOLERANCE:
        raise RefusedError(401, "too old")


def opened(encrypt_key: str, sealed: str) -> bytes:
    """What an encrypted event holds.

    Raises:
        RefusedError: it is damaged, or encrypted with another key.
    """
    key = hashlib.sha256(encrypt_key.encode()).digest()
    try:
        data = base64.b64decode(sealed, validate=True)
        cipher = Cipher(algorithms.AES(key), modes.CBC(data[:16])).decryptor()
        padded = cipher.update(data[16:]) + cipher.finalize()
        unpadder = padding.PKCS7(128).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except (ValueError, binascii.Error) as error:
        raise RefusedError(401, "damaged, or encrypted with another key") from error
