"""Lists: the studies of one design, the options for a group of patients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from knowledge.models.statements import StudyDesign
from knowledge.questions.profiles import FIELD, SPECIAL, TEXT, Profile, Profiles
from knowledge.questions.reading import Reading

_LONGEST = 8
_FEW = 2
"""A statement on more therapies than this is no answer for each of them."""
_MOST_OF_WORK = 5
_NO_RESULTS = frozenset({"background", "definition", "limitation"})
_WHICH, _STUDIES = frozenset({"which", "what"}), frozenset({"study", "trial", "paper", "work", "one"})
_OPTION_WORDS = frozenset({"option", "therapy", "treatment", "choice", "everything", "offer", "approach", "modality"})
_OPTIONS_CHINESE = ("治疗", "方案", "选择", "疗法", "办法", "手段")


def studies_of_design(reading: Reading, profiles: Profiles) -> tuple[Profile, ...]:
    """One statement for each cited work of the designs asked for; empty if the question asks for no such list."""
    asked = "list" in reading.signals or (_WHICH.intersection(reading.pieces) and _STUDIES.intersection(reading.pieces))
    if not asked or not reading.facets.designs or reading.facets.has_subject:
        return ()
    found = [
        profile
        for profile in profiles.all
        if any(profiles.weight(design, profile) >= _least(design) for design in reading.facets.designs)
    ]
    return _one_for_each_work(found)


def _least(design: str) -> float:
    """How directly a statement must speak of a design: "no randomised comparison" is not a randomised trial."""
    return SPECIAL * FIELD if design in get_args(StudyDesign) else TEXT


def results_of_work(reading: Reading, profiles: Profiles) -> tuple[Profile, ...]:
    """What a work found, results first; empty unless its findings as a whole are asked for."""
    facets = reading.facets
    named = facets.references or facets.authors
    narrowed = facets.therapies or facets.measures or facets.biomarkers or facets.drugs or facets.aspects
    if "content" not in reading.signals or not named or narrowed or set(facets.kinds) - {"definition"}:
        return ()
    found = [
        profile
        for profile in profiles.all
        if (not facets.references or profile.references.intersection(facets.references))
        and (not facets.authors or profile.authors.intersection(facets.authors))
    ]
    found.sort(key=lambda profile: (profile.statement.kind in _NO_RESULTS, not profile.statement.results))
    return tuple(found[:_MOST_OF_WORK])


def options_for(reading: Reading, profiles: Profiles, ranked: Sequence[Profile]) -> tuple[Profile, ...]:
    """What the review offers a group of patients, one statement a therapy; empty if no such list is asked for."""
    populations = reading.facets.populations
    asked = _OPTION_WORDS.intersection(reading.pieces) or any(word in reading.text for word in _OPTIONS_CHINESE)
    listed = "list" in reading.signals or reading.bare or "option" in reading.pieces
    if not (listed and populations and asked) or reading.facets.measures or reading.facets.therapies:
        return ()
    chosen: list[Profile] = []
    covered: set[str] = set()
    for profile in ranked:
        statement = profile.statement
        fits = statement.kind in {"indication", "recommendation"} and set(statement.therapies) - covered
        if fits and all(profiles.weight(p, profile) > 0 for p in populations):
            chosen.append(profile)
            covered.update(statement.therapies if len(statement.therapies) <= _FEW else ())
    return tuple(chosen[:_LONGEST])


def _one_for_each_work(found: Sequence[Profile]) -> tuple[Profile, ...]:
    chosen: list[Profile] = []
    seen: set[int] = set()
    for profile in found:
        if profile.references - seen:
            chosen.append(profile)
            seen |= profile.references
    return tuple(chosen)
