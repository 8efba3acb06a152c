"""Slack: Events API and interactivity in, chat.postMessage with blocks out."""

from __future__ import annotations

from bot.channels.settings import SlackSettings
from bot.channels.slack.platform import Slack


def connect(settings: SlackSettings) -> Slack:
    """The connection that the settings describe."""
    return Slack(settings)
