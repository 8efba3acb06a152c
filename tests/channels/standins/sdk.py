"""The platforms' own SDKs, in the environment they need: asked over a pipe, one JSON object a line."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any


class Sdk:
    """Asks the SDKs."""

    def __init__(self, python: Path) -> None:
        self._process = subprocess.Popen(
            [str(python), __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._lock = threading.Lock()

    def __call__(self, what: str, **given: Any) -> Any:
        """What the SDK makes of it."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            print(json.dumps({"what": what, **given}), file=self._process.stdin, flush=True)
            return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def wecom_message(token: str, key: str, corp: str, xml: str, nonce: str, timestamp: str) -> str:
    """A message as WeCom posts it."""
    from wechatpy.enterprise.crypto import WeChatCrypto

    return str(WeChatCrypto(token, key, corp).encrypt_message(xml, nonce, timestamp))


def wecom_echo(token: str, key: str, corp: str, text: str, nonce: str, timestamp: str) -> list[str]:
    """What WeCom asks when an address is registered: the sealed text and its signature."""
    from wechatpy.crypto import _get_signature
    from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

    sealed = PrpCrypto(WeChatCrypto(token, key, corp).key).encrypt(text, corp).decode()
    return [sealed, _get_signature(token, timestamp, nonce, sealed)]


def feishu_opened(key: str, sealed: str) -> str:
    """What Feishu's SDK finds in a sealed event."""
    from lark_oapi.core.utils.decryptor import AESCipher

    return str(AESCipher(key).decrypt_str(sealed))


def feishu_taken(key: str, token: str, headers: dict[str, str], body: str) -> int:
    """The status with which Feishu's SDK answers an event."""
    from lark_oapi import EventDispatcherHandler
    from lark_oapi.core.model import RawRequest

    handler = EventDispatcherHandler.builder(key, token).register_p2_im_message_receive_v1(lambda _: None).build()
    request = RawRequest()
    request.uri, request.headers, request.body = "/", headers, body.encode()
    content = handler.do(request)
    return int(content.status_code or 0)


if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, sys.stderr  # the SDKs log to it
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(globals()[asked.pop("what")](**asked)), file=answers, flush=True)
