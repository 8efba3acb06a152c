"""Where the time of a turn goes: seconds within each part of it, without those of the parts inside that part."""

from __future__ import annotations

import asyncio
import inspect
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from tests.benchmarks.messages import CONVERSATIONS

_ROUNDS = 5
REST = "Rasa's loop and everything else"


class Stopwatch:
    """Adds up the time within named parts; a part inside another one counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._running: list[str] = []
        self._since = 0.0

    def watch(self, owner: Any, method: str, name: Callable[[Any], str] | str) -> None:
        """Measure a method from now on."""
        original = getattr(owner, method)

        def called(this: Any) -> str:
            return name if isinstance(name, str) else name(this)

        if inspect.iscoroutinefunction(original):

            @wraps(original)
            async def measured(this: Any, *given: Any, **named: Any) -> Any:
                self.begin(called(this))
                try:
                    return await original(this, *given, **named)
                finally:
                    self.end()
        else:

            @wraps(original)
            def measured(this: Any, *given: Any, **named: Any) -> Any:
                self.begin(called(this))
                try:
                    return original(this, *given, **named)
                finally:
                    self.end()

        setattr(owner, method, measured)

    def begin(self, name: str) -> None:
        """A part begins."""
        self._lap()
        self._running.append(name)

    def end(self) -> None:
        """The part that began last ends."""
        self._lap()
        self._running.pop()

    def _lap(self) -> None:
        now = time.perf_counter()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now


def profile(model: Path) -> dict[str, float]:
    """Milliseconds of an average turn by part, the longest first. In a process of its own: it wraps Rasa's methods."""
    from bot.server import logs
    from bot.server.assistant import Assistant
    from bot.server.settings import Settings

    logs.set_up("error", "text")
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/conversations.db"
        assistant = Assistant.load(Settings(model_path=model, tracker_store_url=store))
        _watch_parts(watch)
        turns = asyncio.run(_talk(assistant, watch))
    return {name: seconds * 1000 / turns for name, seconds in watch.seconds.most_common()}


def _watch_parts(watch: Stopwatch) -> None:
    from rasa.core.actions.forms import FormAction
    from rasa.engine.graph import GraphNode
    from rasa_sdk.executor import ActionExecutor

    from bot.server.tracker_store import ConversationStore

    watch.watch(GraphNode, "__call__", lambda node: f"model: {node._component_class.__name__}")
    watch.watch(ActionExecutor, "run", "actions and knowledge")
    watch.watch(FormAction, "run", "Rasa's form")
    watch.watch(ConversationStore, "_retrieve", "store: read")
    watch.watch(ConversationStore, "save", "store: write")


async def _talk(assistant: Any, watch: Stopwatch) -> int:
    turns = 0
    for number in range(_ROUNDS + 1):
        if number == 1:
            watch.seconds.clear()
        for kind, said in enumerate(CONVERSATIONS):
            for text in said:
                watch.begin(REST)
                await assistant.answer(f"{number}-{kind}", text)
                watch.end()
                turns += number > 0
    return turns


def table(parts: dict[str, float]) -> str:
    """The figures as text."""
    total = sum(parts.values())
    rows = [f"{'where the time of a turn goes':40}{'ms':>8}{'share':>8}"]
    rows += [f"{name:40}{taken:8.2f}{taken / total:8.0%}" for name, taken in parts.items()]
    return "\n".join([*rows, f"{'together':40}{total:8.2f}"])


if __name__ == "__main__":
    from bot.train import train

    print(table(profile(train())))
