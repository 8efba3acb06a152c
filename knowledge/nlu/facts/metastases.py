"""Disease outside the liver."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.facts.clear_sites import looked_in_vain, nothing_seen, unremarkable
from knowledge.nlu.facts.sites import FACT, SITES, sites
from knowledge.nlu.message import Found, Message
from knowledge.nlu.text import words

_APART = words("except besides apart")
_ONE = words("lesion met metastasis deposit nodule tumour tumor")
_DETERMINERS = words("the his her this their a")
_OTHERWISE = words("otherwise else else, 余 外 此")
_BEFORE = 6
_OUT = words("外 以 之")


def read(message: Message) -> Iterator[Found | None]:
    """Sites of metastases outside the liver, and statements on them as a whole."""
    named = [
        *_named(message),
        *(_only_liver(message, t) for t in message.document.find("organ.liver", "liver_metastasis")),
        *(_all_but_the_liver(message, t) for t in message.document.find("organ.liver", "organ.elsewhere")),
    ]
    involved = [found for found in sites(message) if found is not None]
    yield from named
    yield from _combined(involved)


def _named(message: Message) -> Iterator[Found | None]:
    """What is said of extrahepatic disease as such, or of everything but the liver."""
    context = message.context
    for term in message.document.find("extrahepatic", "organ.elsewhere"):
        end = _with_noun(message, term)
        if term.any("organ.elsewhere") and _inside_liver(message, term, end):
            continue
        open_cue = context.cue(term.start, end, "untested")
        denial = (
            context.cue_before(term.start, "negation")
            or context.cue_after(end, "negation")
            or _blank(message, end)
            or looked_in_vain(message, end)
            or nothing_seen(message, term.start, end)
            or unremarkable(message, end)
            or _no_others(message, term)
        )
        doubt = None if _answered(message, end) else context.cue(term.start, end, "uncertainty")
        if open_cue is not None or doubt is not None:
            start, stop = message.cover(term, open_cue or doubt)
            yield message.found(FACT, start, max(stop, end), status="unknown")
        elif denial is not None:
            start, stop = message.cover(term, denial)
            if not _treatment(message, denial):
                rest = term.any("organ.elsewhere") or _others(message, term) or denial.any("no_others")
                source = "elsewhere" if rest else ""
                yield message.found(FACT, start, max(stop, end), value="none", source=source)
        elif (nothing := _all_but_the_liver(message, term)) is not None:
            yield nothing
        elif term.any("extrahepatic") and _is_said_to_exist(message, term, end) and not _site_follows(message, end):
            yield message.found(FACT, term.start, end, status="bound")


def _inside_liver(message: Message, term: Term, end: int) -> bool:
    """Whether other lesions are those of the liver (肝内未见其他病灶, "no other lesions in the liver")."""
    start = message.clauses.of(term.start).start
    before = [t for t in message.document.between(start, term.start) if t.any("organ", "reserve_name")]
    following = [t for t in message.document.between(end, end + 3) if t.any("organ")]
    near = following or before[-1:]
    words = "".join(message.document.word(i) for i in range(term.start, term.end))
    inside = bool(near) and near[0].any("organ.liver", "reserve_name") and message.document.word(near[0].end) != "外"
    return inside and "外" not in words and "outside" not in words


def _answered(message: Message, end: int) -> bool:
    """Whether the question whether there is any is answered right behind it (有无肝外转移：无)."""
    return message.document.word(end) == ":" and message.context.cue_after(end, "negation") is not None


def _no_others(message: Message, term: Term) -> Term | None:
    """The words "no other" right before the disease outside the liver."""
    before = message.document.term_at(term.start - 1)
    return before if before is not None and before.any("no_others") else None


def _others(message: Message, term: Term) -> bool:
    """Whether it is said of other disease than the one named (无其他肝外转移)."""
    before = message.document.term_at(term.start - 1)
    if before is not None and before.any("not", "not_after"):
        before = message.document.term_at(before.start - 1)  # 其余未见肝外病灶
    return (before is not None and before.any("other")) or _apart_from_a_site(message, term)


def _apart_from_a_site(message: Message, term: Term) -> bool:
    """Whether a site is excepted right before (肺以外的肝外器官, 除肺外的肝外器官, "apart from the lung no …")."""
    start = message.clauses.of(term.start).start
    for site in message.document.between(max(start, term.start - _BEFORE), term.start):
        behind = message.document.word(site.end)
        if site.any(*SITES) and (behind in _OUT or message.document.word(site.start - 1) in _APART):
            return True
    return False


def _only_liver(message: Message, term: Term) -> Found | None:
    """仅 or "only" right before the liver."""
    before = message.document.term_at(term.start - 1)
    if before is None or not before.any("only") or message.clauses.before[term.start]:
        return None
    following = message.document.term_at(term.end)
    if following is not None and following.any("organ", "enumerator"):
        return None
    singular = _ONE.intersection(message.document.word(i) for i in (term.end - 1, term.end))
    if singular and message.document.word(before.start - 1) in _DETERMINERS:
        return None  # "the only liver lesion" is a single one
    rest = message.document.word(before.start - 1) in _OTHERWISE
    return message.found(FACT, before.start, term.end, value="none", source="elsewhere" if rest else "liver")


def _blank(message: Message, end: int) -> Term | None:
    """A minus sign, or none after a colon, right behind the term."""
    index = end
    while message.document.word(index) in (":", "=", "("):
        index += 1
    term = message.document.term_at(index)
    if term is None or not term.any("quality.negative"):
        return None
    following = term.end
    ends = following >= len(message.document.tokens) or message.clauses.before[following] > 0
    return term if ends and (index > end or message.document.word(index) == "-") else None


def _all_but_the_liver(message: Message, term: Term) -> Found | None:
    """Nothing apart from the liver (除肝脏外无高代谢灶, "apart from the liver no disease")."""
    before = {message.document.word(i) for i in range(max(0, term.start - 3), term.start)}
    behind = [message.document.word(i) for i in range(term.start + 1, term.end + 2)]
    if not (("除" in before and "外" in behind) or before & _APART):
        return None
    end = min(message.clauses.sentence_end(term.start), term.end + 8)
    denial = next((t for t in message.document.between(term.end, end) if t.any("not")), None)
    return None if denial is None else message.found(FACT, term.start, denial.end, value="none", source="elsewhere")


def _treatment(message: Message, denial: Term) -> bool:
    """Whether what is denied is something done about it ("no resection of …")."""
    following = message.document.term_at(denial.end)
    return following is not None and following.any("surgery", "chemotherapy", "hepatectomy", "local_therapy")


def _with_noun(message: Message, term: Term) -> int:
    following = message.document.term_at(term.end)
    if following is not None and following.any("metastasis", "lesion"):
        return following.end
    return term.end


def _is_said_to_exist(message: Message, term: Term, end: int) -> bool:
    before = message.document.word(term.start - 1)
    following = "".join(message.document.word(i) for i in range(end, end + 2))
    positive = message.document.term_at(end)
    if positive is not None and positive.any("quality.positive"):
        return True
    return before in ("有", "并", "with", "has", "存", "伴", "在") or following.startswith(
        ("有", ":有", "present", "yes", ":yes")
    )


def _site_follows(message: Message, end: int) -> bool:
    stop = message.clauses.sentence_end(max(0, end - 1))
    return any(term.any(*SITES) for term in message.document.between(end, min(stop, end + 10)))


def _combined(sites: list[Found]) -> Iterator[Found]:
    """The lungs with any other site are "other"."""
    other = [found for found in sites if found.mention.value == "other"]
    for found in sites:
        asserted_other = [o for o in other if o.mention.asserted == found.mention.asserted]
        if not asserted_other or found.mention.value != "lung_only":
            yield found
