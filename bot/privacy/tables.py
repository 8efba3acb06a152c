"""What is kept beside the conversations: the audit trail, feedback, and when the last clean-up was."""

from __future__ import annotations

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.server.migrations import Part, tables

metadata = sa.MetaData()

audit = sa.Table(
    "answer_audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("channel", sa.String(40)),
    sa.Column("conversation", sa.String(32), index=True),
    sa.Column("answer", sa.String(32), index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("lang", sa.String(2), nullable=False),
    sa.Column("knowledge_version", sa.String(64), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("stances", sa.JSON, nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("statements", sa.JSON, nullable=False),
    sa.Column("citations", sa.JSON, nullable=False),
    sa.Column("reason", sa.String(20)),
)
"""One row for each message with content: what it was made of, and not a word that anybody wrote.

`conversation` and `answer` are pseudonyms; both are empty once the conversation has been deleted.
"""

feedback = sa.Table(
    "answer_feedback",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("conversation", sa.String(32), nullable=False, index=True),
    sa.Column("answer", sa.String(32), nullable=False, unique=True),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text),
)
"""What users thought of an answer, the last word on each; `answer` is the same pseudonym as in the audit trail."""

jobs = sa.Table(
    "privacy_jobs",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("ran_at", sa.Float, nullable=False),
)
"""When a job was last begun, so that one of several servers does it."""

SCHEMA = Part("privacy", (tables(metadata),))
