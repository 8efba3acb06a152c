"""How tables come to be and change: each part of the server numbers its steps, the database knows which were taken.

A part that keeps tables describes them once:

    SCHEMA = Part("feedback", (tables(metadata),))

brings them up to date when it opens its engine (`up_to_date(engine, SCHEMA)`), and is named in
`bot.server.schema.PARTS`, so that the command makes them as well. A later change is one more step at the end.

Steps only add. What is no longer used goes one release later, so that the workers of two releases can share a
database while an upgrade, or the way back from it, is rolled out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

logger = logging.getLogger(__name__)

Step = Callable[[Any], None]
"""Changes the database over a connection, within the transaction that also notes that it was taken."""

VERSIONS = sa.Table(
    "schema_versions",
    sa.MetaData(),
    sa.Column("part", sa.String(50), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)

_LOCK = 0x43524C4D
"""Names the lock that workers which start at once wait for."""


@dataclass(frozen=True)
class Part:
    """The tables of one part of the server.

    Attributes:
        name: what the database calls it.
        steps: from an empty database to the present one. The number of steps taken is the part's version.
    """

    name: str
    steps: tuple[Step, ...]


def tables(metadata: Any) -> Step:
    """A step that makes tables and their indexes; those that are there already stay as they are."""

    def make(connection: Any) -> None:
        for table in metadata.sorted_tables:
            connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))

    return make


def up_to_date(engine: Any, *parts: Part) -> list[str]:
    """Takes the steps that are missing. Workers that start at once wait for the first of them.

    Where nothing is missing the database is only read, so a worker needs no right to change tables.

    Returns:
        What was done, a line for each part that has changed.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer, or a step failed; then none was taken.
    """
    if not _missing(_versions(engine), parts):
        return []
    with engine.begin() as connection:
        _lock(connection)
        connection.execute(sa.schema.CreateTable(VERSIONS, if_not_exists=True))
        versions = dict(connection.execute(sa.select(VERSIONS.c.part, VERSIONS.c.version)).all())
        return [_bring(connection, part, versions.get(part.name, 0)) for part in _missing(versions, parts)]


def _versions(engine: Any) -> dict[str, int]:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(VERSIONS.name):
            return {}
        return dict(connection.execute(sa.select(VERSIONS.c.part, VERSIONS.c.version)).all())


def _missing(versions: dict[str, int], parts: tuple[Part, ...]) -> list[Part]:
    for part in parts:
        if versions.get(part.name, 0) > len(part.steps):
            logger.warning("the tables of %s are those of a newer release; going on with them", part.name)
    return [part for part in parts if versions.get(part.name, 0) < len(part.steps)]


def _lock(connection: Any) -> None:
    """Lets one worker at a time change tables, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _bring(connection: Any, part: Part, version: int) -> str:
    for step in part.steps[version:]:
        step(connection)
    here = VERSIONS.c.part == part.name
    if not connection.execute(VERSIONS.update().where(here).values(version=len(part.steps))).rowcount:
        connection.execute(VERSIONS.insert(), {"part": part.name, "version": len(part.steps)})
    return f"{part.name}: version {version} -> {len(part.steps)}"
