"""Names that works go by: authors and trials the review cites, and those a question takes for granted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from knowledge.loading import Knowledge
from knowledge.questions.tokens import cut

_AUTHOR_ENGLISH = re.compile(
    r"\b([A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)(?: [A-Z]{1,3})?(?:,)?\s+(?:et al|and colleagues|and co-?workers|and team)"
)
_AUTHOR_POSSESSIVE = re.compile(
    r"\b([A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)(?:'s|’s)\s+(?:study|trial|paper|work|team|group|series|data|results)"
)
_AUTHOR_CHINESE = re.compile(
    r"([A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)(?: [A-Z]{1,3})?\s*(?:等|团队|及其|教授|的研究|的试验)"
)
_BETWEEN_AUTHORS = re.compile(r"\(.*?\)|,|;|、|和|&|\band\b|\bet al\.?|\bteam\b|等")
_HARMLESS_NAMES = frozenset({"What", "The", "This", "That", "Their", "It", "Which", "Who", "Whose", "Let"})


def names_of_works(kb: Knowledge) -> dict[str, tuple[int, ...]]:
    """Family names of authors and acronyms of trials, with the reference numbers they stand for."""
    names: dict[str, list[int]] = {}
    for reference in kb.references.values():
        for name in _family_names(reference.named or ""):
            names.setdefault(name, []).append(reference.number)
        if reference.trial:
            names.setdefault(reference.trial, []).append(reference.number)
    for statement in kb.statements.values():
        for author in statement.authors:
            for name in _family_names(author):
                numbers = names.setdefault(name, [])
                numbers.extend(n for n in statement.citations if n not in numbers)
    return {name: tuple(numbers) for name, numbers in names.items()}


def _family_names(named: str) -> Iterator[str]:
    """Family names in a list of authors such as `Raphael MJ, Karanicolas PJ`."""
    for author in _BETWEEN_AUTHORS.split(named):
        words = [word for word in author.split() if not re.fullmatch(r"[A-Z]{1,3}\.?", word)]
        if words:
            yield " ".join(words)
            if len(words) > 1:
                yield words[-1]


def strange_authors(text: str, known_words: Set[str]) -> tuple[str, ...]:
    """Names in a text that look like authors and are not among the known words."""
    found: list[str] = []
    for pattern in (_AUTHOR_ENGLISH, _AUTHOR_POSSESSIVE, _AUTHOR_CHINESE):
        for name in pattern.findall(text):
            known = any(piece in known_words for piece in cut(name))
            if not known and name not in _HARMLESS_NAMES and name not in found:
                found.append(name)
    return tuple(found)
