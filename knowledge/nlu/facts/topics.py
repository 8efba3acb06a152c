"""What the numbers of a message are about: lesions of the liver, or something else."""

from __future__ import annotations

from knowledge.nlu.clauses import SENTENCE, Clause
from knowledge.nlu.document import Term
from knowledge.nlu.facts.benign import turned_out_benign
from knowledge.nlu.message import REACH, Message
from knowledge.nlu.quantities import CENTIMETRES, Quantity
from knowledge.nlu.text import words

LIVER = ("liver_metastasis", "organ.liver", "lobe", "segment")
ELSEWHERE = (
    "organ.lung",
    "organ.other",
    "organ.regional",
    "primary",
    "other_lesion",
    "primary_surgery",
    "lab",
    "ctdna",
    "lung_only",
    "extrahepatic",
)
_OF_LIVER = (*LIVER, "not_resected")
"""What speaks of the liver, also where a denied operation names it ("the liver mets have not been resected")."""
DIAGNOSIS = ("primary_site",)
PRIMARY = (*DIAGNOSIS, "primary", "primary_surgery")
"""The primary has a size but no number: beside it, a number is still one of liver metastases."""

_MASS = words("肿 块 物 瘤 瘤子 mass tumour tumor growth")
_SHAPE = words("溃 隆 菜 浸 缩 环 fungating ulcerated ulcerating stenosing circumferential annular polypoid")
"""Words by which a tumour is one of the bowel (溃疡型, "fungating")."""
_CLAUSES_BACK = 20
_HISTOLOGY = words(
    "高 中 低 未 - 分 化 管 状 绒 毛 粘 黏 液 印 戒 细 胞 型 性 腺 癌 ca "
    "well moderately poorly differentiated adenocarcinoma carcinoma mucinous grade g1 g2 g3"
)
"""Words that may stand between the site of the primary and its size (直肠中分化腺癌，4cm)."""
_NOUN_SOON = 4
"""The most tokens between a diameter and the lesion it is of ("a 1.6 cm viable nodule")."""
_TNM_BETWEEN = 2
"""The most clauses back to the primary that a bare size still is of ("rectal cancer, T3, 4 cm")."""
_METASTASES = words("met mets metastasis metastases secondaries deposits")
_ARE = words("are is were was 是 为")
_ONLY = words("就 只 仅 有 剩")
_MEASURES = words("个 枚 颗 处")
_LINKS = words("in of the at within inside from on 在 于 的 位 a")


def about_liver(message: Message, quantity: Quantity, *, size: bool) -> bool:
    """Whether a number is said of lesions of the liver; where nothing else is named, it is."""
    clause = message.clauses.of(quantity.number)
    if size and _of_other_lesions(message, clause):
        return False
    if turned_out_benign(message, quantity, clause.end):
        return False
    noun = _noun_after(message, quantity, clause.end)
    if noun is not None:
        return noun.any(*LIVER)
    before = _nearest_before(message, message.window(quantity), quantity.start)
    if size and before is not None and before.any("other_lesion"):
        return False  # "haemangioma 5 cm in segment 4"
    if message.document.word(quantity.end) == "in" and (place := _right_after(message, quantity, clause.end)):
        return _is_liver(place, size=size)  # "a bone met plus 3 in the liver"
    if (
        (before is None or before.any("other_lesion", "lab", "ctdna"))
        and not size
        and _counts_metastases(message, quantity)
        and not (before is None and _elsewhere_before(message, clause.start))
    ):
        return True  # "one is a cyst, so there are two true mets"
    if before is not None:
        return _is_liver(before, size=size)
    after = _right_after(message, quantity, clause.end)
    if after is not None:
        return _is_liver(after, size=size)
    return _inherited(message, clause.start, size=size)


def _of_other_lesions(message: Message, clause: Clause) -> bool:
    """Whether a clause goes on from one about cysts or the like ("known cysts, the largest 6 cm in segment V")."""
    index = message.clauses.index(clause.start)
    if not index or message.clauses.separated(clause.start - 2, clause.start, SENTENCE):
        return False
    before = message.clauses.clauses[index - 1]
    last = _nearest_before(message, max(before.start, before.end - REACH), before.end)
    own = message.document.first(clause.start, clause.end, "lesion", "liver_metastasis", "metastasis")
    return last is not None and last.any("other_lesion") and own is None


