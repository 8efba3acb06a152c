"""The works the review cites, and how sure it is what each of them is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from knowledge.models.base import Bilingual, Model, Sentence

ReferenceState = Literal["verified", "memory", "unresolved"]


class Reference(Model):
    """One citation of the review.

    Attributes:
        number: the review's own number, 1-29.
        state: `verified` (bibliographic details were seen), `memory` (probably this work, unverified),
            `unresolved` (the review's reference list is not reproduced).
        named: the authors as the review's text names them, if it does.
        subject: what the review uses the work for, in a few words.
        authors, title, journal, year, volume_pages: given unless `unresolved`.
        doi, pmid: given only when `verified`.
        trial: the acronym by which the study is known; given only when `verified`.
    """

    number: Annotated[int, Field(ge=1, le=29)]
    state: ReferenceState
    named: Sentence | None = None
    subject: Bilingual
    authors: Sentence | None = None
    title: Sentence | None = None
    journal: Sentence | None = None
    year: Sentence | None = None
    volume_pages: Sentence | None = None
    doi: Sentence | None = None
    pmid: Sentence | None = None
    trial: Sentence | None = None

    @model_validator(mode="after")
    def _shows_only_what_is_sure(self) -> Reference:
        details = (self.authors, self.title, self.journal, self.year, self.volume_pages)
        if self.state == "unresolved" and any((*details, self.doi, self.pmid, self.trial)):
            raise ValueError("an unresolved reference carries no bibliographic detail")
        if self.state == "memory" and (self.doi or self.pmid or self.trial):
            raise ValueError("a reference from memory carries no DOI, PMID or name of a trial")
        if self.state != "unresolved" and not (self.authors and self.title):
            raise ValueError("a verified or remembered reference needs authors and title")
        return self

    @property
    def url(self) -> str | None:
        """The link of a verified work, or None."""
        return f"https://doi.org/{self.doi}" if self.doi else None
