"""How many statements an answer needs: usually one, more where the question spans them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.questions.profiles import FIELD, SPECIAL, Profile, Profiles
from knowledge.questions.ranking import Ranked, Ranking
from knowledge.questions.reading import Reading
from knowledge.questions.selection import select

_MOST = 4
_AS_GOOD = 0.06
_AS_GOOD_WHEN_BARE = 0.25
"""Statements this close to the best one answer the question as well: closer where its wording tells them apart."""
_UMBRELLAS = frozenset({"survival", "safety"})
"""Names of several measures: whoever asks for survival as such means disease-free survival, too."""
_LISTED_KINDS = frozenset({"risk", "limitation", "indication"})
"""Kinds of which all statements on a subject are wanted when it is asked for them and nothing else."""


def choose(reading: Reading, ranked: Sequence[Ranked], profiles: Profiles) -> tuple[Profile, ...]:
    """The best statement, those that answer as well, and those for parts of the question still open."""
    best = ranked[0]
    chosen = [best.profile]
    open_ = [c for c in _parts(reading, profiles) if profiles.weight(c, best.profile) < SPECIAL * FIELD]
    for item in ranked[1:]:
        if len(chosen) >= _MOST:
            break
        covers = [c for c in open_ if profiles.weight(c, item.profile) >= SPECIAL * FIELD]
        if covers or _as_good(reading, item, best):
            chosen.append(item.profile)
            open_ = [c for c in open_ if c not in covers]
    return tuple(chosen)


def of_other_measures(
    reading: Reading, chosen: Sequence[Profile], profiles: Profiles, ranking: Ranking
) -> Iterable[Profile]:
    """The best statements of the same works for measures that the chosen ones leave open ("ORR and median OS")."""
    measures = _spelt_out(reading.facets.measures, profiles)
    if len(measures) < 2:
        return
    works = frozenset().union(*(profile.references for profile in chosen))
    for measure in measures:
        if any(profiles.weight(measure, profile) >= SPECIAL * FIELD for profile in chosen):
            continue
        update: dict[str, tuple[str, ...]] = {"measures": (measure,)}
        if reading.facets.authors or reading.facets.references:
            # One measure's therapy is not that of the others: "ORR, and how many were ablated".
            update["therapies"] = ()
        alone = replace(reading, facets=reading.facets.model_copy(update=update))
        same = [p for p in select(alone, profiles).profiles if p.references & works]
        telling = [p for p in same if profiles.weight(measure, p) >= SPECIAL * FIELD]
        yield from (item.profile for item in ranking.rank(alone, telling)[:1])


def _spelt_out(measures: Sequence[str], profiles: Profiles) -> list[str]:
    """The measures, with those that a general name stands for ("does early ablation help survival?")."""
    return [member for id_ in measures for member in (profiles.members(id_) if id_ in _UMBRELLAS else (id_,))]


def _as_good(reading: Reading, item: Ranked, best: Ranked) -> bool:
    wanted = _LISTED_KINDS.intersection(reading.facets.kinds)
    if wanted and not reading.facets.measures and _same_matter(item.profile, best.profile):
        return item.profile.statement.kind in wanted
    shown = {item.profile.statement.id, best.profile.statement.id} <= set(reading.earlier)
    if shown and item.facets >= best.facets:
        return True  # "and the sensitivity?" is asked of both thresholds that were shown
    if not reading.bare or item.facets < best.facets - 0.02:
        return best.score - item.score < _AS_GOOD
    if wanted:
        return item.profile.statement.kind in wanted
    return best.score - item.score < _AS_GOOD_WHEN_BARE


def _same_matter(first: Profile, second: Profile) -> bool:
    """Whether two statements are of one work or, without any work, on one therapy, and of one kind."""
    if first.statement.kind != second.statement.kind:
        return False
    if first.references or second.references:
        return bool(first.references & second.references)
    return bool(set(first.statement.therapies) & set(second.statement.therapies))


def _parts(reading: Reading, profiles: Profiles) -> Iterable[str]:
    """What the question asks for; a general name such as "safety" asks for everything it includes."""
    for concept in (*reading.facets.measures, *reading.facets.kinds):
        yield from profiles.members(concept) if reading.bare else (concept,)