def _counts_metastases(message: Message, quantity: Quantity) -> bool:
    """Whether a number is one of metastases behind something benign ("only two true mets", 真正的转移4个)."""
    clause = message.clauses.of(quantity.number)
    start = max(clause.start, quantity.start - _NOUN_SOON)
    near = list(message.document.between(start, min(clause.end, quantity.end + _NOUN_SOON)))
    named = any(t.any("metastasis") or message.document.word(t.end - 1) in _METASTASES for t in near)
    return named and not any(t.any(*ELSEWHERE) and not t.any("other_lesion") for t in near)


def _elsewhere_before(message: Message, start: int) -> bool:
    """Whether the last organ named before a clause is another one ("the only other site is the lung, two mets")."""
    floor = max(message.clauses.sentence_start(start), start - REACH)
    named = [t for t in message.document.between(floor, start) if t.any(*LIVER, "organ.lung", "organ.other")]
    return bool(named) and not named[-1].any(*LIVER)


def names_metastases(message: Message, quantity: Quantity) -> bool:
    """Whether a number is that of what is called metastases (转移瘤4个, "three are metastases")."""
    called = message.document.word(quantity.end) in _ARE
    index = quantity.end + called
    behind = message.document.term_at(index + (called and message.document.word(index) in ("a", "the")))
    if called and behind is not None and behind.any("metastasis"):
        return True
    start = quantity.start
    while message.document.word(start - 1) in _ONLY:
        start -= 1
    before = message.document.term_at(start - 1)
    near = (behind, before if message.document.word(quantity.end - 1) in _MEASURES else None)
    return any(t is not None and _names_metastases(message, t) for t in near)


def leaves_liver(message: Message, start: int) -> bool:
    """Whether the clauses before a token leave the liver as what a number of lesions is said of."""
    return _inherited(message, start, size=False)


def _noun_phrase(message: Message, quantity: Quantity, end: int) -> tuple[int, int]:
    """Where the noun phrase behind a number goes on, and the token it cannot go beyond."""
    following = message.after(quantity)
    if following is not None and following.unit in CENTIMETRES and following.start - quantity.end <= 1:
        return following.end, end  # 一个6cm的囊肿
    if following is not None and quantity.unit in CENTIMETRES:
        return quantity.end, min(end, following.start)  # "primary 4 cm found along with five liver mets"
    return quantity.end, end


def _noun_after(message: Message, quantity: Quantity, end: int) -> Term | None:
    """The organ in the noun phrase that a number begins ("2 lung nodules", "3 lesions in the liver")."""
    organ: Term | None = None
    lesion = False
    index, end = _noun_phrase(message, quantity, end)
    while index < min(end, quantity.end + 9) and not message.document.tokens[index].number:
        term = message.document.term_at(index)
        if term is None:
            if lesion and message.document.word(index) not in _LINKS:
                break
            index += 1
            continue
        if term.any(*LIVER, *ELSEWHERE, *DIAGNOSIS) and not _side(message, term):
            if lesion or term.any("liver_metastasis", "primary", "other_lesion"):
                return term
            organ = organ or term
        elif term.any("lesion", "metastasis"):
            lesion = True
            if organ is not None:
                return organ
        elif term.any("enumerator", "turn", "largest", "each"):
            break
        index = term.end
    return organ if lesion else None


def _side(message: Message, term: Term) -> bool:
    """Whether a term is no more than "on the right", which may be a side of the lungs too."""
    return message.document.word(term.start) in ("left", "right") and term.end - term.start == 1


def _nearest_before(message: Message, start: int, end: int) -> Term | None:
    nearest: Term | None = None
    for term in message.document.between(start, end):
        following = message.document.term_at(term.end)
        if following is not None and following.any("with_primary") and not term.any("liver_metastasis"):
            continue
        if nearest is not None and nearest.any("other_lesion") and term.any("segment", "lobe", "organ.liver"):
            continue  # "simple cyst seg 5"
        if nearest is not None and nearest.any("other_lesion") and message.document.word(term.end - 1) in _METASTASES:
            nearest = None  # "one is a haemangioma so there are two mets"
        if nearest is not None and nearest.any("other_lesion") and term.any("metastasis"):
            nearest = Term(term.start, term.end, term.names | {"liver_metastasis"})  # "…, one is a metastasis of 24 mm"
        if term.any(*DIAGNOSIS) and following is not None and following.any("metastasis", "liver_metastasis"):
            continue  # 肠癌转移
        if term.any(*_OF_LIVER, *ELSEWHERE, *DIAGNOSIS) and not term.any("patient_again"):
            nearest = term
    return nearest


