"""What every model of the knowledge base shares."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=r"^[^\n]+$")]
"""One line of text that is never empty: a blank line would make Rasa split a message."""

CitationNumber = Annotated[int, "the review's own reference number, 1-29"]


class Model(BaseModel):
    """A value that never changes once it is made; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Model):
    """The same text in Chinese and in English; neither may be missing."""

    zh: Sentence
    en: Sentence

    def __getitem__(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.zh if lang == "zh" else self.en
