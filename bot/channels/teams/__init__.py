"""Microsoft Teams: activities of the Bot Connector in, Adaptive Cards out."""

from __future__ import annotations

from bot.channels.settings import TeamsSettings
from bot.channels.teams.platform import Teams


def connect(settings: TeamsSettings) -> Teams:
    """The connection that the settings describe."""
    return Teams(settings)
