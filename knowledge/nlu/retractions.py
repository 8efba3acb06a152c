"""Clauses that name something only to take it back, or as what was written by mistake."""

from __future__ import annotations

import re

from knowledge.nlu.clauses import Clause, Clauses
from knowledge.nlu.document import Document
from knowledge.nlu.text import words

_TAKEN_BACK = words("ignore disregard forget scrap")
"""Words by which a clause takes back what it names ("ignore my message about BRAF being mutated, it is wild type")."""
_SLIP = re.compile(
    r"(typed|wrote|put|entered|said|dictated|noted)\w{1,24}(bymistake|inerror|wrongly|byaccident|accidentally)"
    r"|(误|错)(写|打|输|录|记|报|说)(成|为)|(写|打|输|录|记|报|说)错成|手误(写|打)?(成|为)"
)
"""By what a clause names only what was written by mistake ("I typed mutant by mistake", 误写成突变)."""
_LONGEST = 12
"""The most tokens of a clause on a slip."""


def taken_back(document: Document, clauses: Clauses, clause: Clause) -> bool:
    """Whether what a clause names does not hold: the next one tells it anew, or it was a slip."""
    said = "".join(document.word(i) for i in range(clause.start, min(clause.end, clause.start + _LONGEST)))
    if _SLIP.search(said):
        return True
    opens = document.word(clause.start) in _TAKEN_BACK or said.startswith("忽略")
    last = clauses.index(clause.start) + 1 >= len(clauses.clauses)
    return opens and not last and document.first(clause.start, clause.end, "correction", "about") is not None
