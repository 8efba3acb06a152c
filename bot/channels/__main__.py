"""Whether the platforms are connected as they should be: `python -m bot.channels`. Nothing is sent to anybody."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.channels.model import Platform, WebhookPlatform
from bot.channels.platforms import configured
from bot.channels.settings import PLATFORMS, needed
from bot.server.connectors import read_credentials
from bot.server.settings import Settings, SettingsError

_WITHIN = 30.0
"""Seconds that a platform has to answer."""


def main() -> int:
    """Prints a line for each platform and what is wrong; 0 if nothing is."""
    try:
        settings = Settings.from_environment(os.environ)
        read_credentials(settings.credentials)
    except SettingsError as error:
        print(error)
        return 1
    platforms = configured(settings.channels)
    for name, kind in PLATFORMS.items():
        if name not in settings.channels.platforms:
            print(f"{kind.label}: not connected; needs {', '.join(needed(kind))}")
    calling = {platform.name for platform in platforms if isinstance(platform, WebhookPlatform)}
    found = asyncio.run(_check_all(platforms))
    for name, problems in found.items():
        address = f", delivers to /webhooks/{name}/webhook" if name in calling else ""
        print(f"{PLATFORMS[name].label}: {'NOT in order' if problems else 'in order'}{address}")
        for problem in problems:
            print(f"  - {problem}")
    failures = _undelivered(settings.tracker_store_url)
    for name, count in failures.items():
        print(f"{PLATFORMS[name].label}: {count} messages of the last 30 days could not be delivered; see the log")
    return 1 if any(found.values()) else 0


async def _check_all(platforms: list[Platform]) -> Mapping[str, list[str]]:
    answers = await asyncio.gather(*(_check(platform) for platform in platforms))
    return {platform.name: answer for platform, answer in zip(platforms, answers, strict=True)}


async def _check(platform: Platform) -> list[str]:
    try:
        return await asyncio.wait_for(platform.check(), _WITHIN)
    except asyncio.TimeoutError:
        return [f"no answer within {_WITHIN:g} seconds"]
    finally:
        await platform.stop()


def _undelivered(url: str) -> dict[str, int]:
    """What waits in vain; nothing if there is no database yet."""
    from bot.channels.database import open_engine
    from bot.channels.mailbox import Mailbox

    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return {}
    return Mailbox(open_engine(url)).undelivered()


if __name__ == "__main__":
    sys.exit(main())
