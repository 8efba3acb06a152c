"""The knowledge base over HTTP, without a conversation.

The annotations of this module are evaluated where they stand: some are made of what the knowledge base holds.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from pydantic import BeforeValidator, TypeAdapter

from bot.privacy.entrance import take_in
from bot.server.bodies import (
    AskedQuestion,
    AskResult,
    ListedFact,
    ListedReference,
    ListedStatement,
    Names,
    OptionsResult,
)
from bot.server.errors import documented, unknown
from knowledge.engine import evaluate
from knowledge.loading import Knowledge
from knowledge.models.facts import FactDefinition, PatientFacts
from knowledge.models.overview import CaseOverview
from knowledge.models.references import Reference
from knowledge.models.statements import Statement
from knowledge.models.therapies import Therapy
from knowledge.nlu.language import detect
from knowledge.overview import overview
from knowledge.questions import Questions
from knowledge.rendering import answer
from knowledge.rendering.base import bilingual
from knowledge.rendering.options import payloads

CASES = {
    "unresectable": {
        "summary": "Two small unresectable metastases",
        "value": {"resectability": "unresectable", "lesion_count": 2, "largest_lesion_cm": 2.5},
    },
    "after hepatectomy": {
        "summary": "Recurrence after hepatectomy, RAS mutant",
        "value": {"resection_status": "recurred", "lesion_count": 1, "largest_lesion_cm": 1.8, "ras": "mutant"},
    },
    "nothing known": {"summary": "Nothing is known yet", "value": {}},
}
QUESTIONS = {
    "figure": {"summary": "A figure, in Chinese", "value": {"question": "SRFA 的 5 年生存率是多少？"}},
    "comparison": {"summary": "A comparison", "value": {"question": "Compare TACE and HAIP", "lang": "en"}},
    "reference": {"summary": "A reference", "value": {"question": "文献14是什么？", "lang": "en"}},
    "declined": {"summary": "What the review does not say", "value": {"question": "regorafenib dose"}},
}
_RESULT: TypeAdapter[AskResult] = TypeAdapter(AskResult)

Empty = BeforeValidator(lambda value: None if value == "" else value)
"""`?therapy=` is the same as leaving it out."""


def knowledge_routes(kb: Knowledge, questions: Callable[[], Questions]) -> APIRouter:
    """The routes below /api.

    Args:
        kb: the knowledge base.
        questions: gives what answers free questions; called when the first one comes.
    """
    router = APIRouter(prefix="/api", tags=["Knowledge base"])

    @router.post("/options", responses=documented(400, 413, 422), summary="Therapy options for a patient")
    async def options(facts: Annotated[PatientFacts, Body(openapi_examples=CASES)]) -> OptionsResult:
        """Options with their stance, rules, statements and citations, and what is worth finding out next.

        Every fact may be left out or `null`: unknown is never treated as a value.
        """
        result = evaluate(kb, facts)
        return OptionsResult(
            options=payloads(result.options),
            missing=tuple(missing.fact for missing in result.missing),
            knowledge_version=result.knowledge_version,
        )

    @router.post("/case", responses=documented(400, 413, 422), summary="A case at a glance")
    async def case(facts: Annotated[PatientFacts, Body(openapi_examples=CASES)]) -> CaseOverview:
        """Options with the facts that decide each, why other therapies are none, and what open facts would change."""
        return overview(kb, facts)

    @router.post("/ask", responses=documented(400, 413, 422), summary="One free question")
    async def ask(asked: Annotated[AskedQuestion, Body(openapi_examples=QUESTIONS)]) -> AskResult:
        """Answered with statements of the review, or declined. Nothing is remembered between questions."""
        question = take_in(asked.question).text
        lang = asked.lang or detect(question, None)
        reply = answer.show(kb, questions().ask(question, lang), lang)
        if reply.custom is None:
            raise RuntimeError("a finding without a message")
        return _RESULT.validate_python({**reply.custom.model_dump(), "text": reply.text})

    _add_lists(router, kb)
    return router


def _add_lists(router: APIRouter, kb: Knowledge) -> None:
    """The routes to browse the knowledge base."""

    therapies = {"anyOf": [{"enum": [*kb.therapies, ""]}, {"type": "null"}]}
    numbers = {"type": "integer", "minimum": min(kb.references), "maximum": max(kb.references)}
    numbers_or_nothing = {"anyOf": [numbers, {"const": ""}, {"type": "null"}]}
    by_therapy = Query(description="id of a therapy", examples=["haip"], json_schema_extra=therapies)
    by_citation = Query(description="number of a reference", examples=[21], json_schema_extra=numbers_or_nothing)

    @router.get("/statements", responses=documented(422), summary="Statements of the review")
    async def statements(
        therapy: Annotated[str | None, Empty, by_therapy] = None,
        citation: Annotated[int | None, Empty, by_citation] = None,
    ) -> list[ListedStatement]:
        """All of them in the order of the review, editor's notes included; fewer by therapy and reference."""
        if therapy is not None and therapy not in kb.therapies:
            raise unknown(422, "therapy", "there is no such therapy", kb.therapies)
        if citation is not None and citation not in kb.references:
            raise unknown(422, "citation", "the review has no such reference", kb.references)
        return [_listed(kb, statement) for statement in kb.statements_of(therapy, citation)]

    @router.get("/citations", summary="All references")
    async def citations() -> list[ListedReference]:
        """The works the review cites, and how sure it is what each of them is."""
        return [_cited(kb, reference) for reference in kb.references.values()]

    @router.get("/citations/{number}", responses=documented(404, 422), summary="One reference")
    async def citation(
        number: Annotated[int, Path(description="the review's number of the reference", examples=[14])],
    ) -> ListedReference:
        """The work behind a citation such as `[14]`."""
        if number not in kb.references:
            raise unknown(404, "number", "the review has no such reference", kb.references)
        return _cited(kb, kb.references[number])

    @router.get("/facts", summary="All patient facts")
    async def facts() -> list[ListedFact]:
        """What is asked of a patient: names, questions, reasons, and the values each fact can have."""
        return [_defined(fact) for fact in kb.facts.values()]

    @router.get("/names", summary="Designs and sections")
    async def names() -> Names:
        """What the designs of studies and the sections of the review are called."""
        statements = kb.statements.values()
        return Names(
            designs={s.design: bilingual(f"answer.{s.design}") for s in statements if s.design != "not_stated"},
            sections={s.section: bilingual(f"answer.section_{s.section}") for s in statements},
        )

    @router.get("/therapies", summary="All therapies")
    async def all_therapies() -> list[Therapy]:
        """The therapies the review speaks of, with the names people call them."""
        return list(kb.therapies.values())


def _listed(kb: Knowledge, statement: Statement) -> ListedStatement:
    notes = tuple(note.id for note in kb.notes_for([statement.id]))
    return ListedStatement.model_construct(**dict(statement), notes=notes)


def _defined(fact: FactDefinition) -> ListedFact:
    if fact.choices:
        return ListedFact.model_construct(**dict(fact), kind="choice")
    schema = PatientFacts.model_json_schema()["properties"][fact.id]["anyOf"][0]
    limits = (schema.get("minimum", schema.get("exclusiveMinimum")), schema["maximum"])
    return ListedFact.model_construct(**dict(fact), kind=schema["type"], limits=limits)


def _cited(kb: Knowledge, reference: Reference) -> ListedReference:
    statements = tuple(statement.id for statement in kb.statements_of(citation=reference.number))
    return ListedReference.model_construct(**dict(reference), link=reference.url, statements=statements)
