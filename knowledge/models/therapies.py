"""The therapies the review speaks of, and the names people call them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from knowledge.models.base import Bilingual, Model, Sentence

TherapyGroup = Literal["surgery", "systemic", "arterial", "radiotherapy", "ablation"]


class Aliases(Model):
    """Other names of a thing, as people type them; matched longest first, regardless of case."""

    zh: tuple[Sentence, ...] = ()
    en: tuple[Sentence, ...] = ()


class Therapy(Model):
    """One therapy option.

    Attributes:
        id: the contract's id.
        group: what sort of treatment it is; `local` says whether it treats liver lesions in place of resection.
        name: full name; `short` is what fits on a button.
        aliases: further names.
        parent: the therapy this one is a form of, if any (stereotactic RFA is a thermal ablation).
    """

    id: str
    group: TherapyGroup
    local: bool = False
    name: Bilingual
    short: Bilingual
    aliases: Aliases = Field(default_factory=Aliases)
    parent: str | None = None
