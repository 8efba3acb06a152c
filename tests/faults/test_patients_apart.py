"""One patient's facts never reach another's case: whatever the clocks, the workers and the caches do."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.server.assistant import Assistant
from bot.server.settings import Settings
from bot.server.transcript import Transcript

HOUR = 3600.0
FIRST = "不可切除，2个病灶，RAS野生型"
SECOND = "可切除，1个病灶"


@dataclass
class Clock:
    """The time as this process sees it."""

    ahead: float = 0.0
    real: Callable[[], float] = field(default=time.time)

    def __call__(self) -> float:
        return self.real() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that can be set."""
    made = Clock()
    monkeypatch.setattr(time, "time", made)
    return made


@dataclass
class Workers:
    """Two workers that share a database and nothing else: no lock keeps them apart."""

    one: Assistant
    two: Assistant
    database: Path

    async def case(self, sender: str) -> dict[str, Any]:
        """The case as the database holds it."""
        store = self.two.agent.tracker_store
        return dict(store.read(Transcript(), sender).case()["facts"])

    def events(self, sender: str, kind: str) -> int:
        """How many events of a kind a conversation has."""
        with sqlite3.connect(self.database) as connection:
            query = "select count(*) from events where sender_id = ? and type_name = ?"
            return int(connection.execute(query, (sender, kind)).fetchone()[0])


@pytest.fixture(scope="module")
def workers(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Workers:
    """Two workers on one SQLite file."""
    database = tmp_path_factory.mktemp("workers") / "c.db"
    settings = Settings(model_path=trained_model, tracker_store_url=f"sqlite:///{database}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Workers(Assistant.load(settings), Assistant.load(settings), database)


def text(said: list[dict[str, Any]]) -> str:
    """What was said, in one piece."""
    return "\n".join(part["text"] for part in said)


async def test_two_workers_at_the_moment_of_expiry(workers: Workers, clock: Clock) -> None:
    for number in range(4):
        sender = f"expiry-{number}"
        await workers.one.answer(sender, FIRST)
        clock.ahead += 1.1 * HOUR
        answers = await asyncio.gather(workers.one.answer(sender, SECOND), workers.two.answer(sender, "肝外无转移"))
        assert not any("出了错" in text(said) for said in answers)
        assert workers.events(sender, "session_started") == 2
        assert workers.events(sender, "user") == 3
        facts = {"resectability": "resectable", "lesion_count": 1, "extrahepatic_disease": "none"}
        assert await workers.case(sender) == facts
        assert any("RAS 野生型" in text(said) for said in answers), "it asks whether it is the same patient"


async def test_what_a_worker_remembers_of_the_session_before_is_not_used(workers: Workers, clock: Clock) -> None:
    await workers.one.answer("kept", FIRST)
    await workers.one.answer("kept", "最大3cm")
    clock.ahead += 1.1 * HOUR
    await workers.two.answer("kept", SECOND)
    said = text(await workers.one.answer("kept", "目前病例"))
    assert "不可切除" not in said
    assert "RAS" not in said
    assert await workers.case("kept") == {"resectability": "resectable", "lesion_count": 1}


async def test_a_deleted_case_is_gone_for_every_worker_and_connection(workers: Workers, clock: Clock) -> None:
    """SQLite could give the numbers of deleted rows once more, and the new rows would look like the old ones."""
    one, two = (assistant.agent.tracker_store for assistant in (workers.one, workers.two))
    await workers.one.answer("deleted", FIRST)
    watching = one.read(Transcript(), "deleted")
    assert watching.case()["facts"]["ras"] == "wild_type"
    rows = watching.last_row
    two.forget("deleted")
    clock.ahead += 1.0
    await workers.two.answer("deleted", "可切除，1个病灶，RAS突变")
    assert two.read(Transcript(), "deleted").last_row > rows, "no number is given twice"
    assert one.read(watching, "deleted").case()["facts"] == await workers.case("deleted")
    assert list(one.read(watching, "deleted").exchanges) != list(watching.exchanges)
    said = text(await workers.one.answer("deleted", "目前病例"))
    assert "可切除" in said
    assert "不可切除" not in said
    assert "野生型" not in said


async def test_a_clock_that_is_set_back_loses_no_fact(workers: Workers, clock: Clock) -> None:
    clock.ahead = 2 * HOUR
    await workers.one.answer("back", FIRST)
    clock.ahead = 2 * HOUR - 60
    await workers.one.answer("back", "最大3cm")
    said = text(await workers.two.answer("back", "目前病例"))
    assert "RAS 野生型" in said
    assert "最大 3 cm" in said


async def test_a_clock_that_is_set_far_back_makes_it_ask(workers: Workers, clock: Clock) -> None:
    clock.ahead = 24 * HOUR
    await workers.one.answer("yesterday", FIRST)
    clock.ahead = 0.0
    said = text(await workers.two.answer("yesterday", "你好"))
    assert "RAS 野生型" in said
    assert await workers.case("yesterday") == {}
    await workers.one.answer("yesterday", "继续上次病例")
    assert (await workers.case("yesterday"))["ras"] == "wild_type"


async def test_a_clock_that_jumps_in_the_middle_of_a_turn(workers: Workers, clock: Clock) -> None:
    handle = workers.one.agent.processor.handle_message
    begun = asyncio.Event()

    async def slowly(message: Any) -> Any:
        begun.set()
        await asyncio.sleep(0.2)
        return await handle(message)

    workers.one.agent.processor.handle_message = slowly
    try:
        first = asyncio.create_task(workers.one.answer("jump", "不可切除"))
        await begun.wait()
        clock.ahead += 10 * HOUR
        second = asyncio.create_task(workers.one.answer("jump", "2个病灶"))
        await asyncio.gather(first, second)
    finally:
        del workers.one.agent.processor.handle_message
    assert await workers.case("jump") == {"resectability": "unresectable", "lesion_count": 2}


async def test_many_people_at_once_each_with_a_patient(workers: Workers) -> None:
    async def talk(number: int) -> None:
        here, there = (workers.one, workers.two)[:: 1 if number % 2 else -1]
        await here.answer(f"person-{number}", f"unresectable, {number + 2} liver mets")
        await there.answer(f"person-{number}", f"largest {number + 1} cm")
        await here.answer(f"person-{number}", "RAS wt" if number % 3 else "RAS mutant")

    await asyncio.gather(*(talk(number) for number in range(12)))
    for number in range(12):
        assert await workers.case(f"person-{number}") == {
            "resectability": "unresectable",
            "lesion_count": number + 2,
            "largest_lesion_cm": number + 1,
            "ras": "wild_type" if number % 3 else "mutant",
        }


async def test_a_conversation_that_goes_on_elsewhere_at_every_try_ends_in_words(workers: Workers) -> None:
    from bot.server.failures import ConflictError

    async def overtaken(_: Any) -> None:
        raise ConflictError

    workers.one.agent.processor.handle_message = overtaken
    try:
        assert "出了错" in text(await workers.one.answer("overtaken", "不可切除"))
    finally:
        del workers.one.agent.processor.handle_message
