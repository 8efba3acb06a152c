"""The HTTP interface of a running server, and its description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from knowledge.engine import evaluate
from knowledge.loading import load_knowledge
from knowledge.models.facts import FACT_IDS, PatientFacts, literal_values

KB = load_knowledge()


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def description(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def talk(client: httpx.Client, *messages: str, sender: str | None = None) -> list[dict[str, Any]]:
    """The answer to the last of several messages."""
    name = sender or uuid4().hex
    said: list[dict[str, Any]] = []
    for message in messages:
        answer = client.post("/webhooks/rest/webhook", json={"sender": name, "message": message})
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert said
        assert {part["recipient_id"] for part in said} == {name}
    return said


def kinds(said: list[dict[str, Any]]) -> list[str]:
    return [part["custom"]["kind"] for part in said if "custom" in part]


# --- the conversation


def test_a_case_starts_the_intake_and_ends_in_options(client: httpx.Client) -> None:
    sender = uuid4().hex
    assert kinds(talk(client, "不可切除，肝转移2枚，最大2.5cm", sender=sender)) == ["facts", "question"]
    options = talk(client, "直接看方案", sender=sender)[-1]
    assert options["custom"]["kind"] == "options"
    assert {"resectability": "unresectable", "lesion_count": 2}.items() <= options["custom"]["facts"].items()
    assert "[21]" in options["text"]
    assert all({"title", "payload"} == button.keys() for button in options["buttons"])


def test_every_message_has_text(client: httpx.Client) -> None:
    for message in ("unresectable, 2 mets", "why do you ask", "SRFA 5-year survival?", "summary", "/restart", ""):
        assert all(part["text"] for part in talk(client, message))


def test_conversations_do_not_mix(client: httpx.Client) -> None:
    talk(client, "RAS mutant, unresectable", sender="first-" + "x" * 20)
    assert "mutant" not in str(talk(client, "case so far", sender="second-" + "x" * 20))


def test_two_messages_at_once_are_taken_in_one_after_the_other(server: str) -> None:
    import asyncio

    async def both() -> None:
        async with httpx.AsyncClient(base_url=server, timeout=60) as client:
            bodies = [{"sender": sender, "message": text} for text in ("unresectable", "RAS wild type")]
            await asyncio.gather(*(client.post("/webhooks/rest/webhook", json=body) for body in bodies))

    sender = uuid4().hex
    asyncio.run(both())
    with httpx.Client(base_url=server, timeout=60) as client:
        facts = next(p["custom"]["facts"] for p in talk(client, "case so far", sender=sender) if "custom" in p)
    assert facts == {"resectability": "unresectable", "ras": "wild_type"}


# --- the knowledge base


def test_options_are_those_of_the_engine(client: httpx.Client) -> None:
    facts = {"resectability": "unresectable", "lesion_count": 2, "largest_lesion_cm": 2.5, "ras": None}
    answer = client.post("/api/options", json=facts).json()
    expected = evaluate(KB, PatientFacts.model_validate(facts))
    assert answer.keys() == {"options", "missing", "knowledge_version"}
    assert [(o["id"], o["stance"], o["citations"]) for o in answer["options"]] == [
        (o.id, o.stance, list(o.citations)) for o in expected.options
    ]
    assert answer["missing"] == [missing.fact for missing in expected.missing]
    assert answer["knowledge_version"] == KB.version


def test_the_same_question_gets_the_same_bytes(client: httpx.Client) -> None:
    body = {"resectability": "unresectable", "ras": "wild_type"}
    assert len({client.post("/api/options", json=body).content for _ in range(3)}) == 1


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("SRFA 的 5 年生存率是多少？", "answer"),
        ("Compare TACE and HAIP", "comparison"),
        ("show reference 14", "reference"),
        ("regorafenib dose", "decline"),
    ],
)
def test_a_question_is_answered_with_text_and_data(client: httpx.Client, question: str, kind: str) -> None:
    answer = client.post("/api/ask", json={"question": question}).json()
    assert answer["kind"] == kind
    assert answer["text"]
    assert answer["knowledge_version"] == KB.version
    assert answer["lang"] == ("zh" if "生" in question else "en")


def test_the_language_of_an_answer_can_be_asked_for(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json={"question": "SRFA 5-year survival", "lang": "zh"}).json()
    assert answer["lang"] == "zh"
    assert "生存率" in answer["text"]


def test_statements_can_be_browsed(client: httpx.Client) -> None:
    everything = client.get("/api/statements").json()
    assert [statement["id"] for statement in everything] == list(KB.statements)
    assert client.get("/api/statements?therapy=&citation=").json() == everything
    some = client.get("/api/statements", params={"therapy": "haip", "citation": 13}).json()
    assert some
    assert all("haip" in s["therapies"] and 13 in s["citations"] for s in some)
    noted = next(s for s in everything if s["id"] == "srfa-overall-survival")
    assert noted["notes"] == ["N4"]


def test_references_can_be_browsed(client: httpx.Client) -> None:
    references = client.get("/api/citations").json()
    assert [reference["number"] for reference in references] == list(range(1, 30))
    one = client.get("/api/citations/22").json()
    assert one == references[21]
    assert "srfa-overall-survival" in one["statements"]
    for reference in references:
        if reference["state"] == "unresolved":
            assert not any(reference[detail] for detail in ("authors", "title", "journal", "year", "doi", "link"))


def test_therapies_can_be_browsed(client: httpx.Client) -> None:
    assert [therapy["id"] for therapy in client.get("/api/therapies").json()] == list(KB.therapies)


def test_health(client: httpx.Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["knowledge_version"] == KB.version


# --- errors


def problems(answer: httpx.Response) -> dict[str, list[str]]:
    return {problem["field"]: problem["allowed"] for problem in answer.json()["error"]["problems"]}


@pytest.mark.parametrize("fact", FACT_IDS)
def test_a_wrong_value_is_named_with_what_is_allowed(client: httpx.Client, fact: str) -> None:
    for value in ("nonsense", [], {}, 1e9 if not literal_values(fact) else 7):
        answer = client.post("/api/options", json={fact: value})
        assert answer.status_code == 422, (fact, value)
        assert problems(answer).keys() == {fact}
        allowed = problems(answer)[fact]
        assert allowed[-1] == "null"
        assert set(literal_values(fact)) <= set(allowed)


def test_an_unknown_fact_is_named_with_those_there_are(client: httpx.Client) -> None:
    answer = client.post("/api/options", json={"kras": "mutant"})
    assert answer.status_code == 422
    assert problems(answer) == {"kras": list(FACT_IDS)}


def test_unknown_therapies_and_references_are_named_with_those_there_are(client: httpx.Client) -> None:
    numbers = [str(number) for number in range(1, 30)]
    for address, status, expected in (
        ("/api/statements?therapy=surgery", 422, {"therapy": list(KB.therapies)}),
        ("/api/statements?citation=30", 422, {"citation": numbers}),
        ("/api/citations/0", 404, {"number": numbers}),
        ("/api/citations/99999999999999999999", 404, {"number": numbers}),
    ):
        answer = client.get(address)
        assert (answer.status_code, problems(answer)) == (status, expected)
    assert client.get("/api/citations/x").status_code == 422


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
        ("GET", "/widget/../../config.yml", 404, "not_found"),
        ("GET", "/widget/%2e%2e/%2e%2e/config.yml", 404, "not_found"),
        ("GET", "/webhooks/telegram/webhook", 404, "not_found"),
        ("DELETE", "/health", 405, "method_not_allowed"),
        ("GET", "/api/options", 405, "method_not_allowed"),
        ("GET", "/conversations/someone/tracker", 404, "not_found"),
    ],
)
def test_errors_have_one_shape(client: httpx.Client, method: str, address: str, status: int, code: str) -> None:
    answer = client.request(method, address)
    assert answer.status_code == status
    assert answer.json()["error"].keys() == {"code", "message", "problems"}
    assert answer.json()["error"]["code"] == code


# --- the description


def test_every_example_of_the_description_works(client: httpx.Client, description: dict[str, Any]) -> None:
    tried = 0
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], path
            assert operation["description"], path
            for address, query, body in calls(path, operation):
                answer = client.request(method.upper(), address, params=query, json=body)
                assert answer.status_code == 200, (address, answer.text)
                promised = operation["responses"]["200"]["content"]
                assert answer.headers["content-type"] in promised, address
                assert answer.content.strip() not in (b"", b"[]", b"{}"), address
                tried += 1
    assert tried > 12


def calls(path: str, operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """What the description invites to send: each body, and each parameter by itself."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    for example in content["examples"].values() if content else ():
        yield path, {}, example["value"]
    if content:
        return
    examples = {(p["in"], p["name"]): p["schema"]["examples"][0] for p in operation.get("parameters", ())}
    for (where, name), example in examples.items():
        if where == "path":
            path = path.replace(f"{{{name}}}", str(example))
    yield path, {}, None
    for (where, name), example in examples.items():
        if where == "query":
            yield path, {name: example}, None


def test_the_description_names_the_errors(description: dict[str, Any]) -> None:
    for path, methods in description["paths"].items():
        for operation in methods.values():
            if "requestBody" in operation:
                assert {"400", "413", "422"} <= operation["responses"].keys(), path
            for status, answer in operation["responses"].items():
                if status not in ("200", "304"):
                    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorResponse")


def test_pages_load_nothing_from_elsewhere(client: httpx.Client) -> None:
    for address in ("/", "/docs"):
        page = client.get(address)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert not re.search(r"(src|href)=\"(https?:)?//", page.text)
        assert "<script>" not in page.text
        assert "style=" not in page.text
        for local in re.findall(r"(?:src|href)=\"(/[^\"]+)\"", page.text):
            assert client.get(local).status_code == 200, local
