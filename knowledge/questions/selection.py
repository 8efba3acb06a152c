"""Which statements speak of everything a question insists on, and what is lacking where none does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.models.base import Bilingual
from knowledge.models.questions import Absence, Facets, MissingPart
from knowledge.questions.given import GIVEN, TIMED, members_of
from knowledge.questions.profiles import Profile, Profiles
from knowledge.questions.reading import Reading
from knowledge.questions.vocabulary import time_name

Part = Literal[
    "references",
    "authors",
    "therapies",
    "drugs",
    "biomarkers",
    "populations",
    "kinds",
    "aspects",
    "measures",
    "time",
    "figure",
    "length",
    "p_value",
    "regimen",
    "margin",
]
_CONCEPT_PARTS: tuple[Part, ...] = (
    "therapies", "drugs", "biomarkers", "populations", "kinds", "aspects", "measures"
)  # fmt: skip
_GIVE_UP: tuple[Part, ...] = (
    "time", "p_value", "regimen", "margin", "length", "figure", *reversed(_CONCEPT_PARTS), "authors", "references",
)  # fmt: skip
"""What is given up first to see what the review has instead."""

_FIGURES: tuple[Part, ...] = ("figure", "length", "p_value", "regimen", "margin")
_MISSING: Mapping[Part, MissingPart] = {
    "measures": "measure", "authors": "author", "references": "cited", **dict.fromkeys(_FIGURES, "figure")
}  # fmt: skip
"""What is said to be missing."""

_CHEMOTHERAPY = frozenset({"chemotherapy", "systemic_chemotherapy"})


@dataclass(frozen=True)
class Selection:
    """Statements that can answer, or what is lacking and the statements that come nearest."""

    profiles: tuple[Profile, ...]
    absence: Absence | None = None


def select(reading: Reading, profiles: Profiles) -> Selection:
    """The statements that speak of everything the question insists on.

    Where there are none, `absence` says what has no answer and `profiles` are those that have the rest.
    """
    parts = _insisted(reading, profiles)
    found = _matching(parts, reading, profiles)
    if not found and _may_mention(parts):
        found = _matching(parts, reading, profiles, mentioned=True)
    if found:
        return Selection(found)
    for gone in _GIVE_UP:
        if gone not in parts:
            continue
        rest = _matching([part for part in parts if part != gone], reading, profiles)
        if rest:
            return Selection(rest, _absence(gone, reading, rest, profiles))
    return Selection((), Absence(part="combination", named=_names(reading.facets.concepts, profiles)))


def _may_mention(parts: Sequence[Part]) -> bool:
    """Whether a statement that mentions the therapy in passing can answer: not for results of the therapy."""
    if {"time", "figure"}.intersection(parts):
        return False
    return "measures" not in parts or bool({"biomarkers", "drugs", "authors", "references"}.intersection(parts))


def _insisted(reading: Reading, profiles: Profiles) -> list[Part]:
    facets = reading.facets
    parts: list[Part] = [part for part in ("references", "authors") if getattr(facets, part)]
    parts.extend(part for part in _CONCEPT_PARTS if _required(part, facets, profiles))
    if facets.times and "follow_up" not in facets.measures:
        parts.append("time")
    if "number" in reading.signals and "cause_of_death" not in facets.aspects:  # the second is a rank
        parts.append("figure")
    if "length" in reading.signals and TIMED.intersection(facets.measures):
        parts.append("length")
    if "p_value" in reading.signals:
        parts.append("p_value")
    if "ablation_margin" in facets.measures and facets.numbers:
        parts.append("margin")
    if "regimen" in reading.signals and (facets.authors or facets.references or facets.therapies):
        parts.append("regimen")
    return parts


def _required(part: Part, facets: Facets, profiles: Profiles) -> tuple[str, ...]:
    return tuple(id_ for id_ in getattr(facets, part) if profiles.concepts[id_].is_required)


def _matching(
    parts: Sequence[Part], reading: Reading, profiles: Profiles, *, mentioned: bool = False
) -> tuple[Profile, ...]:
    """The statements that speak of all parts; of the therapy in passing only if it may be merely `mentioned`."""
    found: Sequence[Profile] = profiles.all
    for part in parts:
        if part == "therapies" and not mentioned:
            on = [profiles.about(id_, exactly="measures" in parts) for id_ in meant(reading.facets.therapies)]
            # a figure of a comparison is one of both
            wanted = frozenset.intersection(*on) if "compare" in reading.signals else frozenset().union(*on)
            found = [p for p in found if p.statement.id in wanted]
        else:
            found = [p for p in found if _speaks_of(part, p, reading, profiles)]
    return tuple(found)


def meant(therapies: Sequence[str]) -> Sequence[str]:
    """The therapies without the chemotherapy that is only named as what one of them is joined with."""
    others = [id_ for id_ in therapies if id_ not in _CHEMOTHERAPY]
    return others or therapies


def _speaks_of(part: Part, profile: Profile, reading: Reading, profiles: Profiles) -> bool:
    facets = reading.facets
    if part == "references":
        return bool(profile.references.intersection(facets.references))
    if part == "authors":
        return bool(profile.authors.intersection(facets.authors))
    if part in GIVEN:
        return GIVEN[part](profile, reading, profiles)
    named = all if part == "aspects" else any  # quality of life of upfront and delayed ablation is both
    return named(profiles.weight(id_, profile) > 0 for id_ in _required(part, facets, profiles))


def _absence(gone: Part, reading: Reading, rest: Iterable[Profile], profiles: Profiles) -> Absence:
    facets = reading.facets
    if gone == "time":
        members = members_of(facets.measures, profiles) & _all_measures(rest) or set()
        times = sorted(
            {time for profile in rest for time in profile.result_times(members)}, key=lambda t: (t.unit, t.value)
        )
        return Absence(
            part="time",
            named=tuple(time_name(time.value, time.unit) for time in facets.times),
            available=tuple(time_name(time.value, time.unit) for time in times),
        )
    part: MissingPart = _MISSING.get(gone, "combination")
    named = facets.measures if gone in _FIGURES else getattr(facets, gone)
    return Absence(part=part, named=_names(named, profiles), available=())


def _all_measures(rest: Iterable[Profile]) -> set[str]:
    return {result.measure for profile in rest for result in profile.statement.results}


def _names(ids: Iterable[str | int], profiles: Profiles) -> tuple[Bilingual, ...]:
    names = []
    for id_ in ids:
        concept = profiles.concepts.get(str(id_))
        names.append(concept.name if concept else Bilingual(zh=str(id_), en=str(id_)))
    return tuple(names)
