"""The platforms that are configured. A module is loaded only for those: some libraries take seconds."""

from __future__ import annotations

from importlib import import_module

from bot.channels.model import Platform
from bot.channels.settings import ChannelSettings


def configured(settings: ChannelSettings) -> list[Platform]:
    """Each platform that has its variables set: `connect` of the package that bears its name."""
    return [import_module(f"bot.channels.{name}").connect(given) for name, given in settings.platforms.items()]
