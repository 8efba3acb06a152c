"""WeCom (企业微信): encrypted callbacks of a self-built application in, messages and template cards out."""

from __future__ import annotations

from bot.channels.settings import WeComSettings
from bot.channels.wecom.platform import WeCom


def connect(settings: WeComSettings) -> WeCom:
    """The connection that the settings describe."""
    return WeCom(settings)
