"""Each site outside the liver that is said to be involved, or suspected to be."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.models.understanding import FactMention
from knowledge.nlu.document import Term
from knowledge.nlu.facts.clear_sites import LIGHT, TURNED_OUT, looked_in_vain
from knowledge.nlu.facts.site_nouns import REACH, is_metastasis, noun_of
from knowledge.nlu.message import Found, Message
from knowledge.nlu.text import words

FACT = "extrahepatic_disease"
SITES = ("organ.lung", "organ.other")
_SITES_NAMED = words("site sites")
_OPEN = 24
"""The most tokens behind a site within which it is left open."""
_EXAMINED = words("biopsy radiologist radiologists pathologist pathology histology 检 科")
_LAST = 4
"""The words at the end of a clause by which a site has them too."""
_PROVEN = words("proven confirmed 实 为")
"""The last words of what says that something was proven."""


def sites(message: Message) -> Iterator[Found | None]:
    """Each site that is said to be involved, or suspected to be."""
    for term in message.document.find(*SITES):
        noun = _turned_out(message, term) or noun_of(message, term) or _noun_of_others(message, term)
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
        doubt = context.cue(start, end, "uncertainty") or context.cue(start, end, "untested") or _not_sure(message, end)
        only_possible = noun.any("possible_metastasis") or (noun.any("lesion") and not is_metastasis(message, noun))
        only_possible = only_possible and not _proven(message, end)
        if only_possible and doubt is None:
            doubt = _doubt_in_sentence(message, end)
        if doubt is not None:
            span = message.cover(term, noun, doubt)
            yield message.found(FACT, *span, status="unknown", source="site")
        elif not only_possible:
            kind = term.kind("organ")
            yield message.found(FACT, start, end, value="lung_only" if kind == "lung" else "other", source=kind or "")


def _not_sure(message: Message, start: int) -> Term | None:
    """What leaves a site open behind a "but" ("told that she has lung metastases, but the biopsy is not out yet")."""
    end = min(message.clauses.sentence_end(start - 1), start + _OPEN)
    turn = message.document.first(start, end, "turn")
    if turn is None or message.document.first(start, end, "liver_metastasis", "lab", "gene", "ctdna") is not None:
        return None
    examined = any(message.document.word(i) in _EXAMINED for i in range(turn.end, end))
    return message.document.first(turn.end, end, "untested", "undecided", "maybe_after") if examined else None


def _not_there(message: Message, term: Term, noun: Term) -> bool:
    """Whether metastases of a site are denied, or were looked for in vain (肝外的肺、骨都查过，都没有)."""
    start, end = min(term.start, noun.start), max(term.end, noun.end)
    context = message.context
    if context.cue_before(start, "negation") or context.cue_before(term.start, "negation"):
        return True
    if context.cue_after(end, "negation") or (noun.start > term.end and context.cue_before(noun.start, "negation")):
        return True
    told = is_metastasis(message, noun) and not noun.any("extrahepatic")
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
    noun = noun_of(message, term)
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
        passed = said is not None and said.any("organ", "enumerator", "each", "turn_to_patient")  # 肺部CT干净
        if message.document.word(index) not in LIGHT and not passed:
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
        whole = message.document.term_at(term.start - back)
        if whole is not None and whole.start < term.start - back:
            continue  # 不可切除，肺内无转移
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


def _noun_of_others(message: Message, term: Term) -> Term | None:
    """The word for metastases of the site before, where one more has them too (肺上有转移，腹膜上也有)."""
    clause = message.clauses.of(term.start)
    rest = [message.document.word(i) for i in range(max(term.end, clause.end - _LAST), clause.end)]
    too = rest[-1:] == ["too"] or rest[-2:] == ["as", "well"]
    if not too and not (rest and rest[-1] in ("有", "见") and {"也", "亦", "同"}.intersection(rest[-4:])):
        return None
    start = message.clauses.sentence_start(term.start)
    named = [t for t in message.document.between(start, clause.start) if is_metastasis(message, t)]
    return named[-1] if named and message.context.negated(named[-1].start, named[-1].end) is None else None


def _supposed(message: Message, term: Term) -> Term | None:
    """The site itself, where it is only supposed that it has some (要是肺上也有呢)."""
    clause = message.clauses.of(term.start)
    if not message.frames.hypothesis[term.start] or clause.end - term.end > 2 * REACH:
        return None
    rest = [message.document.word(i) for i in range(term.end, clause.end)]
    while rest and rest[-1] in ("呢", "吗", "的", "话", "?", "了"):
        rest.pop()
    there = bool(rest) and rest[-1] == "有" and len(rest) <= REACH
    return term if there else None


def _the_only_one(message: Message, term: Term) -> Term | None:
    """What a site is said to be the only one of ("lung is the only other site", 肺是唯一的肝外部位)."""
    clause = message.clauses.of(term.start)
    end = min(clause.end, term.end + REACH)
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
        noun = noun if noun is not None and noun.any("lesion") else noun_of(message, term)
        if noun is None or not noun.any("lesion") or noun.start < term.end:
            return None
        index = noun.end
    end = min(message.clauses.sentence_end(term.start), index + TURNED_OUT)
    for other in message.document.between(index, end):
        if other.any(
            "organ",
            "liver_metastasis",
            "extrahepatic",
            "turn",
            "not",
            "maybe",
            "maybe_after",
            "untested",
            "less_than",
            "whether",
            "no_extrahepatic",
            "nothing_elsewhere",
            "liver_only",
        ):
            return None
        if other.any("metastasis", "lesion") and is_metastasis(message, other):
            return other
    return None


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
