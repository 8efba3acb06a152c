"""Signatures and encryption of WeCom's callbacks."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_RANDOM = 16
_BLOCK = 32
"""Bytes that WeCom pads to, which is twice the block of the cipher."""


class CryptoError(Exception):
    """What came is not signed or not encrypted with our keys."""


class Envelope:
    """Opens what WeCom has sealed."""

    def __init__(self, token: str, encoding_aes_key: str, receiver: str) -> None:
        """Take the keys of an application and the id of the organisation it belongs to."""
        self._token = token
        self._key = base64.b64decode(f"{encoding_aes_key}=")
        self._receiver = receiver.encode()

    def opened(self, encrypted: str, signature: str, timestamp: str, nonce: str) -> bytes:
        """What is inside.

        Raises:
            CryptoError: the signature is wrong, it is damaged, or it is meant for somebody else.
        """
        parts = sorted((self._token, timestamp, nonce, encrypted))
        # the platform's algorithm; its strength is the secret token in it
        expected = hashlib.sha1("".join(parts).encode("utf-8", "replace")).hexdigest()  # noqa: S324
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise CryptoError("wrong signature")
        try:
            cipher = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16])).decryptor()
            padded = cipher.update(base64.b64decode(encrypted, validate=True)) + cipher.finalize()
        except (ValueError, binascii.Error) as error:
            raise CryptoError("damaged") from error
        return self._content(padded)

    def _content(self, padded: bytes) -> bytes:
        """16 random bytes, the length, the content, the receiver, and the padding."""
        padding = padded[-1] if padded else 0
        if not 1 <= padding <= _BLOCK or padded[-padding:] != bytes([padding]) * padding:
            raise CryptoError("damaged")
        body = padded[_RANDOM:-padding]
        length = int.from_bytes(body[:4], "big")
        content, receiver = body[4 : 4 + length], body[4 + length :]
        if len(body) < 4 or len(content) != length or not hmac.compare_digest(receiver, self._receiver):
            raise CryptoError("for another receiver")
        return content
