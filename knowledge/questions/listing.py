"""Lists: the studies of one design, the options for a group of patients."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.questions.profiles import TEXT, Profile, Profiles
from knowledge.questions.reading import Reading

_LONGEST = 8
_OPTION_WORDS = frozenset({"option", "therapy", "treatment", "choice"})
_OPTIONS_CHINESE = ("治疗", "方案", "选择", "疗法")


def studies_of_design(reading: Reading, profiles: Profiles) -> tuple[Profile, ...]:
    """One statement for each cited work of the designs asked for; empty if the question asks for no such list."""
    if "list" not in reading.signals or not reading.facets.designs or reading.facets.has_subject:
        return ()
    found = [
        profile
        for profile in profiles.all
        if any(profiles.weight(design, profile) >= TEXT for design in reading.facets.designs)
    ]
    return _one_for_each_work(found)


def options_for(reading: Reading, profiles: Profiles, ranked: Sequence[Profile]) -> tuple[Profile, ...]:
    """What the review offers a group of patients, one statement a therapy; empty if no such list is asked for."""
    populations = reading.facets.populations
    asked = _OPTION_WORDS.intersection(reading.pieces) or any(word in reading.text for word in _OPTIONS_CHINESE)
    if "list" not in reading.signals or not populations or not asked or reading.facets.measures:
        return ()
    chosen: list[Profile] = []
    covered: set[str] = set()
    for profile in ranked:
        statement = profile.statement
        fits = statement.kind in {"indication", "recommendation"} and set(statement.therapies) - covered
        if fits and all(profiles.weight(p, profile) > 0 for p in populations):
            chosen.append(profile)
            covered.update(statement.therapies)
    return tuple(chosen[:_LONGEST])


def _one_for_each_work(found: Sequence[Profile]) -> tuple[Profile, ...]:
    chosen: list[Profile] = []
    seen: set[int] = set()
    for profile in found:
        if profile.references - seen:
            chosen.append(profile)
            seen |= profile.references
    return tuple(chosen)
