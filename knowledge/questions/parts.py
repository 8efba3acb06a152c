"""Several questions in one message, and what stands before them."""

from __future__ import annotations

import re

_ANOTHER = re.compile(r"[?？]+|,\s*and\s+(?=how (?:many|much|long)\b)|，(?=多少人)")
"""Where another question of a message begins."""
_SENTENCE_END = re.compile(r"(?<=[.。!！])\s*(?=\S)")
_CLAUSE = re.compile(r"[，,;；?？]+")
_ASKS = re.compile(
    r"多少|几[个年月例成位名]|哪|什么|啥|如何|怎|^ *(?:and |or )?(?:what|how|which|who|when|where|why)\b", re.I
)
"""Words by which a part of a sentence asks a question of its own."""
_MOST_QUESTIONS = 4


def questions_in(text: str) -> list[str]:
    """The questions of a text; the first keeps what stands before it."""
    clauses = [part.strip() for part in _CLAUSE.split(text) if part.strip()]
    if len(clauses) > 1 and all(_ASKS.search(clause) for clause in clauses):
        return clauses[:_MOST_QUESTIONS]
    if not text.rstrip().endswith(("?", "？")):
        return [text]
    parts = [part.strip() for part in _ANOTHER.split(text)]
    return [f"{part}?" for part in parts if part][:_MOST_QUESTIONS]


def sentences(text: str) -> list[str]:
    """The sentences of a text; a decimal point ends none."""
    return _SENTENCE_END.split(text.strip())
