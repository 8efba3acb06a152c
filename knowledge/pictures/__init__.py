"""Pictures drawn from the knowledge base: what one rather looks at than reads.

Each module draws one picture as a value (`model.Picture`): title, alternative text, citations, editor's notes, the
table behind it, and marks. `svg` and `png` write the same marks; every figure in them comes from a statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.facts import PatientFacts
from knowledge.pictures import ablation_timing, dose, evidence, pathway, survival
from knowledge.pictures.model import Picture

PATHWAY = pathway.NAME

_DRAWN: Mapping[str, Callable[[Knowledge, Lang], Picture]] = MappingProxyType(
    {
        survival.NAME: survival.draw,
        ablation_timing.NAME: ablation_timing.draw,
        dose.NAME: dose.draw,
        pathway.NAME: pathway.draw,
        evidence.NAME: evidence.draw,
    }
)
NAMES: tuple[str, ...] = tuple(_DRAWN)
"""The pictures there are, in the order in which they are listed."""

_STUDIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        survival.NAME: tuple(series.statement for series in survival.SERIES),
        ablation_timing.NAME: ablation_timing.COMPARED,
        dose.NAME: dose.DRAWN,
    }
)
"""The pictures of one study each, with the statements whose figures they show."""


def draw(kb: Knowledge, name: str, lang: Lang, facts: PatientFacts | None = None) -> Picture:
    """One picture; with `facts`, which only the pathway takes, a patient's place in it.

    Raises:
        KeyError: there is no such picture.
        ValueError: facts are given for a picture that takes none.
    """
    if facts is None:
        return _DRAWN[name](kb, lang)
    if name != PATHWAY:
        raise ValueError(f"{name} takes no facts")
    return pathway.draw(kb, lang, facts)


def illustration(statements: Sequence[str]) -> str | None:
    """The picture that goes with an answer: the one that shows the figures of its first statement, if there is one.

    What follows the first statement stands further from the question, and the overviews go with no single answer.
    """
    return next((name for name, drawn in _STUDIES.items() if statements[:1] and statements[0] in drawn), None)


def listed(kb: Knowledge, lang: Lang, therapy: str | None = None) -> tuple[Picture, ...]:
    """All pictures, or those that speak of a therapy."""
    pictures = (draw(kb, name, lang) for name in NAMES)
    return tuple(picture for picture in pictures if therapy is None or therapy in picture.therapies)
