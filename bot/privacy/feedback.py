"""What users think of answers."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.privacy.entrance import take_in
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.tables import feedback


def give(engine: Any, conversation: str, message: str, helpful: bool, reason: str | None) -> None:
    """Keeps what a user thinks of an answer, in place of what the user thought of it before.

    Args:
        engine: the database.
        conversation: its name.
        message: the id of the message that was answered.
        helpful: whether the answer was of use.
        reason: in the user's own words; what identifies a person is removed.
    """
    names = Pseudonyms(engine)
    answer = names.answer(conversation, message)
    values = {"at": time.time(), "helpful": helpful, "reason": take_in(reason).text if reason else None}
    mine = feedback.update().where(feedback.c.answer == answer).values(values)
    row = {"conversation": names.conversation(conversation), "answer": answer, **values}
    try:
        with engine.begin() as connection:
            if not connection.execute(mine).rowcount:
                connection.execute(feedback.insert(), row)
    except sa.exc.IntegrityError:
        with engine.begin() as connection:  # it was given twice at the same time
            connection.execute(mine)
