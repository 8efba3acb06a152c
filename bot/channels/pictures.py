"""Pictures beside what is said: which one, when it is shown, and how it is drawn.

A picture of a study follows its answer by itself, once in a while; the pathway, which is large, is offered as a quick
reply. The quick reply stands for ordinary words, which can be typed as well.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.channels.calling import compact
from bot.channels.model import Image, Json
from bot.channels.words import words
from knowledge import pictures
from knowledge.loading import load_knowledge
from knowledge.models.base import Lang
from knowledge.models.facts import PatientFacts
from knowledge.pictures.figures import word
from knowledge.pictures.model import Picture
from knowledge.pictures.png import to_png
from knowledge.rendering.base import cite

AGAIN = 12 * 3600.0
"""Seconds after which a picture is shown by itself once more; within them it is only offered."""

_ASKED = frozenset(
    {"看图", "图", "图片", "看图片", "显示图片", "路径图", "治疗路径图", "看路径图", "显示路径图"}
    | {"picture", "the picture", "show picture", "show the picture", "show me the picture"}
    | {"pathway", "the pathway", "show pathway", "show the pathway", "show me the pathway"}
)
"""Words that ask for the picture of the last answer, and say nothing else."""

_SAME_CASE = frozenset({"answer", "comparison", "reference", "decline"})
"""Kinds of messages after which the case is what it was."""

Said = Sequence[Mapping[str, Any]]


def asks_for_picture(text: str) -> bool:
    """Whether a message wants to see the picture of the last answer."""
    return text.lower().strip(" \n.。!！?？请").removeprefix("please ") in _ASKED


def named_in(said: Said) -> Json | None:
    """The picture that an answer names last: `name`, `lang`, and for the pathway the `facts` of the patient."""
    for part in reversed(said):
        custom = part.get("custom") or {}
        if custom.get("picture"):
            facts = {"facts": custom["facts"]} if custom["picture"] == pictures.PATHWAY else {}
            return {"name": custom["picture"], "lang": custom["lang"], **facts}
    return None


def illustrated(said: Said, kept: Mapping[str, Any]) -> tuple[Said, Json | None, Json]:
    """An answer with its picture.

    Args:
        said: the messages of the answer.
        kept: what is known of the pictures of this conversation.

    Returns:
        The messages, one of them with a quick reply more if the picture is offered; the picture if it is shown with
        them; and what is to be known of pictures from now on.
    """
    picture = named_in(said)
    seen: dict[str, float] = {name: at for name, at in (kept.get("seen") or {}).items() if at > time.time() - AGAIN}
    if picture is None:
        same = all((part.get("custom") or {}).get("kind") in _SAME_CASE for part in said)
        return said, None, {"seen": seen, "picture": kept.get("picture") if same else None}
    key = f"{picture['name']} {picture['lang']}"
    if picture["name"] == pictures.PATHWAY or key in seen:
        return _offering(said, picture), None, {"seen": seen, "picture": picture}
    return said, picture, {"seen": {**seen, key: time.time()}, "picture": picture}


def _offering(said: Said, picture: Json) -> Said:
    """The messages with a quick reply for the picture below the one that names it."""
    title = words("see_pathway" if picture["name"] == pictures.PATHWAY else "see_picture", picture["lang"])
    last = max(number for number, part in enumerate(said) if (part.get("custom") or {}).get("picture"))
    offered = [*(said[last].get("buttons") or ()), {"title": title, "payload": title}]
    return [*said[:last], {**said[last], "buttons": offered}, *said[last + 1 :]]


def in_words(picture: Json) -> str:
    """What a picture says, its figures and editor's notes included, for those who cannot be shown it."""
    lang: Lang = picture["lang"]
    drawn = _picture(picture["name"], lang, compact(picture.get("facts")))
    notes = (word("note", lang, id=note.id, text=note.text) for note in drawn.notes)
    return "\n".join([f"{drawn.alt}{cite(drawn.citations)}", *notes])


async def drawn(picture: Json) -> Image:
    """A picture as a file. Drawing takes some tenths of a second, the first time some seconds, in a thread."""
    return await asyncio.to_thread(_image, picture["name"], picture["lang"], compact(picture.get("facts")))


@lru_cache(maxsize=32)
def _image(name: str, lang: Lang, facts: str) -> Image:
    picture = _picture(name, lang, facts)
    png = to_png(lambda language: _picture(name, language, facts), lang)
    width, height = _size(png.content)
    return Image(f"{name}.png", picture.title, png.alt, png.content, width, height, lang)


def _picture(name: str, lang: Lang, facts: str) -> Picture:
    known = json.loads(facts)
    return pictures.draw(load_knowledge(), name, lang, None if known is None else PatientFacts.model_validate(known))


def _size(png: bytes) -> tuple[int, int]:
    """Width and height stand in a fixed place of a PNG file."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
