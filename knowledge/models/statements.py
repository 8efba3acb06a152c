"""Statements: one checkable claim of the review each, with its place, citations, design and figures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from knowledge.models.base import Bilingual, CitationNumber, Model, Sentence

StatementKind = Literal[
    "outcome",
    "association",
    "indication",
    "recommendation",
    "definition",
    "risk",
    "limitation",
    "background",
    "editor_note",
]

StudyDesign = Literal[
    "retrospective",
    "retrospective_matched",
    "prospective",
    "randomised_trial",
    "trial_protocol",
    "pooled_analysis",
    "narrative_review",
    "small_study",
    "not_stated",
]

Measure = Literal[
    "overall_survival",
    "disease_free_survival",
    "progression_free_survival",
    "recurrence_free_survival",
    "local_progression_free_survival",
    "local_control",
    "response_rate",
    "stable_disease",
    "depth_of_response",
    "metabolic_response",
    "time_to_progression",
    "r0_resection",
    "conversion_to_resection",
    "technical_efficacy",
    "ablation_margin",
    "local_recurrence",
    "recurrence",
    "cure_rate",
    "complications",
    "adverse_events",
    "mortality",
    "tumour_dose",
    "liver_dose",
    "prescribed_dose",
    "follow_up",
    "incidence",
    "sample_size",
    "treatment_duration",
    "lesion_number",
    "lesion_size",
]

Biomarker = Literal["ras", "kras", "braf", "tp53", "sox9", "ugt1a1", "cea", "ctdna", "apri", "meld", "egfr", "vegf"]

Place = Annotated[str, StringConstraints(pattern=r"^[0-6](\.[1-3])?/\d{1,2}$")]
"""Section and paragraph of the review, e.g. `3.2/3`."""

StatementId = Annotated[str, StringConstraints(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*|N\d{1,2})$")]


class TimePoint(Model):
    """When a result was measured."""

    value: Annotated[float, Field(gt=0)]
    unit: Literal["month", "year"]


class Result(Model):
    """One figure: what was measured, in whom, when, and how much.

    `value` is in `unit`; a span is given by `low` and `high` instead of or beside it (a range of observed
    values, or a range the review prints for one value). `relation` says whether the figure is exact or a bound.
    """

    measure: Measure
    arm: Bilingual | None = None
    time: TimePoint | None = None
    relation: Literal["=", "<", "<=", ">", ">=", "about"] = "="
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Literal["%", "month", "year", "Gy", "Gy10", "mm", "cm", "patients", "lesions", "trials", "events"]
    statistic: Literal["median", "mean", "rate", "count", "sensitivity", "specificity", "difference", "threshold"] = (
        "rate"
    )
    count: tuple[int, int] | None = None
    """Numerator and denominator, where the review prints them."""
    p: Sentence | None = None
    """The P value as printed, e.g. `=0.02` or `<0.001`."""

    @model_validator(mode="after")
    def _has_a_figure(self) -> Result:
        if self.value is None and self.low is None and self.high is None:
            raise ValueError("a result needs a value or a range")
        return self


class Questions(Model):
    """Ways a trainee would ask for the statement, in each language."""

    zh: tuple[Sentence, ...] = Field(min_length=2)
    en: tuple[Sentence, ...] = Field(min_length=2)


class Statement(Model):
    """One claim of the review (or one editor's note on it) in our own words.

    Attributes:
        id: stable name, e.g. `srfa-overall-survival`; editor's notes are `N1` to `N14`.
        place: where the review says it, `section/paragraph`.
        citations: the review's reference numbers for this claim; empty where it cites none.
        authors: the study's first author as the review prints the name, e.g. `Schullian`.
        kind: what sort of claim it is.
        therapies: contract ids of the therapies it speaks of.
        biomarkers: the markers it speaks of.
        topics: further lower-case English keywords (snake_case) to find it by, e.g. `epidemiology`.
        design: the study design as the review gives it.
        n: number of patients as the review gives it; `n_lesions` likewise for lesions.
        population: who was studied or is meant.
        results: the figures of the claim, one entry a figure.
        text: the claim in our own words, complete enough to be shown alone (figures with population and design).
        short: the claim in under about 60 Chinese / 130 English characters for a list of options.
        questions: ways to ask for it.
        concerns: for an editor's note, the statements it must be shown with.
    """

    id: StatementId
    place: Place
    citations: tuple[CitationNumber, ...] = ()
    authors: tuple[Sentence, ...] = ()
    kind: StatementKind
    therapies: tuple[str, ...] = ()
    biomarkers: tuple[Biomarker, ...] = ()
    topics: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")], ...] = ()
    design: StudyDesign = "not_stated"
    n: Annotated[int, Field(gt=0)] | None = None
    n_lesions: Annotated[int, Field(gt=0)] | None = None
    population: Bilingual | None = None
    results: tuple[Result, ...] = ()
    text: Bilingual
    short: Bilingual
    questions: Questions
    concerns: tuple[StatementId, ...] = ()

    @model_validator(mode="after")
    def _notes_concern_statements(self) -> Statement:
        if (self.kind == "editor_note") != bool(self.concerns):
            raise ValueError("`concerns` names the statements of an editor's note, and only of one")
        if (self.kind == "editor_note") != self.id.startswith("N"):
            raise ValueError("an editor's note, and nothing else, has an id N1 to N14")
        return self

    @property
    def section(self) -> str:
        """The section of the review, e.g. `3.2`."""
        return self.place.split("/")[0]
