"""How many of the lesions something is said of: none of them, or only a part.

"None of the lesions is resectable" denies what it says, "two of the five lesions are resectable" says it of a part.
"""

from __future__ import annotations

import re

from knowledge.nlu.clauses import Clauses
from knowledge.nlu.document import Document, Term
from knowledge.nlu.text import words

_LESIONS = words(
    "lesion lesions met mets metastasis metastases deposit deposits tumour tumours tumor tumors nodule nodules site "
    "sites focus foci spot spots them ones crlm crlms 灶 移 瘤 节 个 枚 处"
)
"""One of these stands between "no" and what is said; behind "none" it may be left out."""
_SUBJECT = _LESIONS | words(
    "of the her his their its these those my our a single one two three four five six seven eight nine ten liver "
    "hepatic other remaining residual target index known new old visible treated ablated irradiated bilobar colorectal "
    "individual metastatic in on at within remnant ct mri pet imaging scan right left lobe "
    "的 肝 内 脏 里 中 转 病 结 肿 任 何 一"
)
_LINK = words(
    "is are was were has have had been be being to as will looks looked appears appeared seems seemed remains "
    "remained considered judged deemed thought felt found called ever so far yet really truly actually currently now "
    "still today technically surgically clearly fully shows showed went into got did does do "
    "是 能 可 以 被 出 现 发 生 再 还 曾 算 为"
)
_BETWEEN = _SUBJECT | _LINK
_NONE = words("none neither nil")
_LEADING = words("of the her his their its these those my our a in on at within")
"""Behind one of these the subject goes on ("no other site of disease")."""
_PARTED = _BETWEEN | words(
    "not all every each only just some half most part parts few but except everything hardly barely partly partially "
    "有 部 分 别 并 非 不 所 全 都 每 均 其 只 两 二 三 四 五 六 七 八 九 十 颗"
)
_NUMBER = r"(\d+|one|two|three|four|five|six|seven|eight|nine|ten|[一二两三四五六七八九十])"
_PART = re.compile(
    rf"\b(not (all|every|each)|(?<!all )({_NUMBER}|some|half|most|parts?|few) of|(only|just) {_NUMBER}|some|"
    r"(all|everything) (but|except)|hardly|barely|partly|partially)\b"
    r"|部 分 |有 的 |个 别 |其 中 |(并 非|不 是) (所 有|全 部|都|每)"
    rf"|[里中] (只 有 )?{_NUMBER} [个枚处颗]|只 有 {_NUMBER}"
)
_REACH = 20
"""The most tokens between the quantifier and what is said."""


def none_of_them(document: Document, clauses: Clauses, start: int) -> Term | None:
    """The word that says that what begins at a token is true of no lesion ("none of the lesions", 没有一个病灶)."""
    index, first = start - 1, max(clauses.of(start).start, start - _REACH)
    while index > first and (document.word(index) in _BETWEEN or document.tokens[index].number):
        index -= 1
    between = {document.word(i) for i in range(index + 1, start)}
    if index < first or not (between or index == clauses.of(start).start) or document.word(start - 1) in _LEADING:
        return None
    word = document.word(index)
    named = not _LESIONS.isdisjoint(between)
    single = word == "not" and document.word(index + 1) in ("one", "a", "any")
    chinese = word in ("没", "无") or (word == "有" and document.word(index - 1) in ("没", "从"))
    if word in _NONE or ((word == "no" or single or chinese) and named):
        return Term(index, index + 1, frozenset({"not"}))
    return None


def of_a_part(document: Document, clauses: Clauses, start: int) -> Term | None:
    """The words that say that what begins at a token is true of some lesions only ("two of the five", 部分病灶)."""
    index, first = start, max(clauses.of(start).start, start - _REACH)
    while index > first and (document.word(index - 1) in _PARTED or document.tokens[index - 1].number):
        index -= 1
    said = "".join(document.word(i) + " " for i in range(index, start))
    return Term(index, start, frozenset({"maybe"})) if _PART.search(said) is not None else None
