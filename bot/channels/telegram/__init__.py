"""Telegram: webhook updates in, the Bot API with inline keyboards out."""

from __future__ import annotations

from bot.channels.settings import TelegramSettings
from bot.channels.telegram.platform import Telegram


def connect(settings: TelegramSettings) -> Telegram:
    """The connection that the settings describe."""
    return Telegram(settings)
