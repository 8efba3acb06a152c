"""When an answer is sure enough to be given, and whether a question is about this disease at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from knowledge.questions.given import TIMED
from knowledge.questions.ranking import Ranked
from knowledge.questions.readability import says_something
from knowledge.questions.reading import Reading
from knowledge.questions.tokens import is_chinese, plain

_DISEASE = re.compile(
    r"综述|review|转移|结直肠|肠癌|肿瘤|癌|肝|病灶|crlm|crc|colorectal|liver|hepatic|metasta|tumou?r|cancer|\bmets\b"
    r"|lesion|oncolog|\bgy\b"
)
_LIVER = re.compile(r"(?<![甲乙丙丁戊])肝(?!炎)|结直肠|肠癌|crlm|colorectal|liver|hepatic")
"""Not the hepatitis of 乙肝."""
_METASTASES = re.compile("转移|metasta")
_TREATMENT = re.compile(r"手术|术后|术前|切除|化疗|放疗|surg|resect|chemo|radiother|oncolog")

_CLINICAL_MEASURES = TIMED | {"response_rate", "complications"}
"""What medicine asks for, whether or not it is said of what ("ten-year survival?")."""
_ALSO_OF_OTHERS = frozenset({"hepatectomy", "chemotherapy", "systemic_chemotherapy", "adjuvant_treatment"})
"""Therapies that "surgery" or "chemotherapy" alone are read as; other diseases are treated so too."""

_WORDS, _FACETS = 0.85, 0.42
_EACH_MATCH = 0.08
"""What every further part of the question adds that the statement speaks of."""
_QUOTED = 0.3
"""What a figure adds that the question quotes from the statement."""
_SURE = 0.82
"""Nearness in meaning, with shared words and facets, that tells answered from unanswered questions."""
_SURE_OF_MEDICINE = 1.05
"""The same for questions that name only treatment or what is measured of it."""
_SURE_WITHOUT_SUBJECT = 1.25
"""The same for questions that name nothing of this disease or its treatment."""
_LARGEST_COMMON = 31
_SEVERAL = 3
_STRANGE_WORD, _STRANGE_RUN, _STRANGE_NUMBER = 0.4, 0.25, 0.2
"""What an unfamiliar word, run of Chinese characters or number takes away: it may be the point of the question."""
_SMALL = 10
"""Numbers below are sizes and counts of a patient; no statement needs to give them."""


def is_sure(reading: Reading, ranked: Sequence[Ranked], known_numbers: frozenset[float]) -> bool:
    """Whether the best statement answers the question.

    Args:
        reading: the question.
        ranked: the statements that can answer it, best first.
        known_numbers: the figures that any statement gives.
    """
    if not ranked:
        return False
    best = ranked[0]
    quotes = quoted(reading, best.profile.numbers)
    evidence = best.meaning + _WORDS * best.words + _FACETS * best.facets
    evidence += _EACH_MATCH * max(0, best.matches - 1) + (_QUOTED if quotes else 0.0)
    if quotes or is_about_this(reading):
        least = _SURE
    else:
        least = _SURE_OF_MEDICINE if is_clinical(reading) else _SURE_WITHOUT_SUBJECT
    return evidence - _doubt(reading, known_numbers) >= least


def _doubt(reading: Reading, known_numbers: frozenset[float]) -> float:
    """What the unfamiliar words and numbers take away; more if nothing else says what is asked about the subject."""
    facets = reading.facets
    matter = facets.measures or facets.kinds or facets.aspects or facets.designs or facets.numbers
    words = sum(_STRANGE_RUN if is_chinese(word[0]) else _STRANGE_WORD for word in reading.strangers)
    strange = sum(1 for number in facets.numbers if number >= _SMALL and number not in known_numbers)
    return words * (1 if matter else 2) + strange * _STRANGE_NUMBER


def quoted(reading: Reading, numbers: Collection[float]) -> bool:
    """Whether the question quotes one of these figures, and not just any small number."""
    shared = {*reading.facets.numbers, *(time.value for time in reading.facets.times)}.intersection(numbers)
    return any(number > _LARGEST_COMMON or number != int(number) for number in shared)


def is_about_this(reading: Reading) -> bool:
    """Whether the question is on this disease or its treatment, answered by the review or not."""
    named = reading.specific or reading.facets.authors or reading.facets.references
    return bool(named) or _DISEASE.search(plain(reading.text)) is not None


def names_liver(reading: Reading) -> bool:
    """Whether the liver or colorectal cancer is named."""
    return _LIVER.search(plain(reading.text)) is not None


def names_disease(reading: Reading) -> bool:
    """Whether the disease, or a therapy, drug, marker or work that the review deals with, is named."""
    facets = reading.facets
    therapies = set(facets.therapies) - _ALSO_OF_OTHERS
    named = therapies or facets.drugs or facets.biomarkers or facets.authors or facets.references
    return bool(named) or names_liver(reading) or _METASTASES.search(plain(reading.text)) is not None


def says_enough(reading: Reading) -> bool:
    """Whether a message says enough to tell what it wants, though not a word of it may be known."""
    return says_something(reading.pieces) and (reading.familiar or len(reading.strangers) >= _SEVERAL)


def is_clinical(reading: Reading) -> bool:
    """Whether the question may be on the treatment of this disease though it does not name it."""
    measured = not _CLINICAL_MEASURES.isdisjoint(reading.facets.measures)
    return is_about_this(reading) or measured or _TREATMENT.search(plain(reading.text)) is not None
