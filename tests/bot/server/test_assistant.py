"""The assistant in process: whole turns, what is left unloaded, the terminal chat."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.server.assistant import Assistant
from bot.server.settings import Settings
from tests.running import ROOT, environment


@pytest.fixture(scope="module")
def assistant(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return load(trained_model, tmp_path_factory.mktemp("assistant"))


def load(model: Path, folder: Path, **settings: str) -> Assistant:
    """An assistant with conversations of its own; what Rasa warns of when it loads a model is not at issue here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Assistant.load(
            Settings(model_path=model, tracker_store_url=f"sqlite:///{folder / 'c.db'}", **settings)  # type: ignore[arg-type]
        )


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    running = asyncio.new_event_loop()
    yield running
    running.close()


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("secret")


@pytest.mark.parametrize("action", ["action_validate_slot_mappings", "validate_intake_form", "action_show_options"])
def test_a_failing_action_leaves_the_conversation_as_it_was(
    assistant: Assistant, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    def events() -> list[Any]:
        return list(loop.run_until_complete(assistant.agent.tracker_store.retrieve(action)).events)

    def say(text: str) -> str:
        return " ".join(part["text"] for part in loop.run_until_complete(assistant.answer(action, text)))

    say("unresectable, 2 liver mets")
    before = events()
    with monkeypatch.context() as patch:
        patch.setitem(assistant.agent.action_endpoint._executor.actions, action, broken)
        said = say("show me the options")
    assert "went wrong" in said
    assert "secret" not in said
    assert events() == before
    assert "Preferred" in say("show me the options")


def test_an_action_server_that_does_not_answer_is_a_failure(trained_model: Path, tmp_path: Path) -> None:
    assistant = load(trained_model, tmp_path, action_endpoint_url="http://127.0.0.1:9/webhook")
    (said,) = asyncio.run(assistant.answer("someone", "unresectable"))
    assert "went wrong" in said["text"]
    assert asyncio.run(assistant.agent.tracker_store.retrieve("someone")) is None


def test_tensorflow_is_loaded_only_when_something_needs_it() -> None:
    program = (
        "import sys\n"
        "from bot.server.deferred import defer\n"
        "defer()\n"
        "import rasa.core.agent, rasa.nlu.extractors.extractor\n"
        "print('tensorflow' in sys.modules)\n"
        "print(hasattr(sys.modules['rasa.utils.train_utils'], 'cos'), 'tensorflow' in sys.modules)\n"
        "from rasa.utils.train_utils import rank_and_mask\n"
        "print(rank_and_mask.__name__, 'tensorflow' in sys.modules)\n"
        "import rasa.utils.train_utils as again\n"
        "print(again.rank_and_mask is rank_and_mask)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "False False", "rank_and_mask True", "True"]


def test_a_conversation_in_the_terminal(trained_model: Path, tmp_path: Path) -> None:
    typed = "unresectable, 2 liver mets\n1\n1\nshow me the options\n"
    environ = {**environment(trained_model, tmp_path, 0), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "bot.chat"],
        cwd=ROOT,
        env=environ,
        input=typed,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "Noted: unresectable · lesions: 2" in done.stdout
    assert "1. No chemotherapy yet" in done.stdout
    assert "Noted: no systemic therapy yet" in done.stdout
    assert "largest 1 cm" in done.stdout, "a number answers a question; it does not choose a button"
    assert "1. More" in done.stdout
    assert not list(tmp_path.iterdir()), "nothing of it is kept"


def test_a_store_that_does_not_answer_is_a_failure_and_no_new_conversation(trained_model: Path, tmp_path: Path) -> None:
    assistant = load(trained_model, tmp_path)
    asyncio.run(assistant.answer("someone", "unresectable, 2 liver mets"))
    with assistant.agent.tracker_store.engine.begin() as connection:
        connection.execute("ALTER TABLE events RENAME TO moved")
    (said,) = asyncio.run(assistant.answer("someone", "case so far"))
    assert "cannot be reached right now" in said["text"]
    with pytest.raises(Exception, match="no such table"):
        asyncio.run(assistant.check())
    with assistant.agent.tracker_store.engine.begin() as connection:
        connection.execute("ALTER TABLE moved RENAME TO events")
    asyncio.run(assistant.check())
    assert "lesions: 2" in str(asyncio.run(assistant.answer("someone", "case so far")))


CASE = "不可切除，肝转移3枚，最大2.8cm"


def test_a_turn_that_was_kept_is_told_again_word_for_word(
    assistant: Assistant, loop: asyncio.AbstractEventLoop
) -> None:
    async def talk() -> None:
        first = await assistant.answer("one", CASE, "m-1")
        second = await assistant.answer("one", "为什么问这个", "m-2")
        assert len(first) > 1
        assert any(message.get("buttons") for message in first)
        assert await assistant.answer_given("one", "m-1") == first
        assert await assistant.answer_given("one", "m-2") == second
        assert await assistant.answer_given("one", "m-3") is None
        assert await assistant.answer_given("nobody", "m-1") is None

    loop.run_until_complete(talk())


def test_a_message_that_is_tried_again_changes_nothing(assistant: Assistant, loop: asyncio.AbstractEventLoop) -> None:
    from bot.channels.turns import AssistantTurns
    from bot.server.startup import Startup

    async def talk() -> None:
        startup = Startup(lambda _: assistant)
        startup.begin()
        turn = AssistantTurns(startup)
        said = await turn("two", CASE, "m-1", False)
        assert await turn("two", CASE, "m-1", True) == said
        tracker = await assistant.agent.tracker_store.retrieve("two")
        assert [event.text for event in tracker.events if event.type_name == "user"] == [CASE]
        assert await turn("two", "没有肝外转移", "m-2", True)
        tracker = await assistant.agent.tracker_store.retrieve("two")
        assert len([event for event in tracker.events if event.type_name == "user"]) == 2

    loop.run_until_complete(talk())
