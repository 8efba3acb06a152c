"""Questions on a kind of patients, which tell nothing of the one at hand ("TP53 mutation: local control by SBRT?")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions.answer import questions

_ONE_PATIENT = re.compile(
    r"^(患者|病人)|另外|补充|更正|我(?!国)|[他她]|这[个位例名]|该(?!研究|试验|文)|本例|岁"
    r"|目前|现在|如今|今天|[男女]性?[，, ]|床|您"
    r"|^(also|and|plus|btw)\b|\b(my|our|we|i|her|his|she|he|pt|yo|year-old|today|now|currently|s/p"
    r"|this (one|patient|lady|man|woman|guy|case)|the (patient|lady|man))\b",
    re.IGNORECASE,
)
"""Words that point at a patient."""
_SENTENCE = re.compile(r"[。;；!！\n]|\.(?!\d)")
_CLAUSES = re.compile(r"[,，;；。.!！:：—\n]| [-–] ")
_OF_EVIDENCE = re.compile(
    r"意味着|预示|说明[啥什]|百分之|占多少|哪些(因素|基因|区域)|谁[证做提发的]|多不多|有哪几种|主要靠"
    r"|\b(settled|agreement|consensus|percent(age)?|how (often|common)|any data|does it (work|help|mean)"
    r"|what does (that|this) mean|who (showed|qualifies|proved)|which (factors|genes|alterations)|in general)\b|what %",
    re.IGNORECASE,
)
"""Words by which the findings of studies are asked for, beside their measures and authors."""
_MOST_FACTS = 2


def asks_in_general(text: str, facts: Sequence[dict[str, Any]]) -> bool:
    """Whether a question is one on the findings of studies, and the facts in it say what patients it is about.

    So it is where nothing points at a patient, the facts stand in one clause of the question's sentence, and the last
    clause asks for a measure, a work or a subject of studies. "Unresectable, 3 cm, SBRT or ablation?" asks what to do,
    and tells.

    Args:
        text: the message.
        facts: the entities of facts that would be said of the patient, with `entity`, `start` and `end`.
    """
    if not facts or _ONE_PATIENT.search(text):
        return False
    named = {fact["entity"] for fact in facts}
    first, last = min(fact["start"] for fact in facts), max(fact["end"] for fact in facts)
    if _SENTENCE.search(text[last:].rstrip(" .。!！")):
        return False  # what is told in a sentence of its own
    if len(named) > _MOST_FACTS or (len(named) > 1 and _CLAUSES.search(text[first:last])):
        return False
    asked = next((part for part in reversed(_CLAUSES.split(text.strip(" ?？"))) if part.strip()), text)
    facets = questions().reader.facets(asked)
    if facets.measures or facets.authors or facets.references or facets.designs or _OF_EVIDENCE.search(asked):
        return True
    return bool(questions().absent_subjects(text))
