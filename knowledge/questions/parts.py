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
_OCCASION = (
    r"(?:guideline|exam|viva|teaching|lecture|slides?|talk|presentation|journal club|paper|thesis|protocol|chapter|"
    r"handout|quiz|essay|grand round|ward round|board|congress|poster)s?"
)
_PURPOSE = re.compile(
    r"^\s*(?:(?:question |just )?for (?:a|an|my|our|the|tomorrow's|next week's)\s"
    rf"(?:[\w-]+\s){{0,3}}{_OCCASION}|{_OCCASION}(?: question)?)"
    r"\s*[:：,，-]\s*"
    r"|^\s*(?:写|做|备|准备|讲|考|为了|给)[^：:，,。？?]{1,8}(?:用|用的|要用)\s*[：:，,]\s*"
    r"|^\s*(?:考前|备课|查房|读片会|病例讨论|读书会|写综述|写论文|写指南|做幻灯|做PPT|出题)(?:问一下|请教|提问|时)?\s*[：:，,]\s*",
    re.I,
)
"""What a question is for, said before it (写指南用：…, "For a lecture: …")."""


def without_purpose(text: str) -> str:
    """The text without what it is for, which is no part of the question."""
    return _PURPOSE.sub("", text, count=1)


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
