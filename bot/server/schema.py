"""All tables of the server; see `bot.server.migrations`."""

from __future__ import annotations

from bot.channels import database as channels
from bot.privacy import tables as privacy
from bot.server import events, secret

PARTS = (events.SCHEMA, secret.SCHEMA, channels.SCHEMA, privacy.SCHEMA)
"""Everything that keeps tables."""
