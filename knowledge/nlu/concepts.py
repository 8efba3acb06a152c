"""What a message names: therapies, facts, references; whether it asks or supposes."""

from __future__ import annotations

import re

from knowledge.loading import load_knowledge
from knowledge.models.base import Model
from knowledge.models.facts import FACT_IDS
from knowledge.nlu.context import Context
from knowledge.nlu.terms import read

_REFERENCE = re.compile(
    r"(?:文献|参考文献|引文|引用|references?|refs?\.?|citations?)\s*(?:第|no\.?|number|#|n)?\s*\[?(\d{1,3})\]?"
    r"|第\s*(\d{1,3})\s*(?:篇|号|条)?\s*(?:文献|参考文献|引文|篇)|\[(\d{1,3})\]",
    re.IGNORECASE,
)
_FACT_WORDS = {
    "resectability": r"可切除性|切除性|resectab",
    "surgical_risk": r"手术风险|surgical risk|operative risk",
    "liver_reserve": r"肝储备|残肝|liver reserve|remnant",
    "onset": r"同时性|异时性|出现时间|onset|synchron|metachron",
    "lesion_count": r"数目|个数|几个|number of|how many lesions|lesion count|病灶数",
    "largest_lesion_cm": r"大小|直径|最大|size|diameter|largest",
    "extrahepatic_disease": r"肝外|extrahepatic|EHD",
    "chemotherapy_status": r"化疗情况|全身治疗情况|化疗史|chemo(?:therapy)? status|systemic therapy so far",
    "resection_status": r"肝切除史|切除史|resection status|previous resection|liver resection so far",
    "local_therapy_failed": r"局部治疗失败|failed local|local therapy failed",
    "ras": r"(?<![a-z])[KN]?-?RAS(?![a-z])",
    "braf": r"BRAF",
    "tp53": r"TP53|P53",
    "ugt1a1": r"UGT1A1",
    "cea_ng_ml": r"(?<![a-z])CEA(?![a-z])|癌胚抗原",
    "ctdna_after_chemotherapy": r"ctDNA|循环肿瘤DNA",
    "apri": r"APRI",
    "meld": r"MELD",
}
_NAMED_FACTS = {fact: re.compile(pattern, re.IGNORECASE) for fact, pattern in _FACT_WORDS.items()}


class Concepts(Model):
    """What a message names, each once, in the order it is named."""

    therapies: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    references: tuple[int, ...] = ()
    question: bool = False
    hypothetical: bool = False


def find_concepts(text: str) -> Concepts:
    """The therapies, facts and reference numbers in a message, and whether it asks or only supposes."""
    doc = read(text)
    context = Context(doc)
    plain = doc.source.text
    places = {fact: match.start() for fact, pattern in _NAMED_FACTS.items() if (match := pattern.search(plain))}
    therapies = [key for term in doc.find("therapy") if (key := _therapy(term.names))]
    references = [int(next(number for number in match.groups() if number)) for match in _REFERENCE.finditer(plain)]
    return Concepts(
        therapies=tuple(dict.fromkeys(therapies)),
        facts=tuple(sorted(places, key=lambda fact: (places[fact], FACT_IDS.index(fact)))),
        references=tuple(dict.fromkeys(references)),
        question=bool(doc.tokens) and context.question,
        hypothetical=context.hypothetical,
    )


def _therapy(names: frozenset[str]) -> str | None:
    """The therapy among the meanings of a word."""
    named = [name.removeprefix("therapy.") for name in names if name.startswith("therapy.")]
    return min(named, key=list(load_knowledge().therapies).index, default=None)
