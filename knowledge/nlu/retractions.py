"""Clauses that name something only to take it back, or as what was written by mistake."""

from __future__ import annotations

import re

from knowledge.nlu.clauses import Clause, Clauses
from knowledge.nlu.document import Document
from knowledge.nlu.text import words

_TAKEN_BACK = words("ignore disregard forget scrap scratch strike")
"""Words by which a clause takes back what it names ("ignore my message about BRAF being mutated, it is wild type")."""
_SLIP = re.compile(
    r"(typed|wrote|put|entered|said|dictated|noted)\w{1,24}(bymistake|inerror|wrongly|byaccident|accidentally)"
    r"|(?<![改应请可需要])(误|错)?(写|打|输|录|记|报)成|(误|错)说(成|为)|(写|打|输|录|记|报|说)错成|手误(写|打)?(成|为)"
)
"""By what a clause names only what was written by mistake ("I typed mutant by mistake", 误写成突变)."""
_WROTE = re.compile(
    r"(correction|sorry|oops|apologies|actually|:|,)*i(had)?(wrote|typed|said|put|entered|noted|stated|told|gave)"
)
"""By which a clause takes up what was told, to put it right behind a "but"."""
_RECOUNTS = re.compile(
    r"(\S+ ){0,6}?(i|we) ((had|have|also|just|first|initially|originally|earlier|already) )?"
    r"(wrote|written|typed|said|put|entered|noted|stated|told|gave|given|dictated|quoted|reported)\b"
)
_RECOUNTED = re.compile(
    r".{0,12}?(我|上面|前面|上条|刚才|之前|昨天|原来|一开始)(上|前)?(一)?(条|句|次|封|回)?(消息|信息|信|里|中|刚才|刚刚|昨天|昨晚"
    r"|早上|上午|之前|前面|原来)*(我)?(写|打|说|报|填|录|输|发)"
)
"""By which a clause takes up what its writer told before, in English and Chinese; what is told anew behind it holds."""
_WITHDRAWN = re.compile(
    r"(这|那)(一)?(条|项|点|个)(事实|信息)?(先|请|就|暂时|暂且|得|要)*(撤回|撤销|收回|作废|删掉|删除|删了|去掉|不算|划掉|拿掉)"
)
"""异时性这条先撤回."""
_SHORT = 5
_LONGEST = 16
"""The most tokens of a clause on a slip."""


def recounts(document: Document, clause: Clause) -> bool:
    """Whether a clause only takes up what its writer told before ("yesterday I said four", 我上条写5枚)."""
    said = [document.word(i) for i in range(clause.start, min(clause.end, clause.start + _LONGEST))]
    return _RECOUNTS.match(" ".join(said)) is not None or _RECOUNTED.match("".join(said)) is not None


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
    polite = spoken[:1] in (["please"], ["pls"], ["kindly"])
    opens = document.word(clause.start + polite) in _TAKEN_BACK or said.startswith("忽略")
    last = clauses.index(clause.start) + 1 >= len(clauses.clauses)
    about = document.first(clause.start, clause.end, "correction", "about") is not None or "my" in spoken
    about = about or len(spoken) <= _SHORT  # 'Scratch "unresectable", the surgeon says resectable'
    anew = opens and not last and about
    return clause.end if anew else clause.start
