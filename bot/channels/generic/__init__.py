"""Any system that signs its messages as the Standard Webhooks specification says, and takes answers in that form."""

from __future__ import annotations

from bot.channels.generic.platform import Generic
from bot.channels.settings import GenericSettings


def connect(settings: GenericSettings) -> Generic:
    """The connection that the settings describe."""
    return Generic(settings)
