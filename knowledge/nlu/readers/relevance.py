"""Whether a number speaks of the liver metastases, and whether a later one replaces it."""

from __future__ import annotations

import re

from knowledge.nlu.context import Context
from knowledge.nlu.readers.mention import token_at

LESION = r"(?:lesions?|metastas[ei]s|mets?|nodules?|tumou?rs?|deposits?|foci|masses)\b"
"""English words for a lesion, as a pattern."""

_METASTASES = re.compile(rf"转移|{LESION}", re.I)


def relevant(context: Context, character: int, *, size: bool = False) -> bool:
    """Whether a number speaks of liver metastases: the last organ named before it in the sentence decides.

    A primary tumour has a size but no number, so "rectal cancer, 3 metastases" counts metastases.
    """
    doc = context.doc
    index = token_at(context, character)
    first, _ = context.sentence(index)
    _, clause_end = context.clause(index)
    before = [t for t in doc.between(first, index) if t.any("organ")]
    behind = next((t for t in doc.between(index, clause_end) if t.any("organ")), None)
    clause_first, _ = context.clause(index)
    if before and (before[-1].start >= clause_first or behind is None):
        organ = before[-1].kind("organ")
    elif behind is not None:
        organ = behind.kind("organ")
    else:
        return True
    if organ == "primary":
        words = doc.source.text[doc.tokens[before[-1].start].start if before else 0 : doc.tokens[clause_end - 1].end]
        return bool(_METASTASES.search(words)) if size else True
    return organ in ("liver", "extrahepatic", None) or organ not in ("lung", "other_site", "elsewhere")


def corrected(context: Context, start: int, end: int) -> bool:
    """Whether a word of correction stands between two places of the normalised text."""
    return any(start <= context.doc.tokens[term.start].start <= end for term in context.corrects)
