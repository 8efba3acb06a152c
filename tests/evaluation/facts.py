"""Precision, recall and F1 of the facts that are read from the messages of the sets."""

from __future__ import annotations

from functools import cache

from knowledge.models.base import Lang
from knowledge.nlu.extraction import FactExtractor
from tests.evaluation.abilities import known_facts, read_set
from tests.evaluation.tally import Tally


@cache
def tally_facts(lang: Lang) -> Tally:
    """A fact is found rightly if its value is. Reading is a matter of the lexicon: no example is needed or learnt."""
    extractor, tally = FactExtractor.create(), Tally()
    for item in read_set(f"facts.{lang}"):
        tally.add(item.get("facts") or {}, known_facts(extractor.extract(item["text"])))
    return tally
