"""The databases of the package index are real, and outlive a crash."""

from __future__ import annotations

import sqlalchemy as sa  # type: ignore[import-untyped]
from redis import Redis as Client

from deploy.databases import PostgreSQL, Redis


def test_postgresql_keeps_what_was_committed_when_it_is_killed(postgresql: PostgreSQL) -> None:
    engine = sa.create_engine(postgresql.url)
    with engine.begin() as connection:
        connection.execute(sa.text("create table kept as select 1 as one"))
    postgresql.kill()
    assert not postgresql.answers()
    engine.dispose()
    postgresql.start()
    with engine.begin() as connection:
        assert connection.execute(sa.text("select one from kept")).scalar() == 1
    engine.dispose()


def test_redis_keeps_what_was_written_when_it_is_stopped(redis: Redis) -> None:
    client = Client.from_url(redis.url)
    client.set("kept", "1")
    redis.stop()
    assert not redis.answers()
    redis.start()
    assert client.get("kept") == b"1"
    client.close()
