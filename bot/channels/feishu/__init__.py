"""Feishu (飞书) and Lark: encrypted events and card callbacks in, texts and cards out."""

from __future__ import annotations

from bot.channels.feishu.platform import Feishu
from bot.channels.settings import FeishuSettings


def connect(settings: FeishuSettings) -> Feishu:
    """The connection that the settings describe."""
    return Feishu(settings)
