"""All facts a message states of the patient, with the words they came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from knowledge.models.understanding import FactMention
from knowledge.nlu.context import Context
from knowledge.nlu.readers.findings import read_findings
from knowledge.nlu.readers.genes import read_genes
from knowledge.nlu.readers.laboratory import read_laboratory
from knowledge.nlu.readers.lesions import read_lesions
from knowledge.nlu.readers.spread import read_spread
from knowledge.nlu.readers.surgery import read_surgery
from knowledge.nlu.terms import lexicon_fingerprint, read, vocabulary

__all__ = ["FactExtractor", "lexicon_fingerprint"]

_READERS = (read_findings, read_genes, read_lesions, read_laboratory, read_spread, read_surgery)


class FactExtractor:
    """Reads patient facts out of messages."""

    @classmethod
    def create(cls) -> FactExtractor:
        """An extractor with its vocabulary loaded (about a second the first time)."""
        vocabulary()
        return cls()

    def extract(self, text: str) -> tuple[FactMention, ...]:
        """The facts in a message, in the order of their words, at most one asserted mention of each fact.

        Two plainly different values of one fact contradict each other unless the later corrects the earlier.
        """
        context = Context(read(text))
        if not context.doc.tokens:
            return ()
        found = [mention for reader in _READERS for mention in reader(context)]
        return tuple(sorted(_settled(context, found), key=lambda mention: (mention.start, mention.fact)))


def _settled(context: Context, found: Iterable[FactMention]) -> Iterator[FactMention]:
    by_fact: dict[tuple[str, bool], list[FactMention]] = {}
    for mention in found:
        by_fact.setdefault((mention.fact, mention.asserted), []).append(mention)
    for mentions in by_fact.values():
        yield _one_of(context, sorted(mentions, key=lambda m: m.start))


def _one_of(context: Context, mentions: list[FactMention]) -> FactMention:
    """The mention that counts among those of one fact."""
    if conflict := next((m for m in mentions if m.status == "conflict"), None):
        return conflict
    known = [m for m in mentions if m.status == "known"] or mentions
    values = {m.value for m in known}
    last = known[-1]
    if len(values) == 1 or last.fact == "ras" or _later_counts(context, known):
        return last
    if {m.fact for m in known} == {"resection_status"} and "recurred" in values:
        return next(m for m in known if m.value == "recurred")
    if last.fact == "chemotherapy_status" and "progressed" in values:
        return next(m for m in reversed(known) if m.value == "progressed")
    if last.fact == "extrahepatic_disease":
        return next((m for m in known if m.value == "other"), last)
    return last.model_copy(
        update={"status": "conflict", "value": None, "start": known[0].start, **_text(context, known)}
    )


def _text(context: Context, mentions: list[FactMention]) -> dict[str, str]:
    return {"text": context.doc.source.original[mentions[0].start : mentions[-1].end]}


_FORMER = ("初始", "最初", "初诊", "原", "initial", "IU-", "original", "previous")
_LATTER = ("转化后", "现", "目前", "now", "after conversion", "currently", "today", "became", "变为", "转为")


def _later_counts(context: Context, known: list[FactMention]) -> bool:
    """Whether the last mention replaces the others: a correction, or how it was against how it is."""
    original = context.doc.source.original
    first, last = known[0], known[-1]
    between = original[first.end : last.end]
    tokens = context.doc.tokens
    corrected = any(first.end <= _typed_start(context, term.start) <= last.start for term in context.corrects)
    before = original[max(0, first.start - 12) : first.end]
    return bool(
        tokens and (corrected or any(word in before for word in _FORMER) or any(word in between for word in _LATTER))
    )


def _typed_start(context: Context, token: int) -> int:
    return context.doc.typed(token, token + 1)[0]
