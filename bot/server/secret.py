"""A secret that all servers of a database share."""

from __future__ import annotations

import contextlib
import secrets
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

_SECRET = sa.Table(
    "session_secret",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)


def shared_secret(engine: Any) -> bytes:
    """The secret that is kept beside the conversations, made when it is first asked for.

    So it outlives a restart, all servers of a database have it, and it protects nothing that whoever reads the
    database could not read there anyway.
    """
    with contextlib.suppress(sa.exc.IntegrityError, sa.exc.ProgrammingError):  # another server makes the table as well
        _SECRET.create(engine, checkfirst=True)
    with engine.connect() as connection:
        found = connection.execute(sa.select(_SECRET.c.value)).scalar()
    if found is None:
        try:
            with engine.begin() as connection:
                connection.execute(_SECRET.insert(), {"id": 1, "value": secrets.token_hex(32)})
        except sa.exc.IntegrityError:
            pass  # another server was faster, and its secret is the one
        return shared_secret(engine)
    return bytes.fromhex(found)
