"""How many statements an answer needs: usually one, more where the question spans them."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.questions.profiles import Profile, Profiles
from knowledge.questions.ranking import Ranked
from knowledge.questions.reading import Reading

_MOST = 4
_AS_GOOD = 0.06
_AS_GOOD_WHEN_BARE = 0.25
"""Statements this close to the best one answer the question as well: closer where its wording tells them apart."""


def choose(reading: Reading, ranked: Sequence[Ranked], profiles: Profiles) -> tuple[Profile, ...]:
    """The best statement, those that answer as well, and those for parts of the question still open."""
    best = ranked[0]
    chosen = [best.profile]
    open_ = [c for c in _parts(reading) if profiles.weight(c, best.profile) == 0]
    for item in ranked[1:]:
        if len(chosen) >= _MOST:
            break
        covers = [c for c in open_ if profiles.weight(c, item.profile) > 0.4]
        behind = best.score - item.score
        unexplained = reading.bare and item.facets > best.facets - 0.02
        if covers or behind < (_AS_GOOD_WHEN_BARE if unexplained else _AS_GOOD):
            chosen.append(item.profile)
            open_ = [c for c in open_ if c not in covers]
    return tuple(chosen)


def _parts(reading: Reading) -> tuple[str, ...]:
    return (*reading.facets.measures, *reading.facets.kinds)
