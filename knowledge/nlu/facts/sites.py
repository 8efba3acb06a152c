"""Each site outside the liver that is said to be involved, or suspected to be."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.models.understanding import FactMention
from knowledge.nlu.document import Term
from knowledge.nlu.facts.clear_sites import LIGHT, TURNED_OUT, looked_in_vain
from knowledge.nlu.message import Found, Message
from knowledge.nlu.text import words

FACT = "extrahepatic_disease"
SITES = ("organ.lung", "organ.other")
_NOUN_REACH = 6
_SITES_NAMED = words("site sites")
_LAST = 4
"""The words at the end of a clause by which a site has them too."""
_PROVEN = words("proven confirmed 实 为")
"""The last words of what says that something was proven."""
_INSIDE = words(
    "示 shows showed showing reveals "
    ", ， 多 小 微 上 也 内 俩 仨 : s 见 均 及 亦 里 长 一 二 两 三 四 五 六 七 八 九 十 几 数 "
    "two three four five several also too are is small tiny new full of riddled with have has got contain"
)
_IMAGES = words("ct mri pet shows showed showing 示 见")
"""The last words of what an image of a site may be called before its metastases (双肺CT见3个转移结节)."""
_BEFORE_PLACE = words("至 到 于 为 在 就 限 the her his my both one a confirmed another known biopsied : ( ,")
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


def sites(message: Message) -> Iterator[Found | None]:
    """Each site that is said to be involved, or suspected to be."""
    for term in message.document.find(*SITES):
        noun = _turned_out(message, term) or _noun(message, term) or _noun_of_others(message, term)
        noun = noun or _supposed(message, term) or _the_only_one(message, term)
        excepted = _excepted(message, term)
        if excepted is not None:
            kind = term.kind("organ")
            yield message.found(
                FACT, excepted, term.end, value="lung_only" if kind == "lung" else "other", source=kind or ""
            )
            continue
        if noun is None and _nodes(message, term):
            doubt = message.context.cue(term.start, term.end, "uncertainty")
            if doubt is not None and message.context.negated(term.start, term.end) is None:
                yield message.found(FACT, *message.cover(term, doubt), status="unknown")
        if noun is None or _clean(message, term) or _done_with(message, term, noun) or _not_there(message, term, noun):
            continue
        start, end = min(term.start, noun.start), max(term.end, noun.end)
        context = message.context
        doubt = context.cue(start, end, "uncertainty") or context.cue(start, end, "untested")
        only_possible = noun.any("possible_metastasis") or (noun.any("lesion") and not _is_metastasis(message, noun))
        only_possible = only_possible and not _proven(message, end)
        if only_possible and doubt is None:
            doubt = _doubt_in_sentence(message, end)
        if doubt is not None:
            span = message.cover(term, noun, doubt)
            yield message.found(FACT, *span, status="unknown", source="site")
        elif not only_possible:
            kind = term.kind("organ")
            yield message.found(FACT, start, end, value="lung_only" if kind == "lung" else "other", source=kind or "")


def _not_there(message: Message, term: Term, noun: Term) -> bool:
    """Whether metastases of a site are denied, or were looked for in vain (肝外的肺、骨都查过，都没有)."""
    start, end = min(term.start, noun.start), max(term.end, noun.end)
    context = message.context
    if context.cue_before(start, "negation") or context.cue_before(term.start, "negation"):
        return True
    if context.cue_after(end, "negation") or (noun.start > term.end and context.cue_before(noun.start, "negation")):
        return True
    told = _is_metastasis(message, noun) and not noun.any("extrahepatic")
    return not told and looked_in_vain(message, term.end) is not None


def spared(message: Message) -> FactMention | None:
    """Sites that are said to be free; whether any other is stays open ("chest clear, no peritoneal disease")."""
    free = [term for term in message.document.find(*SITES) if _denied(message, term) or _clean(message, term)]
    if not free or message.frames.asks:
        return None
    found = message.found(FACT, free[0].start, free[-1].end, status="bound")
    return found.mention if found and found.mention.asserted else None


def _denied(message: Message, term: Term) -> bool:
    """Whether metastases of a site are denied ("no peritoneal disease")."""
    noun = _noun(message, term)
    if noun is None:
        return False
    return message.context.negated(min(term.start, noun.start), max(term.end, noun.end)) is not None


def _clean(message: Message, term: Term) -> bool:
    """Whether a site, perhaps with others, is said to be clear, or to have no metastases (肺、腹膜未见转移)."""
    index = term.end
    while index < term.end + TURNED_OUT and not message.clauses.separated(term.end, index):
        said = message.document.term_at(index)
        if said is not None and said.any("quality.unremarkable"):
            return True
        if said is not None and said.any("not_after"):
            noun = message.document.term_at(said.end)
            return noun is not None and noun.any("metastasis", "lesion")
        if message.document.word(index) not in LIGHT and (said is None or not said.any("organ", "enumerator", "each")):
            return False
        index = said.end if said is not None else index + 1
    return False


def _excepted(message: Message, term: Term) -> int | None:
    """Where "apart from the lung" begins, if the rest is then denied."""
    behind = message.document.word(term.end) + message.document.word(term.end + 1)
    if behind in ("以外", "之外"):
        rest = message.document.between(term.end, min(message.clauses.of(term.start).end, term.end + TURNED_OUT))
        return term.start if any(t.any("not", "not_after", "no_extrahepatic") for t in rest) else None
    words = [message.document.word(i) for i in range(max(0, term.start - 3), term.start)]
    for back, word in enumerate(reversed(words), start=1):
        if word in ("除", "except", "besides", "apart", "than"):
            later = message.document.between(term.end, min(message.clauses.sentence_end(term.start), term.end + 14))
            denied = any(t.any("not", "no_extrahepatic") for t in later)
            return term.start - back if denied else None
    return None


def _proven(message: Message, end: int) -> bool:
    """Whether nodules are said right behind to be proven ("peritoneal nodules, biopsy proven", 腹膜结节穿刺证实)."""
    said = message.document.term_at(end + (message.document.word(end) in (",", "，", "(", "were")))
    last = message.document.word(said.end - 1) if said is not None and said.any("evidence") else ""
    return last in _PROVEN


def _nodes(message: Message, term: Term) -> bool:
    """Whether a site is one of lymph nodes, which can be suspicious by themselves."""
    return message.document.word(term.end - 1) in ("nodes", "node", "nodal", "结")


def _doubt_in_sentence(message: Message, start: int) -> Term | None:
    """A word of doubt on metastasis later in the sentence ("4 mm nodule, indeterminate")."""
    for term in message.document.between(start, min(message.clauses.sentence_end(start - 1), start + 14)):
        if term.any("maybe", "maybe_after"):
            return term
        if term.any("liver_metastasis", "organ.liver"):
            return None
    return None


def _noun(message: Message, term: Term) -> Term | None:
    """The word that makes an organ a site of metastases (肺、骨多发转移; metastases to the lung)."""
    document = message.document
    index = term.end
    imaged = False
    while index < min(len(document.tokens), term.end + _NOUN_REACH * 2):
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


def _noun_of_others(message: Message, term: Term) -> Term | None:
    """The word for metastases of the site before, where one more has them too (肺上有转移，腹膜上也有)."""
    clause = message.clauses.of(term.start)
    rest = [message.document.word(i) for i in range(max(term.end, clause.end - _LAST), clause.end)]
    too = rest[-1:] == ["too"] or rest[-2:] == ["as", "well"]
    if not too and not (rest and rest[-1] in ("有", "见") and {"也", "亦", "同"}.intersection(rest[-4:])):
        return None
    start = message.clauses.sentence_start(term.start)
    named = [t for t in message.document.between(start, clause.start) if _is_metastasis(message, t)]
    return named[-1] if named and message.context.negated(named[-1].start, named[-1].end) is None else None


def _supposed(message: Message, term: Term) -> Term | None:
    """The site itself, where it is only supposed that it has some (要是肺上也有呢)."""
    clause = message.clauses.of(term.start)
    if not message.frames.hypothesis[term.start] or clause.end - term.end > 2 * _NOUN_REACH:
        return None
    rest = [message.document.word(i) for i in range(term.end, clause.end)]
    while rest and rest[-1] in ("呢", "吗", "的", "话", "?", "了"):
        rest.pop()
    there = bool(rest) and rest[-1] == "有" and len(rest) <= _NOUN_REACH
    return term if there else None


def _the_only_one(message: Message, term: Term) -> Term | None:
    """What a site is said to be the only one of ("lung is the only other site", 肺是唯一的肝外部位)."""
    clause = message.clauses.of(term.start)
    end = min(clause.end, term.end + _NOUN_REACH)
    only = message.document.first(term.end, end, "only", "solitary")
    if only is None:
        return None
    named = message.document.first(only.end, clause.end, "organ.elsewhere", "extrahepatic")
    behind = {message.document.word(i) for i in range(only.end, min(clause.end, only.end + 3))}
    return named or (only if behind & _SITES_NAMED else None)


def _turned_out(message: Message, term: Term) -> Term | None:
    """What the nodes or nodules of a site turned out to be ("peritoneal nodules were biopsied and are metastases")."""
    if _nodes(message, term):
        index = term.end
    else:
        noun = message.document.term_at(term.end)
        noun = noun if noun is not None and noun.any("lesion") else _noun(message, term)
        if noun is None or not noun.any("lesion") or noun.start < term.end:
            return None
        index = noun.end
    end = min(message.clauses.sentence_end(term.start), index + TURNED_OUT)
    for other in message.document.between(index, end):
        if other.any(
            "organ", "liver_metastasis", "extrahepatic", "turn", "not", "maybe", "maybe_after", "untested", "less_than"
        ):
            return None
        if other.any("metastasis", "lesion") and _is_metastasis(message, other):
            return other
    return None


def _noun_before(message: Message, term: Term) -> Term | None:
    """The word for metastases before their site ("metastases in the lung", 转移至肺, 肝外：肺)."""
    document = message.document
    index = term.start - 1
    linked = False
    while index >= max(0, term.start - _NOUN_REACH * 2):
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
            return other if _is_metastasis(message, other) else None
        if other.any("extrahepatic"):
            return other
        if not other.any(*_BEFORE_SITE):
            return None
        linked = True
        index = other.start - 1
    return None


def _is_metastasis(message: Message, noun: Term) -> bool:
    """Whether a word for lesions says that they are metastases, not just nodules."""
    words = {message.document.word(i) for i in range(noun.start, noun.end)}
    return noun.any("metastasis", "extrahepatic", "liver_metastasis") or bool(
        words & {"mets", "met", "metastases", "metastatic", "metastatses", "deposits", "secondaries", "deposit", "转"}
    )


def _done_with(message: Message, term: Term, noun: Term) -> bool:
    """Whether the site was treated away ("lung metastases resected", 肺转移术后)."""
    end = max(term.end, noun.end)
    clause = message.clauses.of(term.start)
    for other in message.document.between(end, min(clause.end, end + 5)):
        if other.any("surgery", "removed_part", "local_therapy", "hepatectomy") and not _radiation(message, other):
            return True
        if message.document.word(other.start) == "术":
            return True
    start = min(term.start, noun.start)
    before = message.document.last(max(clause.start, start - 4), start, but=("filler", "light"))
    return before is not None and before.any("removed_part", "surgery", "hepatectomy")


def _radiation(message: Message, therapy: Term) -> bool:
    """Whether a local therapy is radiotherapy, which leaves a metastasis where it is."""
    said = "".join(message.document.word(i) for i in range(therapy.start, therapy.end))
    return "放疗" in said or said.startswith("radi")
