"""When an answer is sure enough to be given, and whether a question is about this disease at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.questions.ranking import Ranked
from knowledge.questions.reading import Reading
from knowledge.questions.tokens import is_chinese, plain

_DISEASE = re.compile(
    r"综述|review|转移|结直肠|肠癌|肿瘤|癌|肝|病灶|crlm|crc|colorectal|liver|hepatic|metasta|tumou?r|cancer|\bmets\b|lesion|oncolog"
)


_WORDS, _FACETS = 0.85, 0.42
_SURE = 0.82
"""Nearness in meaning, with shared words and facets, that tells answered from unanswered questions."""
_SURE_WITHOUT_SUBJECT = 1.25
"""The same for questions that name nothing of this disease."""
_LARGEST_COMMON = 31
_STRANGE_WORD, _STRANGE_RUN = 0.4, 0.25
"""What one unfamiliar Latin word, or run of Chinese characters, takes away: it may be the point of the question."""


def is_sure(reading: Reading, ranked: Sequence[Ranked]) -> bool:
    """Whether the best statement answers the question."""
    if not ranked:
        return False
    best = ranked[0]
    facets = reading.facets
    only_subject = not (facets.measures or facets.kinds or facets.aspects or facets.designs or facets.numbers)
    doubt = (2 if only_subject else 1) * sum(
        _STRANGE_RUN if is_chinese(word[0]) else _STRANGE_WORD for word in reading.strangers
    )
    least = _SURE if is_about_this(reading) or _quotes(reading, best) else _SURE_WITHOUT_SUBJECT
    return best.meaning + _WORDS * best.words + _FACETS * best.facets - doubt >= least


def _quotes(reading: Reading, best: Ranked) -> bool:
    """Whether the question quotes a figure of the statement that is not just any small number."""
    quoted = {*reading.facets.numbers, *(time.value for time in reading.facets.times)}
    shared = best.profile.numbers.intersection(quoted)
    return any(number > _LARGEST_COMMON or number != int(number) for number in shared)


def is_about_this(reading: Reading) -> bool:
    """Whether the question is on this disease or its treatment, answered by the review or not."""
    named = reading.specific or reading.facets.authors or reading.facets.references
    return bool(named) or _DISEASE.search(plain(reading.text)) is not None
