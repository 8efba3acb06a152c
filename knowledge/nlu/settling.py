"""Makes one mention of each fact out of everything that was read: corrections, then against now, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.models.facts import FACT_IDS
from knowledge.models.understanding import FactMention
from knowledge.nlu.message import Found, Message
from knowledge.nlu.numerals import is_year
from knowledge.nlu.retractions import recounts
from knowledge.nlu.text import words

_NOW = 2
_CHANGE = 3
"""The most tokens before a state within which it is said to be one of then."""
_BECAME = words("变 成 转 now became become becomes turned was were once")
"""Words by which one state of the lesions followed another."""
_DOMINANT = {"ras": "mutant", "chemotherapy_status": "progressed", "local_therapy_failed": True}
"""Values that outweigh the others: any RAS mutation, progression of any line, one local treatment that failed."""


def settle(message: Message, found: Iterable[Found]) -> tuple[FactMention, ...]:
    """The mentions to report, in the order of the message."""
    by_fact: dict[tuple[str, bool], list[Found]] = {}
    for item in found:
        by_fact.setdefault((item.mention.fact, item.mention.asserted), []).append(item)
    settled: list[FactMention] = []
    for fact in ("lesion_count", "largest_lesion_cm"):
        by_fact[fact, True] = _there_now(by_fact, fact)
    by_fact["resectability", True] = _since_operation(message, by_fact)
    for (fact, asserted), items in by_fact.items():
        if not items:
            continue
        kept = _settle_fact(message, fact, sorted(items, key=lambda item: item.token))
        if not asserted:
            kept = [mention for mention in kept if mention.status in ("known", "bound")]
        settled.extend(kept)
    order = {fact: position for position, fact in enumerate(FACT_IDS)}
    return tuple(sorted(settled, key=lambda m: (m.start, m.end, order[m.fact])))


def _there_now(by_fact: dict[tuple[str, bool], list[Found]], fact: str) -> list[Found]:
    """What was found on the number or the size of lesions, without those that an operation has done away with."""
    items = by_fact.get((fact, True), [])
    if _resection_is(by_fact, "resected"):
        return [item for item in items if item.rank == _NOW]
    if _resection_is(by_fact, "recurred"):
        return _since(by_fact["resection_status", True], items)
    if _untreated(by_fact) or (fact == "lesion_count" and _only_one_that_failed(by_fact)):
        return [replace(item, rank=max(item.rank, 1)) for item in items]
    return items


def _since_operation(message: Message, by_fact: dict[tuple[str, bool], list[Found]]) -> list[Found]:
    """What is said of resectability, without what was said of the time before an operation that was done since."""
    items = by_fact.get(("resectability", True), [])
    done = [i.token for i in by_fact.get(("resection_status", True), []) if i.mention.value in ("resected", "recurred")]
    return [i for i in items if not (done and i.token < min(done) and (i.rank == 0 or _with_year(message, i)))]


def _with_year(message: Message, item: Found) -> bool:
    """Whether a year stands before something in its sentence (2021年发现时不可切)."""
    start = message.clauses.sentence_start(item.token)
    years = (q for q in message.quantities if q.value is not None and is_year(q.value))
    return any(start <= year.number < item.token for year in years)


def _resection_is(by_fact: dict[tuple[str, bool], list[Found]], value: str) -> bool:
    """Whether the lesions are said to have been resected, or to be there again after that."""
    return any(item.mention.value == value for item in by_fact.get(("resection_status", True), []))


def _since(resected: list[Found], items: list[Found]) -> list[Found]:
    """The lesions that are told behind the resection, where any are; those before it were cut."""
    operation = min(item.token for item in resected)
    later = [item for item in items if item.token > operation and item.rank > 0]
    return [item for item in items if item in later or item.rank == _NOW] if later else items


def _untreated(by_fact: dict[tuple[str, bool], list[Found]]) -> bool:
    """Whether nothing has been done since the diagnosis, so that what was found then is what there is."""
    values = [
        item.mention.value
        for fact in ("chemotherapy_status", "resection_status")
        for item in by_fact.get((fact, True), [])
    ]
    return "none" in values and not {"resected", "recurred"}.intersection(values)


def _only_one_that_failed(by_fact: dict[tuple[str, bool], list[Found]]) -> bool:
    """Whether the one lesion there was has been treated locally, and was not done away with."""
    counts = by_fact.get(("lesion_count", True), [])
    failed = by_fact.get(("local_therapy_failed", True), [])
    single = all(i.mention.value == 1 and not i.mention.text.lower().startswith("one ") for i in counts)
    return bool(counts) and single and any(i.mention.value is True for i in failed)  # not "RFA of one lesion failed"


def _settle_fact(message: Message, fact: str, items: list[Found]) -> list[FactMention]:
    items = _corrected(message, _of_now(_without_elsewhere(_convertible(message, _progressed(message, items)))))
    known = [item for item in items if item.mention.status == "known"]
    problems = [item for item in items if item.mention.status in ("conflict", "implausible")]
    if problems:
        return [problems[0].mention]
    if not known:
        return [items[-1].mention] if items else []
    values = list(dict.fromkeys(item.mention.value for item in known))
    if len(values) == 1:
        return [known[0].mention]
    dominant = _DOMINANT.get(fact)
    if dominant in values and not _same_source_differs(known):
        return [next(item.mention for item in known if item.mention.value == dominant)]
    first = {item.mention.value: item for item in reversed(known)}
    return [first[value].mention.model_copy(update={"value": None, "status": "conflict"}) for value in values]


def _progressed(message: Message, items: list[Found]) -> list[Found]:
    """A progression is not undone by a later line that is not assessed yet, or that works."""
    if items[0].mention.fact != "chemotherapy_status":
        return items
    progressed = [item for item in items if item.mention.value == "progressed"]
    if not progressed:
        return items
    corrected = message.document.first(progressed[-1].token, len(message.document.tokens), "correction") is not None
    return items if corrected else [item for item in items if item.mention.value in ("progressed", "none")]


def _convertible(message: Message, items: list[Found]) -> list[Found]:
    """Disease that is not resectable now but may become so is potentially resectable, unless it was so before."""
    values = {item.mention.value for item in items}
    if items[-1].mention.value == "unresectable" and "potentially_resectable" in values and _became(message, items):
        return items[-1:]
    if "potentially_resectable" in values and "resectable" not in values:
        return [item for item in items if item.mention.value != "unresectable"]
    return items


def _became(message: Message, items: list[Found]) -> bool:
    """Whether what is said last is said to be what it has come to (由潜在可切除变成了不可切除, "was …, is now …")."""
    before, last = items[-2].token, items[-1].token
    said = {message.document.word(i) for i in range(max(0, before - _CHANGE), last)}
    return not _BECAME.isdisjoint(said)


def _without_elsewhere(items: list[Found]) -> list[Found]:
    """What says "nothing elsewhere" beside a named site speaks of the rest and is left out.

    Beside a site in doubt "liver only" does not hold for sure.
    """
    sites = [item for item in items if item.mention.value in ("lung_only", "other")]
    if sites:
        return [item for item in items if item.source != "elsewhere"]
    doubted = [i for i in items if i.mention.status == "unknown" and i.source == "site" and i.rank > 0]
    return doubted if doubted and all(i in doubted or i.source in ("liver", "elsewhere") for i in items) else items


def _of_now(items: list[Found]) -> list[Found]:
    """What is said of now where anything is; nothing that is only said of then."""
    best = max(item.rank for item in items)
    if best == _NOW:
        latest = [item for item in items if item.rank == _NOW]
        if any(item.mention.status != "unknown" for item in latest):
            return latest
    kept = [item for item in items if item.rank > 0]
    return kept or _still_true(items)


def _still_true(items: list[Found]) -> list[Found]:
    """Facts that were said of then only: what cannot change, or what nothing newer is known of."""
    lasting = {"ras", "braf", "tp53", "ugt1a1", "onset", "resectability", "local_therapy_failed", "resection_status"}
    lasting |= {"chemotherapy_status", "cea_ng_ml", "apri", "meld", "surgical_risk"}
    return [item for item in items if item.mention.fact in lasting]


def _corrected(message: Message, items: list[Found]) -> list[Found]:
    """What stands after the last word of correction, if it says anything certain."""
    told_before = [i for i in items if recounts(message.document, message.clauses.of(i.token))]
    if told_before and (anew := [i for i in items if i.token > told_before[-1].token and i.mention.status == "known"]):
        return anew
    cues = [term.start for term in message.document.find("correction")]
    for cue in reversed(cues):
        place = message.document.typed(cue, cue + 1)[0]
        later = [item for item in items if item.mention.end > place]  # the words of one may reach over the cue
        if 0 < len(later) < len(items):
            return later
    return items


def _same_source_differs(known: Sequence[Found]) -> bool:
    """Whether one gene is said to be both (KRAS wild type and KRAS G12D)."""
    values: dict[str, object] = {}
    for item in known:
        if item.source in ("", "variant"):
            continue
        if values.setdefault(item.source, item.mention.value) != item.mention.value:
            return True
    return False
