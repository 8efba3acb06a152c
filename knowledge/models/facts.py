"""The facts of a patient that decide about treatment."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from knowledge.models.base import Bilingual, Model, Sentence

FactValue = str | int | float | bool
"""A known value of any fact. Unknown is `None` and never a value."""

Resectability = Literal["resectable", "potentially_resectable", "unresectable"]
SurgicalRisk = Literal["acceptable", "high"]
LiverReserve = Literal["adequate", "inadequate"]
Onset = Literal["synchronous", "metachronous"]
ExtrahepaticDisease = Literal["none", "lung_only", "other"]
ChemotherapyStatus = Literal["none", "responding", "progressed"]
ResectionStatus = Literal["not_resected", "resected", "recurred"]
GeneStatus = Literal["wild_type", "mutant"]
EnzymeActivity = Literal["normal", "reduced"]
CtdnaStatus = Literal["negative", "positive"]


def _only_numbers(value: object) -> object:
    """`true` is not the number 1 and `"3"` is not the number 3, though Pydantic would take both."""
    if isinstance(value, bool | str):
        raise ValueError("a number is expected")  # noqa: TRY004 - Pydantic reports ValueError
    return value


Number = BeforeValidator(_only_numbers)


class PatientFacts(Model):
    """What is known of the patient's liver metastases now; everything may be unknown (`None`).

    The upper limits are plausibility limits: a value above them is a slip of the pen, not a patient.
    """

    resectability: Resectability | None = None
    surgical_risk: SurgicalRisk | None = None
    liver_reserve: LiverReserve | None = None
    onset: Onset | None = None
    lesion_count: Annotated[int, Field(ge=1, le=200), Number] | None = None
    largest_lesion_cm: Annotated[float, Field(gt=0, le=40, allow_inf_nan=False), Number] | None = None
    extrahepatic_disease: ExtrahepaticDisease | None = None
    chemotherapy_status: ChemotherapyStatus | None = None
    resection_status: ResectionStatus | None = None
    local_therapy_failed: Annotated[bool, Field(strict=True)] | None = None
    ras: GeneStatus | None = None
    braf: GeneStatus | None = None
    tp53: GeneStatus | None = None
    ugt1a1: EnzymeActivity | None = None
    cea_ng_ml: Annotated[float, Field(ge=0, le=200_000, allow_inf_nan=False), Number] | None = None
    ctdna_after_chemotherapy: CtdnaStatus | None = None
    apri: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False), Number] | None = None
    meld: Annotated[float, Field(ge=-20, le=60, allow_inf_nan=False), Number] | None = None

    def known(self) -> dict[str, FactValue]:
        """The facts that have a value, in the order of the fields."""
        return {name: value for name in FACT_IDS if (value := getattr(self, name)) is not None}

    def with_facts(self, changes: dict[str, FactValue | None]) -> PatientFacts:
        """A checked copy with some facts set, or made unknown by `None`.

        Raises:
            pydantic.ValidationError: a value is none of the fact's.
        """
        return PatientFacts.model_validate({**self.known(), **changes})


FACT_IDS: tuple[str, ...] = tuple(PatientFacts.model_fields)


def is_value(fact: str, value: object) -> bool:
    """Whether `value` is allowed for `fact` (and is a value: unknown is none)."""
    try:
        return getattr(PatientFacts.model_validate({fact: value}), fact) is not None
    except ValidationError:
        return False


class FactChoice(Model):
    """One value a clinician can choose: its label on a button and its short form in a summary."""

    value: str | bool
    label: Bilingual
    short: Bilingual


class FactDefinition(Model):
    """How a fact is spoken of: its label, the question that asks for it, and why it matters.

    Attributes:
        id: the contract's fact id.
        label, question, why: for a list, a question to the clinician, and an answer to "why do you ask".
        choices: the possible answers in the order of their numbers; empty for a number.
        short: for a number, how it is shown, with `{value}`; a choice has its own.
        suggestions: numbers to offer as buttons.
        statements: what the review says that makes the fact matter.
    """

    id: str
    label: Bilingual
    question: Bilingual
    why: Bilingual
    choices: tuple[FactChoice, ...] = ()
    short: Bilingual | None = None
    suggestions: tuple[int, ...] = ()
    statements: tuple[Sentence, ...] = ()

    @model_validator(mode="after")
    def _choices_or_a_number(self) -> FactDefinition:
        if bool(self.choices) == bool(self.short):
            raise ValueError("give either `choices` or, for a number, `short` with {value}")
        return self


def literal_values(fact: str) -> tuple[str, ...]:
    """The allowed words of a fact in the order of the contract; empty for numbers and booleans."""
    annotation = PatientFacts.model_fields[fact].annotation
    for part in get_args(annotation):
        words = get_args(part)
        if words and all(isinstance(word, str) for word in words):
            return tuple(words)
    return ()