def _right_after(message: Message, quantity: Quantity, end: int) -> Term | None:
    """What is named right after a number ("3 cm sigmoid tumour", 2枚肺结节)."""
    index = quantity.end
    while index < min(end, quantity.end + 6):
        term = message.document.term_at(index)
        if message.document.word(index) in _SHAPE:
            return Term(index, index + 1, frozenset({"primary"}))  # 5cm溃疡型
        if term is not None and term.any("extrahepatic"):
            return None  # "mets x2, max 28 mm EHD neg"
        if term is not None and term.any(*LIVER, *ELSEWHERE, *DIAGNOSIS) and not _side(message, term):
            return term
        if message.document.tokens[index].number or (term is not None and term.any("enumerator")):
            return None
        index = term.end if term is not None else index + 1
    return None


def _is_liver(term: Term, *, size: bool) -> bool:
    if term.any(*PRIMARY):
        return not size
    return term.any(*_OF_LIVER)


def _inherited(message: Message, start: int, *, size: bool) -> bool:
    """Whether the clauses before, within the sentence, leave the liver as what is spoken of."""
    floor = message.clauses.sentence_start(start)
    index = message.clauses.index(start) - 1
    steps = 1
    own = list(message.document.between(start, min(message.clauses.of(start).end, start + REACH)))
    called = any(_names_metastases(message, t) or t.any("metastasis") for t in own)
    metastases = called and not any(t.any(*ELSEWHERE) for t in own)
    while index >= 0 and steps < _CLAUSES_BACK and message.clauses.clauses[index].start >= floor:
        clause = message.clauses.clauses[index]
        term = _nearest_before(message, max(clause.start, clause.end - REACH), clause.end)
        if term is not None:
            if term.any("other_lesion") and metastases:
                return True  # 囊肿4cm，另见转移灶一枚1.4cm
            if term.any("lab", "ctdna") or (term.any("other_lesion") and steps > 1):
                return True
            if not size and term.any(*PRIMARY):
                return True
            if term.any(*DIAGNOSIS, "primary_surgery"):
                goes_on = steps <= _TNM_BETWEEN and (
                    _measured(message, start)
                    or _names_its_mass(message, clause, start)
                    or _only_a_size(message, clause, start)
                )
                return not (size and (goes_on or _bracketed(message, start)))
            return term.any(*_OF_LIVER) or _closed(message, clause.start, clause.end)
        index -= 1
        steps += 1
    return True


def _names_metastases(message: Message, term: Term) -> bool:
    """Whether a word for lesions says that they are metastases."""
    said = "".join(message.document.word(i) for i in range(term.start, term.end))
    called = "转移" in said or message.document.word(term.end - 1) in _METASTASES
    return called and term.any("lesion", "liver_metastasis")


def _bracketed(message: Message, start: int) -> bool:
    """Whether a clause stands in brackets that are still open ("原发灶已切（pT4N1，6×5cm）")."""
    floor = max(message.clauses.sentence_start(start), start - REACH)
    depth = 0
    for index in range(floor, start):
        depth += {"(": 1, ")": -1}.get(message.document.word(index), 0)
    return depth > 0


def _measured(message: Message, start: int) -> bool:
    """Whether a clause begins with a measure ("直肠癌，大小4cm"), which then continues the clause before."""
    while message.document.word(start) in _MASS:
        start += 1
    term = message.document.term_at(start)
    return term is not None and term.any("size_label")


def _only_a_size(message: Message, before: Clause, start: int) -> bool:
    """Whether a clause is a bare size right behind the name of the primary ("sigmoid cancer, 5 cm, operated")."""
    clause = message.clauses.of(start)
    terms = list(message.document.between(start, clause.end))
    bare = (
        all(t.any("unit", "filler", "times_sign", "size_label", "about", "about_after") for t in terms)
        and clause.end - start <= 4
    )
    if not bare:
        return False
    index = before.end - 1
    while index > before.start and message.document.word(index) in _HISTOLOGY:
        index -= 1
    last = message.document.term_at(index) or message.document.term_at(index - 1)
    return last is not None and last.any(*DIAGNOSIS)


def _names_its_mass(message: Message, before: Clause, start: int) -> bool:
    """Whether a clause begins with the mass of the primary that the clause before names ("原发灶在直肠，肿块5.6cm")."""
    term = message.document.term_at(start)
    named = list(message.document.between(before.start, before.end))
    primary = any(t.any("primary", "primary_site") for t in named) and not any(t.any(*LIVER) for t in named)
    return primary and term is not None and message.document.word(term.end - 1) in _MASS


def _closed(message: Message, start: int, end: int) -> bool:
    """Whether what a clause says of another organ is complete: denied, removed or done with."""
    for term in message.document.between(start, end):
        if term.any("not", "not_after", "done", "removed_part", "surgery"):
            return True
    return False
