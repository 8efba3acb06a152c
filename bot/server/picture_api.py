"""Pictures of the knowledge base over HTTP: the list, and each as SVG and as PNG.

The annotations of this module are evaluated where they stand: some are made of what the knowledge base holds.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from fastapi.responses import Response

from bot.server.bodies import ListedPicture
from bot.server.errors import documented, unknown
from bot.server.knowledge_api import CASES, Empty
from knowledge import pictures
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.facts import PatientFacts
from knowledge.pictures.png import Png, to_png
from knowledge.pictures.svg import to_svg

SVG, PNG = "image/svg+xml", "image/png"
TAGS = {"zh": "zh-CN", "en": "en"}

Name = Annotated[
    str, Path(description="name of a picture", examples=["srfa-survival"], json_schema_extra={"enum": pictures.NAMES})
]
Language = Annotated[
    Lang | None, Empty, Query(description="language of the words; by default Chinese", examples=["en"])
]
Facts = Annotated[PatientFacts, Body(openapi_examples=CASES)]


def picture_routes(kb: Knowledge) -> APIRouter:
    """The routes below /api/pictures."""
    router = APIRouter(prefix="/api/pictures", tags=["Pictures"])

    @lru_cache(maxsize=2 * len(pictures.NAMES))
    def png(name: str, lang: Lang) -> Png:
        return to_png(lambda language: pictures.draw(kb, name, language), lang)

    _add_list(router, kb)

    # Before the pictures by name, whose addresses would match too: for what neither takes, the first one answers.
    @router.post(
        "/pathway.svg", response_class=Response, responses=_content(SVG, 400, 413, 422),
        summary="A patient's place in the pathway as SVG",
    )  # fmt: skip
    async def pathway_as_svg(facts: Facts, lang: Language = None) -> Response:
        """The treatment pathway with the rules that hold for the patient, those that are open, and those that fail."""
        picture = pictures.draw(kb, pictures.PATHWAY, lang or "zh", facts)
        return Response(to_svg(picture), headers=_private(picture.lang), media_type=SVG)

    @router.post(
        "/pathway.png", response_class=Response, responses=_content(PNG, 400, 413, 422),
        summary="A patient's place in the pathway as PNG",
    )  # fmt: skip
    def pathway_as_png(facts: Facts, lang: Language = None) -> Response:
        """The same as a PNG file."""
        drawn = to_png(lambda language: pictures.draw(kb, pictures.PATHWAY, language, facts), lang or "zh")
        return Response(drawn.content, headers=_private(drawn.lang), media_type=PNG)

    @router.get(
        "/{name}.svg", response_class=Response, responses=_content(SVG, 304, 404, 422), summary="A picture as SVG"
    )
    async def picture_as_svg(request: Request, name: Name, lang: Language = None) -> Response:
        """Text stays text; inside a page its colours are the page's (`--text`, `--surface`, `--accent` …)."""
        picture = pictures.draw(kb, _known(name), lang or "zh")
        return _cached(kb, request, to_svg(picture).encode(), SVG, picture.lang)

    # Not asynchronous: drawing takes a moment, and other requests go on meanwhile.
    @router.get(
        "/{name}.png", response_class=Response, responses=_content(PNG, 304, 404, 422), summary="A picture as PNG"
    )
    def picture_as_png(request: Request, name: Name, lang: Language = None) -> Response:
        """For messages and documents. Without a Chinese font on the server the labels are in English."""
        drawn = png(_known(name), lang or "zh")
        return _cached(kb, request, drawn.content, PNG, drawn.lang)

    return router


def _add_list(router: APIRouter, kb: Knowledge) -> None:
    by_therapy = Query(
        description="id of a therapy",
        examples=["y90_sirt"],
        json_schema_extra={"anyOf": [{"enum": [*kb.therapies, ""]}, {"type": "null"}]},
    )

    @router.get("", responses=documented(422), summary="The pictures there are")
    async def listed(
        lang: Language = None, therapy: Annotated[str | None, Empty, by_therapy] = None
    ) -> list[ListedPicture]:
        """Each with its title, what it shows in words, its citations and editor's notes, and the figures as a table."""
        if therapy is not None and therapy not in kb.therapies:
            raise unknown(422, "therapy", "there is no such therapy", kb.therapies)
        return [ListedPicture.of(picture) for picture in pictures.listed(kb, lang or "zh", therapy)]


def _known(name: str) -> str:
    if name not in pictures.NAMES:
        raise unknown(404, "name", "there is no such picture", pictures.NAMES)
    return name


def _cached(kb: Knowledge, request: Request, content: bytes, media_type: str, lang: Lang) -> Response:
    """May be kept, and is sent again only when the knowledge or the drawing has changed."""
    tag = f'"{kb.version}-{sha256(content).hexdigest()[:12]}"'
    headers = {"ETag": tag, "Cache-Control": "public, no-cache", "Content-Language": TAGS[lang]}
    known = request.headers.get("If-None-Match", "")
    if tag in (part.strip().removeprefix("W/") for part in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def _private(lang: Lang) -> dict[str, str]:
    """A picture of a patient stays with whoever asked for it."""
    return {"Cache-Control": "no-store", "Content-Language": TAGS[lang]}


def _content(media_type: str, *errors: int) -> dict[int | str, dict[str, Any]]:
    """A picture, or one of the errors, for the description of the interface."""
    found: dict[int | str, dict[str, Any]] = {200: {"content": {media_type: {}}}}
    if 304 in errors:
        found[304] = {"description": "The picture is the one that is known already."}
    return found | documented(*(status for status in errors if status != 304))
