"""Whether a statement gives the figure or the detail that a question asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from knowledge.models.questions import Concept, Facets
from knowledge.models.statements import TimePoint
from knowledge.questions.profiles import TEXT, Profile, Profiles
from knowledge.questions.reading import Reading

TIMED = frozenset(
    {"survival", "overall_survival", "disease_free_survival", "progression_free_survival", "recurrence_free_survival",
     "local_progression_free_survival", "local_control", "recurrence", "local_recurrence", "mortality", "cure_rate"}
)  # fmt: skip
"""Measures that have a value for each time point."""
_FRACTION = "分之"
"""A share that a statement gives in words (三分之一)."""


def _time(profile: Profile, reading: Reading, profiles: Profiles) -> bool:
    return any(_has_time(time, profile, reading.facets, profiles) for time in reading.facets.times)


def _has_time(time: TimePoint, profile: Profile, facets: Facets, profiles: Profiles) -> bool:
    """Whether it has a result at that time; a time of another sort (`2-3 months`) may stand in its words."""
    timed = TIMED.intersection(facets.measures)
    if timed:
        members = members_of(timed, profiles)
        return time in profile.result_times(members) or time.value in profile.spans(members, time.unit)
    return time in profile.times or time.value in profile.numbers


def _length(profile: Profile, reading: Reading, profiles: Profiles) -> bool:
    """A length of time for the measure."""
    wanted = members_of(reading.facets.measures, profiles)
    return any(r.unit in ("month", "year") and r.measure in wanted for r in profile.statement.results)


def _p_value(profile: Profile, _reading: Reading, _profiles: Profiles) -> bool:
    return any(result.p for result in profile.statement.results)


def _figure(profile: Profile, reading: Reading, profiles: Profiles) -> bool:
    """A figure for the measure; a median or mean where that is asked for."""
    facets = reading.facets
    if _counts_lesions_of_work(facets):
        others = members_of([id_ for id_ in facets.measures if id_ != "lesion_number"], profiles)
        counted = (r for r in profile.statement.results if r.count is not None)
        return profile.statement.n_lesions is not None or any(not others or r.measure in others for r in counted)
    if "lesion_number" in facets.measures and profile.has_figure({"lesion_number"}, average=False):
        return True
    average = "average" in reading.signals
    measured = [id_ for id_ in facets.measures if average or _has_figures(profiles.concepts[id_])]
    if not measured and facets.biomarkers and not facets.therapies:  # how many had the mutation
        measured = ["incidence"]
    wanted = members_of(measured, profiles)
    if profile.has_figure(wanted, average=average):
        return True
    in_words = _FRACTION in profile.statement.text.zh
    return not wanted and not average and (in_words or _quoted(profile, reading, profiles))


def _quoted(profile: Profile, reading: Reading, _profiles: Profiles) -> bool:
    """A figure that the question names, such as the margin it asks about."""
    return bool(profile.numbers.intersection(reading.facets.numbers))


def _regimen(profile: Profile, _reading: Reading, profiles: Profiles) -> bool:
    """The drugs that were given."""
    return any(profiles.concepts[id_].group == "drugs" and weight >= TEXT for id_, weight in profile.weights.items())


GIVEN: Mapping[str, Callable[[Profile, Reading, Profiles], bool]] = {
    "time": _time,
    "length": _length,
    "p_value": _p_value,
    "figure": _figure,
    "margin": _quoted,
    "regimen": _regimen,
}
"""How each figure or detail is looked for."""


def _has_figures(concept: Concept) -> bool:
    """Whether a question for the measure wants its figure; "how many" alone may count anything."""
    return concept.is_required or bool(concept.includes)


def _counts_lesions_of_work(facets: Facets) -> bool:
    """Whether the lesions that a work studied are counted, not those of a patient."""
    return "lesion_number" in facets.measures and bool(facets.authors)


def members_of(concepts: Iterable[str], profiles: Profiles) -> set[str]:
    """The concepts and everything they are the general names of."""
    return {member for id_ in concepts for member in profiles.members(id_)}
