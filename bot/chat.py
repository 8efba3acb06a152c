"""A conversation in the terminal, without a server: `python -m bot.chat`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import uuid
from pathlib import Path

from bot.server import logs
from bot.server.assistant import Assistant, Messages
from bot.server.model_file import NoModelError
from bot.server.settings import Settings, SettingsError
from knowledge.loading import KnowledgeError


def main() -> int:
    """Talks until the input ends."""
    logs.set_up("error", "text")
    with tempfile.TemporaryDirectory() as folder:
        try:
            settings = Settings.from_environment({**os.environ, "TRACKER_STORE_URL": _store(Path(folder))})
            print("Loading the assistant …", flush=True)
            assistant = Assistant.load(settings)
        except (SettingsError, NoModelError, KnowledgeError) as error:
            print(error, file=sys.stderr)
            return 1
        print("Ctrl+D 退出。Ctrl+D leaves.", flush=True)
        try:
            asyncio.run(talk(assistant))
        except (EOFError, KeyboardInterrupt):
            print()
    return 0


async def talk(assistant: Assistant) -> None:
    """One conversation; nothing of it is kept."""
    import readline  # noqa: F401 - lets `input` edit the line and recall earlier ones

    sender = f"terminal-{uuid.uuid4().hex}"
    chinese = os.environ.get("LANG", "").startswith("zh")
    choices = show(await assistant.answer(sender, "你好" if chinese else "hello"))
    while True:
        typed = input("\n> ")
        choices = show(await assistant.answer(sender, choices.get(typed.strip(), typed)))


def show(messages: Messages) -> dict[str, str]:
    """Prints messages with their quick replies; returns what the numbers put before these stand for."""
    for message in messages:
        print(f"\n{message['text']}")
    last = messages[-1]
    replies = last.get("buttons", ())
    if last.get("custom", {}).get("kind") == "question":  # there a number is an answer
        print("".join(f"\n   {reply['title']}" for reply in replies if f". {reply['title']}" not in last["text"]))
        return {}
    print("".join(f"\n{number}. {reply['title']}" for number, reply in enumerate(replies, start=1)))
    return {str(number): reply["payload"] for number, reply in enumerate(replies, start=1)}


def _store(folder: Path) -> str:
    return f"sqlite:///{folder / 'conversation.db'}"


if __name__ == "__main__":
    sys.exit(main())
