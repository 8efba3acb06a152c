"""The picture of a patient's place in the treatment pathway in the README."""

from __future__ import annotations

from pathlib import Path

from knowledge import pictures
from knowledge.loading import load_knowledge
from knowledge.models.facts import PatientFacts
from knowledge.pictures.svg import to_svg

PATHWAY = Path(__file__).resolve().parents[2] / "docs" / "pathway.svg"
PATIENT = PatientFacts(
    resectability="unresectable",
    lesion_count=2,
    largest_lesion_cm=2.5,
    extrahepatic_disease="none",
    chemotherapy_status="progressed",
    ras="mutant",
)


def pathway() -> str:
    """The place of a patient in the pathway, as it is drawn today."""
    return to_svg(pictures.draw(load_knowledge(), pictures.PATHWAY, "en", PATIENT), fixed=True)
