"""The word that makes an organ a site of metastases (肺、骨多发转移; metastases to the lung)."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.message import Message
from knowledge.nlu.text import words

REACH = 6
"""The most tokens of a kind between an organ and its metastases."""
_INSIDE = words(
    "示 shows showed showing reveals "
    ", ， 多 小 微 上 也 内 俩 仨 : s 见 均 及 亦 里 长 一 二 两 三 四 五 六 七 八 九 十 几 数 "
    "two three four five several also too are is "
    "light lights lit up small tiny new full of riddled with have has got contain"
)
_IMAGES = words("ct mri pet shows showed showing 示 见")
"""The last words of what an image of a site may be called before its metastases (双肺CT见3个转移结节)."""
_BEFORE_PLACE = words(
    "includes included including involves involved involving "
    "至 到 于 为 在 就 限 the her his my both one a confirmed another known biopsied : ( ,"
)
"""Words between metastases and their site ("and a confirmed one in L2")."""
_BEFORE_SITE = (
    "organ", "enumerator", "filler", "gene_filler", "light", "after", "range_join", "done", "liver_only", "only",
    "evidence",
)  # fmt: skip
_BEFORE_NOUN = (
    "organ", "enumerator", "multiple", "solitary", "filler", "maybe", "synchronous", "lobe", "unit", "judged",
    "gene_filler", "evidence", "failure.new",
)  # fmt: skip
"""What may stand between an organ and the word that makes it a site of metastases."""


def noun_of(message: Message, term: Term) -> Term | None:
    """The word that makes an organ a site of metastases (肺、骨多发转移; metastases to the lung)."""
    document = message.document
    index = term.end
    imaged = False
    while index < min(len(document.tokens), term.end + REACH * 2):
        if message.clauses.before[index] > 0:
            break
        other = document.term_at(index)
        if other is None:
            if document.word(index) not in _INSIDE and not document.tokens[index].number:
                break
            index += 1
            continue
        if imaged and other.any("liver_metastasis"):
            break  # "lung CT shows three liver metastases"
        if other.any("metastasis", "lesion", "possible_metastasis", "liver_metastasis"):
            vague = other.any("metastasis") and document.word(other.start) == "disease" and term.any("organ.lung")
            named = document.term_at(other.end)
            if other.any("lesion", "possible_metastasis") and named is not None and named.any("metastasis"):
                return named  # 双肺小结节转移
            return None if vague and not _with_liver_only(message, term, other) else other
        image = document.word(other.end - 1) in _IMAGES
        imaged = imaged or image
        if not other.any(*_BEFORE_NOUN) and not image:
            break
        index = other.end
    return _noun_before(message, term)


def _with_liver_only(message: Message, lung: Term, disease: Term) -> bool:
    """Whether a disease of the lung is that of the liver too, and of nothing else ("liver and lung disease only")."""
    joint = message.document.term_at(lung.start - 1)
    liver = message.document.term_at(joint.start - 1) if joint is not None and joint.any("enumerator") else None
    return liver is not None and liver.any("organ.liver") and message.document.word(disease.end) == "only"


def _noun_before(message: Message, term: Term) -> Term | None:
    """The word for metastases before their site ("metastases in the lung", 转移至肺, 肝外：肺)."""
    document = message.document
    index = term.start - 1
    linked = document.word(term.start) in ("outside", "beyond")  # "nodal metastases outside the abdomen"
    while index >= max(0, term.start - REACH * 2):
        if message.clauses.before[index + 1] > 0 and document.word(index) != "(":
            return None
        other = document.term_at(index)
        word = document.word(index)
        if other is None:
            if word not in _BEFORE_PLACE:
                return None
            linked = True
            index -= 1
            continue
        if other.any("metastasis", "lesion", "liver_metastasis") and linked:
            return other if is_metastasis(message, other) else None
        if other.any("extrahepatic"):
            return other
        if not other.any(*_BEFORE_SITE):
            return None
        linked = True
        index = other.start - 1
    return None


def is_metastasis(message: Message, noun: Term) -> bool:
    """Whether a word for lesions says that they are metastases, not just nodules."""
    words = {message.document.word(i) for i in range(noun.start, noun.end)}
    return noun.any("metastasis", "extrahepatic", "liver_metastasis") or bool(
        words & {"mets", "met", "metastases", "metastatic", "metastatses", "deposits", "secondaries", "deposit", "转"}
    )
