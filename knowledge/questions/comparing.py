"""Sets two or more therapies side by side, with the review's own statements and no ranking of our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.models.questions import Facets
from knowledge.models.statements import StatementKind
from knowledge.questions.profiles import FIELD, TEXT, Profile, Profiles
from knowledge.questions.reading import Reading

_ORDER: tuple[StatementKind, ...] = (
    "recommendation", "indication", "outcome", "association", "risk", "limitation", "definition", "background"
)  # fmt: skip
_FOR_EACH = 4
_DIRECT = 4
_EXACT = frozenset({"number", "length", "p_value", "regimen"})
"""Signals of a question for one figure or one detail."""


def compared(reading: Reading, contract: Iterable[str]) -> tuple[str, ...]:
    """The therapies that are to be compared; empty where the question compares none."""
    if "compare" not in reading.signals:
        return ()
    named = [therapy for therapy in reading.facets.therapies if therapy in set(contract)]
    regimens = {"triplet", "doublet", "folfox"} & set(reading.facets.drugs)
    if len(regimens) > 1:
        return ()
    return tuple(named) if len(named) > 1 else ()


def comparable(therapies: Sequence[str], facets: Facets, profiles: Profiles) -> list[Profile]:
    """The statements on any of the therapies; where a measure or a design is asked for, only those on it."""
    measures = _measures(facets, profiles)
    fitting = [p for p in profiles.all if any(_about(p, therapy, profiles) for therapy in therapies)]
    if measures:
        fitting = [p for p in fitting if any(profiles.weight(measure, p) > 0 for measure in measures)]
    if facets.designs:
        fitting = [p for p in fitting if any(profiles.weight(design, p) >= TEXT for design in facets.designs)]
    return fitting


def side_by_side(
    therapies: Sequence[str], facets: Facets, profiles: Profiles, fitting: Sequence[Profile]
) -> tuple[Profile, ...]:
    """Statements that compare the therapies, then what the review says of each.

    Args:
        therapies: those that are compared.
        facets: what else is asked.
        profiles: of all statements.
        fitting: those that can be compared, in the order of relevance.
    """
    direct = [p for p in fitting if sum(_about(p, therapy, profiles) for therapy in therapies) > 1][:_DIRECT]
    if facets.designs or (direct and _measures(facets, profiles)):
        return tuple(direct)
    chosen = list(direct)
    for therapy in therapies:
        own = [p for p in fitting if _about(p, therapy, profiles) and p not in chosen]
        own.sort(key=lambda p: (_ORDER.index(p.statement.kind), not p.statement.results))
        chosen.extend(_spread(own))
    return tuple(chosen)


def _measures(facets: Facets, profiles: Profiles) -> list[str]:
    return [measure for measure in facets.measures if profiles.concepts[measure].is_required]


def _about(profile: Profile, therapy: str, profiles: Profiles) -> bool:
    return any(profile.weights.get(id_, 0.0) >= FIELD for id_ in profiles.members(therapy))


def _spread(own: Sequence[Profile]) -> list[Profile]:
    """At most a few statements, of different kinds as far as possible."""
    chosen: list[Profile] = []
    for limit in (1, 2, 3):
        for profile in own:
            of_kind = sum(1 for other in chosen if other.statement.kind == profile.statement.kind)
            if len(chosen) < _FOR_EACH and profile not in chosen and of_kind < limit:
                chosen.append(profile)
    return sorted(chosen, key=own.index)


def insists(reading: Reading) -> bool:
    """Whether one work or one figure is asked for, which a comparison of therapies would not give."""
    facets = reading.facets
    return bool(facets.authors or facets.references or facets.times or _EXACT.intersection(reading.signals))
