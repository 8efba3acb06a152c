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
_WROTE = re.compile(
    r"(correction|sorry|oops|apologies|actually|:|,)*i(had)?(wrote|typed|said|put|entered|noted|stated|told|gave)"
)
"""By which a clause takes up what was told, to put it right behind a "but"."""
_WITHDRAWN = re.compile(
    r"(这|那)(一)?(条|项|点|个)(事实|信息)?(先|请|就|暂时|暂且|得|要)*(撤回|撤销|收回|作废|删掉|删除|删了|去掉|不算|划掉|拿掉)"
)
"""异时性这条先撤回."""
_LONGEST = 16
"""The most tokens of a clause on a slip."""


def taken_back(document: Document, clauses: Clauses, clause: Clause) -> int:
    """The end of what does not hold of what a clause names: the next one tells it anew, or it was a slip.

    It is the start of the clause where all of it holds.
    """
    spoken = [document.word(i) for i in range(clause.start, min(clause.end, clause.start + _LONGEST))]
    said = "".join(spoken)
    if _SLIP.search(said) or _WITHDRAWN.search(said):
        return clause.end
    if _WROTE.match(said):
        if "but" in spoken:
            return clause.start + spoken.index("but")
        return clause.end if document.word(clause.end + 1) == "but" else clause.start
    opens = document.word(clause.start) in _TAKEN_BACK or said.startswith("忽略")
    last = clauses.index(clause.start) + 1 >= len(clauses.clauses)
    anew = opens and not last and document.first(clause.start, clause.end, "correction", "about") is not None
    return clause.end if anew else clause.start
