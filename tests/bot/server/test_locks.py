"""The messages of one person are answered one after the other, in the order in which they came."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from deploy.databases import Redis


@pytest.fixture
async def shared() -> AsyncIterator[Callable[..., Any]]:
    """Makes locks that workers share."""
    from bot.server.locks import RedisLocks

    made = []

    def make(*arguments: Any) -> Any:
        made.append(RedisLocks(*arguments))
        return made[-1]

    yield make
    for locks in made:
        await locks._redis.close()
        await locks._redis.connection_pool.disconnect()


@pytest.fixture(params=["process", "redis"])
def workers(request: pytest.FixtureRequest, shared: Callable[..., Any]) -> list[Any]:
    """The locks of two workers; of one where they are not shared."""
    from bot.server.locks import ProcessLocks

    if request.param == "process":
        return [ProcessLocks()]
    url = request.getfixturevalue("lasting_redis").url
    return [shared(url), shared(url)]


async def test_turns_of_a_conversation_do_not_overlap_and_those_of_a_worker_keep_their_order(
    workers: list[Any],
) -> None:
    conversation, running, done = uuid.uuid4().hex, 0, []

    async def turn(number: int) -> None:
        nonlocal running
        async with workers[number % len(workers)].lock(conversation):
            running += 1
            assert running == 1
            await asyncio.sleep(0.005)
            running -= 1
            done.append(number)

    tasks = []
    for number in range(50):
        tasks.append(asyncio.create_task(turn(number)))
        await asyncio.sleep(0.002)
    await asyncio.gather(*tasks)
    # Which of two workers is the first to tell Redis of messages two milliseconds apart is up to the machine.
    for worker in range(len(workers)):
        assert [number for number in done if number % len(workers) == worker] == list(range(worker, 50, len(workers)))


async def test_messages_that_wait_at_several_workers_are_answered_in_the_order_in_which_they_came(
    lasting_redis: Redis, shared: Callable[..., Any]
) -> None:
    workers, conversation, done = [shared(lasting_redis.url) for _ in range(3)], uuid.uuid4().hex, []

    async def turn(number: int) -> None:
        async with workers[number % len(workers)].lock(conversation):
            done.append(number)

    tasks = []
    async with workers[0].lock(conversation):
        for number in range(12):
            tasks.append(asyncio.create_task(turn(number)))
            while await workers[0]._redis.llen(f"turns:{conversation}") < number + 2:
                await asyncio.sleep(0.001)
        assert done == []
    await asyncio.gather(*tasks)
    assert done == list(range(12))


async def test_conversations_do_not_wait_for_one_another(workers: list[Any]) -> None:
    async with workers[0].lock(uuid.uuid4().hex):
        await asyncio.wait_for(_pass(workers[-1], uuid.uuid4().hex), 2)


async def test_a_turn_that_fails_or_is_given_up_lets_the_next_one_in(workers: list[Any]) -> None:
    conversation = uuid.uuid4().hex
    with pytest.raises(RuntimeError):
        async with workers[0].lock(conversation):
            raise RuntimeError
    async with workers[0].lock(conversation):
        waiting = asyncio.create_task(_pass(workers[-1], conversation))
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(_pass(workers[-1], conversation), 2)


async def _pass(locks: Any, conversation: str) -> None:
    async with locks.lock(conversation):
        pass


async def test_a_worker_that_is_gone_is_passed_over(lasting_redis: Redis, shared: Callable[..., Any]) -> None:
    conversation, lease = uuid.uuid4().hex, 0.6
    gone, alive = shared(lasting_redis.url, lease), shared(lasting_redis.url, lease)
    await gone._before(f"turns:{conversation}", "a message whose worker was killed", join=True)
    await asyncio.wait_for(_pass(alive, conversation), 5)


async def test_a_turn_may_take_longer_than_the_lease(lasting_redis: Redis, shared: Callable[..., Any]) -> None:
    conversation, lease = uuid.uuid4().hex, 0.6
    slow, other = shared(lasting_redis.url, lease), shared(lasting_redis.url, lease)
    async with slow.lock(conversation):
        waiting = asyncio.create_task(_pass(other, conversation))
        await asyncio.sleep(3 * lease)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 5)


async def test_a_redis_that_is_started_again_in_the_middle_is_waited_for(
    redis: Redis, shared: Callable[..., Any]
) -> None:
    locks = shared(redis.url)
    await _pass(locks, "someone")
    redis.kill()
    with pytest.raises(Exception, match="Connection"):
        locks.check()
    waiting = asyncio.create_task(_pass(locks, "someone"))
    await asyncio.sleep(0.3)
    redis.start()
    await asyncio.wait_for(waiting, 10)
    locks.check()
