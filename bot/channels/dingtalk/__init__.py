"""DingTalk (钉钉): messages to a robot over its Stream mode in, the robot's interface out."""

from __future__ import annotations

from bot.channels.dingtalk.platform import DingTalk
from bot.channels.settings import DingTalkSettings


def connect(settings: DingTalkSettings) -> DingTalk:
    """The connection that the settings describe."""
    return DingTalk(settings)
